//! How much a relay takes: batches beside the disk's own rate, pages, memory.

use crate::device::{Device, Parcel, good};
use crate::line::Line;
use crate::town::Town;
use crate::{measured, places};
use rand::Rng;
use rusqlite::Connection;
use shared::ids::RecordId;
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

const DEVICES: usize = 8;
const BATCHES_PER_DEVICE: usize = 250;
/// Edits go round so many places, so that no document's history gets longer than in life.
const PLACES_PER_DEVICE: usize = 25;
const RAW_TIME: Duration = Duration::from_millis(1_500);
const READERS: u64 = 4;
const READING_TIME: Duration = Duration::from_secs(3);
const ENCODINGS: &str = "Accept-Encoding: br, gzip\r\n";

/// Part d: eight devices at once, each waiting for its answers, between two runs of the disk alone.
pub fn batches(town: &mut Town, folder: &Path) -> Result<()> {
    let queues = (0..DEVICES).map(|_| queue(town)).collect::<Result<Vec<_>>>()?;
    let bytes = queues[0].1[0].bytes.len();
    let before = raw_commits(&folder.join("raw-before.sqlite"), bytes).map_err(Error::other)?;
    let address = town.relay.address;
    let begun = Instant::now();
    thread::scope(|scope| {
        let posting: Vec<_> =
            queues.iter().map(|(device, parcels)| scope.spawn(move || post(address, device, parcels))).collect();
        posting.into_iter().try_for_each(|thread| thread.join().expect("a device does not panic"))
    })?;
    let batches = f64::from(u32::try_from(DEVICES * BATCHES_PER_DEVICE).unwrap_or(u32::MAX));
    let rate = batches / begun.elapsed().as_secs_f64();
    let after = raw_commits(&folder.join("raw-after.sqlite"), bytes).map_err(Error::other)?;
    measured("batches-per-s", &[rate]);
    measured("raw-commits-per-s", &[before, after]);
    measured("batches-ratio-percent", &[rate / ((before + after) / 2.0) * 100.0]);
    Ok(())
}

/// A new device, and edits of its own places, sealed beforehand: the relay has the cores.
fn queue(town: &mut Town) -> Result<(Device, Vec<Parcel>)> {
    let device = town.join()?;
    let mut line = town.relay.line()?;
    let rng = &mut town.rng;
    let mut own = Vec::new();
    for _ in 0..PLACES_PER_DEVICE {
        let record = RecordId(rng.random());
        let (document, parcel) = device.new_place(record, &places::place(rng), rng);
        device.share(&mut line, &parcel)?;
        own.push((record, document));
    }
    let parcels = (0..BATCHES_PER_DEVICE).map(|index| {
        let (record, document) = &mut own[index % PLACES_PER_DEVICE];
        device.edit(*record, document, &places::one_field(rng), rng)
    });
    let parcels = parcels.collect();
    Ok((device, parcels))
}

fn post(address: SocketAddr, device: &Device, parcels: &[Parcel]) -> Result<()> {
    let mut line = Line::open(address)?;
    parcels.iter().try_for_each(|parcel| device.share(&mut line, parcel).map(drop))
}

/// Commits per second of one row of a batch's size each, with the relay's own settings.
fn raw_commits(path: &Path, bytes: usize) -> rusqlite::Result<f64> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.execute_batch("CREATE TABLE batch (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
    let mut insert = connection.prepare("INSERT INTO batch (bytes) VALUES (?1)")?;
    let row = vec![7_u8; bytes];
    let begun = Instant::now();
    let mut commits = 0.0;
    while begun.elapsed() < RAW_TIME {
        insert.execute([&row])?;
        commits += 1.0;
    }
    Ok(commits / begun.elapsed().as_secs_f64())
}

/// Part e: pages rendered and compressed for four readers who ask without a pause.
pub fn pages(town: &Town) -> Result<()> {
    let base = format!("/{}/fr/", town.guide);
    let places: Vec<String> = town.places.iter().map(|(record, _)| format!("{base}place/{record}")).collect();
    let lists = ["health", "food", "legal", "hygiene"].map(|code| format!("{base}category/{code}"));
    measured("home-pages-per-s", &[rate(town.relay.address, &[base])?]);
    measured("list-pages-per-s", &[rate(town.relay.address, &lists)?]);
    measured("place-pages-per-s", &[rate(town.relay.address, &places)?]);
    Ok(())
}

fn rate(address: SocketAddr, paths: &[String]) -> Result<f64> {
    let begun = Instant::now();
    let read = |reader: u64| -> Result<u32> {
        let mut line = Line::open(address)?;
        let mut pages = 0;
        // Readers begin at different places of the list.
        for path in paths.iter().cycle().skip(usize::try_from(reader).unwrap_or_default() * 7) {
            if begun.elapsed() > READING_TIME {
                break;
            }
            good(line.get(path, ENCODINGS)?, path)?;
            pages += 1;
        }
        Ok(pages)
    };
    let pages: Result<u32> = thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|reader| scope.spawn(move || read(reader))).collect();
        readers.into_iter().map(|reader| reader.join().expect("a reader does not panic")).sum()
    });
    Ok(f64::from(pages?) / begun.elapsed().as_secs_f64())
}

/// Part f: after pages and the edition were read and a device took the whole workspace; and the
/// highest since the start, which includes publishing.
pub fn memory(mut town: Town) -> Result<()> {
    let newcomer = town.join()?;
    let mut line = town.relay.line()?;
    let (guide, place) = (town.guide.clone(), town.places[0].0);
    measured("memory-started-mib", &[mebibytes(town.relay.pid(), "VmRSS:")?]);
    for path in [
        format!("/{guide}/fr/"),
        format!("/{guide}/fr/category/health?page=2"),
        format!("/{guide}/fr/search?q=sante"),
        format!("/{guide}/fr/place/{place}"),
        format!("/api/guides/{guide}/editions/fr"),
    ] {
        good(line.get(&path, ENCODINGS)?, &path)?;
    }
    measured("memory-read-mib", &[mebibytes(town.relay.pid(), "VmRSS:")?]);
    let headers = newcomer.authorization() + ENCODINGS;
    good(line.get(&format!("/api/guides/{guide}/workspace"), &headers)?, "the workspace")?;
    measured("memory-joined-mib", &[mebibytes(town.relay.pid(), "VmRSS:")?]);
    measured("memory-highest-mib", &[mebibytes(town.relay.pid(), "VmHWM:")?]);
    Ok(())
}

fn mebibytes(pid: u32, field: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kibibytes: Option<f64> = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kibibytes.map(|kibibytes| kibibytes / 1024.0).ok_or_else(|| Error::other(format!("no {field} for the relay")))
}
