//! Real opening hours of Berlin against two known evaluators (`../shared/data`, when it is there).

use flate2::read::GzDecoder;
use serde::Deserialize;
use shared::hours::{self, Schedule};
use shared::ids::{Day, Moment};
use std::collections::BTreeMap;
use std::path::Path;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/opening_hours/berlin_dev.golden.json.gz");
/// Fortnights that begin here contain the last Sunday of March or of October.
const CLOCK_CHANGES: [&str; 2] = ["2026-03-25", "2026-10-19"];
const AGREEMENT_MIN: f64 = 0.97;

#[derive(Deserialize)]
struct Golden {
    values: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    value: String,
    rust: Option<String>,
    #[serde(default)]
    windows: Vec<Window>,
}

#[derive(Deserialize)]
struct Window {
    from: Moment,
    to: Moment,
    /// From, to, `open` or `unknown`, perhaps a comment.
    intervals: Vec<Vec<String>>,
}

/// Open and uncertain time as minutes since 1970, from and to, joined where they touch.
type Timeline = BTreeMap<bool, Vec<(i64, i64)>>;

fn minutes(moment: Moment) -> i64 {
    i64::from(moment.day.0) * 1_440 + i64::from(moment.minute)
}

fn joined(mut pieces: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    pieces.sort_unstable();
    let mut whole: Vec<(i64, i64)> = Vec::new();
    for (from, to) in pieces {
        match whole.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => whole.push((from, to)),
        }
    }
    whole
}

fn timeline(pieces: impl Iterator<Item = (bool, i64, i64)>, from: i64, to: i64) -> Timeline {
    let mut found = Timeline::new();
    for (uncertain, start, end) in pieces {
        let (start, end) = (start.max(from), end.min(to));
        if start < end {
            found.entry(uncertain).or_default().push((start, end));
        }
    }
    found.into_iter().map(|(uncertain, pieces)| (uncertain, joined(pieces))).collect()
}

fn ours(schedule: &Schedule, window: &Window) -> Timeline {
    let (first, last) = (window.from.day.plus(-1), window.to.day);
    let days = (first.0..=last.0).map(Day);
    let pieces = days.flat_map(|day| {
        let midnight = i64::from(day.0) * 1_440;
        let spans = schedule.day(day).unwrap_or_default().iter();
        spans.map(move |span| (span.uncertain, midnight + i64::from(span.from), midnight + i64::from(span.to)))
    });
    timeline(pieces, minutes(window.from), minutes(window.to))
}

fn theirs(window: &Window) -> Timeline {
    let at = |text: &String| minutes(text.parse().expect("a moment"));
    let pieces = window.intervals.iter().map(|interval| (interval[2] != "open", at(&interval[0]), at(&interval[1])));
    timeline(pieces, minutes(window.from), minutes(window.to))
}

/// What a row differs in, by what its text contains; `None` when every window agrees.
fn miss(row: &Row) -> Option<String> {
    let today = row.windows.first()?.from.day;
    let Some(schedule) = hours::expand(&row.value, Some("DE"), today, &[]) else {
        return Some("not read".to_owned());
    };
    let differing: Vec<&Window> = row.windows.iter().filter(|window| ours(&schedule, window) != theirs(window)).collect();
    let only_at_clock_change = differing.iter().all(|window| CLOCK_CHANGES.contains(&window.from.day.to_string().as_str()));
    if !differing.is_empty() && only_at_clock_change {
        return Some("differs in fortnights with a clock change only (tables are wall-clock time)".to_owned());
    }
    let cause = ["SH", "PH", "sunrise", "sunset", "week", "easter", "unknown", "\"", "+", "||"];
    let cause = cause.into_iter().find(|part| row.value.contains(part)).unwrap_or("other");
    (!differing.is_empty()).then(|| format!("differs, has {cause}"))
}

fn load() -> Option<Vec<Row>> {
    if !Path::new(GOLDEN).exists() {
        println!("skipped: {GOLDEN} is not here");
        return None;
    }
    let file = std::fs::File::open(GOLDEN).expect("the file can be opened");
    let golden: Golden = serde_json::from_reader(GzDecoder::new(file)).expect("the file has the form that its README tells");
    Some(golden.values)
}

fn tally<'a>(name: &str, rows: impl Iterator<Item = &'a Row>) -> f64 {
    let (mut all, mut misses) = (0_usize, BTreeMap::<String, Vec<&str>>::new());
    for row in rows {
        all += 1;
        if let Some(cause) = miss(row) {
            misses.entry(cause).or_default().push(&row.value);
        }
    }
    let missed: usize = misses.values().map(Vec::len).sum();
    let agreement = (all - missed) as f64 / all.max(1) as f64;
    println!("{name}: {} of {all} rows agree, {:.2} %", all - missed, agreement * 100.0);
    for (cause, values) in misses {
        println!("  {cause}: {}", values.len());
        for value in values.iter().take(12) {
            println!("    {value}");
        }
    }
    agreement
}

#[test]
fn berlin_reads_as_two_evaluators_agree() {
    let Some(rows) = load() else { return };
    tally("all rows with intervals", rows.iter().filter(|row| !row.windows.is_empty()));
    let agreement = tally("rows where both evaluators agree", rows.iter().filter(|row| row.rust.as_deref() == Some("agree")));
    assert!(agreement >= AGREEMENT_MIN, "{agreement}");
}
