//! A shelf in memory.

use super::Pause;
use crate::replica::{Shelf, ShelfError, Table, Write};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

type Rows = BTreeMap<(Table, String), Vec<u8>>;

/// Clones are the same shelf, as two tabs see it.
#[derive(Debug, Clone, Default)]
pub struct MemoryShelf {
    rows: Rc<RefCell<Rows>>,
    version: Rc<Cell<u64>>,
    full: Rc<Cell<bool>>,
}

impl MemoryShelf {
    /// Whether commits are refused for lack of room.
    pub fn set_full(&self, full: bool) {
        self.full.set(full);
    }

    /// What stands there, for tests that look.
    pub fn row(&self, table: Table, key: &str) -> Option<Vec<u8>> {
        self.rows.borrow().get(&(table, key.to_owned())).cloned()
    }

    pub fn count(&self, table: Table) -> usize {
        self.rows.borrow().keys().filter(|(of, _)| *of == table).count()
    }

    fn write(&self, write: Write) {
        let mut rows = self.rows.borrow_mut();
        match write {
            Write::Put { table, key, value } => drop(rows.insert((table, key), value)),
            Write::Delete { table, key } => drop(rows.remove(&(table, key))),
            Write::Clear { table } => rows.retain(|(of, _), _| *of != table),
        }
    }
}

impl Shelf for MemoryShelf {
    async fn version(&self) -> Result<u64, ShelfError> {
        Pause::default().await;
        Ok(self.version.get())
    }

    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, ShelfError> {
        Pause::default().await;
        Ok(self.row(table, key))
    }

    async fn keys(&self, table: Table) -> Result<Vec<String>, ShelfError> {
        Pause::default().await;
        Ok(self.rows.borrow().keys().filter(|(of, _)| *of == table).map(|(_, key)| key.clone()).collect())
    }

    async fn all(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, ShelfError> {
        Pause::default().await;
        let rows = self.rows.borrow();
        Ok(rows.iter().filter(|((of, _), _)| *of == table).map(|((_, key), value)| (key.clone(), value.clone())).collect())
    }

    async fn commit(&self, since: u64, writes: Vec<Write>) -> Result<u64, ShelfError> {
        Pause::default().await;
        if self.version.get() != since {
            return Err(ShelfError::Moved);
        }
        if self.full.get() {
            return Err(ShelfError::Full);
        }
        writes.into_iter().for_each(|write| self.write(write));
        self.version.set(since + 1);
        // A worker may end after its rows are durable and before it knows.
        Pause::default().await;
        Ok(since + 1)
    }
}
