//! What waits for a second pair of eyes, oldest first; and the line about it in every members' page.

use super::{authors, not_answered, reasons, reviews};
use crate::desk::form::Tasks;
use crate::desk::ground::Desk;
use crate::desk::parts::{self, icon, note};
use crate::desk::words;
use crate::guide::use_site;
use crate::routes::DeskView;
use leptos::prelude::*;
use shared::gate::Role;
use shared::review::{Queue, Waits};

/// The way to the queue, with how much waits; asked for anew when the guide changes or the relay is
/// reached again. Contributors go to what waits of theirs.
#[component]
pub fn Waiting(desk: Desk) -> impl IntoView {
    let tasks = Tasks::here();
    let moment = Memo::new(move |_| {
        let (reached, unsent) = desk.state.with(|state| (state.reached, state.unsent));
        (desk.changed.with(|changed| changed.turn), reached, unsent)
    });
    Effect::new(move || {
        moment.get();
        tasks.run(async move { desk.look_for_review().await });
    });
    let href = parts::href(&use_site(), &desk.guide(), DeskView::Review);
    let locale = parts::locale();
    let count = Memo::new(move |_| {
        desk.queue.with(|queue| queue.as_ref().and_then(|queue| queue.as_ref().ok()).map_or(0, |queue| queue.waiting.len()))
    });
    let words = move || match count.get() {
        0 => locale.text("desk.review"),
        count => locale.count("desk.review.count", count, &[]),
    };
    view! { <a href={href} class:attention=move || count.get() != 0>{icon("eye")} <span>{words}</span></a> }
}

#[component]
pub fn QueuePage(desk: Desk) -> impl IntoView {
    let locale = parts::locale();
    let steward = super::role(desk) == Some(Role::Steward);
    let undo = steward.then(|| {
        let href = parts::href(&use_site(), &desk.guide(), DeskView::Undo);
        view! { <p><a class="button secondary wide" href={href}>{icon("undo")} <span>{locale.text("desk.undoing")}</span></a></p> }
    });
    let shown = move || {
        desk.queue.with(|queue| match queue {
            None => parts::waiting("desk.review.asking"),
            Some(Err(why)) => not_answered(why),
            Some(Ok(queue)) => contents(desk, queue),
        })
    };
    view! { <h1>{locale.text("desk.review")}</h1> {shown} {undo} }
}

fn contents(desk: Desk, queue: &Queue) -> AnyView {
    let locale = parts::locale();
    if queue.waiting.is_empty() {
        return note("check", &locale.text("desk.review.nothing"));
    }
    let help = if reviews(desk) { "desk.review.help" } else { "desk.review.help_mine" };
    let rows = queue.waiting.iter().map(|waits| row(desk, waits)).collect_view();
    view! { <p class="quiet">{locale.text(help)}</p> <ul class="plain records">{rows}</ul> }.into_any()
}

fn row(desk: Desk, waits: &Waits) -> AnyView {
    let locale = parts::locale();
    let href = parts::href(&use_site(), &desk.guide(), DeskView::Proposal(waits.record));
    view! {
        <li>
            <a href={href}>
                <span class="name" dir="auto">{words::title(&locale, waits.kind, &waits.title)}</span>
                <span class="facts">{authors(&waits.authors)}</span>
                {reasons(waits)}
            </a>
        </li>
    }
    .into_any()
}
