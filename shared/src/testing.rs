//! An in-memory network of devices and a relay, seeded: tests of every crate tell stories with it.
//!
//! The devices run the real replica, the relay the real gate and the real rules of review. What is
//! pretended is the world around them: shelves in memory, requests and replies that get lost, come
//! twice or late, a relay that is restored from a backup, a worker that ends between two steps.

mod device;
mod edits;
mod line;
mod network;
mod relay;
mod shelf;
mod steps;

pub use crate::replica::shelf_contract;
pub use device::{Device, Member};
pub use edits::random_edits;
pub use line::Weather;
pub use network::Network;
pub use relay::{Decided, Logged, MemoryRelay, Proposed};
pub use shelf::MemoryShelf;
pub use steps::{Pause, run, run_both, run_steps};
