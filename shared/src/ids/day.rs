//! Days and wall-clock moments, in the guide's own time zone.
//!
//! Readers' phones may be set to any zone; whoever has a clock computes the guide's `Moment` and
//! everything here works on that alone. The calendar is the proleptic Gregorian one; conversion
//! follows Howard Hinnant's `days_from_civil` (chrono-Compatible Low-Level Date Algorithms).

use super::BadId;
use crate::json;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A calendar day, counted from 1970-01-01. Its text is ISO 8601: `2026-11-23`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(pub i32);

/// A weekday, Monday first as ISO 8601 has it; `as usize` is 0 to 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
}

impl Day {
    pub fn new(year: i32, month: u32, day: u32) -> Option<Day> {
        let found = Day::reckon(year, month, day);
        ((1..=9999).contains(&year) && found.civil() == (year, month, day)).then_some(found)
    }

    fn reckon(year: i32, month: u32, day: u32) -> Day {
        let (month, day) = (month.min(12) as i32, day.min(31) as i32);
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Day(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month (1 to 12) and day of the month (1 to 31).
    pub fn civil(self) -> (i32, u32, u32) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month as u32, day as u32)
    }

    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::ALL[(self.0 + 3).rem_euclid(7) as usize]
    }

    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// Whole days from `earlier` to this one; negative when `earlier` is later.
    pub fn since(self, earlier: Day) -> i32 {
        self.0.saturating_sub(earlier.0)
    }
}

json::text!(Day, Day(0));

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Day, BadId> {
        let bad = || BadId { found: text.chars().take(20).collect(), expected: "a day such as 2026-11-23" };
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shape {
            return Err(bad());
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().map_err(|_| bad());
        Day::new(number(0..4)? as i32, number(5..7)?, number(8..10)?).ok_or_else(bad)
    }
}

impl TryFrom<String> for Day {
    type Error = BadId;

    fn try_from(text: String) -> Result<Day, BadId> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

/// A wall-clock moment in the guide's time zone, to the minute. Its text is `2026-11-23T18:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment {
    pub day: Day,
    /// Minutes since midnight, 0 to 1439.
    pub minute: u16,
}

json::text!(Moment, Moment { day: Day(0), minute: 0 });

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{:02}:{:02}", self.day, self.minute / 60, self.minute % 60)
    }
}

impl FromStr for Moment {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Moment, BadId> {
        let bad = || BadId { found: text.chars().take(20).collect(), expected: "a moment such as 2026-11-23T18:30" };
        let (day, time) = text.split_once('T').ok_or_else(bad)?;
        let minute = minute_of_day(time).ok_or_else(bad)?;
        Ok(Moment { day: day.parse()?, minute })
    }
}

/// Minutes since midnight of a time such as `18:30`.
pub fn minute_of_day(time: &str) -> Option<u16> {
    let (hour, minute) = time.split_once(':')?;
    let number = |part: &str, below: u16| part.parse::<u16>().ok().filter(|n| part.len() == 2 && *n < below);
    Some(number(hour, 24)? * 60 + number(minute, 60)?)
}

impl TryFrom<String> for Moment {
    type Error = BadId;

    fn try_from(text: String) -> Result<Moment, BadId> {
        text.parse()
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> String {
        moment.to_string()
    }
}
