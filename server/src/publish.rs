//! From accepted changes to what readers see: records are projected to rows per language, and a
//! guide's revision rises when any row or its header changed.
//!
//! Publication follows the feed: whatever the edition has not seen yet is due, whoever wrote it and
//! in whichever process. It is coalesced, and repeated when a new day begins where the guide is, so
//! that hours and notices move on. What is public is decided in `shared::edition`, not here.

use crate::relay::{Beat, Relay, RelayError};
use crate::report::report;
use crate::store::{DocumentRow, EditionState, Reading, StoreError, Writing};
use jiff::tz::TimeZone;
use serde_json::Value;
use shared::document::Document;
use shared::edition::{self, GuideHeader};
use shared::gate;
use shared::ids::{GuideId, Moment, RecordId};
use shared::json;
use shared::limits::PUBLISH_SECONDS_MIN;
use shared::review::made_by;
use shared::schema::Kind;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often to look for what another process, such as an import, has written.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Records projected before their rows are compared with those in the database.
const RECORDS_AT_ONCE: usize = 256;

/// What a publication did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    pub revision: u64,
    /// Rows and headers that differ from the revision before.
    pub changed: usize,
}

/// Starts the publisher. It ends when the relay's news are stopped.
pub fn start(relay: Arc<Relay>, at_least_apart: Duration) -> Result<JoinHandle<()>, std::io::Error> {
    std::thread::Builder::new().name("publisher".to_owned()).spawn(move || run(&relay, at_least_apart))
}

/// The pause between two publications of one guide.
pub fn usual_pause() -> Duration {
    Duration::from_secs(PUBLISH_SECONDS_MIN)
}

fn run(relay: &Arc<Relay>, at_least_apart: Duration) {
    let mut last: HashMap<GuideId, Instant> = HashMap::new();
    let mut wait = Duration::ZERO;
    loop {
        if !relay.news().wait(wait) {
            return;
        }
        wait = publish_due(relay, at_least_apart, &mut last).unwrap_or_else(|error| {
            report(format!("publishing failed, will try again: {error}"));
            LOOK_EVERY
        });
    }
}

/// Publishes every guide whose turn it is; gives the time until the next look.
fn publish_due(
    relay: &Arc<Relay>,
    at_least_apart: Duration,
    last: &mut HashMap<GuideId, Instant>,
) -> Result<Duration, RelayError> {
    let mut wait = LOOK_EVERY;
    for guide in relay.store().read(|rows| rows.guides())? {
        let rest = last.get(&guide).map_or(Duration::ZERO, |at| at_least_apart.saturating_sub(at.elapsed()));
        let due = is_due(relay, &guide)?;
        if due && rest.is_zero() {
            publish(relay, &guide)?;
            last.insert(guide, Instant::now());
        } else if due {
            wait = wait.min(rest);
        }
    }
    Ok(wait)
}

/// Whether the edition lags behind the feed or behind the calendar. Tells the news on the way.
fn is_due(relay: &Relay, guide: &GuideId) -> Result<bool, RelayError> {
    let (feed_seq, edition) = relay.store().read(|rows| Ok((rows.feed_seq(guide)?.unwrap_or_default(), rows.edition(guide)?)))?;
    let revision = edition.as_ref().map_or(0, |edition| edition.revision);
    relay.news().tell(guide, Beat { feed_seq, revision });
    Ok(match edition {
        None => feed_seq > 0,
        Some(edition) => edition.feed_seq < feed_seq || edition.today != relay.guide_now(&edition.header).day,
    })
}

/// Publishes what the edition has not seen yet.
pub fn publish(relay: &Arc<Relay>, guide: &GuideId) -> Result<Published, RelayError> {
    loop {
        let draft = relay.store().read(|rows| Ok(Draft::make(relay, rows, guide, false)))??;
        if let Some(published) = settle(relay, guide, draft)? {
            return Ok(published);
        }
    }
}

/// Projects everything again, whether or not it seems due.
pub fn publish_all(relay: &Arc<Relay>, guide: &GuideId) -> Result<Published, RelayError> {
    loop {
        let draft = relay.store().read(|rows| Ok(Draft::make(relay, rows, guide, true)))??;
        if let Some(published) = settle(relay, guide, draft)? {
            return Ok(published);
        }
    }
}

/// Writes a draft; `None` when someone else published meanwhile and the draft has to be made again.
fn settle(relay: &Arc<Relay>, guide: &GuideId, draft: Draft) -> Result<Option<Published>, RelayError> {
    let (id, feed_seq) = (guide.clone(), draft.feed_seq);
    let published = relay.store().write(move |rows| draft.write(rows, &id)).wait()?;
    if let Some(published) = published {
        relay.news().tell(guide, Beat { feed_seq, revision: published.revision });
    }
    Ok(published)
}

/// A row that differs from the one in the database.
struct NewRow {
    language: String,
    record: RecordId,
    json: Option<String>,
}

/// The next revision, not written yet.
struct Draft {
    /// What it was made from.
    before: Option<EditionState>,
    feed_seq: u64,
    /// What waited meanwhile, and from which number on: it was left out.
    held: Vec<(RecordId, u64)>,
    now: Moment,
    header: GuideHeader,
    rows: Vec<NewRow>,
}

impl Draft {
    fn make(relay: &Relay, rows: &Reading<'_>, guide: &GuideId, all: bool) -> Result<Draft, RelayError> {
        let feed_seq = rows.feed_seq(guide)?.ok_or(RelayError::NoGuide)?;
        let before = rows.edition(guide)?;
        let mut header = edition::header(guide, &settings(rows, guide)?);
        if TimeZone::get(&header.time_zone).is_err() {
            // Mistyped: hours would be read on another clock.
            report(format!("{guide}: there is no time zone {:?}; the one before holds", header.time_zone));
            header.time_zone = before.as_ref().map(|before| before.header.time_zone.clone()).unwrap_or_default();
        }
        let now = relay.guide_now(&header);
        let partly = before.as_ref().filter(|before| !all && before.header == header && before.today == now.day);
        let since = partly.map_or(0, |before| before.feed_seq);
        let mut draft = Draft { feed_seq, held: rows.all_held(guide)?, now, rows: Vec::new(), header, before };
        draft.project_since(rows, guide, since)?;
        Ok(draft)
    }

    fn project_since(&mut self, rows: &Reading<'_>, guide: &GuideId, since: u64) -> Result<(), RelayError> {
        let mut failure = None;
        let mut group = Vec::with_capacity(RECORDS_AT_ONCE);
        rows.documents_since(guide, since, |row| {
            if failure.is_none() && row.kind != Kind::Guide {
                failure = self.project(rows, guide, &row, &mut group).err();
                if group.len() >= RECORDS_AT_ONCE {
                    self.keep_changed(rows, guide, &mut group)?;
                }
            }
            Ok(())
        })?;
        self.keep_changed(rows, guide, &mut group)?;
        failure.map_or(Ok(()), Err)
    }

    fn project(&self, rows: &Reading<'_>, guide: &GuideId, row: &DocumentRow, group: &mut Vec<NewRow>) -> Result<(), RelayError> {
        let tree = published_tree(rows, guide, row)?;
        let project = |tree: &Value| edition::project_all(&self.header, row.kind, tree, self.now.day);
        let mut entries = tree.as_ref().map(project).unwrap_or_default().into_iter();
        for language in &self.header.languages {
            let json = entries.next().flatten().map(|entry| json::to_string(&entry));
            group.push(NewRow { language: language.clone(), record: row.record, json });
        }
        Ok(())
    }

    fn keep_changed(&mut self, rows: &Reading<'_>, guide: &GuideId, group: &mut Vec<NewRow>) -> Result<(), StoreError> {
        for row in group.drain(..) {
            if rows.edition_json(guide, &row.language, row.record)? != row.json {
                self.rows.push(row);
            }
        }
        Ok(())
    }

    fn write(self, rows: &Writing<'_>, guide: &GuideId) -> Result<Option<Published>, StoreError> {
        let present = rows.edition(guide)?;
        // Somebody let something through since: it is not in this draft. What came to wait since is later.
        let is_held_still = rows.all_held(guide)?.into_iter().filter(|(_, first)| *first <= self.feed_seq).eq(self.held);
        if present != self.before || !is_held_still {
            return Ok(None);
        }
        let (before, header_before) = present.map_or((0, None), |edition| (edition.revision, Some(edition)));
        let same_header = header_before.as_ref().filter(|edition| edition.header == self.header);
        let next = before + 1;
        let mut changed = usize::from(same_header.is_none());
        for row in &self.rows {
            changed += usize::from(rows.put_edition_row(guide, &row.language, row.record, row.json.as_deref(), next)?);
        }
        rows.keep_languages(guide, &self.header.languages, next)?;
        let revision = if changed > 0 { next } else { before };
        let header_revision = same_header.map_or(revision, |edition| edition.header_revision);
        let unchanged_since = header_before.as_ref().filter(|_| changed == 0).map(|edition| edition.published);
        let state = EditionState {
            revision,
            feed_seq: self.feed_seq,
            today: self.now.day,
            published: unchanged_since.unwrap_or(self.now),
            header_revision,
            header: self.header,
        };
        rows.put_edition(guide, &state)?;
        Ok(Some(Published { revision, changed }))
    }
}

fn settings(rows: &Reading<'_>, guide: &GuideId) -> Result<Value, RelayError> {
    match rows.document(guide, guide.settings())? {
        Some(row) => Ok(Document::load(&row.bytes)?.tree()),
        None => Ok(Value::Null),
    }
}

/// The record as readers may see it: without the changes that wait for somebody to let them through.
/// `None` when all of it waits.
pub(crate) fn published_tree(rows: &Reading<'_>, guide: &GuideId, row: &DocumentRow) -> Result<Option<Value>, RelayError> {
    let Some(held_from) = rows.held(guide, row.record)? else {
        return Ok(Some(Document::load(&row.bytes)?.tree()));
    };
    let changes = rows.changes_of(guide, row.record, held_from)?;
    Ok(made_by(changes.iter().map(|change| change.bytes.as_slice()))?)
}

/// How many documents of a guide differ from what the log says.
pub fn compare(relay: &Relay, guide: &GuideId) -> Result<usize, RelayError> {
    relay.store().read(|rows| Ok(differing(rows, guide)))?.map(|rows| rows.len())
}

/// Builds every document of a guide again from the log, puts those that differ in place, and
/// publishes. Gives how many differed.
pub fn rebuild(relay: &Arc<Relay>, guide: &GuideId) -> Result<usize, RelayError> {
    let rows = relay.store().read(|rows| Ok(differing(rows, guide)))??;
    let (id, count) = (guide.clone(), rows.len());
    let put = relay.store().write(move |writing| rows.iter().try_for_each(|row| writing.put_document(&id, row)));
    put.wait()?;
    publish_all(relay, guide)?;
    Ok(count)
}

fn differing(rows: &Reading<'_>, guide: &GuideId) -> Result<Vec<DocumentRow>, RelayError> {
    let mut differing = Vec::new();
    // The gate let in nothing on which Automerge stumbles; what a damaged disk made of it may be that.
    let built = catch_unwind(AssertUnwindSafe(|| documents_from_log(rows, guide)));
    for row in built.unwrap_or(Err(StoreError::Damaged("the log").into()))? {
        if rows.document(guide, row.record)?.as_ref() != Some(&row) {
            differing.push(row);
        }
    }
    Ok(differing)
}

/// A page of the log that is held in memory at once.
const LOG_PAGE: usize = 2_000;

fn documents_from_log(rows: &Reading<'_>, guide: &GuideId) -> Result<Vec<DocumentRow>, RelayError> {
    let mut built: HashMap<RecordId, (Document, u64)> = HashMap::new();
    let mut since = 0;
    loop {
        let page = rows.changes_since(guide, since, LOG_PAGE)?;
        let Some(last) = page.last() else { break };
        since = last.feed_seq;
        for change in &page {
            // Automerge takes a change whose checksum is wrong.
            if gate::hash(&change.bytes).is_none_or(|hash| hash[..] != change.hash) {
                return Err(StoreError::Damaged("the log").into());
            }
            let (document, feed_seq) = built.entry(change.record).or_insert_with(|| (Document::empty(), 0));
            document.receive([change.bytes.as_slice()])?;
            *feed_seq = change.feed_seq;
        }
    }
    let row = |(record, (document, feed_seq)): (RecordId, (Document, u64))| {
        let kind = document.kind().unwrap_or(Kind::Place);
        DocumentRow { record, kind, feed_seq, bytes: document.save() }
    };
    Ok(built.into_iter().map(row).collect())
}
