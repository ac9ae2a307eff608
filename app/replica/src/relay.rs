//! The relay over HTTP. What is not an answer of Socle's (a captive portal's page, a proxy's error)
//! counts as not reached.

use crate::browser::scope;
use js_sys::Uint8Array;
use shared::gate::Refusal;
use shared::ids::{BatchId, GuideId};
use shared::json::{self, Json};
use shared::replica::{Relay, Unreached, batch_answer};
use shared::wire::{Accepted, Denial, FeedPage, Redeem, Redeemed, Workspace};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, Response};

/// A small request over a bad line; then it is tried again.
const ANSWER_MS: u32 = 60_000;
/// A whole workspace over a bad line.
const WORKSPACE_MS: u32 = 10 * 60_000;

pub struct WebRelay;

impl Relay for WebRelay {
    async fn redeem(&self, redeem: &Redeem) -> Result<Redeemed, Unreached> {
        let body = json::to_string(redeem);
        let reply = post("/api/invites", body.as_bytes(), "application/json").await?;
        if reply.status == 200 { read(&reply.bytes) } else { Err(denied(&reply)) }
    }

    async fn post(&self, guide: &GuideId, batch: BatchId, sealed: &[u8]) -> Result<Result<Accepted, Refusal>, Unreached> {
        let reply = post(&format!("/api/guides/{guide}/batches/{batch}"), sealed, "application/cbor").await?;
        batch_answer(reply.status, &reply.bytes)
    }

    async fn feed(&self, guide: &GuideId, token: &str, since: u64) -> Result<FeedPage, Unreached> {
        let reply = get(&format!("/api/guides/{guide}/feed?since={since}"), token, ANSWER_MS).await?;
        if reply.status == 200 { cbor(&reply.bytes) } else { Err(denied(&reply)) }
    }

    async fn workspace(&self, guide: &GuideId, token: &str) -> Result<Workspace, Unreached> {
        let reply = get(&format!("/api/guides/{guide}/workspace"), token, WORKSPACE_MS).await?;
        if reply.status == 200 { cbor(&reply.bytes) } else { Err(denied(&reply)) }
    }
}

struct Reply {
    status: u16,
    bytes: Vec<u8>,
}

async fn post(path: &str, body: &[u8], content_type: &str) -> Result<Reply, Unreached> {
    let init = request("POST", &[("content-type", content_type)])?;
    init.set_body(&Uint8Array::from(body));
    init.set_signal(Some(&AbortSignal::timeout_with_u32(ANSWER_MS)));
    whole(path, &init).await.map_err(|_| Unreached::NotReached)
}

async fn get(path: &str, token: &str, milliseconds: u32) -> Result<Reply, Unreached> {
    let init = request("GET", &[("authorization", &format!("Bearer {token}"))])?;
    init.set_signal(Some(&AbortSignal::timeout_with_u32(milliseconds)));
    whole(path, &init).await.map_err(|_| Unreached::NotReached)
}

/// A request that no cache answers and that carries nothing but what it says.
pub fn request(method: &str, headers: &[(&str, &str)]) -> Result<RequestInit, Unreached> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    let all = Headers::new().map_err(|_| Unreached::NotReached)?;
    for (name, value) in headers {
        all.append(name, value).map_err(|_| Unreached::NotReached)?;
    }
    init.set_headers_headers(&all);
    Ok(init)
}

pub async fn fetch(path: &str, init: &RequestInit) -> Result<Response, JsValue> {
    JsFuture::from(scope().fetch_with_str_and_init(path, init)).await?.dyn_into()
}

async fn whole(path: &str, init: &RequestInit) -> Result<Reply, JsValue> {
    let response = fetch(path, init).await?;
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok(Reply { status: response.status(), bytes: Uint8Array::new(&body).to_vec() })
}

fn read<T: Json>(bytes: &[u8]) -> Result<T, Unreached> {
    json::from_slice(bytes).map_err(|_| Unreached::NotReached)
}

fn cbor<T: for<'a> minicbor::Decode<'a, ()>>(bytes: &[u8]) -> Result<T, Unreached> {
    minicbor::decode(bytes).map_err(|_| Unreached::NotReached)
}

fn denied(reply: &Reply) -> Unreached {
    json::from_slice::<Denial>(&reply.bytes).map_or(Unreached::NotReached, |denial| Unreached::Denied(denial.reason))
}
