//! What members' pages ask of the browser besides the replica: clipboard, position, this tab's
//! memory, the invite in the address, and a question before unsaved or unfinished work is left.

use super::{Link, carry};
use crate::assets::Assets;
use crate::browser::complain;
use crate::browser::locate::{Unlocated, locate};
use crate::desk::{Delivered, Desk, Ground, Later, LockAsk, LockState, NoPosition, Position, Unserved};
use crate::guide::Site;
use crate::locale::Locale;
use js_sys::{Function, Reflect};
use leptos::prelude::*;
use shared::ids::{BatchId, GuideId};
use shared::link::{Answer, Ask, Trouble};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

pub struct Browser {
    link: Rc<Link>,
    assets: Assets,
}

impl Browser {
    pub fn new(link: Rc<Link>, assets: Assets) -> Browser {
        Browser { link, assets }
    }
}

impl Ground for Browser {
    fn ask(&self, ask: Ask) -> Later<Result<Answer, Trouble>> {
        let link = self.link.clone();
        Box::pin(async move { link.ask(ask).await })
    }

    fn restart(&self) {
        self.link.begin();
    }

    fn invite(&self) -> Option<String> {
        let location = window().location();
        let token = location.hash().ok()?.trim_start_matches('#').to_owned();
        if token.is_empty() {
            return None;
        }
        // The secret must not stay in the address bar, in the history or in a screenshot.
        let clean = format!("{}{}", location.pathname().ok()?, location.search().ok()?);
        let replaced = window().history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&clean)));
        if let Err(error) = replaced {
            complain("the invite stays in the address bar", &error);
        }
        Some(token)
    }

    fn copy(&self, text: String) -> Later<bool> {
        Box::pin(async move {
            let navigator: JsValue = window().navigator().into();
            // Absent where the page did not come over https.
            let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok().filter(|found| !found.is_undefined());
            match clipboard.and_then(|found| found.dyn_into::<web_sys::Clipboard>().ok()) {
                Some(clipboard) => JsFuture::from(clipboard.write_text(&text)).await.is_ok(),
                None => false,
            }
        })
    }

    fn relay(&self, method: &'static str, address: String, body: String) -> Later<Result<String, Unserved>> {
        let link = self.link.clone();
        Box::pin(async move {
            let Ok(Answer::Token { token: Some(token) }) = link.ask(Ask::Token).await else {
                return Err(Unserved::Refused("bad_token".to_owned()));
            };
            crate::browser::relay::as_member(method, &address, &token, &body).await
        })
    }

    fn export(&self, name: String, text: String) -> Later<bool> {
        Box::pin(async move { export(&name, &text).await.is_ok() })
    }

    fn position(&self) -> Later<Result<Position, NoPosition>> {
        Box::pin(async {
            let [latitude, longitude] = locate().await.map_err(|unlocated| match unlocated {
                Unlocated::Refused => NoPosition::Refused,
                Unlocated::NotFound => NoPosition::NotFound,
            })?;
            Position::new(latitude, longitude).ok_or(NoPosition::NotFound)
        })
    }

    fn locale(&self, tag: String) -> Later<Option<Locale>> {
        let addresses = self.assets.words(&tag, true);
        Box::pin(async move { crate::browser::relay::locale(&tag, &addresses).await })
    }

    fn random(&self, length: usize) -> String {
        const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        // Only has to differ from the other keys of one record: nothing secret hangs on it.
        let letter = || char::from(LETTERS[(js_sys::Math::random() * 36.0) as usize % 36]);
        (0..length).map(|_| letter()).collect()
    }

    fn remember(&self, name: &str, text: Option<&str>) {
        let mut kept = self.link.drafts.borrow_mut();
        kept.retain(|(known, _)| known != name);
        if self.link.locks.get() {
            // Not where the browser writes it down.
            return kept.extend(text.map(|text| (name.to_owned(), text.to_owned())));
        }
        let Ok(Some(storage)) = window().session_storage() else { return };
        let done = match text {
            Some(text) => storage.set_item(name, text),
            None => storage.remove_item(name),
        };
        if done.is_err() {
            leptos::logging::warn!("this tab cannot remember what is not saved");
        }
    }

    fn recall(&self, name: &str) -> Option<String> {
        let in_memory = self.link.drafts.borrow().iter().find(|(known, _)| known == name).map(|(_, text)| text.clone());
        if in_memory.is_some() {
            return in_memory;
        }
        window().session_storage().ok()??.get_item(name).ok()?
    }

    fn unsent(&self) -> Later<Result<Vec<Vec<u8>>, Trouble>> {
        let link = self.link.clone();
        Box::pin(async move { link.unsent().await })
    }

    fn lock(&self, ask: LockAsk) -> Later<Result<LockState, Trouble>> {
        let link = self.link.clone();
        Box::pin(async move { link.lock(ask).await })
    }

    fn hand_over(&self, name: String, batches: Vec<Vec<u8>>) -> Later<Result<(), Trouble>> {
        Box::pin(async move { carry::hand_over(&name, &batches).await })
    }

    fn file(&self, field: &'static str) -> Later<Option<Vec<u8>>> {
        Box::pin(carry::file(field))
    }

    fn deliver(&self, guide: GuideId, batch: BatchId, bytes: Vec<u8>) -> Later<Delivered> {
        Box::pin(async move { carry::deliver(&guide, batch, &bytes).await })
    }

    fn focus(&self, id: &str) {
        let id = id.to_owned();
        // After the next frame: what is to be focused may only just have been opened.
        request_animation_frame(move || {
            let Some(element) = document().get_element_by_id(&id) else { return };
            element.scroll_into_view();
            if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
                let _ = element.focus();
            }
        });
    }
}

/// Hands a file to another app by the share sheet, or puts it among the downloads.
async fn export(name: &str, text: &str) -> Result<(), JsValue> {
    let file = carry::text_file(name, text, "application/json")?;
    match carry::share(&file).await {
        Some(shared) => shared,
        None => carry::save(name, &file),
    }
}

/// Asks before unsaved or unfinished work is left: closing or reloading the tab, and links to other pages.
/// Changes made in a form are also remembered for the tab, so that a tab that the phone closes by
/// itself loses nothing.
pub fn guard(desk: Desk) {
    let leaving = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        if question(desk).is_some() {
            event.prevent_default();
        }
    });
    let locale = use_context::<Site>().map(|site| site.locale);
    let following = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let Some(question) = question(desk).filter(|_| is_link(&event)) else { return };
        let question = locale.map(|locale| locale.get_untracked().text(question)).unwrap_or_default();
        if !window().confirm_with_message(&question).unwrap_or(true) {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    });
    let listen = |target: &web_sys::EventTarget, name: &str, listener: Closure<dyn Fn(web_sys::Event)>, capture: bool| {
        let function: Function = listener.into_js_value().unchecked_into();
        if let Err(error) = target.add_event_listener_with_callback_and_bool(name, &function, capture) {
            complain("unsaved work is not guarded", &error);
        }
    };
    listen(&window(), "beforeunload", leaving, false);
    // On the window and before everybody else: the app follows links by itself.
    listen(&window(), "click", following, true);
}

/// What is asked before the page is left, if anything.
fn question(desk: Desk) -> Option<&'static str> {
    let at_work = || desk.at_work.get_untracked().then_some("desk.leave_at_work");
    at_work().or_else(|| desk.unsaved.get_untracked().then_some("desk.leave_unsaved"))
}

/// Whether a click follows a link within this site in this tab.
fn is_link(event: &web_sys::Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let link = element.and_then(|element| element.closest("a[href]").ok().flatten());
    link.is_some_and(|link| {
        let href = link.get_attribute("href").unwrap_or_default();
        !href.starts_with('#') && !href.starts_with("tel:") && link.get_attribute("target").as_deref() != Some("_blank")
    })
}
