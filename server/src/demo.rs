//! The guide that a first start creates: real public organisations of Grenoble with facts that
//! anyone can check, and plainly named examples.
//!
//! It comes in the form of `socle export` and enters through the same gate as any import.

use crate::export::GuideFile;
use crate::import::command::begin;
use crate::import::run::{self, RunError};
use crate::import::{ImportError, guide, plan};
use crate::relay::Relay;
use crate::store::StoreError;
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;

const SLUG: &str = "demo";

/// The file, as `socle export demo` would write it.
pub const GUIDE: &str = include_str!("../demo/guide.json");

#[derive(Debug, Error)]
pub enum DemoError {
    #[error("the demo guide: {0}")]
    File(#[from] ImportError),
    #[error("the demo guide: {0}")]
    Run(#[from] RunError),
}

/// Whether the relay is empty, or was stopped while it made its demo guide.
pub fn is_due(relay: &Arc<Relay>) -> Result<bool, StoreError> {
    relay.store().read(|rows| match rows.guides()?.as_slice() {
        [] => Ok(true),
        [only] if only.as_str() == SLUG => Ok(rows.document_count(only)? <= 1),
        _ => Ok(false),
    })
}

/// Creates the demo guide; finishes one that was begun.
pub fn create(relay: &Arc<Relay>) -> Result<GuideFile, DemoError> {
    let (file, source) = guide::read(GUIDE)?;
    begin(relay, &file)?;
    let existing = run::existing(relay, &file.guide)?;
    let plan = plan(source, &existing, file.guide.settings(), &BTreeMap::new());
    run::run(relay, &file.guide, &plan, &mut |_| {})?;
    Ok(file)
}
