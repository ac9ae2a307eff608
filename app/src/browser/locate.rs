//! Where the phone is, asked only when the person taps for it. The answer stays in memory.

use js_sys::{Function, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// How long the phone may look for its position.
const POSITION_MS: u32 = 20_000;
/// A refusal by the person, as the Geolocation API numbers it.
const PERMISSION_DENIED: f64 = 1.0;

/// Why there is no position.
pub enum Unlocated {
    Refused,
    NotFound,
}

/// Whether this browser could say.
pub fn is_able() -> bool {
    Reflect::get(&window().navigator(), &"geolocation".into()).is_ok_and(|found| !found.is_undefined())
}

/// Latitude and longitude in degrees, WGS 84.
pub async fn locate() -> Result<[f64; 2], Unlocated> {
    let found = JsFuture::from(js_sys::Promise::new(&mut |resolve, reject| look(&resolve, &reject))).await;
    let found = found.map_err(|error| match number(&error, "code") {
        Some(PERMISSION_DENIED) => Unlocated::Refused,
        _ => Unlocated::NotFound,
    })?;
    let coordinates = Reflect::get(&found, &"coords".into()).map_err(|_| Unlocated::NotFound)?;
    let degrees = |name: &str| number(&coordinates, name).ok_or(Unlocated::NotFound);
    Ok([degrees("latitude")?, degrees("longitude")?])
}

fn look(resolve: &Function, reject: &Function) {
    let navigator: JsValue = window().navigator().into();
    let asked = (|| {
        let geolocation = Reflect::get(&navigator, &"geolocation".into())?;
        let look: Function = Reflect::get(&geolocation, &"getCurrentPosition".into())?.dyn_into()?;
        let options = Object::new();
        Reflect::set(&options, &"enableHighAccuracy".into(), &true.into())?;
        Reflect::set(&options, &"timeout".into(), &POSITION_MS.into())?;
        look.call3(&geolocation, resolve, reject, &options)
    })();
    if let Err(error) = asked {
        let _ = reject.call1(&JsValue::UNDEFINED, &error);
    }
}

fn number(of: &JsValue, name: &str) -> Option<f64> {
    Reflect::get(of, &name.into()).ok()?.as_f64()
}
