//! The worker's surroundings: global scope, clock, chance, timers, other tabs.

use crate::line;
use js_sys::{Date, Function, Promise, Reflect};
use shared::ids::Day;
use shared::json::{self, Json, Raw};
use shared::link::{News, Trouble};
use shared::replica::Surroundings;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, DedicatedWorkerGlobalScope};

/// The worker itself.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Something thrown, in words for a report.
pub fn describe(thrown: &JsValue) -> String {
    thrown.as_string().unwrap_or_else(|| String::from(js_sys::Object::from(thrown.clone()).to_string()))
}

/// Waits. Timers of a worker go on while its page is hidden.
pub async fn pause(milliseconds: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        let timer =
            Reflect::get(&js_sys::global(), &"setTimeout".into()).ok().and_then(|timer| timer.dyn_into::<Function>().ok());
        if let Some(timer) = timer {
            // A timer that cannot be set never fires: whoever waits is woken by something else.
            drop(timer.call2(&JsValue::UNDEFINED, &resolve, &milliseconds.into()));
        }
    });
    // The promise is never rejected.
    drop(JsFuture::from(promise).await);
}

/// What a replica is told and tells.
pub struct Browser {
    /// To the other tabs of the guide: "look again". `None` where the browser has no such channel.
    pub channel: Option<BroadcastChannel>,
}

impl Surroundings for Browser {
    fn random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("every browser that runs WASM gives random bytes");
    }

    fn today(&self) -> Day {
        let now = Date::new_0();
        Day::new(now.get_full_year() as i32, now.get_month() + 1, now.get_date()).unwrap_or(Day(0))
    }

    fn tell(&self, news: News) {
        if let (News::Changed { .. }, Some(channel)) = (&news, &self.channel) {
            // A closed channel: the other tabs see it when they look themselves.
            drop(channel.post_message(&json::to_string(&news).into()));
        }
        line::tell(news);
    }

    async fn explain_hours(&self, written: &str, country: Option<&str>, today: Day) -> Result<Raw, Trouble> {
        let internal = |detail: String| Trouble::Internal { detail };
        let explained = explain_hours(written, country, &today.to_string()).await;
        let json = explained.map_err(|error| internal(describe(&error)))?.as_string();
        Ok(json.map_or_else(Raw::blank, Raw))
    }
}

#[wasm_bindgen]
extern "C" {
    /// From `worker.js`: loads the program `hours` and asks it.
    #[wasm_bindgen(catch, js_name = explainHours)]
    async fn explain_hours(written: &str, country: Option<&str>, today: &str) -> Result<JsValue, JsValue>;
}
