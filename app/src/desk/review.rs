//! A second pair of eyes: what waits, a proposal beside what readers see, what was sent back, how a
//! record came to be, and undoing one device's part. Worked out by the relay from its log, so that
//! all of it needs the network; what is changed from here goes the way of every edit.

use super::ground::Desk;
use super::parts::{self, note, trouble_note};
use super::relay::NotAnswered;
use super::words;
use crate::guide::use_site;
use crate::routes::DeskView;
use leptos::prelude::*;
use serde_json::Value;
use shared::edit;
use shared::gate::Role;
use shared::ids::RecordId;
use shared::link::{Ask, Trouble};
use shared::review::{Waits, Who};
use shared::schema::Kind;

mod difference;
mod history;
mod proposal;
mod queue;
mod returned;
mod shown;
mod undo;

pub use history::HistoryPage;
pub use proposal::ProposalPage;
pub use queue::{QueuePage, Waiting};
pub use returned::SentBack;
pub use undo::UndoPage;

/// Whether the person may let others' changes through.
fn reviews(desk: Desk) -> bool {
    role(desk).is_some_and(|role| role >= Role::Editor)
}

fn role(desk: Desk) -> Option<Role> {
    desk.state.with_untracked(|state| state.membership.as_ref().map(|member| member.role))
}

/// Why there is nothing to show, and what to do.
pub(super) fn not_answered(why: &NotAnswered) -> AnyView {
    match why {
        NotAnswered::NotReached => note("offline", &parts::text("desk.needs_network")),
        NotAnswered::Gone => note("check", &parts::text("desk.review.nothing_more")),
        NotAnswered::NotDecided(no) => note("warning", &parts::text(&format!("desk.not_decided.{}", no.code()))),
        NotAnswered::Trouble(trouble) => trouble_note(trouble),
    }
}

/// "Ana, 23 November; Ben, 24 November".
fn authors(authors: &[Who]) -> String {
    authors.iter().map(who).collect::<Vec<_>>().join(" · ")
}

fn who(who: &Who) -> String {
    let locale = parts::locale();
    let today = use_site().now.get_untracked().day;
    let name = if who.pseudonym.is_empty() { locale.text("desk.someone") } else { who.pseudonym.clone() };
    locale.with("desk.who_when", &[("who", &name), ("day", &locale.day_seen_from(who.day, today))])
}

/// Why a record waits, one chip for each reason.
fn reasons(waits: &Waits) -> AnyView {
    let locale = parts::locale();
    let new = waits.is_new.then(|| view! { <span class={"mark"}>{locale.text("desk.review.new")}</span> });
    let why =
        waits.why.iter().map(|why| view! { <span class={"mark"}>{locale.text(&format!("desk.why.{}", why.code()))}</span> });
    view! { <span class="marks">{new} {why.collect_view()}</span> }.into_any()
}

pub(super) fn link_to_form(desk: Desk, kind: Kind, record: RecordId, title: &str) -> AnyView {
    let href = parts::href(&use_site(), &desk.guide(), DeskView::Edit(kind, record));
    view! { <a href={href} dir="auto">{words::title(&parts::locale(), kind, title)}</a> }.into_any()
}

/// How often a record is made to read as wanted: values that two devices began at once take two.
const PASSES_MAX: usize = 3;

/// Makes a record read as `wanted`, by ordinary edits. Gives the edits that would undo it, or `None` when
/// others changed the record meanwhile and it reads neither as `seen` nor as `wanted`.
async fn make_read(
    desk: Desk,
    kind: Kind,
    record: RecordId,
    seen: Option<&Value>,
    wanted: &Value,
) -> Result<Option<Vec<edit::Edit>>, Trouble> {
    let before = desk.read(record).await?.tree;
    if seen.is_some_and(|seen| !edit::difference(kind, &before, seen).is_empty()) {
        return Ok(None);
    }
    let mut now = before.clone();
    for _ in 0..PASSES_MAX {
        let edits = edit::difference(kind, &now, wanted);
        if edits.is_empty() {
            break;
        }
        now = desk.save(record, edits).await?.tree;
    }
    Ok(Some(edit::difference(kind, &now, &before)))
}

/// Sends what waits and fetches what is new. Whether it was reached shows in what is asked next.
pub(super) async fn exchange(desk: Desk) -> Result<(), Trouble> {
    desk.ask(Ask::Exchange).await.map(drop)
}
