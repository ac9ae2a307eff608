//! A record's tree, built field by field while a source's row is read.

use serde_json::{Map, Value, json};
use shared::schema::Path;

/// A tree in the making: maps come into being where a path needs them.
#[derive(Debug, Clone, Default)]
pub struct Tree(Map<String, Value>);

impl Tree {
    /// Puts a value at `path`, over what stood there.
    pub fn put(&mut self, path: &Path, value: impl Into<Value>) {
        if let Some((parent, last)) = path.split_last() {
            self.map(&parent).insert(last, value.into());
        }
    }

    /// Puts a value where none is yet.
    pub fn put_if_unknown(&mut self, path: &Path, value: impl Into<Value>) {
        if self.find(path).is_none() {
            self.put(path, value);
        }
    }

    /// Adds a paragraph to the text at `path` in `language`, after what stands there.
    pub fn add_words(&mut self, path: &Path, language: &str, words: &str, between: &str) {
        let words = words.trim();
        if words.is_empty() {
            return;
        }
        let entry = path.join(language);
        let text = match entry.join("text").find(&Value::Object(self.0.clone())).and_then(Value::as_str) {
            Some(present) if present.split(between).any(|part| part == words) => return,
            Some(present) => format!("{present}{between}{words}"),
            None => words.to_owned(),
        };
        self.put(&entry.join("text"), text);
        self.put(&entry.join("origin"), "human");
    }

    /// Adds a phone; its key tells its place in the source, so that a corrected number is one change.
    pub fn add_phone(&mut self, number: &str, kind: Option<&str>) -> Path {
        let phones = self.map(&Path::from("phones"));
        let known = phones.iter().find(|(_, phone)| phone["number"] == number).map(|(key, _)| key.clone());
        let key = known.unwrap_or_else(|| format!("p{}", phones.len() + 1));
        let phone = phones.entry(key.clone()).or_insert_with(|| json!({ "number": number }));
        if let Some(kind) = kind {
            phone["type"] = Value::from(kind);
        }
        Path::from("phones").join(&key)
    }

    /// Adds a service of `category`, once, and returns where it stands.
    pub fn add_service(&mut self, category: &str) -> Path {
        let key: String = category.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
        let path = Path::from("services").join(&key);
        self.put(&path.join("category"), category);
        path
    }

    pub fn find(&self, path: &Path) -> Option<&Value> {
        let mut segments = path.segments();
        let first = self.0.get(&segments.next()?)?;
        segments.try_fold(first, |value, segment| value.get(&segment))
    }

    /// A document's tree as a file keeps it: without what says nothing, and without `kind` and
    /// `schema_version`, which stand beside the fields.
    pub fn plain(tree: &Value) -> Value {
        let mut plain = without_empties(tree);
        if let Some(map) = plain.as_object_mut() {
            map.remove("kind");
            map.remove("schema_version");
        }
        plain
    }

    pub fn into_value(self) -> Value {
        Value::Object(self.0)
    }

    fn map(&mut self, path: &Path) -> &mut Map<String, Value> {
        path.segments().fold(&mut self.0, |map, segment| {
            let inner = map.entry(segment).or_insert_with(|| json!({}));
            if !inner.is_object() {
                *inner = json!({});
            }
            inner.as_object_mut().expect("it was made a map above")
        })
    }
}

/// The tree without what says nothing: empty maps, empty texts. Two trees that mean the same are
/// equal then, and a file made of one is the same every time.
pub fn without_empties(tree: &Value) -> Value {
    match tree {
        Value::Object(map) => {
            let kept = map.iter().map(|(key, value)| (key.clone(), without_empties(value)));
            Value::Object(kept.filter(|(_, value)| !is_empty(value)).collect())
        }
        other => other.clone(),
    }
}

/// Whether a value says nothing: an absent scalar, an empty text, a map of nothing.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(map) => map.values().all(is_empty),
        _ => false,
    }
}
