//! How a record came to be as it is: what, which pseudonym, which day. Any state that readers saw
//! comes back by one tap, as a new change like any other.

use super::shown::Difference;
use super::{exchange, make_read, not_answered, who};
use crate::desk::form::Tasks;
use crate::desk::ground::Desk;
use crate::desk::parts::{self, button, icon, trouble_note};
use crate::desk::relay::NotAnswered;
use crate::desk::settings::Settings;
use crate::desk::words;
use crate::guide::use_site;
use crate::routes::DeskView;
use leptos::prelude::*;
use serde_json::Value;
use shared::edit::Edit;
use shared::ids::RecordId;
use shared::link::{RecordView, Trouble};
use shared::review::{History, State, Step};
use shared::schema::{Kind, Path};

/// As many fields are named as say what a step was about.
const FIELDS_SHOWN: usize = 6;

/// What came of bringing a state back: with what would undo it.
#[derive(Clone)]
enum Told {
    Nothing,
    Restored(Vec<Edit>),
    Undone,
    Failed(NotAnswered),
}

#[derive(Clone, Copy)]
struct Page {
    desk: Desk,
    settings: Settings,
    record: RecordId,
    history: RwSignal<Option<Result<History, NotAnswered>>>,
    now: RwSignal<Option<Result<RecordView, Trouble>>>,
    told: RwSignal<Told>,
    tasks: Tasks,
}

#[component]
pub fn HistoryPage(desk: Desk, record: RecordId, settings: Settings) -> impl IntoView {
    let tasks = Tasks::here();
    let page = Page {
        desk,
        settings,
        record,
        history: RwSignal::new(None),
        now: RwSignal::new(None),
        told: RwSignal::new(Told::Nothing),
        tasks,
    };
    Effect::new(move || {
        desk.changed.track();
        page.look();
    });
    let title = move || {
        page.now.with(|now| match now {
            Some(Ok(view)) => {
                shared::review::title(view.kind, &view.tree, settings.languages.get().first().map_or("", String::as_str))
            }
            _ => String::new(),
        })
    };
    let shown = move || match page.history.get() {
        None => parts::waiting("desk.review.asking"),
        Some(Err(why)) => not_answered(&why),
        Some(Ok(history)) => steps(page, history),
    };
    let form = move || {
        let kind = page.now.with(|now| now.as_ref().and_then(|now| now.as_ref().ok()).map(|view| view.kind))?;
        let href = parts::href(&use_site(), &desk.guide(), DeskView::Edit(kind, record));
        Some(view! { <p><a href={href}>{icon("back")} <bdi>{words::title(&parts::locale(), kind, &title())}</bdi></a></p> })
    };
    view! {
        {form}
        <h1>{parts::text("desk.history")}</h1>
        <p class="quiet">{parts::text("desk.history.help")}</p>
        <div role="status" aria-live="polite">{move || told(page)}</div>
        {shown}
    }
}

impl Page {
    fn look(self) {
        self.tasks.run(async move {
            self.now.set(Some(self.desk.read(self.record).await));
            self.history.set(Some(self.desk.get(&format!("records/{}/history", self.record)).await));
        });
    }

    fn restore(self, kind: Kind, feed_seq: u64) {
        self.tasks.run(async move {
            let told = match self.state(feed_seq).await {
                Ok(state) => match make_read(self.desk, kind, self.record, None, &state.tree).await {
                    Ok(undo) => Told::Restored(undo.unwrap_or_default()),
                    Err(trouble) => Told::Failed(NotAnswered::Trouble(trouble)),
                },
                Err(why) => Told::Failed(why),
            };
            self.settle(told).await;
        });
    }

    fn undo(self, edits: Vec<Edit>) {
        self.tasks.run(async move {
            let told = match self.desk.save(self.record, edits).await {
                Ok(_) => Told::Undone,
                Err(trouble) => Told::Failed(NotAnswered::Trouble(trouble)),
            };
            self.settle(told).await;
        });
    }

    async fn settle(self, told: Told) {
        self.told.set(told);
        // What comes of sending is told by the state, above.
        let _ = exchange(self.desk).await;
        self.look();
    }

    async fn state(self, feed_seq: u64) -> Result<State, NotAnswered> {
        self.desk.get(&format!("records/{}/history/{feed_seq}", self.record)).await
    }
}

fn told(page: Page) -> AnyView {
    let locale = parts::locale();
    match page.told.get() {
        Told::Nothing => ().into_any(),
        Told::Restored(undo) => view! {
            <p class={"good"}>{icon("check")} {locale.text("desk.history.restored")}</p>
            {button("link", "undo", locale.text("desk.undo"), move || page.undo(undo.clone()))}
        }
        .into_any(),
        Told::Undone => view! { <p>{locale.text("desk.undone")}</p> }.into_any(),
        Told::Failed(why) => not_answered(&why),
    }
}

fn steps(page: Page, history: History) -> AnyView {
    let kind = history.kind;
    let older = history.older.then(|| view! { <p class="quiet">{parts::text("desk.history.older")}</p> });
    let rows = history.steps.into_iter().enumerate().map(|(at, step)| view! { <OneStep page kind step latest={at == 0}/> });
    view! { <ol class="plain steps-of-history">{rows.collect_view()}</ol> {older} }.into_any()
}

#[component]
fn OneStep(page: Page, kind: Kind, step: Step, latest: bool) -> impl IntoView {
    let locale = parts::locale();
    let (feed_seq, published) = (step.feed_seq, step.published);
    let shown: RwSignal<Option<Result<State, NotAnswered>>> = RwSignal::new(None);
    let open = RwSignal::new(false);
    let look = move || {
        open.update(|open| *open = !*open);
        if shown.with_untracked(Option::is_none) {
            page.tasks.run(async move { shown.set(Some(page.state(feed_seq).await)) });
        }
    };
    let difference = move || {
        open.get().then(|| match shown.get() {
            None => parts::waiting("desk.review.asking"),
            Some(Err(why)) => not_answered(&why),
            Some(Ok(state)) => from_now(page, kind, state.tree),
        })
    };
    let mark = match (published, latest) {
        (true, true) => Some("desk.history.now"),
        (false, _) => Some("desk.history.not_published"),
        _ => None,
    };
    let restore = (published && !latest)
        .then(|| button("secondary", "undo", locale.text("desk.history.restore"), move || page.restore(kind, feed_seq)));
    let look_words = locale.text("desk.history.compare");
    view! {
        <li class="history-step">
            <h2>{who(&step.who)} " " {mark.map(|key| view! { <span class={"mark"}>{locale.text(key)}</span> })}</h2>
            <p class="quiet">{fields(kind, &step.fields)}</p>
            <div class="row">
                {(!latest).then(|| view! {
                    <button type="button" class="secondary" aria-expanded=move || open.get().to_string() on:click=move |_| look()>
                        {icon("eye")} <span>{look_words}</span>
                    </button>
                })}
                {restore}
            </div>
            {difference}
        </li>
    }
}

/// What bringing a state back would change.
fn from_now(page: Page, kind: Kind, then: Value) -> AnyView {
    match page.now.get() {
        Some(Ok(view)) => {
            view! { <Difference desk={page.desk} settings={page.settings} kind before={view.tree} after={then}/> }.into_any()
        }
        Some(Err(trouble)) => trouble_note(&trouble),
        None => ().into_any(),
    }
}

/// The fields that a step touched, by name, each once.
fn fields(kind: Kind, paths: &[Path]) -> String {
    let locale = parts::locale();
    let mut names: Vec<String> = Vec::new();
    for path in paths.iter().filter(|path| !super::difference::is_hidden(path) && !path.as_str().ends_with(".position")) {
        let name = words::label(&locale, kind, path);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(FIELDS_SHOWN);
    names.truncate(FIELDS_SHOWN);
    match more {
        0 => locale.list(&names),
        more => locale.count("desk.history.more", more, &[("fields", &locale.list(&names))]),
    }
}
