//! The guides of this relay.

use crate::components::{each, icon};
use crate::guide::Site;
use crate::languages;
use crate::routes::Route;
use leptos::prelude::*;
use shared::wire::GuideCard;

pub fn page(site: &Site) -> AnyView {
    let locale = site.locale.get();
    let guides = site.guides.get();
    let none = guides.is_empty().then(|| view! { <p>{locale.text("guides.none")}</p> });
    let guides = each(guides.into_iter().map(|card| guide(site, card)));
    view! {
        <h1>{locale.text("guides.title")}</h1>
        <p class="lead">{locale.text("guides.lead")}</p>
        {none}
        <ul class="links">{guides}</ul>
    }
    .into_any()
}

fn guide(site: &Site, card: GuideCard) -> AnyView {
    // Straight to the page in a language that the person reads, else to the choice.
    let reads = |tag: &String| site.preferred.with(|preferred| preferred.iter().any(|one| primary(one) == primary(tag)));
    let href = match &card.languages[..] {
        [only] => Route::home(&card.id, only),
        _ => Route::Languages { guide: card.id.clone() },
    };
    let (mut yours, others): (Vec<&String>, Vec<&String>) = card.languages.iter().partition(|tag| reads(tag));
    yours.extend(others);
    let names: Vec<AnyView> = yours.into_iter().map(|tag| own_name(tag)).collect();
    view! {
        <li>
            <a class="line" href=href.href()>
                {icon("book")}
                <span>
                    <bdi>{card.name}</bdi>
                    <span class="tongues-inline">{names}</span>
                </span>
                {icon("chevron")}
            </a>
        </li>
    }
    .into_any()
}

fn own_name(tag: &str) -> AnyView {
    let (lang, dir, name) = (tag.to_owned(), languages::dir(tag), languages::name(tag).to_owned());
    view! { <span lang=lang dir=dir>{name}</span> }.into_any()
}

pub(super) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}
