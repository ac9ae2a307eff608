//! `GET /api/guides/{guide}/live`: server-sent events that say "look again". Each is one line of
//! JSON, `{"epoch": …, "revision": …}`; a member's device also gets `feed_seq`.

use super::{guide_id, off_thread, token};
use crate::error::ApiError;
use crate::relay::Beat;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use serde_json::json;
use shared::wire::Denied;
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::wrappers::WatchStream;

/// Shorter than what middle boxes and phone networks wait before they cut a silent line.
const KEEP_ALIVE: Duration = Duration::from_secs(25);

/// After this a stream ends and the phone opens another, so that nothing is held for ever.
const STREAM_TIME_MAX: Duration = Duration::from_secs(3_600);

pub async fn live(
    State(state): State<AppState>,
    Path(guide): Path<String>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let guide = guide_id(&guide)?;
    let place = state.live_places.clone().try_acquire_owned().map_err(|_| ApiError::Later)?;
    let asked = token(&headers).map(str::to_owned);
    let of = guide.clone();
    let member = off_thread(&state.relay, move |relay| {
        let known = relay.has_guide(&of)?;
        let member = asked.as_deref().map(|token| relay.reader(&of, token)).transpose()?;
        Ok(known.then_some(member))
    });
    let is_member = match member.await?.ok_or(ApiError::NotFound)? {
        None => false,
        Some(Some(_)) => true,
        Some(None) => return Err(ApiError::Denied(Denied::BadToken)),
    };

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
        std::future::ready(news.map(|beat| Ok(event(&epoch, beat, is_member))))
    });
    let ended = Box::pin(tokio::time::sleep(STREAM_TIME_MAX));
    Ok(Sse::new(beats.take_until(ended)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

fn event(epoch: &str, beat: Beat, is_member: bool) -> Event {
    let Beat { revision, feed_seq } = beat;
    let data = match is_member {
        true => json!({ "epoch": epoch, "revision": revision, "feed_seq": feed_seq }),
        false => json!({ "epoch": epoch, "revision": revision }),
    };
    Event::default().data(data.to_string())
}
