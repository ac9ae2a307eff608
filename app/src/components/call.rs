//! Telephone numbers that can be tapped: each does what its line can, a call or a message.

use super::{each, icon, said};
use crate::languages;
use crate::locale::use_locale;
use leptos::prelude::*;
use shared::edition::PhoneEntry;
use shared::search::fold;

/// The `tel:` address of a number as people write it (RFC 3966: visual separators may go).
pub fn tel(number: &str) -> String {
    format!("tel:{}", dialled(number))
}

/// The `sms:` address of a number (RFC 5724).
pub fn sms(number: &str) -> String {
    format!("sms:{}", dialled(number))
}

/// `+33 (0)4 76 …`: the zero in brackets is for calls within a country; in Italy it belongs to the number.
fn dialled(number: &str) -> String {
    let mut number = fold(number);
    let (country, rest) = number.split_once("(0)").unwrap_or_default();
    let country: String = country.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    if (country.starts_with('+') || country.starts_with("00")) && !country.ends_with("39") {
        number = country + rest;
    }
    number.chars().filter(|c| c.is_ascii_digit() || matches!(c, '+' | '*' | '#')).collect()
}

/// Whether somebody answers who calls there. A line that does not say what it is for is called.
pub fn calls(phone: &PhoneEntry) -> bool {
    let says = !phone.channels.is_empty();
    !phone.number.is_empty() && if says { through(phone, "call") } else { !matches!(phone.kind.as_deref(), Some("fax" | "text")) }
}

/// Whether text messages are read there.
pub fn reads(phone: &PhoneEntry) -> bool {
    !phone.number.is_empty() && (through(phone, "sms") || phone.kind.as_deref() == Some("text"))
}

fn through(phone: &PhoneEntry, channel: &str) -> bool {
    phone.channels.iter().any(|one| one == channel)
}

/// All numbers of a place.
pub fn phones(phones: &[PhoneEntry]) -> AnyView {
    let phones = phones.iter().filter(|phone| !phone.number.is_empty());
    view! { <ul class="phones">{each(phones.map(phone))}</ul> }.into_any()
}

fn phone(phone: &PhoneEntry) -> AnyView {
    let locale = use_locale();
    let kind = phone.kind.as_ref().filter(|kind| *kind != "voice").map(|kind| locale.under("phone.", kind));
    let linked = |channel: &&String| matches!(channel.as_str(), "call" | "sms");
    let channels = phone.channels.iter().filter(|channel| !linked(channel)).map(|channel| locale.under("channel.", channel));
    let spoken = phone.languages.iter().map(|tag| languages::name(tag).to_owned());
    let remarks: Vec<String> = kind.into_iter().chain(channels).chain(spoken).collect();
    let remarks = (!remarks.is_empty()).then(|| view! { <span class="quiet">{locale.list(&remarks)}</span> });
    let description = phone.description.as_ref().map(|words| view! { <span class="quiet">{said(words)}</span> });
    let number = || view! { <bdi dir="ltr">{phone.number.clone()}</bdi> };
    let call = calls(phone).then(|| view! { <a class="line" href=tel(&phone.number)>{icon("call")} {number()}</a> });
    let write = reads(phone).then(|| {
        let label = locale.text("channel.sms");
        view! { <a class="line" href=sms(&phone.number)>{icon("message")} {number()} <span class="quiet">{label}</span></a> }
    });
    // A fax: to be known, not to be tapped.
    let neither = (call.is_none() && write.is_none()).then(|| view! { <p class="line">{icon("note")} {number()}</p> });
    view! {
        <li>
            {call} {write} {neither}
            {description}
            {remarks}
        </li>
    }
    .into_any()
}
