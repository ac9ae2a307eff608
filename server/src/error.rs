//! What went wrong, as HTTP says it: a status and `{"reason": …}`. Reasons are closed lists; a
//! person never sees them, the app has a sentence for each.

use crate::relay::{InviteError, RelayError, ReviewError, StewardError};
use crate::report::report;
use crate::store::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::gate::Refusal;
use shared::json;
use shared::review::{NotDecided, Undecided};
use shared::wire::{Denial, Denied};

#[derive(Debug)]
pub enum ApiError {
    Refused(Refusal),
    Denied(Denied),
    NotDecided(NotDecided),
    NotFound,
    /// Not a request this endpoint understands.
    BadRequest,
    TooLarge,
    /// Asked too often or sent too much: the seconds to wait.
    SlowDown(u64),
    /// A guide keeps one steward.
    LastSteward,
    /// Not done in time, or not now; the same request may succeed later.
    Later,
}

/// What `later` asks to wait, in seconds.
const LATER_SECONDS: u64 = 5;

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
            ApiError::Denied(Denied::TakenName) => StatusCode::CONFLICT,
            ApiError::Denied(Denied::UsedInvite | Denied::ExpiredInvite) => StatusCode::GONE,
            ApiError::Denied(Denied::BadToken) => StatusCode::UNAUTHORIZED,
            ApiError::Denied(Denied::BadRequest) | ApiError::BadRequest => StatusCode::BAD_REQUEST,
            ApiError::NotDecided(NotDecided::NotAllowed | NotDecided::OwnChange) => StatusCode::FORBIDDEN,
            ApiError::NotDecided(NotDecided::NoReason) => StatusCode::BAD_REQUEST,
            ApiError::NotDecided(_) => StatusCode::CONFLICT,
            ApiError::NotFound => StatusCode::NOT_FOUND,
            ApiError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ApiError::SlowDown(_) => StatusCode::TOO_MANY_REQUESTS,
            ApiError::LastSteward => StatusCode::CONFLICT,
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
            ApiError::NotDecided(why) => json::to_string(&Undecided { reason: *why }),
            ApiError::NotFound => reason("not_found"),
            ApiError::BadRequest => reason("bad_request"),
            ApiError::TooLarge => reason("too_large"),
            ApiError::SlowDown(_) => reason("slow_down"),
            ApiError::LastSteward => reason("last_steward"),
            ApiError::Later => reason("later"),
        };
        let mut response = (self.status(), [(header::CONTENT_TYPE, "application/json")], body).into_response();
        let wait = match self {
            ApiError::SlowDown(seconds) => Some(seconds),
            ApiError::Later => Some(LATER_SECONDS),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Ours to know, not theirs: said once here, without ids.
fn logged(error: &dyn std::error::Error) -> ApiError {
    report(format!("a request failed: {error}"));
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
            RelayError::SlowDown(seconds) => ApiError::SlowDown(seconds),
            RelayError::Store(_) | RelayError::Document(_) => logged(&error),
        }
    }
}

impl From<StewardError> for ApiError {
    fn from(error: StewardError) -> ApiError {
        match error {
            StewardError::BadToken => ApiError::Denied(Denied::BadToken),
            StewardError::NotAllowed => ApiError::Refused(Refusal::NotAllowed),
            StewardError::LastSteward => ApiError::LastSteward,
            StewardError::NotFound => ApiError::NotFound,
            StewardError::BadRequest => ApiError::BadRequest,
            StewardError::NotFolded => ApiError::Later,
            StewardError::Relay(error) => error.into(),
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

impl From<ReviewError> for ApiError {
    fn from(error: ReviewError) -> ApiError {
        match error {
            ReviewError::NotDecided(why) => ApiError::NotDecided(why),
            ReviewError::Relay(error) => error.into(),
        }
    }
}
