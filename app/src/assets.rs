//! The built files that pages refer to: plain names (`app.css`) to hashed addresses
//! (`/assets/app-1a2b.css`), as `site.json` of the site's build says.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Cheap to clone. In JSON it is one object of names and addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Assets(Arc<BTreeMap<String, String>>);

impl Assets {
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Assets {
        Assets(Arc::new(files.into_iter().collect()))
    }

    /// The address of `name`. A name that the build lacks gets an address that answers 404, which
    /// shows in the console and breaks nothing else.
    pub fn path(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_else(|| format!("/assets/{name}"))
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A pictogram of the sprite.
    pub fn icon(&self, name: &str) -> String {
        format!("{}#{name}", self.path("icons.svg"))
    }

    /// What the browser must know to go on without asking the relay, as JSON for the document.
    pub fn handed_over(&self) -> String {
        let needed = |name: &str| {
            let elsewhere = matches!(name, "app.wasm" | "app.js" | "replica.wasm" | "replica.js" | "boot.js");
            !elsewhere && !name.starts_with("screenshot-")
        };
        let needed: BTreeMap<_, _> = self.0.iter().filter(|(name, _)| needed(name)).collect();
        serde_json::to_string(&needed).unwrap_or_default()
    }

    pub fn from_handed_over(json: &str) -> Option<Assets> {
        serde_json::from_str(json).ok()
    }
}
