//! The relay as a library, so that tests, imports and the binary `socle` are built from the same parts.

pub mod api;
pub mod boundary;
pub mod cli;
pub mod config;
pub mod demo;
pub mod encoding;
pub mod error;
pub mod export;
mod headers;
pub mod import;
pub mod pages;
pub mod publish;
pub mod relay;
pub mod router;
pub mod serve;
pub mod site;
pub mod state;
pub mod store;
pub mod welcome;
