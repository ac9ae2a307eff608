//! Opening hours: a weekly grid where the value is one, else the written value; below it always how
//! it will be read. What a grid cannot show is never rewritten.

use super::Frame;
use super::week::Week;
use crate::desk::form::Form;
use crate::desk::hours::Grid;
use crate::desk::parts::{button, icon};
use leptos::prelude::*;
use shared::hours::{Schedule, Span};
use shared::ids::Weekday;
use shared::json;
use shared::link::{Answer, Ask, HoursReading};
use shared::schema::Path;

/// As many dated days are shown as say what kind of days they are.
const DATED_SHOWN: usize = 4;

#[component]
pub fn Hours(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    let written = Memo::new(move |_| form.shown(&frame.path()));
    let shows = |written: &str| written.trim().is_empty() || Grid::parse(written).is_some();
    let by_hand = RwSignal::new(!written.with_untracked(|written| shows(written)));
    let can_grid = Memo::new(move |_| written.with(|written| shows(written)));
    let locale = form.words();
    let (hand_words, grid_words, only_words) =
        (locale.text("desk.hours.by_hand"), locale.text("desk.hours.as_week"), locale.text("desk.hours.not_a_week"));
    // A value that a grid cannot show stays in its own words.
    Effect::new(move || {
        if !can_grid.get() {
            by_hand.set(true);
        }
    });
    let raw_mode = Memo::new(move |_| by_hand.get());
    let editor = move || {
        if raw_mode.get() {
            let (only_words, grid_words) = (only_words.clone(), grid_words.clone());
            let below = move || match can_grid.get() {
                true => button("link", "calendar", grid_words.clone(), move || by_hand.set(false)),
                false => view! { <p class={"help"}>{only_words.clone()}</p> }.into_any(),
            };
            view! { {raw(frame)} {below} }.into_any()
        } else {
            let hand = button("link", "edit", hand_words.clone(), move || by_hand.set(true));
            view! { <Week frame written/> {hand} }.into_any()
        }
    };
    frame.around_many("hours", view! { {editor} {reading(frame, written)} }.into_any())
}

fn raw(frame: Frame) -> AnyView {
    let form = frame.form;
    let id = format!("{}-raw", frame.id());
    let value = Memo::new(move |_| form.shown(&frame.path()));
    let typed = move |event| form.type_text(&frame.path(), &event_target_value(&event));
    view! {
        <label for={id.clone()}>{form.words().text("desk.hours.written")}</label>
        <textarea id={id} class="code" dir="ltr" rows="3" spellcheck="false" autocapitalize="none" readonly={form.read_only()}
            placeholder="Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-12:00; PH off"
            prop:value=move || value.get() on:input=typed aria-describedby={frame.described_by()}></textarea>
    }
    .into_any()
}

/// How the written value will be read, asked of the replica whenever it changes.
fn reading(frame: Frame, written: Memo<String>) -> AnyView {
    let form = frame.form;
    let found: RwSignal<Option<(String, HoursReading)>> = RwSignal::new(None);
    Effect::new(move || {
        let (text, country) = (written.get(), form.country.get());
        if text.trim().is_empty() {
            return found.set(None);
        }
        form.tasks.run(async move {
            let ask = Ask::ExplainHours { written: text.clone(), country, today: form.today() };
            let answer = form.desk.ask(ask).await;
            // An answer about what has been changed since says nothing.
            if written.with_untracked(|now| *now == text) {
                let reading = match answer {
                    Ok(Answer::Hours(raw)) => json::from_str(&raw.0).ok(),
                    _ => None,
                };
                found.set(reading.map(|reading| (text, reading)));
            }
        });
    });
    (move || found.get().map(|(text, reading)| explained(form, &text, &reading))).into_any()
}

fn explained(form: Form, text: &str, reading: &HoursReading) -> AnyView {
    let locale = form.words();
    match reading {
        HoursReading::NotRead { at } => {
            let split = at.map(|at| text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte));
            let (before, after) = text.split_at(split.unwrap_or(0));
            view! {
                <div class="reading not-read" role="status">
                    <p class="error">{icon("warning")} {locale.text("desk.hours.not_read")}</p>
                    <p class="code" dir="ltr">{before.to_owned()} <mark>{after.to_owned()}</mark></p>
                </div>
            }
            .into_any()
        }
        HoursReading::Read { schedule } => table(form, schedule),
    }
}

fn table(form: Form, schedule: &Schedule) -> AnyView {
    let locale = form.words();
    let spans = |spans: &[Span]| match spans {
        [] => locale.text("desk.hours.closed"),
        spans => locale.list(&spans.iter().map(|span| self::span(form, span)).collect::<Vec<_>>()),
    };
    let row = |(day, today): (usize, &Vec<Span>)| {
        view! { <tr><th scope="row">{locale.weekday(Weekday::ALL[day])}</th><td>{spans(today)}</td></tr> }
    };
    let dated = |(day, spans_then): (&shared::ids::Day, &Vec<Span>)| {
        view! { <tr><th scope="row">{locale.day_seen_from(*day, form.today())}</th><td>{spans(spans_then)}</td></tr> }
    };
    let more = schedule.dated.len().saturating_sub(DATED_SHOWN);
    view! {
        <div class="reading">
            <table>
                <caption>{locale.text("desk.hours.reads")}</caption>
                <tbody>
                    {schedule.week.iter().enumerate().map(row).collect_view()}
                    {schedule.dated.iter().take(DATED_SHOWN).map(dated).collect_view()}
                </tbody>
            </table>
            {(more > 0).then(|| view! { <p class={"quiet"}>{locale.count("desk.hours.more_days", more, &[])}</p> })}
        </div>
    }
    .into_any()
}

fn span(form: Form, span: &Span) -> String {
    let locale = form.words();
    let times = format!("{}–{}", locale.time(span.from), locale.time(span.to));
    let perhaps = span.uncertain.then(|| span.comment.clone().unwrap_or_else(|| locale.text("desk.hours.perhaps")));
    match perhaps.or_else(|| span.comment.clone()) {
        Some(words) => format!("{times} ({})", locale.isolated(&words)),
        None => times,
    }
}
