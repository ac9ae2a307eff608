//! Pages: an address and an edition in, a whole HTML document out, complete without JavaScript.
//!
//! What a page shows is the app's business (`app::shell`); here it gets its edition, its language and
//! the guide's present moment, and goes out small.

mod failure;
mod web_manifest;

use crate::encoding::{Coding, Effort, encode};
use crate::error::ApiError;
use crate::relay::{Kept, Relay, RelayError, moment};
use crate::report::report;
use crate::state::AppState;
use app::locale::{BUILT_IN, Locale};
use app::routes::Route;
use app::shell::{self, PageRequest};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use shared::ids::hex;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

pub use failure::{panicked, slow_down};
pub use web_manifest::manifest;

/// The app's words, read once.
static LOCALES: LazyLock<BTreeMap<&str, Locale>> =
    LazyLock::new(|| BUILT_IN.iter().map(|(tag, _)| (*tag, Locale::built_in(tag))).collect());

fn locale(tag: &str) -> Locale {
    LOCALES.get(tag).cloned().unwrap_or_else(|| Locale::built_in(tag))
}

/// How long a page may take to be made, its turn included.
const RENDERING_TIME: Duration = Duration::from_secs(20);

/// A page on its way out.
struct Page {
    status: StatusCode,
    html: String,
    language: String,
    /// Whether the answer depends on the languages that the browser asked for.
    by_language: bool,
    /// Members' pages hold nothing of the guide, but that a phone has them says whose it is.
    for_members: bool,
}

/// Every address that is no other route's.
pub async fn page(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let route = Route::parse(request.uri().path(), request.uri().query().unwrap_or_default());
    let accepted = text(request.headers(), header::ACCEPT_LANGUAGE).map(shell::accepted).unwrap_or_default();
    let at_hand = state.clone();
    let rendering = async move {
        let place = at_hand.rendering_places.clone().acquire_owned().await;
        let rendering = move || {
            let _place = place;
            render(&at_hand, route, accepted)
        };
        tokio::task::spawn_blocking(rendering).await
    };
    match tokio::time::timeout(RENDERING_TIME, rendering).await {
        Ok(Ok(Ok(page))) => answer(page, request.headers()),
        Ok(Ok(Err(error))) => {
            report(format!("a page failed: {error}"));
            failure::answer(StatusCode::SERVICE_UNAVAILABLE)
        }
        Ok(Err(_)) => failure::answer(StatusCode::INTERNAL_SERVER_ERROR),
        Err(_) => {
            report("a page took too long".to_owned());
            failure::answer(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

fn render(state: &AppState, route: Route, accept_languages: Vec<String>) -> Result<Page, RelayError> {
    let kept = edition(&state.relay, &route)?;
    let now = match &kept {
        Some(kept) => state.relay.guide_now(&kept.edition.guide),
        None => moment(&state.relay.now().to_zoned(TimeZone::UTC)),
    };
    let tag = shell::language(&route, &accept_languages);
    let language = route.language().unwrap_or(tag).to_owned();
    let (by_language, for_members) = (route.language().is_none(), route.is_for_members());
    let locale = locale(tag);
    let index = kept.as_ref().filter(|_| route.is_search()).and_then(|kept| kept.index(&locale));
    let request = PageRequest {
        guides: state.relay.guides()?,
        keep_bytes: kept.as_deref().map(Kept::travel_bytes),
        edition: kept.map(|kept| kept.edition.clone()),
        locale,
        now,
        assets: state.assets.clone(),
        origin: state.config.public_url.clone(),
        accept_languages,
        route,
    };
    let status = StatusCode::from_u16(shell::status(&request)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Ok(Page { status, html: shell::render_with(request, index), language, by_language, for_members })
}

fn edition(relay: &Relay, route: &Route) -> Result<Option<Arc<Kept>>, RelayError> {
    match route.guide().zip(route.language()) {
        Some((guide, language)) => relay.edition(guide, language),
        None => Ok(None),
    }
}

fn answer(page: Page, asked: &HeaderMap) -> Response {
    let tag = format!("W/\"{}\"", hex(&Sha256::digest(page.html.as_bytes())[..12]));
    let vary = if page.by_language { "accept-encoding, accept-language" } else { "accept-encoding" };
    let mut headers = HeaderMap::new();
    let caching = if page.for_members { "no-store" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static(vary));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.extend(value(header::CONTENT_LANGUAGE, &page.language));
    headers.extend(value(header::ETAG, &tag));
    if page.status == StatusCode::OK && text(asked, header::IF_NONE_MATCH).is_some_and(|known| known.contains(&tag)) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let (bytes, coding) = encode(page.html.into_bytes(), Coding::accepted(asked), Effort::Quick);
    headers.extend(coding.name().and_then(|name| value(header::CONTENT_ENCODING, name)));
    (page.status, headers, bytes).into_response()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// A header that can be written; our own values always can.
fn value(name: header::HeaderName, value: &str) -> Option<(header::HeaderName, HeaderValue)> {
    Some((name, HeaderValue::from_str(value).ok()?))
}

/// `GET /shell`: the document without content, for a phone that starts with no network.
pub async fn shell(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, ApiError> {
    let html = shell::empty_document(&state.assets);
    let page = Page { status: StatusCode::OK, html, language: "en".to_owned(), by_language: false, for_members: false };
    Ok(answer(page, &headers))
}
