//! The files of words: the same keys, placeholders and plurals in each, every key that the source
//! asks for, and none that it does not.

use app::locale::{BUILT_IN, BUILT_IN_FOR_MEMBERS, Locale, plural_category};
use serde_json::{Map, Value};
use shared::ids::{Day, Weekday};
use shared::search::fold;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

type File = (&'static str, Map<String, Value>);

fn parsed(files: &[(&'static str, &str)]) -> Vec<File> {
    files.iter().map(|(tag, json)| (*tag, serde_json::from_str(json).unwrap_or_else(|error| panic!("{tag}: {error}")))).collect()
}

/// The readers' files and the members', English first in both.
fn sets() -> [Vec<File>; 2] {
    [parsed(&BUILT_IN), parsed(&BUILT_IN_FOR_MEMBERS)]
}

fn files() -> Vec<File> {
    parsed(&BUILT_IN)
}

fn keys(texts: &Map<String, Value>) -> BTreeSet<String> {
    texts.keys().filter(|key| *key != "_").cloned().collect()
}

#[test]
fn every_file_has_the_same_keys() {
    for files in sets() {
        compare_keys(&files);
    }
}

fn compare_keys(files: &[File]) {
    let (_, english) = &files[0];
    for (tag, texts) in files {
        let missing: Vec<_> = keys(english).difference(&keys(texts)).cloned().collect();
        let extra: Vec<_> = keys(texts).difference(&keys(english)).cloned().collect();
        assert!(missing.is_empty() && extra.is_empty(), "{tag}: missing {missing:?}, extra {extra:?}");
    }
}

/// The `{name}`s of a text.
fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_text_has_the_same_placeholders_and_the_plurals_of_its_language() {
    for files in sets() {
        compare_forms(&files);
    }
}

fn compare_forms(files: &[File]) {
    let (_, english) = &files[0];
    for (tag, texts) in files {
        let needed: BTreeSet<&str> = (0..200).map(|n| plural_category(tag, n)).chain(["other"]).collect();
        for (key, text) in texts.iter().filter(|(key, _)| *key != "_") {
            let model = &english[key];
            match (text, model) {
                (Value::String(text), Value::String(model)) => assert_eq!(placeholders(text), placeholders(model), "{tag} {key}"),
                (Value::Object(forms), Value::Object(_)) => {
                    let present: BTreeSet<&str> = forms.keys().map(String::as_str).collect();
                    assert_eq!(present, needed, "{tag} {key}");
                }
                _ => panic!("{tag} {key}: a plural here, a text there"),
            }
        }
    }
}

#[test]
fn no_text_is_empty() {
    for (tag, texts) in sets().into_iter().flatten() {
        let empty: Vec<_> = texts.iter().filter(|(_, text)| text.as_str().is_some_and(|text| text.trim().is_empty())).collect();
        assert!(empty.is_empty(), "{tag}: {empty:?}");
    }
}

/// All string literals of the app's source, its unit tests left out: those name fields of records.
fn literals(folder: &Path, out: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the source is here").flatten() {
        let path = entry.path();
        if path.is_dir() {
            literals(&path, out);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("source is text");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            out.extend(text.split('"').skip(1).map(str::to_owned));
        }
    }
}

/// The keys that a text of the source may mean: itself, or what it is the beginning of.
fn means(literal: &str, key: &str) -> bool {
    let prefix = |start: &str| start.len() > 3 && start.ends_with('.') && key.starts_with(start);
    // `access.cost` names a pictogram and, with a dot, the prefix of its answers.
    let stem = |literal: &str| literal.contains('.') && key.strip_prefix(literal).is_some_and(|rest| rest.starts_with('.'));
    literal == key || prefix(literal) || stem(literal) || literal.split_once('{').is_some_and(|(start, _)| prefix(start))
}

#[test]
fn every_key_in_the_source_exists_and_every_key_is_used() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut literals_found = BTreeSet::new();
    literals(&source, &mut literals_found);
    // The relay's own page for when there is nothing else to show.
    literals(&source.join("../../server/src/pages"), &mut literals_found);
    let [readers, members] = sets().map(|files| keys(&files[0].1));
    assert!(readers.is_disjoint(&members), "said twice: {:?}", readers.intersection(&members).collect::<Vec<_>>());
    let all: BTreeSet<String> = readers.union(&members).cloned().collect();
    let families: BTreeSet<&str> = all.iter().filter_map(|key| key.split_once('.')).map(|(family, _)| family).collect();
    let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let is_key = |text: &String| {
        let mut parts = text.split('.');
        parts.next().is_some_and(|family| families.contains(family)) && text.contains('.') && parts.all(word)
    };
    let icons = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("icons.txt")).expect("the icons' list");
    let unknown: Vec<_> = literals_found
        .iter()
        .filter(|text| is_key(text) && !all.iter().any(|key| means(text, key)) && !icons.contains(text.as_str()))
        .filter(|text| !text.ends_with(".css"))
        .collect();
    assert!(unknown.is_empty(), "asked for, but in no file: {unknown:?}");
    let unused: Vec<_> = all.iter().filter(|key| !literals_found.iter().any(|literal| means(literal, key))).collect();
    assert!(unused.is_empty(), "in the files, but never asked for: {unused:?}");
}

/// A reader's program fetches the readers' file alone.
#[test]
fn readers_pages_say_nothing_from_the_members_file() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut said = BTreeSet::new();
    for folder in ["pages", "components"] {
        literals(&source.join(folder), &mut said);
    }
    let [readers, members] = sets().map(|files| keys(&files[0].1));
    let strange: Vec<_> = members.iter().filter(|key| said.contains(*key) && !readers.contains(*key)).collect();
    assert!(strange.is_empty(), "{strange:?}");
}

/// Against a table made from CLDR.
#[test]
fn plurals_are_those_of_cldr() {
    let cldr: Map<String, Value> = serde_json::from_str(include_str!("../fixtures/plurals.json")).expect("the table is JSON");
    for (tag, _) in BUILT_IN {
        let runs: Vec<(usize, usize, String)> = serde_json::from_value(cldr[tag].clone()).expect("runs of a category");
        assert!(!runs.is_empty(), "{tag}");
        for (from, to, category) in runs {
            for n in from..=to {
                assert_eq!(plural_category(tag, n), category, "{tag} {n}");
            }
        }
    }
}

#[test]
fn every_category_has_a_name() {
    for (tag, texts) in files() {
        let missing: Vec<String> =
            shared::categories::codes().filter(|code| !texts.contains_key(&format!("category.{code}"))).collect();
        assert!(missing.is_empty(), "{tag}: {missing:?}");
    }
}

/// The other words by which people look for a category, from the language's file.
fn other_words(tag: &str) -> Map<String, Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/also").join(format!("{tag}.json"));
    let json = fs::read_to_string(path).unwrap_or_else(|error| panic!("{tag}: {error}"));
    serde_json::from_str(&json).unwrap_or_else(|error| panic!("{tag}: {error}"))
}

#[test]
fn categories_have_other_words_in_every_language() {
    for (tag, texts) in files() {
        let built_in = Locale::built_in(tag);
        for (key, words) in other_words(tag) {
            let code = key.strip_prefix("also.").unwrap_or_else(|| panic!("{tag} {key}: not of this file"));
            let name = texts.get(&format!("category.{code}")).and_then(Value::as_str);
            let name = name.unwrap_or_else(|| panic!("{tag} {key}: no such category"));
            let words = words.as_str().unwrap_or_else(|| panic!("{tag} {key}: not a text"));
            assert_eq!(built_in.searched(code), format!("{name}, {words}"), "{tag} {key}: not what is built in");
            let words: Vec<String> = words.split(',').map(|word| fold(word.trim())).collect();
            assert!(words.iter().all(|word| !word.is_empty()), "{tag} {key}: nothing between commas");
            assert!(!words.contains(&fold(name)), "{tag} {key}: the category's own name");
        }
    }
}

fn day(year: i32, month: u32, number: u32) -> Day {
    Day::new(year, month, number).expect("a day")
}

#[test]
fn days_times_and_counts_are_said_as_people_say_them() {
    let [english, french, spanish, arabic] = ["en", "fr", "es", "ar"].map(Locale::built_in);
    assert_eq!(english.day(day(2026, 11, 3)), "3 November");
    assert_eq!(french.day(day(2026, 11, 1)), "1er novembre");
    assert_eq!(spanish.full_day(day(2026, 11, 3)), "3 de noviembre de 2026");
    assert_eq!(english.time(17 * 60 + 5), "17:05");
    assert_eq!(english.time(24 * 60 + 90), "1:30");
    assert_eq!(english.weekday(Weekday::Sunday), "Sunday");
    assert_eq!(french.count("list.count", 0, &[]), "0 lieu");
    assert_eq!(english.count("list.count", 0, &[]), "0 places");
    assert_eq!(arabic.count("list.count", 2, &[]), "مكانان");
    assert_eq!(arabic.count("list.count", 11, &[]), "\u{2066}11\u{2069} مكاناً");
    assert_eq!(french.bytes(412_000), "0,5 Mo");
}

#[test]
fn values_do_not_disturb_the_direction_of_a_sentence() {
    let arabic = Locale::built_in("ar");
    assert_eq!(arabic.isolated("+32 4 222"), "\u{2066}+32 4 222\u{2069}");
    assert!(arabic.isolated(&arabic.day(day(2026, 11, 3))).starts_with('\u{2067}'), "a day within is right to left");
    assert_eq!(Locale::built_in("fr").isolated("Liège 12"), "Liège 12");
}
