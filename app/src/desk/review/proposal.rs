//! One record that waits: what readers see and what would take its place; let through, amended or
//! sent back.

use super::shown::Difference;
use super::{authors, exchange, link_to_form, make_read, not_answered, reasons, reviews};
use crate::desk::form::Tasks;
use crate::desk::ground::Desk;
use crate::desk::parts::{self, button, icon, note};
use crate::desk::relay::NotAnswered;
use crate::desk::settings::Settings;
use crate::guide::use_site;
use crate::routes::{DeskView, Route};
use leptos::prelude::*;
use shared::edit;
use shared::ids::RecordId;
use shared::limits::REASON_CHARS_MAX;
use shared::review::{NotDecided, Proposal, Queue, Verdict, taking_back};

/// What was asked, or what came of it.
type Answer = Option<Result<Proposal, NotAnswered>>;

#[component]
pub fn ProposalPage(desk: Desk, record: RecordId, settings: Settings) -> impl IntoView {
    let answer: RwSignal<Answer> = RwSignal::new(None);
    let tasks = Tasks::here();
    let look = move || {
        answer.set(None);
        tasks.run(async move { answer.set(Some(desk.get(&format!("review/{record}")).await)) });
    };
    look();
    let shown = move || match answer.get() {
        None => parts::waiting("desk.review.asking"),
        Some(Err(why)) => not_answered(&why),
        Some(Ok(proposal)) => view! { <Shown desk settings proposal look=Callback::new(move |()| look())/> }.into_any(),
    };
    let back = parts::href(&use_site(), &desk.guide(), DeskView::Review);
    view! {
        <p><a href={back}>{icon("back")} <span>{parts::text("desk.review")}</span></a></p>
        {shown}
    }
}

#[component]
fn Shown(desk: Desk, settings: Settings, proposal: Proposal, look: Callback<()>) -> impl IntoView {
    let locale = parts::locale();
    let Proposal { waits, published, proposed, .. } = proposal.clone();
    let help = if waits.is_new { "desk.review.new_help" } else { "desk.review.difference_help" };
    view! {
        <header class="desk-heading">
            <h1 dir="auto">{crate::desk::words::title(&locale, waits.kind, &waits.title)}</h1>
            <p class="quiet">{authors(&waits.authors)}</p>
            {reasons(&waits)}
        </header>
        <p class="quiet">{locale.text(help)}</p>
        <Difference desk settings kind={waits.kind} before={published} after={proposed}/>
        <Verdicts desk proposal look/>
    }
}

/// What can be done about it.
#[component]
fn Verdicts(desk: Desk, proposal: Proposal, look: Callback<()>) -> impl IntoView {
    let locale = parts::locale();
    let waits = proposal.waits.clone();
    if !reviews(desk) {
        let form = link_to_form(desk, waits.kind, waits.record, &waits.title);
        return view! { {note("waiting", &locale.text("desk.review.mine_waits"))} <p>{form}</p> }.into_any();
    }
    let tasks = Tasks::here();
    let trouble: RwSignal<Option<NotAnswered>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let site = use_site();
    let done = move |outcome: Result<Queue, NotAnswered>| match outcome {
        Ok(queue) => {
            desk.queue.set(Some(Ok(queue)));
            site.navigate(Route::desk(&desk.guide(), &parts::language(&site), DeskView::Review));
        }
        Err(why) => trouble.set(Some(why)),
    };
    let proposal = StoredValue::new(proposal);
    let run = move |reason: Option<String>| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        tasks.run(async move {
            let outcome = match reason {
                None => approve(desk, proposal.get_value()).await,
                Some(reason) => send_back(desk, proposal.get_value(), reason).await,
            };
            busy.set(false);
            done(outcome);
        });
    };
    let approve = if waits.may_approve {
        button("primary wide", "check", locale.text("desk.review.approve"), move || run(None))
    } else {
        note("people", &locale.text("desk.not_decided.own_change"))
    };
    let amend = parts::href(&site, &desk.guide(), DeskView::Edit(waits.kind, waits.record));
    let told = move || {
        trouble.get().map(|why| {
            let again = (why == NotAnswered::NotDecided(NotDecided::Moved))
                .then(|| button("secondary", "refresh", parts::text("desk.review.look_again"), move || look.run(())));
            view! { <div role="alert">{not_answered(&why)} {again}</div> }
        })
    };
    let working = move || busy.get().then(|| parts::waiting("desk.review.working"));
    view! {
        <section class="verdicts" aria-label={locale.text("desk.review.verdict")}>
            {told}
            {working}
            {approve}
            <a class="button secondary wide" href={amend}>{icon("edit")} <span>{locale.text("desk.review.amend")}</span></a>
            <SendBack send=Callback::new(move |reason| run(Some(reason)))/>
        </section>
    }
    .into_any()
}

/// A reason first: who is sent back reads it.
#[component]
fn SendBack(send: Callback<String>) -> impl IntoView {
    let locale = parts::locale();
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let submit = move || {
        let words = reason.get_untracked();
        missing.set(words.trim().is_empty());
        if !words.trim().is_empty() {
            send.run(words);
        }
    };
    move || {
        if !open.get() {
            return button("secondary wide", "back", locale.text("desk.review.send_back"), move || open.set(true));
        }
        let error = locale.text("desk.not_decided.no_reason");
        view! {
            <div class="field">
                <label for="reason">{locale.text("desk.review.reason")}</label>
                <p class="help" id="reason-help">{locale.text("desk.review.reason_help")}</p>
                <textarea id="reason" rows="3" dir="auto" maxlength={REASON_CHARS_MAX.to_string()} aria-describedby="reason-help reason-error"
                    prop:value=reason.get_untracked() on:input=move |event| reason.set(event_target_value(&event))></textarea>
                <p class="error" id="reason-error" role="alert">{move || missing.get().then(|| error.clone())}</p>
                <div class="row">
                    {button("danger", "back", locale.text("desk.review.send_back"), submit)}
                    {button("secondary", "close", locale.text("desk.cancel"), move || open.set(false))}
                </div>
            </div>
        }
        .into_any()
    }
}

async fn approve(desk: Desk, proposal: Proposal) -> Result<Queue, NotAnswered> {
    let verdict = Verdict { heads: proposal.heads, approve: true, reason: String::new() };
    desk.post(&format!("review/{}", proposal.waits.record), &verdict).await
}

/// Takes the proposal back by a change of this device, has the relay get it, then sends back.
async fn send_back(desk: Desk, proposal: Proposal, reason: String) -> Result<Queue, NotAnswered> {
    let Proposal { waits, published, proposed, .. } = proposal;
    exchange(desk).await.map_err(NotAnswered::Trouble)?;
    let mut wanted = proposed.clone();
    for edit in taking_back(waits.kind, &published, &proposed) {
        edit::perform(&mut wanted, &edit);
    }
    let taken = make_read(desk, waits.kind, waits.record, Some(&proposed), &wanted).await.map_err(NotAnswered::Trouble)?;
    if taken.is_none() {
        return Err(NotAnswered::NotDecided(NotDecided::Moved));
    }
    exchange(desk).await.map_err(NotAnswered::Trouble)?;
    let verdict = Verdict { heads: Vec::new(), approve: false, reason };
    desk.post(&format!("review/{}", waits.record), &verdict).await
}
