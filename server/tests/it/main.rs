//! The relay's tests, in one binary.

mod import;
mod real_data;
