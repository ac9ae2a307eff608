//! The relay's tests, in one binary.

mod ahead;
mod architecture;
mod batches;
mod boundary;
mod demo;
mod durability;
mod house;
mod import;
mod joining;
mod killed;
mod pages;
mod publishing;
mod real_data;
mod relevance;
mod restored;
