//! What places offer, as codes: two levels, stable, the same in every guide.
//!
//! Names and pictograms belong to the app; a guide may hide categories, never invent codes, so that
//! guides can be read, searched and exchanged with the same words.

/// A top category and what can be said more precisely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Category {
    pub code: &'static str,
    pub kinds: &'static [&'static str],
}

const fn category(code: &'static str, kinds: &'static [&'static str]) -> Category {
    Category { code, kinds }
}

/// All top categories, in the order in which people see them.
pub const CATEGORIES: &[Category] = &[
    category("emergency", &[]),
    category(
        "health",
        &["doctor", "no_insurance_clinic", "dental", "mental", "sexual", "pregnancy", "vaccination", "addiction", "coverage"],
    ),
    category("shelter", &[]),
    category("food", &["meal", "parcel", "grocery", "water"]),
    category("hygiene", &["shower", "laundry", "toilets"]),
    category("clothing", &["luggage", "baby"]),
    category("legal", &["asylum", "regularisation", "detention", "family", "discrimination", "labour"]),
    category("identity_check", &[]),
    category("paperwork", &["public_writer", "postal_address", "social_worker", "interpreter", "registration"]),
    category("language", &["literacy", "course", "with_childcare"]),
    category("work", &[]),
    category("school", &[]),
    category("protection", &["violence", "trafficking", "lgbtq", "minors"]),
    category("digital", &["wifi", "charging", "sim", "training"]),
    category("day_centre", &[]),
    category("transport", &[]),
    category("money", &[]),
    category("participation", &["assembly", "residents_council", "union", "collective", "volunteering", "local_citizenship"]),
    category("culture", &["meeting_place", "library", "sport"]),
    category("cool_warm_place", &[]),
];

/// Every code a service may carry: `health`, `health.doctor`, …
pub fn codes() -> impl Iterator<Item = String> {
    CATEGORIES.iter().flat_map(|top| {
        let own = std::iter::once(top.code.to_owned());
        own.chain(top.kinds.iter().map(|kind| format!("{}.{kind}", top.code)))
    })
}

/// Whether `code` is a category or one of its kinds.
pub fn is_code(code: &str) -> bool {
    let (top, kind) = code.split_once('.').map_or((code, None), |(top, kind)| (top, Some(kind)));
    let Some(found) = CATEGORIES.iter().find(|category| category.code == top) else {
        return false;
    };
    kind.is_none_or(|kind| found.kinds.contains(&kind))
}

/// The top category of a code: `health` for `health.doctor`.
pub fn top(code: &str) -> &str {
    code.split_once('.').map_or(code, |(top, _)| top)
}
