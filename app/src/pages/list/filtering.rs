//! How a place answers a filter. *Unknown* never leaves the list: only a certain "no" does.

use super::Found;
use crate::components::{Certainty, certainty};
use crate::routes::{Filter, Filters};
use shared::edition::{Hours, PlaceEntry};
use shared::hours::Span;
use shared::ids::Moment;

/// How a place fits all filters together; the order is the list's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Certain,
    Unknown,
    No,
}

pub fn fit(place: &PlaceEntry, filters: &Filters, now: Moment) -> Fit {
    let answers = filters.iter().map(|filter| match answer(place, filter, now) {
        Some(true) => Fit::Certain,
        Some(false) => Fit::No,
        None => Fit::Unknown,
    });
    answers.max().unwrap_or(Fit::Certain)
}

/// Filters that can tell these places apart, and those that are on.
pub fn offered(places: &[Found<'_>], filters: &Filters, now: Moment) -> Vec<Filter> {
    let tells = |filter: Filter| places.iter().any(|(_, place)| answer(place, filter, now) == Some(true));
    Filter::ALL.into_iter().filter(|filter| filters.contains(*filter) || (places.len() > 1 && tells(*filter))).collect()
}

/// Yes, no, or not known.
fn answer(place: &PlaceEntry, filter: Filter, now: Moment) -> Option<bool> {
    let access = &place.access;
    let is_one_of = |value: &Option<String>, good: &[&str]| value.as_deref().map(|value| good.contains(&value));
    match filter {
        Filter::Open => match certainty(place, now) {
            Certainty::Open => Some(true),
            Certainty::Opens | Certainty::Closed => Some(false),
            Certainty::Perhaps | Certainty::Unknown => None,
        },
        Filter::Today => opens_today(place, now),
        Filter::WithoutPapers => access.undocumented_ok,
        Filter::NoIdentityAsked => is_one_of(&access.id_check, &["none", "name_only"]),
        Filter::Free => is_one_of(&access.cost, &["free", "donation"]),
        Filter::NoAppointment => is_one_of(&access.entry, &["walk_in"]),
        Filter::Women => access.gender.get("women").copied(),
        Filter::Families => access.family.get("family").copied(),
        Filter::Minors => access.family.get("minors").copied(),
        Filter::Remote => access.remote,
        Filter::Wheelchair => match access.wheelchair.as_deref()? {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
    }
}

/// Whether it is open at some time of the day that is not over yet.
fn opens_today(place: &PlaceEntry, now: Moment) -> Option<bool> {
    if place.temporarily_closed {
        return Some(false);
    }
    let Some(Hours::Expanded(schedule)) = &place.hours else { return None };
    let ahead: Vec<&Span> = schedule.day(now.day)?.iter().filter(|span| span.to > now.minute).collect();
    match ahead.iter().any(|span| !span.uncertain) || certainty(place, now) == Certainty::Open {
        true => Some(true),
        false if ahead.is_empty() => Some(false),
        false => None,
    }
}
