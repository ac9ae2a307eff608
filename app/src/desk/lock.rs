//! The lock of a member's copy: a PIN or a passphrase, set, changed and taken away on the page of what
//! waits, and asked for wherever the copy is sealed. It deters who finds the phone; no more is said.

use super::form::Tasks;
use super::ground::{Desk, LockAsk, LockState};
use super::parts::{self, button, icon, note, trouble_note};
use crate::locale::Locale;
use leptos::prelude::*;
use shared::link::Trouble;

const PIN_DIGITS_MIN: usize = 6;
/// Of a passphrase: six letters are guessed sooner than they look.
const PASSPHRASE_CHARS_MIN: usize = 8;
/// After so many wrong ones in a row the copy goes; 0: it stays.
const TRIES: [u32; 4] = [0, 5, 10, 20];
const TRIES_AT_FIRST: u32 = 10;

/// Why a secret will not do; a key of the words.
fn weakness(secret: &str) -> Option<&'static str> {
    let letters: Vec<u32> = secret.trim().chars().map(u32::from).collect();
    let is_pin = secret.trim().chars().all(char::is_numeric);
    let least = if is_pin { PIN_DIGITS_MIN } else { PASSPHRASE_CHARS_MIN };
    let apart = |by: i64| letters.windows(2).all(|two| i64::from(two[1]) - i64::from(two[0]) == by);
    if letters.len() < least {
        Some("desk.lock.short")
    } else if [-1, 0, 1].into_iter().any(apart) {
        Some("desk.lock.guessed")
    } else {
        None
    }
}

/// What a lock's page is doing.
#[derive(Clone, Copy)]
struct Lockable {
    desk: Desk,
    tasks: Tasks,
    state: RwSignal<Option<LockState>>,
    trouble: RwSignal<Option<Trouble>>,
    busy: RwSignal<bool>,
}

impl Lockable {
    fn here(desk: Desk) -> Lockable {
        let (state, trouble, busy) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(false));
        Lockable { desk, tasks: Tasks::here(), state, trouble, busy }
    }

    /// Asks, and calls `done` where the secret was right.
    fn ask(self, ask: LockAsk, done: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        self.tasks.run(async move {
            match self.desk.ground().lock(ask).await {
                Ok(state) => {
                    let right = !state.wrong;
                    self.state.set(Some(state));
                    if right {
                        done();
                    }
                }
                Err(trouble) => self.trouble.set(Some(trouble)),
            }
            self.busy.set(false);
        });
    }

    /// What stands below a form: that it works, that the secret was wrong, that something failed.
    fn said(self, locale: &Locale) -> impl Fn() -> AnyView + use<> {
        let locale = locale.clone();
        move || {
            if self.busy.get() {
                return parts::waiting("desk.lock.working");
            }
            if let Some(trouble) = self.trouble.get() {
                return trouble_note(&trouble);
            }
            let wrong = self.state.get().filter(|state| state.wrong && state.set);
            let left = |state: &LockState| {
                let left = state.tries.saturating_sub(state.failed) as usize;
                (state.tries > 0).then(|| locale.count("desk.lock.left", left, &[]))
            };
            wrong
                .map(|state| {
                    view! { <p class="error" role="alert">{locale.text("desk.lock.wrong")} {" "} {left(&state)}</p> }.into_any()
                })
                .into_any()
        }
    }
}

/// A field for a PIN or a passphrase.
fn secret_field(id: &'static str, label: String, fresh: bool, secret: RwSignal<String>) -> AnyView {
    let complete = if fresh { "new-password" } else { "current-password" };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input type="password" id=id autocomplete=complete dir="auto" prop:value=move || secret.get()
                on:input=move |event| secret.set(event_target_value(&event))/>
        </div>
    }
    .into_any()
}

/// Asked for where the copy is sealed.
#[component]
pub fn Unlock(desk: Desk) -> impl IntoView {
    let locale = parts::locale();
    let lock = Lockable::here(desk);
    let secret = RwSignal::new(String::new());
    let sure = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        lock.ask(LockAsk::Unlock { secret: secret.get_untracked() }, || {});
        secret.set(String::new());
    };
    let forgotten = {
        let locale = locale.clone();
        move || {
            if !sure.get() {
                return button("secondary", "help", locale.text("desk.lock.forgotten"), move || sure.set(true));
            }
            view! {
                <p>{locale.text("desk.lock.forgotten.help")}</p>
                {button("danger", "trash", locale.text("desk.lock.forgotten.yes"), move || lock.ask(LockAsk::Destroy, || {}))}
                {button("secondary", "undo", locale.text("desk.cancel"), move || sure.set(false))}
            }
            .into_any()
        }
    };
    view! {
        <h1 class="with-icon">{icon("lock")} <span>{locale.text("desk.lock.locked")}</span></h1>
        <p>{locale.text("desk.lock.locked.help")}</p>
        <form on:submit=submit>
            {secret_field("secret", locale.text("desk.lock.secret"), false, secret)}
            {lock.said(&locale)}
            <button type="submit" class="primary wide" disabled=move || lock.busy.get()>{icon("lock")} <span>{locale.text("desk.lock.open")}</span></button>
        </form>
        <div class="row">{forgotten}</div>
    }
}

/// Setting, changing and taking away.
#[component]
pub fn Lock(desk: Desk) -> impl IntoView {
    let locale = parts::locale();
    let lock = Lockable::here(desk);
    lock.ask(LockAsk::Status, || {});
    let set = Memo::new(move |_| lock.state.with(|state| state.as_ref().map(|state| state.set)));
    let shown = {
        let locale = locale.clone();
        move || match set.get() {
            None => lock.said(&locale)(),
            Some(false) => view! { <Set lock/> }.into_any(),
            Some(true) => view! { <Change lock/> }.into_any(),
        }
    };
    view! {
        <section aria-labelledby="lock">
            <h2 id="lock">{locale.text("desk.lock")}</h2>
            <p class="quiet">{locale.text("desk.lock.help")}</p>
            {shown}
        </section>
    }
}

/// A new secret, written twice, and how many wrong ones the copy bears.
#[derive(Clone, Copy)]
struct Fresh {
    first: RwSignal<String>,
    again: RwSignal<String>,
    tries: RwSignal<u32>,
    /// Said once it was tried.
    wrong: RwSignal<Option<&'static str>>,
}

impl Fresh {
    fn new(tries: u32) -> Fresh {
        Fresh {
            first: RwSignal::new(String::new()),
            again: RwSignal::new(String::new()),
            tries: RwSignal::new(tries),
            wrong: RwSignal::new(None),
        }
    }

    /// The secret, if it will do.
    fn secret(self) -> Option<String> {
        let first = self.first.get_untracked();
        let wrong = weakness(&first).or_else(|| (first != self.again.get_untracked()).then_some("desk.lock.differ"));
        self.wrong.set(wrong);
        wrong.is_none().then_some(first)
    }

    fn clear(self) {
        self.first.set(String::new());
        self.again.set(String::new());
    }

    fn fields(self, locale: &Locale) -> AnyView {
        let option = |tries: u32| {
            let words = if tries == 0 {
                locale.text("desk.lock.tries.never")
            } else {
                locale.count("desk.lock.tries.some", tries as usize, &[])
            };
            view! { <option value=tries.to_string() selected=self.tries.get_untracked() == tries>{words}</option> }
        };
        let choose = move |event| self.tries.set(event_target_value(&event).parse().unwrap_or(TRIES_AT_FIRST));
        let wrong = {
            let locale = locale.clone();
            move || self.wrong.get().map(|key| view! { <p class="error" role="alert">{locale.text(key)}</p> })
        };
        view! {
            {secret_field("secret-new", locale.text("desk.lock.new"), true, self.first)}
            {secret_field("secret-again", locale.text("desk.lock.again"), true, self.again)}
            {wrong}
            <div class="field">
                <label for="tries">{locale.text("desk.lock.tries")}</label>
                <select id="tries" on:change=choose>{TRIES.map(option).collect_view()}</select>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Set(lock: Lockable) -> impl IntoView {
    let locale = parts::locale();
    let fresh = Fresh::new(TRIES_AT_FIRST);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(secret) = fresh.secret() {
            lock.ask(LockAsk::Set { secret, tries: fresh.tries.get_untracked() }, move || fresh.clear());
        }
    };
    view! {
        <details class="lock">
            <summary class="button secondary">{icon("lock")} <span>{locale.text("desk.lock.set")}</span></summary>
            <form on:submit=submit>
                {fresh.fields(&locale)}
                {lock.said(&locale)}
                <button type="submit" class="primary wide" disabled=move || lock.busy.get()>{icon("lock")} <span>{locale.text("desk.lock.set")}</span></button>
            </form>
        </details>
    }
}

#[component]
fn Change(lock: Lockable) -> impl IntoView {
    let locale = parts::locale();
    let tries = lock.state.with_untracked(|state| state.as_ref().map_or(TRIES_AT_FIRST, |state| state.tries));
    let (fresh, secret) = (Fresh::new(tries), RwSignal::new(String::new()));
    let changed = RwSignal::new(false);
    let change = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        changed.set(false);
        let Some(next) = fresh.secret() else { return };
        let ask = LockAsk::Change { secret: secret.get_untracked(), next, tries: fresh.tries.get_untracked() };
        lock.ask(ask, move || {
            fresh.clear();
            changed.set(true);
        });
        secret.set(String::new());
    };
    let remove = move || {
        lock.ask(LockAsk::Remove { secret: secret.get_untracked() }, || {});
        secret.set(String::new());
    };
    let done = {
        let locale = locale.clone();
        move || changed.get().then(|| note("check", &locale.text("desk.lock.changed")))
    };
    view! {
        {note("lock", &locale.text("desk.lock.is_set"))}
        {button("secondary wide", "lock", locale.text("desk.lock.now"), move || lock.desk.ground().restart())}
        <details class="lock">
            <summary class="button secondary">{icon("settings")} <span>{locale.text("desk.lock.change")}</span></summary>
            <form on:submit=change>
                {secret_field("secret", locale.text("desk.lock.secret"), false, secret)}
                {fresh.fields(&locale)}
                {lock.said(&locale)} {done}
                <button type="submit" class="primary wide" disabled=move || lock.busy.get()>{icon("lock")} <span>{locale.text("desk.lock.change.act")}</span></button>
                {button("danger wide", "trash", locale.text("desk.lock.remove"), remove)}
            </form>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::weakness;

    #[test]
    fn what_everybody_tries_first_will_not_do() {
        for secret in [
            "",
            "12345",
            "000000",
            "123456",
            "654321",
            "١٢٣٤٥٦",
            "abcdefgh",
            "aaaaaaaa",
            "  1234  ",
            "bonjour",
            "12345a",
            " chaton ",
        ] {
            assert!(weakness(secret).is_some(), "{secret}");
        }
        for secret in ["194728", "٤٠٢٨١٩", "une phrase de passe", "123457", "chat noir"] {
            assert_eq!(weakness(secret), None, "{secret}");
        }
    }
}
