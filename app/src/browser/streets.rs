//! The street map below the sketch: a script of its own, loaded with the map page, that shows itself
//! where the relay has tiles. It is told what to draw when the person asks for it.

use super::script;
use leptos::task::spawn_local;
use shared::json;
use shared::order::Ordered;
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// The file that offers the street map; absent from builds without npm.
pub const SCRIPT: &str = "streets.js";

/// What the script calls its texts, and their keys.
pub const WORDS: [(&str, &str); 11] = [
    ("title", "map.streets"),
    ("show", "map.streets_show"),
    ("keep", "map.streets_keep"),
    ("kept", "map.streets_kept"),
    ("remove", "map.streets_remove"),
    ("progress", "map.streets_progress"),
    ("failed", "about.failed"),
    ("full", "about.full"),
    ("mb", "size.mb"),
    ("in", "map.zoom_in"),
    ("out", "map.zoom_out"),
];

#[wasm_bindgen]
extern "C" {
    /// `public/streets.js`.
    type Script;

    #[wasm_bindgen(method, catch)]
    async fn offer(
        this: &Script,
        section: &Element,
        guide: &str,
        language: &str,
        words: &str,
        look: &JsValue,
        go: &JsValue,
    ) -> Result<(), JsValue>;
}

/// What the street map needs to know of the page it stands on.
pub struct Page {
    /// Address of the script.
    pub script: String,
    pub guide: String,
    pub language: String,
    pub words: Ordered<String, String>,
    /// `{"places": [[latitude, longitude, name, address], …], "here": [latitude, longitude]}`
    pub look: Box<dyn Fn() -> String>,
    /// Opens a page of the app by its address.
    pub go: Box<dyn Fn(String)>,
}

/// Has the script fill `section`; where it does not come, the sketch is the map.
pub fn attend(section: Element, page: Page) {
    let Page { script, guide, language, words, look, go } = page;
    let (look, go) = (Closure::wrap(look).into_js_value(), Closure::wrap(go).into_js_value());
    spawn_local(async move {
        let done = match script::load(&script).await {
            Ok(script) => {
                let script: Script = script.unchecked_into();
                script.offer(&section, &guide, &language, &json::to_string(&words), &look, &go).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            super::complain("no streets:", &error);
        }
    });
}
