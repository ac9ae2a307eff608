//! Pages (rights cards, procedures) and notices.

use super::Translated;
use crate::ids::{Day, Moment};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Page {
    pub title: Translated,
    pub category: Option<String>,
    pub steps: BTreeMap<String, Step>,
    pub body: Translated,
    pub audience: Translated,
    pub sources: BTreeMap<String, Source>,
    /// An example that a lawyer has not checked; shown as such.
    pub example: Option<bool>,
    /// Pages are shown by rising position, then by title.
    pub position: Option<f64>,
    pub visibility: Option<String>,
    pub status: Option<String>,
    pub assured_date: Option<Day>,
    pub internal_note: String,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Step {
    pub position: Option<f64>,
    pub text: Translated,
    /// The name of a pictogram of the app.
    pub pictogram: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Source {
    pub name: Option<String>,
    pub url: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Notice {
    pub text: Translated,
    /// `info`, `warning` or `urgent`; unknown is treated as `info`.
    pub level: Option<String>,
    pub from: Option<Moment>,
    pub until: Option<Moment>,
    pub area: Option<String>,
    pub visibility: Option<String>,
    pub status: Option<String>,
}
