//! Opening hours as a weekly grid, and the `opening_hours` syntax of OpenStreetMap that says the same.
//!
//! Only what a grid can show is read here: weekdays with spans, days off, closed on public holidays,
//! `24/7`. Everything else (seasons, months, comments, "by appointment") is `None`: the form then
//! offers the written value alone and never touches it. How a value really reads is the replica's
//! answer (`Ask::ExplainHours`), not this file's.
//! Source: <https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification>.

use std::fmt::Write;

/// Minutes of a day.
pub const DAY: u16 = 24 * 60;
const CODES: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// From a minute of a day to a later one; beyond [`DAY`] it is the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    pub from: u16,
    pub to: u16,
}

impl Slot {
    /// A span from two times of the clock: an end that is not after the beginning is the next day.
    pub fn of_clock(from: u16, to: u16) -> Slot {
        Slot { from, to: if to <= from { to + DAY } else { to } }
    }

    pub fn is_past_midnight(&self) -> bool {
        self.to > DAY
    }
}

/// A usual week, Monday first; a day without spans is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    pub days: [Vec<Slot>; 7],
    /// Closed on public holidays; otherwise nothing is said of them.
    pub holidays_closed: bool,
}

/// What a rule is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Days {
    week: [bool; 7],
    holidays: bool,
}

impl Grid {
    pub fn is_empty(&self) -> bool {
        self.days.iter().all(Vec::is_empty)
    }

    /// The grid that says what `written` says; `None` where a grid cannot say it.
    pub fn parse(written: &str) -> Option<Grid> {
        let written = written.trim().trim_end_matches(';');
        let mut grid = Grid::default();
        for rule in written.split(';').map(str::trim) {
            match rule {
                "24/7" => grid.days = std::array::from_fn(|_| vec![Slot { from: 0, to: DAY }]),
                rule => grid.read_rule(rule)?,
            }
        }
        // "off" alone is a statement that an empty grid, which means unknown, would lose.
        (!grid.is_empty()).then(|| grid.tidied())
    }

    /// A rule, and the additional rules that follow it after a comma: `Mo 9:00-12:00, Tu 10:00-12:00`.
    fn read_rule(&mut self, rule: &str) -> Option<()> {
        let mut days = Days::default();
        let mut spans: Vec<Slot> = Vec::new();
        let mut off = false;
        let mut additional = false;
        for part in rule.split(',').map(str::trim) {
            let (named, times) = split_days(part);
            if let Some(named) = named {
                if !spans.is_empty() || off {
                    self.put(&days, std::mem::take(&mut spans), off, additional)?;
                    (days, off, additional) = (Days::default(), false, true);
                }
                days.add(read_days(named)?);
            }
            match times {
                "" => {}
                "off" | "closed" => off = true,
                _ => spans.push(read_span(times)?),
            }
        }
        if spans.is_empty() && !off {
            return None;
        }
        self.put(&days, spans, off, additional)
    }

    fn put(&mut self, days: &Days, spans: Vec<Slot>, off: bool, additional: bool) -> Option<()> {
        if off && !spans.is_empty() || days.holidays && !off {
            return None;
        }
        self.holidays_closed |= days.holidays;
        let every_day = *days == Days::default();
        for (day, slots) in self.days.iter_mut().enumerate().filter(|(day, _)| every_day || days.week[*day]) {
            debug_assert!(day < 7);
            if !additional || off {
                slots.clear();
            }
            slots.extend(&spans);
        }
        Some(())
    }

    /// Spans in order, those that touch or overlap joined. None is made longer than a day: that could
    /// not be written.
    pub fn tidied(&self) -> Grid {
        let mut grid = self.clone();
        for slots in &mut grid.days {
            slots.sort();
            let mut joined: Vec<Slot> = Vec::new();
            for slot in slots.drain(..) {
                match joined.last_mut() {
                    Some(last) if slot.from <= last.to && slot.to.max(last.to) - last.from <= DAY => {
                        last.to = last.to.max(slot.to)
                    }
                    _ => joined.push(slot),
                }
            }
            *slots = joined;
        }
        grid
    }

    /// The grid in `opening_hours` syntax; `None` for an empty one, which means "not known".
    pub fn written(&self) -> Option<String> {
        let grid = self.tidied();
        if grid.is_empty() {
            return None;
        }
        let mut rules: Vec<String> = Vec::new();
        let mut said = [false; 7];
        for day in 0..7 {
            if said[day] || grid.days[day].is_empty() {
                continue;
            }
            let alike: [bool; 7] = std::array::from_fn(|other| grid.days[other] == grid.days[day]);
            (0..7).filter(|other| alike[*other]).for_each(|other| said[other] = true);
            rules.push(format!("{} {}", write_days(&alike), write_spans(&grid.days[day])));
        }
        if rules == ["Mo-Su 00:00-24:00"] {
            rules = vec!["24/7".to_owned()];
        }
        if grid.holidays_closed {
            rules.push("PH off".to_owned());
        }
        Some(rules.join("; "))
    }

    /// Gives every day of `to` the spans of `day`.
    pub fn copy_day(&mut self, day: usize, to: &[usize]) {
        let spans = self.days[day].clone();
        for other in to.iter().filter(|other| **other < 7) {
            self.days[*other] = spans.clone();
        }
    }

    /// One more span on `day`: the usual one on an empty day, else after a pause of an hour.
    pub fn add_span(&mut self, day: usize) {
        let next = match self.days[day].iter().max_by_key(|slot| slot.to) {
            None => Slot { from: 9 * 60, to: 17 * 60 },
            Some(last) if last.to + 120 <= DAY => Slot { from: last.to + 60, to: (last.to + 240).min(DAY) },
            // The day is full to the evening: what is missing is in the morning.
            Some(_) => Slot { from: 7 * 60, to: 8 * 60 },
        };
        self.days[day].push(next);
    }

    /// Takes an hour out of the middle of a span that is long enough for it.
    pub fn add_pause(&mut self, day: usize, index: usize) {
        let Some(slot) = self.days[day].get(index).copied() else { return };
        if slot.to - slot.from < 180 {
            return;
        }
        let middle = slot.from + (slot.to - slot.from) / 2;
        let start = (middle / 30 * 30).saturating_sub(30);
        self.days[day][index].to = start;
        self.days[day].insert(index + 1, Slot { from: start + 60, to: slot.to });
    }
}

impl Days {
    fn add(&mut self, other: Days) {
        self.holidays |= other.holidays;
        for (mine, theirs) in self.week.iter_mut().zip(other.week) {
            *mine |= theirs;
        }
    }
}

/// The leading word of `part` if it begins with a letter and is not "off", and what follows it.
fn split_days(part: &str) -> (Option<&str>, &str) {
    if matches!(part, "off" | "closed") || !part.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return (None, part);
    }
    let end = part.find(|c: char| c.is_whitespace() || c == ':').unwrap_or(part.len());
    (Some(&part[..end]), part[end..].trim_start_matches(':').trim())
}

/// `Mo`, `Mo-Fr`, `Sa-Mo` or `PH`.
fn read_days(named: &str) -> Option<Days> {
    let mut days = Days::default();
    if named == "PH" {
        days.holidays = true;
        return Some(days);
    }
    let number = |code: &str| CODES.iter().position(|known| *known == code);
    let (first, last) = named.split_once('-').unwrap_or((named, named));
    let (first, last) = (number(first)?, number(last)?);
    for step in 0..=(last + 7 - first) % 7 {
        days.week[(first + step) % 7] = true;
    }
    Some(days)
}

/// `9:00-17:30`, `22:00-02:00`, `22:00-26:00`.
fn read_span(text: &str) -> Option<Slot> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (read_time(from.trim())?, read_time(to.trim())?);
    (from < DAY && to <= from.max(DAY) + DAY).then(|| Slot::of_clock(from, to)).filter(|slot| slot.to <= slot.from + DAY)
}

/// Minutes of `H:MM` or `HH:MM`, up to 48:00.
pub fn read_time(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |part: &str, lengths: &[usize]| lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours, &[1, 2]) || !digits(minutes, &[2]) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= 2 * DAY).then_some(total)
}

/// `HH:MM` of a minute of the day; beyond midnight as the clock shows it.
pub fn clock(minute: u16) -> String {
    let shown = if minute > DAY { minute - DAY } else { minute };
    format!("{:02}:{:02}", shown / 60, shown % 60)
}

/// `Mo-We,Fr`: three days in a row make a range.
fn write_days(days: &[bool; 7]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut day = 0;
    while day < 7 {
        if !days[day] {
            day += 1;
            continue;
        }
        let end = (day..7).take_while(|later| days[*later]).last().unwrap_or(day);
        match end - day {
            0 => parts.push(CODES[day].to_owned()),
            1 => parts.extend([CODES[day].to_owned(), CODES[end].to_owned()]),
            _ => parts.push(format!("{}-{}", CODES[day], CODES[end])),
        }
        day = end + 1;
    }
    parts.join(",")
}

fn write_spans(slots: &[Slot]) -> String {
    let mut text = String::new();
    for slot in slots {
        let wraps = slot.to > DAY && slot.to - DAY < slot.from;
        let to = if wraps { slot.to - DAY } else { slot.to };
        let comma = if text.is_empty() { "" } else { "," };
        let (from_hour, from_minute) = (slot.from / 60, slot.from % 60);
        write!(text, "{comma}{from_hour:02}:{from_minute:02}-{:02}:{:02}", to / 60, to % 60).expect("a String can be written");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, expected: &str) {
        let grid = Grid::parse(written).unwrap_or_else(|| panic!("a grid can show {written:?}"));
        assert_eq!(grid.written().as_deref(), Some(expected), "{written:?}");
        assert_eq!(Grid::parse(expected), Some(grid), "what is written reads back the same");
    }

    #[test]
    fn usual_weeks() {
        check("Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00");
        check("Mo,Tu,We,Th 9:00-12:00,14:00-17:00; Fr 9:00-12:00", "Mo-Th 09:00-12:00,14:00-17:00; Fr 09:00-12:00");
        check("Mo-Su 10:00-18:00; We off", "Mo,Tu,Th-Su 10:00-18:00");
        check("10:00-18:00", "Mo-Su 10:00-18:00");
        check("24/7", "24/7");
        check("Mo-Su 00:00-24:00; PH off", "24/7; PH off");
        check("Mo-Fr 08:00-18:00; PH off;", "Mo-Fr 08:00-18:00; PH off");
        check("Mo-Fr 08:00-18:00; Su,PH off", "Mo-Fr 08:00-18:00; PH off");
        check("Mo,We 10:00-12:00", "Mo,We 10:00-12:00");
    }

    #[test]
    fn a_later_rule_replaces_and_an_additional_one_adds() {
        check("Mo-Fr 09:00-17:00; Fr 09:00-12:00", "Mo-Th 09:00-17:00; Fr 09:00-12:00");
        check("Mo-Fr 09:00-12:00, Tu 14:00-16:00", "Mo,We-Fr 09:00-12:00; Tu 09:00-12:00,14:00-16:00");
        check("Mo 09:00-12:00, Tu 10:00-12:00", "Mo 09:00-12:00; Tu 10:00-12:00");
    }

    #[test]
    fn spans_may_pass_midnight_and_weeks_may_wrap() {
        check("Fr-Su 22:00-02:00", "Fr-Su 22:00-02:00");
        check("Fr 22:00-26:00", "Fr 22:00-02:00");
        check("Sa-Mo 10:00-12:00", "Mo,Sa,Su 10:00-12:00");
        check("Mo 10:00-34:00", "Mo 10:00-34:00");
        let grid = Grid::parse("Fr 22:00-02:00").expect("a plain week");
        assert!(grid.days[4][0].is_past_midnight());
    }

    #[test]
    fn spans_that_touch_are_joined() {
        check("Mo 09:00-12:00,12:00-14:00,11:00-13:00", "Mo 09:00-14:00");
    }

    #[test]
    fn what_a_grid_cannot_show_is_left_alone() {
        let others = [
            "",
            "off",
            "Mo",
            "Mo-Fr",
            "Mo-Fr 9-17",
            "Jan-Mar Mo 09:00-12:00",
            "Mo-Fr 09:00-17:00 \"ask first\"",
            "sunrise-sunset",
            "Mo[1] 10:00-12:00",
            "Mo-Fr,PH 10:00-12:00",
            "PH 10:00-12:00",
            "Mo-Fr 10:00+",
            "Mo 25:00-26:00",
            "week 1-10 Mo 10:00-12:00",
            "Mo-Fr 10:00-12:00 || \"by appointment\"",
            "Mo 10:60-12:00",
            "by appointment",
            "Mo-Fr 10:00-12:00 off",
            "Mo 09:00-49:00",
            "Mo-Fr 10:00-17:00; SH off",
            "2026 Dec 24: off",
            "Lundi 9h-17h",
        ];
        for written in others {
            assert_eq!(Grid::parse(written), None, "{written:?}");
        }
    }

    #[test]
    fn every_grid_reads_back() {
        // A small generator of our own: 500 weeks from a fixed seed.
        let mut state = 0x5EED_u64;
        let mut draw = |below: u16| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u16::try_from((state >> 33) % u64::from(below)).expect("below a u16")
        };
        for round in 0..500 {
            let mut grid = Grid { holidays_closed: draw(2) == 1, ..Grid::default() };
            for slots in &mut grid.days {
                for _ in 0..draw(4) {
                    let from = draw(DAY);
                    slots.push(Slot { from, to: from + 1 + draw(DAY) });
                }
            }
            let Some(written) = grid.written() else { continue };
            let back = Grid::parse(&written).unwrap_or_else(|| panic!("round {round}: {written} does not read back"));
            assert_eq!(back.written(), Some(written.clone()), "round {round}: {written}");
        }
    }

    #[test]
    fn days_are_filled_by_taps() {
        let mut grid = Grid::default();
        grid.add_span(0);
        grid.add_pause(0, 0);
        grid.copy_day(0, &[1, 2, 9]);
        assert_eq!(grid.written().as_deref(), Some("Mo-We 09:00-12:30,13:30-17:00"));
        grid.add_span(0);
        assert_eq!(grid.days[0][2], Slot { from: 18 * 60, to: 21 * 60 });
    }

    #[test]
    fn an_empty_grid_says_nothing() {
        assert_eq!(Grid { holidays_closed: true, ..Grid::default() }.written(), None);
    }
}
