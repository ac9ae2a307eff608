//! A relay with a guide of so many places, all of which came through the gate from one device.

use crate::device::Device;
use crate::line::Line;
use crate::places;
use crate::relay::Relay;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use shared::document::Document;
use shared::ids::{GuideId, RecordId};
use std::io::Result;
use std::path::Path;

/// Places in one batch: well below what a batch may weigh.
const PLACES_PER_BATCH: usize = 50;

pub struct Town {
    pub guide: GuideId,
    pub relay: Relay,
    pub device: Device,
    pub places: Vec<(RecordId, Document)>,
    pub rng: SmallRng,
    /// The feed's last number before anything is measured.
    pub feed_seq: u64,
}

impl Town {
    /// Fills `data` and starts the relay again: it publishes everything before it is ready.
    pub fn found(binary: &Path, data: &Path, places: usize, seed: u64) -> Result<Town> {
        let guide: GuideId = "bench".parse().expect("a slug");
        let mut rng = SmallRng::seed_from_u64(seed);
        Relay::create_guide(binary, data, &guide)?;
        let relay = Relay::start(binary, data)?;
        let mut line = relay.line()?;
        let device = Device::join(&mut line, &guide, &relay.invite(&guide)?, &mut rng)?;
        let mut town = Town { guide, relay, device, places: Vec::new(), rng, feed_seq: 0 };
        while town.places.len() < places {
            town.settle(&mut line, PLACES_PER_BATCH.min(places - town.places.len()))?;
        }
        town.relay.kill()?;
        town.relay = Relay::start(binary, data)?;
        Ok(town)
    }

    fn settle(&mut self, line: &mut Line, count: usize) -> Result<()> {
        let mut changes = Vec::new();
        for _ in 0..count {
            let record = RecordId(self.rng.random());
            let (document, made) = self.device.place(record, &places::place(&mut self.rng));
            changes.extend(made);
            self.places.push((record, document));
        }
        let parcel = self.device.seal(changes, &mut self.rng);
        self.feed_seq = self.device.share(line, &parcel)?.feed_seq;
        Ok(())
    }

    /// One more device of the same guide.
    pub fn join(&mut self) -> Result<Device> {
        Device::join(&mut self.relay.line()?, &self.guide, &self.relay.invite(&self.guide)?, &mut self.rng)
    }
}
