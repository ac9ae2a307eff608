//! Three-way comparison of one record: what the source said last time, what it says now, what the
//! guide says. A field that people changed by hand keeps their value and is reported.

use super::tree::is_empty;
use serde_json::{Map, Value};
use shared::schema::{Field, Kind, Path, Shape};

/// A field that people changed since the last import, so that the source's value is not taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub path: Path,
    /// What the source says now; null when it says nothing any more.
    pub source: Value,
    /// What stands in the guide, and stays.
    pub present: Value,
}

/// What the record shall read, and the fields in which people's words were kept. `base` is the
/// source's tree of the last import, null when there was none.
pub fn merge(kind: Kind, base: &Value, ours: &Value, theirs: &Value) -> (Value, Vec<Kept>) {
    let mut kept = Vec::new();
    let merged = fields(kind.fields(), &Path::new(""), base, ours, theirs, &mut kept);
    (merged, kept)
}

fn fields(of: &'static [Field], at: &Path, base: &Value, ours: &Value, theirs: &Value, kept: &mut Vec<Kept>) -> Value {
    let under = |tree: &Value, key: &str| tree.get(key).cloned().unwrap_or(Value::Null);
    let mut merged = ours.as_object().cloned().unwrap_or_default();
    for field in of {
        let [base, ours, theirs] = [base, ours, theirs].map(|tree| under(tree, field.name));
        let value = one(&field.shape, at.join(field.name), &base, &ours, &theirs, kept);
        set(&mut merged, field.name, value);
    }
    Value::Object(merged)
}

fn one(shape: &'static Shape, path: Path, base: &Value, ours: &Value, theirs: &Value, kept: &mut Vec<Kept>) -> Value {
    match shape {
        Shape::Map(inner) => fields(inner, &path, base, ours, theirs, kept),
        Shape::Each(_, of) => entries(of, &path, base, ours, theirs, kept),
        _ => leaf(path, base, ours, theirs, kept),
    }
}

fn entries(of: &'static Shape, path: &Path, base: &Value, ours: &Value, theirs: &Value, kept: &mut Vec<Kept>) -> Value {
    let mut merged = ours.as_object().cloned().unwrap_or_default();
    let mut keys: Vec<&String> = [base, theirs].into_iter().filter_map(Value::as_object).flat_map(Map::keys).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let [base, ours, theirs] = [base, ours, theirs].map(|tree| tree.get(key).cloned().unwrap_or(Value::Null));
        let whole = is_empty(&ours) || is_empty(&theirs);
        let value = match whole {
            // An entry that one side lacks is decided as a whole: half a phone helps nobody.
            true => leaf(path.join(key), &base, &ours, &theirs, kept),
            false => one(of, path.join(key), &base, &ours, &theirs, kept),
        };
        set(&mut merged, key, value);
    }
    Value::Object(merged)
}

/// The decision for one value. Each of the three may be absent.
fn leaf(path: Path, base: &Value, ours: &Value, theirs: &Value, kept: &mut Vec<Kept>) -> Value {
    let same =
        |a: &Value, b: &Value| super::tree::without_empties(a) == super::tree::without_empties(b) || is_empty(a) && is_empty(b);
    if same(ours, theirs) {
        return ours.clone();
    }
    if same(ours, base) {
        return theirs.clone();
    }
    // What the source never mentioned is people's own; there is nothing to report.
    if !(is_empty(theirs) && is_empty(base)) {
        kept.push(Kept { path, source: theirs.clone(), present: ours.clone() });
    }
    ours.clone()
}

fn set(map: &mut Map<String, Value>, key: &str, value: Value) {
    if value.is_null() {
        map.remove(key);
    } else {
        map.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn merged(base: Value, ours: Value, theirs: Value) -> (Value, Vec<String>) {
        let (tree, kept) = merge(Kind::Place, &base, &ours, &theirs);
        (super::super::tree::without_empties(&tree), kept.iter().map(|kept| kept.path.to_string()).collect())
    }

    #[test]
    fn a_changed_source_changes_what_nobody_touched() {
        let (tree, kept) = merged(
            json!({"name": "A", "address": {"city": "Lyon"}}),
            json!({"name": "A", "address": {"city": "Lyon"}, "email": "by@hand.org"}),
            json!({"name": "B", "address": {"city": "Lyon"}}),
        );
        assert_eq!(tree, json!({"name": "B", "address": {"city": "Lyon"}, "email": "by@hand.org"}));
        assert!(kept.is_empty());
    }

    #[test]
    fn a_field_edited_by_hand_stays_and_is_reported() {
        let (tree, kept) = merged(json!({"name": "A"}), json!({"name": "by hand"}), json!({"name": "B"}));
        assert_eq!(tree, json!({"name": "by hand"}));
        assert_eq!(kept, ["name"]);
    }

    #[test]
    fn without_a_last_import_nothing_that_stands_there_is_overwritten() {
        let (tree, kept) = merged(Value::Null, json!({"name": "ours"}), json!({"name": "theirs", "email": "a@b.org"}));
        assert_eq!(tree, json!({"name": "ours", "email": "a@b.org"}));
        assert_eq!(kept, ["name"]);
    }

    #[test]
    fn what_the_source_drops_is_cleared_unless_people_changed_it() {
        let base = json!({"email": "a@b.org", "phones": {"p1": {"number": "1"}, "p2": {"number": "2"}}});
        let ours = json!({"email": "a@b.org", "phones": {"p1": {"number": "1"}, "p2": {"number": "22"}}});
        let (tree, kept) = merged(base, ours, json!({}));
        assert_eq!(tree, json!({"phones": {"p2": {"number": "22"}}}));
        assert_eq!(kept, ["phones.p2"]);
    }

    #[test]
    fn an_entry_removed_by_hand_stays_removed() {
        let base = json!({"services": {"a": {"category": "food"}}});
        let (tree, kept) = merged(base.clone(), json!({"services": {}}), base);
        assert_eq!(tree, json!({}));
        assert_eq!(kept, ["services.a"]);
    }
}
