//! The names of things: guides, records, devices, batches, days and moments.
//!
//! Newtypes, so that a record's id is never taken for a device's. All are plain values with one
//! textual form, used in URLs, in JSON and in documents alike.

use crate::json;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

pub use crate::ids::day::{Day, Moment, Weekday, minute_of_day};

mod day;

/// An id that does not have its textual form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{found}` is not {expected}")]
pub struct BadId {
    pub found: String,
    pub expected: &'static str,
}

/// A guide's slug, `[a-z0-9-]{2,40}`: its identity on a relay and in every URL. Never changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GuideId(String);

impl GuideId {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the guide's own settings record.
    pub fn settings(&self) -> RecordId {
        RecordId(hash16(&[b"socle-guide", self.0.as_bytes()]))
    }

    /// The id of a record that another source knows as `external` under `scheme`.
    /// The same source imported twice, even into an empty relay, names the same record.
    pub fn imported(&self, scheme: &str, external: &str) -> RecordId {
        let parts: [&[u8]; 6] = [b"socle-record", self.0.as_bytes(), b"\0", scheme.as_bytes(), b"\0", external.as_bytes()];
        RecordId(hash16(&parts))
    }
}

impl FromStr for GuideId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if (2..=40).contains(&text.len()) && text.chars().all(allowed) {
            return Ok(GuideId(text.to_owned()));
        }
        Err(BadId { found: text.chars().take(60).collect(), expected: "a guide's short name: 2 to 40 of a-z, 0-9 and -" })
    }
}

impl TryFrom<String> for GuideId {
    type Error = BadId;

    fn try_from(text: String) -> Result<Self, BadId> {
        text.parse()
    }
}

impl From<GuideId> for String {
    fn from(id: GuideId) -> String {
        id.0
    }
}

json::text!(GuideId, GuideId(String::new()));

impl fmt::Display for GuideId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Sixteen bytes shown as 32 hexadecimal digits.
macro_rules! id16 {
    ($(#[$doc:meta])* $name:ident, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub [u8; 16]);

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                let mut bytes = [0; 16];
                let read = unhex_into(text, &mut bytes).then_some($name(bytes));
                read.ok_or_else(|| BadId { found: text.chars().take(60).collect(), expected: $expected })
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;

            fn try_from(text: String) -> Result<Self, BadId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        json::text!($name, $name([0; 16]));

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

id16!(
    /// One record of a guide, one Automerge document.
    RecordId,
    "a record's id: 32 hexadecimal digits"
);
id16!(
    /// One browser that joined, known by its public key.
    DeviceId,
    "a device's id: 32 hexadecimal digits"
);
id16!(
    /// One sealed batch, drawn at random by the device that sealed it.
    BatchId,
    "a batch's id: 32 hexadecimal digits"
);
id16!(
    /// An Automerge actor: one session of one device.
    ActorId,
    "an actor's id: 32 hexadecimal digits"
);
id16!(
    /// What a replica draws when it starts, so that two tabs never share an actor.
    Nonce,
    "a session's nonce: 32 hexadecimal digits"
);

impl DeviceId {
    /// The device that holds the key behind `public_key` (SEC1, uncompressed, 65 bytes).
    pub fn of_key(public_key: &[u8]) -> DeviceId {
        DeviceId(hash16(&[b"socle-device", public_key]))
    }
}

impl ActorId {
    /// The actor that a device writes as in the session named by `nonce`; anyone can check it.
    pub fn of_session(public_key: &[u8], nonce: &Nonce) -> ActorId {
        ActorId(hash16(&[public_key, b"socle-actor", &nonce.0]))
    }
}

/// The first 16 bytes of SHA-256 over the parts, joined.
fn hash16(parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    let digest = hasher.finalize();
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    first
}

/// Bytes as lowercase hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes behind lowercase or uppercase hexadecimal digits; `None` for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 2];
    unhex_into(text, &mut bytes).then_some(bytes)
}

/// Whether `text` is digits of as many bytes as there is room for.
fn unhex_into(text: &str, bytes: &mut [u8]) -> bool {
    let nibble = |c: u8| char::from(c).to_digit(16).and_then(|n| u8::try_from(n).ok());
    let read = |(pair, byte): (&[u8], &mut u8)| {
        let both = nibble(pair[0]).zip(nibble(pair[1]));
        *byte = both.map_or(0, |(high, low)| high << 4 | low);
        both.is_some()
    };
    text.len() == 2 * bytes.len() && text.as_bytes().chunks_exact(2).zip(bytes).all(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_bytes_of_hexadecimal_digits_are_read() {
        assert_eq!(unhex("00fFA1"), Some(vec![0x00, 0xff, 0xa1]));
        assert_eq!(unhex(""), Some(Vec::new()));
        for bad in ["0", "0g", "g0", "00 1", "é0", "-1", "0x10"] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
        let digits = "0123456789abcdefABCDEF0011223344";
        let id: RecordId = digits.parse().expect("32 digits");
        assert_eq!(id.to_string(), digits.to_lowercase());
        for bad in [&digits[..30], &digits[..31], &format!("{digits}00"), &digits.replace('4', "x")] {
            assert!(bad.parse::<RecordId>().is_err(), "{bad}");
        }
    }
}
