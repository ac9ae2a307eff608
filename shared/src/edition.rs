//! An edition: what is published of a guide in one language. What is public is decided here only.
//!
//! The relay projects every record to a row per language; rows together with the guide's header are
//! the edition, one JSON that a reader's phone keeps and that the relay renders pages from. Texts
//! fall back to the guide's source language, then to any language, and say so. Hours are expanded to
//! tables ([`Schedule`]), so that a reader needs no parser. Notes, drafts, hidden addresses, members'
//! records, actors and history never come here.

use crate::hours::Schedule;
use crate::ids::{Day, GuideId, Moment, RecordId};
use crate::record::{Access, Address, Attribution, Contact};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod page;
mod place;
mod project;
mod words;

pub use project::{header, project, project_all};

/// The version of the edition's JSON. A phone that meets a higher one asks for an update of the app.
pub const EDITION_VERSION: u32 = 1;

/// A whole guide in one language at one revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edition {
    pub version: u32,
    pub guide: GuideHeader,
    /// The language asked for, a BCP 47 tag.
    pub language: String,
    /// Rises with every publication of the guide, never falls on one relay.
    pub revision: u64,
    /// Distinguishes relays that were restored from a backup; revisions of different epochs do not compare.
    pub epoch: String,
    /// The guide-local moment of the latest publication.
    pub published: Moment,
    pub entries: BTreeMap<RecordId, Entry>,
}

impl Edition {
    pub fn places(&self) -> impl Iterator<Item = (&RecordId, &PlaceEntry)> {
        self.entries.iter().filter_map(|(id, entry)| match entry {
            Entry::Place(place) => Some((id, place.as_ref())),
            _ => None,
        })
    }

    pub fn pages(&self) -> impl Iterator<Item = (&RecordId, &PageEntry)> {
        self.entries.iter().filter_map(|(id, entry)| match entry {
            Entry::Page(page) => Some((id, page.as_ref())),
            _ => None,
        })
    }

    pub fn notices(&self) -> impl Iterator<Item = (&RecordId, &NoticeEntry)> {
        self.entries.iter().filter_map(|(id, entry)| match entry {
            Entry::Notice(notice) => Some((id, notice.as_ref())),
            _ => None,
        })
    }
}

/// The guide's own settings, as readers see them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GuideHeader {
    pub id: GuideId,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    pub source_language: String,
    /// The languages in which the guide is published, source language first.
    pub languages: Vec<String>,
    pub time_zone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Top categories that the guide hides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_categories: Vec<String>,
    #[serde(default)]
    pub contact: Contact,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attribution: Vec<Attribution>,
}

/// One published record, as JSON `{"place": {…}}`: the kind comes first so that a phone reads the
/// rest straight into its type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    Place(Box<PlaceEntry>),
    Page(Box<PageEntry>),
    Notice(Box<NoticeEntry>),
}

/// A text as it is shown, and what a reader must know about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    #[serde(rename = "t")]
    pub text: String,
    /// The language of `text` when it is not the edition's: shown as "not yet in …", with `lang`, `dir`.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The source text changed after this translation was made.
    #[serde(rename = "o", default, skip_serializing_if = "std::ops::Not::not")]
    pub outdated: bool,
    /// Nobody has read over this machine translation.
    #[serde(rename = "m", default, skip_serializing_if = "std::ops::Not::not")]
    pub machine: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceEntry {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternate_name: Option<String>,
    /// Shown where it differs from the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Words>,
    /// Without street lines when the address is not public.
    pub address: Address,
    /// Whether street lines were withheld: `area_only` or `on_request`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_withheld: Option<String>,
    /// Latitude and longitude, WGS 84 degrees; absent when the address is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transportation: Option<Words>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<PhoneEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ExceptionEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceEntry>,
    pub access: Access,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saturation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saturation_until: Option<Moment>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub temporarily_closed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assured_date: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assured_method: Option<String>,
}

/// Opening hours: expanded where they could be read, else as they were written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    Expanded(Box<Schedule>),
    /// Not in a form that Socle reads. Shown as it is; never means "closed".
    Written {
        written: String,
    },
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhoneEntry {
    pub number: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Words>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
}

/// A closure or change announced by the place, with its reason; its hours are already in the schedule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExceptionEntry {
    pub from: Day,
    pub to: Day,
    /// `closed`, `hours` or `message`.
    pub kind: String,
    /// The changed hours as they were written, for a place whose usual hours have no table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Words>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_process: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fees_description: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eligibility_description: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<Words>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageEntry {
    pub title: Words,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// In the order in which they are shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<Words>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceEntry>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub example: bool,
    /// Pages are shown by rising position, then by title.
    pub position: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assured_date: Option<Day>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepEntry {
    pub text: Words,
    /// The step in the guide's source language, to be shown to an officer; absent when the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pictogram: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceEntry {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoticeEntry {
    pub text: Words,
    /// `info`, `warning` or `urgent`.
    pub level: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
}

impl NoticeEntry {
    /// Whether the notice holds at `now`. A phone without network hides what has expired by itself.
    pub fn holds(&self, now: Moment) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}
