//! Values that most readers of a text never ask for.

use super::{Json, Reader, from_str};
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// A list or an object that is read when it is first asked for: of a guide's places a phone shows some.
/// In JSON it is the value itself. What turns out then not to be of the expected form is blank.
#[derive(Clone)]
pub struct Later<T>(Arc<Unread<T>>);

struct Unread<T> {
    text: Box<str>,
    value: OnceLock<T>,
}

impl<T> From<T> for Later<T> {
    fn from(value: T) -> Later<T> {
        Later(Arc::new(Unread { text: Box::default(), value: OnceLock::from(value) }))
    }
}

impl<T: Json> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.value.get_or_init(|| from_str(&self.0.text).unwrap_or_else(|_| T::blank()))
    }
}

impl<T: Json> Json for Later<T> {
    const NEEDED: bool = T::NEEDED;

    fn blank() -> Later<T> {
        Later::from(T::blank())
    }

    fn is_blank(&self) -> bool {
        T::is_blank(self)
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        *self = Later(Arc::new(Unread { text: json.unread().into(), value: OnceLock::new() }));
    }

    fn write(&self, json: &mut String) {
        T::write(self, json);
    }
}

impl<T: Json + PartialEq> PartialEq for Later<T> {
    fn eq(&self, other: &Later<T>) -> bool {
        **self == **other
    }
}

impl<T: Json + fmt::Debug> fmt::Debug for Later<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}
