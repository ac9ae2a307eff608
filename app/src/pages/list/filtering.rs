//! How a place answers a filter. *Unknown* never leaves the list: only a certain "no" does.

use super::Found;
use crate::components::{Certainty, certainty, is_announced_closed};
use crate::languages;
use crate::locale::Locale;
use crate::routes::{Area, Ask, At, Filter, Filters};
use shared::edition::{Hours, PlaceEntry};
use shared::ids::{Day, Moment};
use shared::search::fold;

/// How a place fits all filters together; the order is the list's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Certain,
    Unknown,
    No,
}

pub fn fit(place: &PlaceEntry, filters: &Filters, now: Moment) -> Fit {
    let answers = filters.iter().map(|ask| match answer(place, ask, now) {
        Some(true) => Fit::Certain,
        Some(false) => Fit::No,
        None => Fit::Unknown,
    });
    answers.max().unwrap_or(Fit::Certain)
}

/// Filters that can tell these places apart, and those that are on.
pub fn offered(places: &[Found<'_>], filters: &Filters, now: Moment) -> Vec<Filter> {
    let tells = |filter: Filter| places.iter().any(|(_, place)| only(place, filter, now) == Some(true));
    Filter::ALL.into_iter().filter(|filter| filters.contains(*filter) || (places.len() > 1 && tells(*filter))).collect()
}

/// "Not known: Free, Age: 16", where the place does not answer all that is asked.
pub fn not_known(locale: &Locale, place: &PlaceEntry, filters: &Filters, now: Moment) -> Option<String> {
    let names: Vec<String> =
        filters.iter().filter(|ask| answer(place, ask, now).is_none()).map(|ask| name(locale, ask)).collect();
    (!names.is_empty()).then(|| locale.with("filters.unknown", &[("filters", &locale.list(&names))]))
}

/// What a filter is called on its chip.
pub fn name(locale: &Locale, ask: &Ask) -> String {
    let (key, value) = match ask {
        Ask::Only(filter) => return locale.under("filter.", filter.code()),
        Ask::Area(area) => ("filters.area", area.name.clone()),
        Ask::At(at) => ("filters.at", when(locale, *at)),
        Ask::Age(years) => ("filters.age", years.to_string()),
        Ask::Speaks(tags) => {
            let names: Vec<&str> = tags.iter().map(|tag| languages::name(tag)).collect();
            ("place.languages", locale.list(&names))
        }
    };
    locale.with("filters.is", &[("name", &locale.text(key)), ("value", &value)])
}

fn when(locale: &Locale, at: At) -> String {
    let day = at.day.map(|day| locale.weekday(day)).unwrap_or_default();
    let time = at.minute.map(|minute| locale.time(minute)).unwrap_or_default();
    [day, time].join(" ").trim().to_owned()
}

/// Yes, no, or not known.
fn answer(place: &PlaceEntry, ask: &Ask, now: Moment) -> Option<bool> {
    match ask {
        Ask::Only(filter) => only(place, *filter, now),
        Ask::Area(area) => is_in(place, area),
        Ask::At(at) => open_at(place, *at, now),
        Ask::Age(years) => takes_age(place, *years),
        Ask::Speaks(tags) => speaks(place, tags),
    }
}

/// Years from which nobody is a minor in the countries that guides are for.
const FULL_AGE: u8 = 18;

fn only(place: &PlaceEntry, filter: Filter, now: Moment) -> Option<bool> {
    let access = &place.access;
    let is_one_of = |value: &Option<String>, good: &[&str]| value.as_deref().map(|value| good.contains(&value));
    match filter {
        Filter::Open => is_open(place, now),
        Filter::Today => opens_on(place, now.day, now),
        Filter::WithoutPapers => access.undocumented_ok,
        Filter::NoIdentityAsked => is_one_of(&access.id_check, &["none", "name_only"]),
        Filter::Free => is_one_of(&access.cost, &["free", "donation"]),
        Filter::NoAppointment => is_one_of(&access.entry, &["walk_in"]),
        Filter::Women => access.gender.get("women").copied(),
        Filter::Families => access.family.get("family").copied(),
        Filter::Minors if access.minimum_age.is_some_and(|from| from >= FULL_AGE) => Some(false),
        Filter::Minors => access.family.get("minors").copied(),
        Filter::Remote => access.remote,
        Filter::Wheelchair => match access.wheelchair.as_deref()? {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
    }
}

fn is_open(place: &PlaceEntry, at: Moment) -> Option<bool> {
    match certainty(place, at) {
        Certainty::Open => Some(true),
        Certainty::Opens | Certainty::Closed => Some(false),
        Certainty::Perhaps | Certainty::Unknown => None,
    }
}

/// Whether it is open at some time of `day` that is not over yet.
fn opens_on(place: &PlaceEntry, day: Day, now: Moment) -> Option<bool> {
    if place.temporarily_closed || is_announced_closed(place.hours.as_ref(), &place.exceptions, day) {
        return Some(false);
    }
    let Some(Hours::Expanded(schedule)) = &place.hours else { return None };
    const DAY_MINUTES: u16 = 24 * 60;
    let over = if day == now.day { now.minute } else { 0 };
    // What began the day before may still run.
    let nights = schedule.day(day.plus(-1)).unwrap_or_default().iter().filter(|span| span.to > DAY_MINUTES + over);
    let mut ahead = schedule.day(day)?.iter().filter(|span| span.to > over).chain(nights).peekable();
    match ahead.peek() {
        None => Some(false),
        Some(_) => ahead.any(|span| !span.uncertain).then_some(true),
    }
}

/// At the next such time from now on: a time of today that is over is the next week's, or tomorrow's.
fn open_at(place: &PlaceEntry, at: At, now: Moment) -> Option<bool> {
    let ahead = |day: Day| at.day.is_none_or(|wanted| day.weekday() == wanted);
    let over = at.minute.is_some_and(|minute| minute < now.minute);
    let day = (i32::from(over)..).map(|days| now.day.plus(days)).find(|day| ahead(*day))?;
    match at.minute {
        Some(minute) => is_open(place, Moment { day, minute }),
        None => opens_on(place, day, now),
    }
}

/// A place that names one limit has been asked about age: what it leaves open is open. One that names
/// none has not been asked.
fn takes_age(place: &PlaceEntry, years: usize) -> Option<bool> {
    let (from, to) = (place.access.minimum_age.map(usize::from), place.access.maximum_age.map(usize::from));
    (from.is_some() || to.is_some()).then(|| from.is_none_or(|from| from <= years) && to.is_none_or(|to| years <= to))
}

/// Spoken there, through an interpreter, or on the telephone: one can make oneself understood. Never
/// "no": a list of languages says which are spoken, not that others are not, and is seldom complete.
fn speaks(place: &PlaceEntry, tags: &[String]) -> Option<bool> {
    spoken(place).any(|own| tags.iter().any(|tag| tag == own)).then_some(true)
}

/// Tags of the languages that a place names.
pub fn spoken(place: &PlaceEntry) -> impl Iterator<Item = &String> {
    place.access.languages.keys().chain(place.phones.iter().flat_map(|phone| &phone.languages))
}

/// A place that leaves this part of its address out, or withholds it, may be there.
fn is_in(place: &PlaceEntry, area: &Area) -> Option<bool> {
    area.part.of(&place.address).map(|own| fold(own) == fold(&area.name))
}
