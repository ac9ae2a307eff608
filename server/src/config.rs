//! What `socle serve` was told, checked.

use std::net::SocketAddr;
use std::time::Duration;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub listen: SocketAddr,
    /// Where people reach the relay, without a slash at the end.
    pub public_url: String,
    /// Two publications of one guide are at least this far apart.
    pub publish_every: Duration,
}

impl Config {
    pub fn new(listen: SocketAddr, public_url: Option<String>) -> Config {
        let public_url = public_url.unwrap_or_else(|| format!("http://{listen}"));
        Config { listen, public_url, publish_every: crate::publish::usual_pause() }
    }
}

/// A public address as people type it: scheme and host, perhaps a port, nothing behind.
pub fn public_url(text: &str) -> Result<String, String> {
    let wanted = "give the address people open, such as https://guide.example.org";
    let trimmed = text.trim_end_matches('/');
    let host = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://")).ok_or(wanted)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    if host.is_empty() || !host.chars().all(allowed) {
        return Err(wanted.to_owned());
    }
    Ok(trimmed.to_owned())
}
