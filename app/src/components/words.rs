//! Texts of the guide, with what a reader must know about them: another language than the page's, a
//! translation that is out of date, a machine's.

use super::each;
use crate::guide::use_site;
use crate::languages;
use crate::locale::use_locale;
use leptos::prelude::*;
use shared::edition::Words;

/// The language a text is in, when it is not the one of the page around it.
fn other_language(words: &Words) -> Option<String> {
    let page = use_locale();
    let edition = use_site().edition.get().map(|edition| edition.language.clone());
    words.language.clone().or(edition).filter(|tag| tag != page.tag())
}

/// A text within a line.
pub fn said(words: &Words) -> AnyView {
    let lang = other_language(words);
    let dir = lang.as_deref().map(languages::dir);
    view! { <bdi lang=lang dir=dir>{words.text.clone()}</bdi> }.into_any()
}

/// A text of one or several paragraphs, with its remarks.
pub fn passage(words: &Words) -> AnyView {
    view! { {paragraphs(words)} {remark(words).map(remarked)} }.into_any()
}

/// A text whose remarks are made elsewhere.
pub fn paragraphs(words: &Words) -> AnyView {
    let lang = other_language(words);
    let dir = lang.as_deref().map(languages::dir);
    let lines: Vec<&str> = words.text.lines().map(str::trim).collect();
    let paragraphs = lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty());
    let paragraphs = each(paragraphs.map(|lines| view! { <p>{lines.join("\n")}</p> }));
    view! { <div class="prose" lang=lang dir=dir>{paragraphs}</div> }.into_any()
}

pub fn remarked(remark: String) -> AnyView {
    view! { <p class="remark">{remark}</p> }.into_any()
}

/// That a text is in another language than the page, out of date, or a machine's.
pub fn remark(words: &Words) -> Option<String> {
    let locale = use_locale();
    let page = use_site().edition.get().map(|edition| edition.language.clone()).unwrap_or_default();
    let other = words.language.as_ref().is_some_and(|tag| *tag != page);
    let not_yet = other.then(|| locale.with("words.not_yet", &[("language", languages::name(&page))]));
    let translated = match words {
        Words { outdated: true, .. } => Some(locale.text("words.outdated")),
        Words { machine: true, .. } => Some(locale.text("words.machine")),
        _ => None,
    };
    let remarks: Vec<String> = not_yet.into_iter().chain(translated).collect();
    (!remarks.is_empty()).then(|| remarks.join(" · "))
}
