//! What the gate lets in, what it refuses, and that nothing makes it stumble.

mod envelope;
mod honest;
mod hostile_bytes;
mod hostile_operations;
mod mutants;
pub mod random;
pub mod workshop;
