//! What a person saved, in folders ("for Monday"). It is on their phone alone: the relay's page can
//! only say so.

use super::Inside;
use crate::components::{each, icon, place_card};
use crate::guide::use_site;
use crate::locale::Locale;
use crate::routes::Route;
use leptos::prelude::*;
use shared::edition::Entry;
use shared::ids::RecordId;
use shared::saved::{FOLDER_CHARS_MAX, NOT_READ, SavedPlace, folders, places, put, remove, restore};

/// The folders that there are, offered where one is typed.
const FOLDERS: &str = "folders";

pub fn page(inside: &Inside) -> AnyView {
    let (site, locale) = (use_site(), inside.locale.clone());
    let (removed, typed) = (RwSignal::new(None), StoredValue::new(Vec::new()));
    let inside = inside.clone();
    let list = move || {
        let saved = site.saved.with(|saved| places(saved));
        let Some(save) = site.hands.get().save else {
            return view! { <p class="lead">{inside.locale.text("saved.needs_script")}</p> }.into_any();
        };
        if site.saved.with(|saved| saved == NOT_READ) {
            return ().into_any();
        }
        if saved.is_empty() {
            return view! { <p class="empty">{inside.locale.text("saved.none")}</p> }.into_any();
        }
        let folders = folders(&saved);
        let names =
            folders.iter().filter(|name| !name.is_empty()).map(|name| view! { <option value=(*name).to_owned()></option> });
        let names = each(names);
        let sections = folders.iter().map(|folder| {
            let places = saved.iter().filter(|place| place.folder == **folder);
            let cards = each(places.map(|place| saved_place(&inside, place, save, removed, typed)));
            let heading = match folder.is_empty() {
                true => inside.locale.text("saved.no_folder"),
                false => (*folder).to_owned(),
            };
            view! { <section><h2><bdi>{heading}</bdi></h2> <ul class="cards">{cards}</ul></section> }.into_any()
        });
        view! { {sections.collect_view()} <datalist id=FOLDERS>{names}</datalist> }.into_any()
    };
    view! {
        <h1>{locale.text("saved.title")}</h1>
        <p class="quiet">{locale.text("saved.note")}</p>
        {undo(&locale, removed)}
        {list}
    }
    .into_any()
}

/// The name of a place that was removed, and what brings it back.
type Removed = (String, String);

/// What was removed last, and the way back.
fn undo(locale: &Locale, removed: RwSignal<Option<Removed>>) -> impl IntoView + use<> {
    let (site, locale) = (use_site(), locale.clone());
    let said = move || {
        let ((name, change), save) = (removed.get()?, site.hands.get().save?);
        let text = locale.with("saved.removed", &[("name", &name)]);
        let back = move |_| {
            save.run(change.clone());
            removed.set(None);
        };
        let undo = locale.text("saved.undo");
        Some(
            view! { <p>{text} <button type="button" class="button" on:click=back>{icon("undo")} <span>{undo}</span></button></p> }
                .into_any(),
        )
    };
    view! { <div role="status">{said}</div> }
}

/// `typed`: the folders that were typed and not sent off; the list is drawn anew when another is.
fn saved_place(
    inside: &Inside,
    place: &SavedPlace,
    save: Callback<String>,
    removed: RwSignal<Option<Removed>>,
    typed: StoredValue<Vec<(RecordId, String)>>,
) -> AnyView {
    let locale = &inside.locale;
    let card = match inside.edition.entries.get(&place.record) {
        Some(Entry::Place(entry)) => {
            let href = Route::place(&inside.guide, &inside.language, place.record).href();
            place_card(href, view! { <bdi>{entry.name.clone()}</bdi> }.into_any(), entry, None)
        }
        _ => {
            view! { <li class="card"><h3><bdi>{place.name.clone()}</bdi></h3> <p class="remark">{locale.text("saved.gone")}</p></li> }
                .into_any()
        }
    };
    let (record, name, taken, saved) = (place.record, place.name.clone(), place.name.clone(), use_site().saved);
    let before = typed.with_value(|typed| typed.iter().find(|(of, _)| *of == record).map(|(_, text)| text.clone()));
    let folder = RwSignal::new(before.unwrap_or_else(|| place.folder.clone()));
    let write = move |event| {
        let text = event_target_value(&event);
        folder.set(text.clone());
        typed.update_value(|typed| {
            typed.retain(|(of, _)| *of != record);
            typed.push((record, text));
        });
    };
    let stow = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        typed.update_value(|typed| typed.retain(|(of, _)| *of != record));
        save.run(put(record, &folder.get_untracked(), &name));
    };
    let take = move |_| {
        removed.set(Some((taken.clone(), saved.with_untracked(|saved| restore(saved, record)))));
        save.run(remove(record));
    };
    let (label, id) = (locale.text("saved.folder"), format!("folder-{}", place.record));
    let remove_label = locale.with("saved.remove_named", &[("name", &place.name)]);
    view! {
        {card}
        <li class="saved">
            <form class="folder" on:submit=stow>
                <label for=id.clone()>{label}</label>
                <input
                    id=id
                    list=FOLDERS
                    maxlength=FOLDER_CHARS_MAX.to_string()
                    dir="auto"
                    autocomplete="off"
                    prop:value=move || folder.get()
                    on:input=write
                />
                <button type="submit" class="button">{locale.text("saved.put")}</button>
            </form>
            <button type="button" class="button" aria-label=remove_label on:click=take>{icon("trash")} <span>{locale.text("saved.remove")}</span></button>
        </li>
    }
    .into_any()
}
