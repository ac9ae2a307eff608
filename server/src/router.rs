//! Every route of the relay, on one screen.

use crate::state::AppState;
use crate::{api, headers, pages, site};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

pub fn router(state: AppState) -> Router {
    let members_and_phones = Router::new()
        .route("/guides", get(api::guides))
        .route("/guides/{guide}/batches/{batch}", post(api::batches::receive))
        .route("/guides/{guide}/feed", get(api::members::feed))
        .route("/guides/{guide}/workspace", get(api::members::workspace))
        .route("/guides/{guide}/live", get(api::live::live))
        .route("/guides/{guide}/editions/{language}", get(api::editions::refresh))
        .route("/guides/{guide}/editions/{language}/{revision}", get(api::editions::whole))
        .route("/invites", post(api::members::redeem))
        .fallback(api::not_found)
        .layer(from_fn(headers::not_stored));

    let routes = Router::new()
        .nest("/api", members_and_phones)
        .route("/healthz", get(api::health))
        .route("/assets/{*path}", get(site::asset))
        .route("/sw.js", get(site::service_worker))
        .route("/shell", get(pages::shell))
        .route("/{guide}/{language}/manifest.webmanifest", get(pages::manifest))
        .fallback(pages::page);

    #[cfg(debug_assertions)]
    let routes = routes.route("/dev/build", get(site::dev_build));

    routes
        .layer(CatchPanicLayer::custom(pages::panicked))
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .with_state(state)
}
