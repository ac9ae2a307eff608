//! Which fields a form shows, in which section, in which order. Every field of the schema stands in
//! exactly one section (a test holds this); how a field looks follows from its shape.

use shared::schema::{Kind, Path};

/// A part of a form that opens by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// The locale's `desk.section.…`, also what the address bar and tests call it.
    pub code: &'static str,
    pub icon: &'static str,
    /// Paths of fields; a map stands for all that is in it.
    pub fields: &'static [&'static str],
}

const fn section(code: &'static str, icon: &'static str, fields: &'static [&'static str]) -> Section {
    Section { code, icon, fields }
}

const PLACE: &[Section] = &[
    section("what", "info", &["name", "alternate_name", "description", "organization"]),
    section("where", "pin", &["address", "latitude", "longitude", "address_visibility", "transportation"]),
    section("when", "clock", &["opening_hours", "exceptions", "saturation", "saturation_until"]),
    section(
        "who",
        "people",
        &[
            "access.welcome",
            "access.undocumented_ok",
            "access.id_check",
            "access.anonymous",
            "access.data_shared_with_authorities",
            "access.gender",
            "access.family",
            "access.focus",
            "access.minimum_age",
            "access.maximum_age",
            "access.languages",
        ],
    ),
    section(
        "how",
        "door",
        &[
            "access.entry",
            "access.cost",
            "access.documents",
            "phones",
            "email",
            "url",
            "access.wheelchair",
            "access.remote",
            "access.childcare",
            "access.animals",
            "access.luggage",
            "access.heated",
            "access.cooled",
        ],
    ),
    section("services", "category.money", &["services"]),
    section(
        "check",
        "checked",
        &["assured_date", "assured_method", "status", "visibility", "internal_note", "external_identifiers"],
    ),
];

const PAGE: &[Section] = &[
    section("what", "info", &["title", "category", "audience", "example"]),
    section("steps", "sort", &["steps"]),
    section("text", "note", &["body", "sources"]),
    section("check", "checked", &["assured_date", "status", "visibility", "position", "internal_note"]),
];

const NOTICE: &[Section] = &[
    section("what", "info", &["text", "level", "area"]),
    section("when", "clock", &["from", "until"]),
    section("check", "checked", &["status", "visibility"]),
];

const GUIDE: &[Section] = &[
    section("what", "info", &["name", "territory", "contact"]),
    section("languages", "language", &["source_language", "languages", "fallback"]),
    section("categories", "filter", &["categories"]),
    section("rules", "settings", &["policy", "second_person", "time_zone", "country", "slug"]),
    section("sources", "book", &["attribution"]),
];

/// What no form offers: an outline comes from a file, over the command line. Forms write what was
/// changed in them, so that it stays.
#[cfg(test)]
const WITHOUT_FORM: &[(Kind, &str)] = &[(Kind::Guide, "boundary")];

pub fn sections(kind: Kind) -> &'static [Section] {
    match kind {
        Kind::Place => PLACE,
        Kind::Page => PAGE,
        Kind::Notice => NOTICE,
        Kind::Guide => GUIDE,
    }
}

/// The section in which the field at `path` stands.
pub fn section_of(kind: Kind, path: &Path) -> Option<&'static Section> {
    sections(kind).iter().find(|section| section.fields.iter().any(|field| is_within(path.as_str(), field)))
}

fn is_within(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The field's name without the keys of collections: `services.name` for `services.a1.name.fr.text`.
pub fn name(kind: Kind, path: &Path) -> String {
    let mut here = Path::new("");
    let mut named: Vec<String> = Vec::new();
    let mut below_language = false;
    for segment in path.segments() {
        let in_collection = matches!(kind.shape(&here), Some(shared::schema::Shape::Each(..)));
        let of_language = kind.shape(&here).is_some_and(|shape| shape.is_translated());
        here = here.join(&segment);
        if !in_collection && !below_language {
            named.push(segment);
        }
        below_language |= of_language;
    }
    named.join(".")
}

/// The locale's keys for the field at `path`, the most particular first: `field.place.address.city`,
/// `field.address.city`, `field.city`.
pub fn label_keys(kind: Kind, path: &Path) -> [String; 3] {
    let name = name(kind, path);
    let last = name.rsplit('.').next().unwrap_or(&name);
    [format!("field.{kind}.{name}"), format!("field.{name}"), format!("field.{last}")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::schema::{Field, Shape};

    fn leaves(at: &Path, fields: &'static [Field], found: &mut Vec<Path>) {
        for field in fields {
            let path = at.join(field.name);
            match &field.shape {
                Shape::Map(inner) => leaves(&path, inner, found),
                _ => found.push(path),
            }
        }
    }

    #[test]
    fn every_field_stands_in_one_section() {
        for kind in Kind::ALL {
            let mut found = Vec::new();
            leaves(&Path::new(""), kind.fields(), &mut found);
            for path in found {
                let listed =
                    sections(kind).iter().flat_map(|section| section.fields).filter(|field| is_within(path.as_str(), field));
                let elsewhere = WITHOUT_FORM.contains(&(kind, path.as_str()));
                assert_eq!(listed.count(), usize::from(!elsewhere), "{kind}: {path}");
            }
        }
    }

    #[test]
    fn every_listed_field_exists() {
        for kind in Kind::ALL {
            for field in sections(kind).iter().flat_map(|section| section.fields) {
                assert!(kind.shape(&Path::new(*field)).is_some(), "{kind}: {field}");
            }
        }
    }

    #[test]
    fn names_leave_out_keys_and_languages() {
        let check = |path: &str, expected: &str| assert_eq!(name(Kind::Place, &path.into()), expected);
        check("address.city", "address.city");
        check("services.a1.name.fr.text", "services.name");
        check("description.fr.text", "description");
        check("access.languages.fr", "access.languages");
        check("phones.x.channels.sms", "phones.channels");
        check("phones.x", "phones");
    }
}
