//! One row through a checked mapping: cells → fields.

use super::{Mapping, Reading, Row, Rule};
use crate::import::tree::Tree;
use crate::import::{LeftOut, values};
use serde_json::Value;
use shared::schema::{Kind, Path, Shape};

impl Mapping {
    pub(super) fn tree(&self, row: &Row, left_out: &mut Vec<LeftOut>) -> Tree {
        let mut filling = Filling { mapping: self, row, tree: Tree::default(), left_out };
        for (path, value) in &self.constant {
            filling.value(&Path::from(path.as_str()), value);
        }
        for rule in &self.field {
            if let Some(cell) = row.cells.get(&rule.column) {
                filling.rule(rule, cell);
            }
        }
        filling.tree
    }
}

/// A tree that one row fills.
struct Filling<'a> {
    mapping: &'a Mapping,
    row: &'a Row,
    tree: Tree,
    left_out: &'a mut Vec<LeftOut>,
}

impl Filling<'_> {
    fn rule(&mut self, rule: &Rule, cell: &str) {
        if rule.read == Reading::Address {
            return self.address(cell);
        }
        match &rule.split {
            Some(separator) => cell.split(separator.as_str()).for_each(|part| self.part(rule, part.trim())),
            None => self.part(rule, cell.trim()),
        }
    }

    fn part(&mut self, rule: &Rule, part: &str) {
        if part.is_empty() {
            return;
        }
        let path = rule.path.as_deref().map(Path::from);
        if rule.values.is_empty() && rule.contains.is_empty() {
            return path.iter().for_each(|path| self.cell(rule, path, part));
        }
        let lower = part.to_lowercase();
        let whole =
            rule.values.iter().filter(|(words, _)| words.trim().eq_ignore_ascii_case(part) || words.to_lowercase() == lower);
        let within = rule.contains.iter().filter(|(words, _)| lower.contains(&words.to_lowercase()));
        let meant: Vec<&Value> = whole.chain(within).map(|(_, value)| value).collect();
        if meant.is_empty() && !rule.others_ignored {
            self.note(&rule.column, format!("the mapping has no value for {part:?}"));
        }
        for value in meant {
            self.meaning(rule, path.as_ref(), value, part);
        }
    }

    fn meaning(&mut self, rule: &Rule, path: Option<&Path>, value: &Value, words: &str) {
        match (value, path) {
            (Value::Object(fields), _) => fields.iter().for_each(|(path, value)| self.value(&Path::from(path.as_str()), value)),
            (value, Some(path)) => {
                self.value(path, value);
                if let (true, Some(code)) = (rule.named, value.as_str()) {
                    let service = self.tree.add_service(code);
                    self.tree.add_words(&service.join("name"), &self.mapping.language, words, ", ");
                }
            }
            _ => {}
        }
    }

    /// A value that the mapping itself gives, checked when it was read.
    fn value(&mut self, path: &Path, value: &Value) {
        match Kind::Place.shape(path) {
            _ if path.as_str() == "services" => {
                self.tree.add_service(value.as_str().unwrap_or_default());
            }
            Some(shape) if shape.is_translated() => {
                self.tree.add_words(path, &self.mapping.language, value.as_str().unwrap_or_default(), "\n\n");
            }
            Some(Shape::Each(_, of)) => {
                let entry = path.join(value.as_str().unwrap_or_default());
                match of {
                    Shape::Flag => self.tree.put(&entry, true),
                    Shape::Code(codes) => self.tree.put(&entry, codes.first().copied().unwrap_or_default()),
                    _ => {}
                }
            }
            _ => self.tree.put(path, value.clone()),
        }
    }

    /// A cell's own words, cleaned as the field they go to needs it.
    fn cell(&mut self, rule: &Rule, path: &Path, cell: &str) {
        let cell = &format!("{}{cell}", rule.prefix);
        match Kind::Place.shape(path) {
            _ if path.as_str() == "phones" => self.phones(cell),
            Some(shape) if shape.is_translated() => {
                let prose = matches!(shape, Shape::Each(_, Shape::Map([words, ..])) if matches!(words.shape, Shape::Prose(_)));
                let words = if prose { values::paragraphs(cell) } else { values::one_line(cell) };
                self.tree.add_words(path, &self.mapping.language, &words, if prose { "\n\n" } else { ", " });
            }
            Some(shape) => self.scalar(rule, path, shape, cell),
            None => {}
        }
    }

    fn scalar(&mut self, rule: &Rule, path: &Path, shape: &Shape, cell: &str) {
        let (_, last) = path.split_last().unwrap_or((Path::from(""), String::new()));
        let value = match shape {
            Shape::Line(_) if last == "url" => values::link(cell).map(Value::from),
            Shape::Line(_) if last == "email" => values::email(cell).map(Value::from),
            Shape::Line(_) => Some(Value::from(values::one_line(cell))),
            Shape::Decimal(..) => values::degrees(cell).map(Value::from),
            Shape::Whole(..) => cell.trim().parse::<i64>().ok().map(Value::from),
            Shape::Date => values::day(cell).map(|day| Value::from(day.to_string())),
            Shape::Flag => flag(cell).map(Value::from),
            _ => Some(Value::from(cell.trim())),
        };
        match value {
            Some(value) => self.tree.put(path, value),
            None if self.is_email(cell) => {}
            None => self.note(&rule.column, format!("{cell:?} cannot be read as {last}")),
        }
    }

    fn phones(&mut self, cell: &str) {
        let found = values::phones(cell);
        if !self.is_email(cell) && found.is_empty() {
            self.note("phones", format!("no phone number in {cell:?}"));
        }
        for (number, words) in found {
            let phone = self.tree.add_phone(&number, None);
            if let Some(words) = words {
                self.tree.add_words(&phone.join("description"), &self.mapping.language, &words, ", ");
            }
        }
    }

    /// A mail address that stands where a phone or a link was expected becomes the place's, if it has none.
    fn is_email(&mut self, cell: &str) -> bool {
        let email = values::email(cell);
        if let Some(email) = &email {
            self.tree.put_if_unknown(&"email".into(), email.as_str());
        }
        email.is_some()
    }

    fn address(&mut self, cell: &str) {
        let parts = values::address(cell);
        if !parts.street.is_empty() {
            self.tree.put(&"address.address_1".into(), parts.street);
        }
        if let Some(code) = parts.postal_code {
            self.tree.put(&"address.postal_code".into(), code);
        }
        if let Some(city) = parts.city {
            self.tree.put(&"address.city".into(), city);
        }
    }

    fn note(&mut self, field: &str, reason: String) {
        self.left_out.push(LeftOut { at: self.row.at.clone(), field: field.to_owned(), reason });
    }
}

fn flag(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "yes" | "true" | "1" | "oui" | "ja" | "sí" | "si" => Some(true),
        "no" | "false" | "0" | "non" | "nein" => Some(false),
        _ => None,
    }
}
