//! `POST /api/guides/{guide}/batches/{batch}`: a sealed batch arrives. Whoever delivers it needs no
//! token: the batch proves itself.

use super::{Json, guide_id};
use crate::error::ApiError;
use crate::state::AppState;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use shared::batch::Sealed;
use shared::gate::Refusal;
use shared::ids::BatchId;
use shared::limits::BATCH_BYTES_MAX;
use shared::wire::Accepted;
use std::time::Duration;

/// How long a batch may take to arrive; over the slowest line that is 20 kbit/s.
const ARRIVAL_TIME: Duration = Duration::from_secs(110);

pub async fn receive(
    State(state): State<AppState>,
    Path((guide, batch)): Path<(String, String)>,
    body: Body,
) -> Result<Json<Accepted>, ApiError> {
    let (guide, batch): (_, BatchId) = (guide_id(&guide)?, batch.parse().map_err(|_| ApiError::NotFound)?);
    let body = tokio::time::timeout(ARRIVAL_TIME, to_bytes(body, BATCH_BYTES_MAX)).await;
    let bytes = body.map_err(|_| ApiError::Later)?.map_err(|_| ApiError::Refused(Refusal::TooLarge))?;
    let sealed = Sealed::decode(&bytes, BATCH_BYTES_MAX).map_err(ApiError::Refused)?;
    if sealed.batch.guide != guide || sealed.batch.batch != batch {
        let detail = "the address names another batch".to_owned();
        return Err(ApiError::Refused(Refusal::Malformed { index: 0, detail }));
    }
    Ok(Json(state.relay.receive(sealed).await?))
}
