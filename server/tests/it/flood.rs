//! Everything that the gate's tests know to be refused, sealed by members' own devices, a thousand times
//! a second: the relay stays well and honest members are served. `SOCLE_FLOOD_SECONDS` makes it longer.
//!
//! A device's quota would end a flood from one device after 2,000 batches. So it comes from the same
//! devices in many guides, each with a share of its own; `limits.rs` shows the quota.

#[path = "../../../shared/tests/it/gate/hostile_bytes.rs"]
mod hostile_bytes;
#[path = "../../../shared/tests/it/gate/hostile_operations.rs"]
mod hostile_operations;
#[expect(dead_code, reason = "the gate's tests make more with it")]
#[path = "../../../shared/tests/it/gate/workshop.rs"]
mod workshop;

use crate::load::device::{Device, good};
use crate::load::line::Line;
use crate::process::Process;
use p256::ecdsa::SigningKey;
use rand::rngs::SmallRng;
use shared::batch::{self, Batch, BatchChange};
use shared::edit::Edit;
use shared::ids::{BatchId, DeviceId, GuideId, Nonce, RecordId};
use shared::limits::DEVICE_BATCHES_AT_ONCE;
use std::collections::BTreeMap;
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use workshop::{Person, REFUSED_VARIABLE, beginning, record};

const SECONDS: u32 = 5;
const PER_SECOND: u32 = 1_000;
const LINES: u32 = 8;
const HEALTH_EVERY: Duration = Duration::from_millis(100);
const HEALTH_WITHIN: Duration = Duration::from_secs(1);
const MEMORY_MIB_MAX: u64 = 256;

/// Who sealed what: as `workshop::keep` wrote it.
struct Shape {
    key: SigningKey,
    nonce: Nonce,
    changes: Vec<BatchChange>,
}

/// A request of the flood.
struct Shot {
    path: String,
    body: Vec<u8>,
}

/// Every push that the gate's tests make and that is refused: they are run once more to tell.
fn shapes() -> Result<Vec<Shape>> {
    let folder = tempfile::tempdir()?;
    let mut tests = Command::new(std::env::current_exe()?);
    let run = tests.args(["flood::hostile_", "--test-threads", "1", "--quiet"]).env(REFUSED_VARIABLE, folder.path()).output()?;
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    let mut paths: Vec<_> = std::fs::read_dir(folder.path())?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    paths.iter().map(|path| shape(&std::fs::read(path)?).ok_or_else(|| Error::other("not a shape"))).collect()
}

fn shape(bytes: &[u8]) -> Option<Shape> {
    let (key, rest) = bytes.split_first_chunk::<32>()?;
    let (nonce, rest) = rest.split_first_chunk::<16>()?;
    let (record, mut rest) = rest.split_first_chunk::<16>()?;
    let mut changes = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (bytes, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        changes.push(BatchChange { record: RecordId(*record), bytes: bytes.to_vec() });
        rest = after;
    }
    Some(Shape { key: SigningKey::from_slice(key).ok()?, nonce: Nonce(*nonce), changes })
}

impl Shape {
    fn sealed(&self, guide: &GuideId, number: u32) -> Shot {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let (batch, device) = (BatchId(id), DeviceId::of_key(&batch::public_key(&self.key)));
        let path = format!("/api/guides/{guide}/batches/{batch}");
        let batch = Batch { guide: guide.clone(), device, batch, nonce: self.nonce, changes: self.changes.clone() };
        Shot { path, body: batch::sign(&batch, &self.key).encode() }
    }
}

/// A new guide of which everyone who seals a shape is a member, with the place that Alice begins.
fn found(relay: &Process, line: &mut Line, number: u32, shapes: &[Shape]) -> Result<GuideId> {
    let guide: GuideId = format!("flood-{number}").parse().expect("a slug");
    let new = ["guide", "create", "--slug", guide.as_str(), "--name", "Flood", "--language", "fr", "--time-zone", "Europe/Paris"];
    relay.socle(&new)?;
    let keys: BTreeMap<_, _> = shapes.iter().map(|shape| (shape.key.to_bytes().to_vec(), &shape.key)).collect();
    for (number, key) in keys.values().enumerate() {
        let link = relay.socle(&["invite", "--guide", guide.as_str(), "--role", "editor"])?;
        let token = link.trim().rsplit_once('#').map_or("", |(_, token)| token).to_owned();
        let redeem = shared::joining::redeem(&token, &format!("hostile {number}"), key);
        good(line.post("/api/invites", shared::json::to_string(&redeem).as_bytes())?, "an invite")?;
    }
    let alice = Person::new(1);
    let changes = beginning(&alice).1.into_iter().map(|bytes| BatchChange { record: record(1), bytes }).collect();
    let honest = Shape { key: alice.key.clone(), nonce: alice.nonce, changes }.sealed(&guide, u32::MAX);
    good(line.post(&honest.path, &honest.body)?, "Alice's place")?;
    Ok(guide)
}

/// What all lines were answered: how often which status.
type Answers = BTreeMap<u16, u32>;

/// One line's part: shots one after the other, each at its time or as soon as the one before is answered.
fn flood(address: SocketAddr, shots: &[Shot], first: u32, begun: Instant, time: Duration) -> Result<Answers> {
    let (mut line, mut answers) = (Line::open(address)?, Answers::new());
    let pause = Duration::from_secs(1) / PER_SECOND;
    for number in (first..).step_by(LINES as usize) {
        let due = pause * number;
        if due > time || begun.elapsed() > time {
            break;
        }
        // The rate is part of what is tested.
        thread::sleep(due.saturating_sub(begun.elapsed()));
        let shot = &shots[number as usize % shots.len()];
        *answers.entry(line.post(&shot.path, &shot.body)?.status).or_default() += 1;
    }
    Ok(answers)
}

/// Asks for health until the flood is over: the longest wait.
fn health(address: SocketAddr, over: &AtomicBool) -> Result<Duration> {
    let (mut line, mut longest) = (Line::open(address)?, Duration::ZERO);
    while !over.load(Ordering::Relaxed) {
        let asked = Instant::now();
        good(line.get("/healthz", "")?, "health")?;
        longest = longest.max(asked.elapsed());
        thread::sleep(HEALTH_EVERY);
    }
    Ok(longest)
}

/// An honest member who makes a place now and then until the flood is over: how many, the longest wait.
fn honest(address: SocketAddr, device: &Device, mut rng: SmallRng, over: &AtomicBool) -> Result<(u32, Duration)> {
    let (mut line, mut shared, mut longest) = (Line::open(address)?, 0_u32, Duration::ZERO);
    while !over.load(Ordering::Relaxed) {
        shared += 1;
        let id = RecordId(std::array::from_fn(|at| shared.to_be_bytes()[at % 4]));
        let (_, parcel) = device.new_place(id, &[Edit::put("name", format!("Place {shared}"))], &mut rng);
        let sent = Instant::now();
        device.share(&mut line, &parcel)?;
        longest = longest.max(sent.elapsed());
        thread::sleep(HEALTH_EVERY);
    }
    Ok((shared, longest))
}

#[test]
fn everything_that_is_refused_holds_up_nobody() -> Result<()> {
    let seconds = std::env::var("SOCLE_FLOOD_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SECONDS);
    let shapes = shapes()?;
    let all = shapes.len();
    let mut relay = Process::start(&[])?;
    let mut line = relay.line()?;
    // A shape that is refused only after what its own test did before it is left out.
    let first = found(&relay, &mut line, 0, &shapes)?;
    let mut reasons: BTreeMap<String, u32> = BTreeMap::new();
    let mut refused = Vec::new();
    for (number, shape) in (0..).zip(shapes) {
        let shot = shape.sealed(&first, number);
        let answer = line.post(&shot.path, &shot.body)?;
        if answer.status == 200 {
            continue;
        }
        let said: serde_json::Value = serde_json::from_slice(&answer.body)?;
        *reasons.entry(said["reason"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        refused.push(shape);
    }
    println!("{} of {all} shapes are refused: {reasons:?}", refused.len());
    assert!(refused.len() > 150 && refused.len() * 10 > all * 9);

    // Shots go round the guides, so that every device stays within its share.
    let guides = seconds * PER_SECOND / DEVICE_BATCHES_AT_ONCE + 2;
    let guides = (1..=guides).map(|number| found(&relay, &mut line, number, &refused)).collect::<Result<Vec<_>>>()?;
    let shots = refused.iter().flat_map(|shape| guides.iter().map(move |guide| (shape, guide)));
    let shots: Vec<Shot> = (1..).zip(shots).map(|(number, (shape, guide))| shape.sealed(guide, number)).collect();
    let (device, rng) = relay.join(7)?;

    let (address, over, time) = (relay.address, AtomicBool::new(false), Duration::from_secs(seconds.into()));
    let begun = Instant::now();
    let (answers, took, health, honest) = thread::scope(|scope| {
        let lines: Vec<_> = (0..LINES)
            .map(|first| {
                scope.spawn({
                    let shots = &shots;
                    move || flood(address, shots, first, begun, time)
                })
            })
            .collect();
        let (health, honest) = (scope.spawn(|| health(address, &over)), scope.spawn(|| honest(address, &device, rng, &over)));
        let answers: Vec<_> = lines.into_iter().map(|line| line.join().expect("a line does not panic")).collect();
        let took = begun.elapsed();
        over.store(true, Ordering::Relaxed);
        let [health, honest] = [health.join().map(|health| health.map(|longest| (0, longest))), honest.join()]
            .map(|joined| joined.expect("no panic"));
        (answers, took, health, honest)
    });
    let mut counts = Answers::new();
    for line in answers {
        line?.into_iter().for_each(|(status, count)| *counts.entry(status).or_default() += count);
    }
    let (sent, rate) = (counts.values().sum::<u32>(), f64::from(counts.values().sum::<u32>()) / took.as_secs_f64());
    let ((_, health), (shared, waited), memory) = (health?, honest?, relay.memory("VmHWM:")? / 1024);
    println!("{sent} hostile batches in {took:?}, {rate:.0} a second: {counts:?}");
    println!("health within {health:?}; {shared} honest batches, each within {waited:?}; at most {memory} MiB");
    assert!(health < HEALTH_WITHIN, "{health:?}");
    assert!(memory < MEMORY_MIB_MAX, "{memory} MiB");
    assert!(shared > 0);
    assert!(counts.keys().all(|status| (400..500).contains(status) && *status != 429), "{counts:?}");
    relay.terminate()?;
    assert!(relay.ended()?.success());
    assert!(!relay.said().contains("broke"), "{}", relay.said());
    Ok(())
}
