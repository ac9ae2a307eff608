//! Reading tables: CSV with whatever delimiter, or a JSON array of objects, as rows of named cells.

use super::{At, ImportError};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// One row of a table: what stands under each column, trimmed; empty cells are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub at: At,
    pub cells: BTreeMap<String, String>,
}

/// A table's rows and its columns in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

/// A file's text without a byte order mark.
pub fn read_file(path: &Path) -> Result<String, ImportError> {
    text(std::fs::read(path).map_err(|error| ImportError::Read { path: path.to_owned(), error })?, path)
}

/// Bytes as text without a byte order mark; `path` names them in errors.
pub fn text(bytes: Vec<u8>, path: &Path) -> Result<String, ImportError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..good];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        let message = "this is not UTF-8 text. Save the file as \"UTF-8\" (in a spreadsheet: Save as, CSV UTF-8).".to_owned();
        ImportError::NotReadable { file: path.display().to_string(), line, column, message }
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// JSON, or where it stops being JSON.
pub fn json(text: &str, file: &Path) -> Result<Value, ImportError> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| ImportError::NotReadable {
        file: file.display().to_string(),
        line: error.line(),
        column: error.column(),
        message: format!("this is not JSON: {error}. Was the file cut off?"),
    })
}

/// A table of either form; a text that begins with `[` or `{` is JSON.
pub fn table(text: &str, file: &Path, delimiter: Option<char>) -> Result<Table, ImportError> {
    let text = text.trim_start_matches('\u{feff}');
    match text.trim_start().chars().next() {
        Some('[' | '{') => json_table(&json(text, file)?, file),
        _ => csv_table(text, file, delimiter),
    }
}

fn json_table(json: &Value, file: &Path) -> Result<Table, ImportError> {
    let list = json.as_array().ok_or_else(|| ImportError::NotASource {
        file: file.display().to_string(),
        message: "a JSON table is an array of objects: [{\"name\": …}, …].".to_owned(),
    })?;
    let mut table = Table::default();
    for (at, entry) in list.iter().enumerate() {
        let mut row = Row { at: At::Entry(at + 1), cells: BTreeMap::new() };
        cells(entry, "", &mut row.cells);
        for column in row.cells.keys() {
            if !table.columns.contains(column) {
                table.columns.push(column.clone());
            }
        }
        table.rows.push(row);
    }
    Ok(table)
}

/// Objects inside objects become columns `outer.inner`; lists are joined by `;`.
fn cells(value: &Value, at: &str, cells_of_row: &mut BTreeMap<String, String>) {
    let mut keep = |text: String| {
        if !text.trim().is_empty() {
            cells_of_row.insert(at.to_owned(), text.trim().to_owned());
        }
    };
    match value {
        Value::Null => {}
        Value::String(text) => keep(text.clone()),
        Value::Bool(_) | Value::Number(_) => keep(value.to_string()),
        Value::Array(list) => {
            let parts = list.iter().map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned));
            keep(parts.collect::<Vec<_>>().join(";"));
        }
        Value::Object(map) => {
            for (key, inner) in map {
                let column = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                cells(inner, &column, cells_of_row);
            }
        }
    }
}

fn csv_table(text: &str, file: &Path, delimiter: Option<char>) -> Result<Table, ImportError> {
    let not_readable = |line: u64, message: String| ImportError::NotReadable {
        file: file.display().to_string(),
        line: usize::try_from(line).unwrap_or(usize::MAX),
        column: 1,
        message,
    };
    // One kind of line break, so that line numbers are counted right.
    let text = &text.replace("\r\n", "\n");
    let delimiter = delimiter.unwrap_or_else(|| guess_delimiter(text));
    let byte = u8::try_from(delimiter).map_err(|_| not_readable(1, format!("{delimiter:?} cannot separate columns")))?;
    let mut reader = csv::ReaderBuilder::new().delimiter(byte).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| not_readable(1, error.to_string()))?;
    let columns: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    let mut table = Table { columns, rows: Vec::new() };
    for record in reader.records() {
        let record = record.map_err(|error| not_readable(error.position().map_or(0, csv::Position::line), error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() > table.columns.len() {
            let message = format!(
                "this row has {} cells, the header {}. Put cells that contain {delimiter:?} or line breaks in quotes.",
                record.len(),
                table.columns.len()
            );
            return Err(not_readable(line, message));
        }
        table.rows.push(csv_row(&table.columns, &record, table.rows.len() + 1, line));
    }
    Ok(table)
}

fn csv_row(columns: &[String], record: &csv::StringRecord, number: usize, line: u64) -> Row {
    let cells = columns.iter().zip(record.iter()).filter(|(_, cell)| !cell.trim().is_empty());
    Row { at: At::Row { number, line }, cells: cells.map(|(column, cell)| (column.clone(), cell.trim().to_owned())).collect() }
}

/// The one of `,` `;` and tab that the first line has most of, quotes left out.
fn guess_delimiter(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    let mut quoted = false;
    let outside: String = first
        .chars()
        .filter(|c| {
            quoted ^= *c == '"';
            !quoted
        })
        .collect();
    let count = |delimiter: char| outside.matches(delimiter).count();
    [',', ';', '\t'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Table {
        table(text, Path::new("t.csv"), None).expect("the table is well formed")
    }

    #[test]
    fn a_spreadsheet_export_is_read_with_bom_crlf_semicolons_and_cells_of_several_lines() {
        let table = read("\u{feff}Id;Nom;Description\r\n1;\"A; B\";\"first\r\nsecond\"\r\n2; C ;\r\n");
        assert_eq!(table.columns, ["Id", "Nom", "Description"]);
        assert_eq!(table.rows[0].cells["Nom"], "A; B");
        assert_eq!(table.rows[0].cells["Description"], "first\nsecond");
        assert_eq!(table.rows[1].cells["Nom"], "C");
        assert!(!table.rows[1].cells.contains_key("Description"));
        assert_eq!(table.rows[1].at, At::Row { number: 2, line: 4 });
    }

    #[test]
    fn json_arrays_are_tables_too() {
        let table = read(r#"[{"id": 1, "at": {"lat": 45.5}, "tags": ["a", "b"], "none": null}]"#);
        let cells: Vec<_> = table.rows[0].cells.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(cells, [("at.lat", "45.5"), ("id", "1"), ("tags", "a;b")]);
    }

    #[test]
    fn errors_say_where() {
        let broken = table("[{\"id\": 1,\n \"name\" }]", Path::new("t.json"), None).expect_err("it is not JSON");
        assert!(broken.to_string().starts_with("t.json, line 2, column"), "{broken}");
        let wide = table("a,b\n1,2\n1,2,3\n", Path::new("t.csv"), None).expect_err("the third row is too wide");
        assert!(wide.to_string().starts_with("t.csv, line 3"), "{wide}");
    }
}
