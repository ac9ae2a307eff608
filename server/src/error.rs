//! What went wrong, as HTTP says it: a status and `{"reason": …}`. Reasons are closed lists; a
//! person never sees them, the app has a sentence for each.

use crate::relay::{InviteError, RelayError};
use crate::store::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::gate::Refusal;
use shared::json;
use shared::wire::{Denial, Denied};

#[derive(Debug)]
pub enum ApiError {
    Refused(Refusal),
    Denied(Denied),
    NotFound,
    /// Not a request this endpoint understands.
    BadRequest,
    TooLarge,
    /// Nothing was done; the same request may succeed later.
    Later,
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            ApiError::Refused(refusal) => match refusal {
                Refusal::MissingDeps => StatusCode::CONFLICT,
                Refusal::BadSignature | Refusal::UnknownDevice | Refusal::Revoked | Refusal::NotAllowed => StatusCode::FORBIDDEN,
                Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                Refusal::Purged => StatusCode::GONE,
                Refusal::Malformed { .. } | Refusal::BatchReused | Refusal::NewerSchema | Refusal::Full => {
                    StatusCode::UNPROCESSABLE_ENTITY
                }
            },
            ApiError::Denied(Denied::UnknownInvite) => StatusCode::NOT_FOUND,
            ApiError::Denied(Denied::UsedInvite | Denied::ExpiredInvite) => StatusCode::GONE,
            ApiError::Denied(Denied::BadToken) => StatusCode::UNAUTHORIZED,
            ApiError::Denied(Denied::BadRequest) | ApiError::BadRequest => StatusCode::BAD_REQUEST,
            ApiError::NotFound => StatusCode::NOT_FOUND,
            ApiError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ApiError::Later => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let reason = |reason: &str| format!("{{\"reason\":\"{reason}\"}}");
        let body = match &self {
            ApiError::Refused(refusal) => json::to_string(refusal),
            ApiError::Denied(denied) => json::to_string(&Denial { reason: *denied }),
            ApiError::NotFound => reason("not_found"),
            ApiError::BadRequest => reason("bad_request"),
            ApiError::TooLarge => reason("too_large"),
            ApiError::Later => reason("later"),
        };
        let mut response = (self.status(), [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if matches!(self, ApiError::Later) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// Ours to know, not theirs: said once here, without ids.
fn logged(error: &dyn std::error::Error) -> ApiError {
    eprintln!("a request failed: {error}");
    ApiError::Later
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        logged(&error)
    }
}

impl From<RelayError> for ApiError {
    fn from(error: RelayError) -> ApiError {
        match error {
            RelayError::NoGuide => ApiError::NotFound,
            RelayError::Refused(refusal) => ApiError::Refused(refusal),
            RelayError::Store(_) | RelayError::Document(_) => logged(&error),
        }
    }
}

impl From<InviteError> for ApiError {
    fn from(error: InviteError) -> ApiError {
        match error {
            InviteError::Denied(denied) => ApiError::Denied(denied),
            InviteError::Store(_) | InviteError::Random(_) => logged(&error),
        }
    }
}
