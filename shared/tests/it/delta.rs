//! A phone that follows deltas holds what a phone that fetched the whole holds.

use crate::search::edition;
use proptest::prelude::*;
use shared::delta::{Delta, Head, Refresh};
use shared::edition::{Edition, Entry, NoticeEntry, Words};
use shared::ids::RecordId;
use shared::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the relay keeps for one language: rows with the revision at which they last changed.
struct Relay {
    edition: Edition,
    rows: BTreeMap<RecordId, u64>,
    guide_revision: u64,
}

/// One change of one publication.
#[derive(Debug, Clone)]
enum Change {
    Write(u8, String),
    Remove(u8),
    Rename(String),
}

impl Relay {
    fn new() -> Relay {
        Relay { edition: edition(BTreeMap::new()), rows: BTreeMap::new(), guide_revision: 1 }
    }

    fn publish(&mut self, changes: &[Change]) {
        self.edition.revision += 1;
        self.edition.published.minute = (self.edition.revision % 1_440) as u16;
        for change in changes {
            match change {
                Change::Write(record, text) => self.row(*record, Some(text)),
                Change::Remove(record) => self.row(*record, None),
                Change::Rename(name) => {
                    self.edition.guide.name.clone_from(name);
                    self.guide_revision = self.edition.revision;
                }
            }
        }
    }

    fn row(&mut self, record: u8, text: Option<&String>) {
        let record = RecordId([record; 16]);
        self.rows.insert(record, self.edition.revision);
        match text {
            Some(text) => {
                let text = Words { text: text.clone(), ..Words::default() };
                let notice = NoticeEntry { text, level: "info".to_owned(), ..NoticeEntry::default() };
                self.edition.entries.insert(record, Entry::Notice(Arc::new(notice)));
            }
            None => self.edition.entries.remove(&record),
        }
    }

    fn refresh(&self, since: u64) -> Refresh {
        let Edition { epoch, revision, published, guide, .. } = self.edition.clone();
        let head = Head { epoch, revision, published, guide, guide_revision: self.guide_revision };
        let newer = self.rows.iter().filter(|(_, revision)| **revision > since);
        let rows = newer.map(|(record, _)| (*record, self.edition.entries.get(record).cloned()));
        match Delta::since(since, head, rows) {
            Some(delta) => Refresh::Delta(Box::new(delta)),
            None => Refresh::Whole(Box::new(self.edition.clone())),
        }
    }
}

/// Through JSON, as between relay and phone.
fn travelled(refresh: &Refresh) -> Refresh {
    let json = json::to_string(refresh);
    json::from_str(&json).expect("our own JSON")
}

fn follow(phone: Edition, refresh: &Refresh) -> Option<Edition> {
    match travelled(refresh) {
        Refresh::Whole(edition) => Some(*edition),
        Refresh::Delta(delta) => phone.updated(*delta),
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (0..8_u8, "[a-z]{0,4}").prop_map(|(record, text)| Change::Write(record, text)),
        2 => (0..8_u8).prop_map(Change::Remove),
        1 => "[a-z]{1,4}".prop_map(Change::Rename),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn deltas_add_up_to_the_whole(publications in prop::collection::vec((prop::collection::vec(change(), 0..6), any::<bool>()), 0..20)) {
        let mut relay = Relay::new();
        let mut phone = relay.edition.clone();
        for (changes, phone_asks) in publications {
            relay.publish(&changes);
            if phone_asks {
                let refresh = relay.refresh(phone.revision);
                phone = follow(phone, &refresh).expect("the delta follows");
                prop_assert_eq!(&phone, &relay.edition);
            }
        }
        let refresh = relay.refresh(phone.revision);
        phone = follow(phone, &refresh).expect("the delta follows");
        prop_assert_eq!(phone, relay.edition);
    }
}

#[test]
fn what_does_not_follow_is_not_applied() {
    let mut relay = Relay::new();
    let old = relay.edition.clone();
    relay.publish(&[Change::Write(1, "a".to_owned())]);
    let Refresh::Delta(delta) = relay.refresh(1) else { panic!("revision 1 is known") };
    assert!(old.clone().updated(*delta.clone()).is_some());
    let other_epoch = Edition { epoch: "other".to_owned(), ..old.clone() };
    assert_eq!(other_epoch.updated(*delta.clone()), None);
    let other_revision = Edition { revision: 7, ..old.clone() };
    assert_eq!(other_revision.updated(*delta.clone()), None);
    let older_form = Edition { version: 0, ..old };
    assert_eq!(older_form.updated(*delta), None);
}

#[test]
fn an_unknown_revision_gets_the_whole() {
    let relay = Relay::new();
    assert!(matches!(relay.refresh(0), Refresh::Whole(_)));
    assert!(matches!(relay.refresh(99), Refresh::Whole(_)));
}
