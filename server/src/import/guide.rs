//! A guide's own file (`socle export`) as a source: records keep their ids.
//!
//! Into an empty relay it gives an equal guide. Into a guide that lives on, nothing that stands
//! there is overwritten: what is missing is added, what differs is reported.

use super::{At, Candidate, ImportError, LeftOut, Source, values};
use crate::export::{FileRecord, GuideFile};
use serde_json::Value;

/// Reads a guide's file and the source that it is.
pub fn read(text: &str) -> Result<(GuideFile, Source), ImportError> {
    let file = GuideFile::parse(text)?;
    let mut source = Source::default();
    for record in &file.records {
        take(&mut source, record);
    }
    Ok((file, source))
}

fn take(source: &mut Source, record: &FileRecord) {
    let (mut clean, problems) = shared::validate::clean(record.kind, &record.tree);
    if let Some(map) = clean.as_object_mut() {
        map.remove("kind");
    }
    let at = record.id.to_string();
    source.left_out.extend(problems.iter().map(|problem| LeftOut {
        at: At::Named(at.clone()),
        field: problem.path.to_string(),
        reason: values::in_words(problem.reason).to_owned(),
    }));
    let label = clean.get("name").and_then(Value::as_str).map_or(at, str::to_owned);
    source.candidates.push(Candidate { record: record.id, kind: record.kind, label, tree: clean });
}
