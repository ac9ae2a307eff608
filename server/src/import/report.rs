//! What an import would do or has done, in words for the person at the terminal.

use super::plan::Plan;
use super::{LeftOut, Skipped};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Lines of each list before "and N more".
const LINES_SHOWN: usize = 12;

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            ("new", self.new.len()),
            ("changed", self.changed.len()),
            ("unchanged", self.unchanged.len()),
            ("fields kept as people changed them", self.kept_by_hand.len()),
            ("skipped", self.skipped.len()),
            ("no longer in the source (they stay)", self.missing.len()),
        ];
        for (what, count) in counts {
            writeln!(f, "{count:>7}  {what}")?;
        }
        self.changes(f)?;
        self.kept(f)?;
        grouped(f, "Skipped:", self.skipped.iter().map(|Skipped { at, why }| (why.to_string(), at.to_string())))?;
        let left_out = self.left_out.iter().map(|LeftOut { at, field, reason }| (format!("{field}: {reason}"), at.to_string()));
        grouped(f, "Left out of what is imported:", left_out)?;
        list(f, "No longer in the source:", self.missing.iter().map(|(id, name)| format!("{name} ({id})")))
    }
}

impl Plan {
    fn changes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.changed.iter().map(|changed| {
            let fields: Vec<String> = changed.edits.iter().map(|edit| edit.path().to_string()).collect();
            format!("{}: {}", changed.candidate.label, fields.join(", "))
        });
        list(f, "Changed:", lines)
    }

    fn kept(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.kept_by_hand.iter().map(|(candidate, kept)| {
            let (source, present) = (shown(&kept.source), shown(&kept.present));
            format!("{}: {} stays {present}, the source says {source}", candidate.label, kept.path)
        });
        list(f, "Kept as people changed them:", lines)
    }
}

/// A value on one line, cut where it is long.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => return "nothing".to_owned(),
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

fn list(f: &mut fmt::Formatter<'_>, title: &str, lines: impl ExactSizeIterator<Item = String>) -> fmt::Result {
    let more = lines.len().saturating_sub(LINES_SHOWN);
    if lines.len() > 0 {
        writeln!(f, "\n{title}")?;
    }
    for line in lines.take(LINES_SHOWN) {
        writeln!(f, "  {line}")?;
    }
    if more > 0 { writeln!(f, "  and {more} more") } else { Ok(()) }
}

/// One line for each reason, the commonest first, with where it holds.
fn grouped(f: &mut fmt::Formatter<'_>, title: &str, entries: impl Iterator<Item = (String, String)>) -> fmt::Result {
    let mut by_reason: BTreeMap<String, Vec<String>> = BTreeMap::new();
    entries.for_each(|(reason, at)| by_reason.entry(reason).or_default().push(at));
    let mut reasons: Vec<_> = by_reason.into_iter().collect();
    reasons.sort_by_key(|(_, at)| std::cmp::Reverse(at.len()));
    let lines = reasons.iter().map(|(reason, at)| match at.as_slice() {
        [one] => format!("{one}: {reason}"),
        many => format!("{} × {reason} ({}, …)", many.len(), many[..2].join(", ")),
    });
    list(f, title, lines)
}
