//! What waits on this phone and what was refused: since when, how large, why, and what to do.

use super::deliver::{Deliver, HandOver};
use super::form::Tasks;
use super::ground::{Desk, unexpected};
use super::lock::Lock;
use super::parts::{self, button, icon, note, trouble_note};
use super::review::SentBack;
use super::words;
use crate::guide::use_site;
use crate::routes::{DeskView, Route};
use leptos::prelude::*;
use serde_json::{Value, json};
use shared::edit::Edit;
use shared::ids::{Day, RecordId};
use shared::link::{Answer, Ask, Draft, Outbox, Trouble, Waiting};
use shared::schema::Kind;

#[component]
pub fn OutboxPage(desk: Desk) -> impl IntoView {
    let outbox: RwSignal<Option<Result<Outbox, Trouble>>> = RwSignal::new(None);
    let tasks = Tasks::here();
    let locale = parts::locale();
    Effect::new(move || {
        desk.changed.track();
        let _ = desk.state.with(|state| (state.unsent, state.refused));
        tasks.run(async move {
            let answer = match desk.ask(Ask::Outbox).await {
                Ok(Answer::Outbox(outbox)) => Ok(outbox),
                Ok(other) => Err(unexpected(&other)),
                Err(trouble) => Err(trouble),
            };
            // Drawn anew it would take a question away that is being answered.
            if outbox.with_untracked(|known| known.as_ref() != Some(&answer)) {
                outbox.set(Some(answer));
            }
        });
    });
    let shown = move || match outbox.get() {
        None => parts::waiting("desk.opening"),
        Some(Err(trouble)) => trouble_note(&trouble),
        Some(Ok(outbox)) => contents(desk, tasks, outbox),
    };
    view! {
        <h1>{locale.text("desk.outbox")}</h1>
        <SentBack desk/>
        {shown}
        <Deliver desk/>
        <Lock desk/>
        <Leave desk/>
    }
}

fn contents(desk: Desk, tasks: Tasks, outbox: Outbox) -> AnyView {
    let locale = parts::locale();
    if outbox.waiting.is_empty() && outbox.drafts.is_empty() {
        return note("check", &locale.text("desk.outbox.empty"));
    }
    let export = export_button(desk, tasks, &outbox);
    let refused = (!outbox.drafts.is_empty()).then(|| {
        let drafts = outbox.drafts.into_iter().map(|draft| view! { <Refused desk tasks draft/> }).collect_view();
        view! {
            <section aria-labelledby="refused">
                <h2 id="refused">{locale.text("desk.outbox.refused")}</h2>
                <ul class="plain">{drafts}</ul>
            </section>
        }
    });
    let waiting = (!outbox.waiting.is_empty()).then(|| {
        let send = move || {
            tasks.run(async move {
                // What comes of it is told by the state, above.
                let _ = desk.ask(Ask::Exchange).await;
            });
        };
        let bytes: usize = outbox.waiting.iter().map(|waiting| waiting.bytes).sum();
        let rows = outbox.waiting.into_iter().map(|waiting| view! { <Unsent desk tasks waiting/> }).collect_view();
        let size = locale.with("desk.outbox.size", &[("size", &locale.bytes(bytes as u64))]);
        view! {
            <section aria-labelledby="waiting">
                <h2 id="waiting">{locale.text("desk.outbox.waiting")}</h2>
                <p class="quiet">{locale.text("desk.outbox.waiting.help")} {" "} {size}</p>
                {button("primary wide", "upload", locale.text("desk.send_now"), send)}
                <HandOver desk tasks/>
                <ul class="plain">{rows}</ul>
            </section>
        }
    });
    view! { {refused} {waiting} {export} }.into_any()
}

/// Everything unsent as one file: in words for people, as edits for whoever takes it up again.
fn export_button(desk: Desk, tasks: Tasks, outbox: &Outbox) -> AnyView {
    let (site, locale) = (use_site(), parts::locale());
    let one = |kind: Kind, title: &str, since: Day, edits: &[Edit], why: Option<String>| {
        let lines: Vec<String> = edits.iter().filter_map(|edit| words::edit(&locale, kind, edit)).collect();
        let intents = shared::json::from_str::<Value>(&shared::json::to_string(&edits.to_vec())).unwrap_or_default();
        json!({ "kind": kind.code(), "title": title, "since": since.to_string(), "why": why, "changes": lines, "edits": intents })
    };
    let refused = outbox
        .drafts
        .iter()
        .map(|draft| one(draft.kind, &draft.title, draft.since, &draft.edits, Some(words::refusal(&locale, &draft.refusal))));
    let waiting = outbox.waiting.iter().map(|waiting| one(waiting.kind, &waiting.title, waiting.since, &waiting.edits, None));
    let work: Vec<Value> = refused.chain(waiting).collect();
    let (guide, today) = (desk.guide(), site.now.get_untracked().day);
    let text = format!("{:#}", json!({ "guide": guide.as_str(), "day": today.to_string(), "unsent": work }));
    let name = format!("{guide}-{today}.json");
    let done: RwSignal<Option<bool>> = RwSignal::new(None);
    let act = move || {
        let (name, text) = (name.clone(), text.clone());
        tasks.run(async move { done.set(Some(desk.ground().export(name, text).await)) });
    };
    let (worked, failed) = (locale.text("desk.exported"), locale.text("desk.not_exported"));
    let said = move || done.get().map(|worked_out| if worked_out { worked.clone() } else { failed.clone() });
    view! {
        <div class="row">
            {button("secondary", "download", locale.text("desk.export"), act)} <span role="status" class={"quiet"}>{said}</span>
        </div>
    }
    .into_any()
}

/// The record's name as a link to its form, and the day of the edit.
fn heading(desk: Desk, kind: Kind, record: RecordId, title: &str, since: Day) -> AnyView {
    let site = use_site();
    let locale = parts::locale();
    let href = parts::href(&site, &desk.guide(), DeskView::Edit(kind, record));
    let day = locale.day_seen_from(since, site.now.get_untracked().day);
    view! {
        <h3><a href={href} dir="auto">{words::title(&locale, kind, title)}</a></h3>
        <p class="quiet">{locale.with("desk.outbox.since", &[("day", &day)])}</p>
    }
    .into_any()
}

fn lines(kind: Kind, edits: &[Edit]) -> AnyView {
    let locale = parts::locale();
    let lines: Vec<String> = edits.iter().filter_map(|edit| words::edit(&locale, kind, edit)).collect();
    view! {
        <details class="edits">
            <summary>{locale.count("desk.outbox.edits", lines.len(), &[])}</summary>
            <ul>{lines.into_iter().map(|line| view! { <li dir="auto">{line}</li> }).collect_view()}</ul>
        </details>
    }
    .into_any()
}

/// Copies edits in words and says whether that worked.
fn copy_button(desk: Desk, tasks: Tasks, kind: Kind, title: &str, edits: &[Edit]) -> AnyView {
    let locale = parts::locale();
    let text = words::edits(&locale, kind, &words::title(&locale, kind, title), edits);
    let copied: RwSignal<Option<bool>> = RwSignal::new(None);
    let copy = move || {
        let text = text.clone();
        tasks.run(async move { copied.set(Some(desk.ground().copy(text).await)) });
    };
    let (worked, failed) = (locale.text("desk.copied"), locale.text("desk.not_copied"));
    let said = move || copied.get().map(|worked_out| if worked_out { worked.clone() } else { failed.clone() });
    view! { {button("secondary", "copy", locale.text("desk.copy"), copy)} <span role="status" class={"quiet"}>{said}</span> }
        .into_any()
}

#[component]
fn Unsent(desk: Desk, tasks: Tasks, waiting: Waiting) -> impl IntoView {
    view! {
        <li class="waiting-batch">
            {heading(desk, waiting.kind, waiting.record, &waiting.title, waiting.since)}
            {lines(waiting.kind, &waiting.edits)}
            <div class="row">{copy_button(desk, tasks, waiting.kind, &waiting.title, &waiting.edits)}</div>
        </li>
    }
}

#[component]
fn Refused(desk: Desk, tasks: Tasks, draft: Draft) -> impl IntoView {
    let locale = parts::locale();
    let trouble: RwSignal<Option<Trouble>> = RwSignal::new(None);
    let sure = RwSignal::new(false);
    let batch = draft.batch;
    let run = move |ask: Ask| tasks.run(async move { trouble.set(desk.ask(ask).await.err()) });
    let retry = move || run(Ask::Retry { draft: batch });
    let discard = {
        let locale = locale.clone();
        move || {
            if !sure.get() {
                return button("secondary", "trash", locale.text("desk.discard"), move || sure.set(true));
            }
            view! {
                <p class="error">{locale.text("desk.discard.sure")}</p>
                {button("danger", "trash", locale.text("desk.discard.yes"), move || run(Ask::Discard { draft: batch }))}
                {button("secondary", "close", locale.text("desk.cancel"), move || sure.set(false))}
            }
            .into_any()
        }
    };
    view! {
        <li class="refused-batch">
            {heading(desk, draft.kind, draft.record, &draft.title, draft.since)}
            <p class="why">{icon("refused")} {words::refusal(&locale, &draft.refusal)}</p>
            {move || trouble.get().map(|trouble| trouble_note(&trouble))}
            {lines(draft.kind, &draft.edits)}
            <div class="row">
                {button("primary", "refresh", locale.text("desk.retry"), retry)}
                {copy_button(desk, tasks, draft.kind, &draft.title, &draft.edits)}
                {discard}
            </div>
        </li>
    }
}

/// Takes the guide's key, copy and outbox off this phone.
#[component]
fn Leave(desk: Desk) -> impl IntoView {
    let locale = parts::locale();
    let tasks = Tasks::here();
    let trouble: RwSignal<Option<Trouble>> = RwSignal::new(None);
    let sure = RwSignal::new(false);
    let leave = move |even_unsent: bool| {
        tasks.run(async move {
            trouble.set(desk.ask(Ask::Leave { even_unsent }).await.err());
            sure.set(false);
        });
    };
    let member =
        desk.state.with_untracked(|state| state.membership.as_ref().map(|member| (member.pseudonym.clone(), member.role)));
    let phone = Route::phone(&desk.guide(), &parts::language(&use_site())).href();
    let who = member.map(|(pseudonym, role)| {
        locale.with("desk.you_are", &[("who", &pseudonym), ("role", &locale.text(&format!("choice.role.{}", role.code())))])
    });
    let (ask, help, yes, cancel, even) = (
        locale.text("desk.leave"),
        locale.text("desk.leave.help"),
        locale.text("desk.leave.yes"),
        locale.text("desk.cancel"),
        locale.text("desk.leave.even_unsent"),
    );
    let buttons = move || {
        if let Some(trouble @ Trouble::Unsent { .. }) = trouble.get() {
            return view! { {trouble_note(&trouble)} {button("danger", "trash", even.clone(), move || leave(true))} }.into_any();
        }
        if sure.get() {
            return view! {
                {button("danger", "trash", yes.clone(), move || leave(false))}
                {button("secondary", "close", cancel.clone(), move || sure.set(false))}
            }
            .into_any();
        }
        button("secondary", "exit", ask.clone(), move || sure.set(true))
    };
    view! {
        <section class="leave">
            <p class="quiet">{who}</p>
            <p class="quiet">{help}</p>
            <div class="row">{buttons}</div>
            <p><a class="button" href={phone}>{icon("lock")} <span>{locale.text("phone.title")}</span></a></p>
        </section>
    }
}
