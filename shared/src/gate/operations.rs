//! Step 4: what each operation of a change does, held against the schema and the document.
//!
//! An operation is judged in its writer's own view: the document as it stood at the change's
//! dependencies, plus the operations before it in the same change. So an honest change passes however
//! much others wrote meanwhile, and nothing is said about combinations: two valid edits stay valid
//! when they are merged.

use super::fault::{Fault, malformed, rule};
use super::view::{Id, View};
use crate::document::Document;
use crate::schema::{Kind, SCHEMA_VERSION, Shape};
use crate::validate;
use automerge::legacy::{ElementId, Key, ObjectId, Op, OpType};
use automerge::{Change, ObjType, ScalarValue};
use serde_json::Value;

/// Checks the operations of a change whose header is good; says what kind of record it is.
pub(super) fn check(document: &Document, change: &Change) -> Result<Kind, Fault> {
    let expanded = change.decode();
    let mut ops = expanded.operations.as_slice();
    let kind = if change.deps().is_empty() { begin(&mut ops)? } else { kind_of(document)? };
    let done = (expanded.operations.len() - ops.len()) as u64;
    let mut walk = Walk { view: View::new(&document.doc, change.deps()), kind };
    let actor = Id::actor(change.actor_id())?;
    for (counter, op) in (change.start_op().get() + done..).zip(ops) {
        walk.op(Id { counter, actor }, op)?;
    }
    walk.view.lengths()?;
    Ok(kind)
}

fn kind_of(document: &Document) -> Result<Kind, Fault> {
    document.kind().map_or_else(|| malformed("the record is of no known kind"), Ok)
}

/// A record begins with its kind and its schema's version, in this order; neither ever changes.
fn begin(ops: &mut &[Op]) -> Result<Kind, Fault> {
    let [kind, version, rest @ ..] = *ops else {
        return malformed("a record begins with kind and schema_version");
    };
    let (kind, version) = (first_put(kind, "kind")?, first_put(version, "schema_version")?);
    match version {
        ScalarValue::Int(SCHEMA_VERSION) => {}
        ScalarValue::Int(newer) if *newer > SCHEMA_VERSION => return Err(Fault::NewerSchema),
        _ => return malformed("not a schema_version"),
    }
    *ops = rest;
    match kind {
        ScalarValue::Str(code) => Kind::from_code(code).map_or_else(|| malformed("not a kind of record"), Ok),
        _ => malformed("not a kind of record"),
    }
}

fn first_put<'a>(op: &'a Op, name: &str) -> Result<&'a ScalarValue, Fault> {
    match (&op.action, &op.obj, &op.key) {
        (OpType::Put(value), ObjectId::Root, Key::Map(key)) if key == name && !op.insert && op.pred.is_empty() => Ok(value),
        _ => malformed("a record begins with kind and schema_version"),
    }
}

struct Walk<'a> {
    view: View<'a>,
    kind: Kind,
}

impl Walk<'_> {
    fn op(&mut self, id: Id, op: &Op) -> Result<(), Fault> {
        let object = match &op.obj {
            ObjectId::Root => None,
            ObjectId::Id(id) => Some(Id::of(id)?),
        };
        let shape = object.map(|object| self.view.shape(self.kind, object)).transpose()?;
        match (shape, &op.key) {
            (Some(Shape::Prose(max)), Key::Seq(element)) => {
                let object = object.ok_or_else(|| Fault::Malformed("the root is no text".to_owned()))?;
                self.text(id, object, element, op, *max)
            }
            (Some(Shape::Prose(_)), Key::Map(_)) => malformed("a map key on text"),
            (_, Key::Seq(_)) => malformed("a position in a map"),
            (shape, Key::Map(key)) => self.map(id, object, shape, key, op),
        }
    }

    /// Put, make and delete on a map, only where the schema has something.
    fn map(&mut self, id: Id, object: Option<Id>, shape: Option<&'static Shape>, key: &str, op: &Op) -> Result<(), Fault> {
        rule(!op.insert, "an insertion in a map")?;
        let rooted = object.is_none() && matches!(key, "kind" | "schema_version");
        rule(!rooted, "kind and schema_version never change")?;
        let Some(child) = child(self.kind, shape, key) else {
            return malformed(format!("{} is not in the schema", key.escape_debug()));
        };
        let in_collection = matches!(shape, Some(Shape::Each(..)));
        match &op.action {
            OpType::Put(value) => put(child, value)?,
            OpType::Make(made) => make(child, *made)?,
            OpType::Delete => rule(child.is_scalar() || in_collection, "deletes what belongs to the record")?,
            _ => return malformed("an operation that records are not made with"),
        }
        let made = matches!(op.action, OpType::Make(_)).then_some(child);
        let stays = !matches!(op.action, OpType::Delete);
        self.view.assign(object, key, &preds(op)?, stays.then_some(id), made)
    }

    /// One character in, or one out.
    fn text(&mut self, id: Id, object: Id, element: &ElementId, op: &Op, max: usize) -> Result<(), Fault> {
        let element = element.as_opid().map(Id::of).transpose()?;
        match (&op.action, op.insert) {
            (OpType::Put(ScalarValue::Str(text)), true) => {
                rule(text.chars().count() == 1, "text is inserted one character at a time")?;
                rule(op.pred.is_empty(), "an insertion has no predecessor")?;
                self.view.insert(object, element, id, max)
            }
            (OpType::Delete, false) => {
                let Some(element) = element else { return malformed("deletes the head of a text") };
                rule(preds(op)? == [element], "unknown predecessor")?;
                self.view.delete(object, element)
            }
            _ => malformed("an operation that texts are not made with"),
        }
    }
}

fn child(kind: Kind, shape: Option<&'static Shape>, key: &str) -> Option<&'static Shape> {
    match shape {
        Some(shape) => shape.child(key),
        None => kind.fields().iter().find(|field| field.name == key).map(|field| &field.shape),
    }
}

fn preds(op: &Op) -> Result<Vec<Id>, Fault> {
    op.pred.iter().map(Id::of).collect()
}

fn put(shape: &Shape, value: &ScalarValue) -> Result<(), Fault> {
    let value = match value {
        ScalarValue::Str(text) => Value::from(text.as_str()),
        ScalarValue::Int(number) => Value::from(*number),
        ScalarValue::F64(number) => Value::from(*number),
        ScalarValue::Boolean(flag) => Value::from(*flag),
        _ => return malformed("a value of a type that records do not have"),
    };
    validate::scalar(shape, &value).or_else(|reason| malformed(format!("a value that does not fit its field: {reason:?}")))
}

fn make(shape: &Shape, made: ObjType) -> Result<(), Fault> {
    match (shape, made) {
        (Shape::Map(_) | Shape::Each(..), ObjType::Map) | (Shape::Prose(_), ObjType::Text) => Ok(()),
        _ => malformed("makes another object than the schema has there"),
    }
}
