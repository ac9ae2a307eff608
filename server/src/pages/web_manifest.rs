//! `/{guide}/{language}/manifest.webmanifest`: what a phone needs to put the guide on its home screen.

use super::locale;
use crate::api::off_thread;
use crate::error::ApiError;
use crate::state::AppState;
use app::assets::Assets;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::edition::GuideHeader;

/// Name in the build, `sizes`, `purpose`.
const ICONS: [(&str, &str, &str); 4] = [
    ("icon.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
];
const SCREENSHOTS: [&str; 3] = ["screenshot-home.png", "screenshot-list.png", "screenshot-place.png"];

pub async fn manifest(
    State(state): State<AppState>,
    Path((guide, language)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let guide = guide.parse().map_err(|_| ApiError::NotFound)?;
    let of = language.clone();
    let found = off_thread(&state.relay, move |relay| relay.edition(&guide, &of)).await?.ok_or(ApiError::NotFound)?;
    let manifest = of_guide(&found.edition.guide, &language, &state.assets);
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, manifest.to_string()).into_response())
}

fn of_guide(guide: &GuideHeader, language: &str, assets: &Assets) -> Value {
    let home = format!("/{}/{language}/", guide.id);
    let short: String = guide.name.chars().take(12).collect();
    json!({
        "id": format!("/{}/", guide.id),
        "name": guide.name,
        "short_name": short.trim_end(),
        "lang": language,
        "dir": locale(app::locale::best_tag(language)).dir(),
        "start_url": home,
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf7f0",
        "theme_color": "#faf7f0",
        "icons": icons(assets),
        "screenshots": screenshots(assets),
    })
}

fn icons(assets: &Assets) -> Vec<Value> {
    let built = ICONS.iter().filter(|(name, ..)| assets.has(name));
    built
        .map(|(name, sizes, purpose)| json!({ "src": assets.path(name), "sizes": sizes, "type": kind(name), "purpose": purpose }))
        .collect()
}

fn screenshots(assets: &Assets) -> Vec<Value> {
    let built = SCREENSHOTS.iter().filter(|name| assets.has(name));
    built
        .map(|name| json!({ "src": assets.path(name), "sizes": "720x1280", "type": kind(name), "form_factor": "narrow" }))
        .collect()
}

fn kind(name: &str) -> &'static str {
    if name.ends_with(".svg") { "image/svg+xml" } else { "image/png" }
}
