//! The context that every page reads from. No page knows where its data comes from: the relay gives
//! constants, the browser gives signals fed from the phone's copy.

use crate::assets::Assets;
use crate::locale::Locale;
use crate::routes::Route;
use leptos::prelude::*;
use shared::distance::Position;
use shared::edition::Edition;
use shared::ids::{Day, Moment};
use shared::link::State;
use shared::wire::GuideCard;
use std::sync::Arc;

/// Where what is on screen comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copy {
    /// From the relay just now, or from this phone while the relay answers.
    Live,
    /// From this phone with no network: the copy of that day.
    Saved { day: Day },
    /// From this phone: the relay does not give the guide in this language any more. The copy of that day.
    Withdrawn { day: Day },
    /// There is no copy of this guide here and the relay was not reached.
    Missing,
}

/// How far "keep this guide on my phone" has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeping {
    /// Not kept; about how large it is, where known.
    No {
        bytes: Option<u64>,
    },
    Working {
        done: u64,
        total: Option<u64>,
    },
    Kept {
        bytes: u64,
        day: Day,
    },
    /// Not enough room, or storage is switched off.
    Failed {
        full: bool,
    },
}

/// Where the person is, as far as they let the phone say it. Never stored, never sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Near {
    #[default]
    NotAsked,
    Looking,
    /// No permission, or no satellite.
    Failed,
    Here(Position),
}

/// Something to hand to another app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    pub title: String,
    pub text: String,
    pub href: String,
}

/// What only a running app can do. A page shows a button only where its callback is there, so that
/// pages rendered by the relay have no dead buttons.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hands {
    pub share: Option<Callback<Shared>>,
    /// Copy a text; what came of it is written into the signal.
    pub copy: Option<Callback<(String, RwSignal<Option<bool>>)>>,
    /// Change what is saved on this phone by a line of [`shared::saved`].
    pub save: Option<Callback<String>>,
    /// Keep the guide on this phone, or look for a newer copy of it.
    pub keep: Option<Callback<()>>,
    /// Remove the kept guide from this phone.
    pub remove: Option<Callback<()>>,
    /// Find out where the phone is; again: forget it.
    pub locate: Option<Callback<()>>,
    /// Switch to a newer version of the app that waits.
    pub update: Option<Callback<()>>,
    /// Does something once what is drawn now has been painted: what lies below the screen waits for it.
    pub after_paint: Option<Later>,
}

/// Has something done later.
pub type Later = fn(Box<dyn FnOnce()>);

/// All that pages read. Cheap to copy; made once per rendered document or running app.
#[derive(Clone, Copy)]
pub struct Site {
    pub route: Signal<Route>,
    /// What this relay holds, for the list of guides.
    pub guides: Signal<Vec<GuideCard>>,
    /// The guide that the route is about, in its language; none while it is not here.
    pub edition: Signal<Option<Arc<Edition>>>,
    pub locale: Signal<Locale>,
    /// Now, in the guide's time zone.
    pub now: Signal<Moment>,
    pub copy: Signal<Copy>,
    pub keeping: Signal<Keeping>,
    pub near: Signal<Near>,
    /// What the person saved of the open guide, on this phone only, see [`shared::saved`].
    pub saved: RwSignal<String>,
    /// The phone keeps nothing: what was saved is gone with this page.
    pub unkept: Signal<bool>,
    /// Where the relay is reached, `https://example.org`, without a slash at the end.
    pub origin: StoredValue<String>,
    /// The members' replica; none for readers.
    pub member: Signal<Option<State>>,
    /// Whether a newer version of the app waits to be switched to.
    pub update_waits: Signal<bool>,
    /// The languages that the person reads, most preferred first (tags from the browser's settings).
    pub preferred: Signal<Vec<String>>,
    pub assets: StoredValue<Assets>,
    pub hands: Signal<Hands>,
    /// Whether the page is drawn in one go: for whoever comes back to where they were.
    pub whole: Signal<bool>,
    /// Goes to another page of the app without loading a document.
    pub go: Callback<Route>,
}

impl Site {
    pub fn navigate(&self, route: Route) {
        self.go.run(route);
    }
}

/// The site that the page being rendered belongs to.
pub fn use_site() -> Site {
    use_context::<Site>().expect("pages are rendered inside a site")
}
