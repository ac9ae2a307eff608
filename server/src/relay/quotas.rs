//! What one device may send, however it reaches the relay. Kept in memory; a restart forgets it.
//!
//! Only what a device has signed counts against it: nobody uses up another's share.

use crate::bucket::{Bucket, Recent, Rule};
use shared::batch::Sealed;
use shared::ids::{DeviceId, GuideId};
use shared::limits::{DEVICE_BATCHES_AT_ONCE, DEVICE_BATCHES_PER_MINUTE, DEVICE_BYTES_PER_DAY};
use std::sync::{Mutex, PoisonError};

const DEVICES_KEPT: usize = 8_192;

const BATCHES: Rule = Rule { burst: DEVICE_BATCHES_AT_ONCE as f64, per_second: DEVICE_BATCHES_PER_MINUTE as f64 / 60.0 };
const BYTES: Rule = Rule { burst: DEVICE_BYTES_PER_DAY as f64, per_second: DEVICE_BYTES_PER_DAY as f64 / 86_400.0 };

pub(super) struct Quotas(Mutex<Recent<(GuideId, DeviceId), Share>>);

struct Share {
    batches: Bucket,
    bytes: Bucket,
}

impl Default for Quotas {
    fn default() -> Quotas {
        Quotas(Mutex::new(Recent::new(DEVICES_KEPT)))
    }
}

impl Quotas {
    /// The seconds that the device behind `sealed` has to wait; `None` when it may send now.
    pub(super) fn wait(&self, sealed: &Sealed, now: i64) -> Option<u64> {
        self.share(sealed, now, |share| share.batches.wait(BATCHES, now).max(share.bytes.wait(BYTES, now)))
    }

    /// Counts a batch whose signature was found good.
    pub(super) fn count(&self, sealed: &Sealed, now: i64) {
        let bytes: usize = sealed.batch.changes.iter().map(|change| change.bytes.len()).sum();
        self.share(sealed, now, |share| {
            share.batches.take(1.0);
            share.bytes.take(bytes as f64);
        });
    }

    fn share<T>(&self, sealed: &Sealed, now: i64, ask: impl FnOnce(&mut Share) -> T) -> T {
        let key = (sealed.batch.guide.clone(), sealed.batch.device);
        let mut shares = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ask(shares.entry(key, || Share { batches: Bucket::full(BATCHES, now), bytes: Bucket::full(BYTES, now) }))
    }
}
