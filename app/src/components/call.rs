//! Telephone numbers that can be tapped.

use super::{icon, said};
use crate::languages;
use crate::locale::use_locale;
use leptos::prelude::*;
use shared::edition::PhoneEntry;

/// The `tel:` address of a number as people write it (RFC 3966: visual separators may go).
pub fn tel(number: &str) -> String {
    let kept = |c: &char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#');
    format!("tel:{}", number.chars().filter(kept).collect::<String>())
}

/// All numbers of a place.
pub fn phones(phones: &[PhoneEntry]) -> AnyView {
    let phones = phones.iter().filter(|phone| !phone.number.is_empty());
    view! { <ul class="phones">{phones.map(phone).collect_view()}</ul> }.into_any()
}

fn phone(phone: &PhoneEntry) -> AnyView {
    let locale = use_locale();
    let kind = phone.kind.as_ref().filter(|kind| *kind != "voice").map(|kind| locale.under("phone.", kind));
    let channels = phone.channels.iter().filter(|channel| *channel != "call").map(|channel| locale.under("channel.", channel));
    let spoken = phone.languages.iter().map(|tag| languages::name(tag).to_owned());
    let remarks: Vec<String> = kind.into_iter().chain(channels).chain(spoken).collect();
    let remarks = (!remarks.is_empty()).then(|| view! { <span class="quiet">{locale.list(&remarks)}</span> });
    let description = phone.description.as_ref().map(|words| view! { <span class="quiet">{said(words)}</span> });
    view! {
        <li>
            <a class="line" href=tel(&phone.number)>
                {icon("call")} <bdi dir="ltr">{phone.number.clone()}</bdi>
            </a>
            {description}
            {remarks}
        </li>
    }
    .into_any()
}
