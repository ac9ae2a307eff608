//! What people type finds what they mean among the first three: written queries in six languages,
//! over the demo guide and real places.

use crate::import::Shelf;
use crate::real_data::{berlin, relay, table, through_the_gate};
use app::locale::Locale;
use server::import::Source;
use server::{demo, publish};
use shared::edition::{Edition, Entry};
use shared::search::Index;
use std::collections::BTreeMap;
use std::sync::Arc;

const QUERIES: &str = include_str!("../fixtures/relevance.txt");
const AMONG_THE_FIRST: usize = 3;

struct Query {
    guide: &'static str,
    language: &'static str,
    typed: &'static str,
    expected: &'static str,
}

fn queries() -> Vec<Query> {
    let lines = QUERIES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let query = |line: &'static str| {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [guide, language, typed, expected] = parts[..] else { panic!("not a query: {line}") };
        Query { guide, language, typed, expected }
    };
    lines.map(query).collect()
}

/// Editions of a guide by language, each with its index in the words of that language.
#[derive(Default)]
struct Guide(BTreeMap<String, (Arc<Edition>, Index)>);

impl Guide {
    fn demo() -> Guide {
        let (_folder, relay) = relay();
        let file = demo::create(&relay).expect("the demo guide enters");
        publish::publish(&relay, &file.guide).expect("the demo guide can be published");
        let languages = ["fr", "en", "es", "ar", "de", "it"];
        let edition = |language: &str| {
            let kept = relay.edition(&file.guide, language).expect("the store reads").expect("there is an edition");
            (language.to_owned(), indexed(kept.edition.clone(), language))
        };
        Guide(languages.into_iter().map(edition).collect())
    }

    /// Empty where the data is absent.
    fn of(source: Option<Source>, language: &str) -> Guide {
        let Some(source) = source else { return Guide::default() };
        let (_folder, _relay, edition) = through_the_gate(source, language);
        Guide(BTreeMap::from([(language.to_owned(), indexed(Arc::new(edition), language))]))
    }

    fn first(&self, query: &Query) -> Option<Vec<String>> {
        let (edition, index) = self.0.get(query.language)?;
        let name = |hit: &shared::search::Hit| match edition.entries.get(&hit.record).expect("found there") {
            Entry::Place(place) => place.name.clone(),
            Entry::Page(page) => page.title.text.clone(),
            Entry::Notice(notice) => notice.text.text.clone(),
        };
        Some(index.search(query.typed).iter().take(AMONG_THE_FIRST).map(name).collect())
    }
}

fn indexed(edition: Arc<Edition>, language: &str) -> (Arc<Edition>, Index) {
    let index = app::pages::index(&edition, &Locale::built_in(language));
    (edition, index)
}

#[test]
fn what_people_type_finds_what_they_mean() {
    let shelf = Shelf::new();
    let guides = BTreeMap::from([
        ("demo", Guide::demo()),
        ("paris", Guide::of(table(&shelf, "entourage_paris.toml", "fr_entourage_paris.json"), "fr")),
        ("lyon", Guide::of(table(&shelf, "entourage_lyon.toml", "fr_entourage_lyon.csv"), "fr")),
        ("berlin", Guide::of(berlin(&shelf, "de_berlin_osm_doctors.json"), "de")),
    ]);
    let queries = queries();
    assert!(queries.len() >= 60, "{}", queries.len());
    let mut missed = Vec::new();
    for query in &queries {
        let guide = &guides[query.guide];
        if guide.0.is_empty() {
            println!("not looked at, for want of the data: {} {:?}", query.guide, query.typed);
            continue;
        }
        let first = guide.first(query).unwrap_or_else(|| panic!("{} is not in {}", query.guide, query.language));
        if !first.iter().any(|name| name.contains(query.expected)) {
            missed.push(format!("{} {} {:?}: {first:?}, not {:?}", query.guide, query.language, query.typed, query.expected));
        }
    }
    assert!(missed.is_empty(), "{} of {} queries miss:\n{}", missed.len(), queries.len(), missed.join("\n"));
}
