//! The pages for when nothing else can be shown: no edition, no app, one link home.

use super::{locale, text};
use app::components::NEUTRAL;
use app::locale::MEMBERS_TAGS;
use app::routes::Route;
use app::shell;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Response, StatusCode, header};
use std::any::Any;
use std::fmt::Write;

/// What a handler that panicked answers. The panic itself was printed by the panic hook.
pub fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    answer(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Too many requests came from where this one comes from.
pub fn slow_down(request: &Request, seconds: u64) -> Response<Body> {
    let route = Route::parse(request.uri().path(), "");
    let accepted = text(request.headers(), header::ACCEPT_LANGUAGE).map(shell::accepted).unwrap_or_default();
    let mut response = document(StatusCode::TOO_MANY_REQUESTS, &[shell::language(&route, &accepted)], "error.slow_down");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

pub(super) fn answer(status: StatusCode) -> Response<Body> {
    document(status, &MEMBERS_TAGS, "error.server")
}

/// Says `words` in some languages, and that trying again helps.
fn document(status: StatusCode, tags: &[&str], words: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(html(tags, words)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn html(tags: &[&str], words: &str) -> String {
    let first = tags.first().copied().unwrap_or("en");
    let mut html = format!(
        "<!DOCTYPE html><html lang=\"{first}\" dir=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>Socle</title></head><body><main>",
        locale(first).dir(),
    );
    for tag in tags {
        let locale = locale(tag);
        let (title, help) = (locale.text(words), locale.text("error.server_help"));
        let home = locale.text("error.guides");
        let heading = if *tag == first { "h1" } else { "h2" };
        write!(
            html,
            "<section lang=\"{tag}\" dir=\"{}\"><{heading}>{title}</{heading}><p>{help}</p><p><a href=\"/\">{home}</a></p>\
             <p><a href=\"{NEUTRAL}\" rel=\"noreferrer\">{}</a></p></section>",
            locale.dir(),
            locale.text("frame.exit"),
        )
        .expect("a string can be written");
    }
    html.push_str("</main></body></html>");
    html
}
