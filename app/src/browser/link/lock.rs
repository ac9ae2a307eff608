//! The lock of a member's copy, as the page has to do with it: it asks the vault in the replica's
//! worker, and locks when it was out of sight for a while.

use super::{Link, complain, internal};
use crate::desk::{Line, LockAsk, LockState, UNSAVED};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::ids::unhex;
use shared::link::{State, Trouble};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessageEvent, VisibilityState};

/// Out of sight for this long, the copy locks.
const HIDDEN_MS: i32 = 2 * 60 * 1_000;

impl Link {
    /// Asks the vault; where that opened, closed or took away the copy, the replica opens anew.
    pub async fn lock(self: &Rc<Self>, ask: LockAsk) -> Result<LockState, Trouble> {
        let opens = matches!(ask, LockAsk::Unlock { .. } | LockAsk::Destroy);
        let state: LockState = self.vault(&ask.question(&self.guide)).await?;
        self.guard(state.set);
        if opens && (state.open || !state.set) {
            self.open();
        }
        Ok(state)
    }

    /// The sealed batches that wait, opened by the vault: the replica has no room for what it need not do.
    pub async fn unsent(&self) -> Result<Vec<Vec<u8>>, Trouble> {
        #[derive(serde::Deserialize)]
        struct Unsent {
            /// Hexadecimal digits.
            batches: Vec<String>,
        }
        let unsent: Unsent = self.vault(&serde_json::json!({ "ask": "unsent", "guide": self.guide.as_str() })).await?;
        let batches: Option<Vec<Vec<u8>>> = unsent.batches.iter().map(|batch| unhex(batch)).collect();
        batches.ok_or_else(|| internal("a batch that waits cannot be read"))
    }

    async fn vault<T: DeserializeOwned>(&self, question: &Value) -> Result<T, Trouble> {
        let failed = |thrown: JsValue| {
            complain("the vault was not asked", &thrown);
            internal("the vault was not asked")
        };
        let channel = MessageChannel::new().map_err(failed)?;
        let message = Object::new();
        Reflect::set(&message, &"vault".into(), &question.to_string().into()).map_err(failed)?;
        {
            let worker = self.worker.borrow();
            let running = worker.as_ref().ok_or_else(|| internal("the replica is not running"))?;
            running.worker.post_message_with_transfer(&message, &Array::of1(&channel.port2())).map_err(failed)?;
        }
        let port = channel.port1();
        let answered = Promise::new(&mut |resolve: Function, _| {
            let hear = Closure::once_into_js(move |event: MessageEvent| drop(resolve.call1(&JsValue::UNDEFINED, &event.data())));
            port.set_onmessage(Some(hear.unchecked_ref()));
        });
        let answer = JsFuture::from(answered).await.map_err(failed)?;
        port.close();
        let answer = answer.as_string().unwrap_or_default();
        serde_json::from_str(&answer).map_err(|_| internal(&answer))
    }

    /// From now on the copy is guarded, or not. Where it is, what forms have remembered leaves the tab's
    /// storage, which browsers write to the disk, for the page's memory.
    fn guard(&self, locks: bool) {
        self.locks.set(locks);
        let Some(storage) = window().session_storage().ok().flatten().filter(|_| locks) else { return };
        let names = (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok()?);
        for name in names.filter(|name| name.starts_with(UNSAVED)).collect::<Vec<_>>() {
            let text = storage.get_item(&name).ok().flatten();
            let mut drafts = self.drafts.borrow_mut();
            drafts.retain(|(known, _)| *known != name);
            drafts.extend(text.map(|text| (name.clone(), text)));
            if let Err(thrown) = storage.remove_item(&name) {
                complain("this tab keeps what is not saved", &thrown);
            }
        }
    }

    /// The page shows nothing of the copy any more, until it is opened.
    pub fn shut(&self) {
        super::let_go();
        self.guard(true);
        self.signals.state.set(State::default());
        self.signals.line.set(Line::Failed(Trouble::Locked));
    }
}

/// Locks `link`'s copy when the page was out of sight for [`HIDDEN_MS`]: as the time is up, or, on a
/// phone that stops hidden pages, as the page is seen again.
pub fn watch(link: &Rc<Link>) {
    let link = Rc::downgrade(link);
    let since = std::cell::Cell::new(None::<f64>);
    let timer = std::cell::Cell::new(0);
    let close: Rc<dyn Fn()> = Rc::new(move || {
        if let Some(link) = link.upgrade().filter(|link| link.locks.get()) {
            // The worker forgets the key with everything else it held.
            link.begin();
        }
    });
    let close_later: Function = {
        let close = close.clone();
        Closure::<dyn Fn()>::new(move || close()).into_js_value().unchecked_into()
    };
    let turned = Closure::<dyn Fn()>::new(move || {
        window().clear_timeout_with_handle(timer.get());
        if document().visibility_state() == VisibilityState::Hidden {
            since.set(Some(js_sys::Date::now()));
            let later = window().set_timeout_with_callback_and_timeout_and_arguments_0(&close_later, HIDDEN_MS);
            timer.set(later.unwrap_or_default());
        } else if since.take().is_some_and(|since| js_sys::Date::now() - since >= f64::from(HIDDEN_MS)) {
            close();
        }
    });
    let listener: Function = turned.into_js_value().unchecked_into();
    if let Err(error) = document().add_event_listener_with_callback("visibilitychange", &listener) {
        complain("the copy does not lock by itself", &error);
    }
}
