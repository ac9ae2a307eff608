//! The guide that a first start creates: real public organisations of Grenoble with facts that
//! anyone can check, and plainly named examples.
//!
//! It comes in the form of `socle export` and enters through the same gate as any import.

use crate::export::GuideFile;
use crate::import::command::begin;
use crate::import::run::{self, RunError};
use crate::import::{ImportError, guide, plan};
use crate::relay::Relay;
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;

/// The file, as `socle export demo` would write it.
pub const GUIDE: &str = include_str!("../demo/guide.json");

#[derive(Debug, Error)]
pub enum DemoError {
    #[error("the demo guide: {0}")]
    File(#[from] ImportError),
    #[error("the demo guide: {0}")]
    Run(#[from] RunError),
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
