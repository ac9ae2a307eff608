//! A guide's vector tiles: which file, and the file itself, whole or in pieces (RFC 9110, ranges).

use super::guide_id;
use crate::error::ApiError;
use crate::report::report;
use crate::state::AppState;
use crate::streets;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeFile;

/// `GET /api/guides/{guide}/streets`: `{"path", "bytes"}`, or 404 where no tiles were installed, or
/// this build has nothing that draws them.
pub async fn which(State(state): State<AppState>, Path(guide): Path<String>) -> Result<Response, ApiError> {
    let guide = guide_id(&guide)?;
    if !state.site.manifest().files.contains_key("tiles.js") {
        return Err(ApiError::NotFound);
    }
    let data = state.relay.folder().to_owned();
    let found = tokio::task::spawn_blocking(move || streets::find(&data, &guide)).await;
    let found = found.map_err(std::io::Error::other).flatten().map_err(|error| {
        report(format!("the folder of tiles cannot be read: {}", error.kind()));
        ApiError::Later
    })?;
    let file = found.ok_or(ApiError::NotFound)?;
    let body = serde_json::json!({ "path": format!("/streets/{}", file.name), "bytes": file.bytes }).to_string();
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// `GET /streets/{file}`: its name changes with its content.
pub async fn file(State(state): State<AppState>, Path(name): Path<String>, request: Request) -> Result<Response, ApiError> {
    let path = streets::path(state.relay.folder(), &name).ok_or(ApiError::NotFound)?;
    let Ok(answer) = ServeFile::new(path).try_call(request).await else {
        return Err(ApiError::NotFound);
    };
    let mut answer = answer.map(axum::body::Body::new);
    if answer.status().is_success() {
        let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
        answer.headers_mut().insert(header::CACHE_CONTROL, kept);
    }
    Ok(answer)
}
