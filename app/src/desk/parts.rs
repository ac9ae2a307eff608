//! Small pieces that members' pages share.

use super::words;
pub use crate::components::icon;
use crate::guide::{Site, use_site};
use crate::locale::Locale;
use crate::routes::{DeskView, Route};
use leptos::prelude::*;
use shared::ids::GuideId;
use shared::link::{Stage, Trouble};

/// The words of the page; pages are built anew when the language changes.
pub fn locale() -> Locale {
    use_site().locale.get_untracked()
}

pub fn text(key: &str) -> String {
    locale().text(key)
}

/// The language that the page's address is in.
pub fn language(site: &Site) -> String {
    let in_address = site.route.with_untracked(|route| route.language().map(str::to_owned));
    in_address.unwrap_or_else(|| site.locale.get_untracked().tag().to_owned())
}

pub fn href(site: &Site, guide: &GuideId, view: DeskView) -> String {
    Route::desk(guide, &language(site), view).href()
}

/// How far a record's edits have come, as pictogram and words.
pub fn stage(stage: Stage) -> AnyView {
    let code = match stage {
        Stage::Shared => "shared",
        Stage::Waiting => "waiting",
        Stage::Refused => "refused",
    };
    view! {
        <span class={format!("stage stage-{code}")}>{icon(words::stage_icon(stage))} <span>{words::stage(&locale(), stage)}</span></span>
    }
    .into_any()
}

/// A sentence that stands out.
pub fn note(name: &str, text: &str) -> AnyView {
    view! { <div class={format!("desk-note desk-note-{name}")} role="status">{icon(name)} <p>{text.to_owned()}</p></div> }
        .into_any()
}

pub fn trouble_note(trouble: &Trouble) -> AnyView {
    let detail = match trouble {
        Trouble::Internal { detail } | Trouble::BadEdit { detail } => Some(detail.clone()),
        _ => None,
    };
    view! {
        <div class={"desk-note desk-note-warning"} role="alert">
            {icon("warning")}
            <div>
                <p>{words::trouble(&locale(), trouble)}</p>
                {detail.map(|detail| view! { <p class={"detail"} dir="ltr">{detail}</p> })}
            </div>
        </div>
    }
    .into_any()
}

/// Something takes a moment.
pub fn waiting(key: &str) -> AnyView {
    view! { <p class={"desk-waiting"} role="status">{icon("waiting")} {text(key)}</p> }.into_any()
}

/// A button with a pictogram and a word.
pub fn button(class: &str, name: &str, words: String, act: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class={class.to_owned()} on:click=move |_| act()>{icon(name)} <span>{words}</span></button> }
        .into_any()
}
