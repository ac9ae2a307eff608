//! Who keeps the guide: devices, roles, invites. For stewards, and only with a network: what a phone
//! remembers of it would be wrong when it matters. Names are pseudonyms; days, not minutes.

use super::form::Tasks;
use super::ground::{Desk, Unserved};
use super::parts::{self, button, icon, note};
use super::words;
use crate::guide::{Shared, use_site};
use crate::locale::Locale;
use crate::pages::share::code;
use crate::routes::Route;
use leptos::prelude::*;
use shared::gate::Role;
use shared::json::{self, Json};
use shared::wire::{InviteCard, Invited, MemberCard, Members, NewInvite, NewRole};

const ROLES: [Role; 3] = [Role::Contributor, Role::Editor, Role::Steward];

/// For how many days an invite may be good.
const DAYS: [u32; 4] = [1, 3, 7, 30];
const DAYS_AT_FIRST: u32 = 3;

/// The page's own state, shared by its parts.
#[derive(Clone, Copy)]
struct Page {
    desk: Desk,
    tasks: Tasks,
    members: RwSignal<Option<Result<Members, Unserved>>>,
    /// The last invite made here: shown until the page is left, and then nowhere.
    made: RwSignal<Option<Invited>>,
    /// Why the last wish was not done.
    failed: RwSignal<Option<Unserved>>,
}

#[component]
pub fn MembersPage(desk: Desk) -> impl IntoView {
    let page =
        Page { desk, tasks: Tasks::here(), members: RwSignal::new(None), made: RwSignal::new(None), failed: RwSignal::new(None) };
    page.look();
    let shown = move || match page.members.get() {
        None => parts::waiting("desk.members.opening"),
        Some(Err(unserved)) => view! {
            {note("warning", &unlisted(&parts::locale(), &unserved))}
            {button("primary wide", "refresh", parts::text("desk.retry"), move || page.look())}
        }
        .into_any(),
        Some(Ok(members)) => contents(page, members),
    };
    view! { <h1>{parts::text("desk.members")}</h1> {shown} }
}

impl Page {
    fn look(self) {
        self.tasks.run(async move { self.read().await });
    }

    async fn read(self) {
        let answer = self.desk.relay("GET", "members", String::new()).await;
        self.members.set(Some(answer.and_then(|text| read(&text))));
    }

    /// Asks the relay for something and shows how things stand then.
    fn wish(self, method: &'static str, what: String, body: String) {
        self.tasks.run(async move {
            self.failed.set(self.desk.relay(method, &what, body).await.err());
            self.read().await;
        });
    }

    fn invite(self, role: Role, days: u32) {
        self.tasks.run(async move {
            let body = json::to_string(&NewInvite { role, hours: days * 24 });
            match self.desk.relay("POST", "invites", body).await.and_then(|text| read::<Invited>(&text)) {
                Ok(invited) => {
                    self.made.set(Some(invited));
                    self.failed.set(None);
                }
                Err(unserved) => self.failed.set(Some(unserved)),
            }
            self.read().await;
        });
    }
}

/// Why there is no list: it is not for everybody.
fn unlisted(locale: &Locale, unserved: &Unserved) -> String {
    match unserved {
        Unserved::Refused(reason) if reason == "not_allowed" => locale.text("desk.members.not_allowed"),
        unserved => words::unserved(locale, unserved),
    }
}

fn read<T: Json>(text: &str) -> Result<T, Unserved> {
    json::from_str(text).map_err(|_| Unserved::NotReached)
}

fn contents(page: Page, members: Members) -> AnyView {
    let locale = parts::locale();
    let failed = page.failed.get_untracked().map(|unserved| {
        view! { <div class={"desk-note desk-note-warning"} role="alert">{icon("warning")} <p>{words::unserved(&locale, &unserved)}</p></div> }
    });
    let made = page.made.get_untracked().map(|invited| link(page, &invited));
    let invites = (!members.invites.is_empty()).then(|| {
        let rows = members.invites.into_iter().map(|card| open_invite(page, &locale, card)).collect_view();
        view! { <h3>{locale.text("desk.members.open_invites")}</h3> <ul class="plain open-invites">{rows}</ul> }
    });
    let devices = members.devices.into_iter().map(|card| view! { <Device page card/> }).collect_view();
    view! {
        {failed}
        <section aria-labelledby="invite">
            <h2 id="invite">{locale.text("desk.members.invite")}</h2>
            <New page/>
            {made}
            {invites}
        </section>
        <section aria-labelledby="devices">
            <h2 id="devices">{locale.text("desk.members.devices")}</h2>
            <p class="quiet">{locale.text("desk.members.devices.help")}</p>
            <ul class="plain devices">{devices}</ul>
        </section>
    }
    .into_any()
}

fn role_name(locale: &Locale, role: Role) -> String {
    locale.text(&format!("choice.role.{}", role.code()))
}

fn role_options(locale: &Locale, chosen: Role) -> AnyView {
    let option = |role: Role| view! { <option value={role.code()} selected={role == chosen}>{role_name(locale, role)}</option> };
    ROLES.map(option).collect_view().into_any()
}

/// A new invite: for which role, for how long.
#[component]
fn New(page: Page) -> impl IntoView {
    let locale = parts::locale();
    let (role, days) = (RwSignal::new(Role::Editor), RwSignal::new(DAYS_AT_FIRST));
    let day = |count: u32| {
        view! { <option value={count.to_string()} selected={count == DAYS_AT_FIRST}>{locale.count("desk.members.days", count as usize, &[])}</option> }
    };
    let choose_role = move |event| role.set(Role::from_code(&event_target_value(&event)).unwrap_or(Role::Contributor));
    let choose_days = move |event| days.set(event_target_value(&event).parse().unwrap_or(DAYS_AT_FIRST));
    view! {
        <div class="field">
            <label for="invite-role">{locale.text("desk.members.role")}</label>
            <select id="invite-role" on:change=choose_role>{role_options(&locale, Role::Editor)}</select>
            <p class="help">{locale.text("desk.members.role.help")}</p>
        </div>
        <div class="field">
            <label for="invite-days">{locale.text("desk.members.valid")}</label>
            <select id="invite-days" on:change=choose_days>{DAYS.map(day).collect_view()}</select>
        </div>
        {button("primary wide", "add", locale.text("desk.members.make"), move || page.invite(role.get_untracked(), days.get_untracked()))}
    }
}

/// The invite that was just made: as a code for a camera, as a link to copy or hand on.
fn link(page: Page, invited: &Invited) -> AnyView {
    let (site, locale) = (use_site(), parts::locale());
    let guide = page.desk.guide();
    let href = format!("{}#{}", Route::Join { guide }.href(), invited.token);
    let link = format!("{}{href}", site.origin.get_value());
    let copied: RwSignal<Option<bool>> = RwSignal::new(None);
    let copy = {
        let link = link.clone();
        move || {
            let link = link.clone();
            page.tasks.run(async move { copied.set(Some(page.desk.ground().copy(link).await)) });
        }
    };
    let (worked, failed) = (locale.text("desk.copied"), locale.text("desk.not_copied"));
    let said = move || copied.get().map(|worked_out| if worked_out { worked.clone() } else { failed.clone() });
    let share = site.hands.get_untracked().share.map(|share| {
        let title = locale.text("desk.join");
        let act = move || share.run(Shared { title: title.clone(), text: title.clone(), href: href.clone() });
        button("secondary", "share", locale.text("share.app"), act)
    });
    let help = locale.with("desk.members.made.help", &[("role", &role_name(&locale, invited.role))]);
    view! {
        <div class="made-invite" role="status">
            <p>{help}</p>
            {code::drawn(&link, &locale.text("desk.members.code"))}
            <p class="quoted" dir="ltr">{link}</p>
            <div class="row">
                {button("secondary", "copy", locale.text("desk.copy"), copy)} {share} <span class="quiet" role="status">{said}</span>
            </div>
        </div>
    }
    .into_any()
}

fn open_invite(page: Page, locale: &Locale, card: InviteCard) -> AnyView {
    let words = locale.count("desk.members.hours", card.hours as usize, &[("role", &role_name(locale, card.role))]);
    let withdraw = move || page.wish("DELETE", format!("invites/{}", card.id), String::new());
    view! { <li class="row"><span>{words}</span> {button("secondary", "trash", locale.text("desk.members.withdraw"), withdraw)}</li> }
        .into_any()
}

#[component]
fn Device(page: Page, card: MemberCard) -> impl IntoView {
    let locale = parts::locale();
    let today = use_site().now.get_untracked().day;
    let (sure, promotes) = (RwSignal::new(false), RwSignal::new(false));
    let (device, role) = (card.device, card.role);
    let days = locale.with(
        "desk.members.seen",
        &[("joined", &locale.day_seen_from(card.joined, today)), ("seen", &locale.day_seen_from(card.last_seen, today))],
    );
    let label = locale.with("desk.members.role_of", &[("who", &card.pseudonym)]);
    let give = move |role| page.wish("PUT", format!("devices/{device}/role"), json::to_string(&NewRole { role }));
    let change = move |event| {
        let chosen = Role::from_code(&event_target_value(&event)).unwrap_or(role);
        // A steward can take every right from everybody: not by a thumb that slipped.
        if chosen == Role::Steward { promotes.set(true) } else { give(chosen) }
    };
    let sentence = locale.with("desk.members.promote.sure", &[("who", &card.pseudonym)]);
    let promote = {
        let locale = locale.clone();
        move || {
            view! {
                <p class="error">{sentence.clone()}</p>
                {button("danger", "check", locale.text("desk.members.promote.yes"), move || give(Role::Steward))}
                {button("secondary", "undo", locale.text("desk.cancel"), move || promotes.set(false))}
            }
            .into_any()
        }
    };
    let revoke = {
        let locale = locale.clone();
        move || {
            if !sure.get() {
                return button("secondary", "close", locale.text("desk.members.revoke"), move || sure.set(true));
            }
            view! {
                <p class="error">{locale.text("desk.members.revoke.sure")}</p>
                {button("danger", "close", locale.text("desk.members.revoke.yes"), move || page.wish("DELETE", format!("devices/{device}"), String::new()))}
                {button("secondary", "undo", locale.text("desk.cancel"), move || sure.set(false))}
            }
            .into_any()
        }
    };
    let chosen = {
        let locale = locale.clone();
        move || {
            view! { <select aria-label={label.clone()} on:change=change>{role_options(&locale, role)}</select> {revoke.clone()} }
                .into_any()
        }
    };
    let acts = card.active.then(|| {
        view! { <div class="row">{move || if promotes.get() { promote() } else { chosen() }}</div> }
    });
    view! {
        <li class="device">
            <h3>
                <bdi>{card.pseudonym}</bdi>
                " " <span class="quiet" dir="ltr">{words::short(device)}</span>
                {card.this.then(|| view! { " " <span class={"mark"}>{locale.text("desk.members.this")}</span> })}
                {(!card.active).then(|| view! { " " <span class={"mark"}>{locale.text("desk.members.revoked")}</span> })}
            </h3>
            <p class="quiet">{days}</p>
            {acts}
        </li>
    }
}
