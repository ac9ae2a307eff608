//! A steward's table: what the relay reads in it, and what would change. The relay changes nothing itself: the
//! steward's own device does what is planned, as it does any other edit.

use crate::edit::Edit;
use crate::ids::RecordId;
use crate::json;
use crate::schema::{Key, Path};
use serde_json::Value;

/// The headings that a table of places may have, beside any field's own path, and the fields they mean.
/// `id` names a row for good; without one its name and address do.
pub const HEADINGS: &[(&str, &str)] = &[
    ("id", ""),
    ("name", "name"),
    ("services", "services"),
    ("description", "description"),
    ("address", "address.address_1"),
    ("postal_code", "address.postal_code"),
    ("city", "address.city"),
    ("latitude", "latitude"),
    ("longitude", "longitude"),
    ("phones", "phones"),
    ("email", "email"),
    ("url", "url"),
    ("opening_hours", "opening_hours"),
    ("languages", "access.languages"),
    ("welcome", "access.welcome"),
    ("id_check", "access.id_check"),
    ("entry", "access.entry"),
    ("cost", "access.cost"),
    ("wheelchair", "access.wheelchair"),
];

/// Whether a table may bear this name: `[a-z0-9_.-]`, 64 characters at most. Rows of one name are compared
/// with what came under the same name before.
pub fn is_source_name(name: &str) -> bool {
    Key::Scheme.allows(name)
}

/// `POST …/imports/{source}` with a table → what it says.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    Plan(Plan),
    /// Nothing in it was taken.
    Unreadable {
        why: Unreadable,
        /// Counted from 1; 0 where no line is at fault.
        line: usize,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Not UTF-8.
    NotText,
    /// No rows of cells: a bracket or quote is missing, a row has more cells than the headings.
    NotATable,
    /// No column is headed `name`.
    NoNames,
    NoRows,
}

/// What importing a table would change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub planned: Vec<Planned>,
    /// Places that say already what the table says.
    pub unchanged: usize,
    /// Fields that people changed since the table came last: they stay.
    pub kept: Vec<Kept>,
    pub skipped: Vec<Skipped>,
    pub left_out: Vec<LeftOut>,
    /// Names of places that came by this table before and are no longer in it. They stay.
    pub missing: Vec<String>,
    /// How many of the table's places were removed here for good. They stay away.
    pub purged: usize,
}

/// What would be done to one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    pub record: RecordId,
    pub title: String,
    pub is_new: bool,
    /// The record as it stood when this was worked out; null when it is new.
    pub tree: Value,
    pub edits: Vec<Edit>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub title: String,
    pub path: Path,
}

/// A row that becomes no place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Counted from 1, the headings left out.
    pub row: usize,
    pub why: Skip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skip {
    NoName,
    NoIdentifier,
    /// An earlier row has the same identifier.
    Repeated,
}

/// A cell that could not be read as its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// 0: the whole column, which means no field.
    pub row: usize,
    /// The column's heading, or a field's path.
    pub field: String,
}

impl Unreadable {
    /// As it is written.
    pub fn code(self) -> &'static str {
        match self {
            Unreadable::NotText => "not_text",
            Unreadable::NotATable => "not_a_table",
            Unreadable::NoNames => "no_names",
            Unreadable::NoRows => "no_rows",
        }
    }
}

json::choice!(Reading { Plan(plan): "plan", Unreadable { why, line }: "unreadable" });
json::names!(Unreadable { NotText: "not_text", NotATable: "not_a_table", NoNames: "no_names", NoRows: "no_rows" });
json::object!(Plan { planned, unchanged, kept, skipped, left_out, missing, purged });
json::object!(Planned { record, title, is_new, tree, edits });
json::object!(Kept { title, path });
json::object!(Skipped { row, why });
json::names!(Skip { NoName: "no_name", NoIdentifier: "no_identifier", Repeated: "repeated" });
json::object!(LeftOut { row, field });
