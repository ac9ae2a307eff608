//! A mapping file (TOML): how a table's columns become fields. Checked whole before any row is read.

use super::rows::{Row, Table};
use super::{At, Attribution, ImportError, Source, Why};
use serde::Deserialize;
use serde_json::Value;
use shared::ids::GuideId;
use shared::schema::{self, Kind, Path, Shape};
use std::collections::BTreeMap;

mod apply;
mod headings;

/// The file as it is written. `server/mappings/*.toml` are worked examples.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Names the source in identifiers: `[a-z0-9_.-]`.
    pub scheme: String,
    /// The columns that together name a row for good.
    pub id: Vec<String>,
    /// The columns to use for rows where those of `id` are empty.
    #[serde(default)]
    pub id_otherwise: Vec<String>,
    /// What to do with a second row of the same identifier.
    #[serde(default)]
    pub repeated: Repeated,
    /// The language of the table's texts.
    pub language: String,
    /// `,` `;` or a tab; guessed when left out.
    #[serde(default)]
    pub delimiter: Option<char>,
    #[serde(default)]
    pub attribution: Option<Attribution>,
    /// The same for every row: `"address.country" = "FR"`.
    #[serde(default)]
    pub constant: BTreeMap<String, Value>,
    /// Columns that are left out on purpose; any other unused column is named in the report.
    #[serde(default)]
    pub unused: Vec<String>,
    #[serde(default)]
    pub skip: Vec<Skip>,
    #[serde(default)]
    pub field: Vec<Rule>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeated {
    #[default]
    Skip,
    /// They are different places: the second becomes `…#2`.
    Number,
}

/// Rows that are not imported.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    pub column: String,
    /// Part of the cell, in any case; left out means: the cell is empty.
    #[serde(default)]
    pub contains: Option<String>,
    pub reason: String,
}

/// One column → one field, or several by `values`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub column: String,
    /// The field: `name`, `description`, `phones`, `services`, `access.focus`, … Left out when every
    /// one of `values` names its fields itself.
    #[serde(default)]
    pub path: Option<String>,
    /// How the cell is taken apart before it is used.
    #[serde(default)]
    pub read: Reading,
    /// Separates several values in one cell.
    #[serde(default)]
    pub split: Option<String>,
    /// What a cell's words mean: a value for `path`, or a table of fields and their values.
    #[serde(default)]
    pub values: BTreeMap<String, Value>,
    /// Like `values`, but for cells that contain the words, in any case.
    #[serde(default)]
    pub contains: BTreeMap<String, Value>,
    /// Written before a text: `Public : `.
    #[serde(default)]
    pub prefix: String,
    /// Whether the words of a service's value become the service's name.
    #[serde(default)]
    pub named: bool,
    /// Values that are not in `values` are left out silently.
    #[serde(default)]
    pub others_ignored: bool,
}

/// How a cell is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    #[default]
    Plain,
    /// Street, five-digit postal code and city in one cell.
    Address,
}

impl Mapping {
    /// Reads and checks a mapping; `file` names it in errors.
    pub fn parse(text: &str, file: &str) -> Result<Mapping, ImportError> {
        let text = text.trim_start_matches('\u{feff}');
        let mapping: Mapping = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let before = &text[..at.min(text.len())];
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            ImportError::NotReadable { file: file.to_owned(), line, column, message: error.message().to_owned() }
        })?;
        match mapping.faults() {
            Some(message) => Err(ImportError::Mapping { file: file.to_owned(), message }),
            None => Ok(mapping),
        }
    }

    /// What the schema has to say against it; the first is enough to begin with.
    fn faults(&self) -> Option<String> {
        if !schema::Key::Scheme.allows(&self.scheme) {
            return Some(format!("scheme {:?} may only have a-z, 0-9, _ . and -", self.scheme));
        }
        if !schema::is_language(&self.language) {
            return Some(format!("language {:?} is not a language tag such as fr or pt-BR", self.language));
        }
        if self.id.is_empty() {
            return Some("id names no column: give at least one whose value never changes".to_owned());
        }
        let constants = self.constant.iter().find_map(|(path, value)| check_value(path, value));
        constants.or_else(|| self.field.iter().find_map(Rule::fault))
    }

    /// Checks the columns that the mapping names against a table's.
    fn check_columns(&self, table: &Table, file: &str) -> Result<(), ImportError> {
        let rules = self.field.iter().map(|rule| &rule.column).chain(self.skip.iter().map(|skip| &skip.column));
        let used = rules.chain(&self.id).chain(&self.id_otherwise);
        let Some(lacking) = used.into_iter().find(|column| !table.columns.contains(column)) else {
            return Ok(());
        };
        let message = format!("the table has no column {lacking:?}. Its columns are: {}.", table.columns.join(", "));
        Err(ImportError::Mapping { file: file.to_owned(), message })
    }

    /// Columns that the mapping neither uses nor names as unused.
    fn forgotten<'a>(&self, table: &'a Table) -> Vec<&'a str> {
        let known = |column: &String| {
            let used = self.field.iter().any(|rule| rule.column == *column) || self.id.contains(column);
            used || self.unused.contains(column) || self.id_otherwise.contains(column)
        };
        table.columns.iter().filter(|column| !known(column)).map(String::as_str).collect()
    }

    /// Reads a table's text into a source. `file` and `mapping_file` name both in errors.
    pub fn read(&self, text: &str, file: &std::path::Path, mapping_file: &str, guide: &GuideId) -> Result<Source, ImportError> {
        let table = super::rows::table(text, file, self.delimiter)?;
        self.check_columns(&table, mapping_file)?;
        Ok(self.take_all(&table, guide))
    }

    /// Every row of a table that has the columns the mapping names.
    fn take_all(&self, table: &Table, guide: &GuideId) -> Source {
        let mut source = Source { scheme: self.scheme.clone(), attribution: self.attribution.clone(), ..Source::default() };
        for column in self.forgotten(table) {
            let reason = "the mapping does not use this column; list it under `unused` if that is meant".to_owned();
            source.left_out.push(super::LeftOut { at: At::EveryRow, field: column.to_owned(), reason });
        }
        let mut seen = BTreeMap::new();
        for row in &table.rows {
            self.take(&mut source, &mut seen, guide, row);
        }
        source
    }

    fn take(&self, source: &mut Source, seen: &mut BTreeMap<String, usize>, guide: &GuideId, row: &Row) {
        if let Some(skip) = self.skip.iter().find(|skip| skip.fits(row)) {
            return source.skip(row.at.clone(), Why::Unwanted(skip.reason.clone()));
        }
        let Some(mut id) = self.external_id(row) else {
            return source.skip(row.at.clone(), Why::NoIdentifier { columns: self.id.clone() });
        };
        let times = seen.entry(id.clone()).and_modify(|times| *times += 1).or_insert(1);
        if *times > 1 && self.repeated == Repeated::Number {
            id = format!("{id}#{times}");
        }
        let tree = self.tree(row, &mut source.left_out);
        source.take(guide, row.at.clone(), &id, tree.into_value());
    }

    fn external_id(&self, row: &Row) -> Option<String> {
        let joined = |columns: &[String]| {
            let parts: Vec<&str> = columns.iter().filter_map(|column| row.cells.get(column)).map(String::as_str).collect();
            let id = super::values::one_line(&parts.join(" | "));
            (!id.is_empty()).then(|| id.chars().take(shared::limits::LINE_CHARS_MAX).collect())
        };
        joined(&self.id).or_else(|| joined(&self.id_otherwise))
    }
}

impl Skip {
    fn fits(&self, row: &Row) -> bool {
        match (row.cells.get(&self.column), &self.contains) {
            (Some(cell), Some(words)) => cell.to_lowercase().contains(&words.to_lowercase()),
            (cell, None) => cell.is_none(),
            (None, Some(_)) => false,
        }
    }
}

impl Rule {
    fn fault(&self) -> Option<String> {
        let named = self.values.values().chain(self.contains.values());
        let wrong = named.clone().find_map(|value| match (value, &self.path) {
            (Value::Object(fields), _) => fields.iter().find_map(|(path, value)| check_value(path, value)),
            (value, Some(path)) => check_value(path, value),
            (_, None) => Some("its values need a `path`, or a table of fields each".to_owned()),
        });
        let path = self.path.as_deref().and_then(|path| check_path(path).err());
        let aimless = self.path.is_none() && self.read == Reading::Plain && named.clone().next().is_none();
        let aimless = aimless.then(|| "it has neither `path` nor `values`".to_owned());
        path.or(wrong).or(aimless).map(|fault| format!("field for column {:?}: {fault}", self.column))
    }
}

/// The shape at `path` of a place, or why a mapping cannot write there.
fn check_path(path: &str) -> Result<&'static Shape, String> {
    let shape = Kind::Place.shape(&Path::from(path));
    let names: Vec<&str> = Kind::Place.fields().iter().map(|field| field.name).collect();
    shape.ok_or_else(|| format!("{path:?} is not a field of a place. At the top they are: {}.", names.join(", ")))
}

/// Whether `value` may be written at `path`: as a scalar, or as an entry of a collection of codes.
fn check_value(path: &str, value: &Value) -> Option<String> {
    let shape = match check_path(path) {
        Ok(shape) => shape,
        Err(message) => return Some(message),
    };
    let wrong = |expected: String| Some(format!("{value} does not fit {path}: {expected}"));
    match shape {
        _ if path == "services" => match value.as_str() {
            Some(code) if shared::categories::is_code(code) => None,
            _ => wrong(format!("the categories are {}", shared::categories::codes().collect::<Vec<_>>().join(", "))),
        },
        Shape::Each(key, of) if of.is_scalar() => match value.as_str() {
            Some(entry) if key.allows(entry) => None,
            _ => wrong(known_codes(key)),
        },
        Shape::Each(..) if shape.is_translated() => value.as_str().is_none().then(|| "a text is needed".to_owned()),
        Shape::Map(_) | Shape::Each(..) => Some(format!("{path:?} holds fields; name one of them")),
        shape => match shared::validate::scalar(shape, value) {
            Ok(()) => None,
            Err(reason) => wrong(match shape {
                Shape::Code(codes) => format!("it takes one of {}", codes.join(", ")),
                _ => super::values::in_words(reason).to_owned(),
            }),
        },
    }
}

fn known_codes(key: &schema::Key) -> String {
    match key {
        schema::Key::Code(codes) => format!("it takes {}", codes.join(", ")),
        schema::Key::Language => "it takes language tags such as fr".to_owned(),
        _ => "it is not a key of this collection".to_owned(),
    }
}
