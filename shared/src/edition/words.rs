//! Which of a text's languages a reader gets, and what must be said about it.

use super::Words;
use crate::edit::fingerprint;
use crate::record::{Translated, Translation};
use crate::schema::is_language;

/// The languages of one projection.
#[derive(Clone, Copy)]
pub(super) struct Tongues<'a> {
    /// The one asked for.
    pub wanted: &'a str,
    /// Those to which the guide has it fall back first.
    pub chain: &'a [&'a str],
    /// The guide's own, in which texts are written first.
    pub source: &'a str,
    /// All that the guide is published in, in its order.
    pub published: &'a [String],
}

impl Tongues<'_> {
    /// The text in the wanted language, else in a variant of it, else along the guide's chain, else in
    /// its source language, else in any. `None` when nobody has written anything.
    pub fn words(&self, texts: &Translated) -> Option<Words> {
        let (language, translation) = self.choose(texts)?;
        Some(Words {
            text: translation.text.trim().to_owned(),
            language: (language != self.wanted).then(|| language.to_owned()),
            outdated: self.is_outdated(texts, language, translation),
            machine: translation.origin.as_deref() == Some("machine"),
        })
    }

    /// The text in the guide's source language.
    pub fn source_text<'t>(&self, texts: &'t Translated) -> Option<&'t str> {
        texts.get(self.source).map(|translation| translation.text.trim()).filter(|text| !text.is_empty())
    }

    fn choose<'t>(&self, texts: &'t Translated) -> Option<(&'t str, &'t Translation)> {
        let written = || texts.iter().filter(|(_, translation)| !translation.text.trim().is_empty());
        let after = self.chain.len() + 2;
        let rank = |language: &str| match self.chain.iter().position(|known| *known == language) {
            _ if language == self.wanted => 0,
            _ if primary(language) == primary(self.wanted) => 1,
            Some(place) => 2 + place,
            None if language == self.source => after,
            None => after + 1 + self.published.iter().position(|known| known == language).unwrap_or(self.published.len()),
        };
        // Of equals the first by tag: `min_by_key` keeps it, and the map is sorted.
        written().min_by_key(|(language, _)| rank(language)).map(|(language, translation)| (language.as_str(), translation))
    }

    fn is_outdated(&self, texts: &Translated, language: &str, translation: &Translation) -> bool {
        let source = texts.get(self.source).map(|source| &source.text);
        match (&translation.source_hash, source) {
            (Some(made_from), Some(source)) => language != self.source && *made_from != fingerprint(source),
            _ => false,
        }
    }
}

/// The languages to which `wanted` falls back, in their order, as a guide's settings say it: chains with
/// commas between them, each begun by the language it is for, or by `*` for all that have none.
///
/// ```
/// let said = "ti > am > en, wo > fr, * > en";
/// assert_eq!(shared::edition::chain(said, "ti"), ["am", "en"]);
/// assert_eq!(shared::edition::chain(said, "ur"), ["en"]);
/// ```
pub fn chain<'a>(said: &'a str, wanted: &str) -> Vec<&'a str> {
    let tags = |chain: &'a str| chain.split('>').map(str::trim);
    let of = |first: &str| said.split(',').find(|chain| tags(chain).next() == Some(first));
    let chain = of(wanted).or_else(|| of(primary(wanted))).or_else(|| of("*"));
    chain.into_iter().flat_map(|chain| tags(chain).skip(1)).filter(|tag| is_language(tag)).collect()
}

/// `pt` of `pt-BR`.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// A line without the space around it; `None` when nothing remains.
pub(super) fn line(text: &Option<String>) -> Option<String> {
    let text = text.as_deref()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An address that a link may lead to: the web and nothing else. What has no scheme gets `https`.
pub(super) fn link(text: &Option<String>) -> Option<String> {
    let text = line(text)?;
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    match text.split_once(':') {
        Some((scheme, rest)) if matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") => {
            rest.starts_with("//").then_some(text)
        }
        Some((before, _)) if before.contains('.') || before.contains('/') => Some(format!("https://{text}")),
        Some(_) => None,
        None => text.contains('.').then(|| format!("https://{}", text.trim_start_matches('/'))),
    }
}
