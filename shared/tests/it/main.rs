//! The tests of the pure core: one binary, one module per subject.

mod hours;
mod hours_berlin;
mod search;
