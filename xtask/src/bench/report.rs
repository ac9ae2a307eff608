//! From measurements to a table in Markdown: what each is called, how it is shown, what we aim at.

use crate::failure::{Result, While};
use serde_json::Value;
use std::collections::BTreeMap;

/// One line of the table.
pub struct Row {
    label: &'static str,
    what: &'static str,
    show: Show,
    unit: &'static str,
    aim: Option<Aim>,
}

#[derive(Clone, Copy)]
enum Show {
    /// The value below or at which so many percent of them are; 50 is the middle one.
    Percentile(usize),
    /// The lowest and the highest.
    Range,
}

#[derive(Clone, Copy)]
enum Aim {
    AtMost(f64),
    AtLeast(f64),
    /// No more than the middle of another measurement of the same run.
    NoMoreThan(&'static str),
}

use Aim::{AtLeast, AtMost, NoMoreThan};
const MIDDLE: Show = Show::Percentile(50);
const LOWEST: Show = Show::Percentile(0);
const HIGHEST: Show = Show::Percentile(100);

const fn row(label: &'static str, what: &'static str, show: Show, unit: &'static str, aim: Option<Aim>) -> Row {
    Row { label, what, show, unit, aim }
}

pub const ROWS: [Row; 60] = [
    row("edit durable at the relay, p50", "edit-durable-ms", MIDDLE, "ms", None),
    row("edit on a second device, loopback, p50", "edit-visible-ms", MIDDLE, "ms", Some(AtMost(15.0))),
    row("edit on a second device, loopback, p95", "edit-visible-ms", Show::Percentile(95), "ms", None),
    row("one-field edit, sealed batch", "edit-batch-bytes", MIDDLE, "bytes", Some(AtMost(600.0))),
    row("one-field edit, up with a bare HTTP/1.1 head", "edit-up-bytes", MIDDLE, "bytes", Some(AtMost(600.0))),
    row("one-field edit, down", "edit-down-bytes", MIDDLE, "bytes", None),
    row("new place, sealed batch", "place-batch-bytes", MIDDLE, "bytes", None),
    row("new place, up with a bare HTTP/1.1 head", "place-up-bytes", MIDDLE, "bytes", None),
    row("new place, down", "place-down-bytes", MIDDLE, "bytes", None),
    row("joining a guide of 1,000 places, up", "join-up-bytes", MIDDLE, "bytes", None),
    row("joining a guide of 1,000 places, down", "join-down-bytes", MIDDLE, "bytes", None),
    row("1,000 offline edits, until all are durable", "offline-durable-s", MIDDLE, "s", None),
    row("1,000 offline edits, until all are on a second device", "offline-visible-s", MIDDLE, "s", None),
    row("durable batches, 8 devices at once", "batches-per-s", MIDDLE, "/s", None),
    row("raw SQLite commits on the same disk, before and after", "raw-commits-per-s", Show::Range, "/s", None),
    row("batches beside raw commits", "batches-ratio-percent", MIDDLE, "%", Some(AtLeast(80.0))),
    row("home pages (1,000 places), 4 readers", "home-pages-per-s", MIDDLE, "/s", None),
    row("list pages (50 places), 4 readers", "list-pages-per-s", MIDDLE, "/s", None),
    row("place pages, 4 readers", "place-pages-per-s", MIDDLE, "/s", None),
    row("relay memory, 10,000 places, started", "memory-started-mib", MIDDLE, "MiB", None),
    row("… after pages and the edition were read", "memory-read-mib", MIDDLE, "MiB", Some(AtMost(128.0))),
    row("… after a device joined", "memory-joined-mib", MIDDLE, "MiB", Some(AtMost(128.0))),
    row("… highest, publishing included", "memory-highest-mib", MIDDLE, "MiB", Some(AtMost(128.0))),
    row("offline start to list, 1,000 places, CPU 6×", "offline-list-1000-ms", MIDDLE, "ms", Some(AtMost(1_500.0))),
    row("… lowest and highest", "offline-list-1000-ms", Show::Range, "ms", None),
    row("offline start to list, 10,000 places, CPU 6×", "offline-list-10000-ms", MIDDLE, "ms", Some(AtMost(2_500.0))),
    row("… lowest and highest", "offline-list-10000-ms", Show::Range, "ms", None),
    row("… 1,000 places, a phone of the low tier", "low-offline-list-1000-ms", MIDDLE, "ms", Some(AtMost(1_500.0))),
    row("… 10,000 places, a phone of the low tier", "low-offline-list-10000-ms", MIDDLE, "ms", Some(AtMost(2_500.0))),
    row("keystroke to results, 10,000 places, CPU 6×, p50", "keys-10000-ms", MIDDLE, "ms", Some(AtMost(100.0))),
    row("… p95", "keys-10000-ms", Show::Percentile(95), "ms", Some(AtMost(100.0))),
    row("… a phone of the low tier, p50", "low-keys-10000-ms", MIDDLE, "ms", Some(AtMost(100.0))),
    row("… a phone of the low tier, p95", "low-keys-10000-ms", Show::Percentile(95), "ms", Some(AtMost(100.0))),
    row("… the first, which makes the index, CPU 6×", "first-key-10000-ms", MIDDLE, "ms", None),
    row(
        "first visit to home, LCP (400 kbit/s, 400 ms, CPU 6×)",
        "visit-home-lcp-ms",
        MIDDLE,
        "ms",
        Some(NoMoreThan("visit-home-plain-lcp-ms")),
    ),
    row("… lowest and highest", "visit-home-lcp-ms", Show::Range, "ms", None),
    row("… a plain page of the same content", "visit-home-plain-lcp-ms", MIDDLE, "ms", None),
    row("… everything sent, app and 1,000 places", "visit-home-kb", MIDDLE, "KB", None),
    row(
        "first visit to a list, LCP (the same network)",
        "visit-list-lcp-ms",
        MIDDLE,
        "ms",
        Some(NoMoreThan("visit-list-plain-lcp-ms")),
    ),
    row("… lowest and highest", "visit-list-lcp-ms", Show::Range, "ms", None),
    row("… a plain page of the same content", "visit-list-plain-lcp-ms", MIDDLE, "ms", None),
    row("… everything sent, app and 1,000 places", "visit-list-kb", MIDDLE, "KB", None),
    row("a copy of 1,000 places in one language, down", "edition-1000-kb", MIDDLE, "KB", Some(AtMost(150.0))),
    row("… looked after, nothing new, down", "refresh-unchanged-bytes", MIDDLE, "bytes", Some(AtMost(2_000.0))),
    row("a tour of 1,000 places, INP, CPU 6×", "tour-bench-inp-ms", MIDDLE, "ms", Some(AtMost(200.0))),
    row("… lowest and highest", "tour-bench-inp-ms", Show::Range, "ms", None),
    row("… a phone of the low tier", "low-tour-bench-inp-ms", MIDDLE, "ms", Some(AtMost(200.0))),
    row("… CLS, the highest", "tour-bench-cls", HIGHEST, "", Some(AtMost(0.02))),
    row("a tour of the demo guide, French and Arabic, INP, CPU 6×", "tour-demo-inp-ms", MIDDLE, "ms", Some(AtMost(200.0))),
    row("… lowest and highest", "tour-demo-inp-ms", Show::Range, "ms", None),
    row("… a phone of the low tier", "low-tour-demo-inp-ms", MIDDLE, "ms", Some(AtMost(200.0))),
    row("… CLS, the highest", "tour-demo-cls", HIGHEST, "", Some(AtMost(0.02))),
    row("Lighthouse performance, lowest of six pages", "lighthouse-performance", LOWEST, "", Some(AtLeast(95.0))),
    row("… slowed as its documentation advises for this machine", "lighthouse-calibrated", LOWEST, "", Some(AtLeast(95.0))),
    row("… accessibility", "lighthouse-accessibility", LOWEST, "", Some(AtLeast(95.0))),
    row("… best practices", "lighthouse-best-practices", LOWEST, "", Some(AtLeast(95.0))),
    row("… SEO", "lighthouse-seo", LOWEST, "", Some(AtLeast(95.0))),
    row("this machine's speed, as Lighthouse counts it", "lighthouse-machine", MIDDLE, "", None),
    row(
        "… slower for a phone of the middle tier, as it advises, rather than 4 times",
        "lighthouse-slowdown",
        MIDDLE,
        "times",
        None,
    ),
    row("… slower for a phone of the low tier, by the same count", "low-tier-slowdown", MIDDLE, "times", None),
];

/// What was measured, by name.
#[derive(Default)]
pub struct Measurements {
    values: BTreeMap<String, Vec<f64>>,
    texts: BTreeMap<String, String>,
}

impl Measurements {
    /// Takes in lines such as `{"what": "edit-visible-ms", "values": [7.1, 8.0]}`.
    pub fn read(&mut self, lines: &str) -> Result<()> {
        for line in lines.lines() {
            let measurement: Value = serde_json::from_str(line).while_(|| format!("not a measurement: {line}"))?;
            let what = measurement["what"].as_str().unwrap_or_default().to_owned();
            if let Some(text) = measurement["text"].as_str() {
                self.texts.insert(what, text.to_owned());
            } else {
                let values = measurement["values"].as_array().into_iter().flatten().filter_map(Value::as_f64);
                self.values.insert(what, values.collect());
            }
        }
        Ok(())
    }

    pub fn text(&self, what: &str) -> Option<&str> {
        self.texts.get(what).map(String::as_str)
    }
}

/// The rows that were measured.
pub fn table(rows: &[Row], measurements: &Measurements) -> String {
    let line = |row: &Row| {
        let mut values = measurements.values.get(row.what).filter(|values| !values.is_empty())?.clone();
        values.sort_by(f64::total_cmp);
        let aim = row.aim.map(|aim| aim.bound(measurements));
        let verdict = match aim {
            None => "",
            Some(None) => "**not compared**",
            Some(Some(aim)) if aim.is_met(row.show.judged(&values)) => "met",
            Some(Some(_)) => "**missed**",
        };
        let aim = aim.flatten().map_or_else(String::new, |aim| aim.shown(row.unit));
        Some(format!("| {} | {} | {aim} | {verdict} |\n", row.label, with_unit(row.show.shown(&values), row.unit)))
    };
    let head = "| | measured | aim | |\n|---|--:|--:|---|\n".to_owned();
    head + &rows.iter().filter_map(line).collect::<String>()
}

impl Show {
    /// The value that is held against the aim. `sorted` is not empty.
    fn judged(self, sorted: &[f64]) -> f64 {
        match self {
            Show::Percentile(percent) => percentile(sorted, percent),
            Show::Range => percentile(sorted, 100),
        }
    }

    fn shown(self, sorted: &[f64]) -> String {
        match self {
            Show::Percentile(_) => number(self.judged(sorted)),
            Show::Range => format!("{} – {}", number(percentile(sorted, 0)), number(percentile(sorted, 100))),
        }
    }
}

impl Aim {
    /// The number that is aimed at; `None` where what it is taken from was not measured.
    fn bound(self, measurements: &Measurements) -> Option<Bound> {
        Some(match self {
            AtMost(most) => Bound { most: true, value: most },
            AtLeast(least) => Bound { most: false, value: least },
            NoMoreThan(what) => {
                let mut values = measurements.values.get(what).filter(|values| !values.is_empty())?.clone();
                values.sort_by(f64::total_cmp);
                Bound { most: true, value: MIDDLE.judged(&values) }
            }
        })
    }
}

#[derive(Clone, Copy)]
struct Bound {
    /// Or else at least.
    most: bool,
    value: f64,
}

impl Bound {
    fn is_met(self, value: f64) -> bool {
        if self.most { value <= self.value } else { value >= self.value }
    }

    fn shown(self, unit: &str) -> String {
        let sign = if self.most { '≤' } else { '≥' };
        format!("{sign} {}", with_unit(number(self.value), unit))
    }
}

/// Scores have no unit.
fn with_unit(number: String, unit: &str) -> String {
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

/// By nearest rank: always a value that was measured. `sorted` is not empty.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted[rank.saturating_sub(1)]
}

/// Three digits that count, thousands set apart: `1,234`, `12.3`, `1.23`, `0.012`.
fn number(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 100.0 || large.fract() == 0.0 => 0,
        medium if medium >= 10.0 => 1,
        small if small >= 0.1 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let grouped: Vec<&str> =
        whole.as_bytes().rchunks(3).rev().map(|digits| std::str::from_utf8(digits).unwrap_or_default()).collect();
    grouped.join(",") + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let sorted: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!([0, 50, 95, 100].map(|percent| percentile(&sorted, percent)), [1.0, 10.0, 19.0, 20.0]);
        assert_eq!(percentile(&[7.0], 95), 7.0);
    }

    #[test]
    fn numbers_show_what_counts() {
        let values = [1_234_567.4, 1_500.0, 12.34, 1.234, 15.0, 0.0123, 0.0];
        assert_eq!(values.map(number), ["1,234,567", "1,500", "12.3", "1.23", "15", "0.012", "0"]);
    }

    #[test]
    fn a_missed_aim_is_called_missed() {
        let rows = [
            row("quick", "a", MIDDLE, "ms", Some(AtMost(15.0))),
            row("share", "b", MIDDLE, "%", Some(AtLeast(80.0))),
            row("alone", "c", Show::Range, "/s", None),
            row("lowest score", "e", LOWEST, "", Some(AtLeast(95.0))),
            row("highest shift", "f", HIGHEST, "", Some(AtMost(0.02))),
            row("not measured", "d", MIDDLE, "ms", Some(AtMost(1.0))),
            row("beside another", "a", MIDDLE, "ms", Some(NoMoreThan("g"))),
            row("beside nothing", "a", MIDDLE, "ms", Some(NoMoreThan("h"))),
        ];
        let mut measurements = Measurements::default();
        let lines = [
            r#"{"what":"a","values":[16,9,15]}"#,
            r#"{"what":"b","values":[79.9]}"#,
            r#"{"what":"c","values":[3,1]}"#,
            r#"{"what":"e","values":[100,94,99]}"#,
            r#"{"what":"f","values":[0,0.0201,0.01]}"#,
            r#"{"what":"g","values":[14,1,99]}"#,
        ];
        measurements.read(&lines.join("\n")).expect("six measurements");
        let expected = "| | measured | aim | |\n|---|--:|--:|---|\n| quick | 15 ms | ≤ 15 ms | met |\n\
            | share | 79.9 % | ≥ 80 % | **missed** |\n| alone | 1 – 3 /s |  |  |\n\
            | lowest score | 94 | ≥ 95 | **missed** |\n| highest shift | 0.020 | ≤ 0.020 | **missed** |\n\
            | beside another | 15 ms | ≤ 14 ms | **missed** |\n| beside nothing | 15 ms |  | **not compared** |\n";
        assert_eq!(table(&rows, &measurements), expected);
        assert!(measurements.read("a relay's complaint").is_err());
    }
}
