//! What the relay writes down of who asks: nothing. Odd addresses, browsers, tokens, words and paths go
//! through every route; then every file of the data folder and everything that was printed is searched.

use crate::headers::{PAGES, filled, routes};
use crate::load::device::good;
use crate::process::{Process, connect, say};
use sha2::{Digest, Sha256};
use shared::edit::Edit;
use shared::ids::{RecordId, hex};
use std::fs;
use std::io::Result;
use std::net::Ipv4Addr;
use std::path::Path;

const HOME: Ipv4Addr = Ipv4Addr::new(127, 77, 66, 55);
const FORWARDED: [&str; 2] = ["203.0.113.177", "2001:db8:dead:beef::77"];
const AGENT: &str = "CanaryBrowser/77.5";
const REFERER: &str = "https://canary-referer.example";
const COOKIE: &str = "canarycookie=crumbs";
const LANGUAGE: &str = "canarylanguage";
const TOKEN: &str = "canarytoken5a5a5a5a";
const WORD: &str = "canaryword";
const GUIDE: &str = "canary-guide";
const DIGITS: &str = "c0ffee00c0ffee11c0ffee22c0ffee33";
const BODY: &str = "canarybody";

const CANARIES: [&str; 11] =
    ["127.77.66.55", FORWARDED[0], FORWARDED[1], AGENT, REFERER, COOKIE, LANGUAGE, TOKEN, WORD, GUIDE, BODY];

fn request(method: &str, path: &str, forwarded: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: {forwarded}\r\nForwarded: for={forwarded}\r\n\
         User-Agent: {AGENT}\r\nReferer: {REFERER}\r\nCookie: {COOKIE}\r\nAccept-Language: {LANGUAGE}\r\n\
         Authorization: Bearer {TOKEN}\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    )
}

/// Everything that may be asked, in the guide that is there and in one that is not.
fn ask_everything(relay: &Process) -> Result<usize> {
    let mut asked = 0;
    for pattern in routes().iter().map(String::as_str).chain(PAGES) {
        for (guide, language) in [("lyon", "fr"), (GUIDE, "fr"), ("lyon", WORD)] {
            let path = filled(pattern, guide, language, DIGITS, WORD);
            let query = if path.contains('?') { "&" } else { "?" };
            let path = format!("{path}{query}since={WORD}&lat={WORD}&token={TOKEN}");
            for method in ["GET", "POST", "PROPFIND"] {
                say(&connect(HOME, relay.address)?, request(method, &path, FORWARDED[asked % 2]).as_bytes())?;
                asked += 1;
            }
        }
    }
    // What is not HTTP at all, or stops in the middle.
    for bytes in [format!("{WORD} {TOKEN}\r\n\r\n"), format!("GET /{WORD} HTTP/1.1\r\nX-{WORD}:\u{7f}\r\n\r\n")] {
        say(&connect(HOME, relay.address)?, bytes.as_bytes())?;
        asked += 1;
    }
    drop(connect(HOME, relay.address)?);
    Ok(asked)
}

fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // The names are searched as well.
        found.push((path.display().to_string(), path.display().to_string().into_bytes()));
        match path.is_dir() {
            true => files(&path, found)?,
            false => found.push((path.display().to_string(), fs::read(&path)?)),
        }
    }
    Ok(())
}

fn holds(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

/// Where any of `needles` stands: in the files, or in what was printed.
fn hits(relay: &Process, needles: &[Vec<u8>]) -> Result<Vec<String>> {
    let mut written = vec![("what it said".to_owned(), relay.said().into_bytes())];
    files(&relay.data(), &mut written)?;
    assert!(written.iter().any(|(name, _)| name.ends_with("socle.sqlite")), "the folder is the relay's");
    // The app's own files are the same everywhere.
    written.retain(|(name, _)| !name.contains("/builds/"));
    let found = written.iter().flat_map(|(name, bytes)| {
        let hits = needles.iter().filter(|needle| holds(bytes, needle));
        hits.map(move |needle| format!("{name}: {}", String::from_utf8_lossy(needle)))
    });
    Ok(found.collect())
}

/// A canary as it might be written: as it is, and as its hash.
fn forms(canary: &str) -> Vec<Vec<u8>> {
    let hash = Sha256::digest(canary.as_bytes());
    vec![canary.as_bytes().to_vec(), hash[..16].to_vec(), hex(&hash[..16]).into_bytes()]
}

#[test]
fn nothing_is_written_of_who_asked_for_what() -> Result<()> {
    for proxy in ["none", "private"] {
        let mut relay = Process::start(&["--proxy", proxy])?;
        let asked = ask_everything(&relay)?;
        assert!(asked > 200, "{asked}");
        // A member writes, so that there is something on the disk; of its secrets there is nothing.
        let link = relay.invite()?;
        let (invite, secret) = (link.trim(), link.trim().rsplit_once('#').map_or("", |(_, secret)| secret));
        let mut rng = rand::SeedableRng::seed_from_u64(1);
        let mut line = relay.line()?;
        let device = crate::load::device::Device::join(&mut line, &relay.guide, invite, &mut rng)?;
        let (_, parcel) = device.new_place(RecordId([1; 16]), &[Edit::put("name", "public-name")], &mut rng);
        device.share(&mut line, &parcel)?;
        good(line.get("/api/guides/lyon/feed", &device.authorization())?, "the feed")?;
        let authorization = device.authorization();
        let token = authorization.trim().trim_start_matches("Authorization: Bearer ");

        let mut needles: Vec<Vec<u8>> = CANARIES.iter().flat_map(|canary| forms(canary)).collect();
        needles.extend([secret.as_bytes().to_vec(), token.as_bytes().to_vec(), DIGITS.as_bytes().to_vec()]);
        needles.push(shared::ids::unhex(DIGITS).expect("hexadecimal"));
        needles.push(HOME.octets().to_vec());
        assert_eq!(hits(&relay, &needles)?, Vec::<String>::new(), "while it runs");
        relay.terminate()?;
        assert!(relay.ended()?.success());
        assert_eq!(hits(&relay, &needles)?, Vec::<String>::new(), "after it ended");
        assert!(!hits(&relay, &[b"public-name".to_vec()])?.is_empty(), "what is searched is found where it is");
    }
    Ok(())
}
