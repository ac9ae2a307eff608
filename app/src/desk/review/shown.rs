//! How a difference looks: each field by its name, what goes struck through, what comes underlined,
//! and both said in words for who hears the page. Opening hours are two pictures of the week.

use super::difference::{Fate, Group, Line, between, language};
use crate::components::{bar, spans_in_words};
use crate::desk::differ::{Piece, pieces};
use crate::desk::form::Tasks;
use crate::desk::ground::Desk;
use crate::desk::parts;
use crate::desk::settings::Settings;
use crate::desk::words;
use crate::guide::use_site;
use crate::languages;
use crate::locale::Locale;
use leptos::prelude::*;
use serde_json::Value;
use shared::hours::Schedule;
use shared::ids::Weekday;
use shared::json;
use shared::link::{Answer, Ask, HoursReading};
use shared::schema::{Kind, Path, Shape};

/// Everything that differs between two states of a record.
#[component]
pub fn Difference(desk: Desk, settings: Settings, kind: Kind, before: Value, after: Value) -> impl IntoView {
    let groups = between(kind, &before, &after);
    if groups.is_empty() {
        return parts::note("check", &parts::text("desk.review.same"));
    }
    let whole = [before, after];
    let show = |group| view! { <OneGroup desk settings kind group whole={whole.clone()}/> };
    view! { <div class="differences">{groups.into_iter().map(show).collect_view()}</div> }.into_any()
}

#[component]
fn OneGroup(desk: Desk, settings: Settings, kind: Kind, group: Group, whole: [Value; 2]) -> impl IntoView {
    let locale = parts::locale();
    let fate = group.entry.as_ref().map(|(_, fate)| *fate);
    let heading = group.entry.as_ref().map(|(entry, fate)| {
        let name =
            words::label(&locale, kind, &entry.split_last().map(|(collection, _)| collection).unwrap_or_else(|| entry.clone()));
        let called = called(entry, &whole[usize::from(*fate != Fate::Gone)]);
        let what = match fate {
            Fate::Changed => None,
            Fate::New => Some(view! { <span class={"mark"}>{locale.text("desk.review.new")}</span> }),
            Fate::Gone => Some(view! { <span class={"mark"}>{locale.text("desk.review.gone")}</span> }),
        };
        view! { <h2>{name} {(!called.is_empty()).then(|| view! { ": " <bdi>{called}</bdi> })} " " {what}</h2> }
    });
    let lines = group.lines.into_iter().map(|line| {
        let moved = kind == Kind::Page && line.path.as_str().ends_with(".position");
        match moved {
            true if fate == Some(Fate::Changed) => Some(view! { <p>{locale.text("desk.review.moved")}</p> }.into_any()),
            true => None,
            false => Some(view! { <OneLine desk settings kind line/> }.into_any()),
        }
    });
    view! { <section class="difference">{heading} {lines.collect_view()}</section> }
}

/// What an entry is called: its first words or its number.
fn called(entry: &Path, tree: &Value) -> String {
    fn first(value: &Value) -> Option<String> {
        match value {
            Value::String(text) if !text.is_empty() => Some(text.chars().take(60).collect()),
            Value::Object(map) => {
                ["name", "number", "text", "from"].iter().filter_map(|key| map.get(*key)).find_map(|value| match value {
                    Value::Object(languages) => languages.values().find_map(|words| first(&words["text"])),
                    value => first(value),
                })
            }
            _ => None,
        }
    }
    entry.find(tree).and_then(first).unwrap_or_default()
}

#[component]
fn OneLine(desk: Desk, settings: Settings, kind: Kind, line: Line) -> impl IntoView {
    let locale = parts::locale();
    let name = words::label(&locale, kind, &line.path);
    let last = line.path.split_last().map(|(_, last)| last).unwrap_or_default();
    let tag = language(kind, &line.path);
    let dir = tag.as_deref().map_or("auto", languages::dir);
    let value = if last == "opening_hours" {
        let written = [&line.before, &line.after].map(|value| value.as_str().unwrap_or_default().to_owned());
        view! { <Hours desk settings written/> }.into_any()
    } else {
        let text = |value: &Value| match value {
            Value::Null => String::new(),
            value => words::value(&locale, kind, &line.path, value),
        };
        let (before, after) = (text(&line.before), text(&line.after));
        let prose = matches!(kind.shape(&line.path), Some(Shape::Prose(_) | Shape::Line(_) | Shape::Block(_)));
        let shown = if prose && !before.is_empty() && !after.is_empty() { pieces(&before, &after) } else { whole(before, after) };
        view! { <p class="words" lang=tag dir={dir}>{in_words(&locale, shown)}</p> }.into_any()
    };
    view! { <div class="line"><p class="field-name">{name}</p> {value}</div> }
}

/// Codes and the like are replaced whole.
fn whole(before: String, after: String) -> Vec<Piece> {
    let space = (!before.is_empty() && !after.is_empty()).then(|| Piece::Same(" ".to_owned()));
    let gone = (!before.is_empty()).then_some(Piece::Gone(before));
    gone.into_iter().chain(space).chain((!after.is_empty()).then_some(Piece::New(after))).collect()
}

fn in_words(locale: &Locale, pieces: Vec<Piece>) -> AnyView {
    let (gone, new) = (locale.text("desk.review.say_gone"), locale.text("desk.review.say_new"));
    let say = |words: &str| view! { <span class="unseen" lang={locale.tag().to_owned()}>{format!(" {words} ")}</span> };
    let piece = |piece: Piece| match piece {
        Piece::Same(text) => text.into_any(),
        Piece::Gone(text) => view! { <del>{say(&gone)}{text}</del> }.into_any(),
        Piece::New(text) => view! { <ins>{say(&new)}{text}</ins> }.into_any(),
    };
    pieces.into_iter().map(piece).collect_view().into_any()
}

/// The week before and after, each as a picture, and what is written.
#[component]
fn Hours(desk: Desk, settings: Settings, written: [String; 2]) -> impl IntoView {
    let read: RwSignal<[Option<Schedule>; 2]> = RwSignal::new([None, None]);
    let tasks = Tasks::here();
    let today = use_site().now.get_untracked().day;
    let asked = written.clone();
    Effect::new(move || {
        let country = settings.country.get();
        let asked = asked.clone();
        tasks.run(async move {
            for (side, written) in asked.into_iter().enumerate() {
                let ask = Ask::ExplainHours { written, country: country.clone(), today };
                let Ok(Answer::Hours(raw)) = desk.ask(ask).await else { continue };
                if let Ok(HoursReading::Read { schedule }) = json::from_str(&raw.0) {
                    read.update(|read| read[side] = Some(*schedule));
                }
            }
        });
    });
    let locale = parts::locale();
    let [before, after] = written;
    let texts = view! { <p class="words code" dir="ltr">{in_words(&locale, pieces(&before, &after))}</p> };
    let weeks = move || {
        read.with(|read| {
            let side =
                |side: usize, key: &str| read[side].as_ref().map(|week| picture(&locale, key, week, read[1 - side].as_ref()));
            view! { <div class="weeks">{side(0, "desk.review.before")} {side(1, "desk.review.after")}</div> }
        })
    };
    view! { {weeks} {texts} }
}

fn picture(locale: &Locale, key: &str, schedule: &Schedule, other: Option<&Schedule>) -> AnyView {
    let changed = locale.text("desk.changed");
    let row = |day: Weekday| {
        let (spans, before) = (&schedule.week[day as usize], &schedule.week[(day as usize + 6) % 7]);
        let differs = other.is_some_and(|other| other.week[day as usize] != *spans);
        view! {
            <tr class:differs=differs>
                <th scope="row">{locale.weekday(day)} {differs.then(|| view! { " " <span class={"mark"}>{changed.clone()}</span> })}</th>
                <td>{spans_in_words(locale, spans)} {bar(spans, before)}</td>
            </tr>
        }
    };
    view! {
        <table class="week picture">
            <caption>{locale.text(key)}</caption>
            <tbody>{Weekday::ALL.map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
