//! The relay as a library, so that tests, imports and the binary `socle` are built from the same parts.

pub mod api;
pub mod backup;
pub mod boundary;
mod bucket;
pub mod cli;
pub mod config;
pub mod demo;
pub mod encoding;
pub mod error;
pub mod export;
mod headers;
pub mod import;
pub mod origin;
mod owner;
pub mod pages;
mod places;
pub mod publish;
mod rates;
pub mod relay;
mod report;
pub mod router;
pub mod serve;
pub mod site;
pub mod state;
pub mod store;
pub mod streets;
pub mod welcome;
