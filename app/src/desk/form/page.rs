//! The page of one record: reads it, keeps the form in step with it, remembers what is not saved.

use super::{COPY, Form, Tasks, Told, bar, copied, element_id, remembered_as, sections};
use crate::desk::conflict::Conflicts;
use crate::desk::draft::Draft;
use crate::desk::ground::Desk;
use crate::desk::parts::{self, trouble_note};
use crate::desk::settings::Settings;
use crate::desk::{layout, words};
use crate::guide::use_site;
use crate::languages;
use crate::routes::{DeskView, Route};
use leptos::prelude::*;
use serde_json::{Map, Value};
use shared::edit::Edit;
use shared::ids::RecordId;
use shared::json;
use shared::link::{RecordView, Stage, Trouble};
use shared::schema::Kind;
use std::collections::BTreeMap;

/// The form of a record, or of a new one.
#[component]
pub fn RecordPage(desk: Desk, kind: Kind, record: Option<RecordId>, settings: Settings) -> impl IntoView {
    let read: RwSignal<Option<Result<RecordView, Trouble>>> = RwSignal::new(None);
    let tasks = Tasks::here();
    match record {
        None => read.set(Some(Ok(new_record(desk, kind)))),
        Some(record) => tasks.run(async move { read.set(Some(desk.read(record).await)) }),
    }
    move || match read.get() {
        None => parts::waiting("desk.opening"),
        Some(Err(trouble)) => trouble_note(&trouble),
        Some(Ok(view)) => view! { <Opened desk view kind record settings/> }.into_any(),
    }
}

/// A record that is not there yet: empty, or the copy that another form left.
fn new_record(desk: Desk, kind: Kind) -> RecordView {
    let nothing = Value::Object(Map::new());
    RecordView {
        record: RecordId([0; 16]),
        kind,
        tree: nothing,
        stage: Stage::Shared,
        conflicts: Vec::new(),
        problems: Vec::new(),
        waiting_fields: Vec::new(),
        read_only: desk.state.with_untracked(|state| state.membership.as_ref().is_some_and(|member| member.revoked)),
    }
}

#[component]
fn Opened(desk: Desk, view: RecordView, kind: Kind, record: Option<RecordId>, settings: Settings) -> impl IntoView {
    let form = form(desk, view, kind, record, settings);
    recall(&form);
    keep_in_step(form);
    view! {
        <div class="desk-form" data-kind={kind.code()} data-unsaved=move || form.desk.unsaved.get().then_some("")>
            <Heading form/>
            <Conflicts form/>
            <Waits form/>
            {form.read_only().then(|| parts::note("warning", &form.words().text("desk.read_only")))}
            <LanguageChoice form/>
            <sections::Sections form/>
            {record.map(|_| view! { <bar::More form/> })}
            <bar::Bar form/>
        </div>
    }
}

fn form(desk: Desk, view: RecordView, kind: Kind, record: Option<RecordId>, settings: Settings) -> Form {
    let source = settings.languages.with_untracked(|languages| languages.first().cloned()).unwrap_or_default();
    Form {
        site: use_site(),
        desk,
        kind,
        record,
        draft: RwSignal::new(Draft::new(kind, view.tree.clone())),
        wrong: RwSignal::new(BTreeMap::new()),
        missing: RwSignal::new(None),
        told: RwSignal::new(Told::Nothing),
        saving: RwSignal::new(false),
        view: RwSignal::new(view),
        open: RwSignal::new(layout::sections(kind).first().map(|section| section.code)),
        languages: settings.languages,
        writing: RwSignal::new(source),
        country: settings.country,
        tasks: Tasks::here(),
    }
}

/// Puts on screen again what this tab remembers, or the copy that a new record begins with.
fn recall(form: &Form) {
    let ground = form.desk.ground();
    let remembered = ground.recall(&remembered_as(form.kind, form.record));
    let edits = remembered.and_then(|json| json::from_str::<Vec<Edit>>(&json).ok()).filter(|edits| !edits.is_empty());
    if let Some(edits) = edits {
        form.draft.update(|draft| draft.perform(&edits));
        if form.draft.with_untracked(Draft::is_changed) {
            form.told.set(Told::Recalled);
        }
    } else if form.record.is_none()
        && let Some(tree) = ground.recall(COPY).and_then(|json| json::from_str::<Value>(&json).ok())
    {
        let fresh = shared::edit::difference(form.kind, &Value::Object(Map::new()), &tree);
        form.draft.update(|draft| draft.perform(&fresh));
    }
    ground.remember(COPY, None);
}

/// Remembers what is not saved, and reads the record again when others changed it.
fn keep_in_step(form: Form) {
    let name = remembered_as(form.kind, form.record);
    Effect::new(move || {
        let unsaved = form.is_unsaved();
        form.desk.unsaved.set(unsaved);
        let edits = form.draft.with(Draft::edits);
        let json = (!edits.is_empty()).then(|| json::to_string(&edits));
        form.desk.ground().remember(&name, json.as_deref());
    });
    // The guide's settings may come a moment after the form: it then begins in the right language.
    Effect::new(move |before: Option<String>| {
        let source = form.source_language();
        let begun = form.writing.with_untracked(|writing| before.as_ref().is_none_or(|before| before == writing));
        if begun && form.writing.with_untracked(|writing| *writing != source) {
            form.writing.set(source.clone());
        }
        source
    });
    let unsaved = form.desk.unsaved;
    on_cleanup(move || unsaved.set(false));
    let Some(record) = form.record else { return };
    let desk = form.desk;
    Effect::new(move |seen: Option<u64>| {
        let changed = desk.changed.get();
        if seen.is_some_and(|seen| seen != changed.turn) && changed.concerns(&record) && !form.saving.get_untracked() {
            form.tasks.run(async move {
                let view = match desk.read(record).await {
                    Ok(view) => view,
                    Err(Trouble::NotFound) => return leave_purged(form),
                    Err(_) => return,
                };
                let fields = form.take_in(view);
                if !fields.is_empty() {
                    form.told.set(Told::Both { fields });
                }
            });
        }
        changed.turn
    });
}

/// Leaves the form of a record that was purged: what was typed in it is not kept either.
pub fn leave_purged(form: Form) {
    form.draft.set(Draft::new(form.kind, form.view.with_untracked(|view| view.tree.clone())));
    form.desk.ground().remember(&remembered_as(form.kind, form.record), None);
    form.desk.unsaved.set(false);
    form.site.navigate(Route::desk(&form.desk.guide(), &parts::language(&form.site), DeskView::List));
}

/// That something of the record waits, and the way to it.
#[component]
fn Waits(form: Form) -> impl IntoView {
    let waits = Memo::new(move |_| {
        form.desk.queue.with(|queue| {
            let queue = queue.as_ref()?.as_ref().ok()?;
            queue.waiting.iter().find(|waits| Some(waits.record) == form.record).cloned()
        })
    });
    move || {
        waits.get().map(|waits| {
            let href = parts::href(&form.site, &form.desk.guide(), DeskView::Proposal(waits.record));
            let names: Vec<String> = waits.authors.iter().map(|who| who.pseudonym.clone()).collect();
            let locale = form.words();
            view! {
                <div class={"desk-note desk-note-waits"} role="status">
                    {parts::icon("eye")}
                    <p>{locale.with("desk.review.waits_here", &[("who", &locale.list(&names))])} " " <a href={href}>{locale.text("desk.review.look")}</a></p>
                </div>
            }
        })
    }
}

/// Leaves for the form of another record of the same kind.
pub fn go_to(form: &Form, record: RecordId) {
    form.site.navigate(Route::desk(&form.desk.guide(), &parts::language(&form.site), DeskView::Edit(form.kind, record)));
}

/// Takes a copy of what is on screen to the form of a new record.
pub fn duplicate(form: Form) {
    let tree = form.draft.with_untracked(|draft| copied(form.kind, draft.tree()));
    form.desk.ground().remember(COPY, Some(&tree.to_string()));
    form.desk.ground().remember(&remembered_as(form.kind, None), None);
    form.site.navigate(Route::desk(&form.desk.guide(), &parts::language(&form.site), DeskView::New(form.kind)));
}

#[component]
fn Heading(form: Form) -> impl IntoView {
    let locale = form.words();
    let title = {
        let locale = locale.clone();
        move || {
            if form.record.is_none() {
                return locale.text(&format!("desk.new.{}", form.kind));
            }
            let source = form.source_language();
            form.draft.with(|draft| {
                let named = match form.kind {
                    Kind::Place | Kind::Guide => draft.text(&"name".into()).to_owned(),
                    Kind::Page => draft.text(&shared::schema::Path::from("title").join(&source).join("text")).to_owned(),
                    Kind::Notice => {
                        draft.text(&shared::schema::Path::from("text").join(&source).join("text")).chars().take(60).collect()
                    }
                };
                words::title(&locale, form.kind, &named)
            })
        }
    };
    let stage = form.record.map(|_| move || parts::stage(form.view.with(|view| view.stage)));
    view! {
        <header class="desk-heading">
            <h1 dir="auto">{title}</h1>
            {stage}
        </header>
    }
}

/// Which language texts are being written in; not asked where the guide has one only.
#[component]
fn LanguageChoice(form: Form) -> impl IntoView {
    let has_texts = form.kind != Kind::Guide;
    let label = form.words().text("desk.writing_in");
    let choose = move |event| form.writing.set(event_target_value(&event));
    let options = move || {
        let option = |tag: String| {
            let chosen = move |tag: &str| form.writing.with(|writing| writing == tag);
            let (value, name) = (tag.clone(), languages::name(&tag).to_owned());
            view! { <option value={value} selected=move || chosen(&tag)>{name}</option> }
        };
        form.languages.get().into_iter().map(option).collect_view()
    };
    move || {
        (has_texts && form.languages.with(|languages| languages.len() > 1)).then(|| {
            view! {
                <div class="field writing">
                    <label for="writing">{label.clone()}</label>
                    <select id="writing" on:change=choose>{options}</select>
                </div>
            }
        })
    }
}

/// Opens the section and shows the field at `path`.
pub fn show(form: Form, path: &shared::schema::Path) {
    if let Some(section) = layout::section_of(form.kind, path) {
        form.open.set(Some(section.code));
        form.desk.ground().focus(&element_id(path));
    }
}
