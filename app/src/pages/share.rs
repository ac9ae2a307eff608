//! Handing a place to someone else: by another app, as one text message, as a link, as a code that
//! their phone's camera reads. Drawn and written here; nobody in between learns of it.

use super::Inside;
use crate::components::{copy_button, icon};
use crate::guide::{Shared, use_site};
use crate::routes::{Route, encode};
use leptos::prelude::*;
use shared::edition::PlaceEntry;
use shared::ids::RecordId;

pub(crate) mod code;
mod message;

pub fn page(inside: &Inside, record: RecordId, place: &PlaceEntry) -> AnyView {
    let (locale, site) = (&inside.locale, use_site());
    let to = Route::place(&inside.guide, &inside.language, record).href();
    let link = format!("{}{to}", site.origin.get_value());
    let text = message::of(place, &link);
    // Both ways in which phones read the text of a message (RFC 5724 has the first).
    let sms = format!("sms:?&body={}", encode(&text).replace('+', "%20"));
    view! {
        <h1>{locale.text("share.title")}</h1>
        <p class="lead"><a href=to.clone()><bdi>{place.name.clone()}</bdi></a></p>
        <section>
            <div class="actions">
                {by_app(inside, place, to)}
                <a class="button" href=sms>{icon("message")} <span>{locale.text("share.sms")}</span></a>
                {copy_button(locale.text("share.copy"), link.clone())}
            </div>
            <p class="quoted" dir="auto">{text.clone()}</p>
            <p class="quiet">{locale.count("share.length", text.chars().count(), &[])}</p>
        </section>
        <section>
            <h2 class="with-icon">{icon("qr")} {locale.text("share.code")}</h2>
            <p>{locale.text("share.code_help")}</p>
            {code::drawn(&link, &locale.text("share.code"))}
        </section>
        <section>
            <h2>{locale.text("share.link")}</h2>
            <p class="quoted" dir="ltr">{link}</p>
        </section>
    }
    .into_any()
}

/// What the phone offers by itself, where it does.
fn by_app(inside: &Inside, place: &PlaceEntry, href: String) -> impl IntoView + use<> {
    let (site, text) = (use_site(), inside.locale.text("share.app"));
    let shared = Shared { title: place.name.clone(), text: place.name.clone(), href };
    move || {
        let (share, shared, text) = (site.hands.get().share?, shared.clone(), text.clone());
        Some(
            view! { <button type="button" class="button primary" on:click=move |_| share.run(shared.clone())>{icon("share")} <span>{text}</span></button> }
                .into_any(),
        )
    }
}
