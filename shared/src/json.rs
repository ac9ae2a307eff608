//! JSON in few bytes of program: what travels between relay, page and worker, and rests on a phone.
//!
//! Serde writes a reader and a writer of its own for each type; in the browser they weighed more
//! than the pages. Here a type is a list of names (`object!`, `names!`, `choice!`), and one
//! [`Reader`] serves all. What was read wrong is told once, at the end: on the way, values stay as
//! they are.
//!
//! A field that is not there has its blank value (`None`, empty, zero, false), and blank fields are
//! not written. Values without a blank of their own (ids, days, choices) must be there.

use std::fmt::Write as _;
use thiserror::Error;

mod later;
mod list;
mod macros;
mod number;
mod reader;
mod scalar;
mod tree;

pub use later::Later;
pub(crate) use macros::{choice, contents, first, name, names, object, text};
pub use reader::Reader;
pub use tree::Raw;

/// The text is not JSON, or not of the form that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not in the expected form, at byte {at}")]
pub struct BadJson {
    pub at: usize,
}

/// A value with a form in JSON.
pub trait Json: Sized {
    /// Whether a field of this type must be there.
    const NEEDED: bool = false;

    /// What a field is that is not there, and what reading begins from.
    fn blank() -> Self;

    /// Whether a field with this value is left out.
    fn is_blank(&self) -> bool {
        false
    }

    /// Takes the next value of the text; leaves `self` as it is where that has another form.
    fn read(&mut self, json: &mut Reader<'_>);

    /// Appends itself.
    fn write(&self, json: &mut String);
}

/// The whole of `text` as one value.
pub fn from_str<T: Json>(text: &str) -> Result<T, BadJson> {
    let mut value = T::blank();
    let mut reader = Reader::new(text);
    value.read(&mut reader);
    reader.finish().map(|()| value)
}

/// The first value of `text`, and what comes after it.
pub fn first_of<T: Json>(text: &str) -> Result<(T, &str), BadJson> {
    let mut value = T::blank();
    let mut reader = Reader::new(text);
    value.read(&mut reader);
    reader.rest().map(|rest| (value, rest))
}

/// As [`from_str`], of bytes that should be UTF-8.
pub fn from_slice<T: Json>(bytes: &[u8]) -> Result<T, BadJson> {
    let text = std::str::from_utf8(bytes).map_err(|error| BadJson { at: error.valid_up_to() })?;
    from_str(text)
}

pub fn to_string<T: Json>(value: &T) -> String {
    let mut json = String::new();
    value.write(&mut json);
    json
}

/// Appends a string with its quotes.
pub(crate) fn write_text(text: &str, json: &mut String) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\n' => json.push_str("\\n"),
            // Writing to a String cannot fail.
            '\0'..='\x1f' => drop(write!(json, "\\u{:04x}", u32::from(c))),
            _ => json.push(c),
        }
    }
    json.push('"');
}

/// Appends a field of an object, unless its value is blank.
pub(crate) fn write_field<T: Json>(name: &str, value: &T, json: &mut String) {
    if value.is_blank() {
        return;
    }
    write_name(name, json);
    value.write(json);
}

/// Appends a field's name, with the comma before it where it is not the first.
pub(crate) fn write_name(name: &str, json: &mut String) {
    if !json.ends_with('{') {
        json.push(',');
    }
    write_text(name, json);
    json.push(':');
}
