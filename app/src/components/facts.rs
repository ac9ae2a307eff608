//! "Can I go?": who can come and how, each fact a pictogram and words. What is not known says
//! "ask first" where it matters most, and is never shown as "no".

use super::{each, icon};
use crate::locale::{Locale, use_locale};
use leptos::prelude::*;
use shared::record::{Access, Flags};

/// How a fact weighs for someone who wonders whether to go.
#[derive(Clone, Copy)]
enum Tone {
    Good,
    Plain,
    Ask,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Good => "fact good",
            Tone::Plain => "fact",
            Tone::Ask => "fact ask",
        }
    }
}

struct Fact {
    tone: Tone,
    icon: String,
    text: String,
}

/// What decides whether one can go.
pub fn facts(access: &Access) -> AnyView {
    let locale = use_locale();
    let mut facts = papers(&locale, access);
    facts.extend(people(&locale, access));
    list(facts)
}

/// What makes it easier, where anything is known to.
pub fn ease(access: &Access) -> Option<AnyView> {
    let facts = comforts(&use_locale(), access);
    (!facts.is_empty()).then(|| list(facts))
}

fn list(facts: Vec<Fact>) -> AnyView {
    let facts = facts
        .into_iter()
        .map(|Fact { tone, icon: name, text }| view! { <li class=tone.class()>{icon(&name)} <span>{text}</span></li> });
    view! { <ul class="facts">{each(facts)}</ul> }.into_any()
}

/// Papers, identity, appointment, cost: always told, as they decide most.
fn papers(locale: &Locale, access: &Access) -> Vec<Fact> {
    let flag = |value: bool| if value { "yes" } else { "no" };
    let undocumented = access.undocumented_ok.map(flag);
    let shares = access.data_shared_with_authorities.map(flag);
    let mut facts = Vec::new();
    if let Some(welcome) = &access.welcome {
        let tone = if welcome == "unconditional" { Tone::Good } else { Tone::Plain };
        facts.push(Fact { tone, icon: "access.welcome".into(), text: locale.under("access.welcome.", welcome) });
    }
    facts.push(asked(locale, "access.undocumented_ok", undocumented, &["yes"]));
    facts.push(asked(locale, "access.id_check", access.id_check.as_deref(), &["none", "name_only"]));
    facts.push(asked(locale, "access.entry", access.entry.as_deref(), &["walk_in"]));
    facts.push(asked(locale, "access.cost", access.cost.as_deref(), &["free"]));
    if shares.is_some() {
        facts.push(asked(locale, "access.data_shared_with_authorities", shares, &["no"]));
    }
    facts
}

/// A fact that is told even when it is not known.
fn asked(locale: &Locale, name: &str, value: Option<&str>, good: &[&str]) -> Fact {
    let text = locale.under(&format!("{name}."), value.unwrap_or("unknown"));
    let tone = match value {
        None => Tone::Ask,
        Some(value) if good.contains(&value) => Tone::Good,
        Some(_) => Tone::Plain,
    };
    let own = value.map(|value| format!("{name}.{value}"));
    let drawn = [
        "access.entry.walk_in",
        "access.entry.appointment",
        "access.entry.registration",
        "access.entry.referral",
        "access.cost.free",
    ];
    let icon = own.filter(|own| drawn.contains(&own.as_str())).unwrap_or_else(|| name.to_owned());
    Fact { tone, icon, text }
}

/// For whom: only what is known.
fn people(locale: &Locale, access: &Access) -> Vec<Fact> {
    let plain = |icon: &str, text: String| Fact { tone: Tone::Plain, icon: icon.to_owned(), text };
    let mut facts = Vec::new();
    facts.extend(gender(locale, &access.gender).map(|text| plain("access.gender", text)));
    facts.extend(named(locale, "access.family.", &access.family).map(|text| plain("access.family", text)));
    facts.extend(named(locale, "access.focus.", &access.focus).map(|text| plain("access.focus", text)));
    facts.extend(ages(locale, access).map(|text| plain("access.minimum_age", text)));
    facts
}

fn gender(locale: &Locale, flags: &Flags) -> Option<String> {
    only(flags).map(|key| locale.text(key)).or_else(|| named(locale, "access.gender.", flags))
}

/// The words for a place that is for women or for men alone.
pub(super) fn only(flags: &Flags) -> Option<&'static str> {
    let is = |code: &str| flags.get(code).copied();
    match (is("women"), is("men"), is("nonbinary")) {
        (.., Some(true)) => None,
        (Some(true), Some(false), _) => Some("access.gender.only_women"),
        (Some(false), Some(true), _) => Some("access.gender.only_men"),
        _ => None,
    }
}

fn named(locale: &Locale, prefix: &str, flags: &Flags) -> Option<String> {
    let names: Vec<String> = flags.iter().filter(|(_, yes)| **yes).map(|(code, _)| locale.under(prefix, code)).collect();
    (!names.is_empty()).then(|| locale.list(&names))
}

fn ages(locale: &Locale, access: &Access) -> Option<String> {
    let number = |age: u8| age.to_string();
    Some(match (access.minimum_age.map(number), access.maximum_age.map(number)) {
        (Some(from), Some(to)) => locale.with("access.age.between", &[("from", &from), ("to", &to)]),
        (Some(from), None) => locale.with("access.age.from", &[("n", &from)]),
        (None, Some(to)) => locale.with("access.age.to", &[("n", &to)]),
        (None, None) => return None,
    })
}

/// What makes it easier: only what is there.
fn comforts(locale: &Locale, access: &Access) -> Vec<Fact> {
    let wheelchair = access.wheelchair.as_ref().map(|value| Fact {
        tone: Tone::Plain,
        icon: "access.wheelchair".into(),
        text: locale.under("access.wheelchair.", value),
    });
    let flags = [
        ("access.remote", access.remote),
        ("access.anonymous", access.anonymous),
        ("access.childcare", access.childcare),
        ("access.animals", access.animals),
        ("access.luggage", access.luggage),
        ("access.heated", access.heated),
        ("access.cooled", access.cooled),
    ];
    let there = flags.into_iter().filter(|(_, value)| *value == Some(true));
    let there =
        there.map(|(name, _)| Fact { tone: Tone::Plain, icon: name.into(), text: locale.under(&format!("{name}."), "yes") });
    wheelchair.into_iter().chain(there).collect()
}
