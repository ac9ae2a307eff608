//! The page for when nothing else can be shown: no edition, no app, a few languages, one link home.

use super::locale;
use app::locale::MEMBERS_TAGS;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use std::any::Any;
use std::fmt::Write;

/// What a handler that panicked answers. The panic itself was printed by the panic hook.
pub fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    answer(StatusCode::INTERNAL_SERVER_ERROR)
}

pub(super) fn answer(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(html()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn html() -> String {
    let mut html = String::from(
        "<!DOCTYPE html><html lang=\"en\" dir=\"ltr\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>Socle</title></head><body><main>",
    );
    for tag in MEMBERS_TAGS {
        let locale = locale(tag);
        let (title, help, home) = (locale.text("error.server"), locale.text("error.server_help"), locale.text("error.guides"));
        let heading = if tag == MEMBERS_TAGS[0] { "h1" } else { "h2" };
        write!(
            html,
            "<section lang=\"{tag}\" dir=\"{}\"><{heading}>{title}</{heading}><p>{help}</p><p><a href=\"/\">{home}</a></p></section>",
            locale.dir()
        )
        .expect("a string can be written");
    }
    html.push_str("</main></body></html>");
    html
}
