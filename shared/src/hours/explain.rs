//! How a value of `opening_hours` reads, for the person who is writing it.

use super::expand;
use crate::ids::Day;
use crate::link::HoursReading;
use opening_hours_syntax::Error;
use pest::error::InputLocation;

/// The tables that `written` gives, or the place in it where reading stopped.
pub fn explain(written: &str, country: Option<&str>, today: Day) -> HoursReading {
    match expand(written, country, today, &[]) {
        Some(schedule) => HoursReading::Read { schedule: Box::new(schedule) },
        None => HoursReading::NotRead { at: stopped_at(written) },
    }
}

/// In characters from the start, where the parser tells it.
fn stopped_at(written: &str) -> Option<usize> {
    let trimmed = written.trim();
    let skipped = written.chars().count() - written.trim_start().chars().count();
    match opening_hours_syntax::parse(trimmed) {
        Err(Error::Syntax(error)) => {
            let (InputLocation::Pos(byte) | InputLocation::Span((byte, _))) = error.location;
            Some(skipped + trimmed.char_indices().take_while(|(at, _)| *at < byte).count())
        }
        _ => None,
    }
}
