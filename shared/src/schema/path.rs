//! The address of a field inside a record: `address.city`, `services.a1.name.fr.text`.

use crate::json;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// Segments joined by dots. Category keys contain a dot themselves and are written with `/` here:
/// the key `health.doctor` is the segment `health/doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(String);

impl Path {
    pub fn new(text: impl Into<String>) -> Path {
        Path(text.into())
    }

    /// This path with one more segment, given as the key stands in the document.
    pub fn join(&self, key: &str) -> Path {
        let segment = key.replace('.', "/");
        if self.0.is_empty() { Path(segment) } else { Path(format!("{}.{segment}", self.0)) }
    }

    /// The keys from the root down, as they stand in the document.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = String> + '_ {
        self.0.split('.').filter(|segment| !segment.is_empty()).map(|segment| segment.replace('/', "."))
    }

    /// The path without its last segment, and that segment; `None` for the root.
    pub fn split_last(&self) -> Option<(Path, String)> {
        let (parent, last) = self.0.rsplit_once('.').unwrap_or(("", &self.0));
        (!last.is_empty()).then(|| (Path(parent.to_owned()), last.replace('/', ".")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands at this path in a record's tree.
    pub fn find<'a>(&self, tree: &'a serde_json::Value) -> Option<&'a serde_json::Value> {
        self.segments().try_fold(tree, |value, segment| value.get(&segment))
    }
}

impl FromStr for Path {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Path, Infallible> {
        Ok(Path::new(text))
    }
}

json::text!(Path, Path::new(""));

impl From<&str> for Path {
    fn from(text: &str) -> Path {
        Path(text.to_owned())
    }
}

impl From<String> for Path {
    fn from(text: String) -> Path {
        Path(text)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
