//! What holds other values: lists, maps, and values that may be absent.

use super::{Json, Reader, write_name, write_text};
use crate::order::Ordered;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

impl<T: Json> Json for Option<T> {
    fn blank() -> Self {
        None
    }

    fn is_blank(&self) -> bool {
        self.is_none()
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        *self = if json.peek() == b'n' && json.word("null") {
            None
        } else {
            let mut value = T::blank();
            value.read(json);
            Some(value)
        };
    }

    fn write(&self, json: &mut String) {
        match self {
            Some(value) => value.write(json),
            None => json.push_str("null"),
        }
    }
}

impl<T: Json> Json for Arc<T> {
    const NEEDED: bool = T::NEEDED;

    fn blank() -> Self {
        Arc::new(T::blank())
    }

    fn is_blank(&self) -> bool {
        T::is_blank(self)
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        match Arc::get_mut(self) {
            Some(value) => value.read(json),
            None => {
                let mut value = T::blank();
                value.read(json);
                *self = Arc::new(value);
            }
        }
    }

    fn write(&self, json: &mut String) {
        T::write(self, json);
    }
}

impl<T: Json> Json for Box<T> {
    const NEEDED: bool = T::NEEDED;

    fn blank() -> Self {
        Box::new(T::blank())
    }

    fn is_blank(&self) -> bool {
        T::is_blank(self)
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        T::read(self, json);
    }

    fn write(&self, json: &mut String) {
        T::write(self, json);
    }
}

impl<T: Json> Json for Vec<T> {
    fn blank() -> Self {
        Vec::new()
    }

    fn is_blank(&self) -> bool {
        self.is_empty()
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        self.clear();
        json.list(&mut |json| {
            let mut item = T::blank();
            item.read(json);
            self.push(item);
        });
    }

    fn write(&self, json: &mut String) {
        write_items(self, json);
    }
}

impl<T: Json, const N: usize> Json for [T; N] {
    const NEEDED: bool = true;

    fn blank() -> Self {
        std::array::from_fn(|_| T::blank())
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        json.tuple(N, &mut |json, at| match self.get_mut(at) {
            Some(item) => item.read(json),
            None => json.fail(),
        });
    }

    fn write(&self, json: &mut String) {
        write_items(self, json);
    }
}

fn write_items<T: Json>(items: &[T], json: &mut String) {
    json.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            json.push(',');
        }
        item.write(json);
    }
    json.push(']');
}

impl<K: FromStr + Display + Ord, V: Json> Json for BTreeMap<K, V> {
    fn blank() -> Self {
        Self::default()
    }

    fn is_blank(&self) -> bool {
        self.is_empty()
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        self.clear();
        read_entries(json, &mut |key, value| drop(self.insert(key, value)));
    }

    fn write(&self, json: &mut String) {
        write_entries(self.iter(), json);
    }
}

fn read_entries<K: FromStr, V: Json>(json: &mut Reader<'_>, insert: &mut dyn FnMut(K, V)) {
    json.object(&mut |json, name| {
        let mut value = V::blank();
        value.read(json);
        match name.parse() {
            Ok(key) => insert(key, value),
            Err(_) => json.fail(),
        }
    });
}

fn write_entries<'a, K: Display + 'a, V: Json + 'a>(entries: impl Iterator<Item = (&'a K, &'a V)>, json: &mut String) {
    json.push('{');
    for (key, value) in entries {
        write_name(&key.to_string(), json);
        value.write(json);
    }
    json.push('}');
}

impl<K: FromStr + Display + Ord, V: Json> Json for Ordered<K, V> {
    fn blank() -> Self {
        Self::default()
    }

    fn is_blank(&self) -> bool {
        self.is_empty()
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        self.clear();
        read_entries(json, &mut |key, value| self.insert(key, value));
    }

    fn write(&self, json: &mut String) {
        write_entries(self.iter(), json);
    }
}

/// `{"ok": …}` or `{"err": …}`.
impl<T: Json, E: Json> Json for Result<T, E> {
    const NEEDED: bool = true;

    fn blank() -> Self {
        Ok(T::blank())
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        json.choice(&mut |json, name| match name {
            "ok" => {
                let mut value = T::blank();
                value.read(json);
                *self = Ok(value);
            }
            "err" => {
                let mut error = E::blank();
                error.read(json);
                *self = Err(error);
            }
            _ => json.fail(),
        });
    }

    fn write(&self, json: &mut String) {
        json.push('{');
        let name = if self.is_ok() { "ok" } else { "err" };
        write_text(name, json);
        json.push(':');
        match self {
            Ok(value) => value.write(json),
            Err(error) => error.write(json),
        }
        json.push('}');
    }
}
