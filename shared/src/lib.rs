//! Socle's pure core: what a guide is, how it is edited, merged, guarded, published and searched.
//!
//! Nothing here does I/O, reads a clock or draws randomness: time and random bytes are arguments,
//! stores and networks are traits that others implement. `app` and `server` only carry out.

pub mod batch;
pub mod boundary;
pub mod carry;
pub mod categories;
pub mod decimal;
pub mod delta;
pub mod distance;
pub mod document;
pub mod edit;
pub mod edition;
pub mod gate;
pub mod hours;
pub mod ids;
pub mod import;
pub mod joining;
pub mod json;
pub mod limits;
pub mod link;
pub mod order;
pub mod record;
pub mod replica;
pub mod review;
pub mod saved;
pub mod schema;
pub mod search;
pub mod sketch;
pub mod validate;
pub mod wire;

#[cfg(feature = "testing")]
pub mod testing;
