//! A guide as one JSON file: every record's fields, nothing of its history.
//!
//! It is the collective's own backup and holds everything that members see, internal notes and
//! withheld addresses included: not a file to publish. The same guide gives the same bytes every
//! time; reading it into an empty relay gives an equal guide ([`crate::import::guide`]).

use crate::import::Tree;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::ids::{GuideId, RecordId};
use shared::schema::Kind;
use std::collections::BTreeMap;
use thiserror::Error;

/// What the file calls itself, so that no other JSON is taken for it.
pub const FORMAT: &str = "socle-guide";
/// Rises when an older Socle could no longer read the file.
pub const VERSION: u32 = 1;

/// The file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuideFile {
    pub format: String,
    pub version: u32,
    pub guide: GuideId,
    /// The settings first, then places, pages and notices, each by id.
    pub records: Vec<FileRecord>,
}

/// One record of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    pub id: RecordId,
    pub kind: Kind,
    pub tree: Value,
}

/// Why a text is not a guide's file.
#[derive(Debug, Error)]
pub enum GuideFileError {
    #[error("line {line}, column {column}: this is not a guide's file: {message}")]
    NotReadable { line: usize, column: usize, message: String },
    #[error("this file says it is {0:?}, not {FORMAT:?}: it was not made by `socle export`")]
    OtherFormat(String),
    #[error("this file is of version {0}, this Socle reads up to {VERSION}: update Socle, then import again")]
    Newer(u32),
    #[error("this file has no settings of the guide {0}: it is not whole")]
    NoSettings(GuideId),
    #[error("record {0} stands in this file twice")]
    Twice(RecordId),
}

impl GuideFile {
    /// The file of a guide's records, in its one order, without what says nothing.
    pub fn of(guide: GuideId, records: &BTreeMap<RecordId, (Kind, Value)>) -> GuideFile {
        let mut records: Vec<FileRecord> =
            records.iter().map(|(id, (kind, tree))| FileRecord { id: *id, kind: *kind, tree: Tree::plain(tree) }).collect();
        records.sort_by_key(|record| (record.kind, record.id));
        GuideFile { format: FORMAT.to_owned(), version: VERSION, guide, records }
    }

    /// Indented, ending in a line break: it can be read and compared by people.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a guide's file is plain JSON");
        text.push('\n');
        text
    }

    pub fn parse(text: &str) -> Result<GuideFile, GuideFileError> {
        let not_readable = |error: serde_json::Error| GuideFileError::NotReadable {
            line: error.line(),
            column: error.column(),
            message: error.to_string(),
        };
        let text = text.trim_start_matches('\u{feff}');
        let head: Value = serde_json::from_str(text).map_err(not_readable)?;
        let format = head.get("format").and_then(Value::as_str).unwrap_or_default();
        if format != FORMAT {
            return Err(GuideFileError::OtherFormat(format.chars().take(40).collect()));
        }
        let version = head.get("version").and_then(Value::as_u64).and_then(|version| u32::try_from(version).ok());
        if let Some(newer) = version.filter(|version| *version > VERSION) {
            return Err(GuideFileError::Newer(newer));
        }
        serde_json::from_str::<GuideFile>(text).map_err(not_readable)?.checked()
    }

    fn checked(self) -> Result<GuideFile, GuideFileError> {
        let settings = self.guide.settings();
        let is_settings = |record: &FileRecord| record.id == settings && record.kind == Kind::Guide;
        if !self.records.iter().any(is_settings) {
            return Err(GuideFileError::NoSettings(self.guide));
        }
        let mut seen = std::collections::BTreeSet::new();
        match self.records.iter().find(|record| !seen.insert(record.id)) {
            Some(twice) => Err(GuideFileError::Twice(twice.id)),
            None => Ok(self),
        }
    }

    /// The tree of the guide's settings.
    pub fn settings(&self) -> &Value {
        let id = self.guide.settings();
        self.records.iter().find(|record| record.id == id).map_or(&Value::Null, |record| &record.tree)
    }
}
