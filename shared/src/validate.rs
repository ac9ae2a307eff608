//! Well-formedness of records: total, never panics, says where and why.
//!
//! Reading keeps what is well formed and lists the rest. Rules concern single fields, never
//! combinations, so that two valid edits stay valid when they are merged.

use crate::boundary;
use crate::categories;
use crate::ids::{Day, Moment};
use crate::json;
use crate::limits::ENTRIES_MAX;
use crate::schema::{Field, Key, Kind, Path, Shape};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    UnknownField,
    WrongType,
    TooLong,
    TooMany,
    NotACode,
    OutOfRange,
    NotADate,
}

json::names!(Reason {
    UnknownField: "unknown_field",
    WrongType: "wrong_type",
    TooLong: "too_long",
    TooMany: "too_many",
    NotACode: "not_a_code",
    OutOfRange: "out_of_range",
    NotADate: "not_a_date",
});

/// Something a reader leaves out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub path: Path,
    pub reason: Reason,
}

json::object!(Problem { path, reason });

/// The part of `tree` that a record of `kind` may hold, and what was left out.
pub fn clean(kind: Kind, tree: &Value) -> (Value, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut kept = match tree.as_object() {
        Some(map) => clean_map(kind.fields(), &Path::new(""), map, &mut problems),
        None => {
            problems.push(Problem { path: Path::new(""), reason: Reason::WrongType });
            Map::new()
        }
    };
    // `kind` and `schema_version` stand beside the fields; they were read before coming here.
    problems.retain(|problem| !matches!(problem.path.as_str(), "kind" | "schema_version"));
    kept.insert("kind".to_owned(), Value::String(kind.code().to_owned()));
    (Value::Object(kept), problems)
}

fn clean_map(fields: &'static [Field], at: &Path, map: &Map<String, Value>, problems: &mut Vec<Problem>) -> Map<String, Value> {
    let mut kept = Map::new();
    for (key, value) in map {
        let path = at.join(key);
        match fields.iter().find(|field| field.name == key) {
            Some(field) => keep(&field.shape, path, key, value, &mut kept, problems),
            None => problems.push(Problem { path, reason: Reason::UnknownField }),
        }
    }
    kept
}

fn clean_entries(
    key: &Key,
    of: &'static Shape,
    at: &Path,
    map: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Map<String, Value> {
    let mut kept = Map::new();
    for (name, value) in map {
        let path = at.join(name);
        if !key.allows(name) {
            problems.push(Problem { path, reason: Reason::UnknownField });
        } else if kept.len() >= ENTRIES_MAX {
            problems.push(Problem { path, reason: Reason::TooMany });
        } else {
            keep(of, path, name, value, &mut kept, problems);
        }
    }
    kept
}

fn keep(
    shape: &'static Shape,
    path: Path,
    name: &str,
    value: &Value,
    kept: &mut Map<String, Value>,
    problems: &mut Vec<Problem>,
) {
    let result = match (shape, value) {
        (Shape::Map(fields), Value::Object(map)) => Ok(Value::Object(clean_map(fields, &path, map, problems))),
        (Shape::Each(key, of), Value::Object(map)) => Ok(Value::Object(clean_entries(key, of, &path, map, problems))),
        (Shape::Prose(max), Value::String(text)) => length(text, *max).map(|()| value.clone()),
        (Shape::Map(_) | Shape::Each(..) | Shape::Prose(_), _) => Err(Reason::WrongType),
        _ => {
            let value = straight_value(value);
            scalar(shape, &value).map(|()| value.into_owned())
        }
    };
    match result {
        Ok(value) => {
            kept.insert(name.to_owned(), value);
        }
        Err(reason) => problems.push(Problem { path, reason }),
    }
}

/// Characters that turn the direction of those around them, by which a number reads as another; and
/// those that end a line though no key does.
pub fn turns(c: char) -> bool {
    matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` without those: what is not prose is written and read so. Phones' address books put them
/// around numbers.
pub fn straight(text: &str) -> Cow<'_, str> {
    if text.chars().any(turns) { text.chars().filter(|c| !turns(*c)).collect() } else { Cow::Borrowed(text) }
}

/// A value for a scalar field, [`straight`] where it is a text.
pub fn straight_value(value: &Value) -> Cow<'_, Value> {
    match value {
        Value::String(text) if text.chars().any(turns) => Cow::Owned(straight(text).into()),
        _ => Cow::Borrowed(value),
    }
}

/// Whether `value` may stand in a scalar field of this shape.
pub fn scalar(shape: &Shape, value: &Value) -> Result<(), Reason> {
    let text = || value.as_str().ok_or(Reason::WrongType);
    match shape {
        Shape::Line(max) => {
            let text = text()?;
            if text.chars().any(|c| c.is_control() || turns(c)) { Err(Reason::WrongType) } else { length(text, *max) }
        }
        Shape::Block(max) => {
            let text = text()?;
            if text.chars().any(turns) { Err(Reason::WrongType) } else { length(text, *max) }
        }
        Shape::Outline(max) => {
            length(text()?, *max)?;
            boundary::read(text()?).map(|_| ()).ok_or(Reason::OutOfRange)
        }
        Shape::Code(codes) => codes.contains(&text()?).then_some(()).ok_or(Reason::NotACode),
        Shape::Category => categories::is_code(text()?).then_some(()).ok_or(Reason::NotACode),
        Shape::Flag => value.is_boolean().then_some(()).ok_or(Reason::WrongType),
        Shape::Whole(min, max) => within(value.as_i64().ok_or(Reason::WrongType)?, *min, *max),
        Shape::Decimal(min, max) => within(value.as_f64().ok_or(Reason::WrongType)?, *min, *max),
        Shape::Date => text()?.parse::<Day>().map(|_| ()).map_err(|_| Reason::NotADate),
        Shape::Moment => text()?.parse::<Moment>().map(|_| ()).map_err(|_| Reason::NotADate),
        Shape::Prose(_) | Shape::Map(_) | Shape::Each(..) => Err(Reason::WrongType),
    }
}

/// Whether `text` has at most `max` characters.
pub fn length(text: &str, max: usize) -> Result<(), Reason> {
    // Four bytes a character at the most: long texts need no counting to be refused.
    let fits = text.len() <= max || (text.len() <= max * 4 && text.chars().count() <= max);
    if fits { Ok(()) } else { Err(Reason::TooLong) }
}

fn within<T: PartialOrd>(value: T, min: T, max: T) -> Result<(), Reason> {
    if value >= min && value <= max { Ok(()) } else { Err(Reason::OutOfRange) }
}
