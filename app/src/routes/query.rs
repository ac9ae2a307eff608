//! Query strings as HTML forms send them (`application/x-www-form-urlencoded`, WHATWG URL § 5).

use super::Filters;
use std::fmt::Write;

/// Of what was typed, so many characters count.
const TYPED_CHARS_MAX: usize = 200;

/// The pairs of a query string, decoded.
pub struct Query(Vec<(String, String)>);

impl Query {
    pub fn parse(query: &str) -> Query {
        let pair = |part: &str| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name), decode(value))
        };
        Query(query.split('&').filter(|part| !part.is_empty()).map(pair).collect())
    }

    /// All values of `name`, joined by commas: one for most names, several for check boxes.
    pub fn get(&self, name: &str) -> String {
        let values: Vec<&str> = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect();
        values.join(",")
    }

    /// The beginning of what people type: nobody types more.
    pub fn short(&self, name: &str) -> String {
        self.get(name).chars().take(TYPED_CHARS_MAX).collect()
    }

    pub fn number(&self, name: &str) -> Option<usize> {
        self.get(name).parse().ok()
    }

    /// The query string of a list, with its `?`; empty when everything is as by default.
    pub fn of(query: &str, filters: &Filters, page: usize) -> String {
        let mut parts = String::new();
        if !query.is_empty() {
            let _ = write!(parts, "&q={}", encode(query));
        }
        parts.push_str(&filters.query());
        if page > 1 {
            let _ = write!(parts, "&page={page}");
        }
        parts.get(1..).map(|parts| format!("?{parts}")).unwrap_or_default()
    }
}

/// One value as it stands in a query string.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                out.push_str(&shared::ids::hex(&[byte]).to_ascii_uppercase());
            }
        }
    }
    out
}

/// What cannot be decoded stands as it is; bytes that are not UTF-8 become U+FFFD.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'%').then(|| after.get(..2)).flatten();
        let escaped = escaped.and_then(|digits| std::str::from_utf8(digits).ok()).and_then(shared::ids::unhex);
        match escaped.as_deref() {
            Some([byte]) => {
                bytes.push(*byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(if first == b'+' { b' ' } else { first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
