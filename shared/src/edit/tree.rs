//! Edits done to a record's plain tree: by forms, and wherever a state is worked out before anything
//! is written.

use super::Edit;
use crate::schema::Path;
use serde_json::{Map, Value};

/// What [`super::apply`] does to a document, done to a tree.
pub fn perform(tree: &mut Value, edit: &Edit) {
    match edit {
        Edit::Put { path, value } => set(tree, path, Some(value.clone())),
        Edit::Write { path, text } => set(tree, path, Some(Value::String(text.clone()))),
        Edit::Clear { path } | Edit::Remove { path } => set(tree, path, None),
    }
}

/// Sets or removes what stands at `path`, making the maps on the way.
pub fn set(tree: &mut Value, path: &Path, value: Option<Value>) {
    let Some((parent, key)) = path.split_last() else { return };
    let mut here = tree;
    for segment in parent.segments() {
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        let Some(map) = here.as_object_mut() else { return };
        if value.is_none() && !map.contains_key(&segment) {
            return;
        }
        here = map.entry(segment).or_insert(Value::Null);
    }
    if !here.is_object() {
        *here = Value::Object(Map::new());
    }
    let Some(map) = here.as_object_mut() else { return };
    match value {
        Some(value) => {
            map.insert(key, value);
        }
        None => {
            map.remove(&key);
        }
    }
}
