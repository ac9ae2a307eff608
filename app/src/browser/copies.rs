//! The phone's copies of guides: from IndexedDB where it has them, brought up to date by the relay.
//! A browser without storage reads on, from memory.

use super::relay::{self, Reply};
use shared::delta::Refresh;
use shared::edition::Edition;
use shared::ids::{Day, GuideId};
use std::cell::RefCell;
use std::sync::Arc;
use storage::{Db, StorageError, StoredEdition};

/// A copy of a guide in one language.
#[derive(Clone)]
pub struct Copy {
    pub edition: Arc<Edition>,
    /// The day the relay last gave or confirmed it.
    pub fetched: Day,
    /// Its size as JSON.
    pub bytes: u64,
}

/// What came of asking the relay for news.
pub enum Freshened {
    /// The copy is as new as the relay's; `true` when that changed something.
    Fresh(Copy, bool),
    /// The relay has no such guide or language.
    Absent,
    NotReached,
}

pub struct Copies {
    db: Option<Db>,
    /// What was shown in this visit, so that going back needs no reading.
    recent: RefCell<Vec<(GuideId, String, Copy)>>,
}

impl Copies {
    pub async fn open() -> Copies {
        // Without storage the guide is read as a web site is.
        Copies { db: storage::open().await.ok(), recent: RefCell::default() }
    }

    pub fn db(&self) -> Option<&Db> {
        self.db.as_ref()
    }

    /// The copy that is here, if any.
    pub async fn find(&self, guide: &GuideId, language: &str) -> Option<Copy> {
        let recent =
            self.recent.borrow().iter().find(|(id, tag, _)| id == guide && tag == language).map(|(.., copy)| copy.clone());
        if recent.is_some() {
            return recent;
        }
        let stored = self.db.as_ref()?.edition(guide, language).await.ok()??;
        let edition: Edition = serde_json::from_str(&stored.edition).ok()?;
        // A copy in a form that this version does not read is fetched again, not misread.
        if edition.version != shared::edition::EDITION_VERSION {
            return None;
        }
        let fetched = stored.fetched_at.get(..10).and_then(|day| day.parse().ok())?;
        let copy = Copy { edition: Arc::new(edition), fetched, bytes: stored.edition.len() as u64 };
        self.remember(guide, language, &copy);
        Some(copy)
    }

    /// Asks the relay for what is new and keeps it.
    pub async fn freshen(&self, guide: &GuideId, language: &str) -> Freshened {
        let known = self.find(guide, language).await;
        let edition = known.as_ref().map(|copy| copy.edition.as_ref());
        let news = match relay::refresh(guide, language, edition).await {
            Reply::Given(Refresh::Whole(edition)) => Some(*edition),
            Reply::Given(Refresh::Delta(delta)) => {
                let follows = edition.is_some_and(|edition| edition.revision == delta.revision);
                if follows { None } else { edition.cloned().and_then(|edition| edition.updated(*delta)) }
            }
            Reply::Absent => return Freshened::Absent,
            Reply::NotReached => return Freshened::NotReached,
        };
        let changed = news.is_some();
        let Some(edition) = news.map(Arc::new).or_else(|| known.map(|copy| copy.edition)) else {
            return Freshened::NotReached;
        };
        Freshened::Fresh(self.keep(guide, language, edition).await, changed)
    }

    async fn keep(&self, guide: &GuideId, language: &str, edition: Arc<Edition>) -> Copy {
        let json = serde_json::to_string(edition.as_ref()).unwrap_or_default();
        let fetched_at = String::from(js_sys::Date::new_0().to_iso_string());
        let fetched = super::script::now(&edition.guide.time_zone).day;
        let copy = Copy { fetched, bytes: json.len() as u64, edition: edition.clone() };
        self.remember(guide, language, &copy);
        if let Some(db) = &self.db {
            let stored = StoredEdition { edition: json, revision: edition.revision, epoch: edition.epoch.clone(), fetched_at };
            if let Err(error) = db.put_edition(guide, language, &stored).await {
                leptos::logging::warn!("the copy of the guide was not kept: {error}");
            }
        }
        copy
    }

    fn remember(&self, guide: &GuideId, language: &str, copy: &Copy) {
        let mut recent = self.recent.borrow_mut();
        recent.retain(|(id, tag, _)| !(id == guide && tag == language));
        recent.push((guide.clone(), language.to_owned(), copy.clone()));
    }

    /// Whether the copy is on the phone, not in memory alone.
    pub async fn is_kept(&self, guide: &GuideId, language: &str) -> Result<bool, StorageError> {
        match &self.db {
            Some(db) => Ok(db.edition(guide, language).await?.is_some()),
            None => Err(StorageError::Unavailable),
        }
    }

    /// Removes all copies of a guide.
    pub async fn remove(&self, guide: &GuideId) -> Result<(), StorageError> {
        self.recent.borrow_mut().retain(|(id, ..)| id != guide);
        let Some(db) = &self.db else { return Ok(()) };
        for card in db.editions().await?.into_iter().filter(|card| card.guide == *guide) {
            db.remove_edition(guide, &card.language).await?;
        }
        Ok(())
    }
}
