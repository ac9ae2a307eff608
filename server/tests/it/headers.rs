//! The headers of every answer, on every route that `router.rs` has, whatever is asked and however it
//! ends.

use crate::house::House;
use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::response::Parts;
use axum::http::{Method, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use server::config::Config;
use server::origin::{Origin, Prefix};
use server::router::router;
use server::site::Site;
use server::state::AppState;
use sha2::{Digest, Sha256};
use std::fs;
use tower::ServiceExt;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'sha256-HASH'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types socle";
const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "geolocation=(self), camera=(), microphone=(), interest-cohort=()"),
    ("strict-transport-security", "max-age=31536000"),
];
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const STREETS: &str = "lyon.0123456789abcdef.pmtiles";
const STYLE: &str = "main{display:grid}";

/// Every address of `router.rs`, `WORD` wherever something may stand.
pub fn routes() -> Vec<String> {
    let source = include_str!("../../src/router.rs");
    let (api, others) = source.split_once("let reading").expect("the API's routes come first");
    let patterns = |text: &str, before: &str| -> Vec<String> {
        text.split(".route(\"").skip(1).filter_map(|rest| Some(format!("{before}{}", rest.split_once('"')?.0))).collect()
    };
    [patterns(api, "/api"), patterns(others, "")].concat()
}

/// Pages, which `router.rs` leaves to the app.
pub const PAGES: [&str; 22] = [
    "/",
    "/{guide}",
    "/{guide}/{language}/",
    "/{guide}/{language}/category/health",
    "/{guide}/{language}/category/health/filters?cost=free",
    "/{guide}/{language}/search?q={word}",
    "/{guide}/{language}/search/filters?q={word}",
    "/{guide}/{language}/map?at={word}",
    "/{guide}/{language}/place/{batch}",
    "/{guide}/{language}/place/{batch}/share",
    "/{guide}/{language}/page/{batch}",
    "/{guide}/{language}/saved",
    "/{guide}/{language}/about",
    "/{guide}/{language}/phone",
    "/{guide}/{language}/{word}",
    "/{word}/{word}/{word}",
    "/{guide}/join",
    "/{guide}/{language}/edit",
    "/{guide}/{language}/edit/outbox",
    "/{guide}/{language}/edit/members",
    "/{guide}/{language}/edit/import",
    "/{guide}/{language}/edit/place/{batch}",
];

/// An address with the guide, a language, 32 digits and a word put in.
pub fn filled(pattern: &str, guide: &str, language: &str, digits: &str, word: &str) -> String {
    let path = pattern.replace("{guide}", guide).replace("{language}", language);
    let ids = ["{batch}", "{invite}", "{device}", "{record}", "{source}"];
    let path = ids.iter().fold(path, |path, id| path.replace(id, digits));
    let path = path.replace("{feed_seq}", "1");
    let path = path.replace("{file}", STREETS).replace("{revision}", "1").replace("{*path}", word).replace("{word}", word);
    assert!(!path.contains('{'), "{pattern}: say what to put there");
    path
}

/// What `Cache-Control` of a GET that succeeds says.
fn caching(pattern: &str) -> &'static str {
    match pattern {
        // A public edition at a revision never changes; the newest one is asked for again each time.
        "/api/guides/{guide}/editions/{language}/{revision}" => IMMUTABLE,
        "/api/guides/{guide}/editions/{language}" => "no-cache",
        "/assets/{*path}" | "/streets/{file}" => IMMUTABLE,
        "/sw.js" | "/shell" | "/{guide}/{language}/manifest.webmanifest" => "no-cache",
        "/healthz" => "no-store",
        members if members.starts_with("/api/") || members.contains("/edit") || members.ends_with("/join") => "no-store",
        page if PAGES.contains(&page) => "no-cache",
        other => panic!("say here how {other} may be kept"),
    }
}

fn house() -> House {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("assets")).expect("an empty folder");
    fs::write(path("assets/app-b1.css"), STYLE).expect("writable");
    fs::write(path("sw.js"), "worker").expect("writable");
    fs::create_dir(path("streets")).expect("an empty folder");
    fs::write(path("streets").join(STREETS), "tiles").expect("writable");
    let manifest = r#"{"build": "b1", "files": {"app.css": "/assets/app-b1.css", "tiles.js": "/assets/tiles.js"}, "core": [], "member": [], "rest": []}"#;
    fs::write(path("site.json"), manifest).expect("writable");
    House::in_folder(folder)
}

/// The head of an answer. Its body may never end.
fn head(house: &House, app: &Router, request: Request<Body>) -> Parts {
    house.runtime.block_on(app.clone().oneshot(request)).expect("the router never fails").into_parts().0
}

fn ask(house: &House, build: Builder) -> Parts {
    head(house, &house.app, build.body(Body::empty()).expect("a request"))
}

#[track_caller]
fn check(answer: &Parts, what: &str) {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let all = ALWAYS.map(|(name, value)| (name, value.to_owned()));
    let policy = ("content-security-policy", POLICY.replace("HASH", &hash));
    for (name, value) in all.iter().chain([&policy]) {
        let found: Vec<_> = answer.headers.get_all(*name).iter().collect();
        assert_eq!(found, [value.as_str()], "{what}: {name}");
    }
    for forbidden in ["set-cookie", "server", "x-powered-by", "access-control-allow-origin"] {
        assert!(!answer.headers.contains_key(forbidden), "{what}: {forbidden}");
    }
}

#[test]
fn every_route_answers_with_every_header() {
    let house = house();
    let ana = house.phone(shared::gate::Role::Editor, "Ana");
    let authorization = format!("Bearer {}", ana.token);
    let routes = routes();
    assert!(routes.len() > 12 && routes.iter().any(|route| route == "/api/invites"), "{routes:?}");
    for pattern in routes.iter().map(String::as_str).chain(PAGES) {
        let path = filled(pattern, "lyon", "fr", &"0".repeat(32), "app-b1.css");
        let posted = pattern.ends_with("/{batch}") && pattern.starts_with("/api") || pattern == "/api/invites";
        if pattern == "/dev/build" {
            continue;
        }
        let answer = ask(&house, Request::get(&path).header("authorization", &authorization));
        check(&answer, &path);
        let expected = if posted { "no-store" } else { caching(pattern) };
        assert_eq!(answer.headers.get("cache-control").and_then(|value| value.to_str().ok()), Some(expected), "{path}");
        for method in [Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE] {
            check(&ask(&house, Request::builder().method(&method).uri(&path)), &format!("{method} {path}"));
        }
    }
}

#[test]
fn so_do_answers_that_say_no() {
    let house = house();
    let check = |status: u16, answer: &Parts, what: &str| {
        assert_eq!(answer.status, status, "{what}");
        check(answer, what);
    };
    check(401, &ask(&house, Request::get("/api/guides/lyon/feed")), "without a token");
    check(404, &ask(&house, Request::get("/api/nonsense")), "no such endpoint");
    check(404, &ask(&house, Request::get("/assets/nonsense")), "no such file");
    check(404, &ask(&house, Request::get("/lyon/de/manifest.webmanifest")), "no such language");
    check(400, &ask(&house, Request::get("/api/guides/lyon/feed?since=yesterday")), "no number");
    let long = Request::post("/api/invites").body(Body::from("x".repeat(10_000))).expect("a request");
    check(413, &head(&house, &house.app, long), "too long");
    let tag = ask(&house, Request::get("/lyon/fr/")).headers["etag"].clone();
    check(304, &ask(&house, Request::get("/lyon/fr/").header("if-none-match", tag)), "not changed");
    let origin = Origin(Some(Prefix::of([203, 0, 113, 1].into())));
    let often = || ask(&house, Request::post("/api/invites").extension(origin));
    (0..30).for_each(|_| drop(often()));
    check(429, &often(), "too often");
    // No time that a calendar has: whatever looks at the clock panics.
    house.clock.store(i64::MAX, std::sync::atomic::Ordering::Relaxed);
    check(500, &ask(&house, Request::get("/lyon/fr/")), "a page that panics");
    check(500, &ask(&house, Request::get("/api/guides/lyon/live")), "an answer that panics");
}

#[test]
fn the_policy_knows_the_stylesheet_of_the_page() {
    let house = house();
    let html = house.get("/lyon/fr/").text();
    let style =
        html.split_once("<style").and_then(|(_, rest)| rest.split_once('>')).and_then(|(_, rest)| rest.split_once("</style>"));
    assert_eq!(style.map(|(style, _)| style), Some(STYLE));
}

#[test]
fn only_an_address_with_tls_asks_for_tls() {
    let house = house();
    let config = Config::new("127.0.0.1:8080".parse().expect("an address"), None);
    let site = Site::in_folder(house.folder.path());
    let app = router(AppState::new(house.relay.clone(), site, config).expect("randomness"));
    let answer = head(&house, &app, Request::get("/lyon/fr/").body(Body::empty()).expect("a request"));
    assert!(!answer.headers.contains_key("strict-transport-security"));
    assert!(answer.headers.contains_key("content-security-policy"));
}
