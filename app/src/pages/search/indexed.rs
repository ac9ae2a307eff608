//! The search index of the edition on screen: given by the relay, which keeps one per edition, or
//! built here when something is first searched and kept until the edition changes.

use crate::locale::Locale;
use leptos::prelude::*;
use shared::edition::Edition;
use shared::search::Index;
use std::sync::Arc;

/// Where pages find the index; provided beside the site.
#[derive(Clone, Copy)]
pub struct Indexed(StoredValue<Option<(Arc<Edition>, Arc<Index>)>>);

impl Indexed {
    pub fn new(known: Option<(Arc<Edition>, Arc<Index>)>) -> Indexed {
        Indexed(StoredValue::new(known))
    }

    /// The index of `edition`.
    pub fn of(edition: &Arc<Edition>, locale: &Locale) -> Arc<Index> {
        let cell = use_context::<Indexed>();
        let known = cell.and_then(|cell| cell.0.get_value()).filter(|(known, _)| Arc::ptr_eq(known, edition));
        if let Some((_, index)) = known {
            return index;
        }
        let built = Arc::new(index(edition, locale));
        if let Some(cell) = cell {
            cell.0.set_value(Some((edition.clone(), built.clone())));
        }
        built
    }
}

/// The index of an edition, with the names that `locale` gives to categories.
pub fn index(edition: &Edition, locale: &Locale) -> Index {
    Index::build(edition, &|code| {
        let top = shared::categories::top(code);
        let own = (top != code).then(|| locale.searched(code));
        std::iter::once(locale.searched(top)).chain(own).collect()
    })
}
