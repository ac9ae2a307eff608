//! Work carried by hand: unsent batches out of this phone's storage, files out and in, batches to the relay.

use crate::browser::complain;
use crate::desk::Delivered;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::*;
use shared::ids::{BatchId, GuideId};
use shared::json;
use shared::link::Trouble;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Blob, BlobPropertyBag, File, FilePropertyBag, HtmlAnchorElement, HtmlInputElement, RequestCredentials,
    RequestInit, Response, Url,
};

const REQUEST_MS_MAX: u32 = 60_000;
const KIND: &str = "application/cbor-seq";

/// Hands batches to another app by the share sheet, or puts them among the phone's downloads, from where
/// they are shared like any other file. Share sheets take only kinds of files that they know: a text.
pub async fn hand_over(name: &str, batches: &[Vec<u8>]) -> Result<(), Trouble> {
    let failed = |thrown: JsValue| {
        complain("the file was not made", &thrown);
        Trouble::Internal { detail: "the file was not made".to_owned() }
    };
    let text = text_file(&format!("{name}.txt"), &shared::carry::text(batches), "text/plain").map_err(failed)?;
    match share(&text).await {
        Some(Ok(())) => return Ok(()),
        // A person who closes the share sheet has not met an error.
        Some(Err(thrown)) if is_change_of_mind(&thrown) => return Ok(()),
        Some(Err(thrown)) => complain("the file was not shared", &thrown),
        None => {}
    }
    let kind = BlobPropertyBag::new();
    kind.set_type(KIND);
    let parts = Array::of1(&Uint8Array::from(shared::carry::file(batches).as_slice()));
    let file = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).map_err(failed)?;
    save(&format!("{name}.batches"), &file).map_err(failed)
}

pub fn text_file(name: &str, text: &str, kind: &str) -> Result<File, JsValue> {
    let options = FilePropertyBag::new();
    options.set_type(kind);
    File::new_with_str_sequence_and_options(&Array::of1(&text.into()), name, &options)
}

/// Hands a file to another app by the share sheet; `None` where there is none that takes it.
pub async fn share(file: &File) -> Option<Result<(), JsValue>> {
    let (navigator, files) = (window().navigator(), Object::new());
    Reflect::set(&files, &"files".into(), &Array::of1(file)).ok()?;
    let method = |name: &str| Reflect::get(&navigator, &name.into()).ok()?.dyn_into::<Function>().ok();
    let (able, share) = (method("canShare")?, method("share")?);
    if !able.call1(&navigator, &files).ok()?.is_truthy() {
        return None;
    }
    let shared = async { JsFuture::from(share.call1(&navigator, &files)?.dyn_into::<Promise>()?).await };
    Some(shared.await.map(drop))
}

fn is_change_of_mind(thrown: &JsValue) -> bool {
    Reflect::get(thrown, &"name".into()).is_ok_and(|name| name == "AbortError")
}

/// Puts a file among the downloads.
pub fn save(name: &str, file: &Blob) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(file)?;
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
