//! The relay as a library, so that tests, imports and the binary `socle` are built from the same parts.

pub mod encoding;
pub mod publish;
pub mod relay;
pub mod site;
pub mod store;
