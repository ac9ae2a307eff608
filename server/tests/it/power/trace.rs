//! What `strace` wrote, as events: bytes written to the relay's files, waits for the disk that ended, and
//! acknowledgements that left.

use std::collections::BTreeMap;
use std::path::Path;

/// One thing that happened, in the order of the calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Written {
        file: String,
        at: u64,
        bytes: Vec<u8>,
    },
    Cut {
        file: String,
        length: u64,
    },
    Removed(String),
    /// All that was written to the file before is on the disk.
    Synced(String),
    /// The answer with this number was handed to the network.
    Acknowledged(u64),
}

/// Events of files in `data`. Calls of several threads may be told in two parts; writes count from where
/// they begin, waits from where they end.
pub fn read(trace: &str, data: &Path) -> Vec<Event> {
    let folder = format!("{}/", data.display());
    let mut begun: BTreeMap<&str, String> = BTreeMap::new();
    let mut events = Vec::new();
    for line in trace.lines() {
        let Some((process, call)) = line.trim_start().split_once(' ') else { continue };
        let call = call.trim_start();
        if let Some(first) = call.strip_suffix(" <unfinished ...>") {
            // Its result is not known yet; a write that failed would show as a complaint of the relay.
            events.extend(event(first, &folder).filter(|event| !matches!(event, Event::Synced(_))));
            begun.insert(process, first.to_owned());
        } else if call.starts_with("<... ") {
            let whole = begun.remove(process).unwrap_or_default();
            events.extend(event(&whole, &folder).filter(|event| matches!(event, Event::Synced(_))));
        } else if !call.contains(") = -1 ") {
            events.extend(event(call, &folder));
        }
    }
    events
}

fn event(call: &str, folder: &str) -> Option<Event> {
    let (name, rest) = call.split_once('(')?;
    let file = |rest: &str| {
        let path = rest.split_once('<')?.1.split_once('>')?.0;
        let path = String::from_utf8(unescaped(path)).ok()?;
        // The site's files lie deeper: they are written again whenever they are not there.
        path.strip_prefix(folder).filter(|name| !name.contains('/')).map(str::to_owned)
    };
    match name {
        "pwrite64" => {
            let (bytes, numbers) = quoted(rest)?;
            let at = numbers.rsplit(", ").next()?.split(')').next()?.trim().parse().ok()?;
            Some(Event::Written { file: file(rest)?, at, bytes })
        }
        // The count of commits, written from its beginning.
        "write" if file(rest).is_some() => Some(Event::Written { file: file(rest)?, at: 0, bytes: quoted(rest)?.0 }),
        "write" | "writev" | "sendto" => acknowledgement(&String::from_utf8_lossy(&all_quoted(rest))),
        "ftruncate" => {
            let length = rest.split_once(">, ").or_else(|| rest.split_once(", "))?.1.split(')').next()?.trim().parse().ok()?;
            Some(Event::Cut { file: file(rest)?, length })
        }
        "unlink" => {
            let path = String::from_utf8(quoted(rest)?.0).ok()?;
            Some(Event::Removed(path.strip_prefix(folder)?.to_owned()))
        }
        "fsync" | "fdatasync" => Some(Event::Synced(file(rest)?)),
        _ => None,
    }
}

/// `{"feed_seq":7,…}` in an answer to a batch.
fn acknowledgement(answer: &str) -> Option<Event> {
    let number = answer.split_once("{\"feed_seq\":")?.1;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    Some(Event::Acknowledged(digits.parse().ok()?))
}

/// The first string of a call, and what comes after it.
fn quoted(text: &str) -> Option<(Vec<u8>, &str)> {
    let (inside, rest) = text.split_once('"')?.1.split_once('"')?;
    Some((unescaped(inside), rest))
}

/// All strings of a call, joined: an answer may leave in several pieces.
fn all_quoted(mut text: &str) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some((bytes, rest)) = quoted(text) {
        all.extend(bytes);
        text = rest;
    }
    all
}

/// `\x2f\x74`; what is not escaped stands for itself.
fn unescaped(text: &str) -> Vec<u8> {
    if !text.starts_with("\\x") {
        return text.as_bytes().to_vec();
    }
    let digits = text.split("\\x").skip(1).map(|digits| u8::from_str_radix(digits, 16));
    digits.map(|byte| byte.expect("strace writes two hexadecimal digits")).collect()
}

#[test]
fn calls_are_told_apart() {
    let trace = "12 pwrite64(9</d/a>, \"\\x41\\x42\", 2, 4096) = 2\n\
        13 fdatasync(9</d/a> <unfinished ...>\n\
        12 sendto(5<socket:[1]>, \"\\x7b\\x22\\x66\\x65\\x65\\x64\\x5f\\x73\\x65\\x71\\x22\\x3a\\x37\\x2c\", 14, 0, NULL, 0) = 14\n\
        13 <... fdatasync resumed>) = 0\n\
        12 ftruncate(9</d/a>, 0) = 0\n\
        12 write(2</dev/pts/0>, \"\\x41\", 1) = 1\n\
        12 write(9</d/builds/1/a>, \"\\x41\", 1) = 1\n\
        12 pwrite64(9</elsewhere/a>, \"\\x41\", 1, 0) = 1\n";
    let file = || "a".to_owned();
    let expected = [
        Event::Written { file: file(), at: 4_096, bytes: b"AB".to_vec() },
        Event::Acknowledged(7),
        Event::Synced(file()),
        Event::Cut { file: file(), length: 0 },
    ];
    assert_eq!(read(trace, Path::new("/d")), expected);
}
