//! An acknowledged batch survives `kill -9`: the real binary, killed in the middle of writing, again
//! and again on the same data. `SOCLE_SEED` and `SOCLE_KILLS` choose another run.

use crate::load::device::{Device, Parcel, good};
use crate::load::line::Line;
use crate::load::relay::Relay;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use shared::document::Document;
use shared::edit::Edit;
use shared::ids::{GuideId, RecordId};
use shared::wire::Accepted;
use std::collections::BTreeMap;
use std::io::Result;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

const BINARY: &str = env!("CARGO_BIN_EXE_socle");
const GUIDE: &str = "killed";
const WRITERS: usize = 6;
/// The kill comes after so many acknowledgements, drawn anew each round; 50 in the middle.
const ACKNOWLEDGED: RangeInclusive<usize> = 30..=70;
const ROUNDS: usize = 50;
/// A new place now and then: a longer batch, and short documents keep the rounds short.
const EDITS_PER_PLACE: usize = 12;

/// A batch that was posted, and what the relay said if it said anything.
struct Posted {
    parcel: Parcel,
    answer: Option<Accepted>,
}

struct Writer {
    device: Device,
    rng: SmallRng,
    place: Option<(RecordId, Document, usize)>,
    posted: Vec<Posted>,
}

#[test]
fn what_was_acknowledged_survives_kill_9() -> Result<()> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = number("SOCLE_SEED").unwrap_or_else(rand::random);
    let rounds = number("SOCLE_KILLS").map_or(ROUNDS, |rounds| usize::try_from(rounds).unwrap_or(ROUNDS));
    println!("SOCLE_SEED={seed} SOCLE_KILLS={rounds}");
    let folder = tempfile::tempdir()?;
    Story::begin(&folder.path().join("data"), seed)?.run(rounds)
}

struct Story {
    relay: Relay,
    data: std::path::PathBuf,
    epoch: String,
    writers: Vec<Writer>,
    rng: SmallRng,
    /// The feed up to here was compared with what was acknowledged.
    seen: u64,
}

impl Story {
    fn begin(data: &Path, seed: u64) -> Result<Story> {
        let mut rng = SmallRng::seed_from_u64(seed);
        let guide: GuideId = GUIDE.parse().expect("a slug");
        Relay::create_guide(BINARY.as_ref(), data, &guide)?;
        let relay = Relay::start(BINARY.as_ref(), data)?;
        let mut line = relay.line()?;
        let writers = (0..WRITERS).map(|_| Writer::join(&relay, &mut line, &guide, &mut rng)).collect::<Result<Vec<_>>>()?;
        let start = writers[0].device.feed(&mut line, 0)?;
        Ok(Story { relay, data: data.to_owned(), epoch: start.epoch, writers, rng, seen: start.feed_seq })
    }

    fn run(mut self, rounds: usize) -> Result<()> {
        for round in 0..rounds {
            self.write_until_killed()?;
            self.relay = Relay::start(BINARY.as_ref(), &self.data)?;
            let (acknowledged, again) = self.check_round()?;
            println!("round {round}: {acknowledged} acknowledged, {again} sent again");
        }
        self.check_all()?;
        assert_eq!(self.relay.complaints()?, "", "the relay complained");
        Ok(())
    }

    /// All write at once; after a drawn number of acknowledgements the relay is gone.
    fn write_until_killed(&mut self) -> Result<()> {
        let last = self.rng.random_range(ACKNOWLEDGED);
        let Story { relay, writers, .. } = self;
        let address = relay.address;
        thread::scope(|scope| {
            let (tell, told) = channel();
            let busy: Vec<_> = writers
                .iter_mut()
                .map(|writer| {
                    let tell = tell.clone();
                    let line = Line::open(address)?;
                    Ok(scope.spawn(move || writer.write(line, &tell)))
                })
                .collect::<Result<_>>()?;
            drop(tell);
            wait_for(last, &told);
            relay.kill()?;
            for writer in busy {
                writer.join().expect("a writer met an error other than the kill");
            }
            Ok(())
        })
    }

    /// What was acknowledged is in the feed under its number; sent again it gets the same answer. What
    /// was not acknowledged is sent again and then is there, too.
    fn check_round(&mut self) -> Result<(usize, usize)> {
        let mut line = self.relay.line()?;
        let kept = self.feed(&mut line, self.seen)?;
        let (mut acknowledged, mut again) = (0, 0);
        let mut settled = Vec::new();
        for writer in &mut self.writers {
            for Posted { parcel, answer } in writer.posted.drain(..) {
                let now = writer.device.share(&mut line, &parcel)?;
                assert_eq!(now.epoch, self.epoch, "the relay takes itself for a restored one");
                match answer {
                    Some(before) => {
                        assert_eq!(before, now, "the same batch was answered otherwise");
                        assert!(holds(&kept, &parcel, &before), "acknowledged and lost: batch {}", parcel.batch);
                        acknowledged += 1;
                    }
                    None => again += 1,
                }
                settled.push((parcel, now));
            }
        }
        let kept = self.feed(&mut line, self.seen)?;
        assert!(settled.iter().all(|(parcel, now)| holds(&kept, parcel, now)), "a batch is not where the relay says");
        let changes: usize = settled.iter().map(|(parcel, _)| parcel.changes.len()).sum();
        assert_eq!(kept.len(), changes, "the feed holds something twice, or what nobody wrote");
        self.seen += kept.len() as u64;
        Ok((acknowledged, again))
    }

    /// Every change from the first on is still there, and the database and its documents are sound.
    fn check_all(&self) -> Result<()> {
        let everything = self.feed(&mut self.relay.line()?, 0)?;
        assert_eq!(everything.len() as u64, self.seen, "an early change went away later");
        assert_eq!(self.relay.socle(&["check"])?.trim(), format!("{GUIDE}: sound"));
        Ok(())
    }

    /// The feed after `since`, without gaps: number to change.
    fn feed(&self, line: &mut Line, since: u64) -> Result<BTreeMap<u64, Vec<u8>>> {
        let device = &self.writers[0].device;
        let mut found = BTreeMap::new();
        let mut next = since;
        loop {
            let page = device.feed(line, next)?;
            for change in page.changes {
                next += 1;
                assert_eq!(change.feed_seq, next, "the feed has a gap");
                found.insert(change.feed_seq, change.change.to_vec());
            }
            if !page.more {
                return Ok(found);
            }
        }
    }
}

impl Writer {
    fn join(relay: &Relay, line: &mut Line, guide: &GuideId, rng: &mut SmallRng) -> Result<Writer> {
        let device = Device::join(line, guide, &relay.invite(guide)?, rng)?;
        Ok(Writer { device, rng: SmallRng::from_rng(rng), place: None, posted: Vec::new() })
    }

    /// Posts one batch after the other until the relay is gone.
    fn write(&mut self, mut line: Line, tell: &Sender<()>) {
        loop {
            let parcel = self.next();
            let answer = self.device.post(&mut line, &parcel);
            let Ok(answer) = answer else {
                self.posted.push(Posted { parcel, answer: None });
                return;
            };
            let body = good(answer, "a batch").expect("the relay takes every batch");
            let accepted = shared::json::from_slice(&body).expect("an answer as documented");
            self.posted.push(Posted { parcel, answer: Some(accepted) });
            // Nobody counts any more once the number is reached.
            tell.send(()).ok();
        }
    }

    /// A new place, or an edit to the latest.
    fn next(&mut self) -> Parcel {
        let Writer { device, rng, place, .. } = self;
        let edits = [Edit::put("name", format!("Place {}", rng.random::<u32>()))];
        match place {
            Some((record, document, left)) if *left > 0 => {
                *left -= 1;
                device.edit(*record, document, &edits, rng)
            }
            _ => {
                let record = RecordId(rng.random());
                let (document, parcel) = device.new_place(record, &edits, rng);
                *place = Some((record, document, EDITS_PER_PLACE));
                parcel
            }
        }
    }
}

/// Waits for so many acknowledgements.
fn wait_for(acknowledged: usize, told: &Receiver<()>) {
    let counted = told.iter().take(acknowledged).count();
    assert_eq!(counted, acknowledged, "all writers stopped before the kill");
}

/// Whether the last changes of the feed up to the answer's number are the batch's.
fn holds(feed: &BTreeMap<u64, Vec<u8>>, parcel: &Parcel, accepted: &Accepted) -> bool {
    let first = accepted.feed_seq + 1 - parcel.changes.len() as u64;
    (first..=accepted.feed_seq).map(|feed_seq| feed.get(&feed_seq)).eq(parcel.changes.iter().map(Some))
}
