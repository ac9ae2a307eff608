//! What members' pages stand on: the replica's answers and the few things only a browser can do.
//!
//! Pages hold a [`Desk`] and never name the browser, a worker or a store; `browser::link` is the one
//! [`Ground`] there is beside those of tests.

use super::position::Position;
use super::relay::NotAnswered;
use crate::locale::Locale;
use leptos::prelude::*;
use serde_json::{Value, json};
use shared::edit::Edit;
use shared::gate::{Refusal, Role};
use shared::ids::{BatchId, GuideId, RecordId};
use shared::link::{Answer, Ask, RecordView, State, Summary, Trouble};
use shared::review::Queue;
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

/// Why the relay did not do what a page asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unserved {
    NotReached,
    /// It said no, for this reason of its closed list.
    Refused(String),
}

/// How the names begin under which forms remember what is not saved.
pub const UNSAVED: &str = "socle-unsaved-";

pub trait Ground {
    fn ask(&self, ask: Ask) -> Later<Result<Answer, Trouble>>;
    /// Starts a replica that stopped again.
    fn restart(&self);
    /// The secret of the invite link; it leaves the address bar when it is read.
    fn invite(&self) -> Option<String>;
    /// Puts text on the clipboard; whether that worked.
    fn copy(&self, text: String) -> Later<bool>;
    /// Asks the relay as this device; gives its answer's text. Only with a network.
    fn relay(&self, method: &'static str, address: String, body: String) -> Later<Result<String, Unserved>>;
    /// Hands a text file to another app or keeps it among the downloads; whether that worked.
    fn export(&self, name: String, text: String) -> Later<bool>;
    /// Where the phone is. Asks the person, so only after a tap.
    fn position(&self) -> Later<Result<Position, NoPosition>>;
    /// The app's words in another language.
    fn locale(&self, tag: String) -> Later<Option<Locale>>;
    /// Random characters of `[a-z0-9]` for the key of a new entry.
    fn random(&self, length: usize) -> String;
    /// Keeps text for this tab, over reloads; `None` forgets it.
    fn remember(&self, name: &str, text: Option<&str>);
    fn recall(&self, name: &str) -> Option<String>;
    /// The sealed batches that wait for the relay, in their order.
    fn unsent(&self) -> Later<Result<Vec<Vec<u8>>, Trouble>>;
    /// Sets, opens or takes away the lock of the member's copy.
    fn lock(&self, ask: LockAsk) -> Later<Result<LockState, Trouble>>;
    /// Hands batches to another app as a text, or saves them on the phone as a file.
    fn hand_over(&self, name: String, batches: Vec<Vec<u8>>) -> Later<Result<(), Trouble>>;
    /// The file chosen in the field with this id.
    fn file(&self, field: &'static str) -> Later<Option<Vec<u8>>>;
    /// Posts somebody's sealed batch as it is.
    fn deliver(&self, guide: GuideId, batch: BatchId, bytes: Vec<u8>) -> Later<Delivered>;
    /// Brings the element with this id into view and puts the focus on it.
    fn focus(&self, id: &str);
}

/// What a page asks of the lock. A secret is a PIN or a passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockAsk {
    Status,
    /// Seals the copy; `tries` wrong secrets in a row take it away, 0 never does.
    Set {
        secret: String,
        tries: u32,
    },
    Unlock {
        secret: String,
    },
    Change {
        secret: String,
        next: String,
        tries: u32,
    },
    Remove {
        secret: String,
    },
    /// Takes the copy away without a secret.
    Destroy,
}

impl LockAsk {
    /// As `vault.js` reads it.
    pub fn question(&self, guide: &GuideId) -> Value {
        let guide = guide.as_str();
        match self {
            LockAsk::Status => json!({ "ask": "status", "guide": guide }),
            LockAsk::Set { secret, tries } => json!({ "ask": "set", "guide": guide, "secret": secret, "tries": tries }),
            LockAsk::Unlock { secret } => json!({ "ask": "unlock", "guide": guide, "secret": secret }),
            LockAsk::Change { secret, next, tries } => {
                json!({ "ask": "change", "guide": guide, "secret": secret, "next": next, "tries": tries })
            }
            LockAsk::Remove { secret } => json!({ "ask": "remove", "guide": guide, "secret": secret }),
            LockAsk::Destroy => json!({ "ask": "destroy", "guide": guide }),
        }
    }
}

/// How the lock stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub struct LockState {
    pub set: bool,
    pub open: bool,
    pub tries: u32,
    /// Wrong secrets in a row.
    pub failed: u32,
    /// The secret of this very question was wrong.
    pub wrong: bool,
}

/// What became of a batch that was carried here.
#[derive(Debug, Clone, PartialEq)]
pub enum Delivered {
    /// The relay has it.
    Shared,
    Refused(Refusal),
    NotReached,
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
    /// Whether a plan is being carried out: the same.
    pub at_work: RwSignal<bool>,
    /// What waits for a second pair of eyes, as the relay last said.
    pub queue: RwSignal<Option<Result<Queue, NotAnswered>>>,
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
        let (unsaved, at_work) = (RwSignal::new(false), RwSignal::new(false));
        Desk { state, line, changed, unsaved, at_work, queue: RwSignal::new(None), guide, ground }
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

    /// Asks the relay about something of this guide, as this device.
    pub async fn relay(&self, method: &'static str, what: &str, body: String) -> Result<String, Unserved> {
        let address = format!("/api/guides/{}/{what}", self.guide());
        self.ground().relay(method, address, body).await
    }

    /// Whether this device is a steward's, as far as the phone knows; the relay decides.
    pub fn is_steward(&self) -> bool {
        self.state.with(|state| state.membership.as_ref().is_some_and(|member| member.role == Role::Steward && !member.revoked))
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
        self.make(kind, None, edits).await
    }

    /// Makes a record under the id that its source gives it.
    pub async fn make(&self, kind: Kind, record: Option<RecordId>, edits: Vec<Edit>) -> Result<RecordView, Trouble> {
        match self.ask(Ask::Create { kind, record, edits }).await? {
            Answer::Record(view) => Ok(*view),
            other => Err(unexpected(&other)),
        }
    }
}

pub(super) fn unexpected(answer: &Answer) -> Trouble {
    let detail: String = shared::json::to_string(answer).chars().take(80).collect();
    Trouble::Internal { detail: format!("unexpected answer: {detail}") }
}

/// How pages come by the desk of a guide: provided by the running app, absent on the relay.
#[derive(Clone, Copy)]
pub struct Desks(pub Callback<GuideId, Desk>);
