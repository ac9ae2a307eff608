//! A text in several languages: the one being written, the source beside it, and whether it has
//! fallen behind.

use super::Frame;
use crate::desk::form::Form;
use crate::desk::parts::note;
use crate::languages;
use leptos::prelude::*;
use shared::edit;
use shared::schema::{Path, Shape};

/// Texts longer than this get room.
const LINE_MAX: usize = 300;

#[component]
pub fn Translated(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    view! {
        <div class="field translated">
            <span class="label" id={format!("{}-name", frame.id())}>{frame.label()} {frame.marks()}</span>
            {move || in_language(frame, form.writing.get())}
            {others(frame)}
        </div>
    }
}

/// The input for one language. Made anew for another one, so that ids and directions fit.
fn in_language(frame: Frame, language: String) -> AnyView {
    let form = frame.form;
    let words = frame.path().join(&language).join("text");
    let input = Frame::new(form, words.clone());
    let long = !matches!(form.kind.shape(&words), Some(Shape::Line(max)) if *max <= LINE_MAX);
    let value = Memo::new(move |_| form.shown(&input.path()));
    let tag = language.clone();
    let typed = move |event| form.write(&frame.path(), &tag, &event_target_value(&event));
    let name = format!("{} ({})", frame.label(), languages::name(&language));
    let rows = if long { 4 } else { 2 };
    view! {
        {source(frame, &language)}
        <textarea id={input.id()} rows={rows} lang={language.clone()} dir={languages::dir(&language)} readonly={form.read_only()} aria-label={name}
            prop:value=move || value.get() on:input=typed
            aria-describedby={format!("{} {}-error", frame.id() + "-help", input.id())} aria-invalid=move || input.error().is_some().to_string()></textarea>
        {frame.help().map(|help| view! { <p class={"help"} id={frame.id() + "-help"}>{help}</p> })}
        <p class={"error"} id={input.id() + "-error"} role="alert">{move || input.error()}</p>
    }
    .into_any()
}

/// The source text, while another language is written.
fn source(frame: Frame, language: &str) -> AnyView {
    let form = frame.form;
    let locale = form.words();
    let language = language.to_owned();
    let shown = Memo::new(move |_| {
        let source = form.source_language();
        if source == language {
            return None;
        }
        let path = frame.path();
        form.draft.with(|draft| {
            let text = draft.text(&path.join(&source).join("text")).to_owned();
            let outdated = draft.get(&path).is_some_and(|texts| edit::is_outdated(texts, &source, &language));
            let machine = draft.text(&path.join(&language).join("origin")) == "machine";
            (!text.is_empty()).then_some((source, text, outdated, machine))
        })
    });
    (move || {
        shown.get().map(|(source, text, outdated, machine)| {
            view! {
                {outdated.then(|| note("warning", &locale.text("desk.outdated")))}
                {machine.then(|| note("info", &locale.text("desk.machine")))}
                <blockquote class="source" lang={source.clone()} dir={languages::dir(&source)}>{text}</blockquote>
            }
        })
    })
    .into_any()
}

/// In which other languages the text is there, so that nobody writes it twice.
fn others(frame: Frame) -> AnyView {
    let form = frame.form;
    let locale = form.words();
    let list = Memo::new(move |_| {
        let (path, source, writing) = (frame.path(), form.source_language(), form.writing.get());
        form.draft.with(|draft| {
            let outdated = |tag: &str| draft.get(&path).is_some_and(|texts| edit::is_outdated(texts, &source, tag));
            let tags = draft.keys(&path).into_iter().filter(|tag| *tag != writing && *tag != source);
            tags.map(|tag| (outdated(&tag), tag)).collect::<Vec<_>>()
        })
    });
    (move || {
        let name = |(outdated, tag): &(bool, String)| match outdated {
            true => locale.with("desk.outdated_one", &[("language", languages::name(tag))]),
            false => languages::name(tag).to_owned(),
        };
        let names: Vec<String> = list.with(|list| list.iter().map(name).collect());
        (!names.is_empty())
            .then(|| view! { <p class={"quiet"}>{locale.with("desk.also_in", &[("languages", &locale.list(&names))])}</p> })
    })
    .into_any()
}
