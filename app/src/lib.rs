//! Socle's screens: rendered by the relay (feature `ssr`) and taken over in the browser (feature `browser`).
//!
//! Pages read a [`guide::Site`] and know neither the relay nor the phone. Everything that only a
//! browser can do lives in `browser`, the one place that is compiled for it alone.

pub mod assets;
pub mod components;
pub mod desk;
pub mod guide;
pub mod languages;
pub mod locale;
pub mod pages;
pub mod routes;
pub mod shell;

#[cfg(feature = "browser")]
pub mod browser;
