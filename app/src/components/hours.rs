//! Whether a place is open, in words: the same sentence on cards and on the place's own page.

use crate::guide::use_site;
use crate::locale::{Locale, use_locale};
use leptos::prelude::*;
use shared::edition::{ExceptionEntry, Hours, PlaceEntry};
use shared::hours::State;
use shared::ids::{Day, Moment};

/// How much of written hours a card shows.
const WRITTEN_CHARS_SHOWN: usize = 60;

/// How a place stands at a moment, ordered from what helps most to what helps least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    Open,
    Opens,
    Perhaps,
    Unknown,
    Closed,
}

impl Certainty {
    fn class(self) -> &'static str {
        match self {
            Certainty::Open => "opening open",
            Certainty::Perhaps | Certainty::Unknown => "opening unsure",
            Certainty::Opens | Certainty::Closed => "opening closed",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Certainty::Open => "door",
            Certainty::Perhaps | Certainty::Unknown => "unknown",
            Certainty::Opens | Certainty::Closed => "clock",
        }
    }
}

/// How `place` stands at `now`.
pub fn certainty(place: &PlaceEntry, now: Moment) -> Certainty {
    if place.temporarily_closed || is_announced_closed(place.hours.as_ref(), &place.exceptions, now.day) {
        return Certainty::Closed;
    }
    of_hours(place.hours.as_ref(), now)
}

/// Whether a place says that it is closed on `day`, where there are no tables that know of it. Of several
/// announcements the one that begins last was made with the others in mind.
pub fn is_announced_closed(hours: Option<&Hours>, announced: &[ExceptionEntry], day: Day) -> bool {
    let of_hours = |one: &&ExceptionEntry| matches!(one.kind.as_str(), "closed" | "hours") && one.from <= day && day <= one.to;
    let last = announced.iter().filter(of_hours).max_by_key(|one| one.from);
    !matches!(hours, Some(Hours::Expanded(_))) && last.is_some_and(|one| one.kind == "closed")
}

fn of_hours(hours: Option<&Hours>, now: Moment) -> Certainty {
    let Some(Hours::Expanded(schedule)) = hours else { return Certainty::Unknown };
    match schedule.state(now) {
        State::Open { .. } => Certainty::Open,
        State::Uncertain { .. } => Certainty::Perhaps,
        State::Closed { opens: Some(_) } => Certainty::Opens,
        State::Closed { opens: None } => Certainty::Closed,
        State::Unknown => Certainty::Unknown,
    }
}

/// The line "Open until 17:00" of a place; follows the clock.
pub fn opening(place: &PlaceEntry) -> AnyView {
    follow(place.hours.clone(), place.temporarily_closed, place.exceptions.clone())
}

/// The same for hours of their own, such as a service's; `shut` with its place.
pub fn opening_of(hours: &Hours, shut: bool) -> AnyView {
    follow(Some(hours.clone()), shut, Vec::new())
}

fn follow(hours: Option<Hours>, shut: bool, announced: Vec<ExceptionEntry>) -> AnyView {
    let (site, locale) = (use_site(), use_locale());
    let line = move || {
        let now = site.now.get();
        if shut {
            return line_of(Certainty::Closed, locale.text("place.temporarily_closed"));
        }
        if is_announced_closed(hours.as_ref(), &announced, now.day) {
            return line_of(Certainty::Closed, locale.text("hours.closed"));
        }
        line_of(of_hours(hours.as_ref(), now), sentence(&locale, hours.as_ref(), now))
    };
    line.into_any()
}

fn line_of(certainty: Certainty, text: String) -> AnyView {
    view! { <p class=certainty.class()>{super::icon(certainty.icon())} <span>{text}</span></p> }.into_any()
}

fn sentence(locale: &Locale, hours: Option<&Hours>, now: Moment) -> String {
    let schedule = match hours {
        None => return locale.text("hours.unknown"),
        Some(Hours::Written { written }) => return locale.isolated(&shortened(written)),
        Some(Hours::Expanded(schedule)) => schedule,
    };
    match schedule.state(now) {
        State::Open { until: None } => locale.text("hours.always"),
        State::Open { until: Some(until) } => open_until(locale, until, now),
        State::Uncertain { comment: Some(comment), .. } => {
            format!("{} ({})", locale.text("hours.uncertain"), locale.isolated(&comment))
        }
        State::Uncertain { comment: None, .. } => locale.text("hours.uncertain"),
        State::Closed { opens: Some(opens) } => opens_at(locale, opens, now),
        State::Closed { opens: None } => locale.text("hours.closed"),
        State::Unknown => locale.text("hours.unknown"),
    }
}

fn open_until(locale: &Locale, until: Moment, now: Moment) -> String {
    // Midnight is the end of the day before, as people say it.
    let ends_today = until.day == now.day || (until.day.since(now.day) == 1 && until.minute == 0);
    let time = locale.time(if ends_today && until.minute == 0 { 24 * 60 } else { until.minute });
    match until.day.since(now.day) {
        _ if ends_today => locale.with("hours.open_until", &[("time", &time)]),
        1 => locale.with("hours.open_until_tomorrow", &[("time", &time)]),
        _ => locale.with("hours.open_until_day", &[("day", &locale.day(until.day)), ("time", &time)]),
    }
}

fn opens_at(locale: &Locale, opens: Moment, now: Moment) -> String {
    let time = locale.time(opens.minute);
    match opens.day.since(now.day) {
        0 => locale.with("hours.opens", &[("time", &time)]),
        1 => locale.with("hours.opens_tomorrow", &[("time", &time)]),
        2..7 => {
            let weekday = locale.weekday(opens.day.weekday());
            locale.with("hours.opens_weekday", &[("weekday", &weekday), ("time", &time)])
        }
        _ => locale.with("hours.opens_day", &[("day", &locale.day(opens.day))]),
    }
}

fn shortened(written: &str) -> String {
    let short: String = written.chars().take(WRITTEN_CHARS_SHOWN).collect();
    if short.len() < written.len() { format!("{short}…") } else { short }
}
