//! The relay's tests, in one binary.

mod demo;
mod import;
mod real_data;
