//! A table whose headings name the fields themselves: no mapping file is needed.

use super::{Mapping, Reading, Repeated, Rule, check_path};
use crate::import::rows::Table;
use crate::import::{Source, values};
use serde_json::Value;
use shared::categories;
use shared::ids::GuideId;
use shared::import::HEADINGS;
use shared::schema::{Key, Shape};
use std::collections::BTreeMap;

/// Separates several values in one cell: phones, services, languages.
const BETWEEN: &str = ";";
const IDENTIFIER: &str = "id";
/// What tells rows apart that have no identifier.
const OTHERWISE: [&str; 3] = ["name", "address", "city"];

impl Mapping {
    /// Reads a table by its headings, each a field's path or one of [`HEADINGS`], in any case. Its texts are
    /// in `language`, its identifiers of `scheme`. `None` when no column holds names.
    pub fn by_headings(table: &Table, scheme: &str, language: &str, guide: &GuideId) -> Option<Source> {
        let headed = |wanted: &str| table.columns.iter().find(|column| column.trim().eq_ignore_ascii_case(wanted)).cloned();
        headed("name")?;
        let mapping = Mapping {
            scheme: scheme.to_owned(),
            id: headed(IDENTIFIER).into_iter().collect(),
            id_otherwise: OTHERWISE.into_iter().filter_map(headed).collect(),
            repeated: Repeated::Skip,
            language: language.to_owned(),
            delimiter: None,
            attribution: None,
            constant: BTreeMap::new(),
            unused: Vec::new(),
            skip: Vec::new(),
            field: table.columns.iter().filter_map(|column| rule(column, table)).collect(),
        };
        Some(mapping.take_all(table, guide))
    }
}

/// How a column is read; `None` where its heading means no field that a cell can hold.
fn rule(column: &str, table: &Table) -> Option<Rule> {
    let heading = column.trim().to_lowercase();
    let short = HEADINGS.iter().find(|(name, _)| *name == heading).map(|(_, path)| *path);
    let path = short.unwrap_or(&heading);
    let shape = check_path(path).ok()?;
    let meaning: Box<dyn Fn(&str) -> bool> = match shape {
        _ if path == "phones" || shape.is_translated() => return Some(plain(column, path, None)),
        _ if path == "services" => Box::new(categories::is_code),
        Shape::Each(key, of) if of.is_scalar() && !matches!(key, Key::Scheme) => Box::new(|part| key.allows(part)),
        Shape::Code(codes) => Box::new(|part| codes.contains(&part)),
        Shape::Map(_) | Shape::Each(..) => return None,
        _ => return Some(plain(column, path, None)),
    };
    let cells = table.rows.iter().filter_map(|row| row.cells.get(column));
    let parts = cells.flat_map(|cell| cell.split(BETWEEN)).map(values::one_line);
    let known = parts.map(|part| (part.clone(), part.to_lowercase())).filter(|(_, code)| meaning(code));
    let values = known.map(|(part, code)| (part, Value::from(code))).collect();
    Some(Rule { values, ..plain(column, path, Some(BETWEEN)) })
}

fn plain(column: &str, path: &str, split: Option<&str>) -> Rule {
    Rule {
        column: column.to_owned(),
        path: Some(path.to_owned()),
        read: Reading::Plain,
        split: split.map(str::to_owned),
        values: BTreeMap::new(),
        contains: BTreeMap::new(),
        prefix: String::new(),
        named: false,
        others_ignored: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_fields() {
        let text = HEADINGS.iter().map(|(heading, _)| *heading).collect::<Vec<_>>().join(",");
        let table = crate::import::rows::table(&format!("{text}\n"), "t.csv".as_ref(), None).expect("a table");
        for column in &table.columns {
            assert!(column == IDENTIFIER || rule(column, &table).is_some(), "{column}");
        }
    }
}
