//! A shelf in memory, and the contract that every shelf keeps.

use super::Pause;
use crate::replica::{Shelf, ShelfError, Table, Write};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Clones are the same shelf, as two tabs see it.
#[derive(Debug, Clone, Default)]
pub struct MemoryShelf {
    rows: Rc<RefCell<BTreeMap<(Table, String), Vec<u8>>>>,
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

/// What every shelf does, on an empty one. The first sentence that does not hold is the error.
pub async fn shelf_contract(shelf: &impl Shelf) -> Result<(), String> {
    let fault = |error: ShelfError| error.to_string();
    let bytes = |text: &str| text.as_bytes().to_vec();
    hold(shelf.version().await == Ok(0), "a new shelf is at version 0")?;
    hold(shelf.get(Table::Own, "x").await == Ok(None), "an absent row is none")?;

    let first = vec![
        Write::put(Table::Outbox, "b", "2"),
        Write::put(Table::Outbox, "a", "1"),
        Write::put(Table::Drafts, "a", "other table"),
        Write::put(Table::Records, "empty", ""),
    ];
    let version = shelf.commit(0, first).await.map_err(fault)?;
    hold(version == 1, "a commit raises the version by one")?;
    hold(shelf.version().await == Ok(1), "the version is kept")?;
    hold(shelf.get(Table::Outbox, "a").await == Ok(Some(bytes("1"))), "a row reads as written")?;
    hold(shelf.get(Table::Records, "empty").await == Ok(Some(Vec::new())), "no bytes are a row too")?;
    hold(shelf.keys(Table::Outbox).await == Ok(vec!["a".into(), "b".into()]), "keys are sorted, of one table")?;
    let all = vec![("a".to_owned(), bytes("1")), ("b".to_owned(), bytes("2"))];
    hold(shelf.all(Table::Outbox).await == Ok(all), "rows come by key")?;

    let late = shelf.commit(0, vec![Write::put(Table::Outbox, "c", "3")]).await;
    hold(late == Err(ShelfError::Moved), "a commit on older rows is refused")?;
    hold(shelf.get(Table::Outbox, "c").await == Ok(None), "nothing of a refused commit is written")?;

    let second = vec![
        Write::delete(Table::Outbox, "a"),
        Write::put(Table::Outbox, "b", "4"),
        Write::delete(Table::Outbox, "never there"),
        Write::Clear { table: Table::Drafts },
    ];
    hold(shelf.commit(1, second).await == Ok(2), "the next commit is taken")?;
    hold(shelf.all(Table::Outbox).await == Ok(vec![("b".to_owned(), bytes("4"))]), "rows are deleted and replaced")?;
    hold(shelf.keys(Table::Drafts).await == Ok(Vec::new()), "a table is cleared")?;
    hold(shelf.keys(Table::Records).await == Ok(vec!["empty".into()]), "only that table is cleared")
}

fn hold(holds: bool, sentence: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("not so: {sentence}")) }
}
