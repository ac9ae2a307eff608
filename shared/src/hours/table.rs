//! From single days to the shortest tables that say the same: a usual week, seasons, dated days.

use super::{Schedule, Season, Span, Week};
use crate::ids::Day;
use crate::order::Ordered;

/// With more dated days than this, seasons are looked for.
const DATED_DAYS_MANY: usize = 40;
/// A season is worth its own week when it saves this many dated days.
const SEASON_DAYS_SAVED_MIN: usize = 14;
/// How far a season's week is read off its beginning.
const SEASON_SAMPLE_DAYS: usize = 28;
/// A season ends before this many days in a row that mostly do not follow its week.
const SEASON_GAP_DAYS: usize = 7;

/// The tables of `days`, the first of which is `from`.
pub(super) fn tabulate(written: &str, from: Day, days: Vec<Vec<Span>>) -> Schedule {
    let week = most_common(from, &days);
    let mut schedule = Schedule {
        written: written.to_owned(),
        week,
        seasons: Vec::new(),
        dated: Ordered::default(),
        from,
        until: from.plus(days.len() as i32),
    };
    schedule.dated = differing(&schedule, &days);
    if schedule.dated.len() > DATED_DAYS_MANY {
        schedule.seasons = seasons(&schedule, &days);
        schedule.dated = differing(&schedule, &days);
    }
    schedule
}

/// For each weekday what holds on most of its days; of equals, what held first.
fn most_common(from: Day, days: &[Vec<Span>]) -> Week {
    let mut week = Week::default();
    for (weekday, usual) in week.iter_mut().enumerate() {
        let mut counted: Vec<(&Vec<Span>, usize)> = Vec::new();
        for spans in on_weekday(from, days, weekday) {
            match counted.iter_mut().find(|(known, _)| *known == spans) {
                Some((_, count)) => *count += 1,
                None => counted.push((spans, 1)),
            }
        }
        // `max_by_key` keeps the last of equals: the first is wanted.
        if let Some((spans, _)) = counted.iter().rev().max_by_key(|(_, count)| *count) {
            usual.clone_from(spans);
        }
    }
    week
}

fn on_weekday(from: Day, days: &[Vec<Span>], weekday: usize) -> impl Iterator<Item = &Vec<Span>> {
    let skip = (weekday + 7 - from.weekday() as usize) % 7;
    days.iter().skip(skip).step_by(7)
}

fn differing(schedule: &Schedule, days: &[Vec<Span>]) -> Ordered<Day, Vec<Span>> {
    let numbered = days.iter().enumerate().map(|(ahead, spans)| (schedule.from.plus(ahead as i32), spans));
    let differ = numbered.filter(|(day, spans)| schedule.week_of(*day)[day.weekday() as usize] != **spans);
    differ.map(|(day, spans)| (day, spans.clone())).collect()
}

/// Looks for seasons from each dated day on, taking those that save dated days.
fn seasons(schedule: &Schedule, days: &[Vec<Span>]) -> Vec<Season> {
    let mut found: Vec<Season> = Vec::new();
    for day in schedule.dated.keys() {
        if found.last().is_some_and(|season| *day <= season.to) {
            continue;
        }
        let start = day.since(schedule.from) as usize;
        let (season, saved) = season(schedule, days, start);
        if saved >= SEASON_DAYS_SAVED_MIN {
            found.push(season);
        }
    }
    found
}

/// The season that begins at `start`, as far as days follow its week rather than the usual one, and
/// how many dated days it saves.
fn season(schedule: &Schedule, days: &[Vec<Span>], start: usize) -> (Season, usize) {
    let from = schedule.from.plus(start as i32);
    let sample = &days[start..days.len().min(start + SEASON_SAMPLE_DAYS)];
    let week = most_common(from, sample);
    let (mut end, mut saved, mut strangers, mut running) = (start, 0_usize, 0_usize, 0_isize);
    for (ahead, spans) in days.iter().enumerate().skip(start) {
        let weekday = schedule.from.plus(ahead as i32).weekday() as usize;
        let (usual, own) = (schedule.week[weekday] == *spans, week[weekday] == *spans);
        match (usual, own) {
            (false, true) => {
                running += 1;
                strangers = 0;
                if running > 0 && running as usize > saved {
                    (end, saved) = (ahead, running as usize);
                }
            }
            (true, false) => {
                running -= 1;
                strangers += 1;
            }
            _ => {}
        }
        if strangers >= SEASON_GAP_DAYS {
            break;
        }
    }
    (Season { from, to: schedule.from.plus(end as i32), week }, saved)
}
