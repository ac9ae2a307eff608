//! The built site: what `cargo xtask build` wrote to `target/site`, embedded in a release relay
//! and read from disk by a debug one. Serves files by hashed name, also those of the two builds
//! before: a phone whose app is older than the relay still finds everything its app names.
//! Knows nothing of guides.

mod builds;

use axum::body::Body;
use axum::extract::{Path as UrlPath, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use builds::Builds;
use rust_embed::Embed;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder a debug relay reads instead of `target/site`. A release relay reads none.
const FOLDER_VARIABLE: &str = "SOCLE_SITE";

/// What a file's address is while the site lacks it: found by nobody, harmless in a page.
const NOT_BUILT: &str = "/assets/not-built";

#[derive(Embed)]
#[folder = "../target/site"]
struct Embedded;

/// `site.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Manifest {
    /// Names this build.
    pub build: String,
    /// `app.css` → `/assets/app-HASH.css`
    pub files: BTreeMap<String, String>,
    /// What a reader needs to start with no network.
    pub core: Vec<String>,
    /// What only members load.
    pub member: Vec<String>,
    pub rest: Vec<String>,
}

/// A file, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub content_type: &'static str,
    pub encoding: Option<&'static str>,
    /// Its address changes with its content: a browser never needs to ask again.
    pub immutable: bool,
}

enum Source {
    Embedded,
    Folder(PathBuf),
}

pub struct Site {
    source: Source,
    manifest: Manifest,
    older: Builds,
}

impl Site {
    /// The site this relay was built with; in a debug build, the one that lies on disk now.
    pub fn load() -> Self {
        let on_disk = || match std::env::var_os(FOLDER_VARIABLE) {
            Some(folder) => PathBuf::from(folder),
            None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site"),
        };
        Self::of(if cfg!(debug_assertions) { Source::Folder(on_disk()) } else { Source::Embedded })
    }

    /// A site in a folder, as `cargo xtask build` writes it.
    pub fn in_folder(folder: &Path) -> Self {
        Self::of(Source::Folder(folder.to_owned()))
    }

    fn of(source: Source) -> Self {
        let manifest = source.read("site.json").and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { source, manifest: manifest.unwrap_or_default(), older: Builds::default() }
    }

    /// The address of a file by its name in the sources: `app.css` → `/assets/app-HASH.css`.
    pub fn file(&self, name: &str) -> &str {
        self.manifest.files.get(name).map_or(NOT_BUILT, String::as_str)
    }

    /// A file's text by its name in the sources; empty when the site lacks it.
    pub fn text(&self, name: &str) -> String {
        let bytes = self.source.read(self.file(name).trim_start_matches('/'));
        bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Whether it was this build that last started on this data.
    pub fn was_last(&self, data: &Path) -> std::io::Result<bool> {
        Ok(builds::last(&data.join("builds"))? == Some(self.manifest.build.clone()))
    }

    /// Keeps this build's files in the data folder for the builds after it, forgets all but the
    /// last three builds, and serves what the other two hold.
    pub fn keep(&mut self, data: &Path) -> std::io::Result<()> {
        let files = self.source.asset_names().into_iter();
        let files = files.filter_map(|name| Some((self.source.read(&format!("assets/{name}"))?, name)));
        self.older = builds::keep(&data.join("builds"), &self.manifest.build, files)?;
        Ok(())
    }

    /// A file by its path in the site (`assets/app-HASH.css`, `sw.js`), in the smallest form that
    /// the browser accepts. `None`: neither this build nor the two before have it.
    pub fn asset(&self, path: &str, accept_encoding: &str) -> Option<Asset> {
        let read = |path: &str| self.source.read(path).or_else(|| self.older.read(path.strip_prefix("assets/")?));
        if !is_plain(path) {
            return None;
        }
        let compressed = encodings(accept_encoding).find_map(|(encoding, extension)| {
            let bytes = read(&format!("{path}.{extension}"))?;
            Some((bytes, Some(encoding)))
        });
        let (bytes, encoding) = compressed.or_else(|| Some((read(path)?, None)))?;
        Some(Asset { bytes, content_type: content_type(path), encoding, immutable: path.starts_with("assets/") })
    }
}

impl Source {
    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Embedded => Embedded::get(path).map(|file| file.data),
            Self::Folder(folder) => std::fs::read(folder.join(path)).ok().map(Cow::Owned),
        }
    }

    fn asset_names(&self) -> Vec<String> {
        match self {
            Self::Embedded => Embedded::iter().filter_map(|path| Some(path.strip_prefix("assets/")?.to_owned())).collect(),
            Self::Folder(folder) => {
                let entries = std::fs::read_dir(folder.join("assets")).into_iter().flatten().flatten();
                entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
            }
        }
    }
}

/// A path that cannot lead out of the site's folder.
fn is_plain(path: &str) -> bool {
    let is_name = |name: &str| {
        !name.starts_with('.') && !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    path.split('/').all(is_name)
}

/// The encodings a browser accepts, of those we hold, smallest first, with the file's extension.
fn encodings(accept: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let accepts = |wanted: &str| {
        accept.split(',').any(|item| {
            let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
            let refused = matches!(parameters.trim().strip_prefix("q=").map(str::parse::<f32>), Some(Ok(0.0)));
            name.trim().eq_ignore_ascii_case(wanted) && !refused
        })
    };
    let held = [("br", "br", accepts("br")), ("gzip", "gz", accepts("gzip"))];
    held.into_iter().filter(|(_, _, accepted)| *accepted).map(|(encoding, extension, _)| (encoding, extension))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

impl IntoResponse for Asset {
    fn into_response(self) -> Response {
        let caching = if self.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        let body = match self.bytes {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        };
        let headers = [(CONTENT_TYPE, self.content_type), (CACHE_CONTROL, caching), (VARY, "accept-encoding")];
        let encoding = self.encoding.map(|encoding| [(CONTENT_ENCODING, encoding)]);
        (headers, encoding, body).into_response()
    }
}

/// `GET /assets/{*path}`
pub async fn asset(State(site): State<Arc<Site>>, UrlPath(path): UrlPath<String>, headers: HeaderMap) -> Response {
    respond(&site, &format!("assets/{path}"), &headers)
}

/// `GET /sw.js`
pub async fn service_worker(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    respond(&site, "sw.js", &headers)
}

fn respond(site: &Site, path: &str, headers: &HeaderMap) -> Response {
    let accept = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    match site.asset(path, accept) {
        Some(asset) => asset.into_response(),
        None => (StatusCode::NOT_FOUND, [(CACHE_CONTROL, "no-cache")], "not found\n").into_response(),
    }
}

/// `GET /dev/build`, in debug builds under `cargo serve --watch` only: another answer than before
/// means that the page is older than the relay, and it reloads.
#[cfg(debug_assertions)]
pub async fn dev_build(State(site): State<Arc<Site>>) -> Response {
    match std::env::var("SOCLE_WATCH") {
        Ok(started) => format!("{started} {}\n", site.manifest.build).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    /// A built site with one stylesheet that says `text`.
    fn site(folder: &Path, build: &str, text: &str) -> std::io::Result<Site> {
        fs::create_dir_all(folder.join("assets"))?;
        let name = format!("assets/app-{build}.css");
        fs::write(folder.join("sw.js"), "worker")?;
        fs::write(folder.join(&name), text)?;
        fs::write(folder.join(format!("{name}.br")), format!("br {text}"))?;
        fs::write(folder.join(format!("{name}.gz")), format!("gz {text}"))?;
        let manifest = serde_json::json!({ "build": build, "files": { "app.css": format!("/{name}") }, "core": [], "member": [], "rest": [] });
        fs::write(folder.join("site.json"), manifest.to_string())?;
        Ok(Site::in_folder(folder))
    }

    fn text(asset: Option<Asset>) -> Option<String> {
        asset.map(|asset| String::from_utf8_lossy(&asset.bytes).into_owned())
    }

    #[test]
    fn the_smallest_accepted_form_is_sent() -> Outcome {
        let folder = tempfile::tempdir()?;
        let site = site(folder.path(), "b1", "a{}")?;
        let path = site.file("app.css").trim_start_matches('/');
        let check = |accept: &str, expected: &str, encoding: Option<&str>| {
            let asset = site.asset(path, accept).expect("the file was written above");
            assert_eq!((String::from_utf8_lossy(&asset.bytes).as_ref(), asset.encoding), (expected, encoding), "{accept}");
            assert!(asset.immutable && asset.content_type.starts_with("text/css"));
        };
        check("gzip, deflate, br, zstd", "br a{}", Some("br"));
        check("gzip", "gz a{}", Some("gzip"));
        check("br;q=0, GZIP;q=0.5", "gz a{}", Some("gzip"));
        check("", "a{}", None);
        assert!(!site.asset("sw.js", "").ok_or("sw.js was written above")?.immutable);
        Ok(())
    }

    #[test]
    fn nothing_outside_the_site_is_served() -> Outcome {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("secret"), "secret")?;
        let site = site(&folder.path().join("site"), "b1", "a{}")?;
        for path in ["assets/../../secret", "../secret", "/etc/passwd", "assets//app-b1.css", "assets/..", "", "assets/.x"] {
            assert_eq!(site.asset(path, "br"), None, "{path}");
        }
        Ok(())
    }

    #[test]
    fn the_two_builds_before_stay_reachable() -> Outcome {
        let (folder, data) = (tempfile::tempdir()?, tempfile::tempdir()?);
        for build in ["b1", "b2", "b3", "b4"] {
            let mut site = site(&folder.path().join(build), build, build)?;
            site.keep(data.path())?;
            // Builds are ordered by when they last started, to the clock's resolution.
            builds::tests::age(&data.path().join("builds"))?;
        }
        let mut site = Site::in_folder(&folder.path().join("b4"));
        site.keep(data.path())?;
        assert_eq!(text(site.asset("assets/app-b4.css", "")).as_deref(), Some("b4"));
        assert_eq!(text(site.asset("assets/app-b3.css", "br")).as_deref(), Some("br b3"));
        assert_eq!(text(site.asset("assets/app-b2.css", "")).as_deref(), Some("b2"));
        assert_eq!(site.asset("assets/app-b1.css", ""), None);
        Ok(())
    }

    #[test]
    fn a_site_that_is_not_built_answers_with_nothing() -> Outcome {
        let folder = tempfile::tempdir()?;
        let mut site = Site::in_folder(folder.path());
        site.keep(folder.path())?;
        assert_eq!(site.file("app.css"), NOT_BUILT);
        assert_eq!(site.asset("assets/not-built", ""), None);
        Ok(())
    }
}
