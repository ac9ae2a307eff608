//! From OSM syntax to days of spans, and from announced changes over them. The one module that
//! evaluates the syntax; it runs at publication and in a member's replica, never in a reader's page.

use super::{DAY_MINUTES, Schedule, Span};
use super::{table, tidy};
use crate::ids::Day;
use crate::limits::{HOURS_CHARS_MAX, SCHEDULE_DAYS};
use chrono::NaiveDate;
use opening_hours::localization::Country;
use opening_hours::{Context, OpeningHours, RuleKind};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A span that runs past midnight is told as one when it ends before this minute of the next day;
/// longer ones (day and night) are told day by day.
const NIGHT_ENDS: u16 = 720;

/// Something else that holds from a day to a day, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    pub from: Day,
    pub to: Day,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Closed,
    /// These hours hold instead, in OSM syntax.
    Instead(String),
    /// Only what falls into these hours remains: a service of a place whose hours changed.
    Within(String),
}

/// The tables of `written` around `today`, with public and school holidays of `country` (ISO 3166-1
/// alpha-2) and what was announced. `None` when `written` cannot be read.
///
/// The tables start with the month, so that publishing again within a month changes nothing.
pub fn expand(written: &str, country: Option<&str>, today: Day, announced: &[Announced]) -> Option<Schedule> {
    let range = covered(today);
    let mut days = Rules::read(written, country)?.days(&range)?;
    for change in announced {
        announce(change, country, &range, &mut days);
    }
    Some(table::tabulate(written.trim(), range.start, days))
}

/// From the day before the month of `today`, so that a night that began then is known, to at least
/// [`SCHEDULE_DAYS`] after `today`.
fn covered(today: Day) -> Range<Day> {
    let (_, _, day) = today.civil();
    let from = today.plus(-(day as i32));
    from..from.plus(SCHEDULE_DAYS + 32)
}

/// Written hours that were read, with the holidays that hold.
pub(super) struct Rules(OpeningHours);

impl Rules {
    pub(super) fn read(written: &str, country: Option<&str>) -> Option<Rules> {
        let written = written.trim();
        if written.is_empty() || written.chars().count() > HOURS_CHARS_MAX {
            return None;
        }
        let hours = guarded(|| parse(&tidy::tidy(written)))?;
        Some(Rules(hours.with_context(context(country))))
    }

    /// The spans that begin on each day of `range`.
    pub(super) fn days(&self, range: &Range<Day>) -> Option<Vec<Vec<Span>>> {
        let count = range.end.since(range.start);
        // One more, for the night of the last day.
        let pieces = guarded(|| (0..=count).map(|ahead| self.pieces(range.start.plus(ahead))).collect::<Option<Vec<_>>>())?;
        let mut days = join_nights(pieces);
        days.pop();
        Some(days)
    }

    /// What holds on one calendar day, cut at midnight.
    fn pieces(&self, day: Day) -> Option<Vec<Span>> {
        let ranges = self.0.schedule_at(date(day)?).into_iter();
        let open = ranges.filter(|range| range.kind != RuleKind::Closed);
        let span = |range: opening_hours::schedule::TimeRange| Span {
            from: minutes(range.range.start),
            to: minutes(range.range.end).min(DAY_MINUTES),
            uncertain: range.kind == RuleKind::Unknown,
            comment: Some(range.comment.trim().to_owned()).filter(|comment| !comment.is_empty()),
        };
        Some(open.map(span).filter(|span| span.from < span.to).collect())
    }
}

/// The rules of tidied hours, each with the kind that its writer means. The evaluator takes text
/// only, so rules that were changed are written out again for it.
fn parse(written: &str) -> Option<OpeningHours> {
    let mut expression = opening_hours_syntax::parse(written).ok()?;
    let mut changed = false;
    for rule in &mut expression.rules {
        let kind = tidy::meant(rule, written);
        changed |= kind != rule.kind;
        rule.kind = kind;
    }
    if changed { expression.to_string().parse().ok() } else { written.parse().ok() }
}

/// The parser is another's code on text that anyone may write: a panic in it reads as "cannot be
/// read". (In a browser a panic ends the replica; the fuzz test of this module looks for any.)
fn guarded<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

fn context(country: Option<&str>) -> Context {
    let country: Option<Country> = country.and_then(|code| code.to_ascii_uppercase().parse().ok());
    let holidays = country.map(Country::holidays).unwrap_or_default();
    Context::default().with_holidays(holidays)
}

fn date(day: Day) -> Option<NaiveDate> {
    let (year, month, day) = day.civil();
    NaiveDate::from_ymd_opt(year, month, day)
}

fn minutes(time: opening_hours_syntax::ExtendedTime) -> u16 {
    u16::from(time.hour()) * 60 + u16::from(time.minute())
}

/// Gives what runs past midnight to the day on which it began.
fn join_nights(mut days: Vec<Vec<Span>>) -> Vec<Vec<Span>> {
    for next in 1..days.len() {
        let (before, after) = days.split_at_mut(next);
        let (Some(evening), Some(morning)) = (before[next - 1].last_mut(), after[0].first()) else { continue };
        let same = evening.uncertain == morning.uncertain && evening.comment == morning.comment;
        let one_night = evening.to == DAY_MINUTES && evening.from > 0 && morning.from == 0 && morning.to <= NIGHT_ENDS;
        if same && one_night {
            evening.to = DAY_MINUTES + morning.to;
            after[0].remove(0);
        }
    }
    days
}

/// Writes an announced change over the days it concerns.
fn announce(announced: &Announced, country: Option<&str>, range: &Range<Day>, days: &mut [Vec<Span>]) {
    let first = announced.from.max(range.start);
    let last = announced.to.min(range.end.plus(-1));
    if last < first {
        return;
    }
    let instead = instead(&announced.change, country, &(first..last.plus(1)));
    for (ahead, spans) in instead.into_iter().enumerate() {
        let Some(day) = days.get_mut(first.since(range.start) as usize + ahead) else { return };
        *day = match announced.change {
            Change::Within(_) => common(day, &spans),
            Change::Closed | Change::Instead(_) => spans,
        };
    }
}

/// The announced days. Hours that cannot be read leave the whole day uncertain, in the writer's words.
fn instead(change: &Change, country: Option<&str>, range: &Range<Day>) -> Vec<Vec<Span>> {
    let count = range.end.since(range.start) as usize;
    let written = match change {
        Change::Closed => return vec![Vec::new(); count],
        Change::Instead(written) | Change::Within(written) => written,
    };
    // From the day before: what a night before the first day would leave of itself belongs to that one.
    let from_before = range.start.plus(-1)..range.end;
    let read = Rules::read(written, country).and_then(|rules| rules.days(&from_before));
    read.map(|days| days.into_iter().skip(1).collect()).unwrap_or_else(|| {
        let words = Some(written.trim().to_owned()).filter(|words| !words.is_empty());
        vec![vec![Span { from: 0, to: DAY_MINUTES, uncertain: true, comment: words }]; count]
    })
}

/// What two days have in common; uncertain where one of them is.
fn common(one: &[Span], other: &[Span]) -> Vec<Span> {
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
    let both = pairs.map(|(a, b)| Span {
        from: a.from.max(b.from),
        to: a.to.min(b.to),
        uncertain: a.uncertain || b.uncertain,
        comment: a.comment.clone().or_else(|| b.comment.clone()),
    });
    both.filter(|span| span.from < span.to).collect()
}
