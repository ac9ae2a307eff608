//! The relay's "look again": a stream of events, read with `fetch` because an EventSource cannot
//! show the device's token, and without it only publications are told.

use crate::relay::{fetch, request};
use js_sys::{Reflect, Uint8Array};
use shared::ids::GuideId;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

/// Calls `look` at every event until the stream ends, or `look` says that nobody listens.
pub async fn listen(guide: &GuideId, token: &str, look: impl Fn() -> bool) {
    // However it ends, it is tried again later: the reason does not matter.
    if let Err(thrown) = read(guide, token, look).await {
        web_sys::console::debug_1(&thrown);
    }
}

async fn read(guide: &GuideId, token: &str, look: impl Fn() -> bool) -> Result<(), JsValue> {
    let bearer = format!("Bearer {token}");
    let init = request("GET", &[("authorization", &bearer), ("accept", "text/event-stream")]).map_err(|_| JsValue::NULL)?;
    let response = fetch(&format!("/api/guides/{guide}/live"), &init).await?;
    let Some(body) = response.body().filter(|_| response.ok()) else { return Ok(()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into()?;
    loop {
        let part = JsFuture::from(reader.read()).await?;
        if Reflect::get(&part, &"done".into())?.is_truthy() {
            return Ok(());
        }
        // Comments (`:`) only keep the line open. Parts may cut lines anywhere: looking once more
        // than needed costs one small request.
        let bytes = Uint8Array::new(&Reflect::get(&part, &"value".into())?).to_vec();
        if !bytes.starts_with(b":") && !look() {
            return Ok(());
        }
    }
}
