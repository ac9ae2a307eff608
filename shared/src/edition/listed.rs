//! A place among thousands: lists ask what it offers, and few of them for more.

use super::PlaceEntry;
use crate::json::{Json, Later, Reader};
use std::ops::Deref;

/// A published place, in JSON as a [`PlaceEntry`]. What it offers is read at once, the rest when it is
/// first asked for; a rest that is not of the expected form is then blank.
#[derive(Debug, PartialEq)]
pub struct ListedPlace {
    /// The categories of its services, in their order, a line each.
    offers: String,
    entry: Later<PlaceEntry>,
}

impl ListedPlace {
    /// The categories of its services, as codes.
    pub fn offers(&self) -> impl Iterator<Item = &str> {
        self.offers.lines()
    }

    /// All of it.
    pub fn read(&self) -> &PlaceEntry {
        &self.entry
    }

    /// Whether all of it is read.
    pub fn is_read(&self) -> bool {
        self.entry.is_read()
    }
}

impl From<PlaceEntry> for ListedPlace {
    fn from(entry: PlaceEntry) -> ListedPlace {
        let codes = entry.services.iter().filter_map(|service| service.category.as_deref());
        ListedPlace { offers: codes.flat_map(|code| [code, "\n"]).collect(), entry: entry.into() }
    }
}

impl Deref for ListedPlace {
    type Target = PlaceEntry;

    fn deref(&self) -> &PlaceEntry {
        self.read()
    }
}

impl Json for ListedPlace {
    fn blank() -> ListedPlace {
        ListedPlace { offers: String::new(), entry: Later::blank() }
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        let text = json.text_of(&mut |json| {
            json.object(&mut |json, field| match field {
                "services" => read_offers(&mut self.offers, json),
                _ => json.pass(),
            });
        });
        self.entry = Later::of(text);
    }

    fn write(&self, json: &mut String) {
        self.entry.write(json);
    }
}

/// The categories of a list of services; the rest of them is passed over.
fn read_offers(offers: &mut String, json: &mut Reader<'_>) {
    offers.clear();
    json.list(&mut |json| {
        json.object(&mut |json, field| match field {
            "category" if json.peek() == b'"' => offers.extend([&*json.string(), "\n"]),
            _ => json.pass(),
        });
    });
}
