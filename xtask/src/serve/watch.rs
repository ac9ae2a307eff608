//! The development loop: looks at the sources' dates, builds what changed, starts the relay
//! again; pages reload by themselves (`site/reload.js` asks the relay's `/dev/build`).

use super::relay;
use crate::failure::{Result, While};
use crate::site::{self, Mode, Outcome};
use crate::workspace;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// Short beside a build, long beside reading the dates of some hundred files.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What both the site and the relay are made of.
const SOURCES: [&str; 5] = ["app", "public", "server", "shared", "Cargo.toml"];

type Dates = BTreeMap<PathBuf, SystemTime>;

pub fn run(arguments: &[&str]) -> Result<()> {
    let mut seen = dates();
    let mut running: Option<Running> = None;
    loop {
        let begun = Instant::now();
        match build(running.as_ref()) {
            Ok(true) => {
                // Ended before the next one starts: they share the data folder and the port.
                drop(running.take());
                running = Some(Running::start(arguments)?);
                eprintln!("watch: built in {:.1} s", begun.elapsed().as_secs_f32());
            }
            Ok(false) => eprintln!("watch: nothing to do"),
            Err(failure) => eprintln!("\nerror: {failure}\nwatch: waiting for the next edit"),
        }
        seen = next_change(&seen);
    }
}

/// Builds the site and the relay at once: they wait for each other nowhere. Says whether the
/// relay has to start (again).
fn build(running: Option<&Running>) -> Result<bool> {
    let relay = thread::spawn(|| relay(Mode::Dev));
    let site = site::build(Mode::Dev);
    relay.join().expect("building the relay does not panic")?;
    let is_new_site = site? == Outcome::Written;
    Ok(match running {
        Some(running) => is_new_site || running.binary != binary_date()?,
        None => true,
    })
}

/// The relay and the date of the file it was started from.
struct Running {
    relay: Child,
    binary: SystemTime,
}

impl Running {
    fn start(arguments: &[&str]) -> Result<Self> {
        let binary = binary_date()?;
        let started = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |age| age.as_millis());
        let mut relay = Command::new(binary_path());
        relay.arg("serve").args(arguments);
        relay.env("SOCLE_SITE", Mode::Dev.folder()).env("SOCLE_WATCH", started.to_string());
        let relay = relay.spawn().while_(|| "the relay could not be started".into())?;
        Ok(Self { relay, binary })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // At once, whatever it is doing: an acknowledged edit survives that, and pages that
        // listen would hold up a friendlier end. Fails only if it has ended already.
        drop(self.relay.kill());
        drop(self.relay.wait());
    }
}

fn binary_path() -> PathBuf {
    workspace::target().join("debug/socle")
}

fn binary_date() -> Result<SystemTime> {
    fs::metadata(binary_path()).and_then(|file| file.modified()).while_(|| workspace::shown(&binary_path()))
}

/// Returns when a source has another date, appeared or vanished.
fn next_change(seen: &Dates) -> Dates {
    loop {
        thread::sleep(LOOK_EVERY);
        let now = dates();
        if now != *seen {
            let changed = now.iter().find(|(path, date)| seen.get(*path) != Some(date)).map(|(path, _)| path);
            eprintln!("\nwatch: {}", changed.map_or_else(|| "a file is gone".into(), |path| workspace::shown(path)));
            return now;
        }
    }
}

fn dates() -> Dates {
    let mut dates = Dates::new();
    for source in SOURCES {
        collect(&workspace::root().join(source), &mut dates);
    }
    dates
}

/// Files that vanish while we look are simply not there.
fn collect(path: &Path, dates: &mut Dates) {
    let name = path.file_name().map_or_else(Default::default, |name| name.to_string_lossy());
    if name.starts_with('.') || name.ends_with('~') {
        return;
    }
    if path.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), dates);
        }
    } else if let Ok(date) = fs::metadata(path).and_then(|file| file.modified()) {
        dates.insert(path.to_owned(), date);
    }
}
