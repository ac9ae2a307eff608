//! Random edits to a place, as people make them.

use crate::edit::Edit;
use crate::link::RecordView;
use rand::Rng;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use serde_json::Value;

const WORDS: [&str; 12] =
    ["ouvert", "fermé", "👍", "مفتوح", "sonner", "au fond", "1er étage", "lundi", "Tür 3", "appeler", "gratuit", "\n"];
const STATUS: [&str; 4] = ["active", "inactive", "defunct", "temporarily_closed"];

/// One to three edits to the place as it is shown; where it has two values, often one that settles.
pub fn random_edits(rng: &mut SmallRng, view: &RecordView) -> Vec<Edit> {
    let settles = rng.random_bool(0.6);
    if let Some(conflict) = view.conflicts.choose(rng).filter(|_| settles) {
        let path = conflict.conflict.path.clone();
        if let Some(Value::String(text)) = conflict.conflict.candidates.choose(rng).map(|candidate| candidate.value.clone()) {
            let prose = view.kind.shape(&path).is_some_and(|shape| !shape.is_scalar());
            return vec![if prose { Edit::write(path, text) } else { Edit::put(path, text) }];
        }
    }
    (0..rng.random_range(1..=3)).map(|_| random_edit(rng, &view.tree)).collect()
}

fn random_edit(rng: &mut SmallRng, tree: &Value) -> Edit {
    let service = format!("services.s{}", rng.random_range(0..3));
    let language = *["fr", "ar", "en"].choose(rng).unwrap_or(&"fr");
    match rng.random_range(0..9) {
        0 => Edit::put("name", word(rng).trim()),
        1 => Edit::put("address.city", format!("{} {}", word(rng).trim(), rng.random_range(0..99))),
        2 => Edit::put("status", *STATUS.choose(rng).unwrap_or(&"active")),
        3 => Edit::clear("status"),
        4 => rewrite(rng, tree, "internal_note".to_owned()),
        5 => rewrite(rng, tree, format!("description.{language}.text")),
        6 => Edit::put(format!("{service}.name.{language}.text"), word(rng).trim()),
        7 => Edit::remove(service),
        _ => Edit::put("latitude", f64::from(rng.random_range(-9000..9000)) / 100.0),
    }
}

fn word(rng: &mut SmallRng) -> &'static str {
    WORDS.choose(rng).copied().unwrap_or_default()
}

/// Prose with a word put in, or some characters taken out, somewhere.
fn rewrite(rng: &mut SmallRng, tree: &Value, path: String) -> Edit {
    let path = crate::schema::Path::new(path);
    let mut text: Vec<char> = path.find(tree).and_then(Value::as_str).unwrap_or_default().chars().collect();
    let at = rng.random_range(0..=text.len());
    if text.len() > 20 && rng.random_bool(0.5) {
        let end = (at + rng.random_range(0..8)).min(text.len());
        text.drain(at..end);
    } else {
        text.splice(at..at, word(rng).chars());
    }
    Edit::write(path, text.into_iter().collect::<String>())
}
