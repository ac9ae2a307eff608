//! How a place answers a filter. *Unknown* never leaves the list: only a certain "no" does.

use super::Found;
use crate::components::{Certainty, certainty};
use crate::routes::{Filter, Filters};
use shared::edition::PlaceEntry;
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
        Filter::WithoutPapers => access.undocumented_ok,
        Filter::NoIdentityAsked => is_one_of(&access.id_check, &["none", "name_only"]),
        Filter::Free => is_one_of(&access.cost, &["free", "donation"]),
        Filter::NoAppointment => is_one_of(&access.entry, &["walk_in"]),
        Filter::Women => access.gender.get("women").copied(),
        Filter::Families => access.family.get("family").copied(),
        Filter::Wheelchair => match access.wheelchair.as_deref()? {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
    }
}
