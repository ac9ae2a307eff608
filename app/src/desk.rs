//! The members' pages: joining, the list, forms, what waits, who is a member.
//!
//! They run in the browser only, on the member's own copy of the guide, which the replica keeps in a
//! worker; on the relay they are a sentence. Platform code stands behind [`Ground`].

use crate::guide::{Site, use_site};
use crate::routes::{DeskView, Route};
use leptos::prelude::*;
use shared::schema::Kind;

mod conflict;
mod deliver;
mod differ;
mod draft;
mod field;
mod form;
mod frame;
mod ground;
mod hours;
mod import;
mod join;
mod layout;
mod list;
mod lock;
mod members;
mod outbox;
mod parts;
mod plan;
mod position;
mod purge;
mod relay;
mod review;
mod settings;
mod typed;
mod words;

pub use ground::{Changed, Delivered, Desk, Desks, Ground, Later, Line, LockAsk, LockState, NoPosition, UNSAVED, Unserved};
pub use position::Position;

/// The members' page of the route. Rebuilt when the route or the words change; pages follow the copy
/// by themselves, so that a form outlives a refresh.
pub fn content(site: &Site) -> AnyView {
    site.locale.track();
    match site.route.get() {
        Route::Desk { view, .. } => page(view),
        Route::Join { .. } => join(),
        _ => needs_app(),
    }
}

/// The page behind `view`.
fn page(view: DeskView) -> AnyView {
    let Some(desk) = desk() else { return needs_app() };
    let settings = settings::follow(desk);
    let content = move || match view.clone() {
        DeskView::List => view! { <list::ListPage desk/> }.into_any(),
        DeskView::Outbox => view! { <outbox::OutboxPage desk/> }.into_any(),
        DeskView::Members => view! { <members::MembersPage desk/> }.into_any(),
        DeskView::Review => view! { <review::QueuePage desk/> }.into_any(),
        DeskView::Proposal(record) => view! { <review::ProposalPage desk record settings/> }.into_any(),
        DeskView::History(record) => view! { <review::HistoryPage desk record settings/> }.into_any(),
        DeskView::Undo => view! { <review::UndoPage desk/> }.into_any(),
        DeskView::Import => view! { <import::ImportPage desk/> }.into_any(),
        DeskView::New(kind) => form(desk, kind, None, settings),
        DeskView::Edit(kind, record) => form(desk, kind, Some(record), settings),
    };
    view! { <frame::Frame desk content=ViewFn::from(content)/> }.into_any()
}

fn form(desk: Desk, kind: Kind, record: Option<shared::ids::RecordId>, settings: settings::Settings) -> AnyView {
    view! { <form::RecordPage desk kind record settings/> }.into_any()
}

/// The page that an invite opens.
fn join() -> AnyView {
    match desk() {
        Some(desk) => view! { <join::JoinPage desk/> }.into_any(),
        None => needs_app(),
    }
}

/// The desk of the guide in the address, where the app runs.
fn desk() -> Option<Desk> {
    let desks = use_context::<Desks>()?;
    let guide = use_site().route.with_untracked(|route| route.guide().cloned())?;
    Some(desks.0.run(guide))
}

/// Editing needs the app: said where it is not running (yet).
pub fn needs_app() -> AnyView {
    view! { <div class={"desk"}><h1>{parts::text("desk.list")}</h1> {parts::note("info", &parts::text("desk.needs_app"))}</div> }
        .into_any()
}
