//! The member's side of the exchange: outbox, feed, drafts, over stores and networks given as traits.

mod shelf;

pub use shelf::{Shelf, ShelfError, Table, Write};
