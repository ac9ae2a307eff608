//! Notices while they hold: urgent ones first, then warnings. They follow the clock, so that a phone
//! which is left open, or has no network, shows nothing that is over.

use super::Inside;
use super::list::Found;
use crate::components::{icon, passage};
use crate::guide::use_site;
use crate::routes::{Ask, Filters, Part};
use leptos::prelude::*;
use shared::edition::{NoticeEntry, PlaceEntry};
use shared::order::sort_by_key;
use shared::search::fold;

/// Urgent ones and warnings: they stand above everything else.
pub fn is_pressing(notice: &NoticeEntry) -> bool {
    matches!(notice.level.as_str(), "warning" | "urgent")
}

/// Those of the guide that are `wanted`, as long as they hold.
pub fn list(inside: &Inside, wanted: impl Fn(&NoticeEntry) -> bool) -> Option<AnyView> {
    let mut notices: Vec<NoticeEntry> =
        inside.edition.notices().map(|(_, notice)| notice).filter(|one| wanted(one)).cloned().collect();
    sort_by_key(&mut notices, |notice| (notice.level != "urgent", notice.level != "warning"));
    if notices.is_empty() {
        return None;
    }
    let (inside, site) = (inside.clone(), use_site());
    let holding = move || {
        let now = site.now.get();
        let shown: Vec<AnyView> = notices.iter().filter(|one| one.holds(now)).map(|one| notice(&inside, one)).collect();
        let title = inside.locale.text("home.notices");
        (!shown.is_empty()).then(|| view! { <div class="notices" role="group" aria-label=title>{shown}</div> }.into_any())
    };
    Some(holding.into_any())
}

/// Those about where a place is.
pub fn of_place(inside: &Inside, place: &PlaceEntry) -> Option<AnyView> {
    list(inside, |notice| concerns(notice, place))
}

/// Those about the area that a list is narrowed to: places of one postal code are all in one town, and
/// a notice about the town concerns them.
pub fn of_list(inside: &Inside, filters: &Filters, places: &[Found<'_>]) -> Option<AnyView> {
    let area = filters.iter().find_map(|ask| match ask {
        Ask::Area(area) => Some(area),
        _ => None,
    })?;
    let there = |place: &PlaceEntry| area.part.of(&place.address).is_some();
    list(inside, |notice| places.iter().any(|(_, place)| there(place) && concerns(notice, place)))
}

fn concerns(notice: &NoticeEntry, place: &PlaceEntry) -> bool {
    let Some(area) = notice.area.as_deref().map(fold) else { return false };
    Part::ALL.into_iter().filter_map(|part| part.of(&place.address)).any(|own| fold(own) == area)
}

fn notice(inside: &Inside, notice: &NoticeEntry) -> AnyView {
    let locale = &inside.locale;
    let level = if is_pressing(notice) { notice.level.clone() } else { "info".to_owned() };
    let area = notice.area.clone().map(|area| view! { <p class="where">{icon("pin")} <bdi>{area}</bdi></p> });
    let until = notice.until.map(|until| {
        let day = locale.day_seen_from(until.day, inside.now.day);
        let text = locale.with("notice.until", &[("day", &day), ("time", &locale.time(until.minute))]);
        view! { <p class="quiet">{text}</p> }
    });
    view! {
        <article class=format!("notice {level}")>
            <p class="level">{icon(&level)} <span>{locale.under("notice.", &level)}</span></p>
            {passage(&notice.text)}
            {area}
            {until}
        </article>
    }
    .into_any()
}
