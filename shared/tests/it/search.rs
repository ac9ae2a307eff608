//! Finding what people look for, in the letters they have.

use proptest::prelude::*;
use shared::edition::{Edition, Entry, GuideHeader, PageEntry, PlaceEntry, ServiceEntry, Words};
use shared::ids::{Day, Moment, RecordId};
use shared::record::{Address, Contact};
use shared::search::{self, Index, fold, holds, mark};
use std::collections::BTreeMap;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub fn edition(entries: BTreeMap<RecordId, Entry>) -> Edition {
    let guide = GuideHeader {
        id: "test".parse().expect("a slug"),
        name: "Test".to_owned(),
        boundary: None,
        fallback: None,
        territory: None,
        source_language: "fr".to_owned(),
        languages: vec!["fr".to_owned()],
        time_zone: "Europe/Paris".to_owned(),
        country: None,
        hidden_categories: Vec::new(),
        contact: Contact::default(),
        attribution: Vec::new(),
    };
    let published = Moment { day: Day(20_000), minute: 0 };
    Edition {
        version: 1,
        guide,
        language: "fr".to_owned(),
        revision: 1,
        epoch: "e".to_owned(),
        published,
        entries: entries.into_iter().collect(),
    }
}

fn id(number: usize) -> RecordId {
    RecordId((number as u128).to_be_bytes())
}

fn words(text: &str) -> Option<Words> {
    Some(Words { text: text.to_owned(), ..Words::default() })
}

/// Name, category, city, description.
const PLACES: &[[&str; 4]] = &[
    ["Restos du Cœur", "food.meal", "Paris", "Repas chauds le soir, sans condition"],
    ["Médecins du Monde – CASO", "health.doctor", "Saint-Denis", "Consultations gratuites, interprètes"],
    ["Accueil de jour L'Agora", "day_centre", "Paris", "Café, douches, médecin le mardi"],
    ["Ärztehaus Müller", "health.doctor", "Straßburg", "Sprechstunde für alle"],
    ["Comedor social Niño Jesús", "food.meal", "Málaga", "Comida caliente"],
    ["مستشفى الأمل", "health.doctor", "القاهرة", "عيادة مجانية للجميع"],
    ["درمانگاه کودکان", "health.doctor", "تهران", "پزشک رایگان"],
    ["Приют Ёлочка", "shelter", "Москва", "Ночлег для всех"],
    ["北京大学医院", "health.doctor", "北京", "门诊"],
    ["โรงพยาบาลกรุงเทพ", "health.doctor", "กรุงเทพ", "คลินิก"],
    ["Shelter for women", "shelter", "Leeds", "Safe beds, no papers needed"],
    ["Παιδική φροντίδα", "health", "Αθήνα", "δωρεάν"],
    ["স্বাস্থ্য কেন্দ্র", "health", "ঢাকা", "বিনামূল্যে কাপড়"],
];

fn category_words(code: &str) -> Vec<String> {
    let name = match code {
        "food.meal" => "Repas",
        "health.doctor" => "Médecin",
        "day_centre" => "Accueil de jour",
        "shelter" => "Hébergement",
        _ => "Santé",
    };
    vec![name.to_owned()]
}

fn place([name, category, city, description]: &[&str; 4]) -> Entry {
    let service = ServiceEntry { category: Some((*category).to_owned()), ..ServiceEntry::default() };
    let place = PlaceEntry {
        name: (*name).to_owned(),
        address: Address { city: Some((*city).to_owned()), ..Address::default() },
        description: words(description),
        services: vec![service],
        ..PlaceEntry::default()
    };
    Entry::Place(Arc::new(place.into()))
}

fn places() -> Index {
    let mut entries: BTreeMap<RecordId, Entry> = PLACES.iter().enumerate().map(|(at, row)| (id(at), place(row))).collect();
    let page = PageEntry { title: words("Vos droits à l'hôpital").expect("words"), ..PageEntry::default() };
    entries.insert(id(100), Entry::Page(Arc::new(page)));
    Index::build(&edition(entries), &category_words)
}

fn found(index: &Index, query: &str) -> Vec<&'static str> {
    let name = |record: RecordId| PLACES.get(u128::from_be_bytes(record.0) as usize).map_or("the page", |row| row[0]);
    index.search(query).into_iter().map(|hit| name(hit.record)).collect()
}

#[track_caller]
fn check_first(query: &str, expected: &str) {
    let found = found(&places(), query);
    assert_eq!(found.first().copied(), Some(expected), "{query:?} finds {found:?}");
}

#[test]
fn every_script_is_found_as_it_is_typed() {
    let cases = [
        ("restos du coeur", "Restos du Cœur"),
        ("RESTOS DU CŒUR", "Restos du Cœur"),
        ("medecins du monde", "Médecins du Monde – CASO"),
        ("l'agora", "Accueil de jour L'Agora"),
        ("l’agora", "Accueil de jour L'Agora"),
        ("arztehaus", "Ärztehaus Müller"),
        ("strassburg", "Ärztehaus Müller"),
        ("nino jesus", "Comedor social Niño Jesús"),
        ("مستشفي الامل", "مستشفى الأمل"),
        ("المستشفى", "مستشفى الأمل"),
        ("مُسْتَشْفَى", "مستشفى الأمل"),
        ("عياده", "مستشفى الأمل"),
        ("درمانگاه كودكان", "درمانگاه کودکان"),
        ("елочка", "Приют Ёлочка"),
        ("ПРИЮТ", "Приют Ёлочка"),
        ("医院", "北京大学医院"),
        ("กรุงเทพ", "โรงพยาบาลกรุงเทพ"),
        ("shelter women", "Shelter for women"),
        ("παιδικη", "Παιδική φροντίδα"),
        ("স্বাস্থ্য", "স্বাস্থ্য কেন্দ্র"),
        ("সাস্থ", "স্বাস্থ্য কেন্দ্র"),
        // One sign or two: keyboards differ.
        ("কাপ\u{9a1}\u{9bc}", "স্বাস্থ্য কেন্দ্র"),
        ("কাপ\u{9dc}", "স্বাস্থ্য কেন্দ্র"),
        ("droits hopital", "the page"),
    ];
    for (query, expected) in cases {
        check_first(query, expected);
    }
}

#[test]
fn unfinished_and_mistyped_words_are_found() {
    for (query, expected) in [
        ("resto", "Restos du Cœur"),
        ("medeci", "Médecins du Monde – CASO"),
        ("medcins du monde", "Médecins du Monde – CASO"),
        ("mdecins mond", "Médecins du Monde – CASO"),
        ("comeodr", "Comedor social Niño Jesús"),
        ("consultatoin", "Médecins du Monde – CASO"),
        ("shleter wom", "Shelter for women"),
        ("интерпрют приют", "Приют Ёлочка"),
    ] {
        check_first(query, expected);
    }
}

#[test]
fn a_name_says_more_than_a_category_and_that_more_than_prose() {
    let found = found(&places(), "medecin");
    let at = |name: &str| found.iter().position(|found| *found == name).unwrap_or(usize::MAX);
    assert!(at("Médecins du Monde – CASO") < at("Ärztehaus Müller"), "{found:?}");
    assert!(at("Ärztehaus Müller") < at("Accueil de jour L'Agora"), "{found:?}");
    assert!(at("Accueil de jour L'Agora") < usize::MAX, "{found:?}");
}

#[test]
fn all_words_must_match_and_most_do_when_none_has_all() {
    assert_eq!(found(&places(), "repas paris"), ["Restos du Cœur"]);
    assert_eq!(found(&places(), "repas chauds zzzzzz"), ["Restos du Cœur"]);
    assert!(found(&places(), "zzzzzz yyyyyy xxxxxx repas").is_empty(), "one of four words is not most of them");
}

#[test]
fn without_words_nothing_is_found() {
    let long = "médecin ".repeat(10_000);
    for query in ["", "   ", "’-–…", "🚑", "\u{0}", "\u{301}"] {
        assert!(found(&places(), query).is_empty(), "{query:?}");
    }
    assert!(!found(&places(), &long).is_empty());
    assert!(Index::default().search("a").is_empty());
}

#[test]
fn what_was_meant_is_suggested_as_it_is_written() {
    let index = places();
    assert_eq!(index.suggest("medcins du mnode").as_deref(), Some("médecins du monde"));
    assert_eq!(index.suggest("shleter").as_deref(), Some("shelter"));
    assert_eq!(index.suggest("shelter"), None);
    assert_eq!(index.suggest("qqqqqqqq"), None);
    assert_eq!(index.suggest(""), None);
}

/// Marked pieces in brackets.
fn shown(text: &str, query: &str) -> String {
    mark(text, query).into_iter().map(|(on, piece)| if on { format!("[{piece}]") } else { piece.to_owned() }).collect()
}

#[test]
fn matched_words_are_marked_in_the_text_as_it_is_written() {
    assert_eq!(shown("Restos du Cœur", "coeur resto"), "[Restos] du [Cœur]");
    assert_eq!(shown("L'hôpital, l'HÔPITAL !", "hopital"), "L'[hôpital], l'[HÔPITAL] !");
    assert_eq!(shown("مُسْتَشْفَى الأمل", "مستشفي"), "[مُسْتَشْفَى] الأمل");
    assert_eq!(shown("北京大学医院", "大学"), "北京[大学]医院");
    assert_eq!(shown("e\u{301}cole", "ecole"), "[e\u{301}cole]");
    assert_eq!(shown("Straße 12", "strasse 1"), "[Straße] 12");
    assert_eq!(shown("", "x"), "");
    assert_eq!(shown("nothing", ""), "nothing");
}

#[test]
fn a_list_in_sight_is_narrowed_by_beginnings() {
    assert!(holds("Médecins du Monde, Saint-Denis", "denis med"));
    assert!(!holds("Médecins du Monde, Saint-Denis", "denis paris"));
    assert!(holds("anything", ""));
}

/// Each of the tables' letters by itself, so that none is lost to a table out of order.
#[test]
fn letters_that_people_type_for_one_another_are_the_same() {
    for alike in ["آأإٱا", "ةۀہۂۃەھه", "ىئیےي", "کك", "ؤو", "ךכ", "םמ", "ןנ", "ףפ", "ץצ", "ςσ", "ёе", "йи", "ӹы", "ǯʒ"]
    {
        let folded: Vec<String> = alike.chars().map(|c| fold(&c.to_string())).collect();
        assert!(folded.windows(2).all(|pair| pair[0] == pair[1]), "{alike}: {folded:?}");
    }
    assert_eq!(fold("STRAẞE Œuvre Þór ﬁn كـــتاب می\u{200c}خواهم"), "strasse oeuvre thor fin كتاب ميخواهم");
}

#[test]
fn digits_of_any_script_are_digits() {
    assert_eq!(fold("٠١٢٣٤٥٦٧٨٩ ۷۵۰۰۱ ７５ ७५"), "0123456789 75001 75 75");
}

/// Letter by letter against Unicode's own tables, for the scripts that `fold` has tables of its own.
#[test]
fn folding_is_decomposition_without_marks() {
    // What people type for one another, beyond what Unicode says.
    let ours = |c: char| {
        "ßæœøłđðþħıĸŀŋŧſƀɓɔəɛƃƈɗǝƒɠɩɨƙƚɲƞɵƥƭʈʋɣƴƶǥǣǽǿȥʉȼⱥⱦʔɇɉɋɍɏȿɀςẚẜẟ".contains(c) || ('\u{1ef9}'..='\u{1eff}').contains(&c)
    };
    let ranges = [0xc0..=0x24f_u32, 0x1e00..=0x1eff, 0x386..=0x3ce, 0x400..=0x52f];
    let mut compared = 0;
    for c in ranges.into_iter().flatten().filter_map(char::from_u32) {
        let small: String = c.to_lowercase().collect();
        if !c.is_alphabetic() || small.chars().any(ours) {
            continue;
        }
        let plain: String = small.nfkd().filter(|c| !is_combining_mark(*c)).collect();
        if plain.chars().any(|c| "ʼʾ".contains(c)) {
            continue;
        }
        assert_eq!(fold(&c.to_string()), plain, "{c} U+{:04X}", c as u32);
        compared += 1;
    }
    assert!(compared > 900, "{compared}");
}

/// Against the standard library's tables, for every letter of the scripts that ours speak of.
#[test]
fn capitals_and_small_letters_are_the_same() {
    let ranges =
        [0xc0..=0x24f_u32, 0x1e00..=0x1eff, 0x386..=0x3ce, 0x400..=0x556, 0x1c90..=0x1cbf, 0xff21..=0xff5a, 0x1e900..=0x1e943];
    let mut compared = 0;
    for c in ranges.into_iter().flatten().filter_map(char::from_u32).filter(|c| c.is_uppercase()) {
        let small: String = c.to_lowercase().collect();
        assert_eq!(fold(&c.to_string()), fold(&small), "{c} U+{:04X}", c as u32);
        compared += 1;
    }
    assert!(compared > 600, "{compared}");
}

#[test]
fn folding_twice_is_folding_once() {
    for c in (0..=0x1_0fff_u32).filter_map(char::from_u32) {
        let once = fold(&c.to_string());
        assert_eq!(fold(&once), once, "{c} U+{:04X}", c as u32);
    }
}

#[test]
fn the_same_query_gives_the_same_order() {
    let entries: BTreeMap<RecordId, Entry> =
        (0..50).map(|at| (id(at), place(&["Même nom", "shelter", "Paris", "mêmes mots"]))).collect();
    let index = Index::build(&edition(entries), &category_words);
    let records: Vec<RecordId> = index.search("meme nom").into_iter().map(|hit| hit.record).collect();
    assert_eq!(records, (0..50).map(id).collect::<Vec<_>>());
}

#[test]
fn ten_thousand_places_answer_every_key() {
    let word = |n: usize| format!("{}{}", ["maison", "centre", "accueil", "école", "atelier"][n % 5], n / 5 % 900);
    let row = |at: usize| place(&[&format!("{} {}", word(at), word(at * 7 + 3)), "shelter", "Paris", &word(at * 13 + 1)]);
    let index = Index::build(&edition((0..10_000).map(|at| (id(at), row(at))).collect()), &category_words);
    let keys = ["m", "ma", "mai", "mais", "maiso", "maison4", "maison42 centr", "heberg pari", "axcueil7"];
    let start = std::time::Instant::now();
    let found: usize = keys.iter().map(|key| index.search(key).len()).sum();
    println!("{} keys over 10,000 places: {:?}, {found} hits", keys.len(), start.elapsed());
    assert!(found > 10_000);
    // While a word is being typed the first are enough: they are the first of all.
    for key in keys {
        let all = index.search(key);
        for most in [0, 1, 100, 20_000] {
            assert_eq!(index.first(key, most), (all[..most.min(all.len())].to_vec(), all.len()), "{key}, {most}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_typed_breaks_search(text in "\\PC*", query in any::<String>()) {
        let index = places();
        index.search(&query);
        index.suggest(&query);
        let joined: String = mark(&text, &query).into_iter().map(|(_, piece)| piece).collect();
        prop_assert_eq!(&joined, &text);
        let all: String = mark(&query, &text).into_iter().map(|(_, piece)| piece).collect();
        prop_assert_eq!(&all, &query);
        holds(&text, &query);
    }

    #[test]
    fn a_place_is_found_by_any_beginning_of_its_name(at in 0..PLACES.len(), letters in 3_usize..30) {
        let query: String = PLACES[at][0].chars().take(letters).collect();
        if !search::fold(&query).trim().is_empty() {
            prop_assert!(found(&places(), &query).contains(&PLACES[at][0]), "{query}");
        }
    }
}
