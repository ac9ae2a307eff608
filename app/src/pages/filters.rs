//! The filters that are seldom needed, and all others, as one GET form that leads back to the list: a
//! time, an age, languages, a district. A page of its own, so that lists stay small.

use super::list::{Found, of_category, offered, spoken};
use super::{Inside, search};
use crate::components::{each, icon};
use crate::languages;
use crate::locale::Locale;
use crate::routes::{Area, Ask, At, Filter, Filters, Part, Route};
use leptos::prelude::*;
use shared::edition::{Hours, PlaceEntry};
use shared::ids::Weekday;
use shared::order::{sort_by_key, unique};
use shared::search::fold;
use std::cmp::Reverse;

/// The form for `list`, a category or a search.
pub fn page(inside: &Inside, list: &Route) -> AnyView {
    let locale = &inside.locale;
    let (places, about, query) = match list {
        Route::Category { code, .. } => (of_category(inside, code), locale.under("category.", code), ""),
        Route::Search { query, .. } => (search::places(inside, query), query.clone(), query.as_str()),
        _ => return ().into_any(),
    };
    let filters = list.filters().cloned().unwrap_or_default();
    let bare = list.filtered(&Filters::default()).at_page(1);
    let bare_href = bare.href();
    let action = bare_href.split('?').next().unwrap_or_default().to_owned();
    let query = (!query.is_empty()).then(|| view! { <input type="hidden" name="q" value=query.to_owned() /> });
    let reset = (!filters.is_empty()).then(|| {
        view! { <a class="button" href=bare_href.clone() rel="nofollow">{icon("close")} <span>{locale.text("filters.none")}</span></a> }
    });
    view! {
        <h1>{locale.text("filters.more")}</h1>
        <p class="lead"><bdi>{about}</bdi></p>
        <form class="filters" action=action method="get">
            {query}
            {areas(locale, &places, &filters)}
            {times(locale, &places, &filters)}
            {age(locale, &places, &filters)}
            {tongues(locale, &places, &filters)}
            {boxes(inside, &places, &filters)}
            <p class="quiet">{locale.text("filters.note")}</p>
            <div class="actions">
                <button type="submit" class="primary">{locale.text("filters.show")}</button>
                {reset}
            </div>
        </form>
    }
    .into_any()
}

/// Parts of towns, towns and postal codes that some places name and others do not.
fn areas(locale: &Locale, places: &[Found<'_>], filters: &Filters) -> Option<AnyView> {
    let chosen = filters.iter().find_map(|ask| match ask {
        Ask::Area(area) => Some(area.clone()),
        _ => None,
    });
    let [towns, parts, codes] = Part::ALL.map(|part| named(places, part));
    let mut all: Vec<(Area, String)> = Vec::new();
    for names in [parts, if codes.len() > towns.len() { codes } else { Vec::new() }, towns] {
        if names.len() > 1 {
            all.extend(names);
        }
    }
    // What stands in the address stays chosen, even where no place names it.
    if let Some(area) = chosen.clone().filter(|area| all.iter().all(|(one, _)| !is_same(one, area))) {
        let name = area.name.clone();
        all.push((area, name));
    }
    let option = |(area, text): (Area, String)| {
        let selected = chosen.as_ref().is_some_and(|chosen| is_same(chosen, &area));
        view! { <option value=area.code() selected=selected>{text}</option> }
    };
    (!all.is_empty()).then(|| {
        view! {
            <p class="field">
                <label for="area">{locale.text("filters.area")}</label>
                <select id="area" name="area">
                    <option value="">{locale.text("filters.any_area")}</option>
                    {each(all.into_iter().map(option))}
                </select>
            </p>
        }
        .into_any()
    })
}

fn is_same(one: &Area, other: &Area) -> bool {
    one.part == other.part && fold(&one.name) == fold(&other.name)
}

/// What places write in this part of their address, each once, by name: `38100 Grenoble (9)`.
fn named(places: &[Found<'_>], part: Part) -> Vec<(Area, String)> {
    let written = |place: &PlaceEntry| {
        let name = part.of(&place.address)?.clone();
        let town = place.address.city.clone().filter(|_| part != Part::City);
        let text: Vec<String> = [Some(name.clone()), town].into_iter().flatten().collect();
        Some((Area { part, name }, text.join(" ")))
    };
    let mut all: Vec<(Area, String)> = places.iter().filter_map(|(_, place)| written(place)).collect();
    sort_by_key(&mut all, |(area, _)| fold(&area.name));
    let mut named: Vec<(Area, String, usize)> = Vec::new();
    for (area, text) in all {
        match named.last_mut().filter(|(last, ..)| is_same(last, &area)) {
            Some((.., count)) => *count += 1,
            None => named.push((area, text, 1)),
        }
    }
    named.into_iter().map(|(area, text, count)| (area, format!("{text} ({count})"))).collect()
}

/// A weekday and a time, both or one of them, where some place has hours that can be read.
fn times(locale: &Locale, places: &[Found<'_>], filters: &Filters) -> Option<AnyView> {
    let chosen = filters.iter().find_map(|ask| match ask {
        Ask::At(at) => Some(*at),
        _ => None,
    });
    let told = places.iter().any(|(_, place)| matches!(place.hours, Some(Hours::Expanded(_))));
    let day = chosen.and_then(|at| at.day);
    let options = At::DAYS.into_iter().zip(Weekday::ALL);
    let option = |(code, weekday): (&'static str, Weekday)| {
        view! { <option value=code selected=day == Some(weekday)>{locale.weekday(weekday)}</option> }
    };
    let time = chosen.map(At::time).unwrap_or_default();
    // Both fields have one name: the address says `at=sat&at=18:00`, which means `at=sat,18:00`.
    (told || chosen.is_some()).then(|| {
        view! {
            <fieldset>
                <legend>{locale.text("filters.at")}</legend>
                <p class="field">
                    <label for="at-day">{locale.text("filters.day")}</label>
                    <select id="at-day" name="at">
                        <option value="">{locale.text("filters.any_day")}</option>
                        {each(options.map(option))}
                    </select>
                </p>
                <p class="field">
                    <label for="at-time">{locale.text("filters.time")}</label>
                    <input id="at-time" type="time" name="at" value=time />
                </p>
            </fieldset>
        }
        .into_any()
    })
}

/// An age, where some place names a limit.
fn age(locale: &Locale, places: &[Found<'_>], filters: &Filters) -> Option<AnyView> {
    let chosen = filters.iter().find_map(|ask| match ask {
        Ask::Age(years) => Some(years.to_string()),
        _ => None,
    });
    let limits = |access: &shared::record::Access| access.minimum_age.is_some() || access.maximum_age.is_some();
    let told = places.iter().any(|(_, place)| limits(&place.access));
    (told || chosen.is_some()).then(|| {
        view! {
            <p class="field">
                <label for="age">{locale.text("filters.age")}</label>
                <input id="age" type="number" name="age" inputmode="numeric" min="0" max="120" value=chosen />
            </p>
        }
        .into_any()
    })
}

/// Languages that these places name, those that most of them speak first.
fn tongues(locale: &Locale, places: &[Found<'_>], filters: &Filters) -> Option<AnyView> {
    let chosen = filters.iter().find_map(|ask| match ask {
        Ask::Speaks(tags) => Some(tags.clone()),
        _ => None,
    });
    let chosen = chosen.unwrap_or_default();
    let known: Vec<&String> = chosen.iter().chain(places.iter().flat_map(|(_, place)| spoken(place))).collect();
    let mut found = unique(known.iter().map(|tag| (*tag).clone()));
    sort_by_key(&mut found, |tag| Reverse(known.iter().filter(|known| **known == tag).count()));
    let item = |tag: String| {
        let on = chosen.contains(&tag);
        let (lang, dir, name) = (tag.clone(), languages::dir(&tag), languages::name(&tag).to_owned());
        view! { <label class="line"><input type="checkbox" name="speaks" value=tag checked=on /> <span><bdi lang=lang dir=dir>{name}</bdi></span></label> }
    };
    (!found.is_empty()).then(|| {
        view! { <fieldset><legend>{locale.text("place.languages")}</legend> {each(found.into_iter().map(item))}</fieldset> }
            .into_any()
    })
}

/// The filters that are chips on the list.
fn boxes(inside: &Inside, places: &[Found<'_>], filters: &Filters) -> Option<AnyView> {
    let locale = &inside.locale;
    let offered = offered(places, filters, inside.now);
    let item = |filter: &Filter| {
        let (on, text) = (filters.contains(*filter), locale.under("filter.", filter.code()));
        view! { <label class="line"><input type="checkbox" name="only" value=filter.code() checked=on /> {icon(pictogram(*filter))} <span>{text}</span></label> }
    };
    (!offered.is_empty()).then(|| {
        view! { <fieldset><legend>{locale.text("list.filters")}</legend> {each(offered.iter().map(item))}</fieldset> }.into_any()
    })
}

fn pictogram(filter: Filter) -> &'static str {
    match filter {
        Filter::Open => "door",
        Filter::Today => "calendar",
        Filter::WithoutPapers => "access.undocumented_ok",
        Filter::NoIdentityAsked => "access.id_check",
        Filter::Free => "access.cost.free",
        Filter::NoAppointment => "access.entry.walk_in",
        Filter::Women => "access.gender",
        Filter::Families => "access.family",
        Filter::Minors => "access.maximum_age",
        Filter::Wheelchair => "access.wheelchair",
        Filter::Remote => "access.remote",
    }
}
