//! Device keys: CryptoKeyPairs kept by structured clone; under a lock the private half is sealed
//! bytes (`vault.js`). And the lock itself.

use crate::StorageError;
use crate::database::{Db, KEYS, key};
use js_sys::Reflect;
use shared::ids::GuideId;
use wasm_bindgen::JsValue;

const DEVICE: &str = "device";
const LOCK: &str = "lock";

impl Db {
    /// The CryptoKeyPair of this browser as a device of the guide.
    pub async fn key_pair(&self, guide: &GuideId) -> Result<Option<JsValue>, StorageError> {
        let found = self.get(KEYS, &key(guide.as_str(), DEVICE)).await?;
        Ok(found.filter(|pair| !pair.is_undefined()))
    }

    pub async fn put_key_pair(&self, guide: &GuideId, pair: &JsValue) -> Result<(), StorageError> {
        self.put(KEYS, &key(guide.as_str(), DEVICE), pair).await
    }

    /// Which lock the guide's rows are sealed under; `undefined` without one.
    pub(crate) async fn lock(&self, guide: &str) -> Result<JsValue, StorageError> {
        Ok(lock_id(self.get(KEYS, &lock_key(guide)).await?))
    }

    pub async fn remove_key_pair(&self, guide: &GuideId) -> Result<(), StorageError> {
        self.delete(KEYS, &key(guide.as_str(), DEVICE)).await
    }
}

pub(crate) fn lock_key(guide: &str) -> JsValue {
    key(guide, LOCK)
}

pub(crate) fn lock_id(lock: Option<JsValue>) -> JsValue {
    lock.and_then(|lock| Reflect::get(&lock, &"id".into()).ok()).unwrap_or_default()
}
