//! The map's part of an address: `?category=food&only=open&centre=45.188,5.724&zoom=26`. What cannot be
//! read is as if it were not there: the whole territory is never wrong.

use super::{Filters, Query};
use shared::boundary;
use shared::sketch::{View, ZOOM_MAX};

pub fn category(query: &Query) -> Option<String> {
    Some(query.get("category")).filter(|code| shared::categories::is_code(code))
}

pub fn view(query: &Query) -> Option<View> {
    let zoom = query.number("zoom").and_then(|zoom| u8::try_from(zoom).ok())?;
    Some(View { centre: boundary::position(&query.get("centre"))?, zoom: zoom.min(ZOOM_MAX) })
}

pub fn query(code: Option<&str>, filters: &Filters, view: Option<View>) -> String {
    let category = code.map(|code| format!("&category={code}")).unwrap_or_default();
    let view = view.map(|View { centre: [latitude, longitude], zoom }| format!("&centre={latitude},{longitude}&zoom={zoom}"));
    let parts = category + &filters.query() + &view.unwrap_or_default();
    parts.get(1..).map(|parts| format!("?{parts}")).unwrap_or_default()
}
