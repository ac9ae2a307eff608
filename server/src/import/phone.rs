//! A table that a steward's phone sends: read here, where the guide is, and carried out there, by the
//! steward's own device. So it waits, is signed and can be undone like anything else that is edited.

use super::plan::{Plan as Planning, plan};
use super::run::{self, RunError};
use super::{At, ImportError, Mapping, Source, Why, rows};
use crate::relay::Relay;
use crate::store::StoreError;
use serde_json::Value;
use shared::ids::{GuideId, RecordId};
use shared::import::{Kept, LeftOut, Plan, Planned, Reading, Skip, Skipped, Unreadable};
use shared::schema::Kind;
use std::collections::BTreeSet;
use std::path::Path;

/// What `table` would change in a guide, as the table called `source`.
pub fn read(relay: &Relay, guide: &GuideId, source: &str, table: Vec<u8>) -> Result<Reading, RunError> {
    let existing = run::existing(relay, guide)?;
    let found = match read_table(guide, &run::source_language(relay, guide)?, source, table) {
        Ok(found) => found,
        Err((why, line)) => return Ok(Reading::Unreadable { why, line }),
    };
    let mut planned = plan(found, &existing, guide.settings(), &run::bases(relay, guide, source)?);
    let gone: BTreeSet<RecordId> = relay.store().read(|rows| rows.purged(guide))?.into_iter().collect();
    let before = planned.new.len();
    planned.new.retain(|new| !gone.contains(&new.candidate.record));
    let purged = before - planned.new.len();
    let tree = |record: &RecordId| existing.get(record).map_or(Value::Null, |(_, tree)| tree.clone());
    Ok(Reading::Plan(told(planned, purged, tree)))
}

/// Keeps what `table` says as the base of its next import, for the places that are in the guide by now.
pub fn remember(relay: &Relay, guide: &GuideId, source: &str, table: Vec<u8>) -> Result<(), RunError> {
    let existing = run::existing(relay, guide)?;
    let Ok(found) = read_table(guide, &run::source_language(relay, guide)?, source, table) else {
        return Ok(());
    };
    let here: Vec<_> = found.candidates.into_iter().filter(|candidate| existing.contains_key(&candidate.record)).collect();
    let (guide, scheme) = (guide.clone(), source.to_owned());
    let put = relay.store().write(move |rows| {
        for candidate in &here {
            // One that was purged meanwhile leaves nothing.
            if !rows.is_purged(&guide, candidate.record)? {
                rows.put_source(&guide, &scheme, candidate.record, &candidate.tree)?;
            }
        }
        Ok::<_, StoreError>(())
    });
    Ok(put.wait()?)
}

/// The table called `name`, read by its headings, its texts in `language`; else why not, and where.
fn read_table(guide: &GuideId, language: &str, name: &str, table: Vec<u8>) -> Result<Source, (Unreadable, usize)> {
    let file = Path::new(name);
    let line = |error: &ImportError| match error {
        ImportError::NotReadable { line, .. } => *line,
        _ => 0,
    };
    let text = rows::text(table, file).map_err(|error| (Unreadable::NotText, line(&error)))?;
    let table = rows::table(&text, file, None).map_err(|error| (Unreadable::NotATable, line(&error)))?;
    if table.rows.is_empty() {
        return Err((Unreadable::NoRows, 0));
    }
    Mapping::by_headings(&table, name, language, guide).ok_or((Unreadable::NoNames, 1))
}

fn told(plan: Planning, purged: usize, tree: impl Fn(&RecordId) -> Value) -> Plan {
    let new = plan.new.into_iter().map(|new| (new.candidate, new.edits, true));
    let changed = plan.changed.into_iter().map(|changed| (changed.candidate, changed.edits, false));
    let of_places = new.chain(changed).filter(|(candidate, ..)| candidate.kind == Kind::Place);
    Plan {
        planned: of_places
            .map(|(candidate, edits, is_new)| {
                let tree = tree(&candidate.record);
                Planned { record: candidate.record, title: candidate.label, is_new, tree, edits }
            })
            .collect(),
        unchanged: plan.unchanged.len(),
        kept: plan.kept_by_hand.into_iter().map(|(of, kept)| Kept { title: of.label, path: kept.path }).collect(),
        skipped: plan.skipped.iter().map(|skipped| Skipped { row: row(&skipped.at), why: code(&skipped.why) }).collect(),
        left_out: plan.left_out.into_iter().map(|left| LeftOut { row: row(&left.at), field: left.field }).collect(),
        missing: plan.missing.into_iter().map(|(_, name)| name).collect(),
        purged,
    }
}

fn row(at: &At) -> usize {
    match at {
        At::Row { number, .. } | At::Entry(number) => *number,
        At::EveryRow | At::Named(_) => 0,
    }
}

fn code(why: &Why) -> Skip {
    match why {
        Why::NoName | Why::Unwanted(_) => Skip::NoName,
        Why::NoIdentifier { .. } => Skip::NoIdentifier,
        Why::Repeated { .. } => Skip::Repeated,
    }
}
