//! A place: where something is offered, to whom, when and how.

use super::{Flags, Translated};
use crate::ids::{Day, Moment};
use crate::json;
use crate::order::Ordered;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Place {
    pub name: Option<String>,
    pub alternate_name: Option<String>,
    pub description: Translated,
    pub organization: Organization,
    pub address: Address,
    /// `full`, `area_only` or `on_request`; unknown is treated as `full`.
    pub address_visibility: Option<String>,
    /// WGS 84 degrees.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub transportation: Translated,
    pub phones: BTreeMap<String, Phone>,
    pub email: Option<String>,
    pub url: Option<String>,
    /// OSM `opening_hours` syntax.
    pub opening_hours: Option<String>,
    pub exceptions: BTreeMap<String, Exception>,
    pub services: BTreeMap<String, Service>,
    pub access: Access,
    pub saturation: Option<String>,
    pub saturation_until: Option<Moment>,
    /// `active`, `inactive`, `defunct` or `temporarily_closed`; unknown is treated as `active`.
    pub status: Option<String>,
    /// `public` or `members`; unknown is treated as `public`.
    pub visibility: Option<String>,
    pub assured_date: Option<Day>,
    pub assured_method: Option<String>,
    pub external_identifiers: BTreeMap<String, String>,
    /// For members only; never published.
    pub internal_note: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Organization {
    pub name: Option<String>,
    pub description: Translated,
    pub url: Option<String>,
    pub email: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Address {
    pub address_1: Option<String>,
    pub address_2: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Phone {
    pub number: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub description: Translated,
    pub languages: Flags,
    pub channels: Flags,
}

/// Days on which something else holds than the usual hours.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Exception {
    pub from: Option<Day>,
    /// The last day; unknown means `from` alone.
    pub to: Option<Day>,
    /// `closed`, `hours` (then `opening_hours` holds) or `message`.
    pub kind: Option<String>,
    pub opening_hours: Option<String>,
    pub text: Translated,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Service {
    /// A category code, see [`crate::categories`].
    pub category: Option<String>,
    pub name: Translated,
    pub description: Translated,
    /// Where it differs from the place's own hours.
    pub opening_hours: Option<String>,
    pub application_process: Translated,
    pub fees_description: Translated,
    pub eligibility_description: Translated,
    pub alert: Translated,
}

/// Who can come and how. `None` is *unknown*, never "no".
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Access {
    pub welcome: Option<String>,
    pub undocumented_ok: Option<bool>,
    pub id_check: Option<String>,
    pub data_shared_with_authorities: Option<bool>,
    pub entry: Option<String>,
    pub cost: Option<String>,
    pub gender: Flags,
    pub family: Flags,
    pub focus: Flags,
    pub minimum_age: Option<u8>,
    pub maximum_age: Option<u8>,
    /// Language tag to `native`, `interpreter` or `phone`.
    pub languages: Ordered<String, String>,
    /// Document code to `required` or `helpful`.
    pub documents: Ordered<String, String>,
    pub wheelchair: Option<String>,
    pub remote: Option<bool>,
    pub childcare: Option<bool>,
    pub animals: Option<bool>,
    pub luggage: Option<bool>,
    pub anonymous: Option<bool>,
    pub heated: Option<bool>,
    pub cooled: Option<bool>,
}

json::object!(Address { address_1, address_2, city, region, postal_code, country });
json::object!(Access {
    welcome,
    undocumented_ok,
    id_check,
    data_shared_with_authorities,
    entry,
    cost,
    gender,
    family,
    focus,
    minimum_age,
    maximum_age,
    languages,
    documents,
    wheelchair,
    remote,
    childcare,
    animals,
    luggage,
    anonymous,
    heated,
    cooled,
});
