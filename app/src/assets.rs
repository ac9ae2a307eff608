//! The built files that pages refer to: plain names (`app.css`) to hashed addresses
//! (`/assets/app-1a2b.css`), as `site.json` of the site's build says.

use shared::json;
use shared::order::Ordered;
use std::sync::Arc;

/// Cheap to clone. In JSON it is one object of names and addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    files: Arc<Ordered<String, String>>,
    /// The readers' stylesheet, which the relay writes into every page.
    style: Arc<str>,
    /// Pictograms by name, see [`Assets::with_drawings`].
    drawings: Arc<Ordered<String, String>>,
}

impl Assets {
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Assets {
        Assets { files: Arc::new(files.into_iter().collect()), ..Assets::default() }
    }

    pub fn with_style(self, style: &str) -> Assets {
        Assets { style: style.into(), ..self }
    }

    pub fn style(&self) -> &str {
        &self.style
    }

    /// The address of `name`. A name that the build lacks gets an address that answers 404, which
    /// shows in the console and breaks nothing else.
    pub fn path(&self, name: &str) -> String {
        self.files.get(name).cloned().unwrap_or_else(|| format!("/assets/{name}"))
    }

    pub fn has(&self, name: &str) -> bool {
        self.files.get(name).is_some()
    }

    /// The files that hold the words of pages in the language `tag`.
    pub fn words(&self, tag: &str, for_members: bool) -> Vec<String> {
        let members = for_members.then(|| self.path(&format!("locale-desk-{tag}.json")));
        [self.path(&format!("locale-{tag}.json"))].into_iter().chain(members).collect()
    }

    /// The files of the pages that are opened seldom, with the map or without: what they have in common
    /// is a file too.
    pub fn seldom(&self, map: bool) -> Vec<String> {
        let wanted = |name: &str| match name.strip_suffix(".wasm") {
            Some(part) => part == "seldom" || part.starts_with("chunk") || (map && part == "map"),
            None => false,
        };
        self.files.iter().filter(|(name, _)| wanted(name)).map(|(_, path)| path.clone()).collect()
    }

    /// Where a pictogram is drawn from by `<use href>`.
    pub fn icon(&self, name: &str) -> String {
        format!("{}#i-{name}", self.path("icons.svg"))
    }

    /// With the lines of all pictograms at hand: what is in the file `icons.svg`, one to a line.
    pub fn with_drawings(self, sprite: &str) -> Assets {
        let drawing = |line: &str| {
            let (name, lines) = line.strip_prefix("<path id=\"i-")?.strip_suffix("\"/>")?.split_once("\" d=\"")?;
            Some((name.to_owned(), lines.to_owned()))
        };
        Assets { drawings: Arc::new(sprite.lines().filter_map(drawing).collect()), ..self }
    }

    /// The lines of a pictogram, as a path in a square of 24; none where they are not at hand.
    pub fn drawing(&self, name: &str) -> &str {
        self.drawings.get(name).map_or("", String::as_str)
    }

    /// What the browser must know to go on without asking the relay, as JSON for the document.
    pub fn handed_over(&self) -> String {
        // The rest is known to `boot.js`, or to those named here.
        let needed = |name: &str| {
            let cut = name.ends_with(".wasm") && ["chunk", "map", "seldom"].iter().any(|part| name.starts_with(part));
            cut || name.starts_with("locale-") || matches!(name, "streets.js" | "worker.js")
        };
        let files = self.files.iter().filter(|(name, _)| needed(name)).map(|(name, path)| (name.clone(), path.clone()));
        json::to_string(&*Assets::new(files).files)
    }

    pub fn from_handed_over(json: &str) -> Option<Assets> {
        json::from_str(json).ok().map(|files| Assets { files: Arc::new(files), ..Assets::default() })
    }
}
