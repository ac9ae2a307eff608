//! The size of what people download, against bounds: on a bad network every kilobyte is seconds.

mod pages;

use crate::failure::{Failure, Result, While};
use crate::site::Mode;
use pages::Page;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Bytes on the wire (brotli) that may not be exceeded. 1 KB = 1,000 bytes.
const APP_BYTES_MAX: usize = 200_000;
const REPLICA_BYTES_MAX: usize = 380_000;
const STYLE_BYTES_MAX: usize = 10_000;
const LOCALE_BYTES_MAX: usize = 12_000;
const ICONS_BYTES_MAX: usize = 24_000;
const SCRIPTS_BYTES_MAX: usize = 5_400;
const CORE_BYTES_MAX: usize = 240_000;
/// Pages that are opened seldom: fetched after the first visit is over, the map by who opens it.
const SELDOM_BYTES_MAX: usize = 60_000;
const MAP_BYTES_MAX: usize = 44_000;
/// The street map, fetched by who asks for it.
const STREETS_BYTES_MAX: usize = 85_000;
/// What fits into the first ten packets of a new connection.
const PAGE_BYTES_MAX: usize = 14_000;

/// One row: what is measured, its size, and how large it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    what: String,
    bytes: usize,
    bytes_max: usize,
}

impl Row {
    fn exceeds(&self) -> bool {
        self.bytes > self.bytes_max
    }
}

pub fn check() -> Result<()> {
    let mut rows = measure(&Mode::Release.folder())?;
    let pages = measure_pages();
    rows.extend(pages.iter().flatten().cloned());
    print!("{}", table(&rows));
    verdict(&rows).and(pages.map(drop))
}

fn measure(site: &Path) -> Result<Vec<Row>> {
    let manifest = fs::read(site.join("site.json")).while_(|| "no site yet: run `cargo xtask build`".into())?;
    let manifest: Value = serde_json::from_slice(&manifest).while_(|| "site.json".into())?;
    let files = manifest["files"].as_object().ok_or_else(|| Failure::new("site.json names no files"))?;
    let path = |name: &str| {
        let path = files.get(name).and_then(Value::as_str);
        path.ok_or_else(|| Failure::new(format!("the site has no {name}: run `cargo xtask build`")))
    };
    let sum = |names: &[&str]| names.iter().map(|name| sent(site, path(name)?)).sum::<Result<usize>>();
    let row = |what: &str, bytes, bytes_max| Row { what: what.to_owned(), bytes, bytes_max };

    let mut rows = vec![
        row("app: WASM and script", sum(&["app.wasm", "app.js"])?, APP_BYTES_MAX),
        row("replica: WASM", sum(&["replica.wasm"])?, REPLICA_BYTES_MAX),
        row("stylesheet", sum(&["app.css", "desk.css"])?, STYLE_BYTES_MAX),
        row("icons", sum(&["icons.svg"])?, ICONS_BYTES_MAX),
        row("boot.js and sw.js", sum(&["boot.js"])? + sent(site, "/sw.js")?, SCRIPTS_BYTES_MAX),
    ];
    let seldom: Vec<&str> = files.keys().map(String::as_str).filter(|name| is_seldom(name)).collect();
    rows.push(row("pages opened seldom", sum(&seldom)?, SELDOM_BYTES_MAX));
    rows.push(row("sketch map", sum(&["map.wasm"])?, MAP_BYTES_MAX));
    if files.contains_key("tiles.js") {
        rows.push(row("street map", sum(&["streets.js", "tiles.js", "tiles.css"])?, STREETS_BYTES_MAX));
    }
    for name in files.keys().filter(|name| name.starts_with("locale-")) {
        rows.push(row(name, sum(&[name])?, LOCALE_BYTES_MAX));
    }
    let core = manifest["core"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let core = core.filter(|path| path.starts_with("/assets/"));
    rows.push(row("kept at the first visit", core.map(|path| sent(site, path)).sum::<Result<_>>()?, CORE_BYTES_MAX));
    Ok(rows)
}

/// What the pages opened seldom consist of: their own part, and what parts have in common.
fn is_seldom(name: &str) -> bool {
    name.strip_suffix(".wasm").is_some_and(|part| part == "seldom" || part.starts_with("chunk"))
}

fn measure_pages() -> Result<Vec<Row>> {
    let row = |(page, (bytes, path)): (Page, (usize, String))| {
        let kind = match page {
            Page::Home => "home",
            Page::List => "list",
            Page::Place => "place",
            Page::Card => "card",
            Page::Other => "other page",
        };
        // A record's id is long and says nothing here.
        let language = path.split('/').nth(2).unwrap_or_default();
        Row { what: format!("largest {kind} ({language})"), bytes, bytes_max: PAGE_BYTES_MAX }
    };
    Ok(pages::largest()?.into_iter().map(row).collect())
}

/// The bytes sent for a file: its brotli form, or itself where it has none.
fn sent(site: &Path, path: &str) -> Result<usize> {
    let file = site.join(path.trim_start_matches('/'));
    let compressed = fs::metadata(file.with_added_extension("br"));
    let bytes = compressed.or_else(|_| fs::metadata(&file)).while_(|| file.display().to_string())?.len();
    usize::try_from(bytes).while_(|| file.display().to_string())
}

fn table(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let mark = if row.exceeds() { "  TOO LARGE" } else { "" };
        let share = row.bytes * 100 / row.bytes_max;
        format!("{:<28}{:>10}{:>10}{:>6} %{mark}\n", row.what, kilobytes(row.bytes), kilobytes(row.bytes_max), share)
    };
    let head = format!("{:<28}{:>10}{:>10}{:>6}\n", "sent, in KB", "size", "at most", "");
    head + &rows.iter().map(line).collect::<String>()
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

fn verdict(rows: &[Row]) -> Result<()> {
    let over: Vec<String> = rows.iter().filter(|row| row.exceeds()).map(|row| row.what.clone()).collect();
    if over.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "too large: {}. Make it smaller, or argue for another bound in xtask/src/budget.rs",
        over.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(bytes: usize, bytes_max: usize) -> Row {
        Row { what: "stylesheet".into(), bytes, bytes_max }
    }

    #[test]
    fn a_bound_may_be_reached_but_not_exceeded() {
        assert!(verdict(&[row(10_000, 10_000)]).is_ok());
        let failure = verdict(&[row(1, 2), row(10_001, 10_000)]).expect_err("one byte too many");
        assert!(failure.to_string().starts_with("too large: stylesheet."), "{failure}");
    }

    #[test]
    fn the_table_says_which_row_is_too_large() {
        let table = table(&[row(5_400, 10_000), row(10_100, 10_000)]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[1], "stylesheet                         5.4      10.0    54 %");
        assert_eq!(lines[2], "stylesheet                        10.1      10.0   101 %  TOO LARGE");
    }
}
