//! The edits that lead from one tree of a record to another.

use super::Edit;
use crate::schema::{Field, Kind, Path, Shape};
use serde_json::Value;

/// What to do to a record of `kind` that reads `old` so that it reads `new`. Fields that the schema
/// does not know are passed over; a whole new record is the difference from an empty tree.
pub fn difference(kind: Kind, old: &Value, new: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    fields(kind.fields(), &Path::new(""), old, new, &mut edits);
    edits
}

fn fields(of: &'static [Field], at: &Path, old: &Value, new: &Value, edits: &mut Vec<Edit>) {
    for field in of {
        compare(&field.shape, &at.join(field.name), old.get(field.name), new.get(field.name), edits);
    }
}

fn compare(shape: &'static Shape, path: &Path, old: Option<&Value>, new: Option<&Value>, edits: &mut Vec<Edit>) {
    let (before, after) = (old.unwrap_or(&Value::Null), new.unwrap_or(&Value::Null));
    match shape {
        Shape::Map(inner) => fields(inner, path, before, after, edits),
        Shape::Each(_, of) => entries(of, path, before, after, edits),
        Shape::Prose(_) => {
            let (old, new) = (before.as_str().unwrap_or_default(), after.as_str().unwrap_or_default());
            if old != new {
                edits.push(Edit::write(path.clone(), new));
            }
        }
        _ if before == after => {}
        _ if after.is_null() => edits.push(Edit::clear(path.clone())),
        _ => edits.push(Edit::Put { path: path.clone(), value: after.clone() }),
    }
}

fn entries(of: &'static Shape, path: &Path, old: &Value, new: &Value, edits: &mut Vec<Edit>) {
    let keys = |tree: &Value| tree.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    for key in keys(old) {
        if new.get(&key).is_none() {
            edits.push(Edit::remove(path.join(&key)));
        }
    }
    for key in keys(new) {
        compare(of, &path.join(&key), old.get(&key), new.get(&key), edits);
    }
}
