//! Random edits that a person could make, drawn from the schema itself.

use rand::Rng;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use serde_json::Value;
use shared::categories;
use shared::edit::Edit;
use shared::schema::{Field, Key, Kind, Path, Shape};

/// One edit of a record of `kind` that reads `tree` now.
pub fn edit(rng: &mut SmallRng, kind: Kind, tree: &Value) -> Edit {
    in_map(rng, kind.fields(), Path::new(""), tree)
}

fn in_map(rng: &mut SmallRng, fields: &'static [Field], at: Path, tree: &Value) -> Edit {
    let field = fields.choose(rng).expect("maps have fields");
    below(rng, &field.shape, at.join(field.name), tree)
}

fn below(rng: &mut SmallRng, shape: &'static Shape, path: Path, tree: &Value) -> Edit {
    match shape {
        Shape::Map(fields) => in_map(rng, fields, path, tree),
        Shape::Each(key, of) => in_collection(rng, key, of, path, tree),
        Shape::Prose(_) => {
            let now = path.find(tree).and_then(Value::as_str).unwrap_or_default().to_owned();
            Edit::write(path, rewritten(rng, &now))
        }
        _ if rng.random_ratio(1, 6) => Edit::clear(path),
        scalar => Edit::Put { path, value: value(rng, scalar) },
    }
}

fn in_collection(rng: &mut SmallRng, key: &Key, of: &'static Shape, path: Path, tree: &Value) -> Edit {
    let present: Vec<String> =
        path.find(tree).and_then(Value::as_object).into_iter().flat_map(|map| map.keys().cloned()).collect();
    match present.choose(rng) {
        Some(entry) if rng.random_ratio(1, 8) => Edit::remove(path.join(entry)),
        Some(entry) if rng.random_ratio(3, 4) => below(rng, of, path.join(entry), tree),
        _ => {
            let entry = new_key(rng, key);
            below(rng, of, path.join(&entry), tree)
        }
    }
}

/// Few keys, so that people meet.
fn new_key(rng: &mut SmallRng, key: &Key) -> String {
    match key {
        Key::Id => format!("k{}", rng.random_range(0..3)),
        Key::Code(codes) => (*codes.choose(rng).expect("codes")).to_owned(),
        Key::Category => category(rng),
        Key::Language => (*["fr", "en", "ar", "pt-BR"].choose(rng).expect("languages")).to_owned(),
        Key::Scheme => (*["osm", "hinaura"].choose(rng).expect("schemes")).to_owned(),
    }
}

fn category(rng: &mut SmallRng) -> String {
    categories::codes().collect::<Vec<_>>().choose(rng).expect("categories").clone()
}

/// A value that fits a scalar field.
pub fn value(rng: &mut SmallRng, shape: &Shape) -> Value {
    match shape {
        Shape::Line(max) => Value::from(text(rng, (*max).min(12))),
        Shape::Outline(_) => Value::from("45.1,5.7 45.2,5.7 45.2,5.8"),
        Shape::Block(max) => {
            Value::from(format!("Mo-Fr 0{}:00-12:00", rng.random_range(1..9)).chars().take(*max).collect::<String>())
        }
        Shape::Code(codes) => Value::from(*codes.choose(rng).expect("codes")),
        Shape::Category => Value::from(category(rng)),
        Shape::Flag => Value::from(rng.random::<bool>()),
        Shape::Whole(least, most) => Value::from(rng.random_range(*least..=*most)),
        Shape::Decimal(least, most) => Value::from(rng.random_range(*least..=*most)),
        Shape::Date => Value::from(format!("2026-0{}-1{}", rng.random_range(1..10), rng.random_range(0..10))),
        Shape::Moment => Value::from(format!("2026-11-1{}T08:30", rng.random_range(0..10))),
        Shape::Prose(_) | Shape::Map(_) | Shape::Each(..) => Value::Null,
    }
}

/// Letters of several scripts and widths, one of them a flag of two code points.
pub fn text(rng: &mut SmallRng, most: usize) -> String {
    let letters: Vec<char> = "abcdefg éàç مرحبا 日本 🇫🇷🙂\u{301}".chars().collect();
    (0..rng.random_range(1..=most)).map(|_| *letters.choose(rng).expect("letters")).collect()
}

/// `now` with a piece replaced.
fn rewritten(rng: &mut SmallRng, now: &str) -> String {
    let letters: Vec<char> = now.chars().collect();
    let from = rng.random_range(0..=letters.len());
    let to = (from + rng.random_range(0..=8)).min(letters.len());
    let piece = text(rng, 12);
    letters[..from].iter().copied().chain(piece.chars()).chain(letters[to..].iter().copied()).take(400).collect()
}
