//! Device keys: CryptoKeyPairs kept by structured clone. Their private half cannot be read, by us
//! or by anyone; the browser signs with it.

use crate::StorageError;
use crate::database::{Db, KEYS, key};
use shared::ids::GuideId;
use wasm_bindgen::JsValue;

const DEVICE: &str = "device";

impl Db {
    /// The CryptoKeyPair of this browser as a device of the guide.
    pub async fn key_pair(&self, guide: &GuideId) -> Result<Option<JsValue>, StorageError> {
        let found = self.get(KEYS, &key(guide.as_str(), DEVICE)).await?;
        Ok(found.filter(|pair| !pair.is_undefined()))
    }

    pub async fn put_key_pair(&self, guide: &GuideId, pair: &JsValue) -> Result<(), StorageError> {
        self.put(KEYS, &key(guide.as_str(), DEVICE), pair).await
    }

    pub async fn remove_key_pair(&self, guide: &GuideId) -> Result<(), StorageError> {
        self.delete(KEYS, &key(guide.as_str(), DEVICE)).await
    }
}
