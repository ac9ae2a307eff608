//! Going from page to page without loading documents: links and search forms are followed in place,
//! the history and the scroll positions are kept, and people who cannot see the screen are told
//! where they are.

use crate::routes::Route;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, EventTarget, HtmlElement, HtmlFormElement, HtmlInputElement, MouseEvent};

/// Calls `go` for every link or form that leads to a page of the app, and `back` when the history
/// moves.
pub fn follow(for_members: bool, go: Callback<Route>, back: Callback<Route>) {
    listen(document().as_ref(), "click", move |event| {
        if within_page(&event) {
            event.prevent_default();
        } else if let Some((link, route)) = clicked(&event).filter(|(_, route)| route.is_for_members() == for_members) {
            event.prevent_default();
            // The tap is seen to be taken before the page is drawn, which takes a slow phone a while.
            let _ = link.set_attribute("data-tapped", "");
            after_paint(Box::new(move || {
                let _ = link.remove_attribute("data-tapped");
                go.run(route);
            }));
        }
    });
    listen(document().as_ref(), "submit", move |event| {
        if let Some(route) = searched(&event).filter(|route| route.is_for_members() == for_members) {
            event.prevent_default();
            go.run(route);
        }
    });
    listen(window().as_ref(), "popstate", move |_| back.run(here()));
    let manual = js_sys::Reflect::set(&history(), &"scrollRestoration".into(), &"manual".into());
    debug_assert!(manual.is_ok());
}

/// The page at the address bar.
pub fn here() -> Route {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    Route::parse(&location.pathname().unwrap_or_default(), query.trim_start_matches('?'))
}

fn history() -> web_sys::History {
    window().history().expect("every window has a history")
}

/// Writes the route into the address bar as a new entry of the history, remembering how far the
/// page being left was scrolled.
pub fn push(route: &Route) {
    let left = JsValue::from_f64(window().scroll_y().unwrap_or_default());
    let _ = history().replace_state_with_url(&left, "", typed().map(|route| route.href()).as_deref());
    // Refused only when a page does this hundreds of times a minute; then the address stays behind.
    let _ = history().push_state_with_url(&JsValue::NULL, "", Some(&route.href()));
}

/// The search page being left with the words that stand in its field: typed and not sent off, they are
/// no part of its address yet, and whoever comes back wants to find what they had found.
fn typed() -> Option<Route> {
    let field = document().get_element_by_id("q")?.dyn_into::<HtmlInputElement>().ok()?;
    match here() {
        Route::Search { guide, language, query, filters, .. } if query != field.value() => {
            Some(Route::search(&guide, &language, &field.value()).filtered(&filters))
        }
        _ => None,
    }
}

/// Puts the route into the address bar in place of the present one.
pub fn replace(route: &Route) {
    let _ = history().replace_state_with_url(&JsValue::NULL, "", Some(&route.href()));
}

/// How far the page being shown was scrolled when it was left; `None` for a new one.
pub fn scrolled() -> Option<f64> {
    history().state().ok()?.as_f64()
}

/// The link that was tapped, also one of a drawing, and its address as it is written; not where somebody else
/// has seen to the tap.
fn tapped(event: &Event) -> Option<(Element, String)> {
    let mouse = event.dyn_ref::<MouseEvent>()?;
    let plain = mouse.button() == 0 && !(mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key());
    let link = element(event)?.closest("a[href]").ok()??;
    let href = link.get_attribute("href")?;
    (plain && !event.default_prevented()).then_some((link, href))
}

/// Follows a link to another part of the page. The browser would do it by the history, which is for pages here.
fn within_page(event: &Event) -> bool {
    let Some(id) = tapped(event).and_then(|(_, href)| href.strip_prefix('#').map(str::to_owned)) else { return false };
    if let Some(part) = document().get_element_by_id(&id).and_then(|part| part.dyn_into::<HtmlElement>().ok()) {
        part.scroll_into_view();
        let _ = part.focus();
    }
    true
}

/// The link that was tapped, and the page that it leads to.
fn clicked(event: &Event) -> Option<(Element, Route)> {
    let (link, href) = tapped(event)?;
    let location = window().location();
    let to = web_sys::Url::new_with_base(&href, &location.href().ok()?).ok()?;
    if to.origin() != location.origin().ok()? || link.has_attribute("download") || link.has_attribute("target") {
        return None;
    }
    Some((link, known(&to.pathname(), &to.search())?))
}

fn searched(event: &Event) -> Option<Route> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let get = form.method().eq_ignore_ascii_case("get") && !event.default_prevented();
    let action = web_sys::Url::new(&form.action()).ok()?;
    if !get || action.origin() != window().location().origin().ok()? {
        return None;
    }
    let fields = web_sys::FormData::new_with_form(&form).ok()?;
    let query = web_sys::UrlSearchParams::new().ok()?;
    for pair in fields.entries().into_iter().flatten() {
        let pair: js_sys::Array = pair.unchecked_into();
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            query.append(&name, &value);
        }
    }
    known(&action.pathname(), &String::from(query.to_string()))
}

/// Addresses that the app does not know are left to the browser.
fn known(path: &str, query: &str) -> Option<Route> {
    let route = Route::parse(path, query.trim_start_matches('?'));
    (!path.starts_with("/api/") && !matches!(route, Route::NotFound { .. })).then_some(route)
}

fn element(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// What the document says of the page: its title, language and direction.
pub fn describe(title: &str, tag: &str, dir: &str) {
    document().set_title(title);
    if let Some(root) = document().document_element() {
        // Written though it is the same, it would have the whole page styled again.
        for (name, value) in [("lang", tag), ("dir", dir)] {
            if root.get_attribute(name).as_deref() != Some(value) {
                let _ = root.set_attribute(name, value);
            }
        }
    }
}

/// After going to another page: to its top or where it was left, and the focus on its heading, so
/// that a screen reader says it.
pub fn arrive(scroll: Option<f64>) {
    request_animation_frame(move || {
        let heading = document().query_selector("#main h1").ok().flatten().or_else(|| document().get_element_by_id("main"));
        if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
            let _ = heading.set_attribute("tabindex", "-1");
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = heading.focus_with_options(&options);
        }
        window().scroll_to_with_x_and_y(0.0, scroll.unwrap_or_default());
    });
}

/// Does something once the next frame has been painted.
pub fn after_paint(act: Box<dyn FnOnce()>) {
    request_animation_frame(move || set_timeout(act, Duration::ZERO));
}

/// Listens as long as the page lives.
pub fn listen(target: &EventTarget, name: &str, listener: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(listener).into_js_value();
    let added = target.add_event_listener_with_callback(name, listener.unchecked_ref());
    debug_assert!(added.is_ok());
}
