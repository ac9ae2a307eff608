//! Every route of the relay, on one screen.

use crate::rates::Kind;
use crate::state::AppState;
use crate::{api, headers, pages, site};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, post, put};
use tower_http::catch_panic::CatchPanicLayer;

pub fn router(state: AppState) -> Router {
    let limited = |kind: Kind| from_fn_with_state((state.clone(), kind), headers::limited);
    let asked = Router::new()
        .route("/guides", get(api::guides))
        .route("/guides/{guide}/feed", get(api::members::feed))
        .route("/guides/{guide}/workspace", get(api::members::workspace))
        .route("/guides/{guide}/live", get(api::live::live))
        .route("/guides/{guide}/editions/{language}", get(api::editions::refresh))
        .route("/guides/{guide}/editions/{language}/{revision}", get(api::editions::whole))
        .route("/guides/{guide}/streets", get(api::streets::which))
        .route("/guides/{guide}/members", get(api::stewards::members))
        .route("/guides/{guide}/invites", post(api::stewards::invite))
        .route("/guides/{guide}/invites/{invite}", delete(api::stewards::withdraw))
        .route("/guides/{guide}/devices/{device}", delete(api::stewards::revoke))
        .route("/guides/{guide}/devices/{device}/role", put(api::stewards::role))
        .route("/guides/{guide}/records/{record}/purge", post(api::stewards::purge))
        .route("/guides/{guide}/review", get(api::review::queue))
        .route("/guides/{guide}/review/{record}", get(api::review::proposal).post(api::review::decide))
        .route("/guides/{guide}/records/{record}/history", get(api::review::history))
        .route("/guides/{guide}/records/{record}/history/{feed_seq}", get(api::review::state_at))
        .route("/guides/{guide}/imports/{source}", post(api::imports::read))
        .route("/guides/{guide}/imports/{source}/done", post(api::imports::done))
        .route("/guides/{guide}/undo", get(api::review::writers))
        .route("/guides/{guide}/undo/{device}", get(api::review::undo))
        .route("/wiped", post(api::wiped))
        .fallback(api::not_found)
        .layer(limited(Kind::Api));

    let members_and_phones = asked
        .route("/guides/{guide}/batches/{batch}", post(api::batches::receive).layer(limited(Kind::Batches)))
        .route("/invites", post(api::members::redeem).layer(limited(Kind::Invites)))
        .layer(from_fn(headers::not_stored));

    let reading = Router::new()
        .route("/assets/{*path}", get(site::asset))
        .route("/sw.js", get(site::service_worker))
        .route("/streets/{file}", get(api::streets::file))
        .route("/shell", get(pages::shell))
        .route("/{guide}/{language}/manifest.webmanifest", get(pages::manifest))
        .fallback(pages::page)
        .layer(limited(Kind::Pages));

    let health = get(api::health).layer(from_fn(headers::not_stored));
    let routes = reading.nest("/api", members_and_phones).route("/healthz", health);

    #[cfg(debug_assertions)]
    let routes = routes.route("/dev/build", get(site::dev_build));

    routes
        .layer(CatchPanicLayer::custom(pages::panicked))
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .with_state(state)
}
