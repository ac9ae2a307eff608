//! What members ask about each other's changes: the queue, a proposal, a verdict, the history of a
//! record, what would undo a device's part. All with a device's token, none of it for readers.

use super::{Json, guide_id, in_time, off_thread, token, whole};
use crate::error::ApiError;
use crate::relay::{Relay, ReviewError};
use crate::state::AppState;
use crate::store::Device;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use shared::gate::Role;
use shared::ids::{Day, DeviceId, GuideId, RecordId};
use shared::json;
use shared::review::{self, History, Proposal, Queue, Undo, Verdict, Writer};
use shared::wire::Denied;
use std::sync::Arc;

const VERDICT_BYTES_MAX: usize = 16 * 1024;

/// `GET /api/guides/{guide}/review`
pub async fn queue(
    State(state): State<AppState>,
    Path(guide): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Queue>, ApiError> {
    for_member(&state, &guide, &headers, |relay, guide, reader| Ok(relay.queue(guide, reader)?)).await
}

/// `GET /api/guides/{guide}/review/{record}`
pub async fn proposal(
    State(state): State<AppState>,
    Path((guide, record)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Proposal>, ApiError> {
    let record = record_id(&record)?;
    for_member(&state, &guide, &headers, move |relay, guide, reader| {
        relay.proposal(guide, reader, record)?.ok_or(ApiError::NotFound)
    })
    .await
}

/// `POST /api/guides/{guide}/review/{record}`
pub async fn decide(
    State(state): State<AppState>,
    Path((guide, record)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Queue>, ApiError> {
    let record = record_id(&record)?;
    let bytes = whole(body, VERDICT_BYTES_MAX).await?;
    let verdict: Verdict = json::from_slice(&bytes).map_err(|_| ApiError::BadRequest)?;
    for_member(&state, &guide, &headers, move |relay, guide, reader| {
        relay.decide(guide, reader, record, verdict)?;
        Ok(relay.queue(guide, reader)?)
    })
    .await
}

/// `GET /api/guides/{guide}/records/{record}/history`
pub async fn history(
    State(state): State<AppState>,
    Path((guide, record)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<History>, ApiError> {
    let record = record_id(&record)?;
    for_member(&state, &guide, &headers, move |relay, guide, reader| {
        relay.history(guide, reader, record)?.ok_or(ApiError::NotFound)
    })
    .await
}

/// `GET /api/guides/{guide}/records/{record}/history/{feed_seq}`
pub async fn state_at(
    State(state): State<AppState>,
    Path((guide, record, feed_seq)): Path<(String, String, u64)>,
    headers: HeaderMap,
) -> Result<Json<review::State>, ApiError> {
    let record = record_id(&record)?;
    for_member(&state, &guide, &headers, move |relay, guide, _| {
        relay.state_at(guide, record, feed_seq)?.ok_or(ApiError::NotFound)
    })
    .await
}

#[derive(Deserialize)]
pub struct Since {
    since: Day,
}

/// `GET /api/guides/{guide}/undo?since=DAY`
pub async fn writers(
    State(state): State<AppState>,
    Path(guide): Path<String>,
    Query(Since { since }): Query<Since>,
    headers: HeaderMap,
) -> Result<Json<Vec<Writer>>, ApiError> {
    for_steward(&state, &guide, &headers, move |relay, guide| Ok(relay.writers(guide, since)?)).await
}

/// `GET /api/guides/{guide}/undo/{device}?since=DAY`
pub async fn undo(
    State(state): State<AppState>,
    Path((guide, device)): Path<(String, String)>,
    Query(Since { since }): Query<Since>,
    headers: HeaderMap,
) -> Result<Json<Vec<Undo>>, ApiError> {
    let device: DeviceId = device.parse().map_err(|_| ApiError::NotFound)?;
    for_steward(&state, &guide, &headers, move |relay, guide| Ok(relay.undo_plan(guide, device, since)?)).await
}

fn record_id(text: &str) -> Result<RecordId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound)
}

async fn for_steward<T: Send + 'static>(
    state: &AppState,
    guide: &str,
    headers: &HeaderMap,
    ask: impl FnOnce(&Arc<Relay>, &GuideId) -> Result<T, ApiError> + Send + 'static,
) -> Result<Json<T>, ApiError> {
    for_member(state, guide, headers, move |relay, guide, reader| match reader.role {
        Role::Steward => ask(relay, guide),
        Role::Contributor | Role::Editor => Err(ReviewError::NotDecided(review::NotDecided::NotAllowed).into()),
    })
    .await
}

/// Asks the relay for a device that shows its token, where the disk holds up nobody else.
async fn for_member<T: Send + 'static>(
    state: &AppState,
    guide: &str,
    headers: &HeaderMap,
    ask: impl FnOnce(&Arc<Relay>, &GuideId, &Device) -> Result<T, ApiError> + Send + 'static,
) -> Result<Json<T>, ApiError> {
    let guide = guide_id(guide)?;
    let token = token(headers).ok_or(ApiError::Denied(Denied::BadToken))?.to_owned();
    let place = in_time(state.looking_places.clone().acquire_owned()).await?;
    let answer = off_thread(&state.relay, move |relay| {
        // Held until the work is done, also when nobody waits for it any more.
        let _place = place;
        Ok(relay.reader(&guide, &token)?.map(|reader| ask(relay, &guide, &reader)))
    });
    answer.await?.unwrap_or(Err(ApiError::Denied(Denied::BadToken))).map(Json)
}
