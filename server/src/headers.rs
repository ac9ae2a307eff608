//! What stands before every handler: headers on every answer, and how often one may ask.

use crate::error::ApiError;
use crate::origin::Origin;
use crate::pages;
use crate::rates::Kind;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Nothing from elsewhere; nothing inline but the stylesheet, known by its hash; HTML only from code
/// that made a policy of its own.
pub fn content_security_policy(style: &str) -> HeaderValue {
    let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'sha256-{hash}'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types socle"
    );
    HeaderValue::try_from(policy).expect("all of it is ASCII")
}

const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "geolocation=(self), camera=(), microphone=(), interest-cohort=()"),
];

pub async fn secure(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, state.content_security_policy.clone());
    if state.config.public_url.starts_with("https://") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Answers a part of the network only so often. What this machine asks for itself is not counted.
pub async fn limited(State((state, kind)): State<(AppState, Kind)>, request: Request, next: Next) -> Response {
    let prefix = request.extensions().get::<Origin>().and_then(|origin| origin.0);
    let now = state.relay.now().as_millisecond();
    match prefix.map_or(Ok(()), |prefix| state.rates.take(prefix, kind, now)) {
        Ok(()) => next.run(request).await,
        Err(seconds) if kind == Kind::Pages => pages::slow_down(&request, seconds),
        Err(seconds) => ApiError::SlowDown(seconds).into_response(),
    }
}

/// Answers to phones and members are kept by nobody, unless they say otherwise: published editions
/// are public, and a phone asks whether its copy is still the newest.
pub async fn not_stored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
