//! All records of the guide, for those who keep it: what waits first, then everything, searched and
//! narrowed on the phone.

use super::form::Tasks;
use super::ground::{Desk, Line};
use super::parts::{self, icon, trouble_note};
use super::words;
use crate::guide::{Site, use_site};
use crate::routes::DeskView;
use leptos::prelude::*;
use select::{Attention, Tab, Wanted};
use shared::gate::Role;
use shared::ids::Day;
use shared::link::{Summary, Trouble};
use shared::schema::Kind;
use std::sync::Arc;

pub mod select;

/// Records shown at once; a button brings as many more.
const SHOWN: usize = 100;

type Records = Arc<Vec<Summary>>;

#[component]
pub fn ListPage(desk: Desk) -> impl IntoView {
    let records: RwSignal<Option<Result<Records, Trouble>>> = RwSignal::new(None);
    keep_fresh(desk, records);
    let shown = move || match records.get() {
        None => parts::waiting("desk.opening"),
        Some(Err(trouble)) => trouble_note(&trouble),
        Some(Ok(_)) => {
            let all = Signal::derive(move || match records.get() {
                Some(Ok(records)) => records,
                _ => Records::default(),
            });
            view! { <Records desk all/> }.into_any()
        }
    };
    // Rebuilt when the list comes or fails, not when it changes: what is typed in the search stays.
    let phase = Memo::new(move |_| records.with(|records| records.as_ref().map(|read| read.as_ref().err().cloned())));
    view! {
        <h1>{parts::text("desk.list")}</h1>
        {move || {
            // Read, not only tracked: a memo that nobody reads follows nothing.
            phase.get();
            untrack(shown)
        }}
    }
}

/// Reads the list now and after changes, one reading at a time.
fn keep_fresh(desk: Desk, records: RwSignal<Option<Result<Records, Trouble>>>) {
    let tasks = Tasks::here();
    let reading = StoredValue::new(false);
    let again = StoredValue::new(false);
    Effect::new(move || {
        desk.changed.track();
        if desk.line.get() != Line::Open {
            return;
        }
        if reading.get_value() {
            return again.set_value(true);
        }
        reading.set_value(true);
        tasks.run(async move {
            loop {
                again.set_value(false);
                let read = desk.list().await;
                records.set(Some(read.map(|mut read| {
                    select::sort(&mut read);
                    Arc::new(read)
                })));
                if !again.get_value() {
                    break;
                }
            }
            reading.set_value(false);
        });
    });
}

#[component]
fn Records(desk: Desk, all: Signal<Records>) -> impl IntoView {
    let site = use_site();
    let locale = parts::locale();
    let today = site.now.get_untracked().day;
    let wanted = RwSignal::new(Wanted::default());
    let shown = RwSignal::new(SHOWN);
    let found = Memo::new(move |_| all.with(|all| wanted.with(|wanted| select::select(all, wanted, today))));
    let rows = move || {
        let records = all.get();
        found.with(|found| found.iter().take(shown.get()).filter_map(|index| records.get(*index).cloned()).collect::<Vec<_>>())
    };
    let search = move |event| {
        wanted.update(|wanted| wanted.query = event_target_value(&event));
        shown.set(SHOWN);
    };
    let count = {
        let locale = locale.clone();
        move || locale.count("desk.found", found.with(Vec::len), &[])
    };
    let more = {
        let locale = locale.clone();
        move || {
            let rest = found.with(Vec::len).saturating_sub(shown.get());
            (rest > 0).then(|| {
                let words = locale.count("desk.more", rest.min(SHOWN), &[]);
                view! { <button type="button" class="secondary wide" on:click=move |_| shown.update(|shown| *shown += SHOWN)>{words}</button> }
            })
        }
    };
    let empty = {
        let locale = locale.clone();
        move || {
            found.with(Vec::is_empty).then(|| {
                let key = if all.with(|all| all.is_empty()) { "desk.empty" } else { "desk.nothing_found" };
                view! { <p class={"desk-empty"}>{locale.text(key)}</p> }
            })
        }
    };
    view! {
        <FirstThings all wanted today/>
        <div class="field">
            <label for="desk-search">{locale.text("desk.search")}</label>
            <input type="search" id="desk-search" autocomplete="off" enterkeyhint="search" on:input=search/>
        </div>
        <Tabs desk wanted/>
        {move || new_link(desk, &site, wanted.with(|wanted| wanted.tab))}
        <p class="quiet" role="status">{count}</p>
        {empty}
        <ul class="plain records">
            // Keyed by what a line shows: a line is drawn anew when that changes, and only then.
            <For each=rows key=|summary| (summary.record, summary.stage as u8, summary.conflicts, summary.title.clone(), summary.assured_date, summary.status.clone())
                children=move |summary| row(desk, &site, today, &summary)/>
        </ul>
        {more}
    }
}

/// What waits for somebody: each a filter, hidden when there is none.
#[component]
fn FirstThings(all: Signal<Records>, wanted: RwSignal<Wanted>, today: Day) -> impl IntoView {
    let locale = parts::locale();
    let chips = move || {
        let counts = all.with(|all| select::attention(all, today));
        let chip = |(attention, count): (Attention, usize)| {
            let pressed = move || wanted.with(|wanted| wanted.attention == Some(attention));
            let toggle = move |_| {
                wanted.update(|wanted| wanted.attention = (wanted.attention != Some(attention)).then_some(attention));
            };
            let words = locale.count(&format!("desk.first.{}", attention.code()), count, &[]);
            view! {
                <button type="button" class={format!("chip chip-{}", attention.code())} aria-pressed=move || pressed().to_string() on:click=toggle>
                    {icon(attention.icon())} <span>{words}</span>
                </button>
            }
        };
        counts
            .into_iter()
            .filter(|(attention, count)| *count > 0 || wanted.with(|wanted| wanted.attention == Some(*attention)))
            .map(chip)
            .collect_view()
    };
    view! { <div class="chips first-things">{chips}</div> }
}

#[component]
fn Tabs(desk: Desk, wanted: RwSignal<Wanted>) -> impl IntoView {
    let locale = parts::locale();
    let steward =
        Memo::new(move |_| desk.state.with(|state| state.membership.as_ref().is_some_and(|member| member.role == Role::Steward)));
    let tab = move |tab: Tab| {
        let words = locale.text(&format!("desk.tab.{}", tab.code()));
        let pressed = move || wanted.with(|wanted| wanted.tab == tab).to_string();
        view! { <button type="button" class="chip" aria-pressed=pressed on:click=move |_| wanted.update(|wanted| wanted.tab = tab)>{words}</button> }
    };
    let tabs = move || Tab::ALL.into_iter().filter(|one| *one != Tab::Of(Kind::Guide) || steward.get()).map(&tab).collect_view();
    view! { <div class="chips">{tabs}</div> }
}

/// The way to a new record of the kind that is looked at.
fn new_link(desk: Desk, site: &Site, tab: Tab) -> AnyView {
    let kinds: &[Kind] = match tab {
        Tab::All => &[Kind::Place, Kind::Page, Kind::Notice],
        Tab::Of(Kind::Guide) => &[],
        Tab::Of(Kind::Place) => &[Kind::Place],
        Tab::Of(Kind::Page) => &[Kind::Page],
        Tab::Of(Kind::Notice) => &[Kind::Notice],
    };
    let link = |kind: &Kind| {
        let href = parts::href(site, &desk.guide(), DeskView::New(*kind));
        view! { <a class="button secondary" href={href}>{icon("add")} <span>{parts::text(&format!("desk.new.{kind}"))}</span></a> }
    };
    let import = (kinds.contains(&Kind::Place) && desk.is_steward()).then(|| {
        let href = parts::href(site, &desk.guide(), DeskView::Import);
        view! { <a class="button secondary" href={href}>{icon("upload")} <span>{parts::text("desk.import")}</span></a> }
    });
    view! { <div class="row">{kinds.iter().map(link).collect_view()} {import}</div> }.into_any()
}

fn row(desk: Desk, site: &Site, today: Day, summary: &Summary) -> AnyView {
    let locale = parts::locale();
    let href = parts::href(site, &desk.guide(), DeskView::Edit(summary.kind, summary.record));
    let checked = summary.assured_date.map(|day| locale.with("desk.checked_on", &[("day", &locale.day_seen_from(day, today))]));
    let status =
        summary.status.as_deref().filter(|status| *status != "active").map(|status| words::choice(&locale, "status", status));
    let members = summary.members_only.then(|| locale.text("choice.visibility.members"));
    let two = (summary.conflicts > 0).then(|| locale.count("desk.first.conflicts", summary.conflicts, &[]));
    let facts: Vec<String> = [status, members, checked].into_iter().flatten().collect();
    let detail = summary.detail.clone();
    view! {
        <li>
            <a href={href}>
                <span class="name" dir="auto">{words::title(&locale, summary.kind, &summary.title)}</span>
                {(!detail.is_empty()).then(|| view! { <span class={"detail"} dir="auto">{detail}</span> })}
                <span class="facts">{facts.join(" · ")}</span>
                {parts::stage(summary.stage)}
                {two.map(|two| view! { <span class={"stage stage-conflict"}>{icon("conflict")} <span>{two}</span></span> })}
            </a>
        </li>
    }
    .into_any()
}
