//! `GET /api/guides/{guide}/live`: server-sent events that say "look again". Each is one line of
//! JSON, `{"epoch": …, "revision": …}`; a member's device also gets `feed_seq`. Who reads slowly gets
//! the newest state only: nothing is queued for anyone.

use super::{guide_id, off_thread, token};
use crate::error::ApiError;
use crate::origin::Origin;
use crate::relay::{Beat, Relay};
use crate::state::AppState;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde_json::json;
use shared::gate::Role;
use shared::ids::GuideId;
use shared::wire::Denied;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::WatchStream;

/// Shorter than what middle boxes and phone networks wait before they cut a silent line.
const KEEP_ALIVE: Duration = Duration::from_secs(25);

/// After this a stream ends and the phone opens another, so that nothing is held for ever.
const STREAM_TIME_MAX: Duration = Duration::from_secs(3_600);

pub async fn live(
    State(state): State<AppState>,
    Path(guide): Path<String>,
    origin: Option<Extension<Origin>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let guide = guide_id(&guide)?;
    let place = state.live.take(origin.and_then(|origin| origin.0.0)).ok_or(ApiError::Later)?;
    let asked = token(&headers).map(str::to_owned);
    let of = guide.clone();
    let member = off_thread(&state.relay, move |relay| {
        let known = relay.has_guide(&of)?;
        let member = asked.as_deref().map(|token| relay.reader(&of, token)).transpose()?;
        Ok(known.then_some(member))
    });
    let role = match member.await?.ok_or(ApiError::NotFound)? {
        None => None,
        Some(Some(member)) => Some(member.role),
        Some(None) => return Err(ApiError::Denied(Denied::BadToken)),
    };
    let is_member = role.is_some();

    let as_before = role.zip(token(&headers)).map(|(role, token)| (guide.clone(), token.to_owned(), role));
    let epoch = state.relay.epoch().to_owned();
    let mut told: Option<Beat> = None;
    let beats = WatchStream::new(state.relay.news().listen()).filter_map(move |beats| {
        let held_while_open = &place;
        let _ = held_while_open;
        let mut beat = beats.get(&guide).copied();
        // What only members may know does not wake readers.
        if let Some(beat) = beat.as_mut().filter(|_| !is_member) {
            beat.feed_seq = 0;
        }
        let news = beat.filter(|_| beat != told);
        told = news.or(told);
        std::future::ready(news.map(|beat| Ok::<_, Infallible>(event(&epoch, beat, is_member))))
    });
    let ended = Box::pin(ended(state.live.closed(), state.relay.clone(), as_before));
    let stream = Sse::new(beats.take_until(ended)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([(header::CACHE_CONTROL, "no-store")], stream).into_response())
}

/// Waits until a stream has lasted long enough, its device is no member any more or in another role,
/// or the relay closes.
async fn ended(closed: impl Future, relay: Arc<Relay>, as_before: Option<(GuideId, String, Role)>) {
    let mut memberships = relay.news().memberships();
    let changed = async {
        let Some((guide, token, role)) = as_before else { return std::future::pending().await };
        // Looked at first: it may have changed since the stream was asked for.
        while role_of(&relay, &guide, &token).await == Some(role) && memberships.changed().await.is_ok() {}
    };
    let over = async {
        tokio::select! {
            () = changed => {}
            _ = closed => {}
        }
    };
    tokio::time::timeout(STREAM_TIME_MAX, over).await.ok();
}

/// None also where the device cannot be looked up: its stream ends and its phone asks again.
async fn role_of(relay: &Arc<Relay>, guide: &GuideId, token: &str) -> Option<Role> {
    let (guide, token) = (guide.clone(), token.to_owned());
    let member = off_thread(relay, move |relay| Ok(relay.reader(&guide, &token)?)).await;
    Some(member.ok()??.role)
}

fn event(epoch: &str, beat: Beat, is_member: bool) -> Event {
    let Beat { revision, feed_seq } = beat;
    let data = match is_member {
        true => json!({ "epoch": epoch, "revision": revision, "feed_seq": feed_seq }),
        false => json!({ "epoch": epoch, "revision": revision }),
    };
    Event::default().data(data.to_string())
}
