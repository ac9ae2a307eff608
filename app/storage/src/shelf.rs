//! The shelf of one guide's replica, in IndexedDB; sealed where the member has set a lock.

use crate::StorageError;
use crate::database::{Db, KEYS, SETTINGS, VERSIONS, Writing, key, name_in, of_guide};
use crate::keys::{lock_id, lock_key};
use crate::settings::MEMBERSHIP;
use idb::Query;
use js_sys::{Array, Uint8Array};
use shared::ids::GuideId;
use shared::order;
use shared::replica::{Shelf, ShelfError, Table, Write};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

const COMMITS: &str = "commits";

#[derive(Debug, Clone)]
pub struct GuideShelf {
    db: Db,
    guide: String,
}

impl Db {
    pub fn shelf(&self, guide: &GuideId) -> GuideShelf {
        GuideShelf { db: self.clone(), guide: guide.as_str().to_owned() }
    }

    /// Takes a guide's shelf away, as if it had never been.
    pub async fn forget_shelf(&self, guide: &GuideId) -> Result<(), StorageError> {
        let names: Vec<&str> = Table::ALL.map(Table::name).into_iter().chain([VERSIONS]).collect();
        let writing = self.writing(&names).await?;
        for name in names {
            writing.delete(name, Query::KeyRange(of_guide(guide.as_str())?))?;
        }
        writing.complete().await
    }
}

impl Shelf for GuideShelf {
    async fn version(&self) -> Result<u64, ShelfError> {
        Ok(count(self.db.get(VERSIONS, &self.key(COMMITS)).await?))
    }

    async fn get(&self, table: Table, name: &str) -> Result<Option<Vec<u8>>, ShelfError> {
        let found = self.db.get(table.name(), &self.key(name)).await?;
        Ok(opened(found.into_iter().collect()).await?.iter().find_map(|row| bytes(&row)))
    }

    async fn keys(&self, table: Table) -> Result<Vec<String>, ShelfError> {
        let keys = self.db.keys(table.name(), &self.guide).await?;
        Ok(keys.iter().filter_map(name_in).collect())
    }

    async fn all(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, ShelfError> {
        let (keys, rows): (Vec<JsValue>, Array) =
            self.db.entries(table.name(), Some(of_guide(&self.guide)?)).await?.into_iter().unzip();
        let rows = opened(rows).await?;
        Ok(keys.iter().zip(rows.iter()).filter_map(|(key, row)| Some((name_in(key)?, bytes(&row)?))).collect())
    }

    async fn commit(&self, since: u64, writes: Vec<Write>) -> Result<u64, ShelfError> {
        // Sealing waits for more than the store, so it comes before the transaction.
        let lock = self.db.lock(&self.guide).await?;
        let put = writes.iter().filter_map(|write| match write {
            Write::Put { value, .. } => Some(Uint8Array::from(value.as_slice())),
            _ => None,
        });
        let mut rows: Array = put.collect();
        if !lock.is_undefined() {
            rows = seal(rows, &lock).await.map_err(|_| ShelfError::Locked)?.unchecked_into();
        }
        let tables = order::unique(writes.iter().map(|write| write.table().name()).chain([KEYS, SETTINGS, VERSIONS]));
        let writing = self.db.writing(&tables).await?;
        let found = writing.get(VERSIONS, &self.key(COMMITS)).await?;
        if count(found) != since || lock_id(writing.get(KEYS, &lock_key(&self.guide)).await?) != lock {
            writing.abort()?;
            return Err(ShelfError::Moved);
        }
        let mut rows = rows.iter();
        for write in &writes {
            self.run(&writing, write, &mut rows)?;
        }
        writing.put(VERSIONS, &self.key(COMMITS), &((since + 1) as f64).into())?;
        writing.complete().await?;
        Ok(since + 1)
    }
}

#[wasm_bindgen]
extern "C" {
    // From `vault.js`, in the replica's worker.
    #[wasm_bindgen(catch, js_namespace = vault)]
    async fn seal(rows: Array, lock: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = vault)]
    async fn open(rows: Array) -> Result<JsValue, JsValue>;
}

/// How a sealed row begins: no JSON and no document does.
const SEALED: u8 = 1;

async fn opened(rows: Array) -> Result<Array, StorageError> {
    let is_sealed = |row: JsValue| row.dyn_ref::<Uint8Array>().is_some_and(|row| row.get_index(0) == SEALED);
    if !rows.iter().any(is_sealed) {
        return Ok(rows);
    }
    Ok(open(rows).await.map_err(|_| StorageError::Locked)?.unchecked_into())
}

impl GuideShelf {
    fn key(&self, name: &str) -> JsValue {
        key(&self.guide, name)
    }

    /// `rows` gives what is put, in turn.
    fn run(&self, writing: &Writing, write: &Write, rows: &mut impl Iterator<Item = JsValue>) -> Result<(), StorageError> {
        match write {
            Write::Put { table, key, .. } => writing.put(table.name(), &self.key(key), &rows.next().unwrap_or_default()),
            Write::Delete { table, key } => writing.delete(table.name(), Query::Key(self.key(key))),
            Write::Clear { table } => {
                // Without rows of its own a guide has no lock, and no member here.
                if *table == Table::Own {
                    writing.delete(KEYS, Query::Key(lock_key(&self.guide)))?;
                    writing.delete(SETTINGS, Query::Key(self.key(MEMBERSHIP)))?;
                }
                writing.delete(table.name(), Query::KeyRange(of_guide(&self.guide)?))
            }
        }
    }
}

fn count(found: Option<JsValue>) -> u64 {
    found.and_then(|value| value.as_f64()).unwrap_or_default() as u64
}

fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}
