//! The members' pages.

use crate::routes::DeskView;
use leptos::prelude::*;

/// The page behind `view`.
pub fn page(_view: DeskView) -> AnyView {
    ().into_any()
}
