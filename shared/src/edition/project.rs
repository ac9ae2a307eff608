//! From a record's tree to a public row, and the guide's header. Which records are public at all is
//! decided here; what of a place is public, in [`super::place`].

use super::words::{Tongues, chain, line, link};
use super::{Entry, GuideHeader, page, place};
use crate::categories::CATEGORIES;
use crate::ids::{Day, GuideId};
use crate::record::{self, Attribution, Contact, Flags, GuideSettings, Record};
use crate::schema::{Kind, is_language};
use crate::validate::Problem;
use serde_json::Value;
use std::sync::Arc;

/// The language of a guide that names none.
const LANGUAGE_UNSAID: &str = "en";
const TIME_ZONE_UNSAID: &str = "UTC";

/// What readers of `language` see of a record; `None` when the record is not public.
///
/// The same tree on two days of a month gives the same entry, except where something ended between
/// them (an announced closure, a notice, a time of crowding).
pub fn project(guide: &GuideHeader, kind: Kind, tree: &Value, language: &str, today: Day) -> Option<Entry> {
    Public::read(kind, tree)?.entry(guide, language, today)
}

/// What readers of each of the guide's languages see of a record, in the guide's order: as
/// [`project`] for one after the other, at little more than the cost of one.
pub fn project_all(guide: &GuideHeader, kind: Kind, tree: &Value, today: Day) -> Vec<Option<Entry>> {
    let public = Public::read(kind, tree);
    guide.languages.iter().map(|language| public.as_ref()?.entry(guide, language, today)).collect()
}

/// A record that does not keep itself secret in a way that this version does not understand.
struct Public {
    record: Record,
    address_unclear: bool,
    expanded: place::Expanded,
}

impl Public {
    fn read(kind: Kind, tree: &Value) -> Option<Public> {
        let (record, problems) = record::read(kind, tree);
        let address_unclear = problems.iter().any(|problem| problem.path.as_str() == "address_visibility");
        (!keeps_secret(&problems)).then(|| Public { record, address_unclear, expanded: place::Expanded::default() })
    }

    fn entry(&self, guide: &GuideHeader, language: &str, today: Day) -> Option<Entry> {
        let chain = chain(guide.fallback.as_deref().unwrap_or_default(), language);
        let (source, published) = (&guide.source_language, &guide.languages);
        let tongues = Tongues { wanted: language, chain: &chain, source, published };
        match &self.record {
            Record::Guide(_) => None,
            Record::Place(record) => {
                let country = guide.country.as_deref();
                let Public { address_unclear, expanded, .. } = self;
                let frame = place::Frame { tongues, country, today, address_unclear: *address_unclear, expanded };
                place::entry(record, &frame).map(|entry| Entry::Place(Arc::new(entry.into())))
            }
            Record::Page(record) => page::entry(record, &tongues).map(|entry| Entry::Page(Arc::new(entry))),
            Record::Notice(record) => page::notice(record, &tongues, today).map(|entry| Entry::Notice(Arc::new(entry))),
        }
    }
}

/// A visibility or status that this version does not understand may well mean "not for everyone".
fn keeps_secret(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| matches!(problem.path.as_str(), "visibility" | "status"))
}

/// Whether a record that says this of itself is for everyone. Unknown means public and active.
pub(super) fn is_public(visibility: &Option<String>, status: &Option<String>) -> bool {
    let visible = visibility.as_deref().is_none_or(|visibility| visibility == "public");
    visible && status.as_deref().is_none_or(|status| matches!(status, "active" | "temporarily_closed"))
}

/// The guide's header from the tree of its settings record. Whatever is missing has a plain default,
/// so that a guide can be read before its steward has said anything.
pub fn header(id: &GuideId, tree: &Value) -> GuideHeader {
    let settings = match record::read(Kind::Guide, tree).0 {
        Record::Guide(settings) => *settings,
        _ => GuideSettings::default(),
    };
    let source_language = source_language(&settings);
    GuideHeader {
        id: id.clone(),
        name: line(&settings.name).unwrap_or_else(|| id.to_string()),
        territory: line(&settings.territory),
        boundary: line(&settings.boundary),
        languages: languages(&source_language, &settings.languages),
        fallback: line(&settings.fallback),
        source_language,
        time_zone: line(&settings.time_zone).unwrap_or_else(|| TIME_ZONE_UNSAID.to_owned()),
        country: country(&settings.country),
        hidden_categories: hidden(&settings.categories),
        contact: contact(&settings.contact),
        attribution: attribution(&settings),
    }
}

/// As the settings say, else the first language of the guide.
fn source_language(settings: &GuideSettings) -> String {
    let said = line(&settings.source_language).filter(|tag| is_language(tag));
    let first = || settings.languages.iter().find(|(_, on)| **on).map(|(tag, _)| tag.clone());
    said.or_else(first).unwrap_or_else(|| LANGUAGE_UNSAID.to_owned())
}

fn languages(source: &str, flags: &Flags) -> Vec<String> {
    let others = flags.iter().filter(|(tag, on)| **on && tag.as_str() != source).map(|(tag, _)| tag.clone());
    std::iter::once(source.to_owned()).chain(others).collect()
}

fn country(said: &Option<String>) -> Option<String> {
    let code = line(said)?.to_ascii_uppercase();
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(code)
}

/// Top categories switched off, in the order in which people see categories.
fn hidden(flags: &Flags) -> Vec<String> {
    let off = CATEGORIES.iter().filter(|category| flags.get(category.code) == Some(&false));
    off.map(|category| category.code.to_owned()).collect()
}

fn contact(said: &Contact) -> Contact {
    Contact { phone: line(&said.phone), email: email(&said.email), url: link(&said.url) }
}

fn attribution(settings: &GuideSettings) -> Vec<Attribution> {
    let shown = |said: &Attribution| {
        let name = line(&said.name)?;
        Some(Attribution { name: Some(name), url: link(&said.url), licence: line(&said.licence) })
    };
    let mut list: Vec<Attribution> = settings.attribution.values().filter_map(shown).collect();
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list
}

pub(super) fn email(said: &Option<String>) -> Option<String> {
    line(said).filter(|text| text.contains('@') && !text.chars().any(char::is_whitespace))
}
