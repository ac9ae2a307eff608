//! What of this relay's log waits, what readers see, verdicts and purges: who decides is `crate::review`.

use super::{Logged, MemoryRelay};
use crate::edition;
use crate::gate::{Admitted, Role};
use crate::ids::{DeviceId, RecordId};
use crate::review::{NotDecided, Rules, Verdict, Waiting, Why, made_by};
use serde_json::Value;

/// A verdict that counted.
#[derive(Debug, Clone)]
pub struct Decided {
    pub record: RecordId,
    /// The first and the last of the changes that it is about.
    pub span: (u64, u64),
    pub approved: bool,
    pub device: DeviceId,
    pub role: Role,
    pub rules: Rules,
}

/// A record of which something waits, as it is looked at before a verdict.
#[derive(Debug, Clone)]
pub struct Proposed {
    pub record: RecordId,
    pub published: Value,
    pub proposed: Value,
    pub heads: Vec<String>,
}

impl MemoryRelay {
    pub fn rules(&self) -> Rules {
        self.documents.get(&self.guide.settings()).map(|settings| Rules::of(&settings.tree())).unwrap_or_default()
    }

    /// Before the new document is put in place: what waits is told by what stood there.
    pub(super) fn hold(&mut self, device: DeviceId, role: Role, admitted: &Admitted) {
        let record = admitted.record;
        let before = self.documents.get(&record).filter(|_| self.was_published.contains(&record));
        let seen = before.map(|before| (before.tree(), admitted.document.tree()));
        let seen = seen.as_ref().map(|(before, now)| (before, now));
        let why = self.rules().why(role, admitted.kind, seen, false);
        if !why.is_empty() {
            let first = self.feed_seq() + 1;
            let (_, because) = self.held.entry(record).or_insert_with(|| (first, Default::default()));
            because.extend(why.into_iter().map(|why| (device, why)));
        }
    }

    /// A record as readers may see it; `None` when all of it waits.
    pub fn published(&self, record: RecordId) -> Option<Value> {
        let Some((first, _)) = self.held.get(&record) else { return self.documents.get(&record).map(|document| document.tree()) };
        let changes = self.log.iter().filter(|change| change.record == record && change.feed_seq < *first);
        made_by(changes.map(|change| change.bytes.as_slice())).expect("the gate let in nothing that does not apply")
    }

    /// The number of the first change of a record that waits.
    pub fn waits_from(&self, record: RecordId) -> Option<u64> {
        self.held.get(&record).map(|(first, _)| *first)
    }

    /// Shows readers what they may see.
    pub fn publish(&mut self) {
        let settings = self.documents.get(&self.guide.settings()).map_or(Value::Null, |document| document.tree());
        let header = edition::header(&self.guide, &settings);
        let is_seen = |record: &RecordId, tree: &Value| {
            let kind = self.documents[record].kind().expect("the gate let in no other kind");
            edition::project_all(&header, kind, tree, self.today).iter().any(Option::is_some)
        };
        let records = self.documents.keys().filter(|record| **record != self.guide.settings());
        let published = records.filter_map(|record| Some((*record, self.published(*record)?)));
        self.edition = published.filter(|(record, tree)| is_seen(record, tree)).collect();
        self.was_published.extend(self.edition.keys());
        self.header = Some(header);
    }

    /// All that waits.
    pub fn proposals(&self) -> Vec<Proposed> {
        let proposed = |record: &RecordId| {
            let document = self.documents.get(record)?;
            let published = self.published(*record).unwrap_or(Value::Null);
            Some(Proposed { record: *record, published, proposed: document.tree(), heads: document.heads() })
        };
        self.held.keys().filter_map(proposed).collect()
    }

    /// Takes a verdict of `device`: lets through what was seen, or sends back what was taken back.
    pub fn decide(&mut self, device: DeviceId, record: RecordId, verdict: &Verdict) -> Result<(), NotDecided> {
        let role = self.member(device).filter(|member| member.active).ok_or(NotDecided::NotAllowed)?.role;
        let (Some((first, because)), Some(document)) = (self.held.get(&record), self.documents.get(&record)) else {
            return Err(NotDecided::NotWaiting);
        };
        let because: Vec<(DeviceId, Why)> = because.iter().copied().collect();
        let published = self.published(record);
        let waiting = Waiting {
            rules: self.rules(),
            kind: document.kind().expect("the gate let in no other kind"),
            because: &because,
            document,
            published: published.as_ref(),
            edition: self.header.as_ref().map(|header| (header, self.today)),
        };
        waiting.judge(device, role, verdict)?;
        let last = self.log.iter().filter(|change| change.record == record).map(|change| change.feed_seq).max();
        let span = (*first, last.unwrap_or(*first));
        let decided = Decided { record, span, approved: verdict.approve, device, role, rules: self.rules() };
        self.verdicts.push(decided);
        self.held.remove(&record);
        Ok(())
    }

    /// Removes a record for good, its changes from the log as well; whether there was one. The settings
    /// stay.
    pub fn purge(&mut self, record: RecordId) -> bool {
        if self.purged.contains(&record) {
            return true;
        }
        if record == self.guide.settings() || self.documents.remove(&record).is_none() {
            return false;
        }
        let feed_seq = self.feed_seq() + 1;
        self.log.retain(|change| change.record != record);
        self.verdicts.retain(|decided| decided.record != record);
        self.held.remove(&record);
        self.edition.remove(&record);
        self.was_published.remove(&record);
        self.purged.insert(record);
        let (device, role, rules) = (DeviceId([0; 16]), Role::Steward, self.rules());
        self.log.push(Logged { feed_seq, record, bytes: Vec::new(), device, role, rules, was_published: false });
        true
    }
}
