//! The HTML document around the pages: rendered by the relay for every address, and once without
//! content (`/shell`) for a phone that starts with no network.
//!
//! Everything the relay knows comes in a [`PageRequest`]; nothing here reads a clock or a store. No
//! inline script or style: the relay's content security policy forbids them.

use crate::assets::Assets;
use crate::components::NEUTRAL;
use crate::guide::{Copy, Hands, Keeping, Near, Site};
use crate::languages;
use crate::locale::Locale;
use crate::pages::{self, App, Indexed};
use crate::routes::Route;
use leptos::prelude::*;
use shared::edition::Edition;
use shared::ids::Moment;
use shared::search::Index;
use shared::wire::GuideCard;
use std::sync::Arc;

/// What a page is rendered from.
pub struct PageRequest {
    pub route: Route,
    /// The route's guide in the route's language; none where the relay has no such thing.
    pub edition: Option<Arc<Edition>>,
    pub guides: Vec<GuideCard>,
    /// See [`Locale::built_in`] and [`language`].
    pub locale: Locale,
    /// In the guide's time zone.
    pub now: Moment,
    pub assets: Assets,
    /// Where the relay is reached, `https://example.org`, without a slash at the end.
    pub origin: String,
    /// From `Accept-Language`, most preferred first, see [`accepted`].
    pub accept_languages: Vec<String>,
    /// About how many bytes keeping the guide on a phone takes, where known.
    pub keep_bytes: Option<u64>,
}

impl PageRequest {
    fn site(&self) -> Site {
        Site {
            route: Signal::stored(self.route.clone()),
            guides: Signal::stored(self.guides.clone()),
            edition: Signal::stored(self.edition.clone()),
            locale: Signal::stored(self.locale.clone()),
            now: Signal::stored(self.now),
            copy: Signal::stored(Copy::Live),
            keeping: Signal::stored(Keeping::No { bytes: self.keep_bytes }),
            near: Signal::stored(Near::NotAsked),
            saved: RwSignal::default(),
            unkept: Signal::stored(false),
            origin: StoredValue::new(self.origin.clone()),
            member: Signal::stored(None),
            update_waits: Signal::stored(false),
            preferred: Signal::stored(self.accept_languages.clone()),
            assets: StoredValue::new(self.assets.clone()),
            hands: Signal::stored(Hands::default()),
            whole: Signal::stored(true),
            go: Callback::new(|_| ()),
        }
    }
}

/// The language of the app's own words for a route: the address's, else what the person prefers.
pub fn language(route: &Route, accept_languages: &[String]) -> &'static str {
    let known = |tag: &&str| crate::locale::best_tag(tag) == tag.split('-').next().unwrap_or(tag);
    let preferred = accept_languages.iter().map(String::as_str).find(known);
    let language = route.language().or(preferred).unwrap_or("en");
    if route.is_for_members() { crate::locale::members_tag(language) } else { crate::locale::best_tag(language) }
}

/// The tags of an `Accept-Language` header, most preferred first (RFC 9110 § 12.5.4).
pub fn accepted(header: &str) -> Vec<String> {
    let mut ranges: Vec<(String, u32)> = header.split(',').filter_map(range).collect();
    ranges.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    ranges.into_iter().take(20).map(|(tag, _)| tag).collect()
}

fn range(text: &str) -> Option<(String, u32)> {
    let (tag, weight) = text.split_once(';').unwrap_or((text, "q=1"));
    let weight: f32 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
    let tag = tag.trim();
    let shaped = !tag.is_empty() && tag.len() <= 35 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (shaped && weight > 0.0).then(|| (tag.to_owned(), (weight.min(1.0) * 1000.0) as u32))
}

/// The HTTP status of the page: 404 where the address names nothing that is here.
pub fn status(request: &PageRequest) -> u16 {
    if pages::is_found(&request.route, request.edition.as_deref(), &request.guides) { 200 } else { 404 }
}

/// The whole document as text, `<!doctype html>` included.
pub fn render(request: PageRequest) -> String {
    render_with(request, None)
}

/// The same with the edition's search index at hand, see [`pages::index`]: a relay keeps one per
/// edition, so that a search does not build it anew.
pub fn render_with(request: PageRequest, index: Option<Arc<Index>>) -> String {
    let known = request.edition.clone().zip(index);
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(Indexed::new(known));
        text(document(request))
    });
    owner.cleanup();
    html
}

/// The whole document as a view; needs a reactive owner.
pub fn document(request: PageRequest) -> impl IntoView {
    let site = request.site();
    provide_context(site);
    let found = status(&request) == 200;
    let PageRequest { route, edition, locale, assets, origin, .. } = request;
    let head = Head { title: pages::title(&site), description: pages::description(&site), found, route, edition, origin };
    let (lang, dir) = (locale.tag().to_owned(), locale.dir());
    let for_members = head.route.is_for_members();
    let members_style = for_members.then(|| view! { <link rel="stylesheet" href=assets.path("desk.css") /> });
    view! {
        <!DOCTYPE html>
        <html lang=lang dir=dir>
            <head>{common_head(&assets)} {members_style} {head.view()}</head>
            <body data-assets=assets.handed_over()>
                <div id="app">
                    <App content=pages::of_readers drawn=true />
                </div>
            </body>
        </html>
    }
}

/// The document without content, for `/shell`: the app fills it from the phone's copy.
pub fn empty_document(assets: &Assets) -> String {
    // On the phone already: at hand when `boot.js` asks for them.
    let program = leptos::html::link().rel("preload").attr("as", "fetch").crossorigin("").href(assets.path("app.wasm"));
    let script = |name: &str| leptos::html::link().rel("modulepreload").href(assets.path(name));
    let head = || view! { <title>{"…"}</title> {script("app.js")} {script("split.js")} {program} };
    bare_document(&Locale::built_in("en"), assets, head, || ())
}

/// What the relay answers when it failed: words alone, no data.
pub fn failure_document(locale: &Locale, assets: &Assets) -> String {
    let (title, help) = (locale.text("error.server"), locale.text("error.server_help"));
    let heading = title.clone();
    let content = move || view! { <main id="main"><h1>{heading}</h1> <p class="lead">{help}</p></main> };
    bare_document(locale, assets, move || view! { <title>{title}</title> }, content)
}

fn bare_document<H: IntoView, C: IntoView>(
    locale: &Locale,
    assets: &Assets,
    head: impl FnOnce() -> H,
    content: impl FnOnce() -> C,
) -> String {
    let (lang, dir) = (locale.tag().to_owned(), languages::dir(locale.tag()));
    let exit = locale.text("frame.exit");
    let owner = Owner::new();
    let html = owner.with(|| {
        let page = view! {
            <!DOCTYPE html>
            <html lang=lang dir=dir>
                // What is to be fetched is named before the style, which takes a while to read.
                <head>{head()} {common_head(assets)}</head>
                <body data-assets=assets.handed_over()>
                    <div id="app">{content()}</div>
                    <a class="exit alone" href=NEUTRAL rel="noreferrer">{exit}</a>
                </body>
            </html>
        };
        text(page)
    });
    owner.cleanup();
    html
}

/// A view as text, without the marks by which Leptos would find its nodes again: the app takes none of
/// them over, readers pay for each, and a title would show them. What people wrote has none: there `<` is
/// `&lt;`.
fn text(view: impl IntoView) -> String {
    view.into_view().to_html().replace("<!>", "").replace("<!--<() />-->", "")
}

/// Stylesheet, icons and the script that starts the app once the page is shown.
fn common_head(assets: &Assets) -> impl IntoView + use<> {
    view! {
        <meta charset="utf-8" />
        <script type="module" src=assets.path("boot.js")></script>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        {theme_color("light", "#faf7f0")}
        {theme_color("dark", "#17181a")}
        <meta name="format-detection" content="telephone=no" />
        <style inner_html=assets.style().to_owned()></style>
        // Not the drawing: a browser would make a document of it beside the page's, on the phone's one thread.
        <link rel="icon" type="image/png" sizes="48x48" href=assets.path("icon-48.png") />
        <link rel="apple-touch-icon" href=assets.path("icon-192.png") />
    }
}

/// The colour of the browser's own bars, as the stylesheet's `--paper` has it.
fn theme_color(scheme: &str, color: &'static str) -> impl IntoView + use<> {
    let media = format!("(prefers-color-scheme: {scheme})");
    leptos::html::meta().name("theme-color").attr("media", media).content(color)
}

/// What the head says of one page.
struct Head {
    title: String,
    description: String,
    found: bool,
    route: Route,
    edition: Option<Arc<Edition>>,
    origin: String,
}

impl Head {
    fn view(self) -> impl IntoView {
        // A form has nothing that anybody would search for, and every part of a map leads to others without
        // end: the whole is enough to be found.
        let is_part = matches!(self.route, Route::Filters(_) | Route::Share { .. } | Route::Map { view: Some(_), .. });
        let indexed = self.found && !self.route.is_for_members() && !is_part;
        let robots = (!indexed).then(|| view! { <meta name="robots" content="noindex" /> });
        let links = indexed.then(|| self.links());
        let manifest = self.route.guide().zip(self.route.language());
        let manifest = manifest.map(|(guide, tag)| {
            view! { <link rel="manifest" href=format!("/{guide}/{tag}/manifest.webmanifest") /> }
        });
        view! {
            <title>{self.title}</title>
            <meta name="description" content=self.description />
            {robots}
            {links}
            {manifest}
        }
    }

    /// Canonical address, and the same page in the guide's other languages.
    fn links(&self) -> impl IntoView + use<> {
        let absolute = |route: &Route| format!("{}{}", self.origin, route.href());
        let languages = self.edition.as_ref().map(|edition| edition.guide.languages.clone()).unwrap_or_default();
        let languages = if self.route.language().is_some() { languages } else { Vec::new() };
        let alternate = |tag: String| {
            let href = absolute(&self.route.in_language(&tag));
            view! { <link rel="alternate" hreflang=tag href=href /> }
        };
        let alternates = languages.into_iter().map(alternate).collect_view();
        view! { <link rel="canonical" href=absolute(&self.route) /> {alternates} }
    }
}
