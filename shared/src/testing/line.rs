//! A line that loses, repeats and delays.

use super::{MemoryRelay, Pause};
use crate::gate::Refusal;
use crate::ids::{BatchId, GuideId};
use crate::replica::{Relay, Unreached, batch_answer};
use crate::wire::{Accepted, FeedPage, Redeem, Redeemed, Workspace};
use rand::Rng;
use rand::rngs::SmallRng;
use std::cell::RefCell;
use std::rc::Rc;

/// What happens on the way, each with its probability.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    pub offline: bool,
    /// The relay answers every batch with 429.
    pub busy: bool,
    pub loses_request: f64,
    pub loses_reply: f64,
    pub repeats: f64,
    /// A copy of the request arrives some time later as well.
    pub delays: f64,
}

impl Weather {
    pub fn bad() -> Weather {
        Weather { loses_request: 0.15, loses_reply: 0.15, repeats: 0.15, delays: 0.1, ..Weather::default() }
    }
}

/// A device's line to the relay.
#[derive(Clone)]
pub struct Line {
    pub(super) relay: Rc<RefCell<MemoryRelay>>,
    pub(super) weather: Rc<RefCell<Weather>>,
    pub(super) rng: Rc<RefCell<SmallRng>>,
    pub(super) late: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl Line {
    fn chance(&self, probability: f64) -> bool {
        self.rng.borrow_mut().random_bool(probability)
    }

    /// One request and its reply.
    async fn over<T>(&self, request: impl Fn(&mut MemoryRelay) -> T) -> Result<T, Unreached> {
        Pause::default().await;
        let weather = *self.weather.borrow();
        if weather.offline || self.chance(weather.loses_request) {
            return Err(Unreached::NotReached);
        }
        self.deliver_late();
        let mut reply = request(&mut self.relay.borrow_mut());
        if self.chance(weather.repeats) {
            reply = request(&mut self.relay.borrow_mut());
        }
        Pause::default().await;
        if self.chance(weather.loses_reply) { Err(Unreached::NotReached) } else { Ok(reply) }
    }

    /// Some of what was under way arrives, in any order.
    fn deliver_late(&self) {
        while !self.late.borrow().is_empty() && self.chance(0.3) {
            let count = self.late.borrow().len();
            let at = self.rng.borrow_mut().random_range(0..count);
            let bytes = self.late.borrow_mut().swap_remove(at);
            // Nobody waits for this reply.
            drop(self.relay.borrow_mut().post(&bytes));
        }
    }
}

impl Relay for Line {
    async fn redeem(&self, redeem: &Redeem) -> Result<Redeemed, Unreached> {
        self.over(|relay| relay.redeem(redeem)).await?.map_err(Unreached::Denied)
    }

    async fn post(&self, _: &GuideId, _: BatchId, sealed: &[u8]) -> Result<Result<Accepted, Refusal>, Unreached> {
        if self.weather.borrow().busy {
            return batch_answer(429, br#"{"reason":"slow_down"}"#);
        }
        if self.chance(self.weather.borrow().delays) {
            self.late.borrow_mut().push(sealed.to_vec());
        }
        self.over(|relay| relay.post(sealed)).await
    }

    async fn feed(&self, _: &GuideId, token: &str, since: u64) -> Result<FeedPage, Unreached> {
        self.over(|relay| relay.may_read(token).map(|role| relay.feed(since, role))).await?
    }

    async fn workspace(&self, _: &GuideId, token: &str) -> Result<Workspace, Unreached> {
        self.over(|relay| relay.may_read(token).map(|_| relay.workspace())).await?
    }
}
