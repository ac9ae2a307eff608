//! An edition: what is published of a guide in one language. What is public is decided here only.
//!
//! The relay projects every record to a row per language; rows together with the guide's header are
//! the edition, one JSON that a reader's phone keeps and that the relay renders pages from. Texts
//! fall back to the guide's source language, then to any language, and say so. Hours are expanded to
//! tables ([`Schedule`]), so that a reader needs no parser. Notes, drafts, hidden addresses, members'
//! records, actors and history never come here.

use crate::decimal::Decimal;
use crate::hours::Schedule;
use crate::ids::{Day, GuideId, Moment, RecordId};
use crate::json::{self, Later};
use crate::order::Ordered;
use crate::record::{Access, Address, Attribution, Contact};
use std::sync::Arc;

mod listed;
mod page;
mod place;
mod project;
mod words;

pub use listed::ListedPlace;
pub use project::{header, project, project_all};
pub use words::chain;

/// The version of the edition's JSON. A phone that meets a higher one asks for an update of the app.
pub const EDITION_VERSION: u32 = 1;

/// A whole guide in one language at one revision.
#[derive(Debug, Clone, PartialEq)]
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
    pub entries: Ordered<RecordId, Entry>,
}

impl Edition {
    /// Unread as they are listed: what is taken from one reads it.
    pub fn listed(&self) -> impl Iterator<Item = (&RecordId, &ListedPlace)> {
        self.entries.iter().filter_map(|(id, entry)| match entry {
            Entry::Place(place) => Some((id, place.as_ref())),
            _ => None,
        })
    }

    /// Each of them read.
    pub fn places(&self) -> impl Iterator<Item = (&RecordId, &PlaceEntry)> {
        self.listed().map(|(id, place)| (id, place.read()))
    }

    /// Reads some more of the places, so many at most; whether there were as many.
    pub fn read_ahead(&self, count: usize) -> bool {
        let mut left = count;
        for (_, place) in self.listed().filter(|(_, place)| !place.is_read()).take(count) {
            place.read();
            left -= 1;
        }
        left == 0
    }

    /// The categories of all services, in the order of their codes, each once.
    pub fn offered(&self) -> Vec<&str> {
        let mut offered = Vec::new();
        for code in self.listed().flat_map(|(_, place)| place.offers()) {
            if let Err(at) = offered.binary_search(&code) {
                offered.insert(at, code);
            }
        }
        offered
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
#[derive(Debug, Clone, PartialEq)]
pub struct GuideHeader {
    pub id: GuideId,
    pub name: String,
    pub territory: Option<String>,
    /// The outline of the territory, to be read by [`crate::boundary::read`]. A text, so that only
    /// the page that draws it pays for reading it.
    pub boundary: Option<String>,
    pub source_language: String,
    /// The languages in which the guide is published, source language first.
    pub languages: Vec<String>,
    /// What each language falls back to, see [`chain`].
    pub fallback: Option<String>,
    pub time_zone: String,
    pub country: Option<String>,
    /// Top categories that the guide hides.
    pub hidden_categories: Vec<String>,
    pub contact: Contact,
    pub attribution: Vec<Attribution>,
}

/// One published record, as JSON `{"place": {…}}`: the kind comes first so that a phone reads the
/// rest straight into its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    Place(Arc<ListedPlace>),
    Page(Arc<PageEntry>),
    Notice(Arc<NoticeEntry>),
}

/// A text as it is shown, and what a reader must know about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub text: String,
    /// The language of `text` when it is not the edition's: shown as "not yet in …", with `lang`, `dir`.
    pub language: Option<String>,
    /// The source text changed after this translation was made.
    pub outdated: bool,
    /// Nobody has read over this machine translation.
    pub machine: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlaceEntry {
    pub name: String,
    pub alternate_name: Option<String>,
    /// Shown where it differs from the name.
    pub organization: Option<String>,
    pub description: Option<Words>,
    /// Without street lines when the address is not public.
    pub address: Address,
    /// Whether street lines were withheld: `area_only` or `on_request`.
    pub address_withheld: Option<String>,
    /// Latitude and longitude, WGS 84 degrees; absent when the address is withheld.
    pub position: Option<[Decimal; 2]>,
    pub transportation: Option<Words>,
    pub phones: Vec<PhoneEntry>,
    pub email: Option<String>,
    pub url: Option<String>,
    pub hours: Option<Hours>,
    pub exceptions: Vec<ExceptionEntry>,
    pub services: Vec<ServiceEntry>,
    pub access: Access,
    pub saturation: Option<String>,
    pub saturation_until: Option<Moment>,
    pub temporarily_closed: bool,
    pub assured_date: Option<Day>,
    pub assured_method: Option<String>,
}

/// Opening hours: expanded where they could be read, else as they were written.
#[derive(Debug, Clone, PartialEq)]
pub enum Hours {
    Expanded(Arc<Later<Schedule>>),
    /// Not in a form that Socle reads. Shown as it is; never means "closed".
    Written {
        written: String,
    },
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct PhoneEntry {
    pub number: String,
    pub kind: Option<String>,
    pub description: Option<Words>,
    pub languages: Vec<String>,
    pub channels: Vec<String>,
}

/// A closure or change announced by the place, with its reason; its hours are already in the schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct ExceptionEntry {
    pub from: Day,
    pub to: Day,
    /// `closed`, `hours` or `message`.
    pub kind: String,
    /// The changed hours as they were written, for a place whose usual hours have no table.
    pub hours: Option<String>,
    pub text: Option<Words>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceEntry {
    pub category: Option<String>,
    pub name: Option<Words>,
    pub description: Option<Words>,
    pub hours: Option<Hours>,
    pub application_process: Option<Words>,
    pub fees_description: Option<Words>,
    pub eligibility_description: Option<Words>,
    pub alert: Option<Words>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageEntry {
    pub title: Words,
    pub category: Option<String>,
    /// In the order in which they are shown.
    pub steps: Vec<StepEntry>,
    pub body: Option<Words>,
    pub audience: Option<Words>,
    pub sources: Vec<SourceEntry>,
    pub example: bool,
    /// Pages are shown by rising position, then by title.
    pub position: Decimal,
    pub assured_date: Option<Day>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepEntry {
    pub text: Words,
    /// The step in the guide's source language, to be shown to an officer; absent when the same.
    pub source: Option<String>,
    pub pictogram: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceEntry {
    pub name: String,
    pub url: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeEntry {
    pub text: Words,
    /// `info`, `warning` or `urgent`.
    pub level: String,
    pub from: Option<Moment>,
    pub until: Option<Moment>,
    pub area: Option<String>,
}

impl NoticeEntry {
    /// Whether the notice holds at `now`. A phone without network hides what has expired by itself.
    pub fn holds(&self, now: Moment) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}

json::object!(Edition { version, guide, language, revision, epoch, published, entries });
json::object!(GuideHeader {
    id,
    name,
    territory,
    boundary,
    source_language,
    languages,
    fallback,
    time_zone,
    country,
    hidden_categories,
    contact,
    attribution,
});
json::object!(Words { text: "t", language: "l", outdated: "o", machine: "m" });
json::object!(PlaceEntry {
    name,
    alternate_name,
    organization,
    description,
    address,
    address_withheld,
    position,
    transportation,
    phones,
    email,
    url,
    hours,
    exceptions,
    services,
    access,
    saturation,
    saturation_until,
    temporarily_closed,
    assured_date,
    assured_method,
});
json::object!(PhoneEntry { number, kind: "type", description, languages, channels });
json::object!(ExceptionEntry { from, to, kind, hours, text });
json::object!(ServiceEntry {
    category,
    name,
    description,
    hours,
    application_process,
    fees_description,
    eligibility_description,
    alert,
});
json::object!(PageEntry { title, category, steps, body, audience, sources, example, position, assured_date });
json::object!(StepEntry { text, source, pictogram });
json::object!(SourceEntry { name, url });
json::object!(NoticeEntry { text, level, from, until, area });
// A notice first: what reading begins from is made for each record, and a notice is small.
json::choice!(Entry { Notice(it): "notice", Place(it): "place", Page(it): "page" });
json::choice!(Hours { Expanded(it): "expanded", Written { written }: "written" });
