//! Bringing other people's facts into a guide: OpenStreetMap, tables, another guide's export.
//!
//! Planning comes first and is pure: a source is read into [`Candidate`]s, and [`plan()`] compares
//! them with the guide's records and with what the same source said last time. The plan is what a
//! dry run prints and what [`run`] carries out, as sealed batches through the same gate as any
//! device's. Nothing here names SQLite, and no file is half imported: a crash in the middle is
//! repaired by importing again.

use crate::export::GuideFileError;
use serde_json::Value;
use shared::ids::{BadId, GuideId, RecordId};
use shared::schema::Kind;
use shared::validate::Problem;
use std::collections::BTreeSet;
use std::path::PathBuf;
use thiserror::Error;

mod changes;
pub mod command;
pub mod guide;
pub mod mapping;
mod merge;
pub mod osm;
mod plan;
mod report;
mod rows;
pub mod run;
mod tree;
mod values;

pub use mapping::Mapping;
pub use merge::{Kept, merge};
pub use plan::{Changed, Existing, New, Plan, plan};
pub use tree::Tree;

/// A record as a source describes it, shaped as the schema shapes a record's tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub record: RecordId,
    pub kind: Kind,
    /// What a report calls it: its name, or its identifier at the source.
    pub label: String,
    pub tree: Value,
}

/// A row that becomes no record, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands in the source: `row 12`, `node/123`.
    pub at: String,
    pub reason: String,
}

/// A value that was left out of a record that is imported otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub at: String,
    pub field: String,
    pub reason: String,
}

/// Whose facts these are; shown wherever the guide is.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    pub name: String,
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub licence: Option<String>,
}

/// A source, read.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The scheme of its identifiers: `osm`, `hinaura`.
    pub scheme: String,
    pub attribution: Option<Attribution>,
    pub candidates: Vec<Candidate>,
    pub skipped: Vec<Skipped>,
    pub left_out: Vec<LeftOut>,
    seen: BTreeSet<RecordId>,
}

impl Source {
    /// Takes a place into the source: cleaned by the schema, named by its identifier. A place without
    /// a name or with an identifier that came before is skipped with the reason.
    fn take(&mut self, guide: &GuideId, at: String, external: &str, tree: Value) {
        let record = guide.imported(&self.scheme, external);
        if !self.seen.insert(record) {
            return self.skip(at, format!("another row has the same identifier {external:?}"));
        }
        let (mut clean, problems) = shared::validate::clean(Kind::Place, &tree);
        self.left_out.extend(problems.iter().map(|problem| left_out(&at, problem)));
        let Some(label) = clean.get("name").and_then(Value::as_str).map(str::to_owned) else {
            return self.skip(at, "it has no name".to_owned());
        };
        clean["external_identifiers"] = serde_json::json!({ (self.scheme.as_str()): external });
        if let Some(map) = clean.as_object_mut() {
            map.remove("kind");
        }
        self.candidates.push(Candidate { record, kind: Kind::Place, label, tree: clean });
    }

    fn skip(&mut self, at: String, reason: String) {
        self.skipped.push(Skipped { at, reason });
    }
}

fn left_out(at: &str, problem: &Problem) -> LeftOut {
    LeftOut { at: at.to_owned(), field: problem.path.to_string(), reason: values::in_words(problem.reason).to_owned() }
}

/// Why nothing was imported. The guide is as it was.
#[derive(Debug, Error)]
pub enum ImportError {
    #[error("{path} cannot be read: {error}", path = path.display())]
    Read { path: PathBuf, error: std::io::Error },
    #[error("{file}, line {line}, column {column}: {message}")]
    NotReadable { file: String, line: usize, column: usize, message: String },
    #[error("{file}: {message}")]
    NotASource { file: String, message: String },
    #[error("mapping {file}: {message}")]
    Mapping { file: String, message: String },
    #[error(transparent)]
    GuideFile(#[from] GuideFileError),
    #[error(transparent)]
    BadId(#[from] BadId),
}
