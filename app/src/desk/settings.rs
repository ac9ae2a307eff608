//! What forms need to know of their guide: its languages, its country, from its settings record.

use super::ground::Desk;
use crate::guide::use_site;
use leptos::prelude::*;
use serde_json::Value;
use shared::json;
use shared::link::Trouble;

#[derive(Clone, Copy)]
pub struct Settings {
    /// The languages texts are written in, the source language first.
    pub languages: Signal<Vec<String>>,
    pub country: Signal<Option<String>>,
}

/// The settings of the desk's guide, read now and whenever they change.
pub fn follow(desk: Desk) -> Settings {
    let tree: RwSignal<Option<Value>> = RwSignal::new(None);
    let tasks = super::form::Tasks::here();
    let record = desk.guide().settings();
    let read = move || {
        tasks.run(async move {
            match desk.read(record).await {
                Ok(view) => tree.set(Some(view.tree)),
                // A workspace that has not arrived yet has no settings either: the copy for readers serves.
                Err(Trouble::NotFound | Trouble::NotJoined) => {}
                Err(trouble) => leptos::logging::warn!("the guide's settings were not read: {}", json::to_string(&trouble)),
            }
        });
    };
    Effect::new(move |seen: Option<u64>| {
        let changed = desk.changed.get();
        let open = desk.line.get() == super::ground::Line::Open;
        if open && (seen.is_none_or(|seen| seen != changed.turn && changed.concerns(&record))) {
            read();
        }
        if open { changed.turn } else { seen.unwrap_or(u64::MAX) }
    });
    let site = use_site();
    let published = move || {
        let header = site.edition.with(|edition| edition.as_ref().map(|edition| edition.guide.languages.clone()));
        header.filter(|languages| !languages.is_empty()).unwrap_or_else(|| vec![super::parts::language(&site)])
    };
    Settings {
        languages: Memo::new(move |_| tree.with(|tree| tree.as_ref().map(languages)).unwrap_or_else(published)).into(),
        country: Memo::new(move |_| tree.with(|tree| tree.as_ref().and_then(country))).into(),
    }
}

/// The source language, then the others by tag.
pub fn languages(tree: &Value) -> Vec<String> {
    let source = tree.get("source_language").and_then(Value::as_str).unwrap_or("en").to_owned();
    let flags = tree.get("languages").and_then(Value::as_object).into_iter().flatten();
    let others =
        flags.filter(|(tag, published)| published.as_bool() == Some(true) && **tag != source).map(|(tag, _)| tag.clone());
    std::iter::once(source.clone()).chain(others).collect()
}

fn country(tree: &Value) -> Option<String> {
    tree.get("country").and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_source_language_comes_first() {
        let tree = json!({"source_language": "fr", "languages": {"ar": true, "fr": true, "en": true, "de": false}});
        assert_eq!(languages(&tree), ["fr", "ar", "en"]);
        assert_eq!(languages(&json!({})), ["en"]);
    }
}
