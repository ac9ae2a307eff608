//! Reading a record never fails: whatever a document holds, what fits the schema is read and the
//! rest is listed.

use automerge::transaction::Transactable;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use shared::document::Document;
use shared::edit::{self, Edit};
use shared::ids::ActorId;
use shared::record::{self, GuideSettings, Notice, Page, Place, Record};
use shared::schema::{Field, Key, Kind, Shape};
use shared::{edition, validate};

const LINES: &[&str] =
    &["", "x", "Ça va", "2026-11-23", "2026-11-23T18:30", "public", "full", "fr", "-1", "\u{0}", "🚑", "مرحبا"];

/// Any JSON, with keys that often occur in records.
fn any_tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(LINES).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    let names: Vec<String> = Kind::ALL.iter().flat_map(|kind| kind.fields()).map(|field| field.name.to_owned()).collect();
    let key = prop_oneof![
        prop::sample::select(names),
        prop::sample::select(vec!["fr", "text", "a1", "name", "women"]).prop_map(str::to_owned)
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..8).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A tree of exactly the schema's shapes, from random numbers: what edits can make. `draw` gives a
/// number below its argument.
fn shaped(fields: &'static [Field], draw: &mut dyn FnMut(usize) -> usize) -> Value {
    let mut map = Map::new();
    for field in fields {
        if draw(4) > 0 {
            map.insert(field.name.to_owned(), shape(&field.shape, draw));
        }
    }
    Value::Object(map)
}

fn shape(of: &'static Shape, draw: &mut dyn FnMut(usize) -> usize) -> Value {
    let pick = |from: &[&str], draw: &mut dyn FnMut(usize) -> usize| from[draw(from.len())].to_owned();
    match of {
        Shape::Line(max) => json!(pick(&["x", "Ça va", "https://a.org", "مرحبا"], draw).chars().take(*max).collect::<String>()),
        Shape::Outline(_) => json!(pick(&["45.1,5.7 45.2,5.7 45.2,5.8", "1,1 2,2 3,1;-1,0 0,-1 1,1"], draw)),
        Shape::Block(_) | Shape::Prose(_) => json!(pick(&["", "Mo-Fr 09:00-12:00", "a\nb"], draw)),
        Shape::Code(codes) => json!(pick(codes, draw)),
        Shape::Category => json!(pick(&["health", "health.doctor", "food.meal"], draw)),
        Shape::Flag => json!(draw(2) == 0),
        Shape::Whole(min, max) => json!(if draw(2) == 0 { *min } else { *max }),
        // A whole number in a document is an integer, also where decimals may stand.
        Shape::Decimal(min, max) => match draw(4) {
            0 => json!(*min as i64),
            1 => json!(*max),
            2 => json!(0),
            _ => json!(min / 3.0),
        },
        Shape::Date => json!(pick(&["2026-11-23", "0001-01-01", "9999-12-31"], draw)),
        Shape::Moment => json!(pick(&["2026-11-23T18:30", "0001-01-01T00:00", "9999-12-31T23:59"], draw)),
        Shape::Map(fields) => shaped(fields, draw),
        Shape::Each(key, of) => {
            let count = draw(4);
            Value::Object((0..count).map(|at| (key_of(key, at), shape(of, draw))).collect())
        }
    }
}

fn key_of(key: &Key, at: usize) -> String {
    match key {
        Key::Id | Key::Scheme => format!("k{at}"),
        Key::Code(codes) => codes[at % codes.len()].to_owned(),
        Key::Category => ["health", "food.meal", "money", "shelter"][at % 4].to_owned(),
        Key::Language => ["fr", "ar", "zh-Hant", "pt-BR"][at % 4].to_owned(),
    }
}

/// Puts `junk` somewhere into `tree`, going down by `way`.
fn damage(tree: &mut Value, way: &[usize], junk: Value) {
    match (tree, way) {
        (Value::Object(map), [first, rest @ ..]) if !map.is_empty() => {
            let at = first % map.len();
            if let Some((_, value)) = map.iter_mut().nth(at) {
                damage(value, rest, junk);
            }
        }
        (tree, _) => *tree = junk,
    }
}

/// Reads numbers in a circle.
fn draws(numbers: Vec<usize>) -> impl FnMut(usize) -> usize {
    let mut at = 0;
    move |below| {
        at += 1;
        numbers.get(at % numbers.len().max(1)).map_or(at, |number| number + at / numbers.len().max(1)) % below.max(1)
    }
}

/// What `record::read` would hide: a cleaned tree that is not a record of its kind.
fn deserialises<T: DeserializeOwned>(tree: &Value) -> Result<(), TestCaseError> {
    let typed: Result<T, _> = serde_json::from_value(tree.clone());
    typed.map(drop).map_err(|error| TestCaseError::fail(format!("{error}: {tree}")))
}

fn reads(kind: Kind, tree: &Value) -> Result<(), TestCaseError> {
    let (clean, problems) = validate::clean(kind, tree);
    match kind {
        Kind::Guide => deserialises::<GuideSettings>(&clean)?,
        Kind::Place => deserialises::<Place>(&clean)?,
        Kind::Page => deserialises::<Page>(&clean)?,
        Kind::Notice => deserialises::<Notice>(&clean)?,
    }
    let (again, none) = validate::clean(kind, &clean);
    prop_assert_eq!(&again, &clean);
    prop_assert!(none.is_empty(), "what was kept has problems: {:?}", none);
    let (record, listed) = record::read(kind, tree);
    prop_assert_eq!(listed, problems);
    prop_assert_eq!(record, record::read(kind, &clean).0);
    let guide = edition::header(&"g1".parse().expect("a slug"), tree);
    edition::project(&guide, kind, tree, "fr", "2026-11-23".parse().expect("a day"));
    Ok(())
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_read(kind in kinds(), tree in any_tree()) {
        reads(kind, &tree)?;
    }

    #[test]
    fn a_well_formed_record_is_read_without_a_problem(kind in kinds(), numbers in prop::collection::vec(0..1_000_usize, 1..60)) {
        let tree = shaped(kind.fields(), &mut draws(numbers));
        let (_, problems) = record::read(kind, &tree);
        prop_assert!(problems.is_empty(), "{problems:?} in {tree}");
        reads(kind, &tree)?;
    }

    #[test]
    fn a_damaged_record_is_read(
        kind in kinds(),
        numbers in prop::collection::vec(0..1_000_usize, 1..60),
        damages in prop::collection::vec((prop::collection::vec(0..100_usize, 1..5), any_tree()), 1..5),
    ) {
        let mut tree = shaped(kind.fields(), &mut draws(numbers));
        for (way, junk) in damages {
            damage(&mut tree, &way, junk);
        }
        reads(kind, &tree)?;
    }
}

/// The property above sees what `read` hides: a record that reads as nothing although it holds much.
#[test]
fn a_full_record_is_not_read_as_an_empty_one() {
    for kind in Kind::ALL {
        let tree = shaped(kind.fields(), &mut |below| below - 1);
        let empty = match record::read(kind, &tree).0 {
            Record::Guide(guide) => *guide == GuideSettings::default(),
            Record::Place(place) => *place == Place::default(),
            Record::Page(page) => *page == Page::default(),
            Record::Notice(notice) => *notice == Notice::default(),
        };
        assert!(!empty, "{kind}: {tree}");
    }
}

/// A number with a mark that turns it reads as another number.
#[test]
fn what_turns_letters_round_is_neither_written_nor_read() {
    let number = "\u{202a}04 72\u{202c}\u{2069}";
    let put =
        [Edit::put("phones.a1.number", number), Edit::put("opening_hours", "\u{2067}Mo-Fr"), Edit::put("name", "مركز\u{200f}")];
    let (document, _) = edit::create(Kind::Place, &put, ActorId([1; 16])).expect("as an address book copies it");
    let tree = document.tree();
    assert_eq!((&tree["phones"]["a1"]["number"], &tree["opening_hours"]), (&json!("04 72"), &json!("Mo-Fr")));
    assert_eq!(tree["name"], "مركز\u{200f}", "a mark that only says which way a word goes stays");

    // An import's tree, and a document that was written before this was refused.
    let (Record::Place(place), problems) = record::read(Kind::Place, &json!({"phones": {"a1": {"number": number}}})) else {
        panic!("a place")
    };
    assert_eq!((place.phones["a1"].number.as_deref(), problems.len()), (Some("04 72"), 0));
    let mut old = automerge::Automerge::load(&document.save()).expect("a document");
    let mut change = old.transaction();
    change.put(automerge::ROOT, "name", "Le \u{202e}tnoP").expect("a map");
    change.commit();
    assert_eq!(Document::load(&old.save()).expect("it loads").tree()["name"], "Le tnoP");
}
