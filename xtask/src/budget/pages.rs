//! The pages as a relay sends them: starts the release relay on its demo guide, follows links from
//! the first page, and takes the largest page of each kind that it meets in any language.

use crate::failure::{Failure, Result, While};
use crate::workspace;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A relay that makes its demo guide first needs a while on a slow disk.
const START_SECONDS_MAX: u64 = 60;
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// More than a demo guide has in all its languages.
const PAGES_MAX: usize = 4_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    Home,
    List,
    Place,
    Card,
    /// Search before a word is typed, the map, this copy, the phone in other hands.
    Other,
}

impl Page {
    /// What an address leads to, of those that are measured: `/{guide}/{lang}/…`.
    fn of(path: &str) -> Option<Self> {
        let path = path.split(['?', '#']).next()?;
        match path.trim_start_matches('/').split('/').collect::<Vec<_>>()[..] {
            [_, _, ""] => Some(Self::Home),
            [_, _, "category", _] => Some(Self::List),
            [_, _, "place", _] => Some(Self::Place),
            [_, _, "page", _] => Some(Self::Card),
            [_, _, "search" | "map" | "about" | "phone"] => Some(Self::Other),
            _ => None,
        }
    }
}

/// The largest page of each kind: its bytes on the wire and its address.
pub fn largest() -> Result<BTreeMap<Page, (usize, String)>> {
    let relay = Relay::start()?;
    let mut largest = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec!["/".to_owned()];
    while let Some(path) = waiting.pop() {
        if seen.len() == PAGES_MAX || !seen.insert(path.clone()) {
            continue;
        }
        if let Some(page) = Page::of(&path) {
            let bytes = relay.get(&path, "br, gzip")?.len();
            let entry = largest.entry(page).or_insert((0, String::new()));
            *entry = (bytes, path.clone()).max(std::mem::take(entry));
        }
        let html = relay.get(&path, "identity")?;
        waiting.extend(links(&String::from_utf8_lossy(&html)).filter(|link| is_followed(link)).map(str::to_owned));
    }
    for page in [Page::Home, Page::List, Page::Place, Page::Card, Page::Other] {
        if !largest.contains_key(&page) {
            return Err(Failure::new(format!("no {page:?} page is reachable by links from `/` on the demo guide")));
        }
    }
    Ok(largest)
}

/// Pages that are measured, and those that lead to them: `/`, `/{guide}`, `/{guide}/`.
fn is_followed(link: &str) -> bool {
    let depth = link.trim_matches('/').split('/').count();
    link.starts_with('/') && !link.starts_with("//") && (Page::of(link).is_some() || depth == 1 && !link.contains('.'))
}

/// The addresses in a page's `href`s.
fn links(html: &str) -> impl Iterator<Item = &str> {
    html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next())
}

struct Relay {
    process: Child,
    address: SocketAddr,
    data: PathBuf,
}

impl Relay {
    fn start() -> Result<Self> {
        let binary = workspace::target().join("release/socle");
        let data = workspace::target().join("budget-data");
        if data.exists() {
            fs::remove_dir_all(&data).while_(|| workspace::shown(&data))?;
        }
        let address = free_address().while_(|| "no free port".into())?;
        let mut command = Command::new(&binary);
        command.arg("serve").arg("--data").arg(&data).args(["--listen", &address.to_string()]);
        let process = command.stdout(Stdio::null()).spawn();
        let process = process.while_(|| format!("{}: run `cargo build --release -p server` first", workspace::shown(&binary)))?;
        let mut relay = Self { process, address, data };
        relay.wait_until_ready()?;
        Ok(relay)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        while self.get("/healthz", "identity").is_err() {
            if let Ok(Some(status)) = self.process.try_wait() {
                return Err(Failure::new(format!("the relay ended at once: {status}")));
            }
            if begun.elapsed().as_secs() > START_SECONDS_MAX {
                return Err(Failure::new(format!("the relay does not answer after {START_SECONDS_MAX} s")));
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// The body as sent. HTTP/1.0: it ends where the connection ends.
    fn get(&self, path: &str, encodings: &str) -> Result<Vec<u8>> {
        let doing = || format!("GET {path}");
        let mut stream = TcpStream::connect(self.address).while_(doing)?;
        let request = format!("GET {path} HTTP/1.0\r\nHost: {}\r\nAccept-Encoding: {encodings}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).while_(doing)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).while_(doing)?;
        body(answer).ok_or_else(|| Failure::new(format!("GET {path} did not answer with a page")))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // Fails only if it has ended already.
        drop(self.process.kill());
        drop(self.process.wait());
        drop(fs::remove_dir_all(&self.data));
    }
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", 0))?.local_addr()
}

/// What follows the head of a successful answer.
fn body(answer: Vec<u8>) -> Option<Vec<u8>> {
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let is_success = answer.get(9..12) == Some(b"200") || answer.get(9) == Some(&b'3');
    is_success.then(|| answer[head + 4..].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_what_they_lead_to() {
        assert_eq!(Page::of("/demo/fr/"), Some(Page::Home));
        assert_eq!(Page::of("/demo/fr/category/health?page=2"), Some(Page::List));
        assert_eq!(Page::of("/demo/fr/place/00ff"), Some(Page::Place));
        assert_eq!(Page::of("/demo/fr/about"), Some(Page::Other));
        assert_eq!(Page::of("/demo/fr/place/00ff/share"), None);
        assert_eq!(Page::of("/"), None);
    }

    #[test]
    fn links_that_lead_away_or_to_files_are_not_followed() {
        let html =
            r#"<link href="/assets/app-1.css"><a href="/demo">x</a><a href="/demo/fr/">x</a><a href="//else.where/">x</a>"#;
        let followed: Vec<&str> = links(html).filter(|link| is_followed(link)).collect();
        assert_eq!(followed, ["/demo", "/demo/fr/"]);
    }

    #[test]
    fn only_a_good_answer_has_a_body() {
        assert_eq!(body(b"HTTP/1.0 200 OK\r\na: b\r\n\r\nhi".to_vec()), Some(b"hi".to_vec()));
        assert_eq!(body(b"HTTP/1.0 404 Not Found\r\n\r\nno".to_vec()), None);
    }
}
