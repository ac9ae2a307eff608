//! A member's device in memory: a shelf, a key, and as many tabs as one likes.

use super::line::Line;
use super::{MemoryShelf, Weather};
use crate::batch;
use crate::ids::Day;
use crate::json::{self, Raw};
use crate::link::{News, Trouble};
use crate::replica::{Keys, Replica, Surroundings};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use rand::rngs::SmallRng;
use rand::{RngCore, SeedableRng};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A replica in memory: one tab of a device.
pub type Member = Replica<MemoryShelf, MemoryKeys, Line, World>;

/// The key exists from the start and is used once the device joins.
#[derive(Clone)]
pub struct MemoryKeys {
    key: Rc<SigningKey>,
    made: Rc<Cell<bool>>,
}

impl Keys for MemoryKeys {
    async fn public_key(&self) -> Result<Option<Vec<u8>>, Trouble> {
        Ok(self.made.get().then(|| batch::public_key(&self.key).to_vec()))
    }

    async fn make(&self) -> Result<Vec<u8>, Trouble> {
        self.made.set(true);
        Ok(batch::public_key(&self.key).to_vec())
    }

    async fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], Trouble> {
        super::Pause::default().await;
        let signature: Signature = self.key.sign(bytes);
        Ok(signature.to_bytes().into())
    }

    async fn forget(&self) -> Result<(), Trouble> {
        self.made.set(false);
        Ok(())
    }
}

/// Seeded chance and a clock that stands still until it is moved.
#[derive(Clone)]
pub struct World {
    rng: Rc<RefCell<SmallRng>>,
    today: Rc<Cell<Day>>,
}

impl Surroundings for World {
    fn random(&self, bytes: &mut [u8]) {
        self.rng.borrow_mut().fill_bytes(bytes);
    }

    fn today(&self) -> Day {
        self.today.get()
    }

    fn tell(&self, _: News) {}

    async fn explain_hours(&self, written: &str, country: Option<&str>, today: Day) -> Result<Raw, Trouble> {
        Ok(Raw(json::to_string(&crate::hours::explain(written, country, today))))
    }
}

/// What outlives tabs and crashes.
#[derive(Clone)]
pub struct Device {
    pub name: String,
    pub shelf: MemoryShelf,
    pub weather: Rc<RefCell<Weather>>,
    keys: MemoryKeys,
    line: Line,
    world: World,
}

impl Device {
    pub(super) fn new(name: &str, line: Line, today: Rc<Cell<Day>>, rng: &mut SmallRng) -> Device {
        let key = loop {
            let mut secret = [0; 32];
            rng.fill_bytes(&mut secret);
            if let Ok(key) = SigningKey::from_slice(&secret) {
                break key;
            }
        };
        Device {
            name: name.to_owned(),
            shelf: MemoryShelf::default(),
            weather: line.weather.clone(),
            keys: MemoryKeys { key: Rc::new(key), made: Rc::default() },
            line,
            world: World { rng: Rc::new(RefCell::new(SmallRng::from_rng(rng))), today },
        }
    }

    /// Opens one more tab. What it knew before it was closed is only what the shelf holds.
    pub fn tab(&self) -> Member {
        let guide = self.line.relay.borrow().guide.clone();
        Replica::new(guide, self.shelf.clone(), self.keys.clone(), self.line.clone(), self.world.clone())
    }
}
