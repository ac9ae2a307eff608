//! One visit: which page is shown, from which copy, in which words. Signals that pages read are fed
//! here and nowhere else.

use super::copies::{Copies, Copy as Kept, Freshened};
use super::relay::{self, Reply};
use super::{Fetch, Program, hands, navigation, script};
use crate::assets::Assets;
use crate::guide::{Copy, Hands, Keeping, Near, Site};
use crate::locale::{Locale, TAGS};
use crate::pages;
use crate::routes::Route;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::edition::Edition;
use shared::ids::{Day, GuideId, Moment};
use shared::json::Json;
use shared::link::{Membership, State};
use shared::saved;
use shared::wire::GuideCard;
use std::rc::Rc;
use std::sync::Arc;
use storage::{Db, MEMBERSHIP, StorageError};

/// A guide that is open is looked after again when it is older than this.
const FRESH_MS: f64 = 5.0 * 60.0 * 1000.0;

/// So many places of a copy are read in one go: what a cheap phone does in less than a frame.
const READ_AT_ONCE: usize = 50;

/// The setting that keeps what a reader saved of a guide.
pub const SAVED: &str = "saved";

/// The writing ends of what [`Site`] reads. Cheap to copy, lives as long as the page.
#[derive(Clone, Copy)]
pub struct Visit {
    pub route: RwSignal<Route>,
    guides: RwSignal<Vec<GuideCard>>,
    pub edition: RwSignal<Option<Arc<Edition>>>,
    pub locale: RwSignal<Locale>,
    now: RwSignal<Moment>,
    copy: RwSignal<Copy>,
    pub keeping: RwSignal<Keeping>,
    pub near: RwSignal<Near>,
    pub saved: RwSignal<String>,
    pub unkept: RwSignal<bool>,
    pub member: RwSignal<Option<State>>,
    pub update_waits: RwSignal<bool>,
    pub assets: StoredValue<Assets>,
    copies: StoredValue<Rc<Copies>, LocalStorage>,
    /// Rises with every page asked for: what arrives late for an earlier one is not shown.
    turn: RwSignal<u32>,
    looked: StoredValue<f64>,
    pub whole: RwSignal<bool>,
    /// Which pages this program has: members' or readers'.
    pub for_members: bool,
    /// Fetches those that are not in it from the beginning.
    fetch: Option<Fetch>,
    /// What pages read, for the document's title.
    site: StoredValue<Option<Site>>,
}

/// What a page needs before it can be shown.
pub struct Provision {
    route: Route,
    locale: Option<Locale>,
    kept: Option<Kept>,
    guides: Option<Vec<GuideCard>>,
    /// The relay was asked for this and not reached.
    not_reached: bool,
    /// Whether the program has the page.
    page: bool,
}

impl Provision {
    /// Whether the app has at least as much to show as the server's page has.
    pub fn suffices(&self) -> bool {
        let edition = self.route.language().is_none() || self.route.is_for_members() || self.kept.is_some();
        let guides = !matches!(self.route, Route::Guides | Route::Languages { .. }) || self.guides.is_some();
        edition && guides && self.page && self.locale.is_some()
    }
}

impl Visit {
    pub fn new(assets: Assets, locale: Locale, copies: Rc<Copies>, program: Program) -> Visit {
        Visit {
            route: RwSignal::new(navigation::here()),
            guides: RwSignal::default(),
            edition: RwSignal::new(None),
            locale: RwSignal::new(locale),
            now: RwSignal::new(Moment { day: Day(0), minute: 0 }),
            copy: RwSignal::new(Copy::Live),
            keeping: RwSignal::new(Keeping::No { bytes: None }),
            near: RwSignal::new(Near::NotAsked),
            saved: RwSignal::new(saved::NOT_READ.to_owned()),
            unkept: RwSignal::new(false),
            member: RwSignal::new(None),
            update_waits: RwSignal::new(false),
            assets: StoredValue::new(assets),
            copies: StoredValue::new_local(copies),
            turn: RwSignal::new(0),
            looked: StoredValue::new(0.0),
            whole: RwSignal::new(true),
            for_members: program.is_for_members(),
            fetch: program.fetch,
            site: StoredValue::new(None),
        }
    }

    pub fn copies(&self) -> Rc<Copies> {
        self.copies.get_value()
    }

    pub fn site(self, hands: Signal<Hands>) -> Site {
        let site = Site {
            route: self.route.into(),
            guides: self.guides.into(),
            edition: self.edition.into(),
            locale: self.locale.into(),
            now: self.now.into(),
            copy: self.copy.into(),
            keeping: self.keeping.into(),
            near: self.near.into(),
            saved: self.saved,
            unkept: self.unkept.into(),
            origin: StoredValue::new(window().location().origin().unwrap_or_default()),
            member: self.member.into(),
            update_waits: self.update_waits.into(),
            preferred: Signal::stored(preferred()),
            assets: self.assets,
            hands,
            whole: self.whole.into(),
            go: Callback::new(move |route| self.go(route)),
        };
        self.site.set_value(Some(site));
        site
    }

    /// Goes to a page and writes it into the history.
    pub fn go(self, route: Route) {
        if route.is_for_members() != self.for_members {
            // The other program's page: a document of its own.
            let _ = window().location().assign(&route.href());
            return;
        }
        navigation::push(&route);
        self.turn_to(route, None);
    }

    /// Goes back or forward to a page that the history remembers.
    pub fn back(self, route: Route) {
        self.turn_to(route, navigation::scrolled());
    }

    fn turn_to(self, route: Route, scroll: Option<f64>) {
        self.turn.update(|turn| *turn += 1);
        let turn = self.turn.get_untracked();
        spawn_local(async move {
            let provision = self.provide(route).await;
            if self.turn.get_untracked() == turn {
                // Whoever comes back is taken to where they were, which must be there.
                self.whole.set(scroll.is_some());
                self.show(provision);
                navigation::arrive(scroll);
                self.look_when_due();
                self.read_ahead();
            }
        });
    }

    /// Reads the places of the copy, a few between other tasks, before somebody searches them all.
    pub fn read_ahead(self) {
        let some = move || {
            if self.edition.with_untracked(|edition| edition.as_ref().is_some_and(|edition| edition.read_ahead(READ_AT_ONCE))) {
                self.read_ahead();
            }
        };
        navigation::after_paint(Box::new(some));
    }

    /// Gathers what `route` needs: from the phone first, then from the relay.
    pub async fn provide(self, route: Route) -> Provision {
        let copies = self.copies();
        let kept = async {
            let (guide, language) = route.guide().zip(route.language())?;
            copies.find(guide, language).await
        };
        // Words and copy come from different places: neither waits for the other.
        let (locale, kept) = futures::future::join(self.words(&route), kept).await;
        let mut provision = Provision { route, locale, kept, guides: None, not_reached: false, page: true };
        if let (Some(guide), Some(language)) = (provision.route.guide(), provision.route.language()) {
            if provision.kept.is_none() {
                match self.copies().freshen(guide, language, false).await {
                    Freshened::Fresh(kept, _) => provision.kept = Some(kept),
                    Freshened::Absent => {}
                    Freshened::NotReached => provision.not_reached = true,
                }
            }
        } else {
            match relay::guides(copies.holds_any().await).await {
                Reply::Given(guides) => provision.guides = Some(guides),
                _ => {
                    provision.not_reached = true;
                    provision.guides = self.kept_guides().await;
                }
            }
        }
        let edition = provision.kept.as_ref().map(|kept| kept.edition.as_ref());
        // That something is not there is said by a page that is opened seldom.
        if let Some(fetch) = self.fetch
            && (provision.route.is_seldom() || !pages::is_found(&provision.route, edition, &[]))
        {
            provision.page = fetch(&provision.route).await;
        }
        provision
    }

    /// With no network: the guides of which there are copies here.
    async fn kept_guides(self) -> Option<Vec<GuideCard>> {
        let copies = self.copies();
        let stored = copies.db()?.editions().await.ok()?;
        let mut guides: Vec<GuideCard> = Vec::new();
        for card in stored {
            if guides.iter().any(|known| known.id == card.guide) {
                continue;
            }
            if let Some(copy) = copies.find(&card.guide, &card.language).await {
                let (name, languages) = (copy.edition.guide.name.clone(), copy.edition.guide.languages.clone());
                guides.push(GuideCard { id: card.guide, name, languages, revision: card.revision });
            }
        }
        (!guides.is_empty()).then_some(guides)
    }

    /// The words for a route's language; those that are here already where others cannot be had.
    async fn words(self, route: &Route) -> Option<Locale> {
        let tag = crate::shell::language(route, &preferred());
        let present = self.locale.get_untracked();
        if present.tag() == tag && present.has("nav.home") {
            return Some(present);
        }
        let words = async |tag: &str| {
            let addresses = self.assets.with_value(|assets| assets.words(tag, self.for_members));
            relay::locale(tag, &addresses).await
        };
        let wanted = words(tag).await;
        if wanted.is_some() || present.has("nav.home") {
            return wanted;
        }
        // A start with no network, in a language whose words are not here: those that are.
        for other in TAGS.into_iter().filter(|other| *other != tag) {
            if let Some(words) = words(other).await {
                return Some(words);
            }
        }
        None
    }

    /// Puts what was gathered on the screen, all at once.
    pub fn show(self, provision: Provision) {
        let Provision { route, locale, kept, guides, not_reached, page: _ } = provision;
        let time_zone = kept.as_ref().map(|kept| kept.edition.guide.time_zone.clone()).unwrap_or_default();
        self.now.set(script::now(&time_zone));
        if let Some(locale) = locale {
            self.locale.set(locale);
        }
        if let Some(guides) = guides {
            self.guides.set(guides);
        }
        let saved = kept.as_ref().map(|kept| Copy::Saved { day: kept.fetched });
        let offline = not_reached || !window().navigator().on_line();
        let same = self.route.with_untracked(|before| before.guide() == route.guide() && before.language() == route.language());
        if !same {
            self.looked.set_value(0.0);
        }
        self.copy.set(match (saved, self.copy.get_untracked()) {
            (Some(saved), _) if offline => saved,
            (None, _) if not_reached => Copy::Missing,
            // What the relay said of this guide a page before.
            (Some(_), withdrawn @ Copy::Withdrawn { .. }) if same => withdrawn,
            _ => Copy::Live,
        });
        self.note_kept(kept.as_ref());
        self.edition.set(kept.map(|kept| kept.edition));
        if route.is_for_members() {
            hands::keep_tools();
        } else {
            self.recall(&route);
        }
        self.route.set(route);
        self.describe();
    }

    /// What the person saved; and members find their tab on readers' pages too, without starting the
    /// replica for it.
    fn recall(self, route: &Route) {
        let Some(guide) = route.guide().cloned() else { return };
        let copies = self.copies();
        spawn_local(async move {
            let Some(db) = copies.db() else { return self.saved.update(|saved| *saved = saved::read(saved)) };
            let saved = saved_in(db, &guide).await;
            if self.saved.with_untracked(|known| *known != saved) {
                self.saved.set(saved);
            }
            let Ok(kept) = db.setting(Some(&guide), MEMBERSHIP).await else { return };
            // Readers' pages ask whether there is a membership, and no more is known to them.
            let membership = kept.map(|_| Membership { guide, ..Membership::blank() });
            let speaks = self.member.with_untracked(|state| state.as_ref().and_then(|state| state.membership.clone()));
            if speaks.map(|speaks| speaks.guide) != membership.as_ref().map(|membership| membership.guide.clone()) {
                self.member.set(membership.map(|membership| State { membership: Some(membership), ..State::default() }));
            }
        });
    }

    /// Changes what is saved: what another tab saved meanwhile stays.
    pub async fn save(self, change: String) {
        let Some(guide) = self.route.with_untracked(|route| route.guide().cloned()) else { return };
        let copies = self.copies();
        let done = match copies.db() {
            Some(db) => db.change_setting(&guide, SAVED, |saved| saved::changed(saved, &change)).await,
            None => Err(StorageError::Unavailable),
        };
        self.unkept.set(done.is_err());
        let saved = done.unwrap_or_else(|error| {
            leptos::logging::warn!("not saved beyond this visit: {error}");
            self.saved.with_untracked(|saved| saved::changed(saved, &change))
        });
        self.saved.set(saved);
    }

    /// Keeps in mind of which guides this browser is a member, as the replica says it; who leaves takes
    /// that with the copy.
    pub fn remember_membership(self) {
        let copies = self.copies();
        let member = Memo::new(move |_| {
            let state = self.member.get().filter(|state| state.reached.is_some())?;
            state.membership.map(|membership| membership.guide)
        });
        Effect::new(move || {
            let (Some(guide), copies) = (member.get(), copies.clone()) else { return };
            spawn_local(async move {
                let Some(db) = copies.db() else { return };
                if let Err(error) = db.put_setting(Some(&guide), MEMBERSHIP, "1").await {
                    leptos::logging::warn!("the membership was not kept in mind: {error}");
                }
            });
        });
    }

    fn note_kept(self, kept: Option<&Kept>) {
        let Some(Kept { bytes, fetched, .. }) = kept.cloned() else { return };
        if matches!(self.keeping.get_untracked(), Keeping::Working { .. }) {
            return;
        }
        let route = self.route;
        let copies = self.copies();
        spawn_local(async move {
            let route = route.get_untracked();
            let (Some(guide), Some(language)) = (route.guide(), route.language()) else { return };
            let keeping = match copies.is_kept(guide, language).await {
                Ok(true) => Keeping::Kept { bytes, day: fetched },
                _ => Keeping::No { bytes: Some(bytes) },
            };
            // Said again though it is the same, it would draw its buttons anew under a finger.
            let said = self.keeping.get_untracked();
            if !matches!(said, Keeping::Working { .. }) && said != keeping {
                self.keeping.set(keeping);
            }
        });
    }

    fn describe(self) {
        let locale = self.locale.get_untracked();
        if let Some(site) = self.site.get_value() {
            navigation::describe(&untrack(|| pages::title(&site)), locale.tag(), locale.dir());
        }
    }

    /// Asks the relay what is new in the open guide, and says honestly when it is not reached.
    pub fn look_for_news(self) {
        let route = self.route.get_untracked();
        let (Some(guide), Some(language)) = (route.guide().cloned(), route.language().map(str::to_owned)) else { return };
        if route.is_for_members() {
            return;
        }
        self.looked.set_value(js_sys::Date::now());
        spawn_local(async move {
            let outcome = self.copies().freshen(&guide, &language, false).await;
            let current = self.route.get_untracked();
            if current.guide() != Some(&guide) || current.language() != Some(language.as_str()) {
                return;
            }
            match outcome {
                Freshened::Fresh(kept, changed) => {
                    self.copy.set(Copy::Live);
                    self.note_kept(Some(&kept));
                    if changed || self.edition.with_untracked(Option::is_none) {
                        self.edition.set(Some(kept.edition));
                        self.describe();
                        // With the guide's places, what is saved of them may have changed.
                        self.recall(&current);
                    }
                }
                Freshened::NotReached => self.say(&guide, &language, |day| Copy::Saved { day }).await,
                Freshened::Absent => self.say(&guide, &language, |day| Copy::Withdrawn { day }).await,
            }
        });
    }

    /// Where the copy that is read comes from, by the day on which the relay last gave it.
    async fn say(self, guide: &GuideId, language: &str, source: fn(Day) -> Copy) {
        if let Some(kept) = self.copies().find(guide, language).await {
            self.copy.set(source(kept.fetched));
        }
    }

    /// After a pause: the clock has moved on, and perhaps the guide.
    pub fn look_again(self) {
        let time_zone = self.edition.with_untracked(|edition| edition.as_ref().map(|edition| edition.guide.time_zone.clone()));
        self.now.set(script::now(&time_zone.unwrap_or_default()));
        self.look_when_due();
    }

    fn look_when_due(self) {
        let unreached = matches!(self.copy.get_untracked(), Copy::Saved { .. } | Copy::Missing);
        if unreached || js_sys::Date::now() - self.looked.get_value() > FRESH_MS {
            self.look_for_news();
        }
    }
}

async fn saved_in(db: &Db, guide: &GuideId) -> String {
    db.setting(Some(guide), SAVED).await.ok().flatten().unwrap_or_default()
}

/// The languages that the person reads, most preferred first.
pub fn preferred() -> Vec<String> {
    script::languages().split(' ').map(str::to_owned).collect()
}
