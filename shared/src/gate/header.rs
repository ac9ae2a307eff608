//! Step 3: who wrote a change and where in the record's history it stands.
//!
//! Automerge takes it for granted that an actor writes one change after the other, each knowing the
//! one before. What breaks that makes operations with the same id, and documents that no longer load.

use super::fault::{Fault, malformed, rule};
use super::prescan::Scanned;
use crate::document::Document;
use crate::ids::ActorId;
use automerge::{Automerge, ChangeHash};
use std::collections::HashSet;

/// What a record's history says about the one who writes now.
pub(super) struct History {
    actor: ActorId,
    actors: HashSet<[u8; 16]>,
    last: Option<Last>,
}

/// The writer's latest change of this record.
struct Last {
    hash: ChangeHash,
    seq: u64,
}

impl History {
    pub(super) fn of(document: &Document, actor: ActorId) -> History {
        let mut history = History { actor, actors: HashSet::new(), last: None };
        for change in document.doc.get_changes_meta(&[]) {
            let Ok(writer) = <[u8; 16]>::try_from(change.actor.to_bytes()) else { continue };
            history.note(writer, change.hash, change.seq);
        }
        history
    }

    /// Takes in a change that is part of the document now.
    pub(super) fn push(&mut self, change: &Scanned) {
        self.note(change.actor, ChangeHash(change.hash), change.seq);
    }

    fn note(&mut self, writer: [u8; 16], hash: ChangeHash, seq: u64) {
        self.actors.insert(writer);
        if writer == self.actor.0 && self.last.as_ref().is_none_or(|last| last.seq < seq) {
            self.last = Some(Last { hash, seq });
        }
    }

    fn is_empty(&self) -> bool {
        self.actors.is_empty()
    }

    /// Whether `change` may come next.
    pub(super) fn check(&self, document: &Document, change: &Scanned) -> Result<(), Fault> {
        rule(change.actor == self.actor.0, "the actor is not this device's in this session")?;
        let highest = self.highest_dep(&document.doc, change)?;
        rule(change.start_op == highest + 1, "start_op is not the one after its dependencies")?;
        self.follows(&document.doc, change)?;
        let known = change.others.iter().all(|other| self.actors.contains(other));
        rule(known, "names an actor that has not written here")
    }

    /// The highest operation among the dependencies, all of which are here.
    fn highest_dep(&self, doc: &Automerge, change: &Scanned) -> Result<u64, Fault> {
        rule(self.is_empty() || !change.deps.is_empty(), "begins a record that has begun already")?;
        let mut highest = 0;
        for dep in &change.deps {
            let Some(meta) = doc.get_change_meta_by_hash(&ChangeHash(*dep)) else {
                return Err(Fault::MissingDeps);
            };
            highest = highest.max(meta.max_op);
        }
        Ok(highest)
    }

    /// Changes of one actor are a chain: each is numbered one higher and knows the one before.
    fn follows(&self, doc: &Automerge, change: &Scanned) -> Result<(), Fault> {
        let last = self.last.as_ref().map_or(0, |last| last.seq);
        if change.seq != last + 1 {
            return malformed(format!("seq is {} where {} comes next", change.seq, last + 1));
        }
        let knows = self.last.as_ref().is_none_or(|last| reaches(doc, &change.deps, &last.hash));
        rule(knows, "does not build on its actor's change before")
    }
}

/// Whether `target` is among `from` or their ancestors.
fn reaches(doc: &Automerge, from: &[[u8; 32]], target: &ChangeHash) -> bool {
    let mut waiting: Vec<ChangeHash> = from.iter().map(|hash| ChangeHash(*hash)).collect();
    if waiting.contains(target) {
        return true;
    }
    let mut seen: HashSet<ChangeHash> = HashSet::new();
    while let Some(hash) = waiting.pop() {
        if hash == *target {
            return true;
        }
        if seen.insert(hash) {
            waiting.extend(doc.get_change_meta_by_hash(&hash).map(|meta| meta.deps).unwrap_or_default());
        }
    }
    false
}
