//! What `boot.js` does for the app: short in script, long in WASM.

use shared::ids::{Day, Moment};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = socle, js_name = moment)]
    fn moment_text(time_zone: &str) -> String;

    /// What the person chose here last and what the browser's settings say, with spaces between.
    #[wasm_bindgen(js_namespace = socle, js_name = languages)]
    pub fn languages() -> String;

    /// A script of this site that is loaded when it is needed.
    #[wasm_bindgen(js_namespace = socle, js_name = load, catch)]
    pub async fn load(url: &str) -> Result<JsValue, JsValue>;

    /// Lets the browser do what waits, such as painting, or answering a finger, between two long pieces of work.
    #[wasm_bindgen(js_namespace = socle, js_name = breathe)]
    pub async fn breathe();

    /// Removes the streets of a guide from the phone, without waiting for it.
    #[wasm_bindgen(js_namespace = socle, js_name = forget)]
    pub fn forget(guide: &str);

    /// Sends the service worker a message (JSON); `progress(done, total, failed)` hears its answers.
    #[wasm_bindgen(js_namespace = socle, js_name = tellServiceWorker)]
    pub async fn tell_service_worker(message: &str, progress: &Closure<dyn FnMut(f64, f64, String)>);

    #[wasm_bindgen(js_namespace = socle, js_name = watchForUpdates)]
    pub async fn watch_for_updates(waits: &Closure<dyn FnMut()>, may_reload: &Closure<dyn FnMut() -> bool>);

    #[wasm_bindgen(js_namespace = socle, js_name = update)]
    pub async fn update();

    #[wasm_bindgen(js_namespace = socle, js_name = lookForUpdate)]
    pub async fn look_for_update();
}

/// Now, on the clock of `time_zone`, whatever the phone's own.
pub fn now(time_zone: &str) -> Moment {
    moment_text(time_zone).parse().unwrap_or(Moment { day: Day(0), minute: 0 })
}
