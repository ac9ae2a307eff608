//! A power cut at any moment loses nothing that was acknowledged. The real relay runs under `strace`;
//! what it wrote, what it waited for and what it acknowledged is replayed up to a moment, with what was
//! not yet on the disk missing, there, or torn. `cargo xtask torture power` runs it; `SOCLE_SEED` and
//! `SOCLE_STATES` choose another run.

mod disk;
mod trace;

use crate::process::{Process, data_in};
use disk::Disk;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use server::relay::Relay;
use server::store::StoreError;
use shared::edit::Edit;
use shared::ids::{GuideId, RecordId};
use std::fs;
use std::io::Result;
use std::path::Path;
use trace::Event;

/// Enough to have the log folded into the database several times.
const BATCHES: usize = 400;
const STATES: usize = 20_000;
/// More than there are.
const CHANGES_MAX: usize = 1_000_000;
/// Of the control run, in which nothing waits for the disk.
const CONTROL_STATES: usize = 2_000;

#[test]
#[ignore = "needs strace and minutes: cargo xtask torture power"]
fn what_was_acknowledged_survives_a_power_cut() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = number("SOCLE_SEED").unwrap_or_else(rand::random);
    let states = number("SOCLE_STATES").map_or(STATES, |states| usize::try_from(states).unwrap_or(STATES));
    println!("SOCLE_SEED={seed} SOCLE_STATES={states}");
    let mut rng = SmallRng::seed_from_u64(seed);
    let (start, events) = recorded(&mut rng).expect("a relay that can be traced");
    let count = |wanted: fn(&Event) -> bool| events.iter().filter(|event| wanted(event)).count();
    let acknowledged = count(|event| matches!(event, Event::Acknowledged(_)));
    println!(
        "{} events, {} waits for the disk, {acknowledged} acknowledged",
        events.len(),
        count(|e| matches!(e, Event::Synced(_)))
    );
    assert_eq!(acknowledged, BATCHES);

    let found = replay(&start, &events, states, &mut rng);
    println!("{} states: {found:?}", states);
    assert_eq!((found.missing, found.broken), (0, 0), "acknowledged and lost, or a database that does not open");

    // The control: the same writes as with `synchronous=OFF`, which waits for nothing.
    let hasty: Vec<Event> = events.into_iter().filter(|event| !matches!(event, Event::Synced(_))).collect();
    let found = replay(&start, &hasty, CONTROL_STATES.min(states), &mut rng);
    println!("control, nothing waited for: {found:?}");
    assert!(found.missing + found.broken > 0, "a test that cannot fail shows nothing");
}

/// What was found in all states.
#[derive(Debug, Default)]
struct Found {
    whole: usize,
    missing: usize,
    broken: usize,
}

/// What the disk held before, and what happened while batches were acknowledged one after the other.
fn recorded(rng: &mut SmallRng) -> Result<(Disk, Vec<Event>)> {
    let folder = Process::folder()?;
    let data = data_in(&folder);
    let start = Disk::of(&data)?;
    let file = folder.path().join("trace");
    let calls = "pwrite64,write,writev,sendto,fsync,fdatasync,ftruncate,unlink";
    let mut relay = Process::start_traced(folder, calls, &file)?;
    let (device, _) = relay.join(rng.random())?;
    let mut line = relay.line()?;
    let mut place = None;
    for number in 0..BATCHES {
        let edits = [Edit::put("name", format!("Place {number}"))];
        let parcel = match &mut place {
            Some((record, document)) if number % 10 > 0 => device.edit(*record, document, &edits, rng),
            _ => {
                let record = RecordId(rng.random());
                let (document, parcel) = device.new_place(record, &edits, rng);
                place = Some((record, document));
                parcel
            }
        };
        device.share(&mut line, &parcel)?;
    }
    relay.terminate_traced()?;
    relay.ended()?;
    Ok((start, trace::read(&fs::read_to_string(&file)?, &data)))
}

/// Cuts the power just before and just after each wait for the disk, then at drawn moments, and looks at
/// what is left.
fn replay(start: &Disk, events: &[Event], states: usize, rng: &mut SmallRng) -> Found {
    let waits = (1..events.len()).filter(|at| matches!(events[*at], Event::Synced(_)));
    let mut chosen: Vec<usize> = waits.flat_map(|at| [at - 1, at]).take(states).collect();
    let moments: Vec<usize> = (0..events.len()).filter(|at| is_telling(&events[*at])).collect();
    chosen.extend((chosen.len()..states).map(|_| *moments.choose(rng).expect("something happened")));
    chosen.sort_unstable();
    let (mut disk, mut acknowledged, mut next) = (start.clone(), 0, 0);
    let mut found = Found::default();
    let folder = tempfile::tempdir().expect("a temporary folder");
    for moment in chosen {
        for event in events.get(next..=moment).unwrap_or_default() {
            match event {
                Event::Acknowledged(feed_seq) => acknowledged = acknowledged.max(*feed_seq),
                event => disk.note(event),
            }
        }
        next = next.max(moment + 1);
        disk.cut(rng, folder.path()).expect("a temporary folder");
        match left(folder.path()) {
            Ok(feed_seq) if feed_seq >= acknowledged => found.whole += 1,
            Ok(_) => found.missing += 1,
            Err(_) => found.broken += 1,
        }
    }
    found
}

/// Around the waits and the answers, where it matters what is on the disk.
fn is_telling(event: &Event) -> bool {
    matches!(event, Event::Written { .. } | Event::Synced(_) | Event::Acknowledged(_))
}

/// The last change of a relay that starts on these files: all up to it are there, and nothing is damaged.
fn left(data: &Path) -> std::result::Result<u64, StoreError> {
    let relay = Relay::open(data)?;
    let guide: GuideId = "lyon".parse().expect("a slug");
    let found = relay.store().read(|rows| {
        let last = rows.feed_seq(&guide)?.ok_or(StoreError::Damaged("the guide"))?;
        let changes = rows.changes_since(&guide, 0, CHANGES_MAX)?;
        let gapless = changes.iter().map(|change| change.feed_seq).eq(1..=last);
        let sound = rows.damage()?.is_empty();
        if gapless && sound { Ok(last) } else { Err(StoreError::Damaged("the log")) }
    });
    relay.close();
    found
}
