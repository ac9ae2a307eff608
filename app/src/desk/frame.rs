//! What stands around every members' page: whether the replica is there, the network, what waits.

use super::ground::{Desk, Line};
use super::lock::Unlock;
use super::parts::{self, button, icon, note, trouble_note};
use super::review::Waiting;
use crate::guide::use_site;
use crate::routes::DeskView;
use leptos::prelude::*;
use shared::link::{State, Trouble};

#[component]
pub fn Frame(desk: Desk, content: ViewFn) -> impl IntoView {
    // Not the whole state: it changes with every exchange, and a form must not be built anew for that.
    let joined = Memo::new(move |_| desk.state.with(|state| state.membership.is_some()));
    let line = Memo::new(move |_| desk.line.get());
    let body = move || match line.get() {
        Line::Starting => parts::waiting("desk.opening"),
        Line::Failed(Trouble::Locked) => view! { <Unlock desk/> }.into_any(),
        Line::Failed(trouble) => trouble_note(&trouble),
        Line::Stopped => stopped(desk),
        Line::Open if !joined.get() => note("info", &parts::text("trouble.not_joined")),
        Line::Open => view! { <StateLine desk/> {content.run()} }.into_any(),
    };
    view! { <div class="desk">{body}</div> }
}

fn stopped(desk: Desk) -> AnyView {
    view! {
        {note("warning", &parts::text("desk.stopped"))}
        {button("primary wide", "refresh", parts::text("desk.start_again"), move || desk.ground().restart())}
    }
    .into_any()
}

/// One line in words: network, what is not sent, what was refused; the way to the list and the outbox.
#[component]
fn StateLine(desk: Desk) -> impl IntoView {
    let site = use_site();
    let locale = parts::locale();
    let guide = desk.guide();
    let (list, outbox) = (parts::href(&site, &guide, DeskView::List), parts::href(&site, &guide, DeskView::Outbox));
    let (members, members_words) = (parts::href(&site, &guide, DeskView::Members), locale.text("desk.members"));
    let network = {
        let locale = locale.clone();
        move || {
            desk.state.with(|state| {
                let (name, key) = network(state);
                view! { <span class={format!("network network-{name}")}>{icon(name)} <span>{locale.text(key)}</span></span> }
            })
        }
    };
    let waits = {
        let locale = locale.clone();
        move || {
            desk.state.with(|state| {
                let parts = [("desk.first.refused", state.refused), ("desk.unsent", state.unsent)];
                let words: Vec<String> =
                    parts.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| locale.count(key, count, &[])).collect();
                if words.is_empty() { locale.text("desk.outbox") } else { words.join(" · ") }
            })
        }
    };
    let arriving = {
        let locale = locale.clone();
        move || desk.state.with(|state| (!state.complete).then(|| locale.count("desk.arriving", state.records, &[])))
    };
    let revoked = {
        let locale = locale.clone();
        move || {
            desk.state
                .with(|state| state.membership.as_ref().is_some_and(|member| member.revoked))
                .then(|| note("warning", &locale.text("desk.revoked")))
        }
    };
    view! {
        <nav class="desk-state" aria-label={locale.text("desk.list")}>
            <a href={list}>{icon("edit")} <span>{locale.text("desk.list")}</span></a>
            <a href={outbox} class:attention=move || desk.state.with(|state| state.refused + state.unsent > 0)>{icon("on-phone")} <span>{waits}</span></a>
            <Waiting desk/>
            {move || desk.is_steward().then(|| view! { <a href={members.clone()}>{icon("people")} <span>{members_words.clone()}</span></a> })}
            {network}
        </nav>
        {move || arriving().map(|words| view! { <p class={"desk-waiting"} role="status">{icon("waiting")} {words}</p> })}
        {revoked}
    }
}

/// The pictogram and the words for how the relay was last found.
fn network(state: &State) -> (&'static str, &'static str) {
    match state.reached {
        _ if state.busy => ("refresh", "desk.network.busy"),
        None => ("waiting", "desk.network.unknown"),
        Some(true) => ("online", "desk.network.reached"),
        Some(false) => ("offline", "desk.network.none"),
    }
}
