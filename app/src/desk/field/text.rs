//! Fields that are typed: lines, long texts, numbers, days, moments.

use super::Frame;
use crate::desk::form::Form;
use crate::desk::parts::{button, icon};
use leptos::prelude::*;
use shared::schema::{Path, Shape};

/// The input that fits: its `type`, its `inputmode`, its `autocomplete`.
fn input_for(name: &str, shape: &Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Date => ("date", ""),
        Shape::Moment => ("datetime-local", ""),
        Shape::Whole(..) => ("text", "numeric"),
        // Not type=number: it hides what it cannot read, and phones differ in the decimal sign.
        Shape::Decimal(..) => ("text", "decimal"),
        _ => match name {
            "number" | "phone" => ("tel", "tel"),
            "email" => ("email", "email"),
            "url" => ("url", "url"),
            _ => ("text", ""),
        },
    }
}

/// Words of a guide run in their own direction; numbers and addresses of the web from left to right.
fn direction(kind: &str) -> &'static str {
    if matches!(kind, "tel" | "email" | "url") { "ltr" } else { "auto" }
}

#[component]
pub fn Text(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    frame.around(line(frame))
}

/// The input of a line, without its name.
pub fn line(frame: Frame) -> AnyView {
    let form = frame.form;
    let path = frame.path();
    let name = path.split_last().map(|(_, last)| last).unwrap_or_default();
    let (kind, mode) = form.kind.shape(&path).map(|shape| input_for(&name, shape)).unwrap_or(("text", ""));
    let value = Memo::new(move |_| form.shown(&frame.path()));
    let typed = move |event| form.type_text(&frame.path(), &event_target_value(&event));
    let left = move |_| form.type_text(&frame.path(), form.shown(&frame.path()).trim());
    view! {
        <input type={kind} inputmode={mode} id={frame.id()} dir={direction(kind)} autocomplete="off" readonly={form.read_only()}
            prop:value=move || value.get() on:input=typed on:change=left
            aria-describedby={frame.described_by()} aria-invalid=move || frame.error().is_some().to_string()/>
    }
    .into_any()
}

#[component]
pub fn Long(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    let value = Memo::new(move |_| form.shown(&frame.path()));
    let typed = move |event| form.type_text(&frame.path(), &event_target_value(&event));
    frame.around(
        view! {
            <textarea id={frame.id()} rows="4" dir="auto" readonly={form.read_only()} prop:value=move || value.get() on:input=typed
                aria-describedby={frame.described_by()} aria-invalid=move || frame.error().is_some().to_string()></textarea>
        }
        .into_any(),
    )
}

/// What is shown and never changed here.
#[component]
pub fn Fixed(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    let value = move || form.shown(&frame.path());
    frame.around(view! { <input type="text" id={frame.id()} dir="ltr" readonly=true prop:value=value aria-describedby={frame.described_by()}/> }.into_any())
}

/// The day of the last check, with a button for today.
#[component]
pub fn Checked(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    let today = move || form.put(&frame.path(), Some(form.today().to_string().into()));
    let words = form.words().text("desk.today");
    frame
        .around(view! { <div class="with-button">{line(frame)} {button("secondary", "calendar", words, today)}</div> }.into_any())
}

/// A line and a button that takes it away.
pub fn removable(frame: Frame, label: String, remove: impl Fn() + 'static) -> AnyView {
    view! {
        <div class="field">
            <label for={frame.id()}>{label}</label>
            <div class="with-button">
                {line(frame)}
                <button type="button" class="icon-button" aria-label={frame.form.words().text("desk.remove")} on:click=move |_| remove()>{icon("trash")}</button>
            </div>
            {frame.below()}
        </div>
    }
    .into_any()
}
