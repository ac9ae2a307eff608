//! Undoing everything that one device changed since a day, for a steward: who and since when, what
//! would be undone, then doing it, record by record. What others wrote since stays.

use super::{exchange, link_to_form, not_answered, who};
use crate::desk::form::Tasks;
use crate::desk::ground::Desk;
use crate::desk::parts::{self, button, note};
use crate::desk::plan::{self, Carried};
use crate::desk::relay::NotAnswered;
use crate::desk::words;
use crate::guide::use_site;
use leptos::prelude::*;
use shared::ids::Day;
use shared::link::Trouble;
use shared::review::{Undo, Writer};

/// The day that is offered first.
const DAYS_BACK: i32 = 7;

/// How far it has come.
#[derive(Clone, PartialEq)]
enum Progress {
    Planned,
    Running { done: usize },
    Done(Carried),
    Failed(Trouble),
}

type Answer<T> = RwSignal<Option<Result<T, NotAnswered>>>;

#[derive(Clone, Copy)]
struct Page {
    desk: Desk,
    since: RwSignal<Day>,
    writers: Answer<Vec<Writer>>,
    chosen: RwSignal<Option<Writer>>,
    plan: Answer<Vec<Undo>>,
    progress: RwSignal<Progress>,
    tasks: Tasks,
}

#[component]
pub fn UndoPage(desk: Desk) -> impl IntoView {
    let today = use_site().now.get_untracked().day;
    let page = Page {
        desk,
        since: RwSignal::new(today.plus(-DAYS_BACK)),
        writers: RwSignal::new(None),
        chosen: RwSignal::new(None),
        plan: RwSignal::new(None),
        progress: RwSignal::new(Progress::Planned),
        tasks: Tasks::here(),
    };
    Effect::new(move || {
        let since = page.since.get();
        page.chosen.set(None);
        page.plan.set(None);
        page.tasks.run(async move { page.writers.set(Some(desk.get(&format!("undo?since={since}")).await)) });
    });
    let locale = parts::locale();
    let typed = move |event| {
        if let Ok(day) = event_target_value(&event).parse() {
            page.since.set(day);
        }
    };
    view! {
        <h1>{locale.text("desk.undoing")}</h1>
        <p class="quiet">{locale.text("desk.undoing.help")}</p>
        <div class="field">
            <label for="since">{locale.text("desk.undoing.since")}</label>
            <input type="date" id="since" max={today.to_string()} prop:value=page.since.get_untracked().to_string() on:change=typed/>
        </div>
        {move || writers(page)}
        {move || planned(page)}
    }
}

fn writers(page: Page) -> AnyView {
    let locale = parts::locale();
    let writers = match page.writers.get() {
        None => return parts::waiting("desk.review.asking"),
        Some(Err(why)) => return not_answered(&why),
        Some(Ok(writers)) if writers.is_empty() => return note("check", &locale.text("desk.undoing.nobody")),
        Some(Ok(writers)) => writers,
    };
    let names: Vec<String> = writers.iter().map(|writer| writer.who.pseudonym.clone()).collect();
    let one = |writer: Writer| {
        let (name, records) = (who(&writer.who), locale.count("desk.found", writer.records, &[]));
        let device = writer.device;
        // From before names were borne once, or after a revocation.
        let is_shared = names.iter().filter(|name| **name == writer.who.pseudonym).count() > 1;
        let number = is_shared.then(|| view! { " " <span dir="ltr">{words::short(device)}</span> });
        let pressed =
            move || page.chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.device == device)).to_string();
        let choose = move |_| page.choose(writer.clone());
        view! { <button type="button" class="secondary wide" aria-pressed=pressed on:click=choose>{name} {number} " · " {records}</button> }
    };
    view! {
        <fieldset class="field">
            <legend>{locale.text("desk.undoing.who")}</legend>
            <div class="picks">{writers.into_iter().map(one).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

fn planned(page: Page) -> AnyView {
    if page.chosen.with(Option::is_none) {
        return ().into_any();
    }
    let locale = parts::locale();
    let plan = match page.plan.get() {
        None => return parts::waiting("desk.review.asking"),
        Some(Err(why)) => return not_answered(&why),
        Some(Ok(plan)) if plan.is_empty() => return note("check", &locale.text("desk.undoing.nothing")),
        Some(Ok(plan)) => plan,
    };
    let count = plan.iter().filter(|undo| !undo.edits.is_empty()).count();
    let rows = plan.iter().map(|undo| row(page.desk, undo)).collect_view();
    let progress = move || match page.progress.get() {
        Progress::Planned if count == 0 => note("check", &locale.text("desk.undoing.nothing")),
        Progress::Planned => button("danger wide", "undo", locale.count("desk.undoing.yes", count, &[]), move || page.run()),
        Progress::Running { done } => plan::progress("desk.undoing", done, count),
        Progress::Done(carried) => {
            view! { {note("check", &locale.count("desk.undoing.done", carried.out, &[]))} {plan::moved(carried)} }.into_any()
        }
        Progress::Failed(trouble) => view! {
            {parts::trouble_note(&trouble)}
            {button("secondary wide", "refresh", locale.text("desk.review.look_again"), move || page.look())}
        }
        .into_any(),
    };
    view! { {progress} <ul class="plain">{rows}</ul> }.into_any()
}

fn row(desk: Desk, undo: &Undo) -> AnyView {
    let locale = parts::locale();
    let Undo { record, kind, title, edits, left, .. } = undo;
    let left: Vec<String> =
        left.iter().filter(|path| !super::difference::is_hidden(path)).map(|path| words::label(&locale, *kind, path)).collect();
    let left = (!left.is_empty()).then(|| locale.with("desk.undoing.left", &[("fields", &locale.list(&left))]));
    plan::record(*kind, link_to_form(desk, *kind, *record, title), edits, left)
}

impl Page {
    fn choose(self, writer: Writer) {
        self.chosen.set(Some(writer));
        self.look();
    }

    fn look(self) {
        let Some(device) = self.chosen.with_untracked(|chosen| chosen.as_ref().map(|chosen| chosen.device)) else { return };
        let since = self.since.get_untracked();
        self.plan.set(None);
        self.progress.set(Progress::Planned);
        self.tasks.run(async move {
            // What this phone has is what the plan is about.
            let _ = exchange(self.desk).await;
            self.plan.set(Some(self.desk.get(&format!("undo/{device}?since={since}")).await));
        });
    }

    fn run(self) {
        let Some(Ok(plan)) = self.plan.get_untracked() else { return };
        self.progress.set(Progress::Running { done: 0 });
        self.tasks.run(async move {
            let undoing = plan.iter().filter(|undo| !undo.edits.is_empty());
            let one = async |undo: &Undo| plan::as_planned(self.desk, undo.record, &undo.tree, &undo.edits).await;
            match plan::carry_out(self.desk, undoing, one, |done| self.progress.set(Progress::Running { done })).await {
                Ok(carried) => {
                    let _ = exchange(self.desk).await;
                    self.progress.set(Progress::Done(carried));
                }
                Err(trouble) => self.progress.set(Progress::Failed(trouble)),
            }
        });
    }
}
