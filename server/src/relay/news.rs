//! Who is told when something changed: the publisher, and everyone who listens live.

use shared::ids::GuideId;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Where a guide stands: compare two to see whether anything happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beat {
    pub feed_seq: u64,
    pub revision: u64,
}

/// The state of every guide, as far as anyone was told.
pub struct News {
    beats: watch::Sender<Arc<BTreeMap<GuideId, Beat>>>,
    waiting: Mutex<Waiting>,
    bell: Condvar,
}

#[derive(Default)]
struct Waiting {
    something: bool,
    stopped: bool,
}

impl Default for News {
    fn default() -> News {
        News { beats: watch::Sender::default(), waiting: Mutex::default(), bell: Condvar::new() }
    }
}

impl News {
    /// Wakes the publisher.
    pub(crate) fn look(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).something = true;
        self.bell.notify_all();
    }

    /// Lets the publisher end.
    pub fn stop(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).stopped = true;
        self.bell.notify_all();
    }

    /// Waits until something was committed here, or for at most `longest`; `false` when it is time to end.
    pub(crate) fn wait(&self, longest: Duration) -> bool {
        let until = Instant::now() + longest;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while !waiting.something && !waiting.stopped {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            waiting = self.bell.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        waiting.something = false;
        !waiting.stopped
    }

    pub(crate) fn tell(&self, guide: &GuideId, beat: Beat) {
        self.beats.send_if_modified(|beats| {
            let news = beats.get(guide) != Some(&beat);
            if news {
                Arc::make_mut(beats).insert(guide.clone(), beat);
            }
            news
        });
    }

    pub fn listen(&self) -> watch::Receiver<Arc<BTreeMap<GuideId, Beat>>> {
        self.beats.subscribe()
    }
}
