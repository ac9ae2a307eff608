//! Written hours as people mean them, where the parser would take them for something else or for
//! nothing. Misreading hours as "open" sends people to closed doors, hence:
//!
//! - `Su, PH off`: the space makes a rule "open all Sunday"; people mean both days.
//! - `Mo-Th 08:00-18:00,Fr 08:00-13:00`: without the space the parser stops.
//! - `Mo–Fr 9:00–17:00`: dashes that a word processor made.
//! - `"by appointment"` alone: the parser says open day and night; the syntax means "unknown".
//! - `Sa 18:00+`: open end; nobody knows whether it is open at any minute after.

use opening_hours::RuleKind;
use opening_hours_syntax::ExtendedTime;
use opening_hours_syntax::rules::RuleSequence;
use opening_hours_syntax::rules::time::{Time, TimeSpan};

/// Holidays and weekdays as they stand in lists.
const DAYS: [&str; 9] = ["mo", "tu", "we", "th", "fr", "sa", "su", "ph", "sh"];

/// `written` with lists of days closed up and lists of rules spaced out; words in quotes stay.
pub(super) fn tidy(written: &str) -> String {
    let quoted = |at: usize| at % 2 == 1;
    let parts = written.split('"').enumerate();
    let tidied = parts.map(|(at, part)| if quoted(at) { part.to_owned() } else { commas(&dashes(part)) });
    tidied.collect::<Vec<_>>().join("\"")
}

fn dashes(part: &str) -> String {
    part.replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'], "-").replace('\u{a0}', " ")
}

fn commas(part: &str) -> String {
    let mut pieces = part.split(',');
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let next = piece.trim_start();
        let day_follows = begins_with_day(next);
        if day_follows && ends_with_day(whole.trim_end()) {
            whole.truncate(whole.trim_end().len());
            whole.push(',');
            whole.push_str(next);
        } else if day_follows && whole.ends_with(|c: char| c.is_ascii_digit()) {
            whole.push_str(", ");
            whole.push_str(next);
        } else {
            whole.push(',');
            whole.push_str(piece);
        }
    }
    whole
}

fn is_day(word: &str) -> bool {
    DAYS.iter().any(|day| word.eq_ignore_ascii_case(day))
}

fn begins_with_day(text: &str) -> bool {
    let word = text.get(..2).is_some_and(is_day);
    word && !text[2..].starts_with(char::is_alphabetic)
}

fn ends_with_day(text: &str) -> bool {
    let Some(start) = text.len().checked_sub(2) else { return false };
    text.get(start..).is_some_and(is_day) && !text[..start].ends_with(char::is_alphabetic)
}

/// The kind of a rule as its writer means it.
pub(super) fn meant(rule: &RuleSequence, written: &str) -> RuleKind {
    let only_words =
        !rule.comment.is_empty() && !is_said_open(&rule.comment, written) && rule.time_selector.spans.iter().all(is_whole_day);
    let open_end = rule.time_selector.spans.iter().all(|span| span.open_end && ends(span, ExtendedTime::MIDNIGHT_24));
    match rule.kind {
        RuleKind::Open if only_words || open_end => RuleKind::Unknown,
        kind => kind,
    }
}

/// Whether the rule with this comment says itself that it is open; what its words in quotes say is no syntax.
fn is_said_open(comment: &str, written: &str) -> bool {
    let mut syntax = "";
    written.split('"').enumerate().any(|(at, part)| {
        if at % 2 == 1 {
            return part == comment && ["24/7", "open"].iter().any(|word| syntax.contains(word));
        }
        // Up to the words, and no farther back than the rule begins.
        syntax = part.rsplit([';', '|', ',']).next().unwrap_or_default();
        false
    })
}

fn is_whole_day(span: &TimeSpan) -> bool {
    span.range.start == Time::Fixed(ExtendedTime::MIDNIGHT_00) && ends(span, ExtendedTime::MIDNIGHT_24)
}

fn ends(span: &TimeSpan, end: ExtendedTime) -> bool {
    span.range.end == Time::Fixed(end)
}
