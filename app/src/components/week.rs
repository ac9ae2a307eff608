//! Opening hours in full: today, the week as a table with bars, the days on which something else holds.

use super::each;
use crate::guide::use_site;
use crate::locale::{Locale, use_locale};
use leptos::prelude::*;
use shared::edition::{ExceptionEntry, Hours, PlaceEntry};
use shared::hours::{Schedule, Span};
use shared::ids::{Day, Weekday};

/// How many days ahead differing days are told.
const DAYS_AHEAD: i32 = 42;
/// More of them than this would hide what matters.
const DIFFERENT_SHOWN: usize = 8;

/// The hours of a place.
pub fn week(place: &PlaceEntry) -> AnyView {
    let today = use_site().now.get_untracked().day;
    let locale = use_locale();
    let hours = match &place.hours {
        Some(Hours::Expanded(schedule)) if schedule.day(today).is_some() => {
            view! { {table(&locale, schedule, today)} {different(&locale, schedule, place, today)} }.into_any()
        }
        // An old copy, or a phone's wrong clock: what the tables do not speak of is not closed.
        Some(Hours::Expanded(schedule)) => as_written(&locale, &schedule.written),
        Some(Hours::Written { written }) => as_written(&locale, written),
        None => as_written(&locale, ""),
    };
    view! { {hours} {announced(&locale, &place.exceptions, today)} }.into_any()
}

/// What the collective wrote, if it wrote anything.
fn as_written(locale: &Locale, written: &str) -> AnyView {
    if written.is_empty() {
        return view! { <p>{locale.text("hours.unknown_help")}</p> }.into_any();
    }
    let label = locale.text("hours.as_written");
    view! {
        <figure class="written">
            <figcaption>{label}</figcaption>
            <p dir="auto">{written.to_owned()}</p>
        </figure>
    }
    .into_any()
}

fn table(locale: &Locale, schedule: &Schedule, today: Day) -> AnyView {
    let week = schedule.week_of(today);
    let rows = Weekday::ALL.into_iter().map(|weekday| {
        let is_today = weekday == today.weekday();
        // Today's row tells what holds today, be it a holiday.
        let spans = if is_today { schedule.day(today).unwrap_or_default() } else { &week[weekday as usize] };
        row(locale, weekday, is_today, spans, &week[(weekday as usize + 6) % 7])
    });
    let rows = each(rows);
    view! {
        <table class="week">
            <caption class="unseen">{locale.text("hours.week")}</caption>
            <thead class="unseen">
                <tr>
                    <th scope="col">{locale.text("hours.day")}</th>
                    <th scope="col">{locale.text("hours.hours")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(locale: &Locale, weekday: Weekday, is_today: bool, spans: &[Span], before: &[Span]) -> AnyView {
    let current = is_today.then_some("date");
    let today = is_today.then(|| view! { <span class="today">{locale.text("hours.today")}</span> });
    view! {
        <tr aria-current=current>
            <th scope="row">{locale.weekday(weekday)} {today}</th>
            <td>{spans_in_words(locale, spans)} {bar(spans, before)}</td>
        </tr>
    }
    .into_any()
}

/// "9:00 – 12:00, 14:00 – 17:00", or that it is closed.
pub fn spans_in_words(locale: &Locale, spans: &[Span]) -> AnyView {
    if spans.is_empty() {
        return view! { <span class="none">{locale.text("hours.closed")}</span> }.into_any();
    }
    let spans = spans.iter().map(|span| view! { <span class="span">{span_in_words(locale, span)}</span> });
    each(spans).into_any()
}

fn span_in_words(locale: &Locale, span: &Span) -> String {
    let whole = span.from == 0 && span.to >= 24 * 60;
    let times = [("from", locale.time(span.from)), ("to", locale.time(span.to))];
    let times = times.each_ref().map(|(name, time)| (*name, time.as_str()));
    let text = if whole { locale.text("hours.all_day") } else { locale.with("hours.range", &times) };
    let comment = span.comment.clone().or_else(|| span.uncertain.then(|| locale.text("hours.ask_first")));
    comment.map(|comment| format!("{text} ({})", locale.isolated(&comment))).unwrap_or(text)
}

/// The day from midnight to midnight, with what is still open of the day `before`; for the eye alone.
pub fn bar(spans: &[Span], before: &[Span]) -> AnyView {
    const DAY: u16 = 24 * 60;
    let open = |span: &Span| (span.uncertain, span.from, span.to.min(DAY));
    let late = before.iter().filter(|span| span.to > DAY).map(|span| (span.uncertain, 0, span.to - DAY));
    let spans = late.chain(spans.iter().map(open)).map(|(uncertain, from, to)| {
        let class = if uncertain { "unsure" } else { "sure" };
        let width = to.saturating_sub(from);
        view! { <rect class=class x=from.to_string() y="0" width=width.to_string() height="8"></rect> }
    });
    let spans = each(spans);
    view! { <svg class="bar" viewBox="0 0 1440 8" preserveAspectRatio="none" aria-hidden="true">{spans}</svg> }.into_any()
}

/// Days soon that differ from the week and are not told by an announcement.
fn different(locale: &Locale, schedule: &Schedule, place: &PlaceEntry, today: Day) -> Option<AnyView> {
    let told = |day: &Day| {
        let holds = |exception: &ExceptionEntry| exception.from <= *day && *day <= exception.to;
        // One that says nothing of hours leaves the day to be told.
        place.exceptions.iter().any(|exception| holds(exception) && matches!(exception.kind.as_str(), "closed" | "hours"))
    };
    let days = schedule.dated.iter().filter(|(day, _)| (today..today.plus(DAYS_AHEAD)).contains(day) && !told(day));
    let days: Vec<AnyView> = days
        .take(DIFFERENT_SHOWN)
        .map(|(day, spans)| {
            let name =
                locale.with("date.with_weekday", &[("weekday", &locale.weekday(day.weekday())), ("day", &locale.day(*day))]);
            view! { <li><strong>{name}</strong> {spans_in_words(locale, spans)}</li> }.into_any()
        })
        .chain(next_season(locale, schedule, today))
        .collect();
    (!days.is_empty()).then(|| view! { <h3>{locale.text("hours.different")}</h3> <ul class="different">{days}</ul> }.into_any())
}

fn next_season(locale: &Locale, schedule: &Schedule, today: Day) -> Option<AnyView> {
    let season = schedule.seasons.iter().find(|season| season.from > today && season.from <= today.plus(DAYS_AHEAD))?;
    let (from, to) = (locale.day(season.from), locale.day(season.to));
    Some(view! { <li>{locale.with("hours.season", &[("from", &from), ("to", &to)])}</li> }.into_any())
}

/// What the place itself announced, in its words.
fn announced(locale: &Locale, exceptions: &[ExceptionEntry], today: Day) -> Option<AnyView> {
    let current = exceptions.iter().filter(|exception| exception.to >= today);
    let items: Vec<AnyView> = current.map(|exception| announcement(locale, exception, today)).collect();
    (!items.is_empty()).then(|| view! { <ul class="announced">{items}</ul> }.into_any())
}

fn announcement(locale: &Locale, exception: &ExceptionEntry, today: Day) -> AnyView {
    let (from, to) = (locale.day_seen_from(exception.from, today), locale.day_seen_from(exception.to, today));
    let days = if from == to { from } else { locale.with("date.range", &[("from", &from), ("to", &to)]) };
    let line = match exception.kind.as_str() {
        "closed" => locale.with("exception.closed", &[("days", &days)]),
        "hours" => locale.with("exception.hours", &[("days", &days)]),
        _ => days,
    };
    let written = exception.hours.clone().map(|hours| view! { <p dir="auto">{hours}</p> });
    let text = exception.text.as_ref().map(super::passage);
    view! { <li>{super::icon("calendar")} <div><p>{line}</p> {written} {text}</div></li> }.into_any()
}
