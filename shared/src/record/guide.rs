//! A guide's own settings, itself a record that members edit.

use super::Flags;
use crate::json;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct GuideSettings {
    pub name: Option<String>,
    pub slug: Option<String>,
    pub territory: Option<String>,
    /// The outline of the territory, as [`crate::boundary`] writes it.
    pub boundary: Option<String>,
    /// The language in which texts are written first and to which others fall back.
    pub source_language: Option<String>,
    pub languages: Flags,
    /// What readers get where a text is not in their language, as [`crate::edition::chain`] reads it:
    /// `ti > am > en, wo > fr`.
    pub fallback: Option<String>,
    /// An IANA time zone, `Europe/Paris`.
    pub time_zone: Option<String>,
    /// ISO 3166-1 alpha-2, `FR`: whose public holidays hold.
    pub country: Option<String>,
    /// Categories set to `false` are hidden.
    pub categories: Flags,
    pub policy: Option<String>,
    /// Whether risky changes, whoever makes them, wait for somebody else: [`crate::review::Why`].
    pub second_person: Option<bool>,
    pub contact: Contact,
    pub attribution: BTreeMap<String, Attribution>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Contact {
    pub phone: Option<String>,
    pub email: Option<String>,
    pub url: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Attribution {
    pub name: Option<String>,
    pub url: Option<String>,
    pub licence: Option<String>,
}

json::object!(Contact { phone, email, url });

json::object!(Attribution { name, url, licence });
