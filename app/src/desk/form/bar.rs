//! The bar below a form: what became of the last change, the one button that saves, and below it
//! what else can be done with the record.

use super::page::{duplicate, show};
use super::{Form, Told};
use crate::desk::parts::{self, button, icon};
use crate::desk::purge::Purge;
use crate::desk::words;
use crate::routes::DeskView;
use leptos::prelude::*;
use shared::edit::Edit;
use shared::link::Stage;
use shared::schema::Kind;

#[component]
pub fn Bar(form: Form) -> impl IntoView {
    let locale = form.words();
    let unsaved = Memo::new(move |_| form.is_unsaved());
    let label = {
        let locale = locale.clone();
        move || locale.text(if form.saving.get() { "desk.saving" } else { "desk.save" })
    };
    let can_save = move || (unsaved.get() || form.record.is_none()) && !form.saving.get() && !form.read_only();
    view! {
        <div class="desk-bar">
            <div class="told" role="status" aria-live="polite">{move || told(form)}</div>
            <button type="button" class="primary" id="save" disabled=move || !can_save() on:click=move |_| form.save()>
                {icon("on-phone")} <span>{label}</span>
            </button>
        </div>
    }
}

/// What the person is told, with what can be done about it.
fn told(form: Form) -> AnyView {
    let locale = form.words();
    let plain = |key: &str| view! { <p>{locale.text(key)}</p> }.into_any();
    match form.told.get() {
        Told::Nothing if form.is_unsaved() => plain("desk.not_saved_yet"),
        Told::Nothing if form.record.is_none() => ().into_any(),
        Told::Nothing => {
            let stage = form.view.with(|view| view.stage);
            view! { <p class={"quiet"}>{words::stage(&locale, stage)}</p> }.into_any()
        }
        Told::Saved { undo } => {
            let shared = form.view.with(|view| view.stage) == Stage::Shared;
            let key = if shared { "desk.saved_and_shared" } else { "desk.saved" };
            let take_back = move || form.save_only(undo.clone(), Told::Undone);
            view! { <p class={"good"}>{icon("check")} {locale.text(key)}</p> {button("link", "undo", locale.text("desk.undo"), take_back)} }.into_any()
        }
        Told::Undone => plain("desk.undone"),
        Told::Failed(trouble) => view! { <p class={"error"} role="alert">{words::trouble(&locale, &trouble)}</p> }.into_any(),
        Told::Wrong { fields } => {
            view! { <p class={"error"} role="alert">{locale.count("desk.wrong_fields", fields, &[])}</p> }.into_any()
        }
        Told::Both { fields } => {
            let names: Vec<String> = fields.iter().map(|path| words::label(&locale, form.kind, path)).collect();
            let first = fields.first().cloned();
            let look = move || {
                if let Some(path) = &first {
                    show(form, path);
                }
            };
            view! {
                <p class={"error"}>{locale.with("desk.changed_by_both", &[("fields", &locale.list(&names))])}</p>
                {button("link", "eye", locale.text("desk.look"), look)}
            }
            .into_any()
        }
        Told::Recalled => {
            let throw_away = move || {
                let tree = form.view.with_untracked(|view| view.tree.clone());
                form.draft.set(crate::desk::draft::Draft::new(form.kind, tree));
                form.wrong.set(Default::default());
                form.told.set(Told::Nothing);
            };
            view! { <p>{locale.text("desk.recalled")}</p> {button("link", "trash", locale.text("desk.throw_away"), throw_away)} }
                .into_any()
        }
    }
}

/// "Still correct today", copy, switch off.
#[component]
pub fn More(form: Form) -> impl IntoView {
    let locale = form.words();
    let checkable = matches!(form.kind, Kind::Place | Kind::Page) && !form.read_only();
    let history = form.record.map(|record| {
        let href = parts::href(&form.site, &form.desk.guide(), DeskView::History(record));
        view! { <p><a href={href}>{icon("history")} <span>{locale.text("desk.history")}</span></a></p> }
    });
    let copyable = form.kind != Kind::Guide && !form.read_only();
    view! {
        <div class="desk-more">
            {checkable.then(|| view! { <StillCorrect form/> })}
            {copyable.then(|| view! {
                <div class="row">
                    {button("secondary", "copy", locale.text("desk.duplicate"), move || duplicate(form))}
                    {move || switch(form)}
                </div>
            })}
            {history}
            {copyable.then(|| view! { <Purge form/> })}
        </div>
    }
}

/// Takes the record out of the guide, or puts it back. Nothing is deleted.
fn switch(form: Form) -> AnyView {
    let locale = form.words();
    let hidden = form.view.with(|view| {
        view.tree
            .get("status")
            .and_then(|status| status.as_str())
            .is_some_and(|status| status == "inactive" || status == "defunct")
    });
    let (name, key, status) =
        if hidden { ("eye", "desk.activate", "active") } else { ("eye-off", "desk.deactivate", "inactive") };
    let act = move || {
        form.save_only(
            vec![Edit::put("status", status)],
            Told::Saved { undo: vec![Edit::put("status", if hidden { "inactive" } else { "active" })] },
        )
    };
    button("secondary", name, locale.text(key), act)
}

/// One tap says that everything was checked today; a place also says how.
#[component]
fn StillCorrect(form: Form) -> impl IntoView {
    let asking = RwSignal::new(false);
    let locale = form.words();
    let begin = move || if form.kind == Kind::Place { asking.update(|asking| *asking = !*asking) } else { confirm(form, None) };
    let last = {
        let locale = locale.clone();
        move || {
            let day = form.view.with(|view| shared::record::assured_date(&view.tree));
            match day {
                Some(day) => locale.with("desk.last_checked", &[("day", &locale.day_seen_from(day, form.today()))]),
                None => locale.text("desk.never_checked"),
            }
        }
    };
    let methods = {
        let locale = locale.clone();
        move || {
            let locale = locale.clone();
            asking.get().then(|| {
                let method = |code: &'static str| {
                    let act = move || {
                        asking.set(false);
                        confirm(form, Some(code));
                    };
                    button("secondary", "check", words::choice(&locale, "assured_method", code), act)
                };
                view! {
                    <fieldset class="how-known">
                        <legend>{locale.text("desk.how_known")}</legend>
                        {["visit", "phone", "web", "structure"].map(method).collect_view()}
                    </fieldset>
                }
            })
        }
    };
    view! {
        <div class="still-correct">
            <p class="quiet">{last}</p>
            {button("secondary wide", "checked", locale.text("desk.still_correct"), begin)}
            {methods}
        </div>
    }
}

fn confirm(form: Form, method: Option<&'static str>) {
    let today = form.today().to_string();
    let before = form.view.with_untracked(|view| view.tree.clone());
    let back = |field: &'static str| match before.get(field) {
        Some(value) => Edit::Put { path: field.into(), value: value.clone() },
        None => Edit::clear(field),
    };
    let mut edits = vec![Edit::put("assured_date", today)];
    let mut undo = vec![back("assured_date")];
    if let Some(method) = method {
        edits.push(Edit::put("assured_method", method));
        undo.push(back("assured_method"));
    }
    form.save_only(edits, Told::Saved { undo });
}
