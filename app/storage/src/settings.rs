//! Small choices that are remembered: of the whole app, or of one guide.

use crate::StorageError;
use crate::database::{Db, SETTINGS, key};
use shared::ids::GuideId;

/// The setting that says that this browser is a member's of the guide: readers' pages show the way to
/// the workspace. Nothing of the membership stands in it, for it is not sealed; it goes with the copy.
pub const MEMBERSHIP: &str = "membership";

impl Db {
    /// The setting `name` of a guide, or of the whole app where `guide` is `None`.
    pub async fn setting(&self, guide: Option<&GuideId>, name: &str) -> Result<Option<String>, StorageError> {
        let found = self.get(SETTINGS, &key(scope(guide), name)).await?;
        Ok(found.and_then(|value| value.as_string()))
    }

    pub async fn put_setting(&self, guide: Option<&GuideId>, name: &str, value: &str) -> Result<(), StorageError> {
        self.put(SETTINGS, &key(scope(guide), name), &value.into()).await
    }

    /// Changes a setting of a guide as it is at that moment, whoever else changes it; what was not set is
    /// empty. Gives what it is now.
    pub async fn change_setting(
        &self,
        guide: &GuideId,
        name: &str,
        change: impl FnOnce(&str) -> String,
    ) -> Result<String, StorageError> {
        let key = key(guide.as_str(), name);
        let writing = self.writing(&[SETTINGS]).await?;
        let found = writing.get(SETTINGS, &key).await?.and_then(|value| value.as_string()).unwrap_or_default();
        let changed = change(&found);
        writing.put(SETTINGS, &key, &changed.as_str().into())?;
        writing.complete().await?;
        Ok(changed)
    }

    pub async fn remove_setting(&self, guide: Option<&GuideId>, name: &str) -> Result<(), StorageError> {
        self.delete(SETTINGS, &key(scope(guide), name)).await
    }
}

fn scope(guide: Option<&GuideId>) -> &str {
    guide.map_or("", GuideId::as_str)
}
