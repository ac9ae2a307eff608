//! A steward's table: what it would change, and that it was taken in. Read one at a time, with the device's
//! token looked at before anything of the body is.

use super::{Json, guide_id, off_thread, token, whole};
use crate::error::ApiError;
use crate::import::phone;
use crate::import::run::RunError;
use crate::relay::Relay;
use crate::report::report;
use crate::state::AppState;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use shared::ids::GuideId;
use shared::import::{self, Reading};
use shared::limits::IMPORT_TABLE_BYTES_MAX;
use shared::wire::Denied;

/// `POST /api/guides/{guide}/imports/{source}`: what the table would change. Nothing is changed by it.
pub async fn read(
    State(state): State<AppState>,
    Path((guide, source)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Reading>, ApiError> {
    Ok(Json(with_table(&state, guide, source, headers, body, phone::read).await?))
}

/// `POST /api/guides/{guide}/imports/{source}/done`: the places of this table that are in the guide are
/// compared with it when it comes again.
pub async fn done(
    State(state): State<AppState>,
    Path((guide, source)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, ApiError> {
    with_table(&state, guide, source, headers, body, phone::remember).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn with_table<T: Send + 'static>(
    state: &AppState,
    guide: String,
    source: String,
    headers: HeaderMap,
    body: Body,
    ask: impl FnOnce(&Relay, &GuideId, &str, Vec<u8>) -> Result<T, RunError> + Send + 'static,
) -> Result<T, ApiError> {
    let guide = guide_id(&guide)?;
    if !import::is_source_name(&source) {
        return Err(ApiError::NotFound);
    }
    let token = token(&headers).ok_or(ApiError::Denied(Denied::BadToken))?.to_owned();
    let of = guide.clone();
    off_thread(&state.relay, move |relay| Ok(relay.is_steward(&of, &token))).await??;
    let _place = state.importing_places.try_acquire().map_err(|_| ApiError::Later)?;
    let table = whole(body, IMPORT_TABLE_BYTES_MAX).await?;
    off_thread(&state.relay, move |relay| Ok(ask(relay, &guide, &source, table))).await?.map_err(|error| match error {
        RunError::NoGuide(_) => ApiError::NotFound,
        RunError::Relay(error) => error.into(),
        RunError::Store(error) => error.into(),
        error => {
            report(format!("a table was not read: {error}"));
            ApiError::Later
        }
    })
}
