//! Devices of the relay's own: what the command line and imports write with. Their keys lie in the
//! data folder, readable by its owner alone, and their batches pass the same gate as anyone's.

use super::{Relay, RelayError};
use crate::owner;
use crate::store::{Device, StoreError};
use p256::ecdsa::SigningKey;
use shared::batch::{self, Batch, BatchChange, Sealed};
use shared::edit::{self, Edit, EditError};
use shared::gate::Role;
use shared::ids::{ActorId, BatchId, DeviceId, GuideId, Nonce, hex, unhex};
use shared::schema::Kind;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;

/// A key held here, and the device it makes.
#[derive(Debug, Clone)]
pub struct LocalDevice {
    pub guide: GuideId,
    pub id: DeviceId,
    pub key: SigningKey,
    pub public_key: [u8; 65],
    /// Of this session: [`LocalDevice::actor`] goes with it.
    pub nonce: Nonce,
}

#[derive(Debug, Error)]
pub enum LocalError {
    #[error("there is a guide {0} already")]
    GuideExists(GuideId),
    #[error("there is no guide {0} on this relay: make it first with `socle guide create --slug {0} …`")]
    NoGuide(GuideId),
    #[error("{0} is an address of the relay's own: choose another short name")]
    Reserved(GuideId),
    #[error("{0:?} is not a language tag such as fr or pt-BR")]
    Language(String),
    #[error("{0:?} is not a time zone such as Europe/Paris")]
    TimeZone(String),
    #[error("{0:?} is not a country's two-letter code such as FR")]
    Country(String),
    #[error("a key in the data folder: {0}")]
    Key(std::io::Error),
    #[error("a setting does not fit: {0}")]
    Edit(#[from] EditError),
    #[error(transparent)]
    Relay(#[from] RelayError),
}

impl From<StoreError> for LocalError {
    fn from(error: StoreError) -> LocalError {
        LocalError::Relay(error.into())
    }
}

/// What a guide needs to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGuide {
    pub id: GuideId,
    pub name: String,
    pub language: String,
    pub time_zone: String,
    pub country: Option<String>,
}

impl LocalDevice {
    pub fn actor(&self) -> ActorId {
        ActorId::of_session(&self.public_key, &self.nonce)
    }

    /// Seals `changes` as a new batch.
    pub fn seal(&self, changes: Vec<BatchChange>) -> Result<Sealed, std::io::Error> {
        let batch = BatchId(random()?);
        let batch = Batch { guide: self.guide.clone(), device: self.id, batch, nonce: self.nonce, changes };
        Ok(batch::sign(&batch, &self.key))
    }
}

impl Relay {
    /// The relay's own device `name` in a guide, with a fresh session. Its name is what members see
    /// as the author.
    pub fn local_device(self: &Arc<Relay>, guide: &GuideId, name: &str, role: Role) -> Result<LocalDevice, LocalError> {
        let key = self.local_key(guide, name).map_err(LocalError::Key)?;
        let public_key = batch::public_key(&key);
        let id = DeviceId::of_key(&public_key);
        let device = Device { id, public_key, role, pseudonym: name.to_owned(), active: true };
        let (today, of) = (self.today(), guide.clone());
        let known = self.store.read(|rows| rows.device(guide, id))?;
        if known.as_ref() != Some(&device) {
            self.store.write(move |rows| rows.put_device(&of, &device, None, today)).wait()?;
        }
        Ok(LocalDevice { guide: guide.clone(), id, key, public_key, nonce: Nonce(random().map_err(LocalError::Key)?) })
    }

    fn local_key(&self, guide: &GuideId, name: &str) -> Result<SigningKey, std::io::Error> {
        let folder = self.folder.join("keys");
        std::fs::create_dir_all(&folder)?;
        let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let path = folder.join(format!("{guide}.{name}.key"));
        match std::fs::read_to_string(&path) {
            Ok(text) => parse_key(text.trim()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => new_key(&path),
            Err(error) => Err(error),
        }
    }

    /// Begins a guide: its settings record, written by the relay's own device.
    pub fn create_guide(self: &Arc<Relay>, new: &NewGuide) -> Result<(), LocalError> {
        check(new)?;
        let mut edits = vec![
            Edit::put("name", new.name.as_str()),
            Edit::put("slug", new.id.as_str()),
            Edit::put("source_language", new.language.as_str()),
            Edit::put(format!("languages.{}", new.language), true),
            Edit::put("time_zone", new.time_zone.as_str()),
            Edit::put("policy", "direct"),
        ];
        edits.extend(new.country.as_deref().map(|country| Edit::put("country", country)));
        self.start_guide(&new.id, &edits)
    }

    /// Begins a guide whose settings are `edits`.
    pub fn start_guide(self: &Arc<Relay>, guide: &GuideId, edits: &[Edit]) -> Result<(), LocalError> {
        if super::RESERVED.contains(&guide.as_str()) {
            return Err(LocalError::Reserved(guide.clone()));
        }
        let (id, today) = (guide.clone(), self.today());
        let is_new = self.store.write(move |rows| rows.add_guide(&id, today)).wait()?;
        // A guide without settings was begun and not finished: this finishes it.
        if !is_new && self.record(guide, guide.settings())?.is_some() {
            return Err(LocalError::GuideExists(guide.clone()));
        }
        let device = self.local_device(guide, "relay", Role::Steward)?;
        let (_, changes) = edit::create(Kind::Guide, edits, device.actor())?;
        let record = guide.settings();
        let changes = changes.into_iter().map(|bytes| BatchChange { record, bytes }).collect();
        self.submit(device.seal(changes).map_err(LocalError::Key)?)?;
        Ok(())
    }
}

impl Relay {
    /// Does `edits` to a guide's settings, where anything differs.
    pub fn change_settings(self: &Arc<Relay>, guide: &GuideId, edits: &[Edit]) -> Result<(), LocalError> {
        let held = self.record(guide, guide.settings())?.ok_or_else(|| LocalError::NoGuide(guide.clone()))?;
        let device = self.local_device(guide, "relay", Role::Steward)?;
        let mut document = held.document;
        let Some(bytes) = edit::apply(&mut document, edits, device.actor())? else { return Ok(()) };
        let change = BatchChange { record: guide.settings(), bytes };
        self.submit(device.seal(vec![change]).map_err(LocalError::Key)?)?;
        Ok(())
    }
}

fn check(new: &NewGuide) -> Result<(), LocalError> {
    if !shared::schema::is_language(&new.language) {
        return Err(LocalError::Language(new.language.clone()));
    }
    if jiff::tz::TimeZone::get(&new.time_zone).is_err() {
        return Err(LocalError::TimeZone(new.time_zone.clone()));
    }
    match &new.country {
        Some(country) if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) => {
            Err(LocalError::Country(country.clone()))
        }
        _ => Ok(()),
    }
}

fn parse_key(text: &str) -> Result<SigningKey, std::io::Error> {
    let key = unhex(text).and_then(|bytes| SigningKey::from_slice(&bytes).ok());
    key.ok_or_else(|| std::io::Error::new(std::io::ErrorKind::InvalidData, "not a key"))
}

fn new_key(path: &Path) -> Result<SigningKey, std::io::Error> {
    let key = loop {
        // All but one in 2^32 random strings are keys of this curve.
        if let Ok(key) = SigningKey::from_slice(&random::<32>()?) {
            break key;
        }
    };
    let mut file = owner::writing().create_new(true).open(path)?;
    writeln!(file, "{}", hex(&key.to_bytes()))?;
    file.sync_all()?;
    Ok(key)
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], std::io::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(std::io::Error::from)?;
    Ok(bytes)
}
