//! What readers see of a place. What is not written into an entry here is not public: notes,
//! external identifiers, and everything that tells where a place is whose address is withheld.

use super::project::{email, is_public};
use super::words::{Tongues, line, link};
use super::{ExceptionEntry, Hours, PhoneEntry, PlaceEntry, ServiceEntry};
use crate::categories;
use crate::decimal::Decimal;
use crate::hours::{self, Announced, Change};
use crate::ids::Day;
use crate::record::{Address, Exception, Flags, Phone, Place, Service};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a place is seen through.
pub(super) struct Frame<'a> {
    pub tongues: Tongues<'a>,
    /// Whose public holidays hold.
    pub country: Option<&'a str>,
    pub today: Day,
    /// The record says of its address what this version does not understand.
    pub address_unclear: bool,
    /// Hours are the same in every language, and expanding them is most of the work.
    pub expanded: &'a Expanded,
}

/// Hours of one record that were expanded already, by what they were expanded from.
#[derive(Default)]
pub(super) struct Expanded(RefCell<Vec<(String, Vec<Announced>, Hours)>>);

impl Expanded {
    fn get_or_expand(&self, written: &str, announced: &[Announced], expand: impl FnOnce() -> Hours) -> Hours {
        let known = |(text, changes, _): &&(String, Vec<Announced>, Hours)| text == written && changes == announced;
        if let Some((_, _, hours)) = self.0.borrow().iter().find(known) {
            return hours.clone();
        }
        let hours = expand();
        self.0.borrow_mut().push((written.to_owned(), announced.to_vec(), hours.clone()));
        hours
    }
}

pub(super) fn entry(place: &Place, frame: &Frame<'_>) -> Option<PlaceEntry> {
    if !is_public(&place.visibility, &place.status) {
        return None;
    }
    let name = line(&place.name)?;
    let withheld = withheld(place, frame);
    let words = |texts| frame.tongues.words(texts);
    let announced = announced(&place.exceptions);
    let holds = place.saturation_until.is_none_or(|until| until.day >= frame.today);
    Some(PlaceEntry {
        alternate_name: line(&place.alternate_name).filter(|other| *other != name),
        organization: line(&place.organization.name).filter(|other| *other != name),
        name,
        description: words(&place.description),
        address: address(&place.address, withheld.is_some()),
        position: if withheld.is_some() { None } else { position(place) },
        // How to get there tells where it is. For `area_only` it was written to be read; when the
        // address is given on request only, it may not be given by the way.
        transportation: words(&place.transportation).filter(|_| withheld.as_deref() != Some("on_request")),
        address_withheld: withheld,
        phones: phones(&place.phones, frame),
        email: email(&place.email).or_else(|| email(&place.organization.email)),
        url: link(&place.url).or_else(|| link(&place.organization.url)),
        hours: expanded(&place.opening_hours, &announced, frame),
        exceptions: exceptions(&place.exceptions, frame),
        services: services(&place.services, &announced, frame),
        access: place.access.clone(),
        saturation: place.saturation.clone().filter(|_| holds),
        saturation_until: place.saturation_until.filter(|_| holds && place.saturation.is_some()),
        temporarily_closed: place.status.as_deref() == Some("temporarily_closed"),
        assured_date: place.assured_date,
        assured_method: place.assured_method.clone(),
    })
}

/// How the address is withheld, if it is. What is not understood is withheld.
fn withheld(place: &Place, frame: &Frame<'_>) -> Option<String> {
    if frame.address_unclear {
        return Some("on_request".to_owned());
    }
    place.address_visibility.clone().filter(|visibility| visibility != "full")
}

fn address(address: &Address, withheld: bool) -> Address {
    let street = |text| if withheld { None } else { line(text) };
    Address {
        address_1: street(&address.address_1),
        address_2: street(&address.address_2),
        city: line(&address.city),
        region: line(&address.region),
        postal_code: line(&address.postal_code),
        country: line(&address.country),
    }
}

/// To five decimals, about a metre: more is bytes without use.
fn position(place: &Place) -> Option<[Decimal; 2]> {
    // A metre is enough.
    let round = |degrees: f64| Decimal::nearest((degrees * 1e5).round() / 1e5);
    Some([round(place.latitude?), round(place.longitude?)])
}

/// Numbers that people answer come first, fax last; of one type in the order of their keys.
fn phones(phones: &BTreeMap<String, Phone>, frame: &Frame<'_>) -> Vec<PhoneEntry> {
    let rank = |kind: &Option<String>| match kind.as_deref() {
        Some("hotline") => 0,
        Some("fax") => 2,
        _ => 1,
    };
    let shown = |phone: &Phone| {
        Some(PhoneEntry {
            number: line(&phone.number)?,
            kind: phone.kind.clone(),
            description: frame.tongues.words(&phone.description),
            languages: those_on(&phone.languages),
            channels: those_on(&phone.channels),
        })
    };
    let mut list: Vec<PhoneEntry> = phones.values().filter_map(shown).collect();
    list.sort_by_key(|phone| rank(&phone.kind));
    list
}

fn those_on(flags: &Flags) -> Vec<String> {
    flags.iter().filter(|(_, on)| **on).map(|(code, _)| code.clone()).collect()
}

fn expanded(written: &Option<String>, announced: &[Announced], frame: &Frame<'_>) -> Option<Hours> {
    let written = line(written)?;
    let expand = || match hours::expand(&written, frame.country, frame.today, announced) {
        Some(schedule) => Hours::Expanded(Arc::new(schedule.into())),
        None => Hours::Written { written: written.clone() },
    };
    Some(frame.expanded.get_or_expand(&written, announced, expand))
}

/// A change to the hours, from its first day to its last.
fn days(exception: &Exception) -> Option<(Day, Day)> {
    let from = exception.from?;
    let to = exception.to.unwrap_or(from);
    (from <= to).then_some((from, to))
}

/// What kind of change it is; one that has hours but no kind changes the hours.
fn kind(exception: &Exception) -> &str {
    let unsaid = if line(&exception.opening_hours).is_some() { "hours" } else { "message" };
    exception.kind.as_deref().unwrap_or(unsaid)
}

/// Changes to hours in the order in which they hold: where two overlap, the one that begins later
/// was made with the first in mind.
fn announced(exceptions: &BTreeMap<String, Exception>) -> Vec<Announced> {
    let mut list: Vec<Announced> = exceptions.values().filter_map(announcement).collect();
    list.sort_by_key(|announced| announced.from);
    list
}

fn announcement(exception: &Exception) -> Option<Announced> {
    let (from, to) = days(exception)?;
    let change = match kind(exception) {
        "closed" => Change::Closed,
        "hours" => Change::Instead(line(&exception.opening_hours)?),
        _ => return None,
    };
    Some(Announced { from, to, change })
}

/// Those that are not over, by their first day.
fn exceptions(exceptions: &BTreeMap<String, Exception>, frame: &Frame<'_>) -> Vec<ExceptionEntry> {
    let shown = |exception: &Exception| {
        let (from, to) = days(exception)?;
        let kind = kind(exception).to_owned();
        let hours = line(&exception.opening_hours).filter(|_| kind == "hours");
        (to >= frame.today).then(|| ExceptionEntry { from, to, kind, hours, text: frame.tongues.words(&exception.text) })
    };
    let mut list: Vec<ExceptionEntry> = exceptions.values().filter_map(shown).collect();
    list.sort_by_key(|exception| (exception.from, exception.to));
    list
}

/// In the order in which people see categories, then by name. A service says nothing when it has
/// neither a category nor words.
fn services(services: &BTreeMap<String, Service>, announced: &[Announced], frame: &Frame<'_>) -> Vec<ServiceEntry> {
    let announced: Vec<Announced> = announced.iter().cloned().map(for_service).collect();
    let mut list: Vec<ServiceEntry> = services.values().map(|service| service_entry(service, &announced, frame)).collect();
    list.retain(|service| *service != ServiceEntry::default());
    let codes: Vec<String> = categories::codes().collect();
    let rank =
        |service: &ServiceEntry| codes.iter().position(|code| service.category.as_ref() == Some(code)).unwrap_or(codes.len());
    let name = |service: &ServiceEntry| service.name.as_ref().map(|words| words.text.clone());
    list.sort_by_cached_key(|service| (rank(service), name(service)));
    list
}

/// A service keeps its own hours while its place has others, as far as the place is open.
fn for_service(announced: Announced) -> Announced {
    let change = match announced.change {
        Change::Instead(written) => Change::Within(written),
        other => other,
    };
    Announced { change, ..announced }
}

fn service_entry(service: &Service, announced: &[Announced], frame: &Frame<'_>) -> ServiceEntry {
    let words = |texts| frame.tongues.words(texts);
    ServiceEntry {
        category: service.category.clone(),
        name: words(&service.name),
        description: words(&service.description),
        hours: expanded(&service.opening_hours, announced, frame),
        application_process: words(&service.application_process),
        fees_description: words(&service.fees_description),
        eligibility_description: words(&service.eligibility_description),
        alert: words(&service.alert),
    }
}
