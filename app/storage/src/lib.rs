//! The phone's IndexedDB, used by the app and by the replica; nobody else names IndexedDB.
//!
//! What the service worker and tests may rely on: the database is called `socle`, its version is
//! [`VERSION`]; stores have out-of-line keys. `editions` has keys `[guide, language]` and values
//! `{edition: string (what the relay said of it, a line of JSON each: all, then changes), revision:
//! number, epoch: string, fetched_at: string (ISO 8601), bytes: number}`. Keys of all other stores are `[guide, name]`. A member's documents,
//! outbox and drafts stand in the stores named by `shared::replica::Table`, as bytes; `keys` holds
//! CryptoKeyPairs whose private half cannot be read; `settings` holds strings (guide `""`: of the
//! whole app); `versions` counts the commits of a guide's shelf.
//!
//! Every write resolves when its transaction has completed, and inside a transaction nothing but
//! IndexedDB is awaited.

mod database;
mod editions;
mod error;
mod keys;
mod settings;
mod shelf;

pub use database::{Db, NAME, VERSION, open};
pub use editions::{EditionCard, StoredEdition};
pub use error::StorageError;
pub use settings::MEMBERSHIP;
pub use shelf::GuideShelf;
