//! What the relay does for phones that are wiped.

use crate::house::{Answer, House};
use axum::body::Body;
use axum::http::Request;

fn wiped(house: &House, site: Option<&str>) -> Answer {
    let request = Request::post("/api/wiped");
    let request = site.into_iter().fold(request, |request, site| request.header("sec-fetch-site", site));
    house.ask(request.body(Body::empty()).expect("a request"))
}

#[test]
fn only_our_own_pages_have_a_browser_wiped() {
    let house = House::new();
    let ours = wiped(&house, Some("same-origin"));
    assert_eq!((ours.status.as_u16(), ours.bytes.len()), (204, 0));
    assert_eq!(ours.header("clear-site-data"), r#""cache", "cookies", "storage""#);
    for site in [Some("cross-site"), Some("same-site"), Some("none"), None] {
        let other = wiped(&house, site);
        assert_eq!((other.status.as_u16(), other.header("clear-site-data")), (403, ""), "{site:?}");
    }
}
