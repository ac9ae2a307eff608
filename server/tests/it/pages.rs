//! The reading pages as they are sent: complete without JavaScript.

use crate::house::{Answer, House};
use shared::edit::Edit;
use shared::gate::Role;
use shared::schema::Kind;

const ORIGIN: &str = "https://guide.example.org";

/// A guide with one place and one page, and their addresses in French.
fn furnished() -> (House, Vec<String>) {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let place = [Edit::put("name", "La Passerelle"), Edit::put("services.s1.category", "food.meal")];
    let (place, batch) = ana.create(Kind::Place, &place);
    assert_eq!(house.send(&batch).status, 200);
    let (page, batch) = ana.create(Kind::Page, &[Edit::put("title.fr.text", "Vos droits")]);
    assert_eq!(house.send(&batch).status, 200);
    house.publish();
    let paths = [
        "/lyon/fr/".to_owned(),
        "/lyon/fr/category/food".to_owned(),
        "/lyon/fr/search?q=passerelle".to_owned(),
        format!("/lyon/fr/place/{}", place.record),
        format!("/lyon/fr/page/{}", page.record),
        "/lyon/fr/about".to_owned(),
    ];
    (house, paths.into())
}

/// What stands between `before` and the next `after`, wherever.
fn between<'a>(html: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    html.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

fn attribute<'a>(html: &'a str, tag: &str, name: &str) -> Option<&'a str> {
    between(html, &format!("<{tag}"), ">").first().and_then(|tag| between(tag, &format!("{name}=\""), "\"").first().copied())
}

#[test]
fn every_reading_page_says_what_it_is() {
    let (house, paths) = furnished();
    for path in &paths {
        let answer = house.get(path);
        let html = answer.text();
        assert_eq!(answer.status, 200, "{path}");
        assert!(html.starts_with("<!DOCTYPE html>"), "{path}");
        assert_eq!((attribute(&html, "html", "lang"), attribute(&html, "html", "dir")), (Some("fr"), Some("ltr")), "{path}");
        assert_eq!(answer.header("content-language"), "fr", "{path}");
        let title = between(&html, "<title>", "</title>");
        assert!(title.len() == 1 && title[0].len() > 3, "{path}: {title:?}");
        assert!(between(&html, "name=\"description\" content=\"", "\"").iter().any(|text| text.len() > 3), "{path}");
        let canonical = between(&html, "rel=\"canonical\" href=\"", "\"");
        assert!(canonical.len() == 1 && canonical[0].starts_with(ORIGIN), "{path}: {canonical:?}");
        let alternates = between(&html, "hreflang=\"", "\"");
        assert!(alternates.contains(&"fr") && alternates.contains(&"ar"), "{path}: {alternates:?}");
        assert!(!html.contains(" style=\"") && !html.contains("<script>"), "{path}: nothing inline");
    }
}

#[test]
fn what_a_page_is_about_stands_in_it() {
    let (house, paths) = furnished();
    let shows = |path: &str, text: &str| assert!(house.get(path).text().contains(text), "{path} shows {text}");
    shows(&paths[0], "Lyon solidaire");
    shows(&paths[1], "La Passerelle");
    // Matched words are marked, so the name does not stand there in one piece.
    shows(&paths[2], &paths[3]);
    shows(&paths[3], "La Passerelle");
    shows(&paths[4], "Vos droits");
    shows("/", "Lyon solidaire");
    shows("/lyon", "/lyon/ar/");
}

#[test]
fn arabic_runs_from_right_to_left() {
    let (house, paths) = furnished();
    for path in paths.iter().map(|path| path.replace("/fr/", "/ar/")) {
        let html = house.get(&path).text();
        assert_eq!((attribute(&html, "html", "lang"), attribute(&html, "html", "dir")), (Some("ar"), Some("rtl")), "{path}");
    }
}

#[test]
fn the_languages_that_a_browser_asks_for_come_first() {
    let (house, _) = furnished();
    let order = |accept: &str| {
        let html = house.get_with("/lyon", &[("accept-language", accept)]).text();
        let main = html.split("<main").nth(1).unwrap_or_default().to_owned();
        (main.find("/lyon/ar/").expect("Arabic is offered"), main.find("/lyon/fr/").expect("French is offered"))
    };
    let (arabic, french) = order("ar, fr;q=0.5");
    assert!(arabic < french);
    let (arabic, french) = order("fr, ar;q=0.5");
    assert!(french < arabic);
    assert!(house.get("/lyon").header("vary").contains("accept-language"));
}

#[test]
fn what_is_not_here_gets_a_page_that_helps() {
    let (house, _) = furnished();
    let missing = [
        "/nowhere",
        "/nowhere/fr/",
        "/lyon/de/",
        "/lyon/fr/place/00000000000000000000000000000000",
        "/lyon/fr/nonsense",
        "/x/y/z",
    ];
    for path in missing {
        let answer = house.get(path);
        let html = answer.text();
        assert_eq!(answer.status, 404, "{path}");
        assert!(html.contains("href=\"/"), "{path}: a way on");
        assert!(html.contains("noindex"), "{path}");
    }
    assert_eq!(house.get("/api/nonsense").refusal(), (404, "not_found".to_owned()));
    assert_eq!(house.get("/assets/nonsense.js").status, 404);
}

#[test]
fn every_answer_keeps_strangers_out() {
    let (house, paths) = furnished();
    for path in paths.iter().map(String::as_str).chain(["/", "/nowhere", "/healthz", "/api/guides", "/shell"]) {
        let answer = house.get(path);
        let policy = answer.header("content-security-policy");
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"] {
            assert!(policy.contains(rule), "{path}: {rule}");
        }
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("set-cookie").is_empty(), "{path}");
    }
}

#[test]
fn a_page_that_did_not_change_is_not_sent_again() {
    let (house, paths) = furnished();
    let first = house.get(&paths[3]);
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""));
    let again: Answer = house.get_with(&paths[3], &[("if-none-match", &tag)]);
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
}

#[test]
fn pages_travel_compressed() {
    let (house, paths) = furnished();
    let plain = house.get(&paths[0]).bytes;
    let small = house.get_with(&paths[0], &[("accept-encoding", "gzip, deflate, br")]);
    assert_eq!(small.header("content-encoding"), "br");
    assert!(small.bytes.len() * 2 < plain.len());
}

#[test]
fn the_manifest_is_the_guides_own() {
    let (house, _) = furnished();
    let answer = house.get("/lyon/ar/manifest.webmanifest");
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/manifest+json"));
    let manifest = answer.json();
    assert_eq!(
        (&manifest["name"], &manifest["start_url"], &manifest["dir"]),
        (&"Lyon solidaire".into(), &"/lyon/ar/".into(), &"rtl".into())
    );
    assert_eq!(house.get("/lyon/de/manifest.webmanifest").status, 404);
}

#[test]
fn only_reading_methods_reach_pages() {
    let (house, paths) = furnished();
    let request = axum::http::Request::post(&paths[0]).body(axum::body::Body::empty()).expect("a request");
    assert_eq!(house.ask(request).status, 405);
}
