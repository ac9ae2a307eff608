//! What pages say, read off their HTML.

use crate::fixture::{self, CLINIC, KITCHEN, REFUGE, RIGHTS};
use app::assets::Assets;
use app::locale::Locale;
use app::routes::{DeskView, Filter, Route};
use app::shell::{PageRequest, accepted, empty_document, failure_document, language, render, status};
use shared::edition::{Entry, ExceptionEntry, Hours, PhoneEntry, PlaceEntry, Words};
use shared::hours::{Schedule, Span, Week};
use shared::ids::{GuideId, RecordId};
use shared::json::Json;
use shared::order::Ordered;
use std::sync::Arc;

pub fn guide() -> GuideId {
    "liege".parse().expect("a slug")
}

pub fn request(route: Route) -> PageRequest {
    let edition = route.language().filter(|tag| *tag != "de").map(|tag| Arc::new(fixture::edition(tag)));
    let locale = Locale::built_in(route.language().unwrap_or("fr"));
    PageRequest {
        route,
        edition,
        guides: fixture::guides(),
        locale,
        now: fixture::now(),
        assets: Assets::new([("icons.svg".to_owned(), "/assets/icons-1.svg".to_owned())]),
        origin: "https://guide.example".to_owned(),
        accept_languages: vec!["ar".to_owned(), "fr".to_owned()],
        keep_bytes: Some(412_000),
    }
}

pub fn page(route: Route) -> String {
    render(request(route))
}

/// The page's words alone, in reading order, without what keeps directions apart.
pub fn text(html: &str) -> String {
    let mut out = String::new();
    for part in html.split('<') {
        out.push_str(part.split_once('>').map_or("", |(_, text)| text));
        out.push(' ');
    }
    let out = out.replace(['\u{2066}', '\u{2067}', '\u{2069}', '\u{a0}', '\u{202f}'], " ");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page at another moment, where the clinic is as `change` leaves it.
fn page_where(route: &str, now: &str, change: impl FnOnce(&mut PlaceEntry)) -> String {
    let (path, query) = route.split_once('?').unwrap_or((route, ""));
    let mut edition = fixture::edition("fr");
    let mut clinic = fixture::clinic(false);
    change(&mut clinic);
    edition.entries.insert(CLINIC, Entry::Place(Arc::new(clinic.into())));
    render(PageRequest { edition: Some(Arc::new(edition)), now: fixture::moment(now), ..request(Route::parse(path, query)) })
}

/// Open in this week, whatever the day of the year.
fn weekly(week: Week) -> Option<Hours> {
    let (from, until) = (fixture::day("2026-11-01"), fixture::day("2027-12-01"));
    let schedule =
        Schedule { written: "Fr 20:00-08:00".to_owned(), week, seasons: vec![], dated: Ordered::default(), from, until };
    Some(Hours::Expanded(Arc::new(schedule.into())))
}

fn every_route() -> Vec<Route> {
    let guide = &guide();
    ["fr", "ar"]
        .into_iter()
        .flat_map(|tag| {
            vec![
                Route::Guides,
                Route::Languages { guide: guide.clone() },
                Route::home(guide, tag),
                Route::category(guide, tag, "health"),
                Route::category(guide, tag, "culture").at_page(2),
                Route::search(guide, tag, "medecin"),
                Route::search(guide, tag, ""),
                Route::search(guide, tag, "<script>"),
                Route::category(guide, tag, "health").narrowing(),
                Route::search(guide, tag, "<script>").narrowing(),
                Route::search(guide, tag, "").narrowing(),
                Route::place(guide, tag, CLINIC),
                Route::place(guide, tag, KITCHEN),
                Route::place(guide, tag, REFUGE),
                Route::page(guide, tag, RIGHTS),
                Route::map(guide, tag, None, None),
                Route::map(guide, tag, Some("health"), None),
                Route::about(guide, tag),
                Route::Join { guide: guide.clone() },
                Route::desk(guide, tag, DeskView::List),
                Route::NotFound { guide: Some(guide.clone()), language: Some(tag.to_owned()) },
                Route::NotFound { guide: None, language: None },
            ]
        })
        .collect()
}

#[test]
fn every_page_has_the_same_good_shape() {
    for route in every_route() {
        let (html, href) = (page(route.clone()), route.href());
        assert!(html.to_lowercase().starts_with("<!doctype html><html lang="), "{href}: {}", &html[..80]);
        assert_eq!(html.matches("<h1").count(), 1, "{href}: one heading of the first order");
        assert_eq!(html.matches("<main").count(), 1, "{href}");
        assert!(html.contains("<title>") && html.contains("name=\"description\""), "{href}");
        for forbidden in [" style=", "javascript:", " onclick", "innerHTML", "<script>"] {
            assert!(!html.contains(forbidden), "{href} holds {forbidden}");
        }
        assert_eq!(html.matches("<style").count(), 1, "{href}: the stylesheet, which the policy knows");
        let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let distinct: std::collections::BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), distinct.len(), "{href}: {ids:?}");
    }
}

#[test]
fn a_page_says_its_language_and_direction() {
    assert!(page(Route::home(&guide(), "fr")).contains("<html lang=\"fr\" dir=\"ltr\""));
    assert!(page(Route::home(&guide(), "ar")).contains("<html lang=\"ar\" dir=\"rtl\""));
    let arabic = page(Route::place(&guide(), "ar", CLINIC));
    assert!(arabic.contains("lang=\"fr\" dir=\"ltr\""), "what is not translated is marked as French");
    assert!(text(&arabic).contains("ليس بعد بـ"), "and said to be so");
}

#[test]
fn search_engines_find_one_address_and_the_other_languages() {
    let html = page(Route::place(&guide(), "fr", CLINIC));
    let place = format!("https://guide.example/liege/fr/place/{CLINIC}");
    assert!(html.contains(&format!("rel=\"canonical\" href=\"{place}\"")), "{html}");
    assert!(html.contains("hreflang=\"ar\""));
    assert!(html.contains("<title>Maison médicale du Quai · Liège solidaire</title>"));
}

#[test]
fn what_is_not_here_is_404_and_still_helps() {
    let nobody = RecordId([99; 16]);
    for route in [
        Route::place(&guide(), "fr", nobody),
        Route::page(&guide(), "fr", CLINIC),
        Route::home(&guide(), "de"),
        Route::NotFound { guide: Some(guide()), language: Some("fr".to_owned()) },
        Route::Languages { guide: "nowhere".parse().expect("a slug") },
    ] {
        let request = request(route.clone());
        assert_eq!(status(&request), 404, "{route:?}");
        let html = render(request);
        assert!(html.contains("noindex") && !html.contains("rel=\"canonical\""), "{route:?}");
        assert!(html.contains("href=\"/\""), "{route:?}");
    }
    assert!(page(Route::place(&guide(), "fr", nobody)).contains("action=\"/liege/fr/search\""));
    assert_eq!(status(&request(Route::home(&guide(), "fr"))), 200);
}

#[test]
fn home_leads_where_something_is() {
    let html = page(Route::home(&guide(), "fr"));
    assert!(html.contains(&format!("/liege/fr/page/{RIGHTS}\" class=\"category identity_check\"")), "straight to the only card");
    assert!(html.contains("/liege/fr/category/health\""));
    assert!(!html.contains("/category/money") && !html.contains("/category/work"), "hidden and empty ones are left out");
    let words = text(&html);
    assert!(words.contains("Grand froid") && !words.contains("Annonce expirée"), "{words}");
    assert!(words.find("Grand froid") < words.find("Santé") && words.find("Santé") < words.find("Le vestiaire"), "urgent first");
}

#[test]
fn a_place_says_whether_one_can_go() {
    let words = text(&page(Route::place(&guide(), "fr", CLINIC)));
    for expected in [
        "Ouvert jusqu’à 17:00",
        "Quels que soient vos papiers",
        "On demande seulement un nom",
        "Fermé : du 24 décembre au 2 janvier 2027",
        "Vérifié le 3 novembre sur place",
        "Beaucoup de monde",
        "+32 4 222 12 12",
        "Dossier médical nécessaire",
    ] {
        assert!(words.contains(expected), "{expected} is not in: {words}");
    }
    assert!(!words.contains("Animaux"), "a known no is not shown as a yes");
    let html = page(Route::place(&guide(), "fr", CLINIC));
    assert!(html.contains("href=\"tel:+3242221212\"") && html.contains("href=\"geo:50.645,5.578"));
    // The relay shows no dead buttons: a phone with a voice shows one, the room of the other is kept
    // (`parts.css`) until it says whether it is pressed.
    let buttons = html.matches("<button type=\"button\"").count();
    assert_eq!(buttons, html.matches(" data-aloud=").count() + 1);
    assert!(!html.contains("aria-pressed"), "nothing can be saved before the app is there");
}

#[test]
fn hours_as_they_were_written_keep_their_direction_on_a_card() {
    let card = |tag: &str| page(Route::category(&guide(), tag, "food"));
    assert!(card("ar").contains("\u{2066}tous les soirs, demander à Fatou\u{2069}"));
    assert!(card("fr").contains(">tous les soirs, demander à Fatou<"));
}

#[test]
fn unknown_is_asked_and_never_no() {
    let words = text(&page(Route::place(&guide(), "fr", KITCHEN)));
    for expected in
        ["Sans papiers : demandez d’abord", "Prix : demandez d’abord", "tous les soirs, demander à Fatou", "Cela a pu changer"]
    {
        assert!(words.contains(expected), "{expected} is not in: {words}");
    }
    assert!(!words.contains("Fermé") && !words.contains("Papiers de séjour nécessaires"), "{words}");
}

#[test]
fn hours_of_which_nothing_is_known_today_are_not_closed() {
    let place = format!("/liege/fr/place/{CLINIC}");
    for now in ["2015-01-05T12:00", "2028-01-05T12:00"] {
        let words = text(&page_where(&place, now, |clinic| clinic.exceptions.clear()));
        assert!(words.contains("Mo-Fr 09:00-12:00"), "{now}: {words}");
        assert!(!words.contains("Fermé"), "{now}: {words}");
    }
    let nothing = |clinic: &mut PlaceEntry| {
        clinic.exceptions.clear();
        // What could not be read of an edition.
        clinic.hours = Some(Hours::Expanded(Arc::new(Schedule::blank().into())));
    };
    let words = text(&page_where(&place, "2026-11-23T12:00", nothing));
    assert!(!words.contains("Fermé"), "{words}");
}

#[test]
fn a_closed_day_is_told_under_an_announcement_that_says_nothing_of_hours() {
    let announced = |kind: &'static str| {
        move |clinic: &mut PlaceEntry| {
            let (from, to) = (fixture::day("2026-12-01"), fixture::day("2027-01-31"));
            let text = Some(fixture::words("Sonnez à la porte de derrière"));
            clinic.exceptions = vec![ExceptionEntry { from, to, kind: kind.to_owned(), hours: None, text }];
        }
    };
    let words = |kind| text(&page_where(&format!("/liege/fr/place/{CLINIC}"), "2026-12-20T12:00", announced(kind)));
    assert!(words("message").contains("vendredi 25 décembre Fermé"), "{}", words("message"));
    assert!(!words("closed").contains("vendredi 25 décembre"), "the announcement has told it");
}

#[test]
fn a_place_that_is_closed_says_so_of_its_services_and_without_hours() {
    let always = || weekly(std::array::from_fn(|_| vec![fixture::span(0, 24)]));
    let place = format!("/liege/fr/place/{CLINIC}");
    let shut = text(&page_where(&place, "2026-11-23T12:00", |clinic| {
        clinic.temporarily_closed = true;
        clinic.services[0].hours = always();
    }));
    assert!(!shut.contains("Ouvert"), "{shut}");

    let announced = |kind: &'static str| {
        move |clinic: &mut PlaceEntry| {
            let (from, to) = (fixture::day("2026-11-20"), fixture::day("2026-11-30"));
            clinic.hours = Some(Hours::Written { written: "le matin".to_owned() });
            clinic.exceptions = vec![ExceptionEntry { from, to, kind: kind.to_owned(), hours: None, text: None }];
        }
    };
    let list = |query: &str, kind| page_where(&format!("/liege/fr/category/health?{query}"), "2026-11-23T12:00", announced(kind));
    assert!(text(&list("", "closed")).contains("Fermé") && !text(&list("", "closed")).contains("le matin"));
    for filter in ["only=open", "only=today", "at=tue"] {
        assert!(!list(filter, "closed").contains("Maison médicale"), "{filter}: a certain no goes");
        assert!(list(filter, "hours").contains("Maison médicale"), "{filter}: nobody knows");
    }
    assert!(list("at=tue,10:00", "message").contains("le matin"));
}

#[test]
fn a_text_in_another_language_says_that_it_is_out_of_date_as_well() {
    let words = text(&page_where(&format!("/liege/fr/place/{CLINIC}"), "2026-11-23T12:00", |clinic| {
        let spanish = Some("es".to_owned());
        clinic.description = Some(Words { language: spanish, outdated: true, ..fixture::words("Médicos") });
    }));
    let [not_yet, outdated] =
        ["words.not_yet", "words.outdated"].map(|key| Locale::built_in("fr").with(key, &[("language", "Français")]));
    assert!(words.contains(&format!("{not_yet} · {outdated}")), "{words}");
}

#[test]
fn a_night_is_open_on_the_day_on_which_it_ends() {
    let night = |uncertain: bool| {
        move |clinic: &mut PlaceEntry| {
            let mut week = Week::default();
            week[4] = vec![Span { uncertain, ..fixture::span(20, 32) }];
            clinic.hours = weekly(week);
        }
    };
    let found = |query: &str, now: &str, uncertain: bool| {
        page_where(&format!("/liege/fr/category/health?{query}"), now, night(uncertain)).contains("Maison médicale")
    };
    assert!(found("at=sat", "2026-11-23T12:00", false), "it is open on Saturday until eight");
    assert!(!found("at=sun", "2026-11-23T12:00", false), "a certain no goes");
    assert!(found("only=today", "2026-11-28T05:00", false));
    assert!(found("only=today", "2026-11-28T05:00", true), "perhaps it is open still");
    assert!(!found("only=today", "2026-11-28T09:00", true), "the night is over");
}

#[test]
fn numbers_are_dialled_as_they_are_meant() {
    let dialled = |number: &str| {
        let html = page_where(&format!("/liege/fr/place/{CLINIC}"), "2026-11-23T12:00", |clinic| {
            clinic.phones = vec![PhoneEntry { number: number.to_owned(), ..PhoneEntry::default() }];
        });
        html.split_once("href=\"tel:").and_then(|(_, rest)| rest.split_once('"')).map(|(number, _)| number.to_owned())
    };
    for (written, expected) in [
        ("+33 (0)4 76 00 00 00", "+33476000000"),
        ("0033(0)476000000", "0033476000000"),
        ("+39 (0)91 123456", "+39091123456"),
        ("(0)4 76 00 00 00", "0476000000"),
        ("٠٤ ٧٦ ٠٠", "047600"),
        ("۱۱۵", "115"),
    ] {
        assert_eq!(dialled(written).as_deref(), Some(expected), "{written}");
    }
}

#[test]
fn a_withheld_address_leads_nowhere() {
    let html = page(Route::place(&guide(), "fr", REFUGE));
    let words = text(&html);
    assert!(
        words.contains("donnée sur demande") && words.contains("Fermé pour le moment") && words.contains("Femmes uniquement"),
        "{words}"
    );
    assert!(!html.contains("geo:") && !html.contains("javascript:"));
}

#[test]
fn long_lists_come_in_pages() {
    let first = page(Route::category(&guide(), "fr", "culture"));
    let second = page(Route::category(&guide(), "fr", "culture").at_page(2));
    assert_eq!((first.matches("class=\"card\"").count(), second.matches("class=\"card\"").count()), (50, 2));
    assert!(text(&first).contains("52 lieux") && text(&first).contains("Page 1 sur 2"));
    assert!(first.contains("culture?page=2\"") && second.contains("rel=\"prev\""));
    assert_eq!(page(Route::category(&guide(), "fr", "culture").at_page(99)).matches("class=\"card\"").count(), 2);
}

#[test]
fn filters_keep_what_is_not_known() {
    let only = |code: &str, filter: Filter| text(&page(Route::category(&guide(), "fr", code).switched(filter)));
    assert!(only("food", Filter::Free).contains("Cuisine de la Rue"), "unknown stays");
    assert!(!only("shelter", Filter::WithoutPapers).contains("Refuge des femmes"), "a certain no goes");
    assert!(only("shelter", Filter::WithoutPapers).contains("Aucun lieu ne correspond"));
    assert!(only("health", Filter::Open).contains("Maison médicale"));
    let search = page(Route::search(&guide(), "fr", "cuisine").switched(Filter::Free));
    assert!(search.contains("<input type=\"hidden\" name=\"only\" value=\"free\""), "the next search holds on to them");
}

#[test]
fn search_finds_marks_and_helps() {
    let html = page(Route::search(&guide(), "fr", "medicale"));
    assert!(html.contains("<mark>médicale</mark>"), "{}", text(&html));
    assert!(html.contains("value=\"medicale\""));
    assert!(text(&page(Route::search(&guide(), "fr", "medecin"))).contains("Catégories Médecin"), "categories first");
    assert!(page(Route::search(&guide(), "fr", "identité")).contains(&format!("/page/{RIGHTS}")));
    let nothing = text(&page(Route::search(&guide(), "fr", "xyzzyx")));
    assert!(nothing.contains("Rien trouvé pour « xyzzyx »") && nothing.contains("04 111 22 33"), "{nothing}");
    assert!(text(&page(Route::search(&guide(), "fr", "biblioteque"))).contains("Vouliez-vous dire"));
}

#[test]
fn a_rights_card_can_be_shown_to_an_officer() {
    let html = page(Route::page(&guide(), "ar", RIGHTS));
    assert!(html.contains("<p lang=\"fr\" dir=\"ltr\" class=\"source\">"), "{html}");
    assert!(text(&html).contains("Vous avez le droit de vous taire."));
    assert!(text(&page(Route::page(&guide(), "fr", RIGHTS))).contains("Exemple. À faire vérifier"));
}

#[test]
fn languages_come_in_their_own_script_and_the_phones_first() {
    let html = page(Route::Languages { guide: guide() });
    let at = |name: &str| html.find(name).unwrap_or(usize::MAX);
    assert!(at("العربية</a>") < at("Français</a>") && at("Français</a>") < at("English</a>"));
    assert!(at("English</a>") < usize::MAX);
}

#[test]
fn the_language_follows_the_address_then_the_person() {
    assert_eq!(accepted("fr-BE;q=0.8, ar, en;q=0, *;q=0.1, x;q=z"), ["ar", "fr-BE"]);
    assert_eq!(language(&Route::Guides, &accepted("ja, es;q=0.5")), "es");
    assert_eq!(language(&Route::Guides, &accepted("de, es;q=0.5")), "de");
    assert_eq!(language(&Route::home(&guide(), "fr"), &accepted("ar")), "fr");
    assert_eq!(language(&Route::home(&guide(), "ja"), &[]), "en");
    assert_eq!(language(&Route::home(&guide(), "prs"), &[]), "fa");
}

/// The addresses of links whose text or label holds `words`.
fn links(html: &str, words: &str) -> Vec<String> {
    let links = html.split("<a ").skip(1).filter_map(|rest| rest.split_once("</a>")).map(|(link, _)| link);
    let to = |link: &str| {
        link.split_once("href=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(href, _)| href.replace("&amp;", "&"))
    };
    links.filter(|link| text(&format!("<a {link}")).contains(words)).filter_map(to).collect()
}

#[test]
fn a_map_draws_the_outline_and_what_stands_in_it() {
    let html = page(Route::map(&guide(), "fr", None, None));
    let clinic = Route::place(&guide(), "fr", CLINIC).href();
    assert!(html.contains("class=\"territory\"") && html.contains("aria-hidden=\"true\" focusable=\"false\""), "{html}");
    assert_eq!(html.matches(&format!("href=\"{clinic}\"")).count(), 2, "a mark, and the list that names it");
    let words = text(&html);
    assert!(words.contains("1 lieu ") && words.contains("54 lieux ne sont pas sur la carte"), "{words}");
    assert!(words.contains("OpenStreetMap contributors") && words.contains("2 km"), "{words}");
    assert!(!html.contains("tabindex=\"0\"") && !html.contains("<button"), "nothing that needs a script");
    assert!(!html.contains("noindex"));
}

#[test]
fn a_map_moves_and_zooms_by_links() {
    let html = page(Route::map(&guide(), "fr", Some("health"), None));
    for words in ["au nord", "au sud", "à l’est", "à l’ouest", "Agrandir", "Réduire"] {
        let [href] = &links(&html, words)[..] else { panic!("{words}: {:?}", links(&html, words)) };
        assert!(href.starts_with("/liege/fr/map?category=health&centre=50.") && href.contains("&zoom="), "{words}: {href}");
        let (path, query) = href.split_once('?').expect("a query");
        let there = page(Route::parse(path, query));
        assert!(there.contains("noindex"), "a part leads to others without end");
        assert!(links(&there, "Toute la carte").contains(&"/liege/fr/map?category=health".to_owned()), "{words}");
    }
    let nowhere = text(&page(Route::parse("/liege/fr/map", "centre=-60,-120&zoom=20")));
    assert!(nowhere.contains("Aucun lieu dans cette partie") && nowhere.contains("1 lieu est au-delà du bord"), "{nowhere}");
    let closest = page(Route::parse("/liege/fr/map", "centre=50.645,5.578&zoom=32"));
    assert!(closest.contains("aria-disabled=\"true\""), "no nearer than that");
}

#[test]
fn a_map_is_not_mirrored_and_says_its_words() {
    let html = page(Route::map(&guide(), "ar", None, None));
    assert_eq!(html.matches("<div dir=\"ltr\">").count(), 2, "west stays left of east");
    assert!(text(&html).contains("ش") && html.contains("M336 12"), "north is up, on the right");
    let french = page(Route::map(&guide(), "fr", None, None));
    let drawn = |html: &str| {
        html.split("class=\"territory\"").nth(1).and_then(|rest| rest.split_once('>')).map(|(path, _)| path.to_owned())
    };
    assert_eq!(drawn(&html), drawn(&french));
}

#[test]
fn lists_and_places_lead_to_the_map_where_something_is_on_it() {
    let list = page(Route::category(&guide(), "fr", "health").switched(Filter::Open));
    assert_eq!(links(&list, "Sur la carte"), ["/liege/fr/map?category=health&only=open"]);
    assert_eq!(links(&page(Route::category(&guide(), "fr", "culture")), "Sur la carte"), [""; 0]);
    assert_eq!(links(&page(Route::place(&guide(), "fr", CLINIC)), "Sur la carte"), ["/liege/fr/map?centre=50.645,5.578&zoom=28"]);
    assert_eq!(links(&page(Route::place(&guide(), "fr", REFUGE)), "Sur la carte"), [""; 0], "withheld addresses lead nowhere");
}

#[test]
fn a_map_without_outline_or_positions_says_so() {
    let mut request = request(Route::map(&guide(), "fr", None, None));
    let mut edition = fixture::edition("fr");
    edition.guide.boundary = Some("nonsense".to_owned());
    edition.entries = edition.entries.into_iter().filter(|(id, _)| *id == REFUGE).collect();
    request.edition = Some(Arc::new(edition.clone()));
    let words = text(&render(request));
    assert!(words.contains("Il n’y a pas encore de lieu ici") && words.contains("1 lieu n’est pas sur la carte"), "{words}");
    let mut request = self::request(Route::map(&guide(), "fr", Some("health"), None));
    edition.entries.clear();
    request.edition = Some(Arc::new(edition));
    assert!(!text(&render(request)).contains("n’est pas sur la carte"));
}

#[test]
fn the_offline_shell_holds_nothing_but_the_way_to_the_app() {
    let files = [("locale-fr.json".to_owned(), "/assets/l-1.json".to_owned())];
    let assets = Assets::new(files).with_style("body{}");
    let html = empty_document(&assets);
    assert!(html.contains("<div id=\"app\"></div>") && html.contains("<style>body{}</style>"), "{html}");
    // All that is to be fetched is named before the style, which takes a while to read.
    let before_style = html.split("<style>").next().unwrap_or_default();
    for file in ["app.js", "split.js", "app.wasm"] {
        assert!(before_style.contains(&format!("href=\"/assets/{file}\"")), "{file}: {before_style}");
    }
    assert!(before_style.contains("src=\"/assets/boot.js\""), "{before_style}");
    let handed = html.split("data-assets=\"").nth(1).and_then(|rest| rest.split("\">").next()).unwrap_or_default();
    assert_eq!(Assets::from_handed_over(&handed.replace("&quot;", "\"")), Some(assets.clone().with_style("")));
    assert!(text(&failure_document(&Locale::built_in("es"), &assets)).contains("No es culpa tuya"));
}
