//! From a record's tree to a public row, and the guide's header.

use super::{Entry, GuideHeader};
use crate::ids::{Day, GuideId};
use crate::schema::Kind;
use serde_json::Value;

/// What readers of `language` see of a record; `None` when the record is not public.
pub fn project(_guide: &GuideHeader, _kind: Kind, _tree: &Value, _language: &str, _today: Day) -> Option<Entry> {
    None
}

/// The guide's header from the tree of its settings record.
pub fn header(_id: &GuideId, _tree: &Value) -> GuideHeader {
    unimplemented!("by the projection's owner")
}
