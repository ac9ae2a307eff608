//! Every address parses to one route and back.

use app::routes::{DeskView, Filter, Filters, Route};
use shared::decimal::Decimal;
use shared::ids::{GuideId, RecordId};
use shared::schema::Kind;
use shared::sketch::View;

fn guide() -> GuideId {
    "liege".parse().expect("a slug")
}

fn view() -> View {
    View { centre: [45_188_530, -5_724_000].map(Decimal), zoom: 26 }
}

fn routes() -> Vec<Route> {
    let (guide, language, record) = (guide(), String::from("fr"), RecordId([7; 16]));
    let desk = |view| Route::desk(&guide, &language, view);
    let filters = Filters::default().switched(Filter::Free).switched(Filter::Open);
    vec![
        Route::Guides,
        Route::Languages { guide: guide.clone() },
        Route::Join { guide: guide.clone() },
        Route::home(&guide, "pt-BR"),
        Route::category(&guide, "fr", "health.doctor"),
        Route::category(&guide, "fr", "food").switched(Filter::Women).at_page(3),
        Route::search(&guide, "ar", "طبيب + 100 % & \"été\" #?/"),
        Route::Search { guide: guide.clone(), language: language.clone(), query: String::new(), filters, page: 2 },
        Route::category(&guide, "fr", "food").narrowing(),
        Route::search(&guide, "ar", "été & ?").switched(Filter::Today).narrowing(),
        parse("/liege/fr/category/food?age=16&page=2"),
        parse("/liege/fr/category/food?at=sat,18:00&speaks=ar,pt-BR&area=city:La+Tronche+%26+c%C3%B4t%C3%A9&age=0&only=free"),
        parse("/liege/fr/search/filters?q=a&at=,08:05&area=postal_code:1012+AB"),
        parse("/liege/fr/search?at=sun"),
        Route::place(&guide, "fr", record),
        Route::page(&guide, "fr", record),
        Route::map(&guide, "fr", None, None),
        Route::map(&guide, "fr", Some("food.meal"), Some(view())).switched(Filter::Open),
        Route::about(&guide, "fr"),
        desk(DeskView::List),
        desk(DeskView::Outbox),
        desk(DeskView::Review),
        desk(DeskView::Proposal(record)),
        desk(DeskView::History(record)),
        desk(DeskView::Undo),
        desk(DeskView::New(Kind::Notice)),
        desk(DeskView::Edit(Kind::Place, record)),
    ]
}

fn parse(href: &str) -> Route {
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    Route::parse(path, query)
}

#[test]
fn every_route_comes_back_from_its_address() {
    for route in routes() {
        let href = route.href();
        assert_eq!(parse(&href), route, "{href}");
        assert!(href.is_ascii() && !href.contains(' '), "{href}");
    }
}

#[test]
fn addresses_are_what_other_pages_link_to() {
    assert_eq!(Route::home(&guide(), "fr").href(), "/liege/fr/");
    assert_eq!(Route::category(&guide(), "fr", "food").at_page(2).href(), "/liege/fr/category/food?page=2");
    assert_eq!(Route::search(&guide(), "fr", "repas été").href(), "/liege/fr/search?q=repas+%C3%A9t%C3%A9");
    assert_eq!(Route::category(&guide(), "fr", "food").switched(Filter::Free).href(), "/liege/fr/category/food?only=free");
}

#[test]
fn check_boxes_and_commas_say_the_same() {
    assert_eq!(parse("/liege/fr/search?only=free&only=open"), parse("/liege/fr/search?only=open,free"));
    assert_eq!(parse("/liege/fr/search?only=open,nonsense"), Route::search(&guide(), "fr", "").switched(Filter::Open));
}

#[test]
fn a_form_with_empty_fields_says_what_is_filled_in() {
    let nested = format!("/liege/fr/search{}", "/filters".repeat(50_000));
    assert!(matches!(parse(&nested), Route::NotFound { .. }));
    let long = parse(&format!("/liege/fr/search?q={}", "é".repeat(10_000)));
    assert!(matches!(long, Route::Search { query, .. } if query.chars().count() == 200));
    let form = "/liege/fr/category/food?area=&at=sat&at=18:00&age=&speaks=ar&speaks=fa&only=free";
    assert_eq!(parse(form).href(), "/liege/fr/category/food?only=free&at=sat,18:00&speaks=ar,fa");
    assert_eq!(parse("/liege/fr/category/food?at=&at=18:00").href(), "/liege/fr/category/food?at=,18:00");
    assert_eq!(parse("/liege/fr/category/food?at=sat&at=").href(), "/liege/fr/category/food?at=sat");
    assert_eq!(parse("/liege/fr/category/food?area=&at=&at=&age=").href(), "/liege/fr/category/food");
}

#[test]
fn filters_that_cannot_be_read_are_passed_over() {
    let bare = Route::search(&guide(), "fr", "a");
    let long = "ar,".repeat(10_000);
    for query in [
        "age=x",
        "age=-1",
        "age=99999999999999999999999",
        "at=zzz",
        "at=zzz,25:00",
        "at=,9:00",
        "at=,,",
        "at=%ff",
        "area=Lyon",
        "area=city:",
        "area=:Lyon",
        "speaks=",
        "speaks=,;%00,é",
        "only=,",
        "only=zzz",
        "speaks",
        "age",
        "at",
        "area",
    ] {
        assert_eq!(parse(&format!("/liege/fr/search?q=a&{query}")), bare, "{query}");
        assert_eq!(parse(&format!("/liege/fr/search/filters?q=a&{query}")), bare.clone().narrowing(), "{query}");
    }
    assert!(parse(&format!("/liege/fr/search?speaks={long}")).href().len() < 200, "a bound for languages");
}

#[test]
fn only_lists_have_a_form_of_filters() {
    for href in
        ["/liege/fr/filters", "/liege/fr/about/filters", "/liege/fr/search/filters/filters", "/liege/fr/category/cars/filters"]
    {
        assert!(matches!(parse(href), Route::NotFound { .. }), "{href}");
    }
    assert_eq!(parse("/liege/fr/category/food/filters?only=free").href(), "/liege/fr/category/food/filters?only=free");
}

#[test]
fn a_slash_more_or_less_does_not_matter() {
    assert_eq!(parse("/liege/fr"), Route::home(&guide(), "fr"));
    assert_eq!(parse("/liege/"), Route::Languages { guide: guide() });
    assert_eq!(parse("//liege//fr//about/"), Route::about(&guide(), "fr"));
}

#[test]
fn the_rest_is_not_found_with_what_could_be_read() {
    let known = |language: Option<&str>| Route::NotFound { guide: Some(guide()), language: language.map(String::from) };
    for href in
        ["/liege/fr/nothing", "/liege/fr/place/12", "/liege/fr/category/cars", "/liege/fr/edit/boat/x", "/liege/fr/a/b/c/d"]
    {
        assert_eq!(parse(href), known(Some("fr")), "{href}");
    }
    assert_eq!(parse("/liege/notalanguage"), known(None));
    assert_eq!(parse("/Über/fr"), Route::NotFound { guide: None, language: None });
    assert_eq!(known(Some("fr")).href(), "/liege/fr/");
}

#[test]
fn broken_queries_are_read_as_far_as_they_go() {
    assert_eq!(parse("/liege/fr/search?q=%"), Route::search(&guide(), "fr", "%"));
    assert_eq!(parse("/liege/fr/search?q=%ff&&=&page=-1"), Route::search(&guide(), "fr", "\u{fffd}"));
    assert_eq!(parse("/liege/fr/search?page=0"), Route::search(&guide(), "fr", ""));
    assert_eq!(parse("/liege/fr/search?q=%+2"), Route::search(&guide(), "fr", "% 2"));
}

#[test]
fn a_map_that_cannot_be_read_is_the_whole() {
    let whole = Route::map(&guide(), "fr", None, None);
    for query in [
        "at=45,5",
        "zoom=3",
        "at=45&zoom=3",
        "at=91,5&zoom=3",
        "at=45,181&zoom=3",
        "at=NaN,5&zoom=3",
        "at=45,5&zoom=-1",
        "at=45,5&zoom=256",
        "at=1e1,5&zoom=3",
        "centre=45,5&centre=45,5&zoom=3",
        "category=cars",
        "category=&centre=,&zoom=",
    ] {
        assert_eq!(parse(&format!("/liege/fr/map?{query}")), whole, "{query}");
    }
    let far = parse("/liege/fr/map?centre=45.18853,-5.724&zoom=99&category=food.meal&only=open");
    assert_eq!(far.href(), "/liege/fr/map?category=food.meal&only=open&centre=45.18853,-5.724&zoom=32");
}

#[test]
fn another_language_keeps_the_page() {
    for route in routes().into_iter().filter(|route| route.language().is_some()) {
        let other = route.in_language("es");
        assert_eq!(other.language(), Some("es"));
        assert_eq!(other.in_language(route.language().expect("filtered")), route);
    }
    assert_eq!(Route::Guides.in_language("es"), Route::Guides);
}
