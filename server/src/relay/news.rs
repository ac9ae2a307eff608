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
    /// Rises whenever a device lost its membership or has another role.
    memberships: watch::Sender<u64>,
}

#[derive(Default)]
struct Waiting {
    something: bool,
    stopped: bool,
}

impl Default for News {
    fn default() -> News {
        News {
            beats: watch::Sender::default(),
            waiting: Mutex::default(),
            bell: Condvar::new(),
            memberships: watch::Sender::default(),
        }
    }
}

impl News {
    /// A batch is on the disk: members learn it at once, the publisher wakes.
    pub(crate) fn accepted(&self, guide: &GuideId, feed_seq: u64) {
        let revision = self.beats.borrow().get(guide).map_or(0, |beat| beat.revision);
        self.tell(guide, Beat { feed_seq, revision });
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

    /// Numbers only rise here: who tells what it read a moment ago takes nothing back.
    pub(crate) fn tell(&self, guide: &GuideId, beat: Beat) {
        self.beats.send_if_modified(|beats| {
            let known = beats.get(guide).copied().unwrap_or_default();
            let told = Beat { feed_seq: known.feed_seq.max(beat.feed_seq), revision: known.revision.max(beat.revision) };
            let news = told != known;
            if news {
                Arc::make_mut(beats).insert(guide.clone(), told);
            }
            news
        });
    }

    /// Some device is no member any more, or in another role: every stream looks whether it is its own.
    pub(crate) fn member_changed(&self) {
        self.memberships.send_modify(|count| *count += 1);
    }

    pub(crate) fn memberships(&self) -> watch::Receiver<u64> {
        self.memberships.subscribe()
    }

    pub fn listen(&self) -> watch::Receiver<Arc<BTreeMap<GuideId, Beat>>> {
        self.beats.subscribe()
    }
}
