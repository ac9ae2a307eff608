//! A record as an Automerge document: the one place that knows the encoding.
//!
//! Only here are documents created, loaded and read. Text positions are counted in Unicode code
//! points everywhere. A document is read as a plain tree (`serde_json::Value`, maps sorted by key)
//! without its history; what the tree means is for [`crate::record`] and [`crate::validate`].

use crate::ids::{ActorId, hex};
use crate::json;
use crate::order;
use crate::schema::{Field, Kind, Path, SCHEMA_VERSION, Shape};
use crate::validate::straight;
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{Automerge, Change, ChangeHash, LoadOptions, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, TextEncoding};
use serde_json::{Map, Value};
use thiserror::Error;

const TEXT_ENCODING: TextEncoding = TextEncoding::UnicodeCodePoint;

/// Why bytes are not a document, or changes not applicable to one. Without Automerge's own words: they
/// are long, and in the browser nobody reads them.
#[derive(Debug, Error)]
pub enum DocumentError {
    #[error("the document's bytes do not load")]
    Load,
    #[error("a change does not apply")]
    Apply,
    #[error("a change needs others that are not here")]
    MissingDeps,
}

/// One record with its history.
#[derive(Debug, Clone)]
pub struct Document {
    pub(crate) doc: Automerge,
}

/// A value somebody gave to a field while somebody else gave another.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub value: Value,
    /// The Automerge actor that wrote it, 32 hexadecimal digits.
    pub actor: String,
}

/// A field with more than one value. The first candidate is the one shown until someone settles it.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldConflict {
    pub path: Path,
    pub candidates: Vec<Candidate>,
}

json::object!(Candidate { value, actor });
json::object!(FieldConflict { path, candidates });

impl Document {
    /// A document without any change yet, to receive some.
    pub fn empty() -> Document {
        Document { doc: Automerge::new_with_encoding(TEXT_ENCODING) }
    }

    /// A new record of `kind` and the change that makes it: `kind`, `schema_version` and every fixed
    /// map, so that two devices never make the same map twice.
    pub fn create(kind: Kind, actor: ActorId) -> (Document, Vec<u8>) {
        let mut document = Document::empty();
        let change = document
            .change(actor, |tx| {
                tx.put(ROOT, "kind", kind.code())?;
                tx.put(ROOT, "schema_version", SCHEMA_VERSION)?;
                make_fields(tx, &ROOT, kind.fields())
            })
            .expect("a new document takes every field of the schema");
        (document, change.expect("the first change is never empty"))
    }

    /// A document from the bytes of [`Document::save`]. For our own bytes: what comes from a device
    /// passes the gate first.
    pub fn load(bytes: &[u8]) -> Result<Document, DocumentError> {
        let options = LoadOptions::new().text_encoding(TEXT_ENCODING);
        let doc = Automerge::load_with_options(bytes, options).map_err(|_| DocumentError::Load)?;
        Ok(Document { doc })
    }

    pub fn save(&self) -> Vec<u8> {
        self.doc.save()
    }

    /// Adds changes that passed the gate, in any order and any number of times.
    pub fn receive<'a>(&mut self, changes: impl IntoIterator<Item = &'a [u8]>) -> Result<(), DocumentError> {
        let parsed: Result<Vec<Change>, _> = changes.into_iter().map(|bytes| Change::from_bytes(bytes.to_vec())).collect();
        let parsed = parsed.map_err(|_| DocumentError::Apply)?;
        let hashes: Vec<ChangeHash> = parsed.iter().map(Change::hash).collect();
        self.doc.apply_changes(parsed).map_err(|_| DocumentError::Apply)?;
        let all_here = hashes.iter().all(|hash| self.doc.get_change_meta_by_hash(hash).is_some());
        if all_here { Ok(()) } else { Err(DocumentError::MissingDeps) }
    }

    /// Whether everything that these changes build on is here or among them; they are in order.
    pub fn is_ready_for<'a>(&self, changes: impl IntoIterator<Item = &'a [u8]>) -> bool {
        let mut among = Vec::new();
        changes.into_iter().all(|bytes| {
            let Some((hash, deps)) = links(bytes) else { return false };
            let here = |dep: &[u8; 32]| among.contains(dep) || self.doc.get_change_meta_by_hash(&ChangeHash(*dep)).is_some();
            let ready = deps.iter().all(here);
            among.push(hash);
            ready
        })
    }

    /// Runs `write` as one change of `actor`; `None` when it changed nothing. The change is raw
    /// (never deflated), dated 0 and without a message, as the gate demands.
    pub(crate) fn change(
        &mut self,
        actor: ActorId,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), automerge::AutomergeError>,
    ) -> Result<Option<Vec<u8>>, automerge::AutomergeError> {
        self.doc.set_actor(automerge::ActorId::from(actor.0));
        let mut tx = self.doc.transaction();
        if let Err(error) = write(&mut tx) {
            tx.rollback();
            return Err(error);
        }
        let (hash, _) = tx.commit_with(CommitOptions::default().with_time(0));
        let change = hash.and_then(|_| self.doc.get_last_local_change());
        Ok(change.map(|change| change.raw_bytes().to_vec()))
    }

    /// The record as it stands: maps, strings, numbers and booleans.
    pub fn tree(&self) -> Value {
        plain(&self.doc.hydrate(None))
    }

    /// The kind written in the document, if it is one we know.
    pub fn kind(&self) -> Option<Kind> {
        let (value, _) = self.doc.get(ROOT, "kind").ok()??;
        Kind::from_code(value.as_str()?)
    }

    /// The hashes of the latest changes, sorted, in hexadecimal.
    pub fn heads(&self) -> Vec<String> {
        order::unique(self.doc.get_heads().iter().map(|hash| hex(&hash.0)))
    }

    /// Every change, oldest first, raw.
    pub fn changes(&self) -> Vec<Vec<u8>> {
        self.doc.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect()
    }

    /// Fields that concurrent edits left with more than one value.
    pub fn conflicts(&self) -> Vec<FieldConflict> {
        let mut found = Vec::new();
        if let Some(kind) = self.kind() {
            self.conflicts_below(&ROOT, &Path::new(""), kind.fields(), &mut found);
        }
        found
    }

    fn conflicts_below(&self, object: &ObjId, at: &Path, fields: &'static [Field], found: &mut Vec<FieldConflict>) {
        for field in fields {
            self.conflicts_at(object, &at.join(field.name), field.name, &field.shape, found);
        }
    }

    fn conflicts_at(&self, object: &ObjId, path: &Path, key: &str, shape: &'static Shape, found: &mut Vec<FieldConflict>) {
        let values = self.doc.get_all(object, key).unwrap_or_default();
        if values.len() > 1 && !matches!(shape, Shape::Map(_) | Shape::Each(..)) {
            // `get_all` lists the winner last.
            let candidates = values.iter().rev().map(|(value, id)| self.candidate(value, id)).collect();
            found.push(FieldConflict { path: path.clone(), candidates });
            return;
        }
        if let (Shape::Map(fields), [_, _, ..]) = (shape, values.as_slice()) {
            let maps: Vec<ObjId> = values.into_iter().rev().map(|(_, id)| id).collect();
            self.conflicts_between(&maps, path, fields, found);
            return;
        }
        let Some((automerge::Value::Object(ObjType::Map), id)) = values.last() else {
            return;
        };
        match shape {
            Shape::Map(fields) => self.conflicts_below(id, path, fields, found),
            Shape::Each(allowed, of) => {
                let keys: Vec<String> = self.doc.keys(id).filter(|key| allowed.allows(key)).collect();
                for key in keys {
                    self.conflicts_at(id, &path.join(&key), &key, of, found);
                }
            }
            _ => {}
        }
    }

    /// Two devices that began a translation in the same language at once made two maps. What differs
    /// is the words; where they came from follows the words that are kept.
    fn conflicts_between(&self, maps: &[ObjId], path: &Path, fields: &'static [Field], found: &mut Vec<FieldConflict>) {
        let Some(words) = fields.first() else { return };
        let mut candidates: Vec<Candidate> = Vec::new();
        for map in maps {
            if let Ok(Some((value, id))) = self.doc.get(map, words.name) {
                let candidate = self.candidate(&value, &id);
                if candidates.iter().all(|known| known.value != candidate.value) {
                    candidates.push(candidate);
                }
            }
        }
        if candidates.len() > 1 {
            found.push(FieldConflict { path: path.join(words.name), candidates });
        }
    }

    fn candidate(&self, value: &automerge::Value<'_>, id: &ObjId) -> Candidate {
        let actor = match id {
            ObjId::Id(_, actor, _) => actor.to_hex_string(),
            ObjId::Root => String::new(),
        };
        let value = match value {
            automerge::Value::Scalar(scalar) => plain_scalar(scalar),
            automerge::Value::Object(ObjType::Text) => Value::String(self.doc.text(id).unwrap_or_default()),
            automerge::Value::Object(_) => Value::Null,
        };
        Candidate { value, actor }
    }
}

/// A change's own hash, and those of the changes that it builds on; `None` for what is no change.
/// For changes written here or passed by the gate.
pub fn links(change: &[u8]) -> Option<([u8; 32], Vec<[u8; 32]>)> {
    let change = Change::from_bytes(change.to_vec()).ok()?;
    Some((change.hash().0, change.deps().iter().map(|dep| dep.0).collect()))
}

/// Makes the maps and texts that exist from the start; collections start as empty maps.
pub(crate) fn make_fields(
    tx: &mut Transaction<'_>,
    object: &ObjId,
    fields: &'static [Field],
) -> Result<(), automerge::AutomergeError> {
    for field in fields {
        match &field.shape {
            Shape::Map(inner) => {
                let map = tx.put_object(object, field.name, ObjType::Map)?;
                make_fields(tx, &map, inner)?;
            }
            Shape::Each(..) => {
                tx.put_object(object, field.name, ObjType::Map)?;
            }
            Shape::Prose(_) => {
                tx.put_object(object, field.name, ObjType::Text)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn plain(value: &automerge::hydrate::Value) -> Value {
    use automerge::hydrate::Value as Hydrated;
    match value {
        Hydrated::Scalar(scalar) => plain_scalar(scalar),
        Hydrated::Text(text) => Value::String(text.to_string()),
        Hydrated::Map(map) => {
            let mut object = Map::new();
            for (key, entry) in map.iter() {
                object.insert(key.clone(), plain(&entry.value));
            }
            Value::Object(object)
        }
        Hydrated::List(_) => Value::Null,
    }
}

fn plain_scalar(scalar: &ScalarValue) -> Value {
    match scalar {
        // From before the gate refused what turns letters round.
        ScalarValue::Str(text) => Value::String(straight(text).into_owned()),
        ScalarValue::Int(number) => Value::from(*number),
        ScalarValue::Uint(number) => Value::from(*number),
        ScalarValue::F64(number) => Value::from(*number),
        ScalarValue::Boolean(flag) => Value::Bool(*flag),
        _ => Value::Null,
    }
}
