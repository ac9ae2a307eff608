//! How a value of `opening_hours` reads. A program of its own: parser, evaluator and holidays weigh
//! half as much as the whole replica, few edits need them, and a fault in them must not stop it.

use shared::ids::Day;
use shared::link::HoursReading;
use wasm_bindgen::prelude::wasm_bindgen;

/// The reading as JSON of a `shared::link::HoursReading`; `today` is an ISO day.
#[wasm_bindgen]
pub fn explain(written: &str, country: Option<String>, today: &str) -> String {
    let today: Day = today.parse().unwrap_or(Day(0));
    let reading: HoursReading = shared::hours::explain(written, country.as_deref(), today);
    shared::json::to_string(&reading)
}
