//! Backups: copies of the database in a folder, one for each hour, fewer of the days before.
//!
//! A backup holds what the database holds, notes and pseudonyms too, and what was purged since. So few
//! are kept, and their folder is to be guarded like the data folder.

use crate::relay::Relay;
use crate::report::report;
use crate::store::StoreError;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

/// Every hour's of so many hours back, then the last of each day of so many days.
const HOURS_KEPT: usize = 24;
const DAYS_KEPT: usize = 7;
const PREFIX: &str = "socle-";
const SUFFIX: &str = ".sqlite";
/// Begins what stands behind the hour while a backup is being made; SQLite's own journal adds to it.
const UNFINISHED: &str = ".unfinished";
/// `2026-11-23T18`, in UTC.
const HOUR_CHARS: usize = 13;
const DAY_CHARS: usize = 10;

/// Writes a backup of this hour into `folder` and removes those that have had their time.
pub fn backup(relay: &Relay, folder: &Path) -> Result<PathBuf, StoreError> {
    fs::create_dir_all(folder)?;
    let hour = relay.now().to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H").to_string();
    for name in left_unfinished(folder)? {
        fs::remove_file(folder.join(name))?;
    }
    let path = folder.join(format!("{PREFIX}{hour}{SUFFIX}"));
    relay.store().copy_to(&path)?;
    for name in outlived(names(folder)?) {
        fs::remove_file(folder.join(name))?;
    }
    Ok(path)
}

/// The newest backup in a folder.
pub fn newest(folder: &Path) -> Result<Option<PathBuf>, io::Error> {
    Ok(names(folder)?.into_iter().max().map(|name| folder.join(name)))
}

/// The backups in a folder, by name.
fn names(folder: &Path) -> Result<Vec<String>, io::Error> {
    Ok(all(folder)?.into_iter().filter(|name| hour(name).is_some()).collect())
}

/// What a backup left that did not come to its end, as when the machine went off.
fn left_unfinished(folder: &Path) -> Result<Vec<String>, io::Error> {
    let is_ours = |name: &String| {
        let rest = name.strip_prefix(PREFIX).and_then(|rest| rest.get(HOUR_CHARS..));
        rest.is_some_and(|rest| rest.starts_with(UNFINISHED))
    };
    Ok(all(folder)?.into_iter().filter(is_ours).collect())
}

fn all(folder: &Path) -> Result<Vec<String>, io::Error> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

fn hour(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX).filter(|hour| hour.len() == HOUR_CHARS && hour.is_ascii())
}

/// Those that are not kept any longer.
fn outlived(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable_by(|one, other| other.cmp(one));
    let older = names.split_off(names.len().min(HOURS_KEPT));
    let day = |name: &String| hour(name).map(|hour| hour[..DAY_CHARS].to_owned());
    let mut days: Vec<_> = names.iter().filter_map(day).collect();
    days.dedup();
    let recent = days.len();
    let mut outlived = Vec::new();
    for name in older {
        // The first of a day that is met is its last.
        match day(&name) {
            Some(day) if !days.contains(&day) && days.len() < recent + DAYS_KEPT => days.push(day),
            _ => outlived.push(name),
        }
    }
    outlived
}

/// Makes a backup now and after each full hour, until it is told to stop.
pub struct Hourly {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Hourly {
    pub fn start(relay: Arc<Relay>, folder: PathBuf) -> Result<Hourly, io::Error> {
        let (stop, stopped) = mpsc::channel::<()>();
        let run = move || {
            loop {
                if let Err(error) = backup(&relay, &folder) {
                    report(format!("no backup was made, will try again within the hour: {error}"));
                }
                if stopped.recv_timeout(to_next_hour(relay.now())) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("backups".to_owned()).spawn(run)?;
        Ok(Hourly { stop, thread })
    }

    /// A backup that is being made is finished first.
    pub fn stop(self) {
        drop(self.stop);
        self.thread.join().expect("the backups do not panic");
    }
}

fn to_next_hour(now: Timestamp) -> Duration {
    const HOUR_SECONDS: i64 = 3_600;
    Duration::from_secs(HOUR_SECONDS.abs_diff(now.as_second().rem_euclid(HOUR_SECONDS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hours: &[&str], removed: &[&str]) {
        let name = |hour: &&str| format!("{PREFIX}{hour}{SUFFIX}");
        assert_eq!(outlived(hours.iter().map(name).collect()), removed.iter().map(name).collect::<Vec<_>>());
    }

    #[test]
    fn a_day_of_hours_and_a_week_of_days_are_kept() {
        let today: Vec<String> = (0..HOURS_KEPT).map(|hour| format!("2026-11-23T{hour:02}")).collect();
        let today: Vec<&str> = today.iter().map(String::as_str).collect();
        check(&today, &[]);
        check(&[&today[..], &["2026-11-22T09", "2026-11-22T23"]].concat(), &["2026-11-22T09"]);
        let days: Vec<String> = (10..23).map(|day| format!("2026-11-{day}T12")).collect();
        let days: Vec<&str> = days.iter().map(String::as_str).collect();
        let gone = ["2026-11-15T12", "2026-11-14T12", "2026-11-13T12", "2026-11-12T12", "2026-11-11T12", "2026-11-10T12"];
        check(&[&today[..], &days[..]].concat(), &gone);
    }

    #[test]
    fn what_is_no_backup_is_left_alone() {
        assert_eq!(hour("socle-2026-11-23T18.sqlite"), Some("2026-11-23T18"));
        for name in ["socle.sqlite", "socle-2026-11-23T18.unfinished", "letters.txt", "socle-yesterday.sqlite"] {
            assert_eq!(hour(name), None, "{name}");
        }
    }

    #[test]
    fn the_next_hour_is_never_now() {
        let at = |second| to_next_hour(Timestamp::from_second(second).expect("within range")).as_secs();
        assert_eq!([at(0), at(1), at(3_599)], [3_600, 3_599, 1]);
    }
}
