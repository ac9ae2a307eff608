//! Collections by language: which are spoken, in which a guide is published.

use super::Frame;
use super::choice::select_code;
use crate::desk::form::{Form, element_id};
use crate::desk::parts::icon;
use crate::languages;
use leptos::prelude::*;
use serde_json::Value;
use shared::schema::{Path, Shape};

/// What a language has when it is added.
fn first(of: &Shape) -> Value {
    match of {
        Shape::Code(codes) => codes.first().map(|code| Value::from(*code)).unwrap_or(Value::Null),
        _ => Value::Bool(true),
    }
}

#[component]
pub fn Languages(form: Form, path: Path, of: &'static Shape) -> impl IntoView {
    let frame = Frame::new(form, path);
    let tags = Memo::new(move |_| {
        let path = frame.path();
        let kept = |tag: &String| form.draft.with(|draft| draft.get(&path.join(tag)) != Some(&Value::Bool(false)));
        form.draft.with(|draft| draft.keys(&path)).into_iter().filter(kept).collect::<Vec<_>>()
    });
    let row = move |tag: String| {
        let entry = StoredValue::new(frame.path().join(&tag));
        let name = languages::name(&tag).to_owned();
        let remove = move |_| {
            form.forget(&entry.get_value());
            form.put(&entry.get_value(), None);
        };
        let choice = matches!(of, Shape::Code(_)).then(|| select_code(form, entry.get_value(), of, "desk.unsure"));
        let label = form.words().with("desk.remove_one", &[("what", &name)]);
        view! {
            <div class="pair">
                <label for={entry.with_value(element_id)} lang={tag}>{name}</label>
                {choice}
                <button type="button" class="icon-button" aria-label={label} disabled={form.read_only()} on:click=remove>{icon("close")}</button>
            </div>
        }
    };
    let add = move |event: leptos::ev::Event| {
        let tag = event_target_value(&event);
        if !tag.is_empty() {
            form.put(&frame.path().join(&tag), Some(first(of)));
        }
    };
    let others = move || {
        let here = tags.get();
        let offer = |(tag, name): (&'static str, &'static str)| view! { <option value={tag}>{name}</option> };
        languages::known().filter(|(tag, _)| !here.iter().any(|one| one == tag)).map(offer).collect_view()
    };
    let add_id = format!("{}-add", frame.id());
    frame.around_many(
        "rows",
        view! {
            <For each=move || tags.get() key=|tag| tag.clone() children=row/>
            <div class="pair">
                <label for={add_id.clone()}>{form.words().text("desk.add_language")}</label>
                <select id={add_id} disabled={form.read_only()} on:change=add>
                    <option value={""} selected=move || tags.with(|_| true)>{form.words().text("desk.choose")}</option>
                    {others}
                </select>
            </div>
        }
        .into_any(),
    )
}

/// The language in which texts are written first.
#[component]
pub fn SourceLanguage(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    let value = Memo::new(move |_| form.shown(&frame.path()));
    let choose = move |event| form.put(&frame.path(), Some(event_target_value(&event).into()));
    let option = |(tag, name): (&'static str, &'static str)| {
        view! { <option value={tag} selected=move || value.with(|value| value == tag)>{name}</option> }
    };
    frame.around(
        view! {
            <select id={frame.id()} disabled={form.read_only()} on:change=choose aria-describedby={frame.described_by()}>
                {languages::known().map(option).collect_view()}
            </select>
        }
        .into_any(),
    )
}
