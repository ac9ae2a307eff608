//! How long and how many bytes until a second device has what the first one did.

use crate::device::{Parcel, good};
use crate::line::Answer;
use crate::town::Town;
use crate::watcher::Watcher;
use crate::{measured, places};
use rand::Rng;
use shared::ids::RecordId;
use std::io::Result;
use std::time::{Duration, Instant};

const EDITS: usize = 200;
const OFFLINE_EDITS: usize = 1_000;
const ENCODINGS: &str = "Accept-Encoding: br, gzip\r\n";

/// Part a: from making the edit (Automerge, seal) to the second device holding it.
pub fn one_by_one(town: &mut Town) -> Result<()> {
    let watcher = watch(town)?;
    let mut line = town.relay.line()?;
    let (mut durable, mut visible) = (Vec::new(), Vec::new());
    for index in 0..EDITS {
        let begun = Instant::now();
        let parcel = edit(town, index);
        town.feed_seq = town.device.share(&mut line, &parcel)?.feed_seq;
        durable.push(milliseconds(begun.elapsed()));
        visible.push(milliseconds(watcher.wait(&parcel.changes)? - begun));
    }
    measured("edit-durable-ms", &durable);
    measured("edit-visible-ms", &visible);
    Ok(())
}

/// Part b: what travels, heads of HTTP/1.1 included, and the sealed batch alone.
pub fn bytes(town: &mut Town) -> Result<()> {
    let mut line = town.relay.line()?;
    let parcel = edit(town, 0);
    measured("edit-batch-bytes", &[count(parcel.bytes.len())]);
    travelled("edit", &town.device.post(&mut line, &parcel)?);

    let record = RecordId(town.rng.random());
    let (_, parcel) = town.device.new_place(record, &places::place(&mut town.rng), &mut town.rng);
    measured("place-batch-bytes", &[count(parcel.bytes.len())]);
    travelled("place", &town.device.post(&mut line, &parcel)?);

    let newcomer = town.join()?;
    let headers = newcomer.authorization() + ENCODINGS;
    let answer = line.get(&format!("/api/guides/{}/workspace", town.guide), &headers)?;
    travelled("join", &answer);
    good(answer, "the workspace").map(drop)
}

/// Part c: as the app does it: one edit per batch, one after the other, each waiting for its answer.
pub fn after_a_day_offline(town: &mut Town) -> Result<()> {
    let watcher = watch(town)?;
    let waiting: Vec<Parcel> = (0..OFFLINE_EDITS).map(|index| edit(town, index)).collect();
    let begun = Instant::now();
    let mut line = town.relay.line()?;
    for parcel in &waiting {
        town.feed_seq = town.device.share(&mut line, parcel)?.feed_seq;
    }
    measured("offline-durable-s", &[begun.elapsed().as_secs_f64()]);
    let visible = watcher.wait(waiting.iter().flat_map(|parcel| &parcel.changes))? - begun;
    measured("offline-visible-s", &[visible.as_secs_f64()]);
    Ok(())
}

fn watch(town: &mut Town) -> Result<Watcher> {
    let second = town.join()?;
    Watcher::start(&town.relay, second, town.feed_seq)
}

fn edit(town: &mut Town, index: usize) -> Parcel {
    let Town { device, places, rng, .. } = town;
    let index = index % places.len();
    let (record, document) = &mut places[index];
    device.edit(*record, document, &places::one_field(rng), rng)
}

fn travelled(what: &str, answer: &Answer) {
    measured(&format!("{what}-up-bytes"), &[count(answer.bytes_up)]);
    measured(&format!("{what}-down-bytes"), &[count(answer.bytes_down)]);
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn count(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX))
}
