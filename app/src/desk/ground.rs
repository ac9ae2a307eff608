//! What members' pages stand on: the replica's answers and the few things only a browser can do.
//!
//! Pages hold a [`Desk`] and never name the browser, a worker or a store; `browser::link` is the one
//! [`Ground`] there is beside those of tests.

use super::position::Position;
use crate::locale::Locale;
use leptos::prelude::*;
use shared::edit::Edit;
use shared::ids::{GuideId, RecordId};
use shared::json;
use shared::link::{Answer, Ask, RecordView, State, Summary, Trouble};
use shared::schema::Kind;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// Something that comes later, on the page's own thread.
pub type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Why there is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPosition {
    /// The person or the browser said no.
    Refused,
    /// The phone did not find out where it is.
    NotFound,
}

pub trait Ground {
    fn ask(&self, ask: Ask) -> Later<Result<Answer, Trouble>>;
    /// Starts a replica that stopped again.
    fn restart(&self);
    /// The secret of the invite link; it leaves the address bar when it is read.
    fn invite(&self) -> Option<String>;
    /// Puts text on the clipboard; whether that worked.
    fn copy(&self, text: String) -> Later<bool>;
    /// Where the phone is. Asks the person, so only after a tap.
    fn position(&self) -> Later<Result<Position, NoPosition>>;
    /// The app's words in another language.
    fn locale(&self, tag: String) -> Later<Option<Locale>>;
    /// Random characters of `[a-z0-9]` for the key of a new entry.
    fn random(&self, length: usize) -> String;
    /// Keeps text for this tab, over reloads; `None` forgets it.
    fn remember(&self, name: &str, text: Option<&str>);
    fn recall(&self, name: &str) -> Option<String>;
    /// Brings the element with this id into view and puts the focus on it.
    fn focus(&self, id: &str);
}

/// Whether the replica is there.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    Starting,
    Open,
    /// It said why it cannot open.
    Failed(Trouble),
    /// It stopped working, and again after it was restarted.
    Stopped,
}

/// Records that changed; `turn` rises every time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changed {
    pub turn: u64,
    /// Empty means "look at all again".
    pub records: Vec<RecordId>,
}

impl Changed {
    pub fn concerns(&self, record: &RecordId) -> bool {
        self.records.is_empty() || self.records.contains(record)
    }
}

/// One guide as its members work on it in this tab. Cheap to copy; lives as long as the app.
#[derive(Clone, Copy)]
pub struct Desk {
    pub state: RwSignal<State>,
    pub line: RwSignal<Line>,
    pub changed: RwSignal<Changed>,
    /// Whether a form holds what is not saved: nobody reloads or leaves over it without asking.
    pub unsaved: RwSignal<bool>,
    guide: StoredValue<GuideId>,
    ground: StoredValue<Rc<dyn Ground>, LocalStorage>,
}

impl Desk {
    pub fn new(
        guide: GuideId,
        ground: Rc<dyn Ground>,
        state: RwSignal<State>,
        line: RwSignal<Line>,
        changed: RwSignal<Changed>,
    ) -> Desk {
        let (guide, ground) = (StoredValue::new(guide), StoredValue::new_local(ground));
        Desk { state, line, changed, unsaved: RwSignal::new(false), guide, ground }
    }

    pub fn guide(&self) -> GuideId {
        self.guide.get_value()
    }

    pub fn ground(&self) -> Rc<dyn Ground> {
        self.ground.get_value()
    }

    pub async fn ask(&self, ask: Ask) -> Result<Answer, Trouble> {
        self.ground().ask(ask).await
    }

    pub async fn list(&self) -> Result<Vec<Summary>, Trouble> {
        match self.ask(Ask::List).await? {
            Answer::Records { records } => Ok(records),
            other => Err(unexpected(&other)),
        }
    }

    pub async fn read(&self, record: RecordId) -> Result<RecordView, Trouble> {
        match self.ask(Ask::Read { record }).await? {
            Answer::Record(view) => Ok(*view),
            other => Err(unexpected(&other)),
        }
    }

    /// Saves edits to a record and answers how it stands then.
    pub async fn save(&self, record: RecordId, edits: Vec<Edit>) -> Result<RecordView, Trouble> {
        match self.ask(Ask::Save { record, edits }).await? {
            Answer::Record(view) => Ok(*view),
            Answer::Done => self.read(record).await,
            other => Err(unexpected(&other)),
        }
    }

    pub async fn create(&self, kind: Kind, edits: Vec<Edit>) -> Result<RecordView, Trouble> {
        match self.ask(Ask::Create { kind, edits }).await? {
            Answer::Record(view) => Ok(*view),
            other => Err(unexpected(&other)),
        }
    }
}

pub(super) fn unexpected(answer: &Answer) -> Trouble {
    let detail: String = json::to_string(answer).chars().take(80).collect();
    Trouble::Internal { detail: format!("unexpected answer: {detail}") }
}

/// How pages come by the desk of a guide: provided by the running app, absent on the relay.
#[derive(Clone, Copy)]
pub struct Desks(pub Callback<GuideId, Desk>);
