//! The memory shelf keeps the contract that every shelf keeps. IndexedDB's runs in a browser.

use shared::testing::{MemoryShelf, run, shelf_contract};

#[test]
fn memory_keeps_the_contract() {
    assert_eq!(run(shelf_contract(&MemoryShelf::default())), Ok(()));
}
