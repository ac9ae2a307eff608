//! What a form works on: a record as it was read, and as the person has changed it since.
//!
//! Pure: fields write into the tree, saving asks for the difference, and when others change the
//! record meanwhile the person's own changes are put on top of the new reading. The replica applies
//! the edits to the document; this file knows trees only.

use serde_json::{Map, Value};
use shared::edit::{self, Edit};
use shared::schema::{Kind, Path, Shape};

/// A record in a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub kind: Kind,
    base: Value,
    now: Value,
}

impl Draft {
    pub fn new(kind: Kind, tree: Value) -> Draft {
        Draft { kind, now: tree.clone(), base: tree }
    }

    pub fn tree(&self) -> &Value {
        &self.now
    }

    pub fn get(&self, path: &Path) -> Option<&Value> {
        path.find(&self.now).filter(|value| !value.is_null())
    }

    pub fn text(&self, path: &Path) -> &str {
        self.get(path).and_then(Value::as_str).unwrap_or_default()
    }

    /// The keys of the collection at `path`.
    pub fn keys(&self, path: &Path) -> Vec<String> {
        let entries = self.get(path).and_then(Value::as_object);
        entries.map(|entries| entries.keys().cloned().collect()).unwrap_or_default()
    }

    /// Gives a field a value; `None` makes it unknown.
    pub fn put(&mut self, path: &Path, value: Option<Value>) {
        edit::set(&mut self.now, path, value);
    }

    /// Gives a translated text its words in one language, and remembers what they were made from.
    pub fn write(&mut self, path: &Path, source_language: &str, language: &str, text: &str) {
        let prose = matches!(self.kind.shape(&path.join(language).join("text")), Some(Shape::Prose(_)));
        for edit in edit::translate(&self.now, path, prose, source_language, language, text) {
            edit::perform(&mut self.now, &edit);
        }
    }

    pub fn edits(&self) -> Vec<Edit> {
        edit::difference(self.kind, &self.base, &self.now)
    }

    pub fn is_changed(&self) -> bool {
        self.base != self.now && !self.edits().is_empty()
    }

    /// Whether the field at `path`, or something below it, differs from what was read.
    pub fn is_changed_at(&self, path: &Path) -> bool {
        let nothing = |value: &&Value| !matches!(value, Value::Null) && !value.as_object().is_some_and(Map::is_empty);
        path.find(&self.base).filter(nothing) != path.find(&self.now).filter(nothing)
    }

    /// The edits that take back what is about to be saved.
    pub fn undoing(&self) -> Vec<Edit> {
        edit::difference(self.kind, &self.now, &self.base)
    }

    /// Puts edits from an earlier visit on top of what was read.
    pub fn perform(&mut self, edits: &[Edit]) {
        for edit in edits {
            edit::perform(&mut self.now, edit);
        }
    }

    /// What was saved is no change of the person's any more: a newer reading may say otherwise.
    pub fn saved(&mut self, edits: &[Edit]) {
        for edit in edits {
            let untouched = edit.path().find(&self.now) == edit.path().find(&self.base);
            edit::perform(&mut self.base, edit);
            // Saved beside what is on screen.
            if untouched {
                edit::perform(&mut self.now, edit);
            }
        }
    }

    /// Takes in a newer reading of the record and keeps the person's own changes on top of it.
    /// Answers the fields that were changed by both.
    pub fn take_in(&mut self, fresh: Value) -> Vec<Path> {
        let mine = self.edits();
        let theirs = edit::difference(self.kind, &self.base, &fresh);
        let mut both = Vec::new();
        let mut now = fresh.clone();
        for edit in &mine {
            let path = edit.path();
            let touched = theirs.iter().any(|other| overlap(path, other.path()));
            let merged = match edit {
                Edit::Write { text, .. } if touched => {
                    let (base, fresh) = (text_at(&self.base, path), text_at(&fresh, path));
                    merge(base, text, fresh).map(|text| Edit::write(path.clone(), text))
                }
                _ => None,
            };
            if touched && merged.is_none() && path.find(&fresh) != path.find(&self.now) {
                both.push(path.clone());
            }
            edit::perform(&mut now, merged.as_ref().unwrap_or(edit));
        }
        (self.base, self.now) = (fresh, now);
        both
    }
}

fn text_at<'a>(tree: &'a Value, path: &Path) -> &'a str {
    path.find(tree).and_then(Value::as_str).unwrap_or_default()
}

fn overlap(one: &Path, other: &Path) -> bool {
    let starts = |long: &Path, short: &Path| {
        long == short || long.as_str().strip_prefix(short.as_str()).is_some_and(|rest| rest.starts_with('.'))
    };
    starts(one, other) || starts(other, one)
}

/// A text as two people made it from the same one, where they worked in different parts of it.
fn merge(base: &str, mine: &str, theirs: &str) -> Option<String> {
    let base: Vec<char> = base.chars().collect();
    let (mine_at, mine_end, mine_new) = splice(&base, mine);
    let (their_at, their_end, their_new) = splice(&base, theirs);
    let apart = mine_end < their_at || their_end < mine_at;
    if !apart {
        return None;
    }
    let mut parts = [(mine_at, mine_end, mine_new), (their_at, their_end, their_new)];
    parts.sort_by_key(|part| part.0);
    let [first, second] = parts;
    let kept = |range: std::ops::Range<usize>| base[range].iter();
    Some(
        kept(0..first.0)
            .chain(&first.2)
            .chain(kept(first.1..second.0))
            .chain(&second.2)
            .chain(kept(second.1..base.len()))
            .collect(),
    )
}

/// The one replacement that makes `text` of `base`: from, to, the new characters.
fn splice(base: &[char], text: &str) -> (usize, usize, Vec<char>) {
    let text: Vec<char> = text.chars().collect();
    let start = base.iter().zip(&text).take_while(|(old, new)| old == new).count();
    let rest = base.len().min(text.len()) - start;
    let end = base.iter().rev().zip(text.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    (start, base.len() - end, text[start..text.len() - end].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn place() -> Draft {
        let tree = json!({
            "name": "Kitchen",
            "address": {"city": "Lyon"},
            "description": {"fr": {"text": "Repas chauds le midi.", "origin": "human"}},
            "phones": {"a1": {"number": "04"}},
        });
        Draft::new(Kind::Place, tree)
    }

    #[test]
    fn what_is_changed_is_what_is_saved() {
        let mut draft = place();
        assert!(!draft.is_changed());
        draft.put(&"address.city".into(), Some(json!("Paris")));
        draft.put(&"access.cost".into(), Some(json!("free")));
        draft.put(&"phones.a1".into(), None);
        draft.put(&"phones.b2.number".into(), Some(json!("06")));
        let edits = [
            Edit::put("address.city", "Paris"),
            Edit::remove("phones.a1"),
            Edit::put("phones.b2.number", "06"),
            Edit::put("access.cost", "free"),
        ];
        assert_eq!(draft.edits(), edits);
        assert!(draft.is_changed_at(&"phones".into()) && !draft.is_changed_at(&"name".into()));
        draft.put(&"address.city".into(), Some(json!("Lyon")));
        assert!(!draft.is_changed_at(&"address".into()));
    }

    #[test]
    fn unknown_again_is_a_clear() {
        let mut draft = place();
        draft.put(&"address.city".into(), None);
        assert_eq!(draft.edits(), [Edit::clear("address.city")]);
        assert_eq!(draft.undoing(), [Edit::put("address.city", "Lyon")]);
    }

    #[test]
    fn a_field_that_was_never_there_leaves_nothing_behind() {
        let mut draft = place();
        draft.put(&"access.gender.women".into(), None);
        assert_eq!(draft, place());
        draft.put(&"access.gender.women".into(), Some(json!(true)));
        draft.put(&"access.gender.women".into(), None);
        assert!(!draft.is_changed() && !draft.is_changed_at(&"access".into()) || draft.edits().is_empty());
    }

    #[test]
    fn a_translation_remembers_its_source() {
        let mut draft = place();
        draft.write(&"description".into(), "fr", "ar", "وجبات ساخنة");
        let texts = draft.get(&"description".into()).expect("just written").clone();
        assert!(!edit::is_outdated(&texts, "fr", "ar"));
        draft.write(&"description".into(), "fr", "fr", "Repas froids.");
        let texts = draft.get(&"description".into()).expect("just written").clone();
        assert!(edit::is_outdated(&texts, "fr", "ar"));
        assert!(draft.edits().contains(&Edit::write("description.fr.text", "Repas froids.")));
        draft.write(&"description".into(), "fr", "ar", " ");
        assert_eq!(draft.get(&"description.ar".into()), None);
    }

    #[test]
    fn others_changes_come_in_below_ones_own() {
        let mut draft = place();
        draft.put(&"name".into(), Some(json!("Soup kitchen")));
        let mut fresh = place();
        fresh.put(&"address.city".into(), Some(json!("Villeurbanne")));
        let both = draft.take_in(fresh.tree().clone());
        assert_eq!(both, Vec::<Path>::new());
        assert_eq!(draft.text(&"address.city".into()), "Villeurbanne");
        assert_eq!(draft.edits(), [Edit::put("name", "Soup kitchen")]);
    }

    #[test]
    fn a_field_changed_by_both_is_named() {
        let mut draft = place();
        draft.put(&"name".into(), Some(json!("Soup kitchen")));
        let mut fresh = place();
        fresh.put(&"name".into(), Some(json!("Canteen")));
        assert_eq!(draft.take_in(fresh.tree().clone()), ["name".into()]);
        assert_eq!(draft.text(&"name".into()), "Soup kitchen");
    }

    #[test]
    fn what_was_saved_gives_way_to_what_was_written_after_it() {
        let mut draft = place();
        draft.put(&"name".into(), Some(json!("Soup kitchen")));
        let edits = draft.edits();
        let mut fresh = place();
        fresh.put(&"name".into(), Some(json!("Canteen")));
        draft.saved(&edits);
        assert_eq!(draft.take_in(fresh.tree().clone()), Vec::<Path>::new());
        assert_eq!((draft.text(&"name".into()), draft.is_changed()), ("Canteen", false));
    }

    #[test]
    fn what_was_saved_beside_the_form_is_in_it() {
        let mut draft = place();
        draft.put(&"name".into(), Some(json!("Soup kitchen")));
        let beside = [Edit::put("address.city", "Paris")];
        draft.saved(&beside);
        let mut fresh = place();
        fresh.put(&"address.city".into(), Some(json!("Paris")));
        assert_eq!(draft.take_in(fresh.tree().clone()), Vec::<Path>::new());
        assert_eq!(draft.edits(), [Edit::put("name", "Soup kitchen")]);
    }

    #[test]
    fn prose_changed_in_different_parts_is_merged() {
        let words: Path = "description.fr.text".into();
        let mut draft = place();
        draft.write(&"description".into(), "fr", "fr", "Repas chauds le midi. Fermé en août.");
        let mut fresh = place();
        fresh.write(&"description".into(), "fr", "fr", "Bons repas chauds le midi.");
        assert_eq!(draft.take_in(fresh.tree().clone()), Vec::<Path>::new());
        assert_eq!(draft.text(&words), "Bons repas chauds le midi. Fermé en août.");
        let mut fresh = Draft::new(Kind::Place, fresh.tree().clone());
        fresh.write(&"description".into(), "fr", "fr", "Bons repas chauds le midi. Ouvert en août.");
        assert_eq!(draft.take_in(fresh.tree().clone()), std::slice::from_ref(&words));
        assert_eq!(draft.text(&words), "Bons repas chauds le midi. Fermé en août.");
    }
}
