//! What stewards ask for: members, invites, roles, revocation, purge. All with the device's token.

use super::{Json, guide_id, off_thread, token, whole};
use crate::error::ApiError;
use crate::relay::{Relay, StewardError};
use crate::state::AppState;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use shared::ids::{DeviceId, GuideId, RecordId};
use shared::json;
use shared::wire::{Denied, Invited, Members, NewInvite, NewRole};
use std::str::FromStr;
use std::sync::Arc;

const ASKED_BYTES_MAX: usize = 1024;

/// `GET /api/guides/{guide}/members`
pub async fn members(
    State(state): State<AppState>,
    Path(guide): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Members>, ApiError> {
    Ok(Json(as_steward(&state, &guide, &headers, |relay, guide, token| relay.members(guide, token)).await?))
}

/// `POST /api/guides/{guide}/invites`
pub async fn invite(
    State(state): State<AppState>,
    Path(guide): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Invited>, ApiError> {
    let new: NewInvite = asked(body).await?;
    Ok(Json(as_steward(&state, &guide, &headers, move |relay, guide, token| relay.steward_invites(guide, token, &new)).await?))
}

/// `DELETE /api/guides/{guide}/invites/{id}`
pub async fn withdraw(
    State(state): State<AppState>,
    Path((guide, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    as_steward(&state, &guide, &headers, move |relay, guide, token| relay.withdraw_invite(guide, token, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/guides/{guide}/devices/{device}/role`
pub async fn role(
    State(state): State<AppState>,
    Path((guide, device)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let (device, new): (DeviceId, NewRole) = (id(&device)?, asked(body).await?);
    as_steward(&state, &guide, &headers, move |relay, guide, token| relay.change_role(guide, token, device, new.role)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/guides/{guide}/devices/{device}`
pub async fn revoke(
    State(state): State<AppState>,
    Path((guide, device)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let device: DeviceId = id(&device)?;
    as_steward(&state, &guide, &headers, move |relay, guide, token| relay.revoke(guide, token, device)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/guides/{guide}/records/{record}/purge`
pub async fn purge(
    State(state): State<AppState>,
    Path((guide, record)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let record: RecordId = id(&record)?;
    as_steward(&state, &guide, &headers, move |relay, guide, token| relay.steward_purges(guide, token, record)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn id<T: FromStr>(text: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound)
}

async fn asked<T: json::Json>(body: Body) -> Result<T, ApiError> {
    let bytes = whole(body, ASKED_BYTES_MAX).await?;
    json::from_slice(&bytes).map_err(|_| ApiError::BadRequest)
}

async fn as_steward<T: Send + 'static>(
    state: &AppState,
    guide: &str,
    headers: &HeaderMap,
    ask: impl FnOnce(&Arc<Relay>, &GuideId, &str) -> Result<T, StewardError> + Send + 'static,
) -> Result<T, ApiError> {
    let guide = guide_id(guide)?;
    let token = token(headers).ok_or(ApiError::Denied(Denied::BadToken))?.to_owned();
    Ok(off_thread(&state.relay, move |relay| Ok(ask(relay, &guide, &token))).await??)
}
