//! Everything a person can do to a record, and doing it.
//!
//! An [`Edit`] is an intent: small, serialisable, kept beside the change it made so that a refused
//! change can be shown, retried or copied. [`apply`] turns edits into one Automerge change that
//! touches only what differs; prose is spliced, so that two people can write in it at once.

use crate::document::{Document, make_fields};
use crate::ids::ActorId;
use crate::json;
use crate::schema::{Kind, Path, Shape};
use crate::validate::{self, Reason, straight_value};
use automerge::transaction::{Transactable, Transaction};
use automerge::{AutomergeError, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use serde_json::Value;
use thiserror::Error;

mod compare;
mod translate;
mod tree;

pub use compare::difference;
pub use translate::{fingerprint, is_outdated, translate};
pub use tree::{perform, set};

/// One thing a person does to one field. Entries of collections come into being when a field inside
/// them is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Gives a scalar a value. On a field with two values it settles the conflict.
    Put { path: Path, value: Value },
    /// Makes a scalar unknown again.
    Clear { path: Path },
    /// Makes prose read `text`, keeping what others wrote meanwhile. On prose that two devices began
    /// at once it settles the conflict.
    Write { path: Path, text: String },
    /// Takes an entry out of a collection.
    Remove { path: Path },
}

json::choice!(Edit { Put { path, value }: "put", Clear { path }: "clear", Write { path, text }: "write", Remove { path }: "remove" });

impl Edit {
    pub fn put(path: impl Into<Path>, value: impl Into<Value>) -> Edit {
        Edit::Put { path: path.into(), value: value.into() }
    }

    pub fn clear(path: impl Into<Path>) -> Edit {
        Edit::Clear { path: path.into() }
    }

    pub fn write(path: impl Into<Path>, text: impl Into<String>) -> Edit {
        Edit::Write { path: path.into(), text: text.into() }
    }

    pub fn remove(path: impl Into<Path>) -> Edit {
        Edit::Remove { path: path.into() }
    }

    pub fn path(&self) -> &Path {
        match self {
            Edit::Put { path, .. } | Edit::Clear { path } | Edit::Write { path, .. } | Edit::Remove { path } => path,
        }
    }
}

/// Why an edit cannot be done. The document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    #[error("{path} is not a field of a {kind}")]
    NoSuchField { kind: Kind, path: Path },
    #[error("{path} does not take this: {}", json::to_string(reason))]
    BadValue { path: Path, reason: Reason },
    #[error("this document is of a kind that this version does not know")]
    UnknownKind,
    #[error("the document cannot be written")]
    Document,
}

/// Does `edits` as one change of `actor` and returns its raw bytes; `None` when nothing differs.
/// On an error nothing is done.
pub fn apply(document: &mut Document, edits: &[Edit], actor: ActorId) -> Result<Option<Vec<u8>>, EditError> {
    let kind = document.kind().ok_or(EditError::UnknownKind)?;
    let steps = edits.iter().map(|edit| Step::plan(kind, edit)).collect::<Result<Vec<_>, _>>()?;
    document.change(actor, |tx| steps.iter().try_for_each(|step| step.run(tx, kind))).map_err(|_| EditError::Document)
}

/// Makes a new record holding `edits`: the document and its changes, oldest first.
pub fn create(kind: Kind, edits: &[Edit], actor: ActorId) -> Result<(Document, Vec<Vec<u8>>), EditError> {
    let (mut document, first) = Document::create(kind, actor);
    let second = apply(&mut document, edits, actor)?;
    Ok((document, std::iter::once(first).chain(second).collect()))
}

/// An edit checked against the schema.
struct Step<'a> {
    edit: &'a Edit,
    parent: Path,
    key: String,
}

impl<'a> Step<'a> {
    fn plan(kind: Kind, edit: &'a Edit) -> Result<Step<'a>, EditError> {
        let path = edit.path();
        let missing = || EditError::NoSuchField { kind, path: path.clone() };
        let shape = kind.shape(path).ok_or_else(missing)?;
        let (parent, key) = path.split_last().ok_or_else(missing)?;
        let bad = |reason| EditError::BadValue { path: path.clone(), reason };
        match edit {
            Edit::Put { value, .. } if shape.is_scalar() => validate::scalar(shape, &straight_value(value)).map_err(bad)?,
            Edit::Clear { .. } if shape.is_scalar() => {}
            Edit::Write { text, .. } => match shape {
                Shape::Prose(max) => validate::length(text, *max).map_err(bad)?,
                _ => return Err(bad(Reason::WrongType)),
            },
            Edit::Remove { .. } if in_collection(kind, &parent) => {}
            _ => return Err(bad(Reason::WrongType)),
        }
        Ok(Step { edit, parent, key })
    }

    fn run(&self, tx: &mut Transaction<'_>, kind: Kind) -> Result<(), AutomergeError> {
        match self.edit {
            Edit::Put { value, .. } => {
                let parent = open(tx, kind, &self.parent)?;
                put_scalar(tx, &parent, &self.key, &straight_value(value))
            }
            Edit::Write { text, .. } => {
                let parent = open(tx, kind, &self.parent)?;
                write_prose(tx, &parent, &self.key, text)
            }
            Edit::Clear { .. } | Edit::Remove { .. } => match find(tx, &self.parent)? {
                Some(parent) if tx.get(&parent, self.key.as_str())?.is_some() => tx.delete(&parent, self.key.as_str()),
                _ => Ok(()),
            },
        }
    }
}

fn in_collection(kind: Kind, parent: &Path) -> bool {
    matches!(kind.shape(parent), Some(Shape::Each(..)))
}

/// The map at `path`, as far as it exists.
fn find(tx: &Transaction<'_>, path: &Path) -> Result<Option<ObjId>, AutomergeError> {
    let mut object = ROOT;
    for key in path.segments() {
        match tx.get(&object, key.as_str())? {
            Some((automerge::Value::Object(ObjType::Map), id)) => object = id,
            _ => return Ok(None),
        }
    }
    Ok(Some(object))
}

/// The map at `path`, made where it is missing, with the maps and texts that belong inside it.
fn open(tx: &mut Transaction<'_>, kind: Kind, path: &Path) -> Result<ObjId, AutomergeError> {
    let mut object = ROOT;
    let mut here = Path::new("");
    for key in path.segments() {
        here = here.join(&key);
        let present = tx.get_all(&object, key.as_str())?;
        object = match present.as_slice() {
            [(automerge::Value::Object(ObjType::Map), id)] => id.clone(),
            // Two devices began this entry at once: whoever writes in it now settles which one stands.
            _ => {
                let made = tx.put_object(&object, key.as_str(), ObjType::Map)?;
                if let Some(Shape::Map(fields)) = kind.shape(&here) {
                    make_fields(tx, &made, fields)?;
                }
                made
            }
        };
    }
    Ok(object)
}

fn put_scalar(tx: &mut Transaction<'_>, parent: &ObjId, key: &str, value: &Value) -> Result<(), AutomergeError> {
    let Some(scalar) = scalar_of(value) else { return Ok(()) };
    let present = tx.get_all(parent, key)?;
    let same = matches!(present.as_slice(), [(automerge::Value::Scalar(found), _)] if **found == scalar);
    if same { Ok(()) } else { tx.put(parent, key, scalar) }
}

fn write_prose(tx: &mut Transaction<'_>, parent: &ObjId, key: &str, text: &str) -> Result<(), AutomergeError> {
    let present = tx.get_all(parent, key)?;
    let object = match present.as_slice() {
        [(automerge::Value::Object(ObjType::Text), id)] => id.clone(),
        _ => tx.put_object(parent, key, ObjType::Text)?,
    };
    if tx.text(&object)? == text {
        return Ok(());
    }
    tx.update_text(&object, text)
}

/// A checked JSON scalar as Automerge keeps it. Whole numbers are Int, others F64.
fn scalar_of(value: &Value) -> Option<ScalarValue> {
    match value {
        Value::String(text) => Some(ScalarValue::Str(text.as_str().into())),
        Value::Bool(flag) => Some(ScalarValue::Boolean(*flag)),
        Value::Number(number) => number.as_i64().map(ScalarValue::Int).or_else(|| number.as_f64().map(ScalarValue::F64)),
        _ => None,
    }
}
