//! The one table of what a record may hold. Names are Open Referral HSDS 3.0's where it has them.
//!
//! The gate, reading, editing, validation, conflicts, import, export and the members' forms all walk
//! this table, so that a field is added in one place. Everything in a document is a map, a scalar or
//! Automerge text; collections are maps keyed by id, code or language, so concurrent additions unite.
//! A scalar that is absent is *unknown*; nothing here ever stands for "no" by being absent.

use crate::categories;
use crate::json;
use crate::limits::*;
use serde::{Deserialize, Serialize};
use std::fmt;

mod path;
mod tables;

pub use path::Path;

/// The version written into every new document. A reader meets a higher one as "newer schema".
pub const SCHEMA_VERSION: i64 = 1;

/// The kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Guide,
    Place,
    Page,
    Notice,
}

json::names!(Kind { Guide: "guide", Place: "place", Page: "page", Notice: "notice" });

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Guide, Kind::Place, Kind::Page, Kind::Notice];

    pub fn code(self) -> &'static str {
        match self {
            Kind::Guide => "guide",
            Kind::Place => "place",
            Kind::Page => "page",
            Kind::Notice => "notice",
        }
    }

    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The fields of a record of this kind, beside `kind` and `schema_version`.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Kind::Guide => tables::GUIDE,
            Kind::Place => tables::PLACE,
            Kind::Page => tables::PAGE,
            Kind::Notice => tables::NOTICE,
        }
    }

    /// What stands at `path`; `None` where the schema has nothing.
    pub fn shape(self, path: &Path) -> Option<&'static Shape> {
        let mut segments = path.segments();
        let first = segments.next()?;
        let field = self.fields().iter().find(|field| field.name == first)?;
        segments.try_fold(&field.shape, |shape, segment| shape.child(&segment))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A named field of a map.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub shape: Shape,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A string on one line, at most this many characters.
    Line(usize),
    /// A string that is replaced whole and may have several lines.
    Block(usize),
    /// The outline of a territory as [`crate::boundary`] writes it, at most this many characters.
    Outline(usize),
    /// One of these codes.
    Code(&'static [&'static str]),
    /// A category code, see [`crate::categories`].
    Category,
    /// Yes or no; absent is unknown.
    Flag,
    /// A whole number between two bounds, both included.
    Whole(i64, i64),
    /// A number between two bounds, both included.
    Decimal(f64, f64),
    /// A day, `2026-11-23`.
    Date,
    /// A guide-local moment, `2026-11-23T18:30`.
    Moment,
    /// Automerge text that several people may write at once, at most this many characters.
    Prose(usize),
    /// A map of fixed fields, created with the record or with the entry it belongs to.
    Map(&'static [Field]),
    /// A collection: a map from keys to things of one shape.
    Each(Key, &'static Shape),
}

/// What the keys of a collection are.
#[derive(Debug, Clone, Copy)]
pub enum Key {
    /// Drawn by the device that adds the entry: `[a-z0-9]`, up to 32 characters.
    Id,
    /// One of these codes.
    Code(&'static [&'static str]),
    /// A category code.
    Category,
    /// A language tag of BCP 47: `fr`, `pt-BR`, `zh-Hant`.
    Language,
    /// A scheme of external identifiers: `[a-z0-9_.-]`.
    Scheme,
}

impl Key {
    pub fn allows(&self, key: &str) -> bool {
        let of = |allowed: fn(char) -> bool, max: usize| (1..=max).contains(&key.len()) && key.chars().all(allowed);
        match self {
            Key::Id => of(|c| c.is_ascii_lowercase() || c.is_ascii_digit(), 32),
            Key::Code(codes) => codes.contains(&key),
            Key::Category => categories::is_code(key),
            Key::Language => is_language(key),
            Key::Scheme => of(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c), KEY_CHARS_MAX),
        }
    }
}

impl Shape {
    /// What stands below this shape under `segment`.
    pub fn child(&'static self, segment: &str) -> Option<&'static Shape> {
        match self {
            Shape::Map(fields) => fields.iter().find(|field| field.name == segment).map(|field| &field.shape),
            Shape::Each(key, of) => key.allows(segment).then_some(*of),
            _ => None,
        }
    }

    /// Whether the value stands in the document itself, not in an object of its own.
    pub fn is_scalar(&self) -> bool {
        !matches!(self, Shape::Prose(_) | Shape::Map(_) | Shape::Each(..))
    }

    /// Whether this is a text that exists once per language: a collection by [`Key::Language`].
    pub fn is_translated(&self) -> bool {
        matches!(self, Shape::Each(Key::Language, Shape::Map(_)))
    }
}

/// Whether `tag` looks like a language tag of BCP 47: two or three letters, then subtags.
pub fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let primary_fits = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
    let subtag = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    primary_fits && tag.len() <= KEY_CHARS_MAX && parts.all(subtag)
}
