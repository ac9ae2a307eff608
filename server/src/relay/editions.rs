//! Editions in memory, for pages and for phones: built from rows once per revision and language,
//! together with the forms in which they travel.

use super::{Relay, RelayError};
use crate::encoding::Encoded;
use app::locale::Locale;
use app::pages;
use shared::delta::{Delta, Refresh};
use shared::edition::{EDITION_VERSION, Edition};
use shared::ids::GuideId;
use shared::search::Index;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

/// Entries kept in memory over all editions; the least recently used edition goes first.
const ENTRIES_KEPT: usize = 40_000;

/// What an entry takes compressed, in the guides measured.
const ENTRY_BYTES_ABOUT: usize = 250;

/// An edition, and its JSON once someone asked for it.
pub struct Kept {
    pub edition: Arc<Edition>,
    whole: OnceLock<Encoded>,
    index: OnceLock<Arc<Index>>,
}

impl Kept {
    /// The whole edition as it travels.
    pub fn whole(&self) -> &Encoded {
        self.whole.get_or_init(|| Encoded::json(&Refresh::Whole(Box::new(Edition::clone(&self.edition)))))
    }

    /// What searches look into, with `locale`'s names of categories; made by the first of them. Another locale than
    /// the edition's own has names of its own.
    pub fn index(&self, locale: &Locale) -> Option<Arc<Index>> {
        let made = || Arc::new(pages::index(&self.edition, locale));
        (locale.tag() == self.edition.language).then(|| self.index.get_or_init(made).clone())
    }

    /// About how many bytes travel when a phone keeps the edition. Exact once one has.
    pub fn travel_bytes(&self) -> u64 {
        let made = self.whole.get().and_then(Encoded::brotli_bytes);
        made.unwrap_or(self.edition.entries.len() * ENTRY_BYTES_ABOUT) as u64
    }
}

#[derive(Default)]
pub(super) struct Editions(Mutex<HashMap<Key, (Arc<Kept>, Instant)>>);

/// A guide in one language.
type Key = (GuideId, String);

impl Editions {
    fn find(&self, key: &(GuideId, String), revision: u64) -> Option<Arc<Kept>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (found, used) = kept.get_mut(key).filter(|(found, _)| found.edition.revision == revision)?;
        *used = Instant::now();
        Some(found.clone())
    }

    /// Lets go of a guide's editions: one of them holds what is no longer on the disk.
    pub(super) fn forget(&self, guide: &GuideId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(kept, _), _| kept != guide);
    }

    fn keep(&self, key: (GuideId, String), edition: Arc<Kept>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(key.clone(), (edition, Instant::now()));
        while kept.len() > 1 && kept.values().map(|(kept, _)| kept.edition.entries.len()).sum::<usize>() > ENTRIES_KEPT {
            let oldest = kept.iter().filter(|(other, _)| **other != key).min_by_key(|(_, (_, used))| *used);
            match oldest.map(|(oldest, _)| oldest.clone()) {
                Some(oldest) => kept.remove(&oldest),
                None => break,
            };
        }
    }
}

impl Relay {
    /// What is published of a guide in a language; `None` when there is no such edition.
    pub fn edition(&self, guide: &GuideId, language: &str) -> Result<Option<Arc<Kept>>, RelayError> {
        let Some(revision) = self.store.read(|rows| rows.revision(guide))? else { return Ok(None) };
        let key = (guide.clone(), language.to_owned());
        if let Some(kept) = self.editions.find(&key, revision) {
            return Ok(Some(kept));
        }
        let Some(edition) = self.read_edition(guide, language)? else { return Ok(None) };
        let kept = Arc::new(Kept { edition: Arc::new(edition), whole: OnceLock::new(), index: OnceLock::new() });
        self.editions.keep(key, kept.clone());
        Ok(Some(kept))
    }

    fn read_edition(&self, guide: &GuideId, language: &str) -> Result<Option<Edition>, RelayError> {
        let found = self.store.read(|rows| {
            let state = rows.edition(guide)?.filter(|state| state.header.languages.iter().any(|known| known == language));
            state.map(|state| Ok((state, rows.edition_rows(guide, language, 0)?))).transpose()
        })?;
        let Some((state, rows)) = found else { return Ok(None) };
        // In order, so that each comes last where it is kept.
        let entries: BTreeMap<_, _> = rows.into_iter().filter_map(|row| Some((row.record, row.entry?))).collect();
        Ok(Some(Edition {
            version: EDITION_VERSION,
            guide: state.header,
            language: language.to_owned(),
            revision: state.revision,
            epoch: self.epoch().to_owned(),
            published: state.published,
            entries: entries.into_iter().collect(),
        }))
    }

    /// What changed after revision `since`; `None` when that cannot be told and the whole edition is
    /// the answer.
    pub fn delta(&self, guide: &GuideId, language: &str, since: u64, epoch: &str) -> Result<Option<Delta>, RelayError> {
        if epoch != self.epoch() {
            return Ok(None);
        }
        let found = self.store.read(|rows| {
            let state = rows.edition(guide)?;
            let least = rows.whole_revision(guide)?.max(1);
            let state = state.filter(|state| {
                since >= least && since <= state.revision && state.header.languages.iter().any(|l| l == language)
            });
            state.map(|state| Ok((state, rows.edition_rows(guide, language, since)?))).transpose()
        })?;
        let Some((state, rows)) = found else { return Ok(None) };
        let (changed, removed): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.entry.is_some());
        Ok(Some(Delta {
            version: EDITION_VERSION,
            epoch: self.epoch().to_owned(),
            since,
            revision: state.revision,
            published: state.published,
            guide: (state.header_revision > since).then_some(state.header),
            changed: changed.into_iter().filter_map(|row| Some((row.record, row.entry?))).collect(),
            removed: removed.into_iter().map(|row| row.record).collect(),
        }))
    }
}
