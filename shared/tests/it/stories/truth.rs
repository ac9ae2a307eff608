//! What holds of every story, looked at from outside: in the log, on the devices' shelves, in what
//! readers see.

use super::{Saved, Story, Wrong};
use serde_json::Value;
use shared::document::Document;
use shared::edit::Edit;
use shared::gate::{Refusal, Role};
use shared::ids::RecordId;
use shared::link::{Draft, State, Trouble};
use shared::replica::{Shelf, Table};
use shared::review::Why;
use shared::schema::Kind;
use shared::testing::{Decided, Device, Logged, MemoryRelay, run};
use std::collections::{BTreeMap, BTreeSet};

/// The marks in a record.
pub fn marks(tree: &Value) -> BTreeSet<String> {
    tree["external_identifiers"].as_object().into_iter().flat_map(|map| map.keys().cloned()).collect()
}

/// The mark that an edit sets or takes out.
pub fn mark_of(edit: &Edit) -> Option<String> {
    let mut segments = edit.path().segments();
    segments.next().filter(|first| first == "external_identifiers")?;
    segments.next()
}

/// After every step.
pub fn always(story: &Story) -> Wrong {
    let relay = story.relay();
    for (who, last) in &story.revoked {
        if let Some(change) = relay.log.iter().find(|change| change.feed_seq > *last && change.device == story.ids[*who]) {
            return Some(format!("{} was revoked, and change {} is its", story.devices[*who].name, change.feed_seq));
        }
    }
    let back = |record: &&RecordId| {
        relay.documents.contains_key(record)
            || relay.log.iter().any(|change| change.record == **record && !change.bytes.is_empty())
    };
    story.purged.iter().find(back).map(|record| format!("{record} was purged, and is with the relay"))
}

/// When everybody in good standing is up to date.
pub fn at_the_end(story: &Story, states: &[State]) -> Result<Wrong, Trouble> {
    if let wrong @ Some(_) = always(story).or_else(|| twice(&story.relay())) {
        return Ok(wrong);
    }
    for (who, (device, state)) in story.devices.iter().zip(states).enumerate() {
        if let wrong @ Some(_) = standing(story, who, device, state)? {
            return Ok(wrong);
        }
    }
    for (who, device) in story.devices.iter().enumerate().filter(|(who, _)| is_good(story, *who, states)) {
        let differs = story.network.difference(device);
        if let wrong @ Some(_) = differs.or_else(|| remains(story, device)) {
            return Ok(wrong.map(|wrong| format!("device {who}: {wrong}")));
        }
    }
    lost(story, states)
}

/// Whether the relay takes a device's work and the device knows it; a newcomer is.
fn is_good(story: &Story, who: usize, states: &[State]) -> bool {
    let knows = states.get(who).is_none_or(|state| state.membership.as_ref().is_some_and(|member| !member.revoked));
    knows && !story.revoked.contains_key(&who)
}

/// Nothing is left unsent, who is revoked knows it, and what was refused has a reason that there was.
fn standing(story: &Story, who: usize, device: &Device, state: &State) -> Result<Wrong, Trouble> {
    if state.unsent > 0 {
        return Ok(Some(format!("{} ends with {} unsent", device.name, state.unsent)));
    }
    if story.revoked.contains_key(&who) && !state.membership.as_ref().is_some_and(|member| member.revoked) {
        return Ok(Some(format!("{} was revoked and does not know it", device.name)));
    }
    let refuses = story.relay().refuses > 0;
    let has_reason = |draft: &Draft| match draft.refusal {
        Refusal::TooLarge => refuses,
        Refusal::NotAllowed => draft.kind == Kind::Guide,
        Refusal::Revoked => story.ever_revoked.contains(&who),
        // What it builds on was lost with the relay, and is nobody's to send any more.
        Refusal::MissingDeps => story.restores > 0,
        _ => false,
    };
    let drafts = run(device.tab().outbox())?.drafts;
    // A revoked device's new record came late after all, when it had been made again as a draft: nothing is
    // left to do in that draft.
    let is_twice = |draft: &Draft| match &draft.refusal {
        Refusal::Malformed { detail, .. } => story.ever_revoked.contains(&who) && detail.contains("begun already"),
        _ => false,
    };
    for draft in drafts.iter().filter(|draft| is_twice(draft)) {
        run(device.tab().retry(draft.batch))?;
    }
    let after = run(device.tab().outbox())?;
    if !after.waiting.is_empty() || after.drafts.iter().any(is_twice) {
        return Ok(Some(format!("{} cannot settle the draft of a record that began twice", device.name)));
    }
    let wrong = drafts.into_iter().find(|draft| !has_reason(draft) && !is_twice(draft));
    Ok(wrong.map(|draft| format!("{} has a draft that was refused: {:?}", device.name, draft.refusal)))
}

/// A change is in the log once, whatever was repeated on the way.
fn twice(relay: &MemoryRelay) -> Wrong {
    let mut seen = BTreeSet::new();
    let again = relay.log.iter().find(|change| !change.bytes.is_empty() && !seen.insert((change.record, &change.bytes)));
    again.map(|change| format!("change {} is in the log twice", change.feed_seq))
}

/// Something of a purged record on a device that came by since.
fn remains(story: &Story, device: &Device) -> Wrong {
    for table in Table::ALL {
        let keys = run(device.shelf.keys(table)).expect("a shelf in memory can be read");
        for record in &story.purged {
            if keys.iter().any(|key| key.ends_with(&record.to_string())) {
                return Some(format!("holds something of {record} in {table:?}, and that was purged"));
            }
        }
    }
    None
}

/// Everything that was answered as saved is with the relay or a draft of its device, unless its record
/// was purged.
fn lost(story: &Story, states: &[State]) -> Result<Wrong, Trouble> {
    let relay = story.relay();
    let mut kept: BTreeSet<String> = relay.documents.values().flat_map(|document| marks(&document.tree())).collect();
    // What a reviewer took back stays in the log; its author is told, with the reason.
    for (_, wrote) in relay.documents.keys().map(|record| wrote(&relay, *record, u64::MAX)) {
        kept.extend(wrote.into_keys().filter(|mark| story.taken_back.contains(mark)));
    }
    for device in &story.devices {
        kept.extend(run(device.tab().outbox())?.drafts.iter().flat_map(|draft| draft.edits.iter().filter_map(mark_of)));
    }
    let missing = |saved: &&Saved| {
        let is_exempt = story.ever_purged.contains(&saved.record)
            // The relay lost it with the restore, and takes nothing more from who could send it again.
            || (story.restores > 0 && !is_good(story, saved.who, states) && keeps(&story.devices[saved.who], &saved.mark));
        !kept.contains(&saved.mark) && !is_exempt
    };
    let lost = story.saved.iter().find(missing);
    Ok(lost.map(|saved| format!("{} saved {}, which is nowhere", story.devices[saved.who].name, saved.mark)))
}

/// Whether a device still has what it sent.
fn keeps(device: &Device, mark: &str) -> bool {
    let rows = run(device.shelf.all(Table::Acknowledged)).expect("a shelf in memory can be read");
    rows.iter().any(|(_, row)| String::from_utf8_lossy(row).contains(mark))
}

/// A change with the record before and after it.
type Told<'a> = (&'a Logged, Value, Value);

/// A record's log told again up to a number, and which change set each mark last.
fn wrote(relay: &MemoryRelay, record: RecordId, until: u64) -> (Vec<Told<'_>>, BTreeMap<String, &Logged>) {
    let mut document = Document::empty();
    let (mut told, mut wrote) = (Vec::new(), BTreeMap::new());
    let mut before = Value::Null;
    let of_record = |change: &&Logged| change.record == record && change.feed_seq < until && !change.bytes.is_empty();
    for change in relay.log.iter().filter(of_record) {
        document.receive([change.bytes.as_slice()]).expect("the log can be told again");
        let now = document.tree();
        wrote.extend(marks(&now).difference(&marks(&before)).map(|mark| (mark.clone(), change)));
        told.push((change, before, now.clone()));
        before = now;
    }
    (told, wrote)
}

/// Something that readers see and that should have waited for somebody.
pub fn published_unseen(relay: &MemoryRelay) -> Wrong {
    relay.edition.iter().find_map(|(record, tree)| unseen(relay, *record, tree))
}

fn unseen(relay: &MemoryRelay, record: RecordId, published: &Value) -> Wrong {
    let (told, _) = wrote(relay, record, u64::MAX);
    let waits_from = relay.waits_from(record).unwrap_or(u64::MAX);
    // Of what readers see: a change that waits may set the same mark again.
    let (_, wrote) = wrote(relay, record, waits_from);
    let about = |change: &Logged| {
        let of_change = move |decided: &&Decided| {
            let (record, feed_seq) = (change.record, change.feed_seq);
            decided.record == record && (decided.span.0..=decided.span.1).contains(&feed_seq)
        };
        relay.verdicts.iter().filter(of_change).collect::<Vec<_>>()
    };
    for mark in marks(published) {
        let Some(change) = wrote.get(&mark) else { return Some(format!("readers see {mark}, which nobody wrote")) };
        // Sent back, a record may be taken up and published by somebody who may.
        let taken_up = |span: (u64, u64)| told.iter().any(|(later, ..)| later.feed_seq > span.0 && later.role >= Role::Editor);
        let let_through = |decided: &&Decided| decided.role >= Role::Editor && (decided.approved || taken_up(decided.span));
        if change.role == Role::Contributor && change.rules.review && !about(change).iter().any(let_through) {
            return Some(format!("readers see {mark} of a contributor, and nobody let it through"));
        }
    }
    let risky = |(change, before, now): &&Told<'_>| {
        change.rules.second_person
            && change.was_published
            && change.feed_seq < waits_from
            && !Why::of(Kind::Place, before, now).is_empty()
    };
    let by_somebody_else = |change: &Logged, decided: &&Decided| {
        !decided.approved || decided.device != change.device || !decided.rules.second_person
    };
    let alone =
        told.iter().filter(risky).find(|(change, ..)| !about(change).iter().any(|decided| by_somebody_else(change, decided)));
    alone.map(|(change, ..)| format!("change {} is risky, and nobody but its author let it through", change.feed_seq))
}
