//! Opening hours: from the written `opening_hours` (OSM syntax) to tables that any phone can read.
//!
//! Expanded once, at publication, in guide-local wall-clock time: the usual week, seasons with a week
//! of their own, and every dated day of the next [`crate::limits::SCHEDULE_DAYS`] on which something
//! else holds (public holidays, announced closures). What cannot be read is shown as written and
//! never as "closed". Reading the tables knows nothing of the syntax: [`expand`] and [`explain`]
//! alone reach the parser, so that a reader's browser does not carry it.

use crate::ids::{Day, Moment};
use crate::order::Ordered;

mod compact;
mod expand;
mod explain;
mod table;
mod tidy;

pub use expand::{Announced, Change, expand};
pub use explain::explain;

const DAY_MINUTES: u16 = 1_440;

/// Seven days of spans, Monday first.
pub type Week = [Vec<Span>; 7];

/// Opening hours as tables. Days are those on which a span *begins*; a span may run past midnight.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// As the collective wrote it.
    pub written: String,
    /// The usual week: what holds unless a season or a dated day says otherwise.
    pub week: Week,
    /// Parts of the year with a week of their own, by rising days, never overlapping.
    pub seasons: Vec<Season>,
    /// Days that differ from their week; an empty list means closed on that day.
    pub dated: Ordered<Day, Vec<Span>>,
    /// First day that the tables speak of.
    pub from: Day,
    /// First day that they no longer speak of: from then on hours are unknown.
    pub until: Day,
}

/// Days, both included, that follow another week than the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    pub from: Day,
    pub to: Day,
    pub week: Week,
}

/// From a minute of the day to a later one; beyond 1440 it is the next day.
/// As JSON `[540,720]`, `[540,720,1]` when uncertain, `[540,720,1,"by appointment"]` with a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub from: u16,
    pub to: u16,
    /// Open only perhaps: "by appointment", "ask first". Never counted as open or as closed.
    pub uncertain: bool,
    pub comment: Option<String>,
}

/// What the tables say of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// `until` is when it closes; `None` when no closing is in sight (day and night).
    Open { until: Option<Moment> },
    /// Perhaps open: ask first. `comment` is the reason in the collective's words.
    Uncertain { until: Moment, comment: Option<String> },
    /// `opens` is the next moment it opens for certain, if the tables know one.
    Closed { opens: Option<Moment> },
    /// The tables do not speak of this day.
    Unknown,
}

impl Schedule {
    /// The spans that begin on `day`; `None` when the tables do not speak of it.
    pub fn day(&self, day: Day) -> Option<&[Span]> {
        if day < self.from || day >= self.until {
            return None;
        }
        let usual = &self.week_of(day)[day.weekday() as usize];
        Some(self.dated.get(&day).unwrap_or(usual))
    }

    /// The week that `day` follows: its season's or the usual one. For showing a table of hours.
    pub fn week_of(&self, day: Day) -> &Week {
        let season = self.seasons.iter().find(|season| season.from <= day && day <= season.to);
        season.map_or(&self.week, |season| &season.week)
    }

    /// Whether it is open at `now`, and until when or from when.
    pub fn state(&self, now: Moment) -> State {
        let here: Vec<Running<'_>> = self.around(now).filter(|span| span.from <= 0 && 0 < span.to).collect();
        if let Some(open) = here.iter().find(|span| !span.span.uncertain) {
            return State::Open { until: self.closing(now, open.to) };
        }
        if let Some(perhaps) = here.first() {
            let until = moment_after(now, perhaps.to);
            return State::Uncertain { until, comment: perhaps.span.comment.clone() };
        }
        match self.day(now.day) {
            Some(_) => State::Closed { opens: self.opening(now) },
            None => State::Unknown,
        }
    }

    /// Spans that begin on the day before `now`, the day itself or the next, in minutes from `now`.
    fn around(&self, now: Moment) -> impl Iterator<Item = Running<'_>> {
        (-1..=1).flat_map(move |days| self.running(now, days))
    }

    fn running(&self, now: Moment, days: i32) -> impl Iterator<Item = Running<'_>> {
        let midnight = days * i32::from(DAY_MINUTES) - i32::from(now.minute);
        let spans = self.day(now.day.plus(days)).unwrap_or_default();
        spans.iter().map(move |span| Running { from: midnight + i32::from(span.from), to: midnight + i32::from(span.to), span })
    }

    /// When what is open now closes, `to` minutes from now or later where other spans follow on.
    fn closing(&self, now: Moment, mut to: i32) -> Option<Moment> {
        const DAYS_IN_SIGHT: i32 = 8;
        for days in -1..=DAYS_IN_SIGHT {
            for next in self.running(now, days) {
                if !next.span.uncertain && next.from <= to && next.to > to {
                    to = next.to;
                }
            }
        }
        let in_sight = (DAYS_IN_SIGHT - 1) * i32::from(DAY_MINUTES);
        (to < in_sight).then(|| moment_after(now, to))
    }

    fn opening(&self, now: Moment) -> Option<Moment> {
        let days = 0..self.until.since(now.day).max(0);
        let mut certain = days.flat_map(|days| self.running(now, days)).filter(|span| !span.span.uncertain && span.from > 0);
        certain.next().map(|span| moment_after(now, span.from))
    }
}

/// A span seen from a moment: minutes from it, negative when they have passed.
struct Running<'a> {
    from: i32,
    to: i32,
    span: &'a Span,
}

fn moment_after(now: Moment, minutes: i32) -> Moment {
    let total = i32::from(now.minute) + minutes;
    let day_minutes = i32::from(DAY_MINUTES);
    Moment { day: now.day.plus(total.div_euclid(day_minutes)), minute: total.rem_euclid(day_minutes) as u16 }
}
