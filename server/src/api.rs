//! The relay over HTTP. Handlers take a request apart, ask [`crate::relay`], and put the answer
//! together; they decide nothing.

pub mod batches;
pub mod editions;
pub mod imports;
pub mod live;
pub mod members;
pub mod review;
pub mod stewards;
pub mod streets;

use crate::error::ApiError;
use crate::relay::{Relay, RelayError};
use crate::report::report;
use crate::state::AppState;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use shared::ids::GuideId;
use shared::json;
use shared::wire::GuideCard;
use std::sync::Arc;
use std::time::Duration;

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

/// `POST /api/wiped`: the browser clears what scripts do not reach. Asked by our own pages alone: a form
/// of another site must not wipe anybody's phone.
pub async fn wiped(headers: HeaderMap) -> Response {
    let ours = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
    match ours {
        true => (StatusCode::NO_CONTENT, [("clear-site-data", "\"cache\", \"cookies\", \"storage\"")]).into_response(),
        false => StatusCode::FORBIDDEN.into_response(),
    }
}

pub async fn not_found() -> ApiError {
    ApiError::NotFound
}

/// How long an answer may take to be made.
const HANDLING_TIME: Duration = Duration::from_secs(20);

/// How long a body may take to arrive, and how long it may be silent in the middle.
struct Arrival {
    time: Duration,
    silence: Duration,
}

/// Over the slowest line a batch comes with 20 kbit/s.
const ARRIVAL: Arrival = Arrival { time: Duration::from_secs(110), silence: Duration::from_secs(15) };

/// Runs what waits for the disk where it holds up nobody else.
pub async fn off_thread<T: Send + 'static>(
    relay: &Arc<Relay>,
    ask: impl FnOnce(&Arc<Relay>) -> Result<T, RelayError> + Send + 'static,
) -> Result<T, ApiError> {
    let relay = relay.clone();
    // What panicked was reported by the panic's hook.
    let asking = tokio::task::spawn_blocking(move || ask(&relay));
    Ok(in_time(asking).await?.map_err(|_| ApiError::Later)??)
}

/// What is not done in time may be done later: asking again is harmless.
async fn in_time<T>(doing: impl Future<Output = T>) -> Result<T, ApiError> {
    tokio::time::timeout(HANDLING_TIME, doing).await.map_err(|_| {
        report("a request took too long".to_owned());
        ApiError::Later
    })
}

/// The whole body of a request, of at most so many bytes.
async fn whole(body: Body, bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    arrived(body, bytes_max, &ARRIVAL).await
}

async fn arrived(body: Body, bytes_max: usize, arrival: &Arrival) -> Result<Vec<u8>, ApiError> {
    let reading = async {
        let (mut pieces, mut bytes) = (body.into_data_stream(), Vec::new());
        while let Some(piece) = tokio::time::timeout(arrival.silence, pieces.next()).await.map_err(|_| ApiError::Later)? {
            bytes.extend_from_slice(&piece.map_err(|_| ApiError::BadRequest)?);
            if bytes.len() > bytes_max {
                return Err(ApiError::TooLarge);
            }
        }
        Ok(bytes)
    };
    tokio::time::timeout(arrival.time, reading).await.map_err(|_| ApiError::Later)?
}

/// The guide in an address; one that cannot be a guide's name is not found.
fn guide_id(text: &str) -> Result<GuideId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound)
}

/// The read token that a request carries.
fn token(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;
    use std::io;
    use std::time::Instant;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(20);

    /// A byte again and again, each after a pause.
    fn dripping(pause: Duration) -> Body {
        Body::from_stream(stream::repeat(()).then(move |()| async move {
            tokio::time::sleep(pause).await;
            Ok::<_, io::Error>("x")
        }))
    }

    #[test]
    fn a_body_that_drips_is_not_waited_for() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let refused = |body, arrival| match runtime.block_on(arrived(body, usize::MAX, &arrival)) {
            Err(ApiError::Later) => true,
            Ok(_) | Err(_) => false,
        };
        let begun = Instant::now();
        assert!(refused(dripping(SHORT / 20), Arrival { time: SHORT, silence: LONG }), "never silent, never done");
        assert!(refused(dripping(LONG), Arrival { time: LONG, silence: SHORT }), "silent in the middle");
        assert!(begun.elapsed() < LONG);
        let arrival = Arrival { time: LONG, silence: LONG };
        assert_eq!(runtime.block_on(arrived(Body::from("all of it"), 9, &arrival)).ok(), Some(b"all of it".to_vec()));
    }
}
