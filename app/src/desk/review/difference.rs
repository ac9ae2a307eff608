//! Two states of a record, field by field: what a person reads before they let one take the other's
//! place. Pure; how a line looks is for [`super::shown`].

use serde_json::Value;
use shared::edit::{self, Edit};
use shared::schema::{Key, Kind, Path, Shape};

/// One field, before and after; null where there was or is nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub path: Path,
    pub before: Value,
    pub after: Value,
}

/// What becomes of an entry of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Changed,
    New,
    Gone,
}

/// Lines that belong together: one entry of a collection, such as a service, or a field of the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub entry: Option<(Path, Fate)>,
    pub lines: Vec<Line>,
}

/// What differs, in the order of the schema.
pub fn between(kind: Kind, before: &Value, after: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for path in edit::difference(kind, before, after).iter().flat_map(|edit| leaves(kind, before, edit)) {
        if is_hidden(&path) {
            continue;
        }
        let at = |tree: &Value| path.find(tree).filter(|value| *value != "").cloned().unwrap_or(Value::Null);
        let line = Line { before: at(before), after: at(after), path: path.clone() };
        let entry = entry_of(kind, &path).map(|entry| {
            let fate = match (entry.find(before), entry.find(after)) {
                (None, _) => Fate::New,
                (_, None) => Fate::Gone,
                _ => Fate::Changed,
            };
            (entry, fate)
        });
        match groups.last_mut().filter(|group| entry.is_some() && group.entry == entry) {
            Some(group) => group.lines.push(line),
            None => groups.push(Group { entry, lines: vec![line] }),
        }
    }
    groups
}

/// The fields that an edit touches: of an entry that is taken away, all that it held.
fn leaves(kind: Kind, before: &Value, edit: &Edit) -> Vec<Path> {
    match (edit, edit.path().find(before)) {
        (Edit::Remove { path }, Some(held)) => {
            let mut only = Value::Null;
            edit::set(&mut only, path, Some(held.clone()));
            edit::difference(kind, &Value::Null, &only).iter().map(|edit| edit.path().clone()).collect()
        }
        _ => vec![edit.path().clone()],
    }
}

/// What stands beside a text for the machine; a person reads the text.
pub fn is_hidden(path: &Path) -> bool {
    path.as_str().ends_with(".origin") || path.as_str().ends_with(".source_hash")
}

/// The entry that the field at `path` is part of, where entries have fields.
fn entry_of(kind: Kind, path: &Path) -> Option<Path> {
    let mut here = Path::new("");
    for segment in path.segments() {
        let in_entries = matches!(kind.shape(&here), Some(Shape::Each(Key::Id, _)));
        here = here.join(&segment);
        if in_entries {
            return Some(here);
        }
    }
    None
}

/// The language that the text at `path` is in.
pub fn language(kind: Kind, path: &Path) -> Option<String> {
    let (entry, _) = path.split_last()?;
    let (texts, language) = entry.split_last()?;
    kind.shape(&texts).is_some_and(Shape::is_translated).then_some(language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(before: Value, after: Value) -> Vec<String> {
        let group = |group: Group| {
            let fate = group.entry.map(|(entry, fate)| format!("{entry} {fate:?}: ")).unwrap_or_default();
            let line = |line: &Line| format!("{} {} > {}", line.path, line.before, line.after);
            format!("{fate}{}", group.lines.iter().map(line).collect::<Vec<_>>().join(", "))
        };
        between(Kind::Place, &before, &after).into_iter().map(group).collect()
    }

    #[test]
    fn fields_and_entries_are_told_apart() {
        let before = json!({
            "name": "A", "email": "a@b",
            "description": {"fr": {"text": "Repas", "origin": "human"}},
            "phones": {"a1": {"number": "04", "channels": {"sms": true}}, "b2": {"number": "05"}},
        });
        let after = json!({
            "name": "B",
            "description": {"fr": {"text": "Repas chauds", "origin": "machine"}},
            "phones": {"b2": {"number": "06"}, "c3": {"number": "07"}},
        });
        assert_eq!(
            shown(before, after),
            [
                "name \"A\" > \"B\"",
                "description.fr.text \"Repas\" > \"Repas chauds\"",
                "phones.a1 Gone: phones.a1.number \"04\" > null, phones.a1.channels.sms true > null",
                "phones.b2 Changed: phones.b2.number \"05\" > \"06\"",
                "phones.c3 New: phones.c3.number null > \"07\"",
                "email \"a@b\" > null",
            ]
        );
    }

    #[test]
    fn a_new_record_is_all_new() {
        assert_eq!(
            shown(Value::Null, json!({"name": "A", "access": {"cost": "free"}})),
            ["name null > \"A\"", "access.cost null > \"free\"",]
        );
        assert_eq!(shown(json!({"name": "A", "internal_note": ""}), json!({"name": "A"})), Vec::<String>::new());
    }

    #[test]
    fn texts_have_a_language() {
        assert_eq!(language(Kind::Place, &"services.a1.name.ar.text".into()).as_deref(), Some("ar"));
        assert_eq!(language(Kind::Place, &"address.city".into()), None);
    }
}
