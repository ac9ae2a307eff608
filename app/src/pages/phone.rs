//! The phone in someone else's hands: what leaving at once hides and what it does not, wiping what this
//! site stored, reading without keeping. The buttons are `wipe.js`'s: they work where the app does not.

use super::Inside;
use crate::components::icon;
use crate::locale::Locale;
use leptos::prelude::*;

pub fn page(inside: &Inside) -> AnyView {
    let locale = &inside.locale;
    let how = locale.with("phone.leave_how", &[("exit", &locale.text("frame.exit"))]);
    view! {
        <h1>{locale.text("phone.title")}</h1>
        <section>
            <h2>{locale.text("phone.leave")}</h2>
            <p>{how}</p>
            <h3>{locale.text("phone.not_hidden")}</h3>
            <ul class="said">{said(locale, ["phone.history", "phone.tabs", "phone.network", "phone.no_script"])}</ul>
        </section>
        <section class="keeps">
            <h2>{locale.text("phone.wipe")}</h2>
            <ul class="said">{said(locale, ["phone.wipe_what", "phone.wipe_after", "phone.wipe_stays"])}</ul>
            {wipe(locale)}
            {said_of_wiping(locale)}
        </section>
        <section class="keeps">
            <h2>{locale.text("phone.read")}</h2>
            {read_only(locale)}
        </section>
        <section class="forgets">
            <h2>{locale.text("phone.read")}</h2>
            <p>{locale.text("phone.reading")}</p>
            {button("keep", "button", locale.text("phone.keep"))}
        </section>
    }
    .into_any()
}

/// Reading on with nothing kept: offered before a guide is opened, too.
pub(super) fn read_only(locale: &Locale) -> AnyView {
    let yes = button("read", "button", locale.text("phone.read_yes"));
    view! {
        <details class="sure">
            <summary class="button">{icon("eye")} <span>{locale.text("phone.read")}</span></summary>
            <p>{locale.text("phone.read_what")}</p>
            {yes}
        </details>
    }
    .into_any()
}

fn said<const N: usize>(locale: &Locale, keys: [&str; N]) -> Vec<AnyView> {
    keys.into_iter().map(|key| view! { <li>{locale.text(key)}</li> }.into_any()).collect()
}

fn button(wipe: &'static str, class: &'static str, text: String) -> AnyView {
    view! { <button type="button" class=class data-wipe=wipe>{text}</button> }.into_any()
}

/// In two taps: what is wiped does not come back.
fn wipe(locale: &Locale) -> AnyView {
    view! {
        <details class="sure">
            <summary class="button">{icon("trash")} <span>{locale.text("phone.wipe")}</span></summary>
            {button("leave", "button danger", locale.text("phone.wipe_yes"))}
        </details>
    }
    .into_any()
}

/// What keeps this site from wiping: that work of a member waits, and that it did not work. `wipe.js` shows
/// it, and writes the guides into the list.
pub(super) fn said_of_wiping(locale: &Locale) -> AnyView {
    view! {
        <div role="alert" tabindex="-1" class="unsent" data-wipe-unsent="" hidden>
            <p class="alert">{icon("warning")} {locale.text("phone.unsent")}</p>
            <ul class={"links"}></ul>
            {button("even", "button danger", locale.text("phone.wipe_even"))}
        </div>
        <p role="alert" tabindex="-1" class="alert" data-wipe-failed="" hidden>{icon("warning")} {locale.text("phone.failed")}</p>
    }
    .into_any()
}
