//! Where a replica keeps its rows: in the browser IndexedDB, in tests memory. One shelf per guide.
//!
//! Every commit names the shelf's version that its rows were computed from, and is refused when the
//! shelf has moved since. So two tabs, or a save in the middle of an exchange, can never overwrite
//! each other's work: whoever comes second does its work again on fresh rows.

use thiserror::Error;

/// The kinds of rows. Keys are text and sorted by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// The replica's own state: one row, see `rows::Own`.
    Own,
    /// Documents made only of changes that the relay has; key: the record.
    Records,
    /// What lists show; key: the record.
    Summaries,
    /// Sealed batches that wait, in order; see `rows::BatchKey`.
    Outbox,
    /// Batches that the relay acknowledged, for a relay restored from a backup.
    Acknowledged,
    /// Work that was refused; see `rows::DraftRow`.
    Drafts,
    /// Who an actor is; key: the actor.
    Authors,
    /// Readers' copies of the guide in this browser. They are the readers' program's: a replica only
    /// clears them, when they may hold what was purged.
    Editions,
}

impl Table {
    /// The replica's own.
    pub const ALL: [Table; 7] =
        [Table::Own, Table::Records, Table::Summaries, Table::Outbox, Table::Acknowledged, Table::Drafts, Table::Authors];

    /// The name of the store that holds these rows.
    pub fn name(self) -> &'static str {
        match self {
            Table::Own => "own",
            Table::Records => "records",
            Table::Summaries => "summaries",
            Table::Outbox => "outbox",
            Table::Acknowledged => "acknowledged",
            Table::Drafts => "drafts",
            Table::Authors => "authors",
            Table::Editions => "editions",
        }
    }
}

/// One step of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    Put {
        table: Table,
        key: String,
        value: Vec<u8>,
    },
    Delete {
        table: Table,
        key: String,
    },
    /// Takes every row out of a table.
    Clear {
        table: Table,
    },
}

impl Write {
    pub fn put(table: Table, key: impl Into<String>, value: impl Into<Vec<u8>>) -> Write {
        Write::Put { table, key: key.into(), value: value.into() }
    }

    pub fn delete(table: Table, key: impl Into<String>) -> Write {
        Write::Delete { table, key: key.into() }
    }

    pub fn table(&self) -> Table {
        match self {
            Write::Put { table, .. } | Write::Delete { table, .. } | Write::Clear { table } => *table,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShelfError {
    /// Somebody committed since. Nothing was written: read again and retry.
    #[error("the rows changed meanwhile")]
    Moved,
    /// No room left. Nothing was written.
    #[error("the browser has no room left")]
    Full,
    #[error("the browser does not let us store anything")]
    Unavailable,
    /// The rows are sealed, and nobody has given PIN or passphrase here.
    #[error("locked")]
    Locked,
    #[error("the store failed: {0}")]
    Failed(String),
}

#[expect(async_fn_in_trait, reason = "replicas are single-threaded: nothing here needs Send")]
pub trait Shelf {
    /// The number of commits so far.
    async fn version(&self) -> Result<u64, ShelfError>;
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, ShelfError>;
    /// All keys, ascending.
    async fn keys(&self, table: Table) -> Result<Vec<String>, ShelfError>;
    /// All rows, by ascending key.
    async fn all(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, ShelfError>;
    /// Writes all or nothing, in order, and answers the new version when it is durable. Refused with
    /// [`ShelfError::Moved`] unless the shelf is at version `since`.
    async fn commit(&self, since: u64, writes: Vec<Write>) -> Result<u64, ShelfError>;
}
