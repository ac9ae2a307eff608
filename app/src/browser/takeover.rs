//! From the page that the relay sent to the running app, within one frame.

use super::copies::Copies;
use super::visit::Visit;
use super::{Program, hands, navigation, script};
use crate::assets::Assets;
use crate::locale::Locale;
use crate::pages::App;
use js_sys::Reflect;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, Node};

/// "Open now" is worked out again this often.
const CLOCK: Duration = Duration::from_secs(30);

/// `sprite`: the text of `icons.svg`; empty where it could not be had.
pub async fn take_over(program: Program, sprite: String) {
    let Some(body) = document().body() else { return };
    let assets = body.get_attribute("data-assets").and_then(|json| Assets::from_handed_over(&json)).unwrap_or_default();
    let Some(root) = document().get_element_by_id("app").and_then(|root| root.dyn_into::<HtmlElement>().ok()) else { return };

    // Leptos sets up what runs effects and tasks when something is first mounted; both are needed
    // before the takeover mounts the app.
    let aside: HtmlElement = document().create_element("div").expect("a div can be made").unchecked_into();
    mount_to(aside.clone(), || ()).forget();
    // The app's owner lives as long as the page.
    let owner = Owner::new();
    let nothing = Locale::parse("en", "{}").expect("an empty object is JSON");
    let served = root.child_element_count() > 0;
    let copies = Rc::new(Copies::open().await);
    let visit = owner.with(|| Visit::new(assets.with_drawings(&sprite), nothing, copies, program));
    let provision = visit.provide(navigation::here()).await;
    if served && (sprite.is_empty() || !provision.suffices()) {
        return;
    }
    script::breathe().await;
    // What replaces a page is made beside the document, in steps: until it is there, a finger is answered.
    let drawn = owner.with(|| {
        let hands = hands::hands(visit);
        let site = visit.site(hands);
        provide_context(site);
        if let Some(desks) = program.desks {
            provide_context(desks(visit));
        }
        // Now, not before the copy came: a person scrolls meanwhile.
        visit.whole.set(served && !shows_its_beginning());
        visit.show(provision);
        let drawn = RwSignal::new(!served);
        mount(if served { &aside } else { &root }, program, drawn.into());
        drawn
    });
    if served {
        script::breathe().await;
        drawn.set(true);
        script::breathe().await;
        replace(&root, &aside);
    }
    let _ = root.set_attribute("data-live", "");
    owner.with(|| attend(visit));
    std::mem::forget(owner);
}

/// Whether a person sees no more of a page than its beginning: what is below a phone's screen may then
/// come a frame later.
fn shows_its_beginning() -> bool {
    const SCREEN_PX_MAX: f64 = 800.0;
    let height = window().inner_height().ok().and_then(|height| height.as_f64());
    window().scroll_y().is_ok_and(|scroll| scroll <= 0.0) && height.is_some_and(|height| height <= SCREEN_PX_MAX)
}

fn mount(place: &HtmlElement, program: Program, drawn: Signal<bool>) {
    // Mounting begins an owner of its own, which inherits no context.
    let owner = Owner::current().expect("called in the app's owner");
    mount_to(place.clone(), move || owner.with(|| view! { <App content=program.content drawn=drawn /> })).forget();
}

/// Puts the app's nodes in the place of the server's, in one frame.
fn replace(root: &HtmlElement, aside: &HtmlElement) {
    let before = Before::of(root);
    for node in children(root) {
        let _ = root.remove_child(&node);
    }
    for node in children(aside) {
        let _ = root.append_child(&node);
    }
    before.restore();
}

fn children(root: &HtmlElement) -> Vec<Node> {
    let list = root.child_nodes();
    (0..list.length()).filter_map(|at| list.item(at)).collect()
}

/// Where the person was on the server's page.
struct Before {
    scroll: f64,
    focused: Option<String>,
    /// How each field is found again, and what it holds.
    held: Vec<(String, [JsValue; 2])>,
}

impl Before {
    fn of(root: &HtmlElement) -> Before {
        let id = |element: Element| Some(element.id()).filter(|id| !id.is_empty());
        Before {
            scroll: window().scroll_y().unwrap_or_default(),
            focused: document().active_element().and_then(id),
            held: fields(root),
        }
    }

    fn restore(&self) {
        for (selector, held) in &self.held {
            let Ok(Some(field)) = document().query_selector(selector) else { continue };
            for (name, value) in HELD.into_iter().zip(held) {
                if Reflect::get(&field, &name.into()).as_ref() != Ok(value) {
                    let set = Reflect::set(&field, &name.into(), value);
                    debug_assert!(set.is_ok());
                }
            }
        }
        if let Some(element) = self.focused.as_ref().and_then(|id| document().get_element_by_id(id)) {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = element.unchecked_ref::<HtmlElement>().focus_with_options(&options);
        }
        window().scroll_to_with_x_and_y(0.0, self.scroll);
    }
}

/// What was typed, chosen or ticked, whatever kind of field it is.
const HELD: [&str; 2] = ["value", "checked"];

/// Fields that are found again: by their id, or as one of several ticks of a name.
fn fields(root: &HtmlElement) -> Vec<(String, [JsValue; 2])> {
    let Ok(found) = root.query_selector_all("input, select") else { return Vec::new() };
    let field = |at: u32| {
        let field: Element = found.item(at)?.dyn_into().ok()?;
        let selector = match field.id() {
            id if !id.is_empty() => format!("#{id}"),
            _ => format!("[name=\"{}\"][value=\"{}\"]", field.get_attribute("name")?, field.get_attribute("value")?),
        };
        Some((selector, HELD.map(|name| Reflect::get(&field, &name.into()).unwrap_or(JsValue::UNDEFINED))))
    };
    (0..found.length()).filter_map(field).collect()
}

/// From now on: follow links, keep the clock, look for news, hear of updates.
fn attend(visit: Visit) {
    navigation::follow(
        visit.for_members,
        Callback::new(move |route| visit.go(route)),
        Callback::new(move |route| visit.back(route)),
    );
    set_interval(move || visit.look_again(), CLOCK);
    navigation::listen(window().as_ref(), "online", move |_| visit.look_for_news());
    navigation::listen(window().as_ref(), "offline", move |_| visit.look_for_news());
    navigation::listen(document().as_ref(), "visibilitychange", move |_| {
        if !document().hidden() {
            visit.look_again();
            spawn_local(script::look_for_update());
        }
    });
    visit.look_for_news();
    hands::attend(visit);
    visit.read_ahead();
}
