//! What waits for a second pair of eyes, what became of it, and how a record came to be as it is:
//! what the relay tells members about its log, as JSON. See PROTOCOL.md.
//!
//! The rules of what waits and of who lets it through stand here too, pure ([`Rules`], [`Waiting`]). Who
//! asks, who wrote and what is published is for the relay to know.

use crate::edit::{self, Edit};
use crate::ids::{Day, DeviceId, RecordId};
use crate::json;
use crate::schema::{Kind, Path};
use serde_json::Value;

mod rules;
mod undo;

pub use rules::{Rules, Waiting, made_by, reviews};
pub use undo::Undoing;

/// Why a change waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A contributor's, in a guide whose policy is `review`.
    Contributor,
    /// It leads people elsewhere: address, or position on the map, of a place that is published.
    Address,
    /// Another number to call, of a place that is published.
    Phone,
    /// What people are told to do: the steps of a page that is published.
    Steps,
    /// One of more records than one device changes in an hour.
    Many,
}

json::names!(Why { Contributor: "contributor", Address: "address", Phone: "phone", Steps: "steps", Many: "many" });

const ADDRESS: [&str; 4] = ["address", "address_visibility", "latitude", "longitude"];

impl Why {
    pub const ALL: [Why; 5] = [Why::Contributor, Why::Address, Why::Phone, Why::Steps, Why::Many];

    pub fn code(self) -> &'static str {
        match self {
            Why::Contributor => "contributor",
            Why::Address => "address",
            Why::Phone => "phone",
            Why::Steps => "steps",
            Why::Many => "many",
        }
    }

    pub fn from_code(code: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.code() == code)
    }

    /// Whether only somebody else than its author may let it through.
    pub fn is_risky(self) -> bool {
        self != Why::Contributor
    }

    /// What is risky about a change from `old` to `new` of a record that is published.
    pub fn of(kind: Kind, old: &Value, new: &Value) -> Vec<Why> {
        let differs = |field: &str| old.get(field).unwrap_or(&Value::Null) != new.get(field).unwrap_or(&Value::Null);
        let found = match kind {
            Kind::Place => vec![(Why::Address, ADDRESS.into_iter().any(differs)), (Why::Phone, differs("phones"))],
            Kind::Page => vec![(Why::Steps, differs("steps"))],
            Kind::Notice | Kind::Guide => Vec::new(),
        };
        found.into_iter().filter(|(_, differs)| *differs).map(|(why, _)| why).collect()
    }
}

/// `GET …/review`: for editors and stewards all that waits, for contributors what waits of theirs;
/// for everyone what was sent back to them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queue {
    pub waiting: Vec<Waits>,
    pub returned: Vec<Returned>,
}

/// A record whose latest changes wait.
#[derive(Debug, Clone, PartialEq)]
pub struct Waits {
    pub record: RecordId,
    pub kind: Kind,
    pub title: String,
    /// Nothing of it is published yet.
    pub is_new: bool,
    pub why: Vec<Why>,
    /// Who wrote what waits.
    pub authors: Vec<Who>,
    /// Whether the asking device wrote any of it.
    pub mine: bool,
    /// Whether the asking device may let it through.
    pub may_approve: bool,
}

/// A pseudonym and the day it last wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    pub pseudonym: String,
    pub day: Day,
}

/// Work that an editor sent back: why, and what it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Returned {
    pub record: RecordId,
    pub kind: Kind,
    pub title: String,
    pub reason: String,
    pub by: Who,
    /// What would propose the same again.
    pub edits: Vec<Edit>,
}

/// `GET …/review/{record}`: what readers see and what would take its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    pub waits: Waits,
    /// Null while nothing is published.
    pub published: Value,
    pub proposed: Value,
    /// Names `proposed` exactly: a verdict is about what was seen.
    pub heads: Vec<String>,
}

/// `POST …/review/{record}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Those of the [`Proposal`] that was looked at. Sending back leaves them out: nothing is let through.
    pub heads: Vec<String>,
    pub approve: bool,
    /// For whoever is sent back.
    pub reason: String,
}

/// Why a verdict was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDecided {
    /// The role does not review.
    NotAllowed,
    /// Risky changes are let through by somebody else than their author.
    OwnChange,
    /// Others changed the record since it was looked at.
    Moved,
    /// What was proposed is still in the record: take it back first, then send it back.
    StillThere,
    /// Nothing of the record waits.
    NotWaiting,
    /// Sent back without a reason, or with a very long one.
    NoReason,
}

impl NotDecided {
    pub const ALL: [NotDecided; 6] = [
        NotDecided::NotAllowed,
        NotDecided::OwnChange,
        NotDecided::Moved,
        NotDecided::StillThere,
        NotDecided::NotWaiting,
        NotDecided::NoReason,
    ];

    pub fn code(self) -> &'static str {
        match self {
            NotDecided::NotAllowed => "not_allowed",
            NotDecided::OwnChange => "own_change",
            NotDecided::Moved => "moved",
            NotDecided::StillThere => "still_there",
            NotDecided::NotWaiting => "not_waiting",
            NotDecided::NoReason => "no_reason",
        }
    }
}

/// `{"reason": "moved"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecided {
    pub reason: NotDecided,
}

/// `GET …/records/{record}/history`: how a record came to be, latest first.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    pub kind: Kind,
    pub steps: Vec<Step>,
    /// There were more, before those that are told.
    pub older: bool,
}

/// One change; the first of a record with what it was filled with at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The number of the change: names the state after it.
    pub feed_seq: u64,
    pub who: Who,
    pub mine: bool,
    pub fields: Vec<Path>,
    /// Whether readers saw the state after it.
    pub published: bool,
}

/// `GET …/records/{record}/history/{feed_seq}`: the record as it was then.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub kind: Kind,
    pub tree: Value,
}

/// `GET …/undo`: the devices that wrote, for a steward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    pub device: DeviceId,
    pub who: Who,
    /// How many records it changed.
    pub records: usize,
}

/// `GET …/undo/{device}?since=DAY`: what would undo what a device changed since then, record by record.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    pub record: RecordId,
    pub kind: Kind,
    pub title: String,
    /// The record as it stood when this was worked out.
    pub tree: Value,
    pub edits: Vec<Edit>,
    /// Fields that somebody else changed since: they stay.
    pub left: Vec<Path>,
}

json::object!(Queue { waiting, returned });
json::object!(Waits { record, kind, title, is_new, why, authors, mine, may_approve });
json::object!(Who { pseudonym, day });
json::object!(Returned { record, kind, title, reason, by, edits });
json::object!(Proposal { waits, published, proposed, heads });
json::object!(Verdict { heads, approve, reason });
json::names!(NotDecided {
    NotAllowed: "not_allowed",
    OwnChange: "own_change",
    Moved: "moved",
    StillThere: "still_there",
    NotWaiting: "not_waiting",
    NoReason: "no_reason",
});
json::object!(Undecided { reason });
json::object!(History { kind, steps, older });
json::object!(Step { feed_seq, who, mine, fields, published });
json::object!(State { kind, tree });
json::object!(Writer { device, who, records });
json::object!(Undo { record, kind, title, tree, edits, left });

/// What takes a proposal back, so that the record says again what is published. Where nothing is,
/// the record is put aside: it stays for its author to take up, and no reader sees it.
pub fn taking_back(kind: Kind, published: &Value, proposed: &Value) -> Vec<Edit> {
    match published {
        Value::Null => vec![Edit::put("status", "inactive")],
        published => edit::difference(kind, proposed, published),
    }
}

/// What proposes again what was taken back.
pub fn proposing_again(kind: Kind, published: &Value, proposed: &Value) -> Vec<Edit> {
    match published {
        Value::Null => vec![Edit::put("status", proposed["status"].as_str().unwrap_or("active"))],
        published => edit::difference(kind, published, proposed),
    }
}

/// What a record is called, in `language` where there is a choice.
pub fn title(kind: Kind, tree: &Value, language: &str) -> String {
    let texts = match kind {
        Kind::Place | Kind::Guide => return tree["name"].as_str().unwrap_or_default().to_owned(),
        Kind::Page => &tree["title"],
        Kind::Notice => &tree["text"],
    };
    let words = |entry: &Value| entry["text"].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let any = || texts.as_object()?.values().find_map(words);
    let text = words(&texts[language]).or_else(any).unwrap_or_default();
    text.lines().next().unwrap_or_default().chars().take(80).collect()
}
