//! The choice of language: each in its own script, the phone's languages first.

use super::guides::primary;
use super::phone;
use crate::components::each;
use crate::guide::Site;
use crate::languages;
use crate::routes::Route;
use leptos::prelude::*;
use shared::ids::GuideId;
use shared::order::sort_by_key;

pub fn page(site: &Site, guide: &GuideId) -> AnyView {
    let locale = site.locale.get();
    let card = site.guides.with(|guides| guides.iter().find(|card| card.id == *guide).cloned());
    let Some(card) = card else { return super::help::not_found(site, &site.route.get()) };
    let mut tags = card.languages.clone();
    let preferred = site.preferred.get();
    let rank = |tag: &String| preferred.iter().position(|one| primary(one) == primary(tag)).unwrap_or(usize::MAX);
    sort_by_key(&mut tags, rank);
    let choices = each(tags.iter().map(|tag| choice(guide, tag)));
    let several = site.guides.with(|guides| guides.len() > 1);
    let others = several.then(|| view! { <p><a href="/">{locale.text("languages.other_guides")}</a></p> });
    view! {
        <h1>{locale.text("languages.title")}</h1>
        <ul class="choices">{choices}</ul>
        {others}
        <section class="keeps">{phone::read_only(&locale)} {phone::said_of_wiping(&locale)}</section>
    }
    .into_any()
}

fn choice(guide: &GuideId, tag: &str) -> AnyView {
    let href = Route::home(guide, tag).href();
    let (lang, dir, name) = (tag.to_owned(), languages::dir(tag), languages::name(tag).to_owned());
    view! { <li><a class="choice" href=href hreflang=lang.clone() lang=lang dir=dir>{name}</a></li> }.into_any()
}
