//! This copy: how old it is, keeping it on the phone or removing it, languages, where its facts come
//! from, and what is stored, in plain words.

use super::Inside;
use super::place::{host, is_web};
use crate::components::{each, icon, tel};
use crate::guide::{Keeping, Site, use_site};
use crate::languages;
use crate::locale::Locale;
use crate::routes::Route;
use leptos::prelude::*;
use shared::record::Attribution;

pub fn page(inside: &Inside) -> AnyView {
    let locale = &inside.locale;
    let edition = &inside.edition;
    let (day, time) = (locale.full_day(edition.published.day), locale.time(edition.published.minute));
    let date = locale.with("about.date", &[("day", &day), ("time", &time)]);
    let phone = Route::phone(&inside.guide, &inside.language).href();
    let holds = locale.count("about.holds", edition.listed().count(), &[]);
    view! {
        <h1>{locale.text("about.title")}</h1>
        <p>{date} {" "} {holds}</p>
        <section>
            <h2>{locale.text("about.phone")}</h2>
            {keeping(inside)}
        </section>
        <section>
            <h2>{locale.text("about.stored")}</h2>
            <ul class="said">{stored(locale)}</ul>
            <p><a class="button" href=phone>{icon("lock")} <span>{locale.text("phone.title")}</span></a></p>
        </section>
        <section>
            <h2>{locale.text("about.languages")}</h2>
            <ul class="tongues">{tongues(inside)}</ul>
            {wording(inside)}
        </section>
        {reading(locale)}
        {contact(inside)}
        {sources(inside)}
        <p class="quiet">{locale.text("about.software")}</p>
    }
    .into_any()
}

/// The size of letters and more contrast, which `boot.js` sets and keeps on the phone.
fn reading(locale: &Locale) -> AnyView {
    let button = |step: &'static str, name: &'static str, key: &str| {
        view! { <button type="button" class="button" data-letters=step>{icon(name)} <span>{locale.text(key)}</span></button> }
    };
    view! {
        <section class="letters">
            <h2>{locale.text("read.size")}</h2>
            <div class="actions">{button("-1", "remove", "read.smaller")} {button("1", "add", "read.larger")}</div>
            <button type="button" class="button contrast" data-contrast="">
                {icon("contrast")} <span class="more">{locale.text("read.contrast")}</span> <span class="usual">{locale.text("read.contrast_usual")}</span>
            </button>
        </section>
    }
    .into_any()
}

fn stored(locale: &Locale) -> Vec<AnyView> {
    let keys = ["about.stored_copy", "about.stored_saved", "about.stored_nothing", "about.stored_seen"];
    keys.into_iter().map(|key| view! { <li>{locale.text(key)}</li> }.into_any()).collect()
}

/// What is kept, and the buttons to keep, refresh and remove it where the app runs.
fn keeping(inside: &Inside) -> AnyView {
    let (site, locale) = (use_site(), inside.locale.clone());
    if site.hands.get_untracked().keep.is_none() {
        return without_app(inside);
    }
    let state = move || {
        let keeping = site.keeping.get();
        view! { <p role="status">{line(&locale, &keeping)}</p> {progress(&locale, &keeping)} {buttons(&site, &locale, &keeping)} }
    };
    state.into_any()
}

/// Before the app runs. On a data-saver connection it only comes when asked for: by this link, which
/// the start-up script waits for (see `boot.js`).
fn without_app(inside: &Inside) -> AnyView {
    let locale = &inside.locale;
    let href = Route::about(&inside.guide, &inside.language).href();
    view! {
        <p class="not-sparing">{locale.text("about.needs_script")}</p>
        <a class="button primary sparing" href=href data-keep="">{icon("download")} <span>{locale.text("about.keep")}</span></a>
    }
    .into_any()
}

fn line(locale: &Locale, keeping: &Keeping) -> String {
    match keeping {
        Keeping::No { bytes: Some(bytes) } => {
            format!("{} {}.", locale.text("about.not_kept"), locale.with("about.size", &[("size", &locale.bytes(*bytes))]))
        }
        Keeping::No { bytes: None } => locale.text("about.not_kept"),
        Keeping::Working { .. } => locale.text("about.working"),
        Keeping::Kept { bytes, day } => locale.with("about.kept", &[("day", &locale.day(*day)), ("size", &locale.bytes(*bytes))]),
        Keeping::Failed { full: true } => locale.text("about.full"),
        Keeping::Failed { full: false } => locale.text("about.failed"),
    }
}

fn progress(locale: &Locale, keeping: &Keeping) -> Option<AnyView> {
    let Keeping::Working { done, total } = keeping else { return None };
    let label = locale.text("about.working");
    Some(match total {
        Some(total) => view! { <progress aria-label=label value=done.to_string() max=total.to_string()></progress> }.into_any(),
        None => view! { <progress aria-label=label></progress> }.into_any(),
    })
}

fn buttons(site: &Site, locale: &Locale, state: &Keeping) -> AnyView {
    let hands = site.hands.get();
    let kept = matches!(state, Keeping::Kept { .. });
    let busy = matches!(state, Keeping::Working { .. });
    let key = if kept { "about.again" } else { "about.keep" };
    let keep = hands.keep.filter(|_| !busy).map(|keep| {
        let (class, name) = if kept { ("button", "refresh") } else { ("button primary", "download") };
        view! { <button type="button" class=class on:click=move |_| keep.run(())>{icon(name)} <span>{locale.text(key)}</span></button> }
    });
    let remove = hands.remove.filter(|_| kept).map(|remove| {
        view! { <button type="button" class="button" on:click=move |_| remove.run(())>{icon("trash")} <span>{locale.text("about.remove")}</span></button> }
    });
    view! { <div class="actions">{keep} {remove}</div> }.into_any()
}

fn tongues(inside: &Inside) -> Vec<AnyView> {
    let one = |tag: &String| {
        let href = Route::about(&inside.guide, tag).href();
        let current = (*tag == inside.language).then_some("true");
        let (lang, dir, name) = (tag.clone(), languages::dir(tag), languages::name(tag).to_owned());
        view! { <li><a class="chip" href=href hreflang=lang.clone() lang=lang dir=dir aria-current=current>{name}</a></li> }
            .into_any()
    };
    inside.edition.guide.languages.iter().map(one).collect()
}

/// Whether a speaker has read the app's own words over, and whom to tell of a wrong one.
fn wording(inside: &Inside) -> AnyView {
    let locale = &inside.locale;
    let contact = &inside.edition.guide.contact;
    let email = contact.email.as_ref().map(|email| {
        let subject = crate::routes::encode(&format!("Socle, {}", locale.tag())).replace('+', "%20");
        format!("mailto:{email}?subject={subject}")
    });
    let to = email.or_else(|| contact.url.clone().filter(|url| is_web(url))).or_else(|| contact.phone.as_deref().map(tel));
    let report = to.map(|to| view! { <a href=to rel="noreferrer">{locale.text("words.report")}</a> });
    let said = locale.text(if locale.is_checked() { "words.checked" } else { "words.interface" });
    view! { <p class="quiet">{said} {" "} {report}</p> }.into_any()
}

fn contact(inside: &Inside) -> Option<AnyView> {
    let contact = &inside.edition.guide.contact;
    let phone = contact.phone.clone().map(|phone| {
        view! { <li><a class="line" href=tel(&phone)>{icon("call")} <bdi dir="ltr">{phone.clone()}</bdi></a></li> }
    });
    let email = contact.email.clone().map(|email| {
        view! { <li><a class="line" href=format!("mailto:{email}")>{icon("mail")} <bdi dir="ltr">{email.clone()}</bdi></a></li> }
    });
    let web = contact.url.clone().filter(|url| is_web(url)).map(|url| {
        view! { <li><a class="line" href=url.clone() rel="noreferrer">{icon("web")} <bdi dir="ltr">{host(&url)}</bdi></a></li> }
    });
    (phone.is_some() || email.is_some() || web.is_some()).then(|| {
        view! { <section><h2>{inside.locale.text("about.contact")}</h2> <ul class="links">{phone} {email} {web}</ul></section> }.into_any()
    })
}

fn sources(inside: &Inside) -> AnyView {
    let locale = &inside.locale;
    let items = each(inside.edition.guide.attribution.iter().map(|one| attribution(locale, one)));
    view! {
        <section>
            <h2>{locale.text("about.sources")}</h2>
            <p>{locale.text("about.own")}</p>
            <ul class="sources">{items}</ul>
        </section>
    }
    .into_any()
}

fn attribution(locale: &Locale, source: &Attribution) -> AnyView {
    let url = source.url.clone().filter(|url| is_web(url));
    let name = source.name.clone().or_else(|| url.as_deref().map(host)).unwrap_or_default();
    let name = match url {
        Some(url) => view! { <a href=url rel="noreferrer"><bdi>{name}</bdi></a> }.into_any(),
        None => view! { <bdi>{name}</bdi> }.into_any(),
    };
    let licence = source
        .licence
        .as_ref()
        .map(|licence| view! { <span class="quiet">{locale.with("about.licence", &[("licence", licence)])}</span> });
    view! { <li>{name} {licence}</li> }.into_any()
}
