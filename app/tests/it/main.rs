//! Pages as the relay renders them, on the native target: `cargo test -p app --features ssr`.

mod finding;
mod fixture;
mod locales;
mod pages;
mod routes;
