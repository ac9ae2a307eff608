//! The shelf of one guide's replica, in IndexedDB.

use crate::StorageError;
use crate::database::{Db, VERSIONS, Writing, key, name_in, of_guide};
use idb::Query;
use js_sys::Uint8Array;
use shared::ids::GuideId;
use shared::order;
use shared::replica::{Shelf, ShelfError, Table, Write};
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
        Ok(found.as_ref().and_then(bytes))
    }

    async fn keys(&self, table: Table) -> Result<Vec<String>, ShelfError> {
        let keys = self.db.keys(table.name(), &self.guide).await?;
        Ok(keys.iter().filter_map(name_in).collect())
    }

    async fn all(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, ShelfError> {
        let entries = self.db.entries(table.name(), Some(of_guide(&self.guide)?)).await?;
        Ok(entries.iter().filter_map(|(key, value)| Some((name_in(key)?, bytes(value)?))).collect())
    }

    async fn commit(&self, since: u64, writes: Vec<Write>) -> Result<u64, ShelfError> {
        let tables = order::unique(writes.iter().map(|write| write.table().name()).chain([VERSIONS]));
        let writing = self.db.writing(&tables).await?;
        let found = writing.get(VERSIONS, &self.key(COMMITS)).await?;
        if count(found) != since {
            writing.abort()?;
            return Err(ShelfError::Moved);
        }
        for write in &writes {
            self.run(&writing, write)?;
        }
        writing.put(VERSIONS, &self.key(COMMITS), &((since + 1) as f64).into())?;
        writing.complete().await?;
        Ok(since + 1)
    }
}

impl GuideShelf {
    fn key(&self, name: &str) -> JsValue {
        key(&self.guide, name)
    }

    fn run(&self, writing: &Writing, write: &Write) -> Result<(), StorageError> {
        match write {
            Write::Put { table, key, value } => writing.put(table.name(), &self.key(key), &Uint8Array::from(value.as_slice())),
            Write::Delete { table, key } => writing.delete(table.name(), Query::Key(self.key(key))),
            Write::Clear { table } => writing.delete(table.name(), Query::KeyRange(of_guide(&self.guide)?)),
        }
    }
}

fn count(found: Option<JsValue>) -> u64 {
    found.and_then(|value| value.as_f64()).unwrap_or_default() as u64
}

fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}
