//! `POST /api/guides/{guide}/batches/{batch}`: a sealed batch arrives. Whoever delivers it needs no
//! token: the batch proves itself.

use super::{Json, guide_id, in_time, whole};
use crate::error::ApiError;
use crate::state::AppState;
use axum::body::Body;
use axum::extract::{Path, State};
use shared::batch::Sealed;
use shared::gate::Refusal;
use shared::ids::BatchId;
use shared::limits::BATCH_BYTES_MAX;
use shared::wire::Accepted;

pub async fn receive(
    State(state): State<AppState>,
    Path((guide, batch)): Path<(String, String)>,
    body: Body,
) -> Result<Json<Accepted>, ApiError> {
    let (guide, batch): (_, BatchId) = (guide_id(&guide)?, batch.parse().map_err(|_| ApiError::NotFound)?);
    let bytes = whole(body, BATCH_BYTES_MAX).await?;
    let sealed = Sealed::decode(&bytes, BATCH_BYTES_MAX).map_err(ApiError::Refused)?;
    if sealed.batch.guide != guide || sealed.batch.batch != batch {
        let detail = "the address names another batch".to_owned();
        return Err(ApiError::Refused(Refusal::Malformed { index: 0, detail }));
    }
    Ok(Json(in_time(state.relay.receive(sealed)).await??))
}
