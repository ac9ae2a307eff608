//! The app's own words in one language, read from one JSON file of `app/locales`.
//!
//! Flat keys; `{name}` stands for a value; a plural is an object by CLDR category. `"_"` holds what
//! the file says about itself. `tests/it/locales.rs` keeps the files complete, so that a key that is
//! asked for exists.

use leptos::prelude::{Get, use_context};
use shared::ids::{Day, Weekday};
use shared::json::{self, BadJson, Json, Reader};
use shared::order::Ordered;
use std::sync::Arc;

mod plural;

pub use plural::category as plural_category;

/// The readers' words, for whoever is not a browser: a browser fetches the one file it needs.
pub const BUILT_IN: [(&str, &str); TAGS.len()] = [
    ("en", include_str!("../locales/en.json")),
    ("fr", include_str!("../locales/fr.json")),
    ("es", include_str!("../locales/es.json")),
    ("pt", include_str!("../locales/pt.json")),
    ("it", include_str!("../locales/it.json")),
    ("de", include_str!("../locales/de.json")),
    ("nl", include_str!("../locales/nl.json")),
    ("ca", include_str!("../locales/ca.json")),
    ("ar", include_str!("../locales/ar.json")),
    ("fa", include_str!("../locales/fa.json")),
    ("ps", include_str!("../locales/ps.json")),
    ("tr", include_str!("../locales/tr.json")),
    ("uk", include_str!("../locales/uk.json")),
    ("ru", include_str!("../locales/ru.json")),
    ("bn", include_str!("../locales/bn.json")),
    ("ur", include_str!("../locales/ur.json")),
    ("ti", include_str!("../locales/ti.json")),
    ("am", include_str!("../locales/am.json")),
    ("so", include_str!("../locales/so.json")),
    ("wo", include_str!("../locales/wo.json")),
];

/// What members' pages say besides, in the languages of [`MEMBERS_TAGS`].
pub const BUILT_IN_FOR_MEMBERS: [(&str, &str); MEMBERS_TAGS.len()] = [
    ("en", include_str!("../locales/desk/en.json")),
    ("fr", include_str!("../locales/desk/fr.json")),
    ("es", include_str!("../locales/desk/es.json")),
    ("ar", include_str!("../locales/desk/ar.json")),
];

/// Other words by which people look for a category, in every language of the app.
const ALSO: [(&str, &str); TAGS.len()] = [
    ("en", include_str!("../locales/also/en.json")),
    ("fr", include_str!("../locales/also/fr.json")),
    ("es", include_str!("../locales/also/es.json")),
    ("pt", include_str!("../locales/also/pt.json")),
    ("it", include_str!("../locales/also/it.json")),
    ("de", include_str!("../locales/also/de.json")),
    ("nl", include_str!("../locales/also/nl.json")),
    ("ca", include_str!("../locales/also/ca.json")),
    ("ar", include_str!("../locales/also/ar.json")),
    ("fa", include_str!("../locales/also/fa.json")),
    ("ps", include_str!("../locales/also/ps.json")),
    ("tr", include_str!("../locales/also/tr.json")),
    ("uk", include_str!("../locales/also/uk.json")),
    ("ru", include_str!("../locales/also/ru.json")),
    ("bn", include_str!("../locales/also/bn.json")),
    ("ur", include_str!("../locales/also/ur.json")),
    ("ti", include_str!("../locales/also/ti.json")),
    ("am", include_str!("../locales/also/am.json")),
    ("so", include_str!("../locales/also/so.json")),
    ("wo", include_str!("../locales/also/wo.json")),
];

/// The languages of the app itself; a guide may be published in more.
pub const TAGS: [&str; 20] =
    ["en", "fr", "es", "pt", "it", "de", "nl", "ca", "ar", "fa", "ps", "tr", "uk", "ru", "bn", "ur", "ti", "am", "so", "wo"];

/// The languages of members' pages.
pub const MEMBERS_TAGS: [&str; 4] = ["en", "fr", "es", "ar"];

/// The app's language for pages in `language`: itself, the same without region, one that its readers
/// know, else English.
pub fn best_tag(language: &str) -> &'static str {
    let primary = language.split('-').next().unwrap_or(language);
    let understood = match primary {
        "prs" => "fa",
        other => other,
    };
    TAGS.into_iter().find(|tag| *tag == understood).unwrap_or("en")
}

/// The same for members' pages.
pub fn members_tag(language: &str) -> &'static str {
    let best = best_tag(language);
    MEMBERS_TAGS.into_iter().find(|tag| *tag == best).unwrap_or("en")
}

/// What stands under a key.
#[derive(Debug, Clone, PartialEq)]
enum Text {
    One(String),
    /// One for each plural category.
    Forms(Ordered<String, String>),
}

impl Json for Text {
    fn blank() -> Text {
        Text::One(String::new())
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        if json.peek() == b'"' {
            *self = Text::One(json.string().into_owned());
        } else {
            let mut forms = Ordered::blank();
            forms.read(json);
            *self = Text::Forms(forms);
        }
    }

    fn write(&self, json: &mut String) {
        match self {
            Text::One(text) => text.write(json),
            Text::Forms(forms) => forms.write(json),
        }
    }
}

/// Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct Locale {
    tag: Arc<str>,
    texts: Arc<Ordered<String, Text>>,
}

impl Locale {
    pub fn parse(tag: &str, json: &str) -> Result<Locale, BadJson> {
        let texts: Ordered<String, Text> = json::from_str(json)?;
        Ok(Locale { tag: tag.into(), texts: Arc::new(texts) })
    }

    /// With the words of another file of the same language.
    pub fn and(self, json: &str) -> Result<Locale, BadJson> {
        let more: Ordered<String, Text> = json::from_str(json)?;
        let mut texts = Arc::unwrap_or_clone(self.texts);
        texts.take_in(more);
        Ok(Locale { texts: Arc::new(texts), ..self })
    }

    /// Whether a speaker of the language has read these words over.
    pub fn is_checked(&self) -> bool {
        match self.texts.get("_") {
            Some(Text::Forms(about)) => about.get("review").is_some_and(|review| review != "machine"),
            _ => true,
        }
    }

    /// The locale for members' pages in `language`, from the built-in files.
    pub fn built_in_for_members(language: &str) -> Locale {
        let tag = members_tag(language);
        let (_, json) = BUILT_IN_FOR_MEMBERS.iter().find(|(name, _)| *name == tag).expect("every tag has its file");
        Locale::built_in(tag).and(json).expect("the files are tested")
    }

    /// The locale for pages in `language`, from the built-in files.
    pub fn built_in(language: &str) -> Locale {
        let tag = best_tag(language);
        let (_, json) = BUILT_IN.iter().find(|(name, _)| *name == tag).expect("every tag has its file");
        let (_, also) = ALSO.iter().find(|(name, _)| *name == tag).expect("every tag has its file");
        Locale::parse(tag, json).and_then(|locale| locale.and(also)).expect("the files are tested")
    }

    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// `ltr` or `rtl`.
    pub fn dir(&self) -> &'static str {
        crate::languages::dir(&self.tag)
    }

    pub fn has(&self, key: &str) -> bool {
        self.texts.get(key).is_some()
    }

    pub fn text(&self, key: &str) -> String {
        match self.texts.get(key) {
            Some(Text::One(text)) => text.clone(),
            _ => key.to_owned(),
        }
    }

    /// The text of a code: `under("category.", "health")` is the text of `category.health`. A code
    /// that this version does not know is shown as it is.
    pub fn under(&self, prefix: &str, code: &str) -> String {
        match self.texts.get(&format!("{prefix}{code}")) {
            Some(Text::One(text)) => text.clone(),
            _ => code.replace('_', " "),
        }
    }

    /// What people look for a category by: its name, and other words for it.
    pub fn searched(&self, category: &str) -> String {
        let name = self.under("category.", category);
        match self.texts.get(&format!("also.{category}")) {
            Some(Text::One(also)) => format!("{name}, {also}"),
            _ => name,
        }
    }

    /// The text with its `{name}`s filled in.
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.fill(&self.text(key), values)
    }

    /// The text for `n` things; `{n}` is the number.
    pub fn count(&self, key: &str, n: usize, values: &[(&str, &str)]) -> String {
        let form = |category: &str| match self.texts.get(key) {
            Some(Text::Forms(forms)) => forms.get(category).map(String::as_str),
            _ => None,
        };
        let template = form(plural_category(&self.tag, n)).or_else(|| form("other")).unwrap_or(key);
        let number = n.to_string();
        let values: Vec<(&str, &str)> = [("n", number.as_str())].into_iter().chain(values.iter().copied()).collect();
        self.fill(template, &values)
    }

    /// `3 November`.
    pub fn day(&self, day: Day) -> String {
        let (_, month, number) = day.civil();
        let month = self.under("month.", &month.to_string());
        let key = if number == 1 { "date.first" } else { "date.day" };
        self.with(key, &[("day", &number.to_string()), ("month", &month)])
    }

    /// `3 November 2026`.
    pub fn full_day(&self, day: Day) -> String {
        let (year, _, _) = day.civil();
        self.with("date.year", &[("date", &self.day(day)), ("year", &year.to_string())])
    }

    /// `3 November`, with the year when it is not this one.
    pub fn day_seen_from(&self, day: Day, today: Day) -> String {
        if day.civil().0 == today.civil().0 { self.day(day) } else { self.full_day(day) }
    }

    /// A wall-clock time: `9:00`, `17:30`; minutes beyond a day are the next day's.
    pub fn time(&self, minute: u16) -> String {
        let minute = if minute == 24 * 60 { minute } else { minute % (24 * 60) };
        self.isolated(&format!("{}:{:02}", minute / 60, minute % 60))
    }

    pub fn weekday(&self, weekday: Weekday) -> String {
        self.under("weekday.", &(weekday as usize + 1).to_string())
    }

    pub fn weekday_short(&self, weekday: Weekday) -> String {
        self.under("weekday_short.", &(weekday as usize + 1).to_string())
    }

    /// `0.4 MB`, `12 kB`.
    pub fn bytes(&self, bytes: u64) -> String {
        let (number, key) = if bytes < 100_000 {
            (bytes.div_ceil(1000).to_string(), "size.kb")
        } else {
            let tenths = bytes.div_ceil(100_000);
            (format!("{}{}{}", tenths / 10, self.text("size.point"), tenths % 10), "size.mb")
        };
        self.with(key, &[("n", &number)])
    }

    /// "a, b, c" with the language's comma.
    pub fn list<S: AsRef<str>>(&self, items: &[S]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(&self.text("list.comma"))
    }

    fn fill(&self, template: &str, values: &[(&str, &str)]) -> String {
        let mut pieces = template.split('{');
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let named =
                piece.split_once('}').and_then(|(name, rest)| Some((values.iter().find(|(known, _)| *known == name)?.1, rest)));
            match named {
                Some((value, rest)) => out.extend([&self.isolated(value), rest]),
                None => out.extend(["{", piece]),
            }
        }
        out
    }

    /// A value whose direction may differ from the sentence's, kept from disturbing it (Unicode
    /// bidi isolates, UAX #9). Left as it is where all of it runs left to right anyway. The direction
    /// is said outright: guessing by the first letter would pass over isolates within.
    pub fn isolated(&self, value: &str) -> String {
        let rtl = |c: char| crate::languages::is_rtl_letter(c);
        let reads_rtl = value.chars().find(|c| c.is_alphabetic()).is_some_and(rtl);
        match (self.dir(), reads_rtl) {
            (_, true) => format!("\u{2067}{value}\u{2069}"),
            ("rtl", false) => format!("\u{2066}{value}\u{2069}"),
            _ if value.chars().any(rtl) => format!("\u{2066}{value}\u{2069}"),
            _ => value.to_owned(),
        }
    }
}

/// The words of the page being rendered.
pub fn use_locale() -> Locale {
    use_context::<crate::guide::Site>().expect("pages are rendered inside a site").locale.get()
}
