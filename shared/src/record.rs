//! Records as typed values, read from a document's tree. Names are Open Referral HSDS 3.0's.
//!
//! Reading never fails: what does not fit the schema is left out and listed as a problem. Every
//! field is optional here; `None` and an empty collection mean *unknown*, never "no".

use crate::ids::{Day, Moment};
use crate::order::Ordered;
use crate::schema::Kind;
use crate::validate::{self, Problem};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

mod guide;
mod page;
mod place;

pub use guide::{Attribution, Contact, GuideSettings};
pub use page::{Notice, Page, Source, Step};
pub use place::{Access, Address, Exception, Organization, Phone, Place, Service};

/// A text per language.
pub type Translated = BTreeMap<String, Translation>;

/// One language's words, and where they come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Translation {
    pub text: String,
    pub origin: Option<String>,
    pub source_hash: Option<String>,
}

/// Any record.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    Guide(Box<GuideSettings>),
    Place(Box<Place>),
    Page(Box<Page>),
    Notice(Box<Notice>),
}

/// A set kept as `{code: true}`; codes set to `false` are known not to apply.
pub type Flags = Ordered<String, bool>;

/// Reads a record of `kind` from a document's tree: what is well formed, and what is not.
pub fn read(kind: Kind, tree: &Value) -> (Record, Vec<Problem>) {
    let (clean, problems) = validate::clean(kind, tree);
    let record = match kind {
        Kind::Guide => Record::Guide(typed(clean)),
        Kind::Place => Record::Place(typed(clean)),
        Kind::Page => Record::Page(typed(clean)),
        Kind::Notice => Record::Notice(typed(clean)),
    };
    (record, problems)
}

fn typed<T: DeserializeOwned + Default>(clean: Value) -> Box<T> {
    // A cleaned tree has exactly the schema's types; a test reads random trees to hold this.
    Box::new(serde_json::from_value(clean).unwrap_or_default())
}

/// The record's day of last check, for those that have one.
pub fn assured_date(tree: &Value) -> Option<Day> {
    tree.get("assured_date")?.as_str()?.parse().ok()
}

/// A moment field of a tree.
pub fn moment(tree: &Value, field: &str) -> Option<Moment> {
    tree.get(field)?.as_str()?.parse().ok()
}
