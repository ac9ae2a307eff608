//! The second device: listens to `live`, fetches the feed when it is told to look, passes on what came.

use crate::device::Device;
use crate::relay::Relay;
use std::collections::HashSet;
use std::io::{Error, Result};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

/// What the second device has got: the change and when it was in its hands.
pub struct Watcher(Receiver<Result<(Vec<u8>, Instant)>>);

impl Watcher {
    /// Listens from `since` on, in a thread that ends with the relay.
    pub fn start(relay: &Relay, device: Device, since: u64) -> Result<Watcher> {
        let (tell, told) = channel();
        let (mut live, mut line) = (relay.line()?, relay.line()?);
        live.listen(&format!("/api/guides/{}/live", device.guide), &device.authorization())?;
        std::thread::spawn(move || {
            let mut seen = since;
            while let Ok(text) = live.next_line() {
                let Some(news) = text.strip_prefix("data:") else { continue };
                while feed_seq(news) > seen {
                    let page = match device.feed(&mut line, seen) {
                        Ok(page) => page,
                        Err(error) => return drop(tell.send(Err(error))),
                    };
                    seen = page.feed_seq;
                    let now = Instant::now();
                    for change in page.changes {
                        if tell.send(Ok((change.change.to_vec(), now))).is_err() {
                            return;
                        }
                    }
                }
            }
        });
        Ok(Watcher(told))
    }

    /// Waits until all of `changes` are there; when the last of them came.
    pub fn wait<'a>(&self, changes: impl IntoIterator<Item = &'a Vec<u8>>) -> Result<Instant> {
        let mut missing: HashSet<&[u8]> = changes.into_iter().map(Vec::as_slice).collect();
        let mut last = Instant::now();
        while !missing.is_empty() {
            let (change, at) = self.0.recv().map_err(|_| Error::other("the second device lost its stream"))??;
            if missing.remove(change.as_slice()) {
                last = at;
            }
        }
        Ok(last)
    }
}

fn feed_seq(news: &str) -> u64 {
    let news: serde_json::Value = serde_json::from_str(news).unwrap_or_default();
    news["feed_seq"].as_u64().unwrap_or_default()
}
