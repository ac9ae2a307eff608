//! What the page and the replica (a Web Worker) say to each other: JSON both ways.
//!
//! The page sends an [`Ask`] with a number and gets one [`Answer`] with the same number; [`News`]
//! come unasked. The page never touches documents, keys or the outbox; the replica never touches
//! the screen. Trees are records as plain JSON, see [`crate::document`].

use crate::document::FieldConflict;
use crate::edit::Edit;
use crate::gate::{Refusal, Role};
use crate::ids::{BatchId, Day, DeviceId, GuideId, RecordId};
use crate::json::{self, Raw};
use crate::schema::Kind;
use crate::validate::Problem;
use crate::wire::Denied;
use serde_json::Value;

/// A numbered question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    pub number: u32,
    pub ask: Ask,
}

/// A numbered answer, or something nobody asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    Reply { number: u32, answer: Result<Answer, Trouble> },
    News(News),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// First of all: which guide. Opens the stores, begins a session, starts looking for the relay.
    Open { guide: GuideId },
    /// Redeem an invite and become a device of the guide. The key is made here and never leaves.
    Join { token: String, pseudonym: String },
    /// All records in short, for lists; the page filters and searches them.
    List,
    /// One record whole.
    Read { record: RecordId },
    /// Do `edits` to a record: one change, one sealed batch, saved when answered.
    Save { record: RecordId, edits: Vec<Edit> },
    /// A new record; its id where the source of its facts gives it one, drawn otherwise.
    Create { kind: Kind, record: Option<RecordId>, edits: Vec<Edit> },
    /// What waits and what was refused.
    Outbox,
    /// Look for the relay now: send what waits, fetch what is new.
    Exchange,
    /// Do a draft's edits again on the record as it is now; the draft goes when that is saved.
    Retry { draft: BatchId },
    /// Throw a draft away.
    Discard { draft: BatchId },
    /// How an `opening_hours` value will be read.
    ExplainHours { written: String, country: Option<String>, today: Day },
    /// The read token, for what a page asks of the relay itself.
    Token,
    /// Leave the guide on this browser: key, copy and outbox are removed. Refused while work waits,
    /// unless `even_unsent`.
    Leave { even_unsent: bool },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    State(State),
    Records {
        records: Vec<Summary>,
    },
    Record(Box<RecordView>),
    Outbox(Outbox),
    /// A [`HoursReading`], which only the page reads.
    Hours(Raw),
    Token {
        token: Option<String>,
    },
    Done,
}

/// Where the replica stands; shown in the header of every members' page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// `None` until this browser has joined the guide.
    pub membership: Option<Membership>,
    /// Whether the relay answered at the last attempt; `None` before the first.
    pub reached: Option<bool>,
    /// Whether an exchange is going on.
    pub busy: bool,
    /// Records here, and how many the workspace holds while the first copy arrives.
    pub records: usize,
    pub unsent: usize,
    pub refused: usize,
    pub conflicts: usize,
    /// Whether the first copy of the workspace is complete.
    pub complete: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub guide: GuideId,
    pub device: DeviceId,
    pub pseudonym: String,
    pub role: Role,
    pub joined: Day,
    /// The relay no longer accepts this device.
    pub revoked: bool,
}

/// How far a record's latest edits have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Everything is with the collective.
    Shared,
    /// Saved on this phone, not sent yet.
    Waiting,
    /// Something was refused and waits as a draft.
    Refused,
}

/// A record in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub record: RecordId,
    pub kind: Kind,
    /// The name or title, in the guide's source language where there is a choice.
    pub title: String,
    /// A second line: the city, the first words of a text.
    pub detail: String,
    /// Top category codes.
    pub categories: Vec<String>,
    pub status: Option<String>,
    pub members_only: bool,
    pub assured_date: Option<Day>,
    pub stage: Stage,
    pub conflicts: usize,
    /// What search looks at: folded words of the record.
    pub words: String,
}

/// A record for its form.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordView {
    pub record: RecordId,
    pub kind: Kind,
    pub tree: Value,
    pub stage: Stage,
    pub conflicts: Vec<ConflictView>,
    pub problems: Vec<Problem>,
    /// Fields whose latest edits wait on this phone.
    pub waiting_fields: Vec<String>,
    /// Where the record's problems or our own version forbid editing: a newer schema.
    pub read_only: bool,
}

/// A field with several values, with who and when in words.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictView {
    pub conflict: FieldConflict,
    /// One per candidate, in order: pseudonym and day where known; this device's own are `mine`.
    pub authors: Vec<AuthorView>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthorView {
    pub pseudonym: Option<String>,
    pub day: Option<Day>,
    pub mine: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outbox {
    pub waiting: Vec<Waiting>,
    pub drafts: Vec<Draft>,
}

/// A sealed batch that the relay has not acknowledged.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    pub batch: BatchId,
    pub record: RecordId,
    pub kind: Kind,
    pub title: String,
    pub since: Day,
    pub bytes: usize,
    pub edits: Vec<Edit>,
}

/// Work that the relay refused, kept with the reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub batch: BatchId,
    pub record: RecordId,
    pub kind: Kind,
    pub title: String,
    pub since: Day,
    pub refusal: Refusal,
    pub edits: Vec<Edit>,
}

/// How an `opening_hours` value reads: the usual week, or where it cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub enum HoursReading {
    Read {
        schedule: Box<crate::hours::Schedule>,
    },
    /// `at` counts characters from the start, where known.
    NotRead {
        at: Option<usize>,
    },
}

/// Something changed that the page may be showing.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    State(State),
    /// These records changed, here, in another tab or by others; empty means "look at all again".
    Changed {
        records: Vec<RecordId>,
    },
}

/// Why an ask was not done. Each has a sentence in every language: `trouble.full`, …
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// The browser has no room left. Nothing was lost: what is on screen is not saved yet.
    Full,
    /// The browser does not let us store anything (private window, storage switched off).
    NoStorage,
    /// The copy is sealed: it asks for PIN or passphrase.
    Locked,
    NotJoined,
    NotFound,
    /// The relay was not reached; for asks that need it, such as joining.
    NotReached,
    Denied {
        denied: Denied,
    },
    /// The edit does not fit the record.
    BadEdit {
        detail: String,
    },
    /// Work waits that leaving would lose.
    Unsent {
        unsent: usize,
    },
    /// Not foreseen; `detail` is for a report.
    Internal {
        detail: String,
    },
}

json::object!(Question { number, ask });
json::object!(State { membership, reached, busy, records, unsent, refused, conflicts, complete });
json::object!(Membership { guide, device, pseudonym, role, joined, revoked });
json::object!(Summary { record, kind, title, detail, categories, status, members_only, assured_date, stage, conflicts, words });
json::object!(RecordView { record, kind, tree, stage, conflicts, problems, waiting_fields, read_only });
json::object!(ConflictView { conflict, authors });
json::object!(AuthorView { pseudonym, day, mine });
json::object!(Outbox { waiting, drafts });
json::object!(Waiting { batch, record, kind, title, since, bytes, edits });
json::object!(Draft { batch, record, kind, title, since, refusal, edits });
json::choice!(Message { Reply { number, answer }: "reply", News(it): "news" });
json::choice!(Ask {
    Open { guide }: "open", Join { token, pseudonym }: "join", List: "list", Read { record }: "read",
    Save { record, edits }: "save", Create { kind, record, edits }: "create", Outbox: "outbox", Exchange: "exchange",
    Retry { draft }: "retry", Discard { draft }: "discard", ExplainHours { written, country, today }: "explain_hours",
    Leave { even_unsent }: "leave", Token: "token",
});
json::choice!(Answer {
    Done: "done", State(it): "state", Records { records }: "records", Record(it): "record", Outbox(it): "outbox",
    Hours(it): "hours", Token { token }: "token",
});
json::names!(Stage { Shared: "shared", Waiting: "waiting", Refused: "refused" });
json::choice!(HoursReading { NotRead { at }: "not_read", Read { schedule }: "read" });
json::choice!(News { State(it): "state", Changed { records }: "changed" });
json::choice!(Trouble {
    Full: "full", NoStorage: "no_storage", Locked: "locked", NotJoined: "not_joined", NotFound: "not_found", NotReached: "not_reached",
    Denied { denied }: "denied", BadEdit { detail }: "bad_edit", Unsent { unsent }: "unsent", Internal { detail }: "internal",
});
