//! Filters that are seldom needed, districts and notices: what stays in a list, in which order, and what
//! is said of it.

use crate::fixture::{self, day, moment, words};
use crate::pages::{guide, request, text};
use app::assets::Assets;
use app::guide::{Copy, Hands, Keeping, Near, Site};
use app::locale::Locale;
use app::pages::{App, of_readers};
use app::routes::Route;
use app::shell::render;
use leptos::prelude::*;
use shared::edition::{Edition, Entry, Hours, NoticeEntry, PlaceEntry, ServiceEntry};
use shared::hours::{Schedule, Span};
use shared::ids::{Moment, RecordId};
use shared::order::Ordered;
use shared::record::{Access, Address};
use std::sync::Arc;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn address(city: &str, postal_code: &str) -> Address {
    Address { city: some(city), postal_code: some(postal_code), ..Address::default() }
}

fn speaking(tag: &str) -> Ordered<String, String> {
    [(tag.to_owned(), "interpreter".to_owned())].into_iter().collect()
}

fn food(name: &str) -> PlaceEntry {
    let service = ServiceEntry { category: some("food.meal"), ..ServiceEntry::default() };
    PlaceEntry { name: name.to_owned(), services: vec![service], ..PlaceEntry::default() }
}

/// Open from 8 to 10 on weekdays, but not on 30 November; where `evening`, on Saturdays at 18 too.
fn hours(evening: bool) -> Option<Hours> {
    let morning = || vec![Span { from: 480, to: 600, ..Span::default() }];
    let saturday = if evening { vec![Span { from: 1_080, to: 1_200, ..Span::default() }] } else { vec![] };
    let schedule = Schedule {
        written: "Mo-Fr 08:00-10:00".to_owned(),
        week: [morning(), morning(), morning(), morning(), morning(), saturday, vec![]],
        seasons: vec![],
        dated: [(day("2026-11-30"), vec![])].into_iter().collect(),
        from: day("2026-11-01"),
        until: day("2027-12-01"),
    };
    Some(Hours::Expanded(Arc::new(schedule.into())))
}

/// Alpha takes grown-ups, Gamma the young; nobody has told anything about Beta.
fn edition(language: &str) -> Arc<Edition> {
    let alpha = PlaceEntry {
        address: address("Liège", "4000"),
        hours: hours(false),
        access: Access { minimum_age: Some(18), languages: speaking("ar"), ..Access::default() },
        ..food("Alpha")
    };
    let gamma = PlaceEntry {
        address: address("Seraing", "4100"),
        hours: hours(true),
        access: Access { maximum_age: Some(25), languages: speaking("fr"), ..Access::default() },
        ..food("Gamma")
    };
    let notice = |level: &str, area: Option<&str>, until: &str| NoticeEntry {
        text: words(&format!("notice {level}")),
        level: level.to_owned(),
        until: Some(moment(until)),
        area: area.map(str::to_owned),
        ..NoticeEntry::default()
    };
    let notices = [
        notice("info", Some("liege"), "2026-11-24T08:00"),
        notice("urgent", Some("Liège"), "2026-11-23T18:00"),
        notice("warning", Some("4000"), "2026-11-24T08:00"),
    ];
    let places = [food("Beta"), gamma, alpha].map(|place| Entry::Place(Arc::new(place.into())));
    let entries = places.into_iter().chain(notices.map(|notice| Entry::Notice(Arc::new(notice))));
    let entries = entries.enumerate().map(|(at, entry)| (RecordId([at as u8 + 1; 16]), entry)).collect();
    Arc::new(Edition { entries, ..fixture::edition(language) })
}

const BETA: RecordId = RecordId([1; 16]);
const ALPHA: RecordId = RecordId([3; 16]);

fn route(href: &str) -> Route {
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    Route::parse(&format!("/liege/{path}"), query)
}

fn page(href: &str) -> String {
    let route = route(href);
    let edition = edition(route.language().expect("a language"));
    render(app::shell::PageRequest { edition: Some(edition), ..request(route) })
}

/// The names of the cards, in their order; those with a mark that something is not known in brackets.
fn cards(html: &str) -> Vec<String> {
    let card = |card: &str| {
        let card = card.split("</li>").next().unwrap_or_default();
        let name = ["Alpha", "Beta", "Gamma"].into_iter().find(|name| card.contains(name)).unwrap_or("?");
        if card.contains("class=\"not-known\"") { format!("[{name}]") } else { name.to_owned() }
    };
    html.split("<li class=\"card\">").skip(1).map(card).collect()
}

#[track_caller]
fn check(query: &str, expected: &[&str]) {
    for list in ["category/food", "search"] {
        let q = if list == "search" { "q=repas&" } else { "" };
        let html = page(&format!("fr/{list}?{q}{query}"));
        // Among those that are as certain, categories go by openness and searches by relevance.
        let mut found = cards(&html);
        let marks: Vec<bool> = found.iter().map(|name| name.starts_with('[')).collect();
        assert!(marks.is_sorted(), "{list} {query}: {found:?}");
        found.sort_by_key(|name| (name.starts_with('['), name.clone()));
        assert_eq!(found, expected, "{list} {query}: {}", text(&html));
    }
}

#[test]
fn a_time_of_the_week_is_the_next_one_and_what_is_not_known_stays_marked() {
    // It is Monday noon.
    check("at=sat,18:00", &["Gamma", "[Beta]"]);
    check("at=tue,08:30", &["Alpha", "Gamma", "[Beta]"]);
    check("at=mon,08:30", &["[Beta]"]); // The next Monday, on which they are closed.
    check("at=,08:30", &["Alpha", "Gamma", "[Beta]"]); // Tomorrow, for today is over.
    check("at=sat", &["Gamma", "[Beta]"]);
    check("at=mon", &["[Beta]"]); // Today, which is over.
    let html = page("fr/category/food?at=sat,18:00");
    assert!(text(&html).contains("On ne sait pas : Ouvert : samedi 18:00"), "{}", text(&html));
}

#[test]
fn an_age_is_held_against_the_limits() {
    check("age=16", &["Gamma", "[Beta]"]);
    check("age=18", &["Alpha", "Gamma", "[Beta]"]);
    check("age=40", &["Alpha", "[Beta]"]);
    check("age=18446744073709551615", &["Alpha", "[Beta]"]);
}

#[test]
fn a_list_of_languages_is_never_a_no() {
    check("speaks=ar", &["Alpha", "[Beta]", "[Gamma]"]);
    check("speaks=fa,fr", &["Gamma", "[Alpha]", "[Beta]"]);
    assert!(text(&page("fr/category/food?speaks=ar,fa")).contains("Langues parlées : العربية, فارسی"));
}

#[test]
fn a_district_needs_no_position() {
    check("area=city:seraing", &["Gamma", "[Beta]"]);
    check("area=postal_code:4000", &["Alpha", "[Beta]"]);
    check("area=region:Outremeuse", &["[Alpha]", "[Beta]", "[Gamma]"]);
    let html = page("fr/category/food");
    assert!(html.contains("href=\"/liege/fr/category/food/filters#area\""), "the way there, without script");
    let one = render(request(Route::category(&guide(), "fr", "food")));
    assert!(!one.contains("#area"), "one place lies nowhere else");
}

#[test]
fn filters_hold_together() {
    check("age=18&area=city:Seraing", &["Gamma", "[Beta]"]);
    check("age=16&at=tue,08:30&speaks=fr", &["Gamma", "[Beta]"]);
    check("age=16&area=city:Li%C3%A8ge", &["[Beta]"]);
}

#[test]
fn each_filter_goes_off_with_one_tap() {
    let html = page("fr/category/food?only=free&at=sat,18:00&age=16");
    for href in ["?only=free&amp;at=sat,18:00\"", "?only=free&amp;age=16\"", "?at=sat,18:00&amp;age=16\""] {
        let chip = html.split("<li><a ").find(|chip| chip.contains(&format!("href=\"/liege/fr/category/food{href}")));
        assert!(
            chip.is_some_and(|chip| chip.contains("aria-current=\"true\"") && chip.contains("chip filter")),
            "{href}: {html}"
        );
    }
    assert!(html.contains("href=\"/liege/fr/category/food/filters?only=free&amp;at=sat,18:00&amp;age=16\""), "{html}");
}

#[test]
fn a_filter_that_leaves_nothing_says_which_one_to_drop() {
    let mut edition = Edition::clone(&edition("fr"));
    edition.entries.remove(&BETA);
    let list = route("fr/category/food?age=16&area=city:Li%C3%A8ge&at=tue,08:30");
    let html = render(app::shell::PageRequest { edition: Some(Arc::new(edition)), ..request(list) });
    let words = text(&html);
    assert!(words.contains("Sans « Âge : 16 » : 1 lieu") && words.contains("Sans « Où : Liège » : 1 lieu"), "{words}");
    assert!(!words.contains("Sans « Ouvert"), "without it there is nothing either: {words}");
    assert!(html.contains("food?area=city%3ALi%C3%A8ge&amp;at=tue,08:30\""), "{html}");
}

#[test]
fn the_form_offers_what_tells_these_places_apart_and_keeps_what_is_chosen() {
    let html = page("fr/category/food/filters?at=sat,18:00&age=16&speaks=fr&area=postal_code:4100");
    assert!(html.contains("<form action=\"/liege/fr/category/food\" method=\"get\""), "{html}");
    for kept in [
        "<option value=\"sat\" selected>",
        "type=\"time\" name=\"at\" value=\"18:00\"",
        "min=\"0\" max=\"120\" value=\"16\"",
        "name=\"speaks\" value=\"fr\" checked",
        "<option value=\"postal_code:4100\" selected>",
    ] {
        assert!(html.contains(kept), "{kept} is not in {html}");
    }
    assert!(html.contains("<option value=\"city:Liège\">Liège (1)</option>"), "{html}");
    assert!(html.contains("name=\"speaks\" value=\"ar\">") && !html.contains("name=\"only\" value=\"free\""), "{html}");
    assert!(html.contains("noindex") && !html.contains("rel=\"canonical\""));
    let bare = page("fr/category/food/filters");
    assert!(!bare.contains(" checked") && !bare.contains(" selected") && !text(&bare).contains("Sans filtres"), "{bare}");
}

#[test]
fn the_form_of_a_search_keeps_the_words() {
    let html = page("fr/search/filters?q=repas+%26&age=16");
    assert!(html.contains("action=\"/liege/fr/search\" method=\"get\" class=\"filters\"><input type=\"hidden\" name=\"q\" value=\"repas &amp;\">"), "{html}");
    assert!(page("fr/search?q=repas").contains("href=\"/liege/fr/search/filters?q=repas\""));
}

#[test]
fn the_form_reads_from_the_right_in_arabic() {
    let html = page("ar/category/food/filters?at=sat,18:00&speaks=ar");
    assert!(html.contains("dir=\"rtl\"") && html.contains("<option value=\"sat\" selected>السبت"), "{html}");
    assert!(html.contains("<bdi lang=\"fr\" dir=\"ltr\">Français</bdi>"), "{html}");
    let words = text(&page("ar/category/food?age=16"));
    assert!(words.contains("غير معروف: العمر"), "{words}");
}

#[test]
fn nothing_in_an_address_breaks_a_page() {
    for query in ["age=x", "at=zzz", "at=sat,99:99", "area=city:%00", "area=x", "speaks=%3Cscript%3E", "age=&at=&area=&speaks="] {
        for list in ["category/food", "category/food/filters", "search", "search/filters"] {
            let html = page(&format!("fr/{list}?q=repas&{query}"));
            assert_eq!(html.matches("<h1").count(), 1, "{list}?{query}");
            assert!(!html.contains("<script>"), "{list}?{query}");
        }
    }
    check("age=x&at=zzz&area=nowhere", &["Alpha", "Beta", "Gamma"]);
}

#[test]
fn notices_about_an_area_stand_by_its_lists_and_places_sorted_by_level() {
    let order = |html: &str| {
        let words = text(html);
        ["notice urgent", "notice warning", "notice info"].map(|notice| words.find(notice))
    };
    for href in ["fr/category/food?area=city:Li%C3%A8ge", "fr/search?q=repas&area=postal_code:4000", &format!("fr/place/{ALPHA}")]
    {
        let [urgent, warning, info] = order(&page(href)).map(|at| at.unwrap_or_else(|| panic!("{href} lacks a notice")));
        assert!(urgent < warning && warning < info, "{href}");
    }
    for href in ["fr/category/food", "fr/category/food?area=city:Seraing", &format!("fr/place/{BETA}")] {
        assert_eq!(order(&page(href)), [None; 3], "{href}");
    }
}

/// A running app's site, whose clock is moved by hand.
fn site(route: Route, now: RwSignal<Moment>) -> Site {
    let tag = route.language().unwrap_or("fr").to_owned();
    Site {
        edition: Signal::stored(Some(edition(&tag))),
        route: Signal::stored(route),
        guides: Signal::stored(fixture::guides()),
        locale: Signal::stored(Locale::built_in(&tag)),
        now: now.into(),
        copy: Signal::stored(Copy::Saved { day: day("2026-11-22") }),
        keeping: Signal::stored(Keeping::No { bytes: None }),
        saved: RwSignal::default(),
        unkept: Signal::stored(false),
        origin: StoredValue::new(String::new()),
        near: Signal::stored(Near::NotAsked),
        member: Signal::stored(None),
        update_waits: Signal::stored(false),
        whole: Signal::stored(true),
        preferred: Signal::stored(Vec::new()),
        assets: StoredValue::new(Assets::default()),
        hands: Signal::stored(Hands::default()),
        go: Callback::new(|_| ()),
    }
}

#[test]
fn a_notice_goes_when_it_is_over_while_the_page_is_open() {
    for href in ["fr/", "fr/category/food?area=city:Li%C3%A8ge", &format!("fr/place/{ALPHA}")] {
        let owner = Owner::new();
        owner.with(|| {
            let now = RwSignal::new(fixture::now());
            let site = site(route(href), now);
            provide_context(site);
            // Drawn again only when something that it reads has changed.
            let html = Memo::new(move |_| view! { <App content=of_readers drawn=true /> }.into_view().to_html());
            assert!(text(&html.get()).contains("notice urgent"), "{href}: {}", text(&html.get()));
            now.set(moment("2026-11-23T18:00"));
            let later = text(&html.get());
            assert!(!later.contains("notice urgent") && later.contains("notice warning"), "{href}: {later}");
            now.set(moment("2026-11-24T08:00"));
            assert!(!html.get().contains("class=\"notices\""), "{href}");
        });
    }
}
