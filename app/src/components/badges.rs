//! The few answers that a card has room for: certain and good ones only, as pictograms with words
//! for those who do not see them.

use super::facts::only;
use super::icon;
use crate::locale::use_locale;
use leptos::prelude::*;
use shared::record::Access;

pub fn badges(access: &Access) -> Option<AnyView> {
    let locale = use_locale();
    let women = only(&access.gender) == Some("access.gender.only_women");
    let good = [
        ("access.undocumented_ok", access.undocumented_ok == Some(true), "access.undocumented_ok.yes"),
        ("access.cost.free", access.cost.as_deref() == Some("free"), "access.cost.free"),
        ("access.entry.walk_in", access.entry.as_deref() == Some("walk_in"), "access.entry.walk_in"),
        ("access.gender", women, "access.gender.only_women"),
    ];
    let good: Vec<AnyView> = good
        .into_iter()
        .filter(|(_, holds, _)| *holds)
        .map(|(name, _, key)| view! { <li>{icon(name)} <span>{locale.text(key)}</span></li> }.into_any())
        .collect();
    (!good.is_empty()).then(|| view! { <ul class="badges">{good}</ul> }.into_any())
}
