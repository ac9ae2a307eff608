//! Work carried by hand: unsent batches out of this phone's storage, files out and in, batches to the relay.

use crate::browser::complain;
use crate::desk::Delivered;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use shared::ids::{BatchId, GuideId};
use shared::json;
use shared::link::Trouble;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Blob, BlobPropertyBag, File, HtmlAnchorElement, HtmlInputElement, RequestCredentials, RequestInit, Response, Url,
};

const REQUEST_MS_MAX: u32 = 60_000;
const KIND: &str = "application/cbor-seq";

/// Saves a file among the phone's downloads, from where it is shared like any other: browsers' own share
/// sheets take only kinds of files that they know.
pub fn hand_over(name: &str, bytes: &[u8]) -> Result<(), Trouble> {
    let failed = |thrown: JsValue| {
        complain("the file was not made", &thrown);
        Trouble::Internal { detail: "the file was not made".to_owned() }
    };
    let parts = Array::of1(&Uint8Array::from(bytes));
    let kind = BlobPropertyBag::new();
    kind.set_type(KIND);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).map_err(failed)?;
    save(name, &blob).map_err(failed)
}

fn save(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address)
}

/// What the person chose in the field with this id; the field is empty again after it.
pub async fn file(field: &str) -> Option<Vec<u8>> {
    let input: HtmlInputElement = document().get_element_by_id(field)?.dyn_into().ok()?;
    let file: File = input.files()?.get(0)?;
    if file.size() > shared::carry::FILE_BYTES_MAX as f64 {
        return Some(Vec::new());
    }
    let bytes = JsFuture::from(file.array_buffer()).await.ok()?;
    input.set_value("");
    Some(Uint8Array::new(&bytes).to_vec())
}

/// Posts a batch as it is. What is no answer of Socle's counts as not reached.
pub async fn deliver(guide: &GuideId, batch: BatchId, bytes: &[u8]) -> Delivered {
    answer(guide, batch, bytes).await.unwrap_or(Delivered::NotReached)
}

async fn answer(guide: &GuideId, batch: BatchId, bytes: &[u8]) -> Option<Delivered> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_credentials(RequestCredentials::Omit);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(REQUEST_MS_MAX)));
    init.set_body(&Uint8Array::from(bytes));
    let asked = window().fetch_with_str_and_init(&format!("/api/guides/{guide}/batches/{batch}"), &init);
    let response: Response = JsFuture::from(asked).await.ok()?.unchecked_into();
    if response.status() == 200 {
        return Some(Delivered::Shared);
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    (400..500).contains(&response.status()).then(|| json::from_str(&text).ok().map(Delivered::Refused))?
}
