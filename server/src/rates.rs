//! How often one part of the network may ask, by somebody who remembers nobody: a prefix is known
//! only as its HMAC under a key that lives in memory for a day. Nothing of this is written anywhere.
//!
//! The limits are far above what people do. A whole mobile network may stand behind one prefix, and a
//! shelter with fifty phones behind one address.

use crate::bucket::{Bucket, Recent, Rule};
use crate::origin::Prefix;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::{Mutex, PoisonError};

const BUCKETS_KEPT: usize = 8_192;
const DAY_MILLISECONDS: i64 = 86_400_000;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Guessing a secret of 16 bytes is hopeless; trying to is nobody's business.
    Invites,
    /// Each costs a signature's check. A day's work comes at once.
    Batches,
    Api,
    Pages,
}

impl Kind {
    pub const fn rule(self) -> Rule {
        match self {
            Kind::Invites => Rule { burst: 30.0, per_second: 0.1 },
            Kind::Batches => Rule { burst: 3_000.0, per_second: 20.0 },
            Kind::Api => Rule { burst: 1_500.0, per_second: 20.0 },
            Kind::Pages => Rule { burst: 3_000.0, per_second: 50.0 },
        }
    }
}

pub struct Rates(Mutex<Table>);

struct Table {
    key: [u8; 32],
    day: i64,
    buckets: Recent<([u8; 16], Kind), Bucket>,
}

impl Rates {
    pub fn new(key: [u8; 32]) -> Rates {
        Rates(Mutex::new(Table { key, day: 0, buckets: Recent::new(BUCKETS_KEPT) }))
    }

    /// Counts one request at `now` (milliseconds); an error is the seconds to wait.
    pub fn take(&self, prefix: Prefix, kind: Kind, now: i64) -> Result<(), u64> {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        table.turn(now.div_euclid(DAY_MILLISECONDS));
        let name = table.name(prefix);
        let bucket = table.buckets.entry((name, kind), || Bucket::full(kind.rule(), now));
        if let Some(seconds) = bucket.wait(kind.rule(), now) {
            return Err(seconds);
        }
        bucket.take(1.0);
        Ok(())
    }
}

impl Table {
    /// A new day has a new key, made from the last so that it cannot fail; the way back is closed.
    fn turn(&mut self, day: i64) {
        if self.day != day {
            self.day = day;
            self.key = hmac(&self.key, b"tomorrow");
            self.buckets.clear();
        }
    }

    fn name(&self, prefix: Prefix) -> [u8; 16] {
        let whole = hmac(&self.key, prefix.bytes());
        std::array::from_fn(|at| whole[at])
    }
}

fn hmac(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_795_435_200_000;

    fn prefix(last: u8) -> Prefix {
        Prefix::of([203, 0, last, 1].into())
    }

    #[test]
    fn one_prefix_has_its_limit_and_others_theirs() {
        let rates = Rates::new([7; 32]);
        let asked = (0..100).filter(|_| rates.take(prefix(1), Kind::Invites, NOON).is_ok()).count();
        assert_eq!(asked, 30);
        assert_eq!(rates.take(prefix(1), Kind::Invites, NOON), Err(10));
        assert_eq!(rates.take(prefix(1), Kind::Pages, NOON), Ok(()), "what is asked for is counted apart");
        assert_eq!(rates.take(prefix(2), Kind::Invites, NOON), Ok(()));
        assert_eq!(rates.take(prefix(1), Kind::Invites, NOON + 10_000), Ok(()));
    }

    #[test]
    fn a_new_day_knows_nobody() {
        let rates = Rates::new([7; 32]);
        let known = |now: i64| {
            rates.take(prefix(1), Kind::Pages, now).expect("the first of a day");
            let table = rates.0.lock().expect("nobody panicked");
            (table.key, table.name(prefix(1)))
        };
        let (today, tomorrow) = (known(NOON), known(NOON + DAY_MILLISECONDS));
        assert_ne!(today.0, tomorrow.0);
        assert_ne!(today.1, tomorrow.1, "the same prefix has another name");
        assert_ne!(today.1[..8], *prefix(1).bytes());
    }
}
