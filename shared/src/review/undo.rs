//! Undoing what one device changed, and nothing that anybody wrote since.
//!
//! Given the states that a record went through and whether that device made each, it remembers for
//! every field that the device touched what stood there before. A field whose present value is not
//! the device's own any more is left alone and named.

use crate::edit::{self, Edit};
use crate::schema::{Field, Kind, Path, Shape};
use serde_json::Value;
use std::collections::BTreeMap;

/// A record whose states are looked at in order.
pub struct Undoing {
    kind: Kind,
    now: Value,
    leaves: BTreeMap<Path, Value>,
    /// The fields that the device touched.
    touched: BTreeMap<Path, Touched>,
    begun_by_device: bool,
}

enum Touched {
    /// The value is the device's; before that there was this one.
    ByDevice(Option<Value>),
    ByOthersSince,
}

impl Undoing {
    /// `before` is the record as it was before the device first touched it; null when it made it.
    pub fn new(kind: Kind, before: Value) -> Undoing {
        let (leaves, begun_by_device) = (leaves(kind, &before), before.is_null());
        Undoing { kind, now: before, leaves, touched: BTreeMap::new(), begun_by_device }
    }

    /// The record's next state, made by the device or by somebody else.
    pub fn step(&mut self, tree: Value, by_device: bool) {
        let new = leaves(self.kind, &tree);
        let old = std::mem::replace(&mut self.leaves, new);
        self.now = tree;
        let gone = old.keys().filter(|path| !self.leaves.contains_key(*path));
        let differing: Vec<Path> = self
            .leaves
            .iter()
            .filter(|(path, value)| old.get(*path) != Some(*value))
            .map(|(path, _)| path)
            .chain(gone)
            .cloned()
            .collect();
        for path in differing {
            match (by_device, self.touched.get(&path)) {
                (true, Some(Touched::ByDevice(_))) | (false, None) => {}
                (true, _) => {
                    let before = old.get(&path).cloned();
                    self.touched.insert(path, Touched::ByDevice(before));
                }
                (false, Some(_)) => {
                    self.touched.insert(path, Touched::ByOthersSince);
                }
            }
        }
    }

    /// What undoes the device's part of the present state, and the fields that stay as others left them.
    /// A record that the device began and nobody else wrote in is put aside, not emptied.
    pub fn finish(self) -> (Vec<Edit>, Vec<Path>) {
        let theirs = |touched: &Touched| matches!(touched, Touched::ByOthersSince);
        let left: Vec<Path> = self.touched.iter().filter(|(_, touched)| theirs(touched)).map(|(path, _)| path.clone()).collect();
        if self.begun_by_device {
            let aside = self.kind != Kind::Guide && left.is_empty() && self.now["status"] != "inactive";
            return (aside.then(|| Edit::put("status", "inactive")).into_iter().collect(), left);
        }
        let mut wanted = self.now.clone();
        for (path, touched) in &self.touched {
            if let Touched::ByDevice(before) = touched {
                edit::set(&mut wanted, path, before.clone());
            }
        }
        prune(self.kind.fields(), &Path::new(""), &mut wanted, &self.touched);
        (edit::difference(self.kind, &self.now, &wanted), left)
    }
}

/// Every scalar and every text of a tree that the schema knows, by its path. Empty texts are none.
fn leaves(kind: Kind, tree: &Value) -> BTreeMap<Path, Value> {
    let mut found = BTreeMap::new();
    of_fields(kind.fields(), &Path::new(""), tree, &mut found);
    found
}

fn of_fields(fields: &'static [Field], at: &Path, tree: &Value, found: &mut BTreeMap<Path, Value>) {
    for field in fields {
        of_shape(&field.shape, &at.join(field.name), tree.get(field.name), found);
    }
}

fn of_shape(shape: &'static Shape, path: &Path, value: Option<&Value>, found: &mut BTreeMap<Path, Value>) {
    let Some(value) = value.filter(|value| !value.is_null()) else { return };
    match shape {
        Shape::Map(fields) => of_fields(fields, path, value, found),
        Shape::Each(_, of) => {
            for (key, entry) in value.as_object().into_iter().flatten() {
                of_shape(of, &path.join(key), Some(entry), found);
            }
        }
        Shape::Prose(_) if value == "" => {}
        _ => {
            found.insert(path.clone(), value.clone());
        }
    }
}

/// Takes out the entries of collections that the device made and in which nothing is left.
fn prune(fields: &'static [Field], at: &Path, tree: &mut Value, touched: &BTreeMap<Path, Touched>) {
    for field in fields {
        if let Some(value) = tree.get_mut(field.name) {
            prune_shape(&field.shape, &at.join(field.name), value, touched);
        }
    }
}

fn prune_shape(shape: &'static Shape, path: &Path, value: &mut Value, touched: &BTreeMap<Path, Touched>) {
    match (shape, value) {
        (Shape::Map(fields), value) => prune(fields, path, value, touched),
        (Shape::Each(_, of), Value::Object(entries)) => {
            for (key, entry) in entries.iter_mut() {
                prune_shape(of, &path.join(key), entry, touched);
            }
            let below = |key: &str| format!("{}.", path.join(key));
            let was_touched = |key: &str| touched.keys().any(|touched| touched.as_str().starts_with(&below(key)));
            entries.retain(|key, entry| !(is_empty(entry) && was_touched(key)));
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(map) => map.values().all(is_empty),
        _ => false,
    }
}
