//! The first minutes of a relay: the demo guide, the address to read at, a link to begin editing.

use crate::config::Config;
use crate::demo::{self, DemoError};
use crate::publish;
use crate::relay::{Relay, RelayError};
use shared::gate::Role;
use shared::ids::GuideId;
use shared::limits::INVITE_HOURS_VALID;
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum WelcomeError {
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error(transparent)]
    Relay(#[from] RelayError),
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

/// Gives an empty relay its demo guide, and publishes what is not published yet; by `another` build than the
/// last time everything, for it may read the same records otherwise.
pub fn prepare(relay: &Arc<Relay>, another: bool) -> Result<(), WelcomeError> {
    if demo::is_due(relay)? {
        demo::create(relay)?;
    }
    let publish = if another { publish::publish_all } else { publish::publish };
    for guide in relay.store().read(|rows| rows.guides())? {
        publish(relay, &guide)?;
    }
    Ok(())
}

/// Says where the relay is. A guide without a steward gets an invite to become one.
pub fn greet(relay: &Arc<Relay>, config: &Config) -> Result<(), WelcomeError> {
    let url = &config.public_url;
    let mut said = format!("\n  Socle is ready to be read at   {url}/\n");
    for guide in relay.guides()? {
        said += &format!("\n  {}   {url}/{}\n", guide.name, guide.id);
        if relay.store().read(|rows| rows.has_steward(&guide.id))? {
            continue;
        }
        // Only where a person reads it: what is printed elsewhere ends in a log.
        if !std::io::stdout().is_terminal() {
            said += &format!("  invite its first steward: socle invite --guide {} --role steward\n", guide.id);
            continue;
        }
        let token = relay.invite(&guide.id, Role::Steward, INVITE_HOURS_VALID)?;
        let (days, link) = (INVITE_HOURS_VALID / 24, link(url, &guide.id, &token));
        said += &format!("  become its steward (good once, for {days} days): {link}\n");
    }
    said += "\n  Stop it with Ctrl+C.\n\n";
    // In one piece, and without insisting: whoever started us may not be listening any more.
    std::io::stdout().write_all(said.as_bytes()).ok();
    Ok(())
}

/// The secret stands in the fragment: browsers don't send it before the person says so.
pub fn link(public_url: &str, guide: &GuideId, token: &str) -> String {
    format!("{public_url}/{guide}/join#{token}")
}
