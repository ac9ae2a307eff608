//! What waits, what readers see meanwhile, and which verdict counts: decided of what the relay knows,
//! wherever it keeps it.

use super::{NotDecided, Verdict, Why};
use crate::document::{Document, DocumentError};
use crate::edit;
use crate::edition::{self, GuideHeader};
use crate::gate::Role;
use crate::ids::{Day, DeviceId};
use crate::limits::REASON_CHARS_MAX;
use crate::schema::Kind;
use serde_json::Value;

/// What the guide's settings say of changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// Contributors' changes wait for an editor.
    pub review: bool,
    /// Risky changes wait for somebody else than their author.
    pub second_person: bool,
}

impl Rules {
    pub fn of(settings: &Value) -> Rules {
        Rules { review: settings["policy"] == "review", second_person: settings["second_person"] == true }
    }

    /// Why a change by `role` waits; nothing when it is published at once. `seen` is what the record said
    /// before and what it says now, if readers ever saw it.
    pub fn why(self, role: Role, kind: Kind, seen: Option<(&Value, &Value)>, is_one_too_many: bool) -> Vec<Why> {
        // Settings are the stewards' own, and stand for themselves.
        if kind == Kind::Guide {
            return Vec::new();
        }
        let mut why = Vec::new();
        if self.review && role == Role::Contributor {
            why.push(Why::Contributor);
        }
        if self.second_person {
            why.extend(seen.map(|(old, new)| Why::of(kind, old, new)).unwrap_or_default());
            why.extend(is_one_too_many.then_some(Why::Many));
        }
        why
    }

    /// Whether `device` may let through what waits `because` of this: what is risky is let through by
    /// somebody else than its author.
    pub fn may_approve(self, device: DeviceId, role: Role, because: &[(DeviceId, Why)]) -> bool {
        let is_own = |(author, why): &(DeviceId, Why)| *author == device && why.is_risky();
        reviews(role) && !(self.second_person && because.iter().any(is_own))
    }
}

/// Whether a role lets others' changes through.
pub fn reviews(role: Role) -> bool {
    role >= Role::Editor
}

/// A record as its changes in the log made it; `None` where there are none. Before the first change that
/// waits, this is what readers see.
pub fn made_by<'a>(changes: impl IntoIterator<Item = &'a [u8]>) -> Result<Option<Value>, DocumentError> {
    let mut document = Document::empty();
    document.receive(changes)?;
    Ok((!document.heads().is_empty()).then(|| document.tree()))
}

/// A record of which something waits, as a verdict finds it.
pub struct Waiting<'a> {
    pub rules: Rules,
    pub kind: Kind,
    /// Who wrote what waits, and why it does.
    pub because: &'a [(DeviceId, Why)],
    pub document: &'a Document,
    /// What readers see of it.
    pub published: Option<&'a Value>,
    /// The guide as it was last published, and on which day.
    pub edition: Option<(&'a GuideHeader, Day)>,
}

impl Waiting<'_> {
    /// Whether a verdict of `device` counts.
    pub fn judge(&self, device: DeviceId, role: Role, verdict: &Verdict) -> Result<(), NotDecided> {
        let rule = |holds: bool, otherwise: NotDecided| if holds { Ok(()) } else { Err(otherwise) };
        rule(reviews(role), NotDecided::NotAllowed)?;
        if verdict.approve {
            rule(self.rules.may_approve(device, role, self.because), NotDecided::OwnChange)?;
            return rule(self.document.heads() == verdict.heads, NotDecided::Moved);
        }
        let reason = verdict.reason.trim();
        rule(!reason.is_empty() && reason.chars().count() <= REASON_CHARS_MAX, NotDecided::NoReason)?;
        rule(self.is_taken_back(), NotDecided::StillThere)
    }

    /// Whether letting the record through would show readers nothing new.
    fn is_taken_back(&self) -> bool {
        let now = self.document.tree();
        match (self.published, self.edition) {
            (Some(published), _) => edit::difference(self.kind, &now, published).is_empty(),
            (None, Some((header, today))) => edition::project_all(header, self.kind, &now, today).iter().all(Option::is_none),
            (None, None) => true,
        }
    }
}
