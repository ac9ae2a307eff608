//! Places: so many in all, and so many for one part of the network. Who holds one is known only
//! while it is held.

use crate::origin::Prefix;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Clone)]
pub struct Places {
    all: Arc<Semaphore>,
    size: usize,
    per_prefix: usize,
    taken: Taken,
}

#[derive(Clone, Default)]
struct Taken(Arc<Mutex<HashMap<Prefix, usize>>>);

impl Taken {
    fn counts(&self) -> MutexGuard<'_, HashMap<Prefix, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the places, for nobody in particular yet.
pub struct Free(OwnedSemaphorePermit);

/// A place that is free again when this is dropped.
pub struct Place {
    _one: OwnedSemaphorePermit,
    of: Option<(Prefix, Taken)>,
}

impl Places {
    pub fn new(all: usize, per_prefix: usize) -> Places {
        Places { all: Arc::new(Semaphore::new(all)), size: all, per_prefix, taken: Taken::default() }
    }

    /// Waits until one is free.
    pub async fn free(&self) -> Free {
        Free(self.all.clone().acquire_owned().await.expect("the semaphore is never closed"))
    }

    /// Gives a place to `prefix`, unless it holds as many as one may.
    pub fn give(&self, free: Free, prefix: Option<Prefix>) -> Option<Place> {
        let Some(prefix) = prefix else { return Some(Place { _one: free.0, of: None }) };
        let mut counts = self.taken.counts();
        let count = counts.entry(prefix).or_default();
        if *count >= self.per_prefix {
            return None;
        }
        *count += 1;
        Some(Place { _one: free.0, of: Some((prefix, self.taken.clone())) })
    }

    /// How many are held.
    pub fn taken(&self) -> usize {
        self.size - self.all.available_permits()
    }

    /// A place now, if there is one.
    pub fn take(&self, prefix: Option<Prefix>) -> Option<Place> {
        self.give(Free(self.all.clone().try_acquire_owned().ok()?), prefix)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((prefix, taken)) = self.of.take() else { return };
        let mut counts = taken.counts();
        if let Some(count) = counts.get_mut(&prefix) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&prefix);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_and_nothing_is_remembered() {
        let places = Places::new(5, 2);
        let prefix = |last: u8| Some(Prefix::of([192, 0, last, 1].into()));
        let held: Vec<Place> = (0..2).map(|_| places.take(prefix(1)).expect("free")).collect();
        assert!(places.take(prefix(1)).is_none());
        let others: Vec<Place> = [prefix(2), None, None].map(|prefix| places.take(prefix).expect("free")).into();
        assert!(places.take(None).is_none(), "all are taken");
        drop(held);
        assert!(places.take(prefix(1)).is_some());
        drop(others);
        assert!(places.taken.counts().is_empty());
        assert_eq!(places.taken(), 0);
    }
}
