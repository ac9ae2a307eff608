//! Writes every page of the test guide as HTML files, to be looked at in a browser:
//! `cargo run -p app --features ssr --example gallery -- FOLDER [SITE.JSON]`, then serve the folder.

use app::assets::Assets;
use app::locale::Locale;
use app::routes::{DeskView, Filter, Route};
use app::shell::{PageRequest, render};
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

#[path = "../tests/it/fixture.rs"]
mod fixture;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let assets = arguments.next().map(fs::read_to_string).transpose()?;
    let assets = assets.map(|json| serde_json::from_str::<serde_json::Value>(&json)).transpose()?;
    let assets = assets.and_then(|site| Assets::from_handed_over(&site["files"].to_string())).unwrap_or_default();
    fs::create_dir_all(&folder)?;
    for language in ["fr", "ar"] {
        for (name, route) in routes(language)? {
            fs::write(folder.join(format!("{language}-{name}.html")), page(route, language, &assets))?;
        }
    }
    Ok(())
}

fn routes(language: &str) -> Result<Vec<(&'static str, Route)>, Box<dyn Error>> {
    let guide = "liege".parse()?;
    Ok(vec![
        ("guides", Route::Guides),
        ("languages", Route::Languages { guide: "liege".parse()? }),
        ("home", Route::home(&guide, language)),
        ("list", Route::category(&guide, language, "health")),
        ("long", Route::category(&guide, language, "culture").at_page(2)),
        ("empty", Route::category(&guide, language, "food").switched(Filter::Free)),
        ("search", Route::search(&guide, language, "medecin")),
        ("typo", Route::search(&guide, language, "bibliotheqe")),
        ("nothing", Route::search(&guide, language, "xyzzy")),
        ("place", Route::place(&guide, language, fixture::CLINIC)),
        ("unknown", Route::place(&guide, language, fixture::KITCHEN)),
        ("refuge", Route::place(&guide, language, fixture::REFUGE)),
        ("rights", Route::page(&guide, language, fixture::RIGHTS)),
        ("map", Route::map(&guide, language, None, None)),
        ("about", Route::about(&guide, language)),
        ("edit", Route::desk(&guide, language, DeskView::List)),
        ("notfound", Route::NotFound { guide: Some(guide), language: Some(language.to_owned()) }),
    ])
}

fn page(route: Route, language: &str, assets: &Assets) -> String {
    let edition = route.language().map(|language| Arc::new(fixture::edition(language)));
    render(PageRequest {
        route,
        edition,
        guides: fixture::guides(),
        locale: Locale::built_in(language),
        now: fixture::now(),
        assets: assets.clone(),
        origin: "https://guide.example".to_owned(),
        accept_languages: vec!["ar".to_owned(), "en".to_owned()],
        keep_bytes: Some(412_000),
    })
}
