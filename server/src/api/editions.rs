//! What readers' phones fetch: an edition whole, or what changed since the copy they have.

use super::{guide_id, off_thread};
use crate::encoding::{Coding, Effort, encode};
use crate::error::ApiError;
use crate::relay::{Kept, Relay, RelayError};
use crate::state::AppState;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::delta::Refresh;
use shared::ids::GuideId;
use shared::json;
use std::sync::Arc;

#[derive(Deserialize)]
pub struct Have {
    #[serde(default)]
    since: u64,
    #[serde(default)]
    epoch: String,
}

/// `GET /api/guides/{guide}/editions/{language}?since=R&epoch=E`
pub async fn refresh(
    State(state): State<AppState>,
    Path((guide, language)): Path<(String, String)>,
    Query(have): Query<Have>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let guide = guide_id(&guide)?;
    off_thread(&state.relay, move |relay| answer(relay, &guide, &language, &have, &headers)).await?.ok_or(ApiError::NotFound)
}

fn answer(
    relay: &Arc<Relay>,
    guide: &GuideId,
    language: &str,
    have: &Have,
    headers: &HeaderMap,
) -> Result<Option<Response>, RelayError> {
    let coding = Coding::accepted(headers);
    if let Some(delta) = relay.delta(guide, language, have.since, &have.epoch)? {
        let tag = tag(&delta.epoch, delta.revision);
        if is_known(headers, &tag) {
            return Ok(Some(unchanged(tag)));
        }
        let json = json::to_string(&Refresh::Delta(Box::new(delta))).into_bytes();
        return Ok(Some(json_answer(encode(json, coding, Effort::Quick), tag, "no-cache")));
    }
    let Some(kept) = relay.edition(guide, language)? else { return Ok(None) };
    let tag = tag(&kept.edition.epoch, kept.edition.revision);
    let known = is_known(headers, &tag);
    Ok(Some(if known { unchanged(tag) } else { whole_answer(&kept, coding, tag, "no-cache") }))
}

/// `GET /api/guides/{guide}/editions/{language}/{revision}?epoch=E`: never changes, kept by anyone.
pub async fn whole(
    State(state): State<AppState>,
    Path((guide, language, revision)): Path<(String, String, u64)>,
    Query(have): Query<Have>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let guide = guide_id(&guide)?;
    let answer = off_thread(&state.relay, move |relay| {
        let kept = relay.edition(&guide, &language)?;
        let kept = kept.filter(|kept| kept.edition.revision == revision);
        let kept = kept.filter(|kept| have.epoch.is_empty() || have.epoch == kept.edition.epoch);
        Ok(kept.map(|kept| {
            let tag = tag(&kept.edition.epoch, revision);
            whole_answer(&kept, Coding::accepted(&headers), tag, "public, max-age=31536000, immutable")
        }))
    });
    answer.await?.ok_or(ApiError::NotFound)
}

fn whole_answer(kept: &Kept, coding: Coding, tag: String, caching: &'static str) -> Response {
    json_answer(kept.whole().get(coding), tag, caching)
}

fn json_answer((bytes, coding): (Vec<u8>, Coding), tag: String, caching: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, caching.to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
        (header::ETAG, tag),
    ];
    let coding = coding.name().map(|name| [(header::CONTENT_ENCODING, name)]);
    (headers, coding, bytes).into_response()
}

/// Weak: the same revision travels in several codings, and as a delta from several others.
fn tag(epoch: &str, revision: u64) -> String {
    format!("W/\"{epoch}-{revision}\"")
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|known| known.contains(tag))
}

fn unchanged(tag: String) -> Response {
    (StatusCode::NOT_MODIFIED, [(header::ETAG, tag), (header::CACHE_CONTROL, "no-cache".to_owned())]).into_response()
}
