//! The tests of the pure core: one binary, one module per subject.

mod batch;
mod carry;
mod delta;
mod edit;
mod edition;
mod gate;
mod hours;
mod hours_berlin;
mod joining;
mod json;
mod network;
mod record;
mod review;
mod saved;
mod search;
mod search_places;
mod shelf;
mod sketch;
mod stories;
