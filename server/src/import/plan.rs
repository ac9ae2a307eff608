//! The plan: what an import would do, decided without touching anything.

use super::merge::{Kept, merge};
use super::tree::without_empties;
use super::{Attribution, Candidate, LeftOut, Skipped, Source};
use serde_json::{Map, Value, json};
use shared::edit::{Edit, difference};
use shared::ids::RecordId;
use shared::schema::{Kind, Path};
use std::collections::{BTreeMap, BTreeSet};

/// The guide as it stands: kind and tree of every record.
pub type Existing = BTreeMap<RecordId, (Kind, Value)>;

/// A record that will be made.
#[derive(Debug, Clone, PartialEq)]
pub struct New {
    pub candidate: Candidate,
    pub edits: Vec<Edit>,
}

/// A record in which something will change.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    pub candidate: Candidate,
    pub edits: Vec<Edit>,
}

/// What an import would do, and everything worth telling about it.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub scheme: String,
    pub new: Vec<New>,
    pub changed: Vec<Changed>,
    /// Records in which nothing changes; their source trees still become the base of the next import.
    pub unchanged: Vec<Candidate>,
    /// Fields that people changed since the last import: the source's value is not taken.
    pub kept_by_hand: Vec<(Candidate, Kept)>,
    pub skipped: Vec<Skipped>,
    pub left_out: Vec<LeftOut>,
    /// Records of an earlier import that the source no longer has. They stay.
    pub missing: Vec<(RecordId, String)>,
    /// Changes of the guide's own settings: whose facts these are.
    pub settings: Vec<Edit>,
}

impl Plan {
    /// Whether carrying it out changes nothing.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.settings.is_empty()
    }
}

/// Compares a source with the guide (`existing`) and with what it said last time (`bases`).
/// `settings` is the guide's own settings record.
pub fn plan(source: Source, existing: &Existing, settings: RecordId, bases: &BTreeMap<RecordId, Value>) -> Plan {
    let mut plan = Plan { scheme: source.scheme, skipped: source.skipped, left_out: source.left_out, ..Plan::default() };
    plan.missing = missing(&plan.scheme, &source.candidates, existing);
    let guide = existing.get(&settings).map_or(&Value::Null, |(_, tree)| tree);
    if let Some(attribution) = &source.attribution {
        plan.settings = credit(&plan.scheme, attribution, guide);
    }
    for candidate in source.candidates {
        let base = bases.get(&candidate.record).unwrap_or(&Value::Null);
        place(&mut plan, candidate, existing, base);
    }
    plan
}

fn place(plan: &mut Plan, candidate: Candidate, existing: &Existing, base: &Value) {
    let Some((kind, ours)) = existing.get(&candidate.record) else {
        let edits = difference(candidate.kind, &Value::Object(Map::new()), &without_empties(&candidate.tree));
        return plan.new.push(New { candidate, edits });
    };
    let ours = without_empties(ours);
    let (merged, kept) = merge(*kind, base, &ours, &candidate.tree);
    let edits = difference(*kind, &ours, &without_empties(&merged));
    plan.kept_by_hand.extend(kept.into_iter().map(|kept| (candidate.clone(), kept)));
    if edits.is_empty() {
        plan.unchanged.push(candidate);
    } else {
        plan.changed.push(Changed { candidate, edits });
    }
}

fn missing(scheme: &str, candidates: &[Candidate], existing: &Existing) -> Vec<(RecordId, String)> {
    // A guide's file is not the only source of its records.
    if scheme.is_empty() {
        return Vec::new();
    }
    let named: BTreeSet<RecordId> = candidates.iter().map(|candidate| candidate.record).collect();
    let path = Path::from("external_identifiers").join(scheme);
    let of_source = |tree: &Value| path.segments().try_fold(tree, |value, key| value.get(&key)).is_some();
    let gone = existing.iter().filter(|(id, (_, tree))| !named.contains(id) && of_source(tree));
    gone.map(|(id, (_, tree))| (*id, tree["name"].as_str().unwrap_or_default().to_owned())).collect()
}

/// The edits that name the source in the guide's settings; none when it is named already.
fn credit(scheme: &str, attribution: &Attribution, guide: &Value) -> Vec<Edit> {
    let key: String = scheme.chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit()).take(32).collect();
    let known = guide.get("attribution").and_then(|all| all.get(&key)).cloned().unwrap_or(Value::Null);
    let wanted = without_empties(&json!({
        "name": attribution.name, "url": attribution.url, "licence": attribution.licence,
    }));
    let under = |entry: Value| json!({ "attribution": { (key.as_str()): entry } });
    match known.is_null() {
        true => difference(Kind::Guide, &json!({}), &under(wanted)),
        false => Vec::new(),
    }
}
