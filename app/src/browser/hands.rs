//! What only a running app can do for a reader: share, copy, keep the guide on the phone, remove it
//! again, switch to a newer version. Pages show a button only for what is here.

use super::copies::Freshened;
use super::visit::Visit;
use super::{locate, navigation, script};
use crate::guide::{Hands, Keeping, Near, Shared};
use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::decimal::Decimal;
use storage::StorageError;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// What this browser can do.
pub fn hands(visit: Visit) -> Signal<Hands> {
    let navigator = window().navigator();
    let able = |name: &str| Reflect::get(&navigator, &name.into()).is_ok_and(|found| !found.is_undefined());
    Signal::stored(Hands {
        share: able("share").then(|| Callback::new(share)),
        copy: able("clipboard").then(|| Callback::new(copy)),
        save: Some(Callback::new(move |change| spawn_local(visit.save(change)))),
        keep: Some(Callback::new(move |()| spawn_local(keep(visit)))),
        remove: Some(Callback::new(move |()| spawn_local(remove(visit)))),
        locate: locate::is_able().then(|| Callback::new(move |()| spawn_local(look_around(visit)))),
        update: Some(Callback::new(|()| spawn_local(script::update()))),
        after_paint: Some(navigation::after_paint),
    })
}

fn share(what: Shared) {
    let data = web_sys::ShareData::new();
    data.set_title(&what.title);
    data.set_text(&what.text);
    data.set_url(&absolute(&what.href));
    let promise = window().navigator().share_with_data(&data);
    // A person who closes the share sheet has not met an error.
    spawn_local(async move { drop(JsFuture::from(promise).await) });
}

fn absolute(href: &str) -> String {
    format!("{}{href}", window().location().origin().unwrap_or_default())
}

fn copy((text, done): (String, RwSignal<Option<bool>>)) {
    let promise = window().navigator().clipboard().write_text(&text);
    // A page left meanwhile has no such signal any more.
    spawn_local(async move { _ = done.try_set(Some(JsFuture::from(promise).await.is_ok())) });
}

/// Keeps the open guide: asks the browser not to clear it away, brings it up to date, and has the
/// service worker keep the words of its language.
async fn keep(visit: Visit) {
    let route = visit.route.get_untracked();
    let (Some(guide), Some(language)) = (route.guide().cloned(), route.language().map(str::to_owned)) else { return };
    visit.keeping.set(Keeping::Working { done: 0, total: None });
    if let Ok(promise) = window().navigator().storage().persist() {
        // A browser that does not promise keeps as long as it can.
        drop(JsFuture::from(promise).await);
    }
    let copies = visit.copies();
    // Not written before, for want of room perhaps.
    let whole = !matches!(copies.is_kept(&guide, &language).await, Ok(true));
    let kept = match copies.freshen(&guide, &language, whole).await {
        Freshened::Fresh(kept, _) => Some(kept),
        _ => copies.find(&guide, &language).await,
    };
    let stored = copies.is_kept(&guide, &language).await;
    if stored == Err(StorageError::Unavailable) {
        // No network mends that.
        visit.unkept.set(true);
        return visit.keeping.set(Keeping::No { bytes: None });
    }
    let (Some(kept), Ok(true)) = (kept, &stored) else {
        let full = matches!(stored, Err(StorageError::Full) | Ok(false));
        return visit.keeping.set(Keeping::Failed { full });
    };
    let done = Keeping::Kept { bytes: kept.bytes, day: kept.fetched };
    let progress = Closure::<dyn FnMut(f64, f64, String)>::new(move |files: f64, total: f64, failed: String| {
        visit.keeping.set(match failed.as_str() {
            "full" => Keeping::Failed { full: true },
            // The guide itself is here; its words come another time.
            "network" => done.clone(),
            _ if files < total => Keeping::Working { done: files as u64, total: Some(total as u64) },
            _ => done.clone(),
        });
    });
    script::tell_service_worker(&keep_used(visit, true, true), &progress).await;
    progress.forget();
}

/// Finds out where the phone is, or forgets it again.
async fn look_around(visit: Visit) {
    if matches!(visit.near.get_untracked(), Near::Here(_) | Near::Looking) {
        return visit.near.set(Near::NotAsked);
    }
    visit.near.set(Near::Looking);
    let found = locate::locate().await;
    // The person may have thought better of it meanwhile.
    if visit.near.get_untracked() == Near::Looking {
        visit.near.set(found.map_or(Near::Failed, |degrees| Near::Here(degrees.map(Decimal::nearest))));
    }
}

async fn remove(visit: Visit) {
    let Some(guide) = visit.route.with_untracked(|route| route.guide().cloned()) else { return };
    script::forget(guide.as_str());
    match visit.copies().remove(&guide).await {
        Ok(()) => {
            visit.keeping.set(Keeping::No { bytes: None });
            visit.saved.set(String::new());
        }
        Err(error) => leptos::logging::error!("the copy was not removed: {error}"),
    }
}

/// Hears of a newer version, and keeps what this visit used: its words, and for members their tools.
pub fn attend(visit: Visit) {
    spawn_local(async move {
        let waits = Closure::<dyn FnMut()>::new(move || visit.update_waits.set(true));
        let may_reload = Closure::<dyn FnMut() -> bool>::new(move || !unsaved());
        script::watch_for_updates(&waits, &may_reload).await;
        waits.forget();
        may_reload.forget();
    });
    tell(keep_used(visit, !is_sparing(), false));
}

/// What asks the service worker to keep the words that the page is shown in, and the pages that are
/// opened seldom: the map, the largest, only for who keeps the guide.
fn keep_used(visit: Visit, seldom: bool, map: bool) -> String {
    let tag = visit.locale.with_untracked(|locale| locale.tag().to_owned());
    let paths = visit.assets.with_value(|assets| {
        let mut paths = assets.words(&tag, visit.for_members);
        if seldom && !visit.for_members {
            paths.extend(assets.seldom(map));
        }
        paths
    });
    format!(r#"{{"ask":"keep","paths":{}}}"#, shared::json::to_string(&paths))
}

/// Whether the person asked the browser to save data, as `boot.js` found.
fn is_sparing() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-saves"))
}

/// Has the service worker keep what members' pages need to start with no network.
pub fn keep_tools() {
    tell(r#"{"ask":"keep-member"}"#.to_owned());
}

/// Tells the service worker something whose progress nobody watches.
fn tell(message: String) {
    spawn_local(async move {
        let progress = Closure::<dyn FnMut(f64, f64, String)>::new(|_, _, _| ());
        script::tell_service_worker(&message, &progress).await;
        progress.forget();
    });
}

/// Whether a form holds what is not saved: then nothing reloads the page.
fn unsaved() -> bool {
    document().query_selector("[data-unsaved]").is_ok_and(|found| found.is_some())
}
