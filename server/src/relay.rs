//! The relay itself, without HTTP: what it holds, how a batch enters, who may ask for what.
//!
//! HTTP handlers, imports and the command line all come through [`Relay`]; a batch passes the same
//! gate and the same writer whoever delivers it.

mod ahead;
mod batches;
mod documents;
mod editions;
mod feed;
mod invites;
mod local;
mod news;
mod purge;
mod quotas;
mod review;
mod stewards;

use crate::store::{Store, StoreError};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use shared::edition::GuideHeader;
use shared::gate::Refusal;
use shared::ids::{Day, GuideId, Moment, RecordId};
use shared::wire::GuideCard;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::Semaphore;

pub use documents::Held;
pub use editions::Kept;
pub use invites::{InviteError, hash_token};
pub use local::{LocalDevice, LocalError, NewGuide};
pub use news::{Beat, News};
pub use review::ReviewError;
pub use stewards::StewardError;

/// Names in addresses that are the relay's own: no guide may have them.
pub const RESERVED: [&str; 8] = ["api", "assets", "dev", "healthz", "shell", "static", "socle", "well-known"];

/// What time it is; tests bring their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Why something asked of the relay was not done.
#[derive(Debug, Error)]
pub enum RelayError {
    #[error("there is no such guide on this relay")]
    NoGuide,
    #[error("the batch was refused: {}", .0.code())]
    Refused(Refusal),
    #[error("the device sent too much: wait {0} seconds")]
    SlowDown(u64),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a document of the relay: {0}")]
    Document(#[from] shared::document::DocumentError),
}

/// One relay: a database, what of it is in memory, and whom to tell.
pub struct Relay {
    store: Store,
    folder: PathBuf,
    documents: documents::Documents,
    editions: editions::Editions,
    news: News,
    watch: review::Watch,
    clock: Clock,
    quotas: quotas::Quotas,
    /// So many batches are looked at ahead of the writer.
    gates: Semaphore,
}

impl Relay {
    /// Opens the relay in `folder`; made there when there is none.
    pub fn open(folder: &Path) -> Result<Arc<Relay>, StoreError> {
        Relay::open_at(folder, Arc::new(Timestamp::now))
    }

    pub fn open_at(folder: &Path, clock: Clock) -> Result<Arc<Relay>, StoreError> {
        Ok(Arc::new(Relay {
            store: Store::open(folder)?,
            folder: folder.to_owned(),
            documents: documents::Documents::default(),
            editions: editions::Editions::default(),
            news: News::default(),
            watch: review::Watch::default(),
            clock,
            quotas: quotas::Quotas::default(),
            gates: Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)),
        }))
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn epoch(&self) -> &str {
        self.store.epoch()
    }

    pub fn news(&self) -> &News {
        &self.news
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Today in UTC, for what is no guide's own: receipts, devices.
    pub fn today(&self) -> Day {
        moment(&self.now().to_zoned(TimeZone::UTC)).day
    }

    /// The present moment where the guide is.
    pub fn guide_now(&self, header: &GuideHeader) -> Moment {
        let zone = TimeZone::get(&header.time_zone).unwrap_or(TimeZone::UTC);
        moment(&self.now().to_zoned(zone))
    }

    pub fn guides(&self) -> Result<Vec<GuideCard>, StoreError> {
        self.store.read(|rows| {
            let mut cards = Vec::new();
            for id in rows.guides()? {
                if let Some(edition) = rows.edition(&id)? {
                    let GuideHeader { name, languages, .. } = edition.header;
                    cards.push(GuideCard { id, name, languages, revision: edition.revision });
                }
            }
            Ok(cards)
        })
    }

    pub fn has_guide(&self, guide: &GuideId) -> Result<bool, StoreError> {
        self.store.read(|rows| Ok(rows.feed_seq(guide)?.is_some()))
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Finishes what is queued and folds the database's log.
    pub fn close(&self) {
        self.store.close();
    }

    /// A record as the collective has it.
    pub fn record(&self, guide: &GuideId, record: RecordId) -> Result<Option<Held>, RelayError> {
        let row = self.store.read(|rows| rows.document(guide, record))?;
        row.map(Held::try_from).transpose().map_err(RelayError::from)
    }

    /// Every record of a guide, one by one, in the order of their ids.
    pub fn each_record(&self, guide: &GuideId, mut each: impl FnMut(Held)) -> Result<(), RelayError> {
        let mut failure = None;
        self.store.read(|rows| {
            rows.documents_since(guide, 0, |row| {
                match Held::try_from(row) {
                    Ok(held) => each(held),
                    Err(error) => failure = Some(error),
                }
                Ok(())
            })
        })?;
        failure.map_or(Ok(()), |error| Err(error.into()))
    }
}

/// A zoned instant as the wall clock there shows it.
pub fn moment(zoned: &Zoned) -> Moment {
    let (year, month, day) = (i32::from(zoned.year()), zoned.month().unsigned_abs(), zoned.day().unsigned_abs());
    let day = Day::new(year, u32::from(month), u32::from(day)).expect("jiff's dates are of this calendar");
    Moment { day, minute: u16::from(zoned.hour().unsigned_abs()) * 60 + u16::from(zoned.minute().unsigned_abs()) }
}
