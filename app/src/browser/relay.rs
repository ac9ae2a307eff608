//! What the reader's app asks of the relay: a guide's edition or what changed in it, the list of
//! guides, a language's words. Sends nothing about the reader but the request itself.

use crate::desk::Unserved;
use crate::locale::Locale;
use shared::delta::Refresh;
use shared::edition::Edition;
use shared::ids::GuideId;
use shared::json::Json;
use shared::wire::GuideCard;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestCache, RequestCredentials, RequestInit, Response};

/// How long a request may take before the phone's own copy has to do.
const REQUEST_MS_MAX: u32 = 20_000;
/// The same for who can read on without the answer.
const SPARE_MS_MAX: u32 = 3_000;

/// What came of a request.
pub enum Reply<T> {
    Given(T),
    /// The relay was reached and has no such thing.
    Absent,
    /// No network, no relay, or an answer that is not to be understood.
    NotReached,
}

async fn text(address: &str, cache: RequestCache, within_ms: u32) -> Reply<String> {
    let init = RequestInit::new();
    init.set_cache(cache);
    // Browsers keep what was asked for without credentials apart: the service worker asks for files as
    // pages do, and would fetch them again.
    if cache != RequestCache::Default {
        init.set_credentials(RequestCredentials::Omit);
    }
    init.set_signal(Some(&AbortSignal::timeout_with_u32(within_ms)));
    let Ok(request) = Request::new_with_str_and_init(address, &init) else { return Reply::NotReached };
    let Ok(response) = JsFuture::from(leptos::prelude::window().fetch_with_request(&request)).await else {
        return Reply::NotReached;
    };
    let response: Response = response.unchecked_into();
    match response.status() {
        200 => {}
        404 | 410 => return Reply::Absent,
        _ => return Reply::NotReached,
    }
    let Ok(body) = response.text() else { return Reply::NotReached };
    let body = JsFuture::from(body).await.ok().and_then(|body| body.as_string());
    body.map_or(Reply::NotReached, Reply::Given)
}

async fn json<T: Json>(address: &str, within_ms: u32) -> Reply<T> {
    match text(address, RequestCache::NoStore, within_ms).await {
        Reply::Given(body) => shared::json::from_str(&body).map_or(Reply::NotReached, Reply::Given),
        Reply::Absent => Reply::Absent,
        Reply::NotReached => Reply::NotReached,
    }
}

/// A request of a member's device, which shows its token; gives what the relay says.
pub async fn as_member(method: &str, address: &str, token: &str, body: &str) -> Result<String, Unserved> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    // A table takes its time: 64 kbit/s bring 8 bytes in a millisecond.
    init.set_signal(Some(&AbortSignal::timeout_with_u32(REQUEST_MS_MAX + body.len() as u32 / 8)));
    if !body.is_empty() {
        init.set_body(&body.into());
    }
    let sent = async {
        let request = Request::new_with_str_and_init(address, &init)?;
        request.headers().set("authorization", &format!("Bearer {token}"))?;
        let response: Response = JsFuture::from(leptos::prelude::window().fetch_with_request(&request)).await?.unchecked_into();
        let text = JsFuture::from(response.text()?).await?;
        Ok::<_, wasm_bindgen::JsValue>((response.ok(), text.as_string().unwrap_or_default()))
    };
    match sent.await {
        Ok((true, text)) => Ok(text),
        Ok((false, text)) => Err(reason(&text).map_or(Unserved::NotReached, Unserved::Refused)),
        Err(_) => Err(Unserved::NotReached),
    }
}

/// Why the relay said no. A proxy's or a portal's page is no answer of its.
fn reason(text: &str) -> Option<String> {
    let answer: serde_json::Value = shared::json::from_str(text).ok()?;
    Some(answer.get("reason")?.as_str()?.to_owned())
}

/// The edition of a guide: whole, or what changed since the copy that is here.
/// With it the text it was read from, to be kept as it came.
pub async fn refresh(guide: &GuideId, language: &str, known: Option<&Edition>) -> Reply<(Refresh, String)> {
    let since = known.map(|known| format!("?since={}&epoch={}", known.revision, known.epoch)).unwrap_or_default();
    match text(&format!("/api/guides/{guide}/editions/{language}{since}"), RequestCache::NoStore, REQUEST_MS_MAX).await {
        Reply::Given(body) => shared::json::from_str(&body).map_or(Reply::NotReached, |news| Reply::Given((news, body))),
        Reply::Absent => Reply::Absent,
        Reply::NotReached => Reply::NotReached,
    }
}

/// `spare`: there are guides on this phone.
pub async fn guides(spare: bool) -> Reply<Vec<GuideCard>> {
    json("/api/guides", if spare { SPARE_MS_MAX } else { REQUEST_MS_MAX }).await
}

/// A language's words from the files at `addresses`, from the phone where the service worker has them.
pub async fn locale(tag: &str, addresses: &[String]) -> Option<Locale> {
    let mut locale = Locale::parse(tag, "{}").ok()?;
    for address in addresses {
        let Reply::Given(words) = text(address, RequestCache::Default, REQUEST_MS_MAX).await else { return None };
        locale = locale.and(&words).ok()?;
    }
    Some(locale)
}
