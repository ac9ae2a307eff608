//! Thousands of damaged batches: none panics, none takes long, and what gets in does no harm later.
//!
//! Honest batches are damaged in their bytes, columns, lengths and order; the checksum is made right
//! and the batch sealed anew or taken as sealed, so that the damage gets as far as it can. `SOCLE_SEED` and
//! `SOCLE_MUTANTS` choose others and more, `SOCLE_MUTANT` one alone by its number; batches that fail
//! are kept under `tests/fixtures/` and tried first from then on.

use super::random;
use super::workshop::{Desk, Parts, Person, leb, record, repair, signed_leb};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use shared::batch::BatchChange;
use shared::edit::{self, Edit};
use shared::gate::Admitted;
use shared::ids::{hex, unhex};
use shared::schema::Kind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const MUTANTS: u64 = 20_000;
/// One of so many comes sealed, as from the network; for the others the signature, which costs more than
/// all the rest, is taken to hold.
const SEALED: u64 = 64;
const SLOWEST: Duration = Duration::from_millis(50);
/// A long run says how far it is after so many.
const PROGRESS: u64 = 500_000;

/// A batch that passes, and the desk it passes.
struct Honest {
    desk: Desk,
    writer: Person,
    changes: Vec<Vec<u8>>,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn no_mutant_does_harm() {
    let (seed, count) = (number("SOCLE_SEED", 4_711), number("SOCLE_MUTANTS", MUTANTS));
    let one = std::env::var("SOCLE_MUTANT").ok().and_then(|number| number.parse().ok());
    println!("seed {seed} (SOCLE_SEED)");
    std::panic::set_hook(Box::new(|_| {}));
    let threads = std::thread::available_parallelism().map_or(2, |threads| threads.get()) as u64;
    let numbers = |first: u64| match one {
        Some(one) => (one + first..=one).step_by(1),
        None => (first..=count.saturating_sub(1)).step_by(threads as usize),
    };
    let accepted = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|first| scope.spawn(move || work(seed, numbers(first)))).collect();
        let outcomes = workers.into_iter().map(|worker| worker.join().expect("what panics is caught and told"));
        outcomes.collect::<Result<Vec<u64>, String>>()
    });
    // What panics is heard again: else the harm would not be told.
    drop(std::panic::take_hook());
    let accepted = accepted.unwrap_or_else(|harm| panic!("{harm}")).into_iter().sum::<u64>();
    println!("{accepted} mutants were let in and did no harm");
    assert!(accepted > 0 || one.is_some(), "mutants that pass are part of the test");
}

/// One core's part: what failed once, then the mutants of these numbers; how many were let in.
fn work(seed: u64, numbers: impl Iterator<Item = u64>) -> Result<u64, String> {
    let mut rng = SmallRng::seed_from_u64(seed);
    let corpus: Vec<Honest> = (0..40).map(|_| honest(&mut rng)).collect();
    for changes in kept() {
        corpus.iter().try_for_each(|parent| harmless(parent, &changes, true, &mut rng).map(drop))?;
    }
    let mut accepted = 0;
    for number in numbers {
        // A mutant follows from its number alone, whoever else is at work.
        let mut rng = SmallRng::seed_from_u64(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let parent = corpus.choose(&mut rng).expect("a corpus");
        let other = corpus.choose(&mut rng).expect("a corpus");
        let changes = mutant(&mut rng, &parent.changes, &other.changes);
        match harmless(parent, &changes, number % SEALED == 0, &mut rng) {
            Ok(got_in) => accepted += u64::from(got_in),
            Err(harm) => {
                return Err(format!("SOCLE_SEED={seed} SOCLE_MUTANT={number}: {harm}; kept as {}", keep(&changes).display()));
            }
        }
        if number > 0 && number % PROGRESS == 0 {
            println!("{number} mutants, {accepted} let in by this core");
        }
    }
    Ok(accepted)
}

/// A record with some history, and one batch more.
fn honest(rng: &mut SmallRng) -> Honest {
    let kind = *[Kind::Place, Kind::Page, Kind::Notice].choose(rng).expect("kinds");
    let (alice, bob) = (Person::new(1), Person::new(2));
    let mut desk = Desk::default();
    let (mut hers, changes) = alice.create(kind, &[]);
    if rng.random_ratio(1, 8) {
        return Honest { desk, writer: alice, changes };
    }
    desk.push(&alice, record(1), &changes).expect("honest");
    let mut his = hers.clone();
    for _ in 0..rng.random_range(1..8) {
        let changes = write(rng, kind, &alice, &mut hers);
        desk.push(&alice, record(1), &changes).expect("honest");
        let changes = write(rng, kind, &bob, &mut his);
        desk.push(&bob, record(1), &changes).expect("honest");
        if rng.random() {
            his = desk.documents[&record(1)].clone();
        }
    }
    let changes = (0..rng.random_range(1..4)).flat_map(|_| write(rng, kind, &alice, &mut hers)).collect();
    Honest { desk, writer: alice, changes }
}

fn write(rng: &mut SmallRng, kind: Kind, person: &Person, copy: &mut shared::document::Document) -> Vec<Vec<u8>> {
    let edits: Vec<Edit> = (0..rng.random_range(1..4)).map(|_| random::edit(rng, kind, &copy.tree())).collect();
    edit::apply(copy, &edits, person.actor()).expect("edits of the schema").into_iter().collect()
}

fn mutant(rng: &mut SmallRng, parent: &[Vec<u8>], other: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut changes = parent.to_vec();
    for _ in 0..rng.random_range(1..3) {
        if changes.is_empty() {
            return changes;
        }
        let at = rng.random_range(0..changes.len());
        match rng.random_range(0..10) {
            0 => changes.reverse(),
            1 => drop(changes.remove(at)),
            2 => changes.extend(other.first().cloned()),
            3 | 4 => flip(rng, &mut changes[at]),
            5 => resize(rng, &mut changes[at]),
            _ => changes[at] = recombined(rng, &changes[at], other),
        }
    }
    changes
}

fn flip(rng: &mut SmallRng, bytes: &mut [u8]) {
    for _ in 0..rng.random_range(1..4) {
        if bytes.len() > 9 {
            let at = rng.random_range(8..bytes.len());
            bytes[at] = if rng.random() { bytes[at] ^ (1 << rng.random_range(0..8)) } else { rng.random() };
        }
    }
    repair(bytes);
}

fn resize(rng: &mut SmallRng, bytes: &mut Vec<u8>) {
    let at = rng.random_range(0..=bytes.len());
    if rng.random() {
        bytes.truncate(at)
    } else {
        bytes.insert(at, rng.random())
    }
    repair(bytes);
}

/// Damage that keeps the frame: to one part of the header or to one column.
fn recombined(rng: &mut SmallRng, bytes: &[u8], other: &[Vec<u8>]) -> Vec<u8> {
    let whole = catch_unwind(AssertUnwindSafe(|| Parts::of(bytes)));
    let Ok(mut parts) = whole else { return bytes.to_vec() };
    match rng.random_range(0..12) {
        0 => parts.seq = nearby(rng, parts.seq),
        1 => parts.start_op = nearby(rng, parts.start_op),
        2 => parts.deps.reverse(),
        3 => drop(parts.deps.pop()),
        4 => parts.others.push((0..16).map(|_| rng.random()).collect()),
        5 => parts.columns.iter_mut().for_each(|(spec, _)| *spec ^= u64::from(rng.random_ratio(1, 12))),
        6 => splice(&mut parts, other, rng),
        _ => damage(rng, &mut parts),
    }
    parts.bytes()
}

fn nearby(rng: &mut SmallRng, value: u64) -> u64 {
    match rng.random_range(0..4) {
        0 => value.saturating_sub(1),
        1 => value + 1,
        2 => rng.random(),
        _ => rng.random_range(0..40),
    }
}

/// Takes a column of another change.
fn splice(parts: &mut Parts, other: &[Vec<u8>], rng: &mut SmallRng) {
    let Some(donor) = other.choose(rng) else { return };
    let donor = Parts::of(donor);
    if let Some((spec, data)) = donor.columns.choose(rng) {
        *parts.column(*spec) = data.clone();
    }
}

/// Changes one value or run length inside one column.
fn damage(rng: &mut SmallRng, parts: &mut Parts) {
    if parts.columns.is_empty() {
        return;
    }
    let at = rng.random_range(0..parts.columns.len());
    let data = &mut parts.columns[at].1;
    let number = if rng.random() { leb(rng.random_range(0..300)) } else { signed_leb(rng.random_range(-300..300)) };
    let place = rng.random_range(0..=data.len());
    match rng.random_range(0..4) {
        0 if place < data.len() => data[place] = data[place].wrapping_add(if rng.random() { 1 } else { 255 }),
        1 if place < data.len() => drop(data.splice(place..=place, number)),
        2 => drop(data.splice(place..place, number)),
        _ => data.truncate(place),
    }
}

/// Whether the mutant got in; the harm that it did, if any.
fn harmless(parent: &Honest, changes: &[Vec<u8>], sealed: bool, rng: &mut SmallRng) -> Result<bool, String> {
    let changes: Vec<BatchChange> = changes.iter().map(|bytes| BatchChange { record: record(1), bytes: bytes.clone() }).collect();
    let batch = parent.writer.batch(changes.clone());
    let sealed = sealed.then(|| parent.writer.seal(changes));
    let member = parent.writer.member();
    let mut fastest = Duration::MAX;
    let mut answer = None;
    // A busy machine is no harm: only what is slow three times is slow.
    for _ in 0..3 {
        let start = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| match &sealed {
            Some(sealed) => parent.desk.admit(sealed, &member),
            None => parent.desk.admit_contents(&batch, &member),
        }));
        fastest = fastest.min(start.elapsed());
        answer = Some(result.map_err(|_| "panics".to_owned())?);
        if fastest <= SLOWEST {
            break;
        }
    }
    if fastest > SLOWEST {
        return Err(format!("takes {fastest:?}"));
    }
    match answer {
        Some(Ok(admitted)) => admitted.into_iter().try_fold(false, |_, admitted| lives_on(parent, admitted, rng).map(|()| true)),
        _ => Ok(false),
    }
}

/// What was let in loads, merges with what others write at the same time, and takes further edits.
fn lives_on(parent: &Honest, admitted: Admitted, rng: &mut SmallRng) -> Result<(), String> {
    let lives = || -> Result<(), String> {
        let mut desk = parent.desk.clone();
        let kind = admitted.kind;
        let mut beside = desk.documents.get(&admitted.record).cloned().unwrap_or_else(|| admitted.document.clone());
        desk.documents.insert(admitted.record, admitted.document.clone());
        let bob = Person::new(3);
        let late = write(rng, kind, &bob, &mut beside);
        let mut copy = admitted.document.clone();
        let next = write(rng, kind, &later(&bob), &mut copy);
        for (person, changes) in [(&bob, late), (&later(&bob), next)] {
            let changes = changes.into_iter().map(|bytes| BatchChange { record: admitted.record, bytes }).collect();
            let taken = desk.admit_contents(&person.batch(changes), &person.member());
            let taken = taken.map_err(|refusal| format!("an honest edit after it: {refusal:?}"))?;
            desk.documents.extend(taken.into_iter().map(|taken| (taken.record, taken.document)));
        }
        let document = &desk.documents[&admitted.record];
        let again = shared::document::Document::load(&document.save()).map_err(|error| error.to_string())?;
        beside.receive(document.changes().iter().map(Vec::as_slice)).map_err(|error| error.to_string())?;
        if again.tree() == document.tree() && beside.tree() == document.tree() { Ok(()) } else { Err("copies differ".to_owned()) }
    };
    catch_unwind(AssertUnwindSafe(lives)).unwrap_or_else(|_| Err("panics later".to_owned()))
}

fn later(person: &Person) -> Person {
    Person { nonce: shared::ids::Nonce([99; 16]), ..person.clone() }
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn keep(changes: &[Vec<u8>]) -> PathBuf {
    let lines: Vec<String> = changes.iter().map(|bytes| hex(bytes)).collect();
    let text = lines.join("\n");
    let path = fixtures().join(format!("mutant-{}.hex", &hex(&Sha256::digest(&text))[..12]));
    std::fs::create_dir_all(fixtures()).expect("the fixtures can be written");
    std::fs::write(&path, text).expect("the fixtures can be written");
    path
}

/// Batches that failed once.
fn kept() -> Vec<Vec<Vec<u8>>> {
    let files = std::fs::read_dir(fixtures()).into_iter().flatten().flatten();
    let mutants = files.filter(|file| file.file_name().to_string_lossy().starts_with("mutant-"));
    let texts = mutants.map(|file| std::fs::read_to_string(file.path()).expect("a fixture is text"));
    texts.map(|text| text.lines().map(|line| unhex(line).expect("hexadecimal")).collect()).collect()
}
