//! The relay over HTTP. Handlers take a request apart, ask [`crate::relay`], and put the answer
//! together; they decide nothing.

pub mod batches;
pub mod editions;
pub mod live;
pub mod members;

use crate::error::ApiError;
use crate::relay::{Relay, RelayError};
use crate::state::AppState;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use shared::ids::GuideId;
use shared::json;
use shared::wire::GuideCard;
use std::sync::Arc;

/// A small answer as JSON.
pub struct Json<T>(pub T);

impl<T: json::Json> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], json::to_string(&self.0)).into_response()
    }
}

/// `GET /healthz`: the process answers and the database can be read.
pub async fn health(State(state): State<AppState>) -> Result<&'static str, ApiError> {
    off_thread(&state.relay, |relay| Ok(relay.store().version()?)).await?;
    Ok("ok\n")
}

/// `GET /api/guides`
pub async fn guides(State(state): State<AppState>) -> Result<Json<Vec<GuideCard>>, ApiError> {
    Ok(Json(off_thread(&state.relay, |relay| Ok(relay.guides()?)).await?))
}

pub async fn not_found() -> ApiError {
    ApiError::NotFound
}

/// Runs what waits for the disk where it holds up nobody else.
async fn off_thread<T: Send + 'static>(
    relay: &Arc<Relay>,
    ask: impl FnOnce(&Arc<Relay>) -> Result<T, RelayError> + Send + 'static,
) -> Result<T, ApiError> {
    let relay = relay.clone();
    match tokio::task::spawn_blocking(move || ask(&relay)).await {
        Ok(result) => Ok(result?),
        Err(panicked) => {
            eprintln!("a request failed: {panicked}");
            Err(ApiError::Later)
        }
    }
}

/// The guide in an address; one that cannot be a guide's name is not found.
fn guide_id(text: &str) -> Result<GuideId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound)
}

/// The read token that a request carries.
fn token(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
