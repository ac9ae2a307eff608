//! What can go wrong with the phone's storage, as far as a person can do something about it.

use shared::link::Trouble;
use shared::replica::ShelfError;
use thiserror::Error;
use wasm_bindgen::JsValue;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StorageError {
    /// A private window, or storage switched off.
    #[error("the browser does not let us store anything")]
    Unavailable,
    /// Nothing was written.
    #[error("the browser has no room left")]
    Full,
    /// The rows are sealed, and nobody has given PIN or passphrase here.
    #[error("locked")]
    Locked,
    #[error("the browser's storage failed: {0}")]
    Other(String),
}

impl StorageError {
    /// From a DOMException, by its name, or anything else that was thrown.
    pub(crate) fn from_js(thrown: &JsValue) -> StorageError {
        StorageError::from_text(&String::from(js_sys::Object::from(thrown.clone()).to_string()))
    }

    /// A DOMException reads `Name: message`. Firefox says `UnknownError` for a disk that is full.
    fn from_text(text: &str) -> StorageError {
        let says = |name: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == name);
        if says("QuotaExceededError") {
            StorageError::Full
        } else if says("SecurityError") {
            StorageError::Unavailable
        } else {
            StorageError::Other(text.to_owned())
        }
    }
}

impl From<idb::Error> for StorageError {
    fn from(error: idb::Error) -> StorageError {
        use idb::Error::*;
        match error {
            IndexedDbNotFound(_) => StorageError::Unavailable,
            DomException(exception) => StorageError::from_js(&exception),
            IndexedDbOpenFailed(thrown)
            | TransactionOpenFailed(thrown)
            | TransactionCommitError(thrown)
            | TransactionAbortError(thrown)
            | AddFailed(thrown)
            | UpdateFailed(thrown)
            | DeleteFailed(thrown)
            | ClearFailed(thrown)
            | GetAllFailed(thrown)
            | GetAllKeysFailed(thrown)
            | GetFailed(thrown)
            | ObjectStoreNotFound(thrown) => StorageError::from_js(&thrown),
            // Their texts, of everything that IndexedDB can do, would weigh two kilobytes.
            _ => StorageError::Other("IndexedDB".to_owned()),
        }
    }
}

impl From<StorageError> for ShelfError {
    fn from(error: StorageError) -> ShelfError {
        match error {
            StorageError::Unavailable => ShelfError::Unavailable,
            StorageError::Full => ShelfError::Full,
            StorageError::Locked => ShelfError::Locked,
            StorageError::Other(detail) => ShelfError::Failed(detail),
        }
    }
}

impl From<StorageError> for Trouble {
    fn from(error: StorageError) -> Trouble {
        match error {
            StorageError::Unavailable => Trouble::NoStorage,
            StorageError::Full => Trouble::Full,
            StorageError::Locked => Trouble::Locked,
            StorageError::Other(detail) => Trouble::Internal { detail },
        }
    }
}
