//! Several members and their relay, from one seed.

use super::line::Line;
use super::{Device, Member, MemoryRelay, Weather, run};
use crate::document::Document;
use crate::ids::{Day, GuideId, RecordId};
use crate::link::{State, Trouble};
use crate::replica::Table;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How many exchanges in fine weather settle everything there is to settle.
const SETTLING_ROUNDS: usize = 6;

pub struct Network {
    pub relay: Rc<RefCell<MemoryRelay>>,
    pub today: Rc<Cell<Day>>,
    pub rng: SmallRng,
    late: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl Network {
    pub fn new(seed: u64) -> Network {
        let today = Day(20_000);
        let guide: GuideId = "test-guide".parse().expect("a well-formed slug");
        Network {
            relay: Rc::new(RefCell::new(MemoryRelay::new(guide, today))),
            today: Rc::new(Cell::new(today)),
            rng: SmallRng::seed_from_u64(seed),
            late: Rc::default(),
        }
    }

    /// A device that has not joined yet.
    pub fn device(&mut self, name: &str) -> Device {
        let line = Line {
            relay: self.relay.clone(),
            weather: Rc::default(),
            rng: Rc::new(RefCell::new(SmallRng::from_rng(&mut self.rng))),
            late: self.late.clone(),
        };
        Device::new(name, line, self.today.clone(), &mut self.rng)
    }

    /// A device that has joined as `role` and holds the workspace.
    pub fn member(&mut self, name: &str, role: &str) -> Result<(Device, Member), Trouble> {
        let device = self.device(name);
        let tab = device.tab();
        run(async {
            tab.open().await?;
            tab.join(role.to_owned(), name.to_owned()).await?;
            tab.exchange().await
        })?;
        Ok((device, tab))
    }

    /// Fine weather, and everyone exchanges until nothing is left to do.
    pub fn settle(&self, devices: &[Device]) -> Result<Vec<State>, Trouble> {
        let tabs: Vec<Member> = devices.iter().map(Device::tab).collect();
        for device in devices {
            *device.weather.borrow_mut() = Weather::default();
        }
        for _ in 0..SETTLING_ROUNDS {
            for tab in &tabs {
                run(tab.exchange())?;
            }
        }
        tabs.iter().map(|tab| run(tab.state())).collect()
    }

    /// All that is still under way arrives; nobody waits for the answers.
    pub fn deliver_late(&self) {
        for sealed in self.late.borrow_mut().drain(..) {
            drop(self.relay.borrow_mut().post(&sealed));
        }
    }

    /// The first difference between the relay's records and a device's, if there is one.
    pub fn difference(&self, device: &Device) -> Option<String> {
        let relay = self.relay.borrow();
        let held = device.shelf.count(Table::Records);
        if held != relay.documents.len() {
            return Some(format!("{} holds {held} records, the relay {}", device.name, relay.documents.len()));
        }
        relay.documents.iter().find_map(|(record, document)| differs(device, *record, document))
    }
}

fn differs(device: &Device, record: RecordId, document: &Document) -> Option<String> {
    let Some(bytes) = device.shelf.row(Table::Records, &record.to_string()) else {
        return Some(format!("{} has no {record}", device.name));
    };
    let held = match Document::load(&bytes) {
        Ok(held) => held,
        Err(error) => return Some(format!("{}'s {record} does not load: {error}", device.name)),
    };
    let same = held.heads() == document.heads() && held.tree() == document.tree();
    (!same).then(|| format!("{}'s {record} reads {}, the relay's {}", device.name, held.tree(), document.tree()))
}
