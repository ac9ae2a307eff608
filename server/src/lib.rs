//! Placeholder.
pub mod site;
