//! One unit of work on the shelf: rows read, rewritten, and committed at once or not at all.

use super::rows::{self, AuthorRow, BatchKey, BatchRow, OWN, Own};
use super::{Keys, Relay, Replica, Shelf, ShelfError, Surroundings, Table, Write, internal};
use crate::document::Document;
use crate::ids::RecordId;
use crate::json::Json;
use crate::link::{Draft, Trouble};
use crate::order::{self, Ordered};
use std::cell::RefCell;

/// How often a unit of work is done again because another tab was quicker.
const ATTEMPTS: usize = 100;

/// What is to be written: a row's new value, or that it goes.
type Writes = Ordered<(Table, String), Option<Vec<u8>>>;

/// Reads see what this sheet has written.
pub(super) struct Sheet<'a, S> {
    shelf: &'a S,
    version: u64,
    pub own: Own,
    before: Own,
    writes: Writes,
    /// Readers' copies of the guide go, too.
    pub clears_editions: bool,
    /// The shelf's batches as read: many records of one sheet ask for the same ones.
    batches: RefCell<Vec<(Table, Vec<BatchKey>)>>,
}

/// What a commit did, for whoever remembers rows.
pub(super) struct Committed {
    pub from: u64,
    pub to: u64,
    pub writes: Writes,
}

impl<'a, S: Shelf> Sheet<'a, S> {
    pub async fn begin(shelf: &'a S) -> Result<Self, Trouble> {
        // The version first: rows read later can only be newer, and then the commit is refused.
        let version = shelf.version().await?;
        let own = match shelf.get(Table::Own, OWN).await? {
            Some(bytes) => rows::read(&bytes)?,
            None => Own::default(),
        };
        Ok(Sheet {
            shelf,
            version,
            before: own.clone(),
            own,
            writes: Writes::default(),
            clears_editions: false,
            batches: RefCell::default(),
        })
    }

    pub fn version(&self) -> u64 {
        self.version
    }

    pub async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, Trouble> {
        match self.writes.get(&(table, key.to_owned())) {
            Some(written) => Ok(written.clone()),
            None => Ok(self.shelf.get(table, key).await?),
        }
    }

    /// The keys of a table, in order.
    pub async fn keys(&self, table: Table) -> Result<Vec<String>, Trouble> {
        let mut keys = order::unique(self.shelf.keys(table).await?);
        for ((_, key), value) in self.writes.iter().filter(|((of, _), _)| *of == table) {
            match (value.is_some(), keys.binary_search(key)) {
                (true, Err(at)) => keys.insert(at, key.clone()),
                (false, Ok(at)) => drop(keys.remove(at)),
                _ => {}
            }
        }
        Ok(keys)
    }

    /// All rows as they are on the shelf; only for sheets that look.
    pub async fn all(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, Trouble> {
        Ok(self.shelf.all(table).await?)
    }

    pub fn put(&mut self, table: Table, key: impl Into<String>, value: Vec<u8>) {
        self.writes.insert((table, key.into()), Some(value));
    }

    pub fn put_row(&mut self, table: Table, key: impl Into<String>, row: &impl Json) {
        self.put(table, key, rows::written(row));
    }

    pub fn delete(&mut self, table: Table, key: impl Into<String>) {
        self.writes.insert((table, key.into()), None);
    }

    /// The batches in `table`, in order.
    pub async fn batches(&self, table: Table) -> Result<Vec<BatchKey>, Trouble> {
        let known = self.batches.borrow().iter().find(|(of, _)| *of == table).map(|(_, batches)| batches.clone());
        let mut batches = match known {
            Some(batches) => batches,
            None => {
                let mut batches = Vec::new();
                for (key, row) in self.all(table).await? {
                    batches.extend(BatchKey::of(&key, &row)?);
                }
                self.batches.borrow_mut().push((table, batches.clone()));
                batches
            }
        };
        for ((_, key), value) in self.writes.iter().filter(|((of, _), _)| *of == table) {
            let at = batches.partition_point(|batch| batch.text() < *key);
            match (value, batches.get(at).is_some_and(|batch| batch.text() == *key)) {
                (Some(row), false) => batches.splice(at..at, BatchKey::of(key, row)?).for_each(drop),
                (None, true) => drop(batches.remove(at)),
                _ => {}
            }
        }
        Ok(batches)
    }

    pub async fn batch(&self, table: Table, key: BatchKey) -> Result<Option<BatchRow>, Trouble> {
        self.get(table, &key.text()).await?.map(|bytes| rows::read(&bytes)).transpose()
    }

    pub async fn draft(&self, key: BatchKey) -> Result<Option<Draft>, Trouble> {
        self.get(Table::Drafts, &key.text()).await?.map(|bytes| rows::read(&bytes)).transpose()
    }

    pub async fn author(&self, actor: &str) -> Result<Option<AuthorRow>, Trouble> {
        self.get(Table::Authors, actor).await?.map(|bytes| rows::read(&bytes)).transpose()
    }

    /// The record as far as the relay has it.
    pub async fn confirmed(&self, record: RecordId) -> Result<Option<Document>, Trouble> {
        let bytes = self.get(Table::Records, &record.to_string()).await?;
        bytes.map(|bytes| Document::load(&bytes).map_err(internal)).transpose()
    }

    pub fn put_confirmed(&mut self, record: RecordId, document: &Document) {
        self.put(Table::Records, record.to_string(), document.save());
    }

    /// A number for one more batch.
    pub fn next_key(&mut self, record: RecordId) -> BatchKey {
        self.own.next += 1;
        BatchKey { number: self.own.next, record }
    }

    /// Writes everything, if there is anything; `None` when there was not.
    async fn commit(mut self) -> Result<Option<Committed>, ShelfError> {
        if self.own != self.before {
            self.put(Table::Own, OWN, rows::written(&self.own));
        }
        if self.writes.is_empty() {
            return Ok(None);
        }
        let writes = self.writes.iter().map(|((table, key), value)| match value {
            Some(value) => Write::put(*table, key.as_str(), value.as_slice()),
            None => Write::delete(*table, key.as_str()),
        });
        let editions = self.clears_editions.then_some(Write::Clear { table: Table::Editions });
        let writes = writes.chain(editions);
        let to = self.shelf.commit(self.version, writes.collect()).await?;
        Ok(Some(Committed { from: self.version, to, writes: self.writes }))
    }
}

impl<S: Shelf, K: Keys, R: Relay, W: Surroundings> Replica<S, K, R, W> {
    /// Does `work` on a sheet and commits it; all of it again on fresh rows when the shelf moved.
    pub(super) async fn transact<T>(&self, work: impl AsyncFn(&mut Sheet<'_, S>) -> Result<T, Trouble>) -> Result<T, Trouble> {
        for _ in 0..ATTEMPTS {
            let mut sheet = Sheet::begin(&self.shelf).await?;
            let done = work(&mut sheet).await?;
            match sheet.commit().await {
                Err(ShelfError::Moved) => continue,
                Err(error) => return Err(error.into()),
                Ok(committed) => {
                    self.note(committed)?;
                    return Ok(done);
                }
            }
        }
        Err(internal("other tabs keep changing the rows"))
    }

    /// Reads with `work` what stood on the shelf at one moment.
    pub(super) async fn look<T>(&self, work: impl AsyncFn(&Sheet<'_, S>) -> Result<T, Trouble>) -> Result<T, Trouble> {
        for _ in 0..ATTEMPTS {
            let sheet = Sheet::begin(&self.shelf).await?;
            let found = work(&sheet).await;
            if self.shelf.version().await? == sheet.version() {
                return found;
            }
        }
        Err(internal("other tabs keep changing the rows"))
    }
}
