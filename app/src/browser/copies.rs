//! The phone's copies of guides: from IndexedDB where it has them, brought up to date by the relay.
//! A browser without storage reads on, from memory.

use super::relay::{self, Reply};
use super::visit::SAVED;
use shared::delta::Refresh;
use shared::edition::Edition;
use shared::ids::{Day, GuideId};
use shared::json;
use shared::saved;
use std::cell::RefCell;
use std::sync::Arc;
use storage::{Db, EditionCard, StorageError, StoredEdition};

/// A copy of a guide in one language.
#[derive(Clone)]
pub struct Copy {
    pub edition: Arc<Edition>,
    /// The day the relay last gave or confirmed it.
    pub fetched: Day,
    /// Its size as kept.
    pub bytes: u64,
    /// So many changes were kept beside the edition that fetching it whole costs less.
    worn: bool,
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
        let (edition, worn) = recalled(&stored.edition)?;
        // A copy in a form that this version does not read is fetched again, not misread.
        if edition.version != shared::edition::EDITION_VERSION {
            return None;
        }
        let fetched = stored.fetched_at.get(..10).and_then(|day| day.parse().ok())?;
        let copy = Copy { edition: Arc::new(edition), fetched, bytes: stored.edition.len() as u64, worn };
        self.remember(guide, language, &copy);
        Some(copy)
    }

    /// Asks the relay for what is new, or for the `whole`, and keeps it.
    pub async fn freshen(&self, guide: &GuideId, language: &str, whole: bool) -> Freshened {
        // Where another tab has kept news that this one has not read: on from what it kept.
        for whole in [whole, whole, true] {
            if let Some(freshened) = self.asked(guide, language, whole).await {
                return freshened;
            }
            self.forget(guide, language);
        }
        Freshened::NotReached
    }

    /// `None` where the relay's news do not follow on what the phone has kept. What is in memory alone has
    /// no text to write.
    async fn asked(&self, guide: &GuideId, language: &str, whole: bool) -> Option<Freshened> {
        let here = self.find(guide, language).await;
        let replaces = here.is_some();
        let known = here.filter(|copy| !copy.worn && !whole);
        let (news, text) = match relay::refresh(guide, language, known.as_ref().map(|copy| copy.edition.as_ref())).await {
            Reply::Given(given) => given,
            Reply::Absent => return Some(Freshened::Absent),
            Reply::NotReached => return Some(Freshened::NotReached),
        };
        let (edition, kept) = match (news, known) {
            (Refresh::Whole(edition), _) => {
                // Before it is kept: a visit that ends in between does all of it again.
                if let Err(error) = self.let_go(guide, language, &edition, replaces).await {
                    leptos::logging::warn!("what was purged may still be here: {error}");
                }
                (Arc::new(*edition), text)
            }
            (Refresh::Delta(delta), Some(known)) => {
                let today = super::script::now(&known.edition.guide.time_zone).day;
                if delta.revision == known.edition.revision && known.fetched == today {
                    // Nothing to write: the copy was this fresh today already.
                    return Some(Freshened::Fresh(known, false));
                }
                let earlier = match self.kept(guide, language).await {
                    Some(kept) if (kept.revision, &kept.epoch) != (delta.since, &delta.epoch) => return None,
                    kept => kept.map(|kept| kept.edition),
                };
                if delta.revision == known.edition.revision {
                    return Some(Freshened::Fresh(self.keep(guide, language, known.edition, earlier).await, false));
                }
                let edition = known.edition.as_ref().clone().updated(*delta)?;
                (Arc::new(edition), earlier.map(|earlier| format!("{earlier}\n{text}")).unwrap_or_default())
            }
            (Refresh::Delta(_), None) => return Some(Freshened::NotReached),
        };
        Some(Freshened::Fresh(self.keep(guide, language, edition, Some(kept).filter(|kept| !kept.is_empty())).await, true))
    }

    /// A guide that comes whole in place of an earlier copy may come so because something in it was
    /// purged: what else this phone holds of that goes now. A copy that had grown too large comes whole
    /// as well, and a replica that hears of a purge clears all copies, so the two cannot be told apart:
    /// the name of a saved place that merely closed goes, too, if later than its card. The first copy in
    /// one more language says nothing of either.
    async fn let_go(&self, guide: &GuideId, language: &str, edition: &Edition, replaces: bool) -> Result<(), StorageError> {
        let Some(db) = &self.db else { return Ok(()) };
        let mut others = db.editions().await?;
        others.retain(|other| other.guide == *guide && other.language != language);
        if !replaces && !others.is_empty() {
            return Ok(());
        }
        let unnamed = |saved: &str| saved::unnamed(saved, |record| edition.entries.get(&record).is_some());
        let saved = db.setting(Some(guide), SAVED).await?.unwrap_or_default();
        if unnamed(&saved) != saved {
            db.change_setting(guide, SAVED, unnamed).await?;
        }
        self.recent.borrow_mut().retain(|(id, tag, _)| id != guide || tag == language);
        others.retain(|other| (other.revision, &other.epoch) != (edition.revision, &edition.epoch));
        for EditionCard { language, .. } in others {
            match relay::refresh(guide, &language, None).await {
                Reply::Given((Refresh::Whole(fresh), text)) => put(db, guide, &language, &fresh, text).await?,
                // It comes again when it is opened.
                _ => db.remove_edition(guide, &language).await?,
            }
        }
        Ok(())
    }

    /// What the relay said of the guide, as the phone has kept it.
    async fn kept(&self, guide: &GuideId, language: &str) -> Option<StoredEdition> {
        self.db.as_ref()?.edition(guide, language).await.ok()?
    }

    /// Keeps an edition as the text it was read from; in memory alone where there is none, as in a
    /// browser without storage.
    async fn keep(&self, guide: &GuideId, language: &str, edition: Arc<Edition>, text: Option<String>) -> Copy {
        let fetched = super::script::now(&edition.guide.time_zone).day;
        let kept = text.as_deref().unwrap_or_default();
        let worn = is_worn(kept.find('\n').unwrap_or(kept.len()), kept);
        let copy = Copy { edition: edition.clone(), fetched, bytes: kept.len() as u64, worn };
        self.remember(guide, language, &copy);
        if let (Some(db), Some(text)) = (&self.db, text)
            && let Err(error) = put(db, guide, language, &edition, text).await
        {
            leptos::logging::warn!("the copy of the guide was not kept: {error}");
        }
        copy
    }

    fn remember(&self, guide: &GuideId, language: &str, copy: &Copy) {
        self.forget(guide, language);
        self.recent.borrow_mut().push((guide.clone(), language.to_owned(), copy.clone()));
    }

    fn forget(&self, guide: &GuideId, language: &str) {
        self.recent.borrow_mut().retain(|(id, tag, _)| !(id == guide && tag == language));
    }

    /// Whether any guide is on the phone.
    pub async fn holds_any(&self) -> bool {
        match &self.db {
            Some(db) => db.editions().await.is_ok_and(|cards| !cards.is_empty()),
            None => false,
        }
    }

    /// Whether the copy is on the phone, not in memory alone.
    pub async fn is_kept(&self, guide: &GuideId, language: &str) -> Result<bool, StorageError> {
        match &self.db {
            Some(db) => db.has_edition(guide, language).await,
            None => Err(StorageError::Unavailable),
        }
    }

    /// Removes all copies of a guide. What is being read stays in memory: asked for again it would be kept
    /// again.
    pub async fn remove(&self, guide: &GuideId) -> Result<(), StorageError> {
        let Some(db) = &self.db else { return Ok(()) };
        db.remove_editions(guide).await?;
        db.remove_setting(Some(guide), SAVED).await
    }
}

/// Whether the changes in `text` weigh more than the `whole` before them, in bytes.
fn is_worn(whole: usize, text: &str) -> bool {
    text.len() > 2 * whole
}

/// Keeps an edition as the text it was read from, as of now.
async fn put(db: &Db, guide: &GuideId, language: &str, edition: &Edition, text: String) -> Result<(), StorageError> {
    let fetched_at = String::from(js_sys::Date::new_0().to_iso_string());
    let stored = StoredEdition { edition: text, revision: edition.revision, epoch: edition.epoch.clone(), fetched_at };
    db.put_edition(guide, language, &stored).await
}

/// What an edition takes in memory at first, as so many times its text: its places are read later.
const ROOM: usize = 2;

/// The edition from what the relay said of it, a line each: the whole, then what changed since; and
/// whether it is worn. Ten thousand places are megabytes: they are gone over once.
fn recalled(text: &str) -> Option<(Edition, bool)> {
    // WASM memory grows page by page, each time at a price: once is cheaper than a hundred times. A
    // phone that has not so much at once goes on page by page.
    let mut room = Vec::<u8>::new();
    let _ = std::hint::black_box(&mut room).try_reserve_exact(ROOM * text.len());
    drop(room);
    let (Refresh::Whole(edition), mut changes) = json::first_of(text).ok()? else { return None };
    let (mut edition, worn) = (*edition, is_worn(text.len() - changes.len(), text));
    while !changes.trim_ascii().is_empty() {
        let (Refresh::Delta(delta), later) = json::first_of(changes).ok()? else { return None };
        // Two tabs of an earlier version may have kept the same news twice.
        if edition.is_followed_by(&delta) {
            edition = edition.updated(*delta)?;
        }
        changes = later;
    }
    Some((edition, worn))
}
