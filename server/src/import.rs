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
use std::fmt;
use std::path::PathBuf;
use thiserror::Error;

mod changes;
pub mod command;
pub mod guide;
pub mod mapping;
mod merge;
pub mod osm;
pub mod phone;
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

/// Where something stands in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// A row of a table, counted from 1 with the headings left out, and the line of the file.
    Row { number: usize, line: u64 },
    /// An entry of a JSON table, counted from 1.
    Entry(usize),
    /// All of a table's rows.
    EveryRow,
    /// What the source itself calls it: `node/123`.
    Named(String),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Row { number, line } => write!(f, "row {number} (line {line})"),
            At::Entry(number) => write!(f, "entry {number}"),
            At::EveryRow => f.write_str("every row"),
            At::Named(name) => f.write_str(name),
        }
    }
}

/// A row that becomes no record, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub at: At,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    NoName,
    /// Nothing stands in the columns that name a row.
    NoIdentifier {
        columns: Vec<String>,
    },
    Repeated {
        identifier: String,
    },
    /// The mapping or the source's own rules leave it out.
    Unwanted(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::NoName => f.write_str("it has no name"),
            Why::NoIdentifier { columns } => write!(f, "it has nothing under {}", columns.join(", ")),
            Why::Repeated { identifier } => write!(f, "another row has the same identifier {identifier:?}"),
            Why::Unwanted(reason) => f.write_str(reason),
        }
    }
}

/// A value that was left out of a record that is imported otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub at: At,
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
    fn take(&mut self, guide: &GuideId, at: At, external: &str, tree: Value) {
        let record = guide.imported(&self.scheme, external);
        if !self.seen.insert(record) {
            return self.skip(at, Why::Repeated { identifier: external.to_owned() });
        }
        let (mut clean, problems) = shared::validate::clean(Kind::Place, &tree);
        self.left_out.extend(problems.iter().map(|problem| left_out(&at, problem)));
        let Some(label) = clean.get("name").and_then(Value::as_str).map(str::to_owned) else {
            return self.skip(at, Why::NoName);
        };
        clean["external_identifiers"] = serde_json::json!({ (self.scheme.as_str()): external });
        if let Some(map) = clean.as_object_mut() {
            map.remove("kind");
        }
        self.candidates.push(Candidate { record, kind: Kind::Place, label, tree: clean });
    }

    fn skip(&mut self, at: At, why: Why) {
        self.skipped.push(Skipped { at, why });
    }
}

fn left_out(at: &At, problem: &Problem) -> LeftOut {
    LeftOut { at: at.clone(), field: problem.path.to_string(), reason: values::in_words(problem.reason).to_owned() }
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
