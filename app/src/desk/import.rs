//! A steward's table: the relay compares it with the guide, the steward sees what would change, and this
//! phone then does it, place by place, as any other edit. So it waits where the guide says that it waits,
//! and can be undone.

use super::form::Tasks;
use super::ground::{Desk, Unserved};
use super::parts::{self, button, note};
use super::plan::{self, Carried, as_planned};
use super::review::{exchange, link_to_form};
use super::words;
use crate::locale::Locale;
use leptos::prelude::*;
use shared::import::{HEADINGS, Plan, Planned, Reading, Skip, Unreadable, is_source_name};
use shared::json;
use shared::limits::IMPORT_TABLE_BYTES_MAX;
use shared::link::Trouble;
use shared::schema::{Kind, Path, Shape};

mod decode;

/// Places, and entries of each list, that are shown; the rest is a number.
const SHOWN: usize = 40;
const SOURCE: &str = "table";

#[derive(Clone, PartialEq)]
enum Stand {
    Choosing,
    Comparing,
    /// Empty, or too large.
    BadSize,
    NoSuchName,
    NotRead(Unserved),
    Unreadable {
        why: Unreadable,
        line: usize,
    },
    Planned,
    Running {
        done: usize,
    },
    Failed(Trouble),
    /// Everything is on this phone; the relay was not told what the table says.
    NotNoted(Carried),
    Done(Carried),
}

#[derive(Clone, Copy)]
struct Page {
    desk: Desk,
    tasks: Tasks,
    source: RwSignal<String>,
    /// The table that was read last.
    table: StoredValue<String>,
    plan: RwSignal<Plan>,
    stand: RwSignal<Stand>,
}

#[component]
pub fn ImportPage(desk: Desk) -> impl IntoView {
    let locale = parts::locale();
    let page = Page {
        desk,
        tasks: Tasks::here(),
        source: RwSignal::new(SOURCE.to_owned()),
        table: StoredValue::new(String::new()),
        plan: RwSignal::new(Plan::default()),
        stand: RwSignal::new(Stand::Choosing),
    };
    let named = move |event| {
        page.source.set(event_target_value(&event).trim().to_lowercase());
        page.stand.set(Stand::Choosing);
    };
    view! {
        <h1>{locale.text("desk.import")}</h1>
        <p class="quiet">{locale.text("desk.import.help")}</p>
        {columns(page, &locale)}
        <div class="field">
            <label for="source">{locale.text("desk.import.source")}</label>
            <input id="source" dir="ltr" autocapitalize="none" autocomplete="off" spellcheck="false" aria-describedby="source-help"
                prop:value=SOURCE on:input=named/>
            <p class="help" id="source-help">{locale.text("desk.import.source.help")}</p>
        </div>
        <label class="field">
            <span>{locale.text("desk.import.file")}</span>
            <input id="table" type="file" accept=".csv,.tsv,.txt,.json,text/csv,application/json" on:change=move |_| page.open()/>
        </label>
        {move || stand(page)}
    }
}

/// The columns that a table may have, and a table with nothing but them.
fn columns(page: Page, locale: &Locale) -> AnyView {
    let row = |(heading, path): &(&'static str, &'static str)| {
        let label = match *path {
            "" => locale.text("desk.import.id"),
            path => words::label(locale, Kind::Place, &Path::from(path)),
        };
        let codes = match Kind::Place.shape(&Path::from(*path)) {
            Some(Shape::Code(codes)) => {
                let code = |code: &&str| format!("{code} = {}", words::choice(locale, path, code));
                Some(codes.iter().map(code).collect::<Vec<_>>().join(" · "))
            }
            _ => None,
        };
        view! { <dt><code dir="ltr">{*heading}</code></dt> <dd>{label} {codes.map(|codes| view! { <p class={"quiet"}>{codes}</p> })}</dd> }
    };
    let categories: Vec<String> =
        shared::categories::codes().map(|code| format!("{code} = {}", words::category(locale, &code))).collect();
    let save = move || {
        let headings: Vec<&str> = HEADINGS.iter().map(|(heading, _)| *heading).collect();
        page.tasks.run(async move {
            page.desk.ground().export(format!("{SOURCE}.csv"), format!("{}\r\n", headings.join(","))).await;
        });
    };
    view! {
        <details class="columns">
            <summary>{locale.text("desk.import.columns")}</summary>
            <p>{locale.text("desk.import.columns.help")}</p>
            <dl>{HEADINGS.iter().map(row).collect_view()}</dl>
            <p><code dir={"ltr"}>"services"</code> {": "} <span class="quiet">{categories.join(" · ")}</span></p>
            {button("secondary wide", "download", locale.text("desk.import.empty"), save)}
        </details>
    }
    .into_any()
}

fn stand(page: Page) -> AnyView {
    let locale = parts::locale();
    match page.stand.get() {
        Stand::Choosing => ().into_any(),
        Stand::Comparing => parts::waiting("desk.import.comparing"),
        Stand::BadSize => note("warning", &locale.text("desk.import.size")),
        Stand::NoSuchName => note("warning", &locale.text("desk.import.source.help")),
        Stand::NotRead(why) => view! {
            {note("warning", &words::unserved(&locale, &why))}
            {button("secondary wide", "refresh", locale.text("desk.retry"), move || page.look())}
        }
        .into_any(),
        Stand::Unreadable { why, line } => {
            note("warning", &locale.with(&format!("desk.import.unreadable.{}", why.code()), &[("line", &line.to_string())]))
        }
        Stand::Failed(trouble) => view! {
            {parts::trouble_note(&trouble)}
            {button("secondary wide", "refresh", locale.text("desk.review.look_again"), move || page.look())}
        }
        .into_any(),
        Stand::Planned => page.plan.with(|plan| planned(page, &locale, plan)),
        Stand::Running { done } => {
            plan::progress("desk.import", done, page.plan.with_untracked(|plan| plan.planned.len()))
        }
        Stand::NotNoted(carried) => view! {
            {outcome(&locale, carried)}
            {note("offline", &locale.text("desk.import.not_noted"))}
            {button("primary wide", "refresh", locale.text("desk.retry"), move || page.tasks.run(async move { page.finish(carried).await }))}
        }
        .into_any(),
        Stand::Done(carried) => outcome(&locale, carried),
    }
}

fn outcome(locale: &Locale, carried: Carried) -> AnyView {
    if carried == Carried::default() {
        return note("check", &locale.text("desk.import.nothing"));
    }
    view! { {note("check", &locale.count("desk.import.done", carried.out, &[]))} {plan::moved(carried)} }.into_any()
}

/// What would change, what is left as it is and why, and the button that does it.
fn planned(page: Page, locale: &Locale, plan: &Plan) -> AnyView {
    let new = plan.planned.iter().filter(|one| one.is_new).count();
    let counts = [
        ("desk.import.new", new),
        ("desk.import.changed", plan.planned.len() - new),
        ("desk.import.unchanged", plan.unchanged),
        ("desk.import.purged", plan.purged),
    ];
    let counts: Vec<String> =
        counts.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| locale.count(key, count, &[])).collect();
    let act = match plan.planned.len() {
        0 => note("check", &locale.text("desk.import.nothing")),
        count => view! {
            <p class="quiet">{locale.text("desk.import.waits")}</p>
            {button("primary wide", "upload", locale.count("desk.import.yes", count, &[]), move || page.run())}
        }
        .into_any(),
    };
    let rows = plan.planned.iter().take(SHOWN).map(|one| row(page.desk, locale, one)).collect_view();
    let more = plan.planned.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| view! { <p class="quiet">{locale.with("desk.import.more", &[("n", &more.to_string())])}</p> });
    view! {
        <p role="status"><strong>{counts.join(" · ")}</strong></p>
        {remarks(locale, plan)}
        {act}
        <ul class="plain">{rows}</ul>
        {more}
    }
    .into_any()
}

/// What is not taken from the table, a line for each reason.
fn remarks(locale: &Locale, plan: &Plan) -> AnyView {
    let row = |row: usize| locale.with("desk.import.row", &[("n", &row.to_string())]);
    let skipped = |why: Skip| plan.skipped.iter().filter(|one| one.why == why).map(|one| row(one.row)).collect::<Vec<_>>();
    let (columns, cells): (Vec<_>, Vec<_>) = plan.left_out.iter().partition(|left| left.row == 0);
    let cells = cells.iter().map(|left| format!("{}, {}", row(left.row), locale.isolated(&left.field))).collect();
    let kept = plan
        .kept
        .iter()
        .map(|kept| format!("{}, {}", locale.isolated(&kept.title), words::label(locale, Kind::Place, &kept.path)));
    let lists: [(&str, Vec<String>); 7] = [
        ("desk.import.kept", kept.collect()),
        ("desk.import.skipped.no_name", skipped(Skip::NoName)),
        ("desk.import.skipped.no_identifier", skipped(Skip::NoIdentifier)),
        ("desk.import.skipped.repeated", skipped(Skip::Repeated)),
        ("desk.import.columns.unknown", columns.iter().map(|left| locale.isolated(&left.field)).collect()),
        ("desk.import.left_out", cells),
        ("desk.import.missing", plan.missing.iter().map(|name| locale.isolated(name)).collect()),
    ];
    let line = |(key, entries): (&str, Vec<String>)| {
        let shown = entries.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(" · ");
        let more = entries.len().saturating_sub(SHOWN);
        let more =
            if more > 0 { format!(" {}", locale.with("desk.import.more", &[("n", &more.to_string())])) } else { String::new() };
        view! { <li dir="auto">{locale.with(key, &[("what", &format!("{shown}{more}"))])}</li> }
    };
    let lines: Vec<_> = lists.into_iter().filter(|(_, entries)| !entries.is_empty()).map(line).collect();
    (!lines.is_empty()).then(|| view! { <ul class="edits remarks">{lines}</ul> }).into_any()
}

fn row(desk: Desk, locale: &Locale, planned: &Planned) -> AnyView {
    let title = match planned.is_new {
        true => {
            view! { <bdi>{planned.title.clone()}</bdi> " " <span class="mark">{locale.text("desk.review.new")}</span> }.into_any()
        }
        false => link_to_form(desk, Kind::Place, planned.record, &planned.title),
    };
    plan::record(Kind::Place, title, &planned.edits, None)
}

impl Page {
    fn open(self) {
        self.tasks.run(async move {
            let Some(bytes) = self.desk.ground().file("table").await else { return };
            if bytes.is_empty() || bytes.len() > IMPORT_TABLE_BYTES_MAX {
                return self.stand.set(Stand::BadSize);
            }
            self.table.set_value(decode::text(bytes));
            self.compare().await;
        });
    }

    fn look(self) {
        self.tasks.run(async move { self.compare().await });
    }

    async fn compare(self) {
        let source = self.source.get_untracked();
        if !is_source_name(&source) {
            return self.stand.set(Stand::NoSuchName);
        }
        self.stand.set(Stand::Comparing);
        // What this phone has is what the plan is about.
        let _ = exchange(self.desk).await;
        let answer = self.desk.relay("POST", &format!("imports/{source}"), self.table.get_value()).await;
        let reading = answer.and_then(|text| json::from_str(&text).map_err(|_| Unserved::NotReached));
        let plan = match reading {
            Ok(Reading::Plan(plan)) => plan,
            Ok(Reading::Unreadable { why, line }) => return self.stand.set(Stand::Unreadable { why, line }),
            Err(why) => return self.stand.set(Stand::NotRead(why)),
        };
        let nothing = plan.planned.is_empty();
        self.plan.set(plan);
        // Also what was cut off before the relay heard that it is done.
        if nothing && !self.note().await {
            return self.stand.set(Stand::NotNoted(Carried::default()));
        }
        self.stand.set(Stand::Planned);
    }

    fn run(self) {
        self.stand.set(Stand::Running { done: 0 });
        let plan = self.plan.get_untracked().planned;
        self.tasks.run(async move {
            let one = async |planned: &Planned| one(self.desk, planned).await;
            match plan::carry_out(self.desk, &plan, one, |done| self.stand.set(Stand::Running { done })).await {
                Ok(carried) => self.finish(carried).await,
                Err(trouble) => self.stand.set(Stand::Failed(trouble)),
            }
        });
    }

    /// Sends what was done, then has the relay note what the table says.
    async fn finish(self, carried: Carried) {
        let noted = exchange(self.desk).await.is_ok() && self.note().await;
        self.stand.set(if noted { Stand::Done(carried) } else { Stand::NotNoted(carried) });
    }

    /// Whether the relay noted what the table says. It does for places that it has: all have to be sent.
    async fn note(self) -> bool {
        if self.desk.state.with_untracked(|state| state.unsent > 0) {
            return false;
        }
        let path = format!("imports/{}/done", self.source.get_untracked());
        self.desk.relay("POST", &path, self.table.get_value()).await.is_ok()
    }
}

/// Does what is planned for one place; whether all of it. One that is there already was made by an
/// import that was cut off.
async fn one(desk: Desk, planned: &Planned) -> Result<bool, Trouble> {
    if !planned.is_new {
        return as_planned(desk, planned.record, &planned.tree, &planned.edits).await;
    }
    match desk.read(planned.record).await {
        Ok(view) => as_planned(desk, planned.record, &view.tree, &planned.edits).await,
        Err(Trouble::NotFound) => desk.make(Kind::Place, Some(planned.record), planned.edits.clone()).await.map(|_| true),
        Err(trouble) => Err(trouble),
    }
}
