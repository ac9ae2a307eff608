//! Where a place is on the map: from the phone, from what is pasted, or typed.
//!
//! There is no map service behind this: the phone's position is used for these two numbers only.

use super::text::Text;
use crate::desk::form::Form;
use crate::desk::ground::NoPosition;
use crate::desk::parts::button;
use crate::desk::position;
use leptos::prelude::*;
use shared::schema::Path;

#[component]
pub fn Position(form: Form) -> impl IntoView {
    let locale = form.words();
    let looking = RwSignal::new(false);
    let said: RwSignal<Option<&'static str>> = RwSignal::new(None);
    let put = move |position: position::Position| {
        form.put(&"latitude".into(), Some(position.latitude.into()));
        form.put(&"longitude".into(), Some(position.longitude.into()));
    };
    let here = move || {
        looking.set(true);
        said.set(None);
        form.tasks.run(async move {
            let found = form.desk.ground().position().await;
            looking.set(false);
            match found {
                Ok(position) => {
                    put(position);
                    said.set(Some("desk.position.taken"));
                }
                Err(NoPosition::Refused) => said.set(Some("desk.position.refused")),
                Err(NoPosition::NotFound) => said.set(Some("desk.position.not_found")),
            }
        });
    };
    let pasted = move |event| {
        let text = event_target_value(&event);
        match position::Position::parse(&text) {
            Some(position) => {
                put(position);
                said.set(Some("desk.position.taken"));
            }
            None if text.trim().is_empty() => said.set(None),
            None => said.set(Some("desk.position.unread")),
        }
    };
    let sentence = {
        let locale = locale.clone();
        move || if looking.get() { Some(locale.text("desk.position.looking")) } else { said.get().map(|key| locale.text(key)) }
    };
    view! {
        <fieldset class="group">
            <legend>{locale.text("desk.position")}</legend>
            {(!form.read_only()).then(|| view! {
                {button("secondary wide", "near", locale.text("desk.position.here"), here)}
                <p class={"help"}>{locale.text("desk.position.here.help")}</p>
                <div class="field">
                    <label for="f-position-paste">{locale.text("desk.position.paste")}</label>
                    <input type="text" id="f-position-paste" dir="ltr" autocomplete="off" inputmode="text" on:input=pasted aria-describedby="f-position-said"/>
                </div>
            })}
            <p class="quiet" id="f-position-said" role="status">{sentence}</p>
            <div class="two">
                <Text form path={Path::from("latitude")}/>
                <Text form path={Path::from("longitude")}/>
            </div>
        </fieldset>
    }
}
