//! Values that most readers of a text never ask for.

use super::{Json, Reader, from_str};
use std::fmt;
use std::ops::Deref;
use std::sync::{Mutex, OnceLock, PoisonError};

/// A list or an object that is read when it is first asked for: of a guide's places a phone shows some.
/// In JSON it is the value itself. What turns out then not to be of the expected form is blank.
pub struct Later<T> {
    /// Given up once it is read.
    text: Mutex<Box<str>>,
    value: OnceLock<Box<T>>,
}

impl<T> Later<T> {
    /// The value that `text` says.
    pub fn of(text: &str) -> Later<T> {
        Later { text: Mutex::new(text.into()), value: OnceLock::new() }
    }

    pub fn is_read(&self) -> bool {
        self.value.get().is_some()
    }
}

impl<T> From<T> for Later<T> {
    fn from(value: T) -> Later<T> {
        Later { text: Mutex::default(), value: OnceLock::from(Box::new(value)) }
    }
}

impl<T: Json> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| {
            let text = std::mem::take(&mut *self.text.lock().unwrap_or_else(PoisonError::into_inner));
            from_str(&text).unwrap_or_else(|_| Box::blank())
        })
    }
}

impl<T: Json> Json for Later<T> {
    const NEEDED: bool = T::NEEDED;

    fn blank() -> Later<T> {
        Later::of("")
    }

    fn is_blank(&self) -> bool {
        T::is_blank(self)
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        *self = Later::of(json.unread());
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
