//! Where an invite leads: what joining means, in the person's language, then a name and one tap.

use super::ground::{Desk, Line};
use super::parts::{self, icon, note};
use super::words;
use crate::guide::use_site;
use crate::languages;
use crate::locale::{Locale, MEMBERS_TAGS};
use crate::routes::{DeskView, Route};
use leptos::prelude::*;
use shared::limits::PSEUDONYM_CHARS_MAX;
use shared::link::{Ask, Trouble};

#[component]
pub fn JoinPage(desk: Desk) -> impl IntoView {
    let site = use_site();
    let tasks = super::form::Tasks::here();
    let chosen: RwSignal<Locale> = RwSignal::new(site.locale.get_untracked());
    // Read once: it leaves the address bar as it is read.
    let token = StoredValue::new(desk.ground().invite());
    let choose = move |tag: String| {
        tasks.run(async move {
            if let Some(locale) = desk.ground().locale(tag).await {
                chosen.set(locale);
            }
        });
    };
    let languages = MEMBERS_TAGS.map(|tag| {
        let pressed = move || chosen.with(|locale| locale.tag() == tag).to_string();
        view! {
            <button type="button" class="chip" lang={tag} dir={languages::dir(tag)} aria-pressed=pressed on:click=move |_| choose(tag.to_owned())>
                {languages::name(tag)}
            </button>
        }
    });
    let member = Memo::new(move |_| {
        desk.state.with(|state| state.membership.as_ref().filter(|member| !member.revoked).map(|member| member.pseudonym.clone()))
    });
    let line = Memo::new(move |_| desk.line.get());
    // Outlives the form, which is drawn anew in another language.
    let name = RwSignal::new(String::new());
    let body = move || {
        let locale = chosen.get();
        match (line.get(), member.get()) {
            (Line::Starting, _) => view! { <p role="status">{icon("waiting")} {locale.text("desk.opening")}</p> }.into_any(),
            (Line::Failed(trouble), _) => trouble_in(&locale, &trouble),
            (Line::Stopped, _) => trouble_in(&locale, &Trouble::Internal { detail: String::new() }),
            (Line::Open, Some(pseudonym)) => joined(desk, locale, &pseudonym),
            (Line::Open, None) => match token.get_value() {
                Some(token) => view! { <Welcome desk locale token name/> }.into_any(),
                None => {
                    view! { <h1>{locale.text("desk.join")}</h1> {note("info", &locale.text("desk.join.no_token"))} }.into_any()
                }
            },
        }
    };
    view! {
        <div class="desk join" lang=move || chosen.with(|locale| locale.tag().to_owned()) dir=move || chosen.with(Locale::dir)>
            <div class="chips">{languages.collect_view()}</div>
            {body}
        </div>
    }
}

fn trouble_in(locale: &Locale, trouble: &Trouble) -> AnyView {
    view! { <div class={"desk-note desk-note-warning"} role="alert">{icon("warning")} <p>{words::trouble(locale, trouble)}</p></div> }.into_any()
}

/// Where the list is, in the language chosen here.
fn list(desk: Desk, locale: &Locale) -> String {
    Route::desk(&desk.guide(), locale.tag(), DeskView::List).href()
}

fn joined(desk: Desk, locale: Locale, pseudonym: &str) -> AnyView {
    let href = list(desk, &locale);
    view! {
        <h1>{locale.text("desk.join.done")}</h1>
        <p>{locale.with("desk.join.done.help", &[("who", pseudonym)])}</p>
        <a class="button primary wide" href={href}>{icon("edit")} <span>{locale.text("desk.join.go_on")}</span></a>
    }
    .into_any()
}

#[component]
fn Welcome(desk: Desk, locale: Locale, token: String, name: RwSignal<String>) -> impl IntoView {
    let site = use_site();
    let tasks = super::form::Tasks::here();
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<Trouble>> = RwSignal::new(None);
    let fits = move || name.with(|name| (1..=PSEUDONYM_CHARS_MAX).contains(&name.trim().chars().count()));
    let tag = locale.tag().to_owned();
    let join = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || !untrack(fits) {
            return;
        }
        busy.set(true);
        let ask = Ask::Join { token: token.clone(), pseudonym: name.get_untracked().trim().to_owned() };
        let to = Route::desk(&desk.guide(), &tag, DeskView::List);
        tasks.run(async move {
            match desk.ask(ask).await {
                Ok(_) => site.navigate(to),
                Err(error) => {
                    busy.set(false);
                    trouble.set(Some(error));
                }
            }
        });
    };
    let point = |name: &str, key: &str| view! { <li>{icon(name)} <span>{locale.text(key)}</span></li> };
    let failed = {
        let locale = locale.clone();
        move || trouble.get().map(|trouble| trouble_in(&locale, &trouble))
    };
    let label = {
        let locale = locale.clone();
        move || locale.text(if busy.get() { "desk.join.working" } else { "desk.join.act" })
    };
    let guide = desk.guide();
    let known = move || site.guides.with(|guides| guides.iter().find(|card| card.id == guide).map(|card| card.name.clone()));
    view! {
        <h1>{locale.text("desk.join")}</h1>
        <p class="lead" dir="auto">{known}</p>
        <p>{locale.text("desk.join.welcome")}</p>
        <ul class="plain points">
            {point("on-phone", "desk.join.stored")}
            {point("people", "desk.join.seen")}
            {point("eye-off", "desk.join.public")}
            {point("key", "desk.join.key")}
        </ul>
        <form on:submit=join>
            <div class="field">
                <label for="pseudonym">{locale.text("desk.join.name")}</label>
                <input type="text" id="pseudonym" name="pseudonym" autocomplete="off" dir="auto" maxlength={PSEUDONYM_CHARS_MAX.to_string()}
                    aria-describedby="pseudonym-help" prop:value=name on:input=move |event| name.set(event_target_value(&event))/>
                <p class="help" id="pseudonym-help">{locale.text("desk.join.name.help")}</p>
            </div>
            {failed}
            <button type="submit" class="primary wide" id="join" disabled=move || busy.get() || !fits()>{icon("check")} <span>{label}</span></button>
        </form>
        <p class="quiet">{parts::locale().has("desk.join.later").then(|| locale.text("desk.join.later"))}</p>
    }
}
