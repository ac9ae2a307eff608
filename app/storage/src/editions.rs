//! The editions kept on the phone: what a reader reads, and what the service worker looks for.

use crate::StorageError;
use crate::database::{Db, EDITIONS, key, name_in, of_guide};
use idb::Query;
use js_sys::{Array, Object, Reflect, Uint8Array};
use shared::ids::GuideId;
use wasm_bindgen::{JsCast, JsValue};

/// An edition as it is kept: the text that the relay sent, so that storing needs no writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEdition {
    /// JSON of `shared::delta::Refresh`, a line each: the whole, then what changed since.
    pub edition: String,
    pub revision: u64,
    pub epoch: String,
    /// When the relay gave it, ISO 8601 with time zone.
    pub fetched_at: String,
}

/// What is known of a stored edition without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionCard {
    pub guide: GuideId,
    pub language: String,
    pub revision: u64,
    pub epoch: String,
    pub fetched_at: String,
    /// Its text in UTF-8 bytes.
    pub bytes: usize,
}

impl Db {
    pub async fn edition(&self, guide: &GuideId, language: &str) -> Result<Option<StoredEdition>, StorageError> {
        let found = self.get(EDITIONS, &key(guide.as_str(), language)).await?;
        Ok(found.map(|row| StoredEdition {
            edition: written(&row),
            revision: number(&row, "revision"),
            epoch: text(&row, "epoch"),
            fetched_at: text(&row, "fetched_at"),
        }))
    }

    pub async fn has_edition(&self, guide: &GuideId, language: &str) -> Result<bool, StorageError> {
        Ok(self.get(EDITIONS, &key(guide.as_str(), language)).await?.is_some())
    }

    /// Keeps an edition in place of an older one; resolves when it is durable.
    pub async fn put_edition(&self, guide: &GuideId, language: &str, edition: &StoredEdition) -> Result<(), StorageError> {
        let row = Object::new();
        let fields: [(&str, JsValue); 5] = [
            // As bytes: reading megabytes of text takes a cheap phone three times as long.
            ("edition", Uint8Array::from(edition.edition.as_bytes()).into()),
            ("revision", (edition.revision as f64).into()),
            ("epoch", edition.epoch.as_str().into()),
            ("fetched_at", edition.fetched_at.as_str().into()),
            ("bytes", (edition.edition.len() as f64).into()),
        ];
        for (name, value) in fields {
            Reflect::set(&row, &name.into(), &value).map_err(|thrown| StorageError::from_js(&thrown))?;
        }
        self.put(EDITIONS, &key(guide.as_str(), language), &row).await
    }

    /// What is kept, by guide and language.
    pub async fn editions(&self) -> Result<Vec<EditionCard>, StorageError> {
        let entries = self.entries(EDITIONS, None).await?;
        Ok(entries.iter().filter_map(|(key, row)| card(key, row)).collect())
    }

    pub async fn remove_edition(&self, guide: &GuideId, language: &str) -> Result<(), StorageError> {
        self.delete(EDITIONS, &key(guide.as_str(), language)).await
    }

    /// Removes a guide's editions in all languages, at once.
    pub async fn remove_editions(&self, guide: &GuideId) -> Result<(), StorageError> {
        let writing = self.writing(&[EDITIONS]).await?;
        writing.delete(EDITIONS, Query::KeyRange(of_guide(guide.as_str())?))?;
        writing.complete().await
    }
}

fn card(key: &JsValue, row: &JsValue) -> Option<EditionCard> {
    Some(EditionCard {
        guide: key.dyn_ref::<Array>()?.get(0).as_string()?.parse().ok()?,
        language: name_in(key)?,
        revision: number(row, "revision"),
        epoch: text(row, "epoch"),
        fetched_at: text(row, "fetched_at"),
        bytes: number(row, "bytes") as usize,
    })
}

/// The text of the edition; none where there are no bytes of UTF-8.
fn written(row: &JsValue) -> String {
    let bytes = Reflect::get(row, &"edition".into()).ok().and_then(|value| value.dyn_into::<Uint8Array>().ok());
    bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()).unwrap_or_default()
}

fn text(row: &JsValue, field: &str) -> String {
    Reflect::get(row, &field.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

fn number(row: &JsValue, field: &str) -> u64 {
    Reflect::get(row, &field.into()).ok().and_then(|value| value.as_f64()).unwrap_or_default() as u64
}
