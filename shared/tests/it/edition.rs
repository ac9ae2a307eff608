//! What is public of a record, and in which words.

use serde_json::{Value, json};
use shared::edit::fingerprint;
use shared::edition::{self, Edition, Entry, GuideHeader, Hours, NoticeEntry, PageEntry, PlaceEntry};
use shared::ids::{Day, Moment, RecordId};
use shared::json;
use shared::schema::Kind;
use std::collections::BTreeMap;

fn today() -> Day {
    "2026-11-23".parse().expect("a day")
}

fn guide() -> GuideHeader {
    let settings = json!({
        "name": "Guide de Grenoble", "source_language": "fr", "country": "FR", "time_zone": "Europe/Paris",
        "languages": {"ar": true, "en": true, "es": false, "fr": true}
    });
    edition::header(&"grenoble".parse().expect("a slug"), &settings)
}

fn project(kind: Kind, tree: &Value, language: &str) -> Option<Entry> {
    edition::project(&guide(), kind, tree, language, today())
}

#[track_caller]
fn place(tree: &Value) -> PlaceEntry {
    match project(Kind::Place, tree, "fr") {
        Some(Entry::Place(place)) => PlaceEntry::clone(&place),
        other => panic!("not a public place: {other:?}"),
    }
}

#[track_caller]
fn page(tree: &Value, language: &str) -> PageEntry {
    match project(Kind::Page, tree, language) {
        Some(Entry::Page(page)) => (*page).clone(),
        other => panic!("not a public page: {other:?}"),
    }
}

/// `tree` with the value at `/a/b` set.
fn with(tree: &Value, pointer: &str, value: Value) -> Value {
    let mut tree = tree.clone();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = tree.pointer_mut(parent).and_then(Value::as_object_mut).expect("the parent is a map");
    parent.insert(key.to_owned(), value);
    tree
}

/// A place in which every field that is never public, or not now, holds a canary.
fn full_place() -> Value {
    json!({
        "kind": "place", "schema_version": 1,
        "name": "Accueil", "alternate_name": "Chez nous",
        "organization": {"name": "Asso", "email": "asso@example.org", "url": "example.org"},
        "description": {"fr": {"text": "Bonjour"}, "en": {"text": "Hello", "origin": "machine", "source_hash": fingerprint("Bonjour")}},
        "address": {"address_1": "STREET-CANARY", "address_2": "STAIRS-CANARY", "city": "Grenoble", "postal_code": "38000"},
        "latitude": 45.1234567, "longitude": 5.7654321,
        "transportation": {"fr": {"text": "TRAM-CANARY"}},
        "external_identifiers": {"osm": "node/IDENTIFIER-CANARY"},
        "internal_note": "NOTE-CANARY",
        "phones": {"b": {"number": "1", "type": "fax"}, "a": {"number": "2"}, "c": {"number": "3", "type": "hotline"}, "d": {"type": "voice"}, "e": {"number": "4", "type": "voice"}},
        "services": {
            "x": {"category": "food.meal", "name": {"fr": {"text": "Repas"}}},
            "y": {"category": "health.doctor"},
            "z": {}
        },
        "opening_hours": "Mo-Fr 09:00-17:00",
        "exceptions": {
            "old": {"from": "2025-01-01", "kind": "closed", "text": {"fr": {"text": "OVER-CANARY"}}},
            "new": {"from": "2026-12-24", "to": "2026-12-31", "kind": "closed", "text": {"fr": {"text": "Fêtes"}}}
        },
        "access": {"undocumented_ok": true, "gender": {"women": true}}
    })
}

/// The whole edition with only this record, as a phone gets it.
fn published(kind: Kind, tree: &Value, language: &str) -> String {
    let entry = project(kind, tree, language);
    let entries: BTreeMap<RecordId, Entry> = entry.into_iter().map(|entry| (RecordId([7; 16]), entry)).collect();
    let edition: Edition = crate::search::edition(entries);
    json::to_string(&edition)
}

#[track_caller]
fn check_secret(tree: &Value, canaries: &[&str]) {
    for language in ["fr", "en", "ar"] {
        let json = published(Kind::Place, tree, language);
        let leaked: Vec<&&str> = canaries.iter().filter(|canary| json.contains(**canary)).collect();
        assert!(leaked.is_empty(), "{leaked:?} in {json}");
    }
}

#[test]
fn notes_and_identifiers_are_never_public() {
    check_secret(&full_place(), &["NOTE-CANARY", "IDENTIFIER-CANARY", "OVER-CANARY"]);
    let open = published(Kind::Place, &full_place(), "fr");
    assert!(open.contains("STREET-CANARY") && open.contains("TRAM-CANARY"), "the canaries can be seen when they are public");
}

#[test]
fn a_public_position_is_told_to_a_metre() {
    let position = place(&full_place()).position.expect("a position").map(|degrees| degrees.to_string());
    assert_eq!(position, ["45.12346", "5.76543"]);
    assert_eq!(place(&with(&full_place(), "/longitude", json!(null))).position, None, "half a position is none");
}

#[test]
fn the_same_is_not_said_twice() {
    let shown = place(&full_place());
    assert_eq!((shown.alternate_name.as_deref(), shown.organization.as_deref()), (Some("Chez nous"), Some("Asso")));
    let same = with(&with(&full_place(), "/alternate_name", json!("Accueil ")), "/organization/name", json!(" Accueil"));
    let shown = place(&same);
    assert_eq!((shown.alternate_name, shown.organization), (None, None));
}

#[test]
fn a_phone_says_its_languages_and_what_it_takes() {
    let phone =
        json!({"number": "5", "languages": {"ar": true, "fr": false}, "channels": {"sms": true, "signal": true, "call": false}});
    let shown = place(&with(&full_place(), "/phones", json!({ "a": phone })));
    assert_eq!(shown.phones[0].languages, ["ar"]);
    assert_eq!(shown.phones[0].channels, ["signal", "sms"]);
}

#[test]
fn only_what_may_be_an_address_for_mail_is_one() {
    let email = |email: &str| place(&with(&full_place(), "/email", json!(email))).email;
    assert_eq!(email(" accueil@example.org ").as_deref(), Some("accueil@example.org"));
    for bad in ["accueil", "accueil @example.org", "nobody"] {
        assert_eq!(email(bad).as_deref(), Some("asso@example.org"), "{bad}");
    }
}

#[test]
fn a_withheld_address_leaves_no_trace() {
    let on_request = with(&full_place(), "/address_visibility", json!("on_request"));
    check_secret(&on_request, &["STREET-CANARY", "STAIRS-CANARY", "45.1", "5.76", "TRAM-CANARY"]);
    let area_only = with(&full_place(), "/address_visibility", json!("area_only"));
    check_secret(&area_only, &["STREET-CANARY", "STAIRS-CANARY", "45.1", "5.76"]);
    let place = place(&area_only);
    assert_eq!(place.address_withheld.as_deref(), Some("area_only"));
    assert_eq!(place.address.city.as_deref(), Some("Grenoble"));
    assert_eq!(place.position, None);
}

#[test]
fn what_a_newer_version_says_of_an_address_withholds_it() {
    for unclear in [json!("hidden_from_police"), json!(3), json!(null)] {
        let tree = with(&full_place(), "/address_visibility", unclear);
        check_secret(&tree, &["STREET-CANARY", "STAIRS-CANARY", "45.1", "5.76", "TRAM-CANARY"]);
    }
}

#[test]
fn only_public_active_named_records_are_published() {
    let notice = json!({"text": {"fr": {"text": "Fermé"}}});
    let page = json!({"title": {"fr": {"text": "Droits"}}});
    for (kind, tree) in [(Kind::Place, full_place()), (Kind::Page, page), (Kind::Notice, notice)] {
        let public = |pointer, value| project(kind, &with(&tree, pointer, value), "en").is_some();
        assert!(project(kind, &tree, "en").is_some(), "{kind}");
        assert!(public("/visibility", json!("public")) && public("/status", json!("active")), "{kind}");
        assert!(!public("/visibility", json!("members")), "{kind}");
        assert!(!public("/visibility", json!("trusted_members")), "{kind}");
        assert!(!public("/status", json!("inactive")), "{kind}");
        assert!(!public("/status", json!("defunct")), "{kind}");
        assert!(!public("/status", json!("archived")), "{kind}");
    }
    assert!(project(Kind::Place, &with(&full_place(), "/name", json!("  ")), "fr").is_none());
    assert!(project(Kind::Page, &json!({"body": {"fr": {"text": "Sans titre"}}}), "fr").is_none());
    assert!(project(Kind::Notice, &json!({"level": "urgent"}), "fr").is_none());
    assert!(project(Kind::Guide, &json!({"name": "G"}), "fr").is_none());
}

#[test]
fn temporarily_closed_stays_and_says_so() {
    assert!(place(&with(&full_place(), "/status", json!("temporarily_closed"))).temporarily_closed);
    assert!(!place(&full_place()).temporarily_closed);
}

#[test]
fn texts_fall_back_and_say_so() {
    let tree = json!({"title": {"fr": {"text": "Droits"}, "ar": {"text": "حقوق"}}, "body": {"ar": {"text": "نص"}, "es": {"text": "texto"}}});
    let shown = |language: &str| {
        let page = page(&tree, language);
        let body = page.body.expect("a body");
        (page.title.text, page.title.language, body.text, body.language)
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(shown("ar"), ("حقوق".to_owned(), None, "نص".to_owned(), None));
    assert_eq!(shown("en"), ("Droits".to_owned(), some("fr"), "نص".to_owned(), some("ar")));
    assert_eq!(shown("es"), ("Droits".to_owned(), some("fr"), "texto".to_owned(), None));
    assert_eq!(shown("ar-TN").1, some("ar"));
    let blank = with(&tree, "/title/ar", json!({"text": "  "}));
    assert_eq!(page(&blank, "ar").title.language, some("fr"));
}

#[test]
fn translations_are_flagged_as_outdated_or_by_machine() {
    let description = |tree: &Value| match project(Kind::Place, tree, "en") {
        Some(Entry::Place(place)) => place.description.clone().expect("a description"),
        other => panic!("{other:?}"),
    };
    let fresh = description(&full_place());
    assert_eq!((fresh.text.as_str(), fresh.outdated, fresh.machine), ("Hello", false, true));
    let moved_on = with(&full_place(), "/description/fr", json!({"text": "Bonsoir"}));
    assert!(description(&moved_on).outdated);
    let of_another = with(&full_place(), "/description/fr", json!({"text": "Bonjour", "source_hash": "of another text"}));
    assert!(!place(&of_another).description.expect("a description").outdated, "the source text is never outdated");
}

#[test]
fn phones_and_services_have_a_stable_order() {
    let place = place(&full_place());
    let numbers: Vec<&str> = place.phones.iter().map(|phone| phone.number.as_str()).collect();
    assert_eq!(numbers, ["3", "2", "4", "1"]);
    let categories: Vec<Option<&str>> = place.services.iter().map(|service| service.category.as_deref()).collect();
    assert_eq!(categories, [Some("health.doctor"), Some("food.meal")]);
}

#[test]
fn services_stand_by_category_then_by_name() {
    let named = |category: Value, name: &str| json!({"category": category, "name": {"fr": {"text": name}}});
    let services = json!({
        "a": named(json!(null), "Autre"), "b": named(json!("food.meal"), "Repas"), "c": named(json!("food.meal"), "Goûter"),
        "d": named(json!("health.doctor"), "Visite"), "e": named(json!("emergency"), "Veille")
    });
    let place = place(&with(&full_place(), "/services", services));
    let names: Vec<&str> = place.services.iter().filter_map(|service| Some(service.name.as_ref()?.text.as_str())).collect();
    assert_eq!(names, ["Veille", "Visite", "Goûter", "Repas", "Autre"]);
}

#[test]
fn hours_are_expanded_with_their_exceptions_or_shown_as_written() {
    let shown = place(&full_place());
    let Some(Hours::Expanded(schedule)) = &shown.hours else { panic!("{:?}", shown.hours) };
    let day = |text: &str| schedule.day(text.parse().expect("a day")).expect("covered").len();
    assert_eq!((day("2026-12-23"), day("2026-12-24"), day("2026-12-31"), day("2027-01-01")), (1, 0, 0, 1));
    assert_eq!(shown.exceptions.len(), 1);
    let written = place(&with(&full_place(), "/opening_hours", json!("le matin, en semaine")));
    assert_eq!(written.hours, Some(Hours::Written { written: "le matin, en semaine".to_owned() }));
}

#[test]
fn a_service_follows_its_place_when_the_hours_change() {
    let tree = with(&full_place(), "/services/x/opening_hours", json!("Mo-Fr 12:00-14:00"));
    let tree = with(&tree, "/exceptions/new", json!({"from": "2026-12-01", "kind": "hours", "opening_hours": "10:00-13:00"}));
    let place = place(&tree);
    let Some(Hours::Expanded(meal)) = &place.services[1].hours else { panic!("{:?}", place.services) };
    let day = meal.day("2026-12-01".parse().expect("a day")).expect("covered");
    assert_eq!(day.iter().map(|span| (span.from, span.to)).collect::<Vec<_>>(), [(720, 780)]);
}

/// Hours written alike are not the same where changes are announced.
#[test]
fn a_service_with_its_places_hours_does_not_stay_longer_when_the_place_does() {
    let tree = with(&full_place(), "/services/x/opening_hours", json!("Mo-Fr 09:00-17:00"));
    let tree = with(&tree, "/exceptions/new", json!({"from": "2026-12-01", "kind": "hours", "opening_hours": "10:00-20:00"}));
    let place = place(&tree);
    let spans = |hours: &Option<Hours>| match hours {
        Some(Hours::Expanded(schedule)) => {
            let day = schedule.day("2026-12-01".parse().expect("a day")).expect("covered");
            day.iter().map(|span| (span.from, span.to)).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(spans(&place.hours), [(600, 1200)]);
    assert_eq!(spans(&place.services[1].hours), [(600, 1020)]);
}

#[test]
fn each_service_has_its_own_hours() {
    let tree = with(&full_place(), "/services/x/opening_hours", json!("Mo-Fr 12:00-14:00"));
    let tree = with(&tree, "/services/y/opening_hours", json!("Mo-Fr 18:00-20:00"));
    let tree = with(&tree, "/exceptions", json!({}));
    let place = place(&tree);
    let spans = |hours: &Option<Hours>| match hours {
        Some(Hours::Expanded(schedule)) => {
            schedule.day(today()).expect("covered").iter().map(|span| (span.from, span.to)).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(spans(&place.hours), [(540, 1020)]);
    assert_eq!(spans(&place.services[0].hours), [(1080, 1200)]);
    assert_eq!(spans(&place.services[1].hours), [(720, 840)]);
}

#[test]
fn a_change_announced_says_its_kind_and_only_a_change_of_hours_says_hours() {
    let exceptions = json!({
        "a": {"from": "2026-12-01", "opening_hours": "10:00-13:00"},
        "b": {"from": "2026-12-02", "kind": "closed", "opening_hours": "10:00-13:00"},
        "c": {"from": "2026-12-03", "text": {"fr": {"text": "Entrée par la cour"}}},
        "d": {"from": "2026-12-05", "to": "2026-12-04", "kind": "closed"},
        "e": {"from": "2026-11-20", "to": "2026-11-23", "kind": "closed"}
    });
    let place = place(&with(&full_place(), "/exceptions", exceptions));
    let shown: Vec<(&str, Option<&str>)> =
        place.exceptions.iter().map(|exception| (exception.kind.as_str(), exception.hours.as_deref())).collect();
    assert_eq!(shown, [("closed", None), ("hours", Some("10:00-13:00")), ("closed", None), ("message", None)]);
}

#[test]
fn crowding_is_told_while_it_lasts() {
    let full = with(&full_place(), "/saturation", json!("full"));
    let until = |until: &str| place(&with(&full, "/saturation_until", json!(until)));
    let lasting = until("2026-11-23T18:00");
    assert!(lasting.saturation.is_some() && lasting.saturation_until.is_some());
    let over = until("2026-11-22T18:00");
    assert!(over.saturation.is_none() && over.saturation_until.is_none());
    let unsaid = place(&with(&full_place(), "/saturation_until", json!("2026-11-23T18:00")));
    assert_eq!(unsaid.saturation_until, None, "until when what?");
}

#[test]
fn links_lead_to_the_web_and_nowhere_else() {
    let url = |url: &str| place(&with(&full_place(), "/url", json!(url))).url;
    assert_eq!(url("https://a.org/b?c=d:e").as_deref(), Some("https://a.org/b?c=d:e"));
    assert_eq!(url("www.a.org").as_deref(), Some("https://www.a.org"));
    assert_eq!(url("a.org:8080/x").as_deref(), Some("https://a.org:8080/x"));
    for bad in ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:x", "file:///etc", "a b.org", "rien"] {
        // The organisation's own address takes its place.
        assert_eq!(url(bad).as_deref(), Some("https://example.org"), "{bad}");
    }
}

#[test]
fn steps_are_ordered_and_keep_the_officers_words() {
    let step =
        |position: f64, fr: &str, en: &str| json!({"position": position, "text": {"fr": {"text": fr}, "en": {"text": en}}});
    let tree = json!({
        "title": {"fr": {"text": "Contrôle"}},
        "steps": {
            "c": step(2.0, "Trois", "Three"), "a": step(1.5, "Deux", "Two"), "b": step(-1.0, "Un", "One"),
            "d": {"position": 2, "text": {"fr": {"text": "Quatre"}}}, "e": {"position": 9}
        },
        "sources": {"x": {"url": "javascript:x"}, "y": {"name": "Loi", "url": "https://law.example"}}
    });
    let page = page(&tree, "en");
    let steps: Vec<(&str, Option<&str>)> =
        page.steps.iter().map(|step| (step.text.text.as_str(), step.source.as_deref())).collect();
    assert_eq!(steps, [("One", Some("Un")), ("Two", Some("Deux")), ("Three", Some("Trois")), ("Quatre", None)]);
    let sources: Vec<(&str, Option<&str>)> =
        page.sources.iter().map(|source| (source.name.as_str(), source.url.as_deref())).collect();
    assert_eq!(sources, [("Loi", Some("https://law.example"))]);
}

#[test]
fn notices_go_when_they_are_over() {
    let until = |until: &str| project(Kind::Notice, &json!({"text": {"fr": {"text": "x"}}, "until": until}), "fr");
    assert!(until("2026-11-22T23:59").is_none());
    assert!(until("2026-11-23T08:00").is_some(), "the phone hides it by the clock");
}

#[test]
fn a_notice_holds_from_its_beginning_to_just_before_its_end() {
    let moment = |text: &str| -> Moment { text.parse().expect("a moment") };
    let (from, until) = (moment("2026-11-23T08:00"), moment("2026-11-23T18:00"));
    let notice = NoticeEntry { from: Some(from), until: Some(until), ..NoticeEntry::default() };
    let holds = |at: &str| notice.holds(moment(at));
    assert!(holds("2026-11-23T08:00") && holds("2026-11-23T17:59"));
    assert!(!holds("2026-11-23T07:59") && !holds("2026-11-23T18:00") && !holds("2026-11-24T09:00"));
    assert!(NoticeEntry::default().holds(from), "one that says nothing of times always holds");
}

#[test]
fn an_edition_hands_out_its_entries_by_kind() {
    let entry = |kind, tree: Value| project(kind, &tree, "fr").expect("public");
    let notice = json!({"text": {"fr": {"text": "Fermé"}}});
    let page = json!({"title": {"fr": {"text": "Droits"}}});
    let entries = [entry(Kind::Place, full_place()), entry(Kind::Page, page), entry(Kind::Notice, notice)];
    let edition = crate::search::edition((1..).map(|number| RecordId([number; 16])).zip(entries).collect());
    assert_eq!(edition.places().map(|(id, place)| (id.0[0], place.name.as_str())).collect::<Vec<_>>(), [(1, "Accueil")]);
    assert_eq!(edition.offered(), ["food.meal", "health.doctor"], "each once, in their order");
    assert_eq!(edition.pages().map(|(id, page)| (id.0[0], page.title.text.as_str())).collect::<Vec<_>>(), [(2, "Droits")]);
    assert_eq!(edition.notices().map(|(id, notice)| (id.0[0], notice.text.text.as_str())).collect::<Vec<_>>(), [(3, "Fermé")]);
}

#[test]
fn a_header_is_complete_even_from_nothing() {
    let id = "le-vigan".parse().expect("a slug");
    for tree in [json!({}), json!(null), json!([]), json!({"name": 3, "languages": {"??": true}, "country": "France"})] {
        let header = edition::header(&id, &tree);
        assert_eq!((header.name.as_str(), header.time_zone.as_str()), ("le-vigan", "UTC"));
        assert_eq!((header.source_language.as_str(), header.languages.as_slice()), ("en", ["en".to_owned()].as_slice()));
        assert_eq!(header.country, None);
    }
    assert_eq!(guide().languages, ["fr", "ar", "en"]);
}

#[test]
fn a_country_is_two_letters() {
    let country = |said: &str| edition::header(&"lyon".parse().expect("a slug"), &json!({ "country": said })).country;
    assert_eq!(country("be").as_deref(), Some("BE"));
    for bad in ["B", "B1", "é", ""] {
        assert_eq!(country(bad), None, "{bad}");
    }
}

#[test]
fn a_header_says_whom_to_ask() {
    let contact = json!({"phone": " 04 76 00 00 00 ", "email": "guide@example.org", "url": "example.org"});
    let contact = edition::header(&"lyon".parse().expect("a slug"), &json!({ "contact": contact })).contact;
    assert_eq!(contact.phone.as_deref(), Some("04 76 00 00 00"));
    assert_eq!(contact.email.as_deref(), Some("guide@example.org"));
    assert_eq!(contact.url.as_deref(), Some("https://example.org"));
}

#[test]
fn a_header_lists_what_is_hidden_and_where_facts_come_from() {
    let settings = json!({
        "languages": {"es": true}, "country": "es",
        "categories": {"money": false, "emergency": false, "health": true, "health.doctor": false},
        "attribution": {"b": {"name": "OpenStreetMap", "licence": "ODbL"}, "a": {"name": "Barcelona", "url": "http://b.example"}, "c": {}}
    });
    let header = edition::header(&"bcn".parse().expect("a slug"), &settings);
    assert_eq!(header.source_language, "es");
    assert_eq!(header.country.as_deref(), Some("ES"));
    assert_eq!(header.hidden_categories, ["emergency", "money"]);
    let names: Vec<Option<&str>> = header.attribution.iter().map(|source| source.name.as_deref()).collect();
    assert_eq!(names, [Some("Barcelona"), Some("OpenStreetMap")]);
}

#[test]
fn a_text_falls_back_along_the_chain_that_the_guide_sets() {
    let settings = |fallback: &str| {
        let languages = json!({"am": true, "en": true, "fr": true, "ti": true, "wo": true});
        json!({"name": "G", "source_language": "fr", "languages": languages, "fallback": fallback})
    };
    let notice = |texts: &[&str]| {
        let texts: serde_json::Map<String, Value> =
            texts.iter().map(|tag| ((*tag).to_owned(), json!({"text": format!("in {tag}")}))).collect();
        json!({"text": texts, "level": "info"})
    };
    let shown = |fallback: &str, texts: &[&str], wanted: &str| {
        let header = edition::header(&"grenoble".parse().expect("a slug"), &settings(fallback));
        match edition::project(&header, Kind::Notice, &notice(texts), wanted, today()) {
            Some(Entry::Notice(notice)) => (notice.text.text.clone(), notice.text.language.clone()),
            other => panic!("no notice: {other:?}"),
        }
    };
    let said = |tag: &str| (format!("in {tag}"), Some(tag.to_owned()));
    let chain = "ti > am > en, wo>fr , *>en";
    assert_eq!(shown(chain, &["am", "en", "fr"], "ti"), said("am"));
    assert_eq!(shown(chain, &["en", "fr"], "ti"), said("en"));
    assert_eq!(shown(chain, &["en", "fr"], "wo"), said("fr"));
    assert_eq!(shown(chain, &["en", "fr"], "am"), said("en"), "the star is for all that have no chain");
    assert_eq!(shown(chain, &["am", "fr", "ti"], "ti"), ("in ti".to_owned(), None), "nothing goes before the language itself");
    assert_eq!(shown("", &["en", "fr"], "ti"), said("fr"), "without a chain the guide's own language");
    assert_eq!(shown("", &["fr", "ti"], "ti"), ("in ti".to_owned(), None), "the language itself goes before the guide's own");
    assert_eq!(shown("", &["fr", "ti"], "ti-ER"), said("ti"), "a variant goes before the guide's own");
    assert_eq!(shown("", &["ti", "ti-ER"], "ti-ER"), ("in ti-ER".to_owned(), None), "and the language itself before it");
    assert_eq!(shown("*>ti", &["fr", "ti"], "am"), said("ti"), "the chain goes before the guide's own");
    assert_eq!(shown("ti>am", &["am", "fr"], "ti-ER"), said("am"), "a variant has its language's chain");
    assert_eq!(shown("", &["am", "fr"], "ti"), said("fr"), "the guide's own goes before its others");
    assert_eq!(shown("", &["aa", "wo"], "ti"), said("wo"), "what the guide is published in goes before the rest");
    assert_eq!(shown("", &["am", "wo"], "ti"), said("am"), "in the guide's order");
    assert_eq!(shown("ti > ??? > , > ,,*", &["en", "fr"], "ti"), said("fr"), "what cannot be read is passed over");
}

#[test]
fn all_languages_at_once_are_each_by_itself() {
    let guide = guide();
    let all = edition::project_all(&guide, Kind::Place, &full_place(), today());
    let each: Vec<Option<Entry>> = guide.languages.iter().map(|language| project(Kind::Place, &full_place(), language)).collect();
    assert_eq!(all, each);
    assert!(all.iter().all(Option::is_some) && all[0] != all[2]);
    let hidden = with(&full_place(), "/visibility", json!("members"));
    assert_eq!(edition::project_all(&guide, Kind::Place, &hidden, today()), [None, None, None]);
}

#[test]
fn an_entry_survives_its_json() {
    for (kind, tree) in
        [(Kind::Place, full_place()), (Kind::Notice, json!({"text": {"fr": {"text": "x"}}, "until": "2027-01-01T10:00"}))]
    {
        let entry = project(kind, &tree, "en").expect("public");
        let json = json::to_string(&entry);
        assert_eq!(json::from_str::<Entry>(&json).expect("our own JSON"), entry, "{json}");
    }
}

#[test]
fn a_place_among_others_tells_what_it_offers_before_it_is_read() {
    let listed = |json: &str| match json::from_str::<Entry>(&format!(r#"{{"place":{json}}}"#)) {
        Ok(Entry::Place(place)) => place,
        other => panic!("{json} is no place: {other:?}"),
    };
    let offers = |json: &str| listed(json).offers().map(str::to_owned).collect::<Vec<_>>();
    let services = r#""services":[{"name":{"t":"\"category\":\"[{"},"category":"food"},{"hours":{"expanded":{}}},{"category":"health.doctor"}]"#;
    for json in [
        format!(r#"{{{services},"name":"Accueil"}}"#),
        format!(r#"{{ "name" : "services", "access":{{"services":[{{"category":"legal"}}]}}, {services} }}"#),
        format!(r#"{{"services":[{{"category":"legal"}}],{services}}}"#),
    ] {
        assert_eq!(offers(&json), ["food", "health.doctor"], "{json}");
    }
    assert_eq!(offers("{}"), [""; 0]);
    let Some(Entry::Place(projected)) = project(Kind::Place, &full_place(), "fr") else { panic!("a public place") };
    let codes: Vec<&str> = projected.services.iter().filter_map(|service| service.category.as_deref()).collect();
    assert!(projected.offers().eq(codes));
    // What was not read at once is blank where it is of another form; what does not end is refused at once.
    assert_eq!(*listed(r#"{"name":7,"phones":"none"}"#).read(), PlaceEntry::default());
    for broken in
        [r#"{"place":{"name":"#, r#"{"place":{"services":[{"category":"food"}"#, r#"{"place":[]}"#, r#"{"place":{"services":7}}"#]
    {
        assert!(json::from_str::<Entry>(broken).is_err(), "{broken}");
    }
}

#[test]
fn places_are_read_ahead_some_at_a_time() {
    let entry = r#"{"place":{"name":"Accueil"}}"#;
    let entries = (1..=5).map(|id| (RecordId([id; 16]), json::from_str(entry).expect("a place"))).collect();
    let edition = crate::search::edition(entries);
    let read = || edition.listed().filter(|(_, place)| place.is_read()).count();
    // One that was asked for already is not counted.
    assert_eq!((edition.listed().last().map(|(_, place)| place.name.as_str()), read()), (Some("Accueil"), 1));
    assert_eq!((edition.read_ahead(3), read()), (true, 4));
    assert_eq!((edition.read_ahead(3), read()), (false, 5));
}

#[test]
fn an_outline_is_handed_on_and_one_that_cannot_be_read_is_a_problem() {
    let header = |boundary: &str| {
        let settings = json!({"name": "G", "boundary": boundary});
        let (_, problems) = shared::record::read(Kind::Guide, &settings);
        let paths: Vec<String> = problems.iter().map(|problem| problem.path.to_string()).collect();
        (edition::header(&"grenoble".parse().expect("a slug"), &settings).boundary, paths)
    };
    let outline = "45.1,5.6 45.1,5.8 45.3,5.8";
    assert_eq!(header(outline), (Some(outline.to_owned()), vec![]));
    let long = vec!["45.1234,5.1234"; 300].join(" ");
    for bad in ["45.1,5.6", "45.1,5.6 45.1,5.8 95.3,5.8", "nowhere", &long] {
        assert_eq!(header(bad), (None, vec!["boundary".to_owned()]), "{bad}");
    }
}
