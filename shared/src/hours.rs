//! Opening hours: from the written `opening_hours` (OSM syntax) to tables that any phone can read.
//!
//! Expanded once, at publication, in guide-local wall-clock time: the usual week, and every dated
//! day of the next [`crate::limits::SCHEDULE_DAYS`] on which something else holds (public holidays,
//! seasons, announced closures). What cannot be read is shown as written and never as "closed".

use crate::ids::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Opening hours as tables. Days are those on which a span *begins*; a span may run past midnight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// As the collective wrote it.
    pub written: String,
    /// Monday first.
    pub week: [Vec<Span>; 7],
    /// Days that differ from the usual week; an empty list means closed on that day.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dated: BTreeMap<Day, Vec<Span>>,
    /// First day that the tables speak of.
    pub from: Day,
    /// First day that they no longer speak of: from then on hours are unknown.
    pub until: Day,
}

/// From a minute of the day to a later one; beyond 1440 it is the next day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from: u16,
    pub to: u16,
    /// Open only perhaps: "by appointment", "ask first". Never counted as open or as closed.
    pub uncertain: bool,
    pub comment: Option<String>,
}
