//! Damaged database files: what cannot be trusted is refused or said, what is derived is built again, and
//! nothing panics. `SOCLE_SEED` and `SOCLE_DAMAGED` choose another run; `cargo xtask torture damage` has
//! 10,000 files.

use crate::house::House;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use server::publish;
use server::relay::Relay;
use server::store::FILE;
use shared::gate::Role;
use shared::ids::GuideId;
use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

const FILES: usize = 150;
const PAGE: usize = 4_096;
/// What remembers beside the database how many commits there were.
const COMMITS: &str = "socle.commits";

#[test]
fn a_damaged_database_is_refused_said_or_repaired() {
    let (mut rng, files) = drawn();
    let house = house();
    let sound = sound(&house);
    house.relay.close();
    let whole = fs::read(house.folder.path().join(FILE)).expect("readable");

    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for file in 0..files {
        let mut bytes = whole.clone();
        let what = damage(&mut bytes, &mut rng);
        for entry in fs::read_dir(folder.path()).expect("readable") {
            fs::remove_file(entry.expect("readable").path()).expect("removed");
        }
        fs::write(folder.path().join(FILE), &bytes).expect("writable");
        let looked = catch_unwind(AssertUnwindSafe(|| look(folder.path(), &house.guide, &sound)));
        let outcome = looked.unwrap_or_else(|_| panic!("file {file}, {what}: it panicked"));
        assert_ne!(outcome, Outcome::Wrong, "file {file}, {what}: taken for sound, and it is not");
        *outcomes.entry(format!("{outcome:?}")).or_default() += 1;
    }
    println!("{outcomes:?}");
    assert!(outcomes.contains_key("Refused") && outcomes.contains_key("Said"), "{outcomes:?}");
}

/// The chance of this run, said, and how many files it has.
fn drawn() -> (SmallRng, usize) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = number("SOCLE_SEED").unwrap_or_else(rand::random);
    let files = number("SOCLE_DAMAGED").map_or(FILES, |files| usize::try_from(files).unwrap_or(FILES));
    println!("SOCLE_SEED={seed} SOCLE_DAMAGED={files}");
    (SmallRng::seed_from_u64(seed), files)
}

/// Nothing builds on the last change, and SQLite does not look into it.
#[test]
fn a_change_that_is_not_the_one_that_was_accepted_is_found() {
    let house = house();
    let sound = sound(&house);
    house.relay.close();
    let whole = fs::read(house.folder.path().join(FILE)).expect("readable");
    let last = sound.last().expect("a log");
    let at = whole.windows(last.len()).position(|bytes| bytes == last).expect("small enough to lie in one piece");
    // Its checksum, and what it says.
    for byte in [4, last.len() - 1] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut bytes = whole.clone();
        bytes[at + byte] ^= 1;
        fs::write(folder.path().join(FILE), &bytes).expect("writable");
        assert_eq!(look(folder.path(), &house.guide, &sound), Outcome::Refused, "byte {byte} of the change");
    }
}

/// What a killed relay leaves lies in the log of writes. Where that is damaged, SQLite takes the writes
/// before the damage for all there were: phones have to be told, so that they send the rest again.
#[test]
fn writes_that_are_lost_with_a_damaged_log_of_writes_are_asked_for_again() {
    let (mut rng, files) = drawn();
    let house = house();
    let (sound, epoch) = (sound(&house), epoch(&house.relay));
    let House { folder, relay, guide, state, app, runtime, .. } = house;
    let left: Vec<(PathBuf, Vec<u8>)> = [FILE.to_owned(), format!("{FILE}-wal"), COMMITS.to_owned()]
        .map(|name| (folder.path().join(&name), fs::read(folder.path().join(&name)).expect("a relay at work has it")))
        .into();
    relay.close();
    // Whatever holds the files open would go on with what they were.
    drop((relay, state, app, runtime));

    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for file in 0..files {
        // Over what lies there: a file of another number would be a restored one.
        for (path, bytes) in &left {
            fs::write(path, bytes).expect("writable");
        }
        _ = fs::remove_file(folder.path().join(format!("{FILE}-shm")));
        let mut writes = left[1].1.clone();
        // The first is left as it is, to see that nobody is told anything then.
        let what = if file == 0 { "nothing".to_owned() } else { damage(&mut writes, &mut rng) };
        fs::write(&left[1].0, &writes).expect("writable");
        let looked = catch_unwind(AssertUnwindSafe(|| {
            let Ok(relay) = Relay::open(folder.path()) else { return Outcome::Refused };
            assert!(file > 0 || self::epoch(&relay) == epoch, "a false alarm");
            let outcome = match log(&relay, &guide) {
                Ok(log) if log.len() < sound.len() && sound.starts_with(&log) => match self::epoch(&relay) == epoch {
                    true => Outcome::Wrong,
                    false => Outcome::AskedFor,
                },
                _ => inside(&relay, &guide, &sound),
            };
            relay.close();
            outcome
        }));
        let outcome = looked.unwrap_or_else(|_| panic!("file {file}, {what}: it panicked"));
        assert_ne!(outcome, Outcome::Wrong, "file {file}, {what}: taken for all there was, and it is not");
        *outcomes.entry(format!("{outcome:?}")).or_default() += 1;
    }
    println!("{outcomes:?}");
    assert!(outcomes.contains_key("AskedFor") && outcomes.contains_key("Harmless"), "{outcomes:?}");
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// The relay does not start on it, or an answer is an error.
    Refused,
    /// `socle check` names the damage.
    Said,
    /// What differed from the log was built again from it.
    Repaired,
    /// The last writes are gone, and another epoch tells phones so.
    AskedFor,
    /// The damage lies where nothing is.
    Harmless,
    Wrong,
}

/// A guide with places, a page, a notice, and a published edition.
fn house() -> House {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    for number in 0..30 {
        let (mut sheet, sealed) = ana.place(&format!("Place {number}"));
        assert_eq!(house.send(&sealed).status, 200);
        let edits = [shared::edit::Edit::put("email", format!("place{number}@example.org"))];
        assert_eq!(house.send(&ana.edit(&mut sheet, &edits)).status, 200);
    }
    house.publish();
    house
}

/// The log: what everything else can be built from.
fn sound(house: &House) -> Vec<Vec<u8>> {
    log(&house.relay, &house.guide).expect("readable")
}

fn epoch(relay: &Relay) -> String {
    relay.store().epoch().to_owned()
}

fn log(relay: &Relay, guide: &GuideId) -> Result<Vec<Vec<u8>>, String> {
    let changes = relay.store().read(|rows| rows.changes_since(guide, 0, 10_000)).map_err(|error| error.to_string())?;
    Ok(changes.into_iter().map(|change| change.bytes).collect())
}

/// Damages a file as disks, cables and hands do.
fn damage(bytes: &mut Vec<u8>, rng: &mut SmallRng) -> String {
    let length = bytes.len();
    match rng.random_range(0..5) {
        0 => {
            let at = rng.random_range(0..length);
            bytes[at] ^= 1 << rng.random_range(0..8);
            format!("a bit of byte {at}")
        }
        1 => {
            let at = rng.random_range(0..length / PAGE) * PAGE;
            bytes[at..at + PAGE].fill(0);
            format!("page at {at} empty")
        }
        2 => {
            let length = rng.random_range(0..length);
            bytes.truncate(length);
            format!("cut at {length}")
        }
        3 => {
            let at = rng.random_range(0..length - 64);
            rng.fill(&mut bytes[at..at + 64]);
            format!("64 bytes at {at}")
        }
        _ => {
            let [from, to] = [0, 1].map(|_| rng.random_range(0..length / PAGE) * PAGE);
            let page = bytes[from..from + PAGE].to_vec();
            bytes[to..to + PAGE].copy_from_slice(&page);
            format!("page at {to} is that at {from}")
        }
    }
}

/// What `socle check --rebuild` and a reader would meet.
fn look(folder: &Path, guide: &GuideId, sound: &[Vec<u8>]) -> Outcome {
    let Ok(relay) = Relay::open(folder) else { return Outcome::Refused };
    let outcome = inside(&relay, guide, sound);
    relay.close();
    outcome
}

fn inside(relay: &std::sync::Arc<Relay>, guide: &GuideId, sound: &[Vec<u8>]) -> Outcome {
    match relay.store().read(|rows| rows.damage()) {
        Ok(damage) if damage.is_empty() => {}
        Ok(_) => return Outcome::Said,
        Err(_) => return Outcome::Refused,
    }
    let Ok(differing) = publish::rebuild(relay, guide) else { return Outcome::Refused };
    let Ok(edition) = relay.edition(guide, "fr") else { return Outcome::Refused };
    match log(relay, guide) {
        Err(_) => Outcome::Refused,
        // The log itself differs, or the guide is gone: nothing said so.
        Ok(log) if log != sound || edition.is_none() => Outcome::Wrong,
        Ok(_) if differing > 0 => Outcome::Repaired,
        Ok(_) => Outcome::Harmless,
    }
}
