//! Removing a record for good, by stewards. Typing its name keeps a thumb from doing it by mistake.

use super::form::{Form, leave_purged};
use super::ground::Unserved;
use super::parts::button;
use super::words;
use leptos::prelude::*;
use shared::link::Ask;
use shared::schema::{Kind, Path};

#[component]
pub fn Purge(form: Form) -> impl IntoView {
    let sure = RwSignal::new(false);
    move || {
        form.desk.is_steward().then(|| {
            if sure.get() {
                return view! { <Asked form sure/> }.into_any();
            }
            button("danger", "trash", form.words().text("desk.purge"), move || sure.set(true))
        })
    }
}

/// What purging does, and the name to be typed.
#[component]
fn Asked(form: Form, sure: RwSignal<bool>) -> impl IntoView {
    let locale = form.words();
    let name = StoredValue::new(name(form));
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let unserved: RwSignal<Option<Unserved>> = RwSignal::new(None);
    let fits = move || name.with_value(|name| typed.with(|typed| typed.trim() == name));
    let purge = move |_| {
        let Some(record) = form.record.filter(|_| !busy.get_untracked() && untrack(fits)) else { return };
        busy.set(true);
        form.tasks.run(async move {
            match form.desk.relay("POST", &format!("records/{record}/purge"), String::new()).await {
                Ok(_) => {
                    // This phone drops its copy as every other does: by what the relay tells.
                    let _ = form.desk.ask(Ask::Exchange).await;
                    leave_purged(form);
                }
                Err(error) => {
                    busy.set(false);
                    unserved.set(Some(error));
                }
            }
        });
    };
    let asks = name.with_value(|name| (!name.is_empty()).then(|| locale.with("desk.purge.type", &[("name", name)])));
    let field = asks.map(|asks| {
        view! {
            <div class="field">
                <label for="purge-name">{asks}</label>
                <input type="text" id="purge-name" autocomplete="off" dir="auto" on:input=move |event| typed.set(event_target_value(&event))/>
            </div>
        }
    });
    let failed = {
        let locale = locale.clone();
        move || unserved.get().map(|unserved| view! { <p class={"error"} role="alert">{words::unserved(&locale, &unserved)}</p> })
    };
    view! {
        <section class="purge">
            <p class="error">{locale.text("desk.purge.sure")}</p>
            <p>{locale.text("desk.purge.help")}</p>
            {field}
            {failed}
            <div class="row">
                <button type="button" class="danger" id="purge" disabled=move || busy.get() || !fits() on:click=purge>
                    {super::parts::icon("trash")} <span>{locale.text("desk.purge.yes")}</span>
                </button>
                {button("secondary", "close", locale.text("desk.cancel"), move || sure.set(false))}
            </div>
        </section>
    }
}

/// What is typed to confirm; nothing for a notice, which has no name.
fn name(form: Form) -> String {
    let source = form.source_language();
    let path = match form.kind {
        Kind::Place | Kind::Guide => Path::from("name"),
        Kind::Page => Path::from("title").join(&source).join("text"),
        Kind::Notice => return String::new(),
    };
    form.draft.with_untracked(|draft| draft.text(&path).trim().to_owned())
}
