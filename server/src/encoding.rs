//! Answers as they travel: plain, gzip or brotli, whichever the other side takes. Bytes are money on
//! a prepaid phone. Compressed forms of what many people ask for are made once and kept.

use axum::http::{HeaderMap, header};
use brotli::enc::BrotliEncoderParams;
use shared::json::Json;
use std::io::Write;
use std::sync::{Arc, OnceLock};

/// Below this, compression costs more than it saves.
const PLAIN_BYTES_MAX: usize = 600;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Plain,
    Gzip,
    Brotli,
}

impl Coding {
    /// The best of what the request takes. Weights are not weighed; `;q=0` is heeded.
    pub fn accepted(headers: &HeaderMap) -> Coding {
        let takes = |name: &str| {
            let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
            let mut parts = values.flat_map(|value| value.split(','));
            parts.any(|part| {
                let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
                coding.trim().eq_ignore_ascii_case(name) && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
            })
        };
        if takes("br") {
            Coding::Brotli
        } else if takes("gzip") {
            Coding::Gzip
        } else {
            Coding::Plain
        }
    }

    /// The value of `Content-Encoding`, if there is one to send.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Coding::Plain => None,
            Coding::Gzip => Some("gzip"),
            Coding::Brotli => Some("br"),
        }
    }
}

/// How hard to try: `Once` for what is sent many times, `Quick` for a page made for one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    Once,
    Quick,
}

/// `bytes` in `coding`, and the coding used: short answers stay plain.
pub fn encode(bytes: Vec<u8>, coding: Coding, effort: Effort) -> (Vec<u8>, Coding) {
    if bytes.len() <= PLAIN_BYTES_MAX {
        return (bytes, Coding::Plain);
    }
    match coding {
        Coding::Plain => (bytes, Coding::Plain),
        Coding::Gzip => (gzip(&bytes, effort), Coding::Gzip),
        Coding::Brotli => (brotli(&bytes, effort), Coding::Brotli),
    }
}

fn brotli(bytes: &[u8], effort: Effort) -> Vec<u8> {
    let quality = if effort == Effort::Once { 9 } else { 5 };
    let params = BrotliEncoderParams { quality, lgwin: 20, size_hint: bytes.len(), ..BrotliEncoderParams::default() };
    let mut out = Vec::with_capacity(bytes.len() / 3);
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).expect("memory can be written");
    out
}

fn gzip(bytes: &[u8], effort: Effort) -> Vec<u8> {
    let level = if effort == Effort::Once { flate2::Compression::best() } else { flate2::Compression::new(5) };
    let mut writer = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
    writer.write_all(bytes).and_then(|()| writer.finish()).expect("memory can be written")
}

/// A body in every coding, each made when first asked for.
pub struct Encoded {
    plain: Arc<[u8]>,
    gzip: OnceLock<Arc<[u8]>>,
    brotli: OnceLock<Arc<[u8]>>,
}

impl Encoded {
    pub fn new(bytes: Vec<u8>) -> Encoded {
        Encoded { plain: bytes.into(), gzip: OnceLock::new(), brotli: OnceLock::new() }
    }

    pub fn json(value: &impl Json) -> Encoded {
        Encoded::new(shared::json::to_string(value).into_bytes())
    }

    /// How long the smallest form is, once it was made.
    pub fn brotli_bytes(&self) -> Option<usize> {
        self.brotli.get().map(|bytes| bytes.len())
    }

    /// The body for who takes `coding`, and the coding used.
    pub fn get(&self, coding: Coding) -> (Vec<u8>, Coding) {
        if self.plain.len() <= PLAIN_BYTES_MAX {
            return (self.plain.to_vec(), Coding::Plain);
        }
        let bytes = match coding {
            Coding::Plain => &self.plain,
            Coding::Gzip => self.gzip.get_or_init(|| gzip(&self.plain, Effort::Once).into()),
            Coding::Brotli => self.brotli.get_or_init(|| brotli(&self.plain, Effort::Once).into()),
        };
        (bytes.to_vec(), coding)
    }
}
