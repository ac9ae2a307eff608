//! What members' devices ask for: to join, the feed, the whole workspace.

use super::{Json, guide_id, in_time, off_thread, token, whole};
use crate::encoding::{Coding, Effort, encode};
use crate::error::ApiError;
use crate::relay::{Relay, RelayError};
use crate::state::AppState;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::gate::Role;
use shared::ids::GuideId;
use shared::json;
use shared::wire::{Denied, Redeem, Redeemed};
use std::sync::Arc;

const REDEEM_BYTES_MAX: usize = 4 * 1024;

/// `POST /api/invites`
pub async fn redeem(State(state): State<AppState>, body: Body) -> Result<Json<Redeemed>, ApiError> {
    let bytes = whole(body, REDEEM_BYTES_MAX).await?;
    let redeem: Redeem = json::from_slice(&bytes).map_err(|_| ApiError::Denied(Denied::BadRequest))?;
    Ok(Json(in_time(state.relay.redeem(redeem)).await??))
}

#[derive(Deserialize)]
pub struct Since {
    #[serde(default)]
    since: u64,
}

/// `GET /api/guides/{guide}/feed?since=N`
pub async fn feed(
    State(state): State<AppState>,
    Path(guide): Path<String>,
    Query(Since { since }): Query<Since>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    for_member(&state, &guide, &headers, move |relay, guide, role| Ok(cbor(&relay.feed(guide, since, role)?))).await
}

/// `GET /api/guides/{guide}/workspace`
pub async fn workspace(
    State(state): State<AppState>,
    Path(guide): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let place = in_time(state.packing_places.clone().acquire_owned()).await?;
    for_member(&state, &guide, &headers, move |relay, guide, _| {
        // Held until the work is done, also when nobody waits for it any more.
        let _place = place;
        Ok(cbor(&relay.workspace(guide)?))
    })
    .await
}

/// Asks the relay for a device that shows its token.
async fn for_member(
    state: &AppState,
    guide: &str,
    headers: &HeaderMap,
    ask: impl FnOnce(&Relay, &GuideId, Role) -> Result<Vec<u8>, RelayError> + Send + 'static,
) -> Result<Response, ApiError> {
    let (guide, coding) = (guide_id(guide)?, Coding::accepted(headers));
    let token = token(headers).ok_or(ApiError::Denied(Denied::BadToken))?.to_owned();
    let answer = off_thread(&state.relay, move |relay: &Arc<Relay>| {
        let Some(member) = relay.reader(&guide, &token)? else { return Ok(None) };
        relay.note_seen(&guide, &member)?;
        ask(relay, &guide, member.role).map(|bytes| Some(encode(bytes, coding, Effort::Quick)))
    });
    let (bytes, coding) = answer.await?.ok_or(ApiError::Denied(Denied::BadToken))?;
    let headers = [(header::CONTENT_TYPE, "application/cbor"), (header::VARY, "accept-encoding")];
    let coding = coding.name().map(|name| [(header::CONTENT_ENCODING, name)]);
    Ok((headers, coding, bytes).into_response())
}

fn cbor<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("memory can be written")
}
