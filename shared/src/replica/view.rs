//! What the page is shown: state, lists, a record for its form, the outbox.

use super::rows::BatchKey;
use super::sheet::{Committed, Sheet};
use super::shown::Shown;
use super::{Keys, Relay, Replica, Shelf, Surroundings, Table, rows};
use crate::document::FieldConflict;
use crate::ids::RecordId;
use crate::link::{AuthorView, ConflictView, Outbox, RecordView, Stage, State, Summary, Trouble, Waiting};
use crate::order::{self, Ordered};
use crate::schema::SCHEMA_VERSION;
use crate::validate;

type Summaries = Ordered<RecordId, Summary>;

/// All summaries as of one version of the shelf: lists and counts are asked for after every save.
pub(super) struct Remembered {
    version: u64,
    summaries: Summaries,
}

/// Records with something unsent, and with something refused.
struct Unshared {
    outbox: Vec<BatchKey>,
    drafts: Vec<BatchKey>,
}

impl<S: Shelf, K: Keys, R: Relay, W: Surroundings> Replica<S, K, R, W> {
    /// Keeps what is remembered up to date with our own commit; others' make it be read again.
    pub(super) fn note(&self, committed: Option<Committed>) -> Result<(), Trouble> {
        let Some(committed) = committed else { return Ok(()) };
        let mut remembered = self.summaries.borrow_mut();
        let Some(known) = remembered.as_mut().filter(|known| known.version == committed.from) else {
            *remembered = None;
            return Ok(());
        };
        known.version = committed.to;
        for ((table, key), value) in committed.writes.iter() {
            if let (Table::Summaries, Ok(record)) = (table, key.parse()) {
                match value {
                    Some(bytes) => known.summaries.insert(record, rows::read(bytes)?),
                    None => known.summaries.remove(&record),
                };
            }
        }
        Ok(())
    }

    async fn remember(&self, sheet: &Sheet<'_, S>) -> Result<(), Trouble> {
        if self.summaries.borrow().as_ref().is_some_and(|known| known.version == sheet.version()) {
            return Ok(());
        }
        let mut summaries = Summaries::default();
        for (key, bytes) in sheet.all(Table::Summaries).await? {
            if let Ok(record) = key.parse() {
                summaries.insert(record, rows::read(&bytes)?);
            }
        }
        *self.summaries.borrow_mut() = Some(Remembered { version: sheet.version(), summaries });
        Ok(())
    }

    fn remembered<T>(&self, take: impl FnOnce(&Summaries) -> T) -> T {
        match self.summaries.borrow().as_ref() {
            Some(known) => take(&known.summaries),
            None => take(&Summaries::default()),
        }
    }

    pub async fn state(&self) -> Result<State, Trouble> {
        self.look(async |sheet| {
            self.remember(sheet).await?;
            let conflicts = |all: &Summaries| all.values().filter(|one| one.conflicts > 0).count();
            Ok(State {
                membership: sheet.own.membership.clone(),
                reached: self.reached.get(),
                busy: self.exchanging.get(),
                records: self.remembered(Summaries::len),
                unsent: sheet.keys(Table::Outbox).await?.len(),
                refused: sheet.keys(Table::Drafts).await?.len(),
                conflicts: self.remembered(conflicts),
                complete: sheet.own.complete,
            })
        })
        .await
    }

    pub async fn list(&self) -> Result<Vec<Summary>, Trouble> {
        self.look(async |sheet| {
            self.remember(sheet).await?;
            let unshared = Unshared::of(sheet).await?;
            let mut summaries: Vec<Summary> = self.remembered(|all| all.values().cloned().collect());
            let (waiting, refused) = unshared.records();
            for summary in &mut summaries {
                summary.stage =
                    stage(waiting.binary_search(&summary.record).is_ok(), refused.binary_search(&summary.record).is_ok());
            }
            Ok(summaries)
        })
        .await
    }

    pub async fn read(&self, record: RecordId) -> Result<RecordView, Trouble> {
        self.look(async |sheet| {
            let shown = Shown::of(sheet, record).await?;
            let document = shown.document().ok_or(Trouble::NotFound)?;
            let kind = document.kind().ok_or(Trouble::NotFound)?;
            let tree = document.tree();
            let mut conflicts = Vec::new();
            for conflict in document.conflicts() {
                conflicts.push(authored(sheet, conflict).await?);
            }
            let fields = shown.waiting.iter().flat_map(|(_, row)| row.edits.iter().map(|edit| edit.path().to_string()));
            let (_, refused) = Unshared::of(sheet).await?.records();
            Ok(RecordView {
                record,
                kind,
                stage: stage(!shown.waiting.is_empty(), refused.binary_search(&record).is_ok()),
                conflicts,
                problems: validate::clean(kind, &tree).1,
                waiting_fields: order::unique(fields),
                read_only: tree.get("schema_version").and_then(|version| version.as_i64()) > Some(SCHEMA_VERSION),
                tree,
            })
        })
        .await
    }

    pub async fn outbox(&self) -> Result<Outbox, Trouble> {
        self.look(async |sheet| {
            let mut outbox = Outbox::default();
            let unshared = Unshared::of(sheet).await?;
            for key in unshared.outbox {
                let Some(row) = sheet.batch(Table::Outbox, key).await? else { continue };
                outbox.waiting.push(Waiting {
                    batch: row.batch,
                    record: row.record,
                    kind: row.kind,
                    title: self.title(sheet, row.record).await?,
                    since: row.since,
                    bytes: row.sealed.0.len(),
                    edits: row.edits,
                });
            }
            for key in unshared.drafts {
                outbox.drafts.extend(sheet.draft(key).await?);
            }
            Ok(outbox)
        })
        .await
    }
}

impl Unshared {
    async fn of<S: Shelf>(sheet: &Sheet<'_, S>) -> Result<Unshared, Trouble> {
        Ok(Unshared { outbox: sheet.batches(Table::Outbox).await?, drafts: sheet.batches(Table::Drafts).await? })
    }

    /// Sorted.
    fn records(&self) -> (Vec<RecordId>, Vec<RecordId>) {
        let of = |keys: &[BatchKey]| order::unique(keys.iter().map(|key| key.record));
        (of(&self.outbox), of(&self.drafts))
    }
}

/// What was refused is said first: it needs the person.
fn stage(waiting: bool, refused: bool) -> Stage {
    match (waiting, refused) {
        (_, true) => Stage::Refused,
        (true, false) => Stage::Waiting,
        (false, false) => Stage::Shared,
    }
}

async fn authored<S: Shelf>(sheet: &Sheet<'_, S>, conflict: FieldConflict) -> Result<ConflictView, Trouble> {
    let mut authors = Vec::new();
    for candidate in &conflict.candidates {
        let known = sheet.author(&candidate.actor).await?;
        authors.push(known.map_or_else(AuthorView::default, |author| AuthorView {
            pseudonym: Some(author.pseudonym),
            day: author.day,
            mine: author.mine,
        }));
    }
    Ok(ConflictView { conflict, authors })
}
