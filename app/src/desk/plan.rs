//! What the relay planned and this phone then does, record by record, as any other edit: the lines that
//! say it, the doing, and how far it has come.

use super::ground::Desk;
use super::{parts, words};
use leptos::prelude::*;
use serde_json::Value;
use shared::edit::{self, Edit};
use shared::ids::RecordId;
use shared::link::Trouble;
use shared::schema::Kind;

/// How many records read as planned now, and in how many others somebody had changed something meanwhile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    pub out: usize,
    pub moved: usize,
}

/// Does what is planned, one after the other; `one` says whether all of it could be done, `told` hears
/// after each how many are done. Until then nobody leaves or reloads the page without being asked.
pub async fn carry_out<T>(
    desk: Desk,
    planned: impl IntoIterator<Item = T>,
    one: impl AsyncFn(T) -> Result<bool, Trouble>,
    told: impl Fn(usize),
) -> Result<Carried, Trouble> {
    let _at_work = AtWork::begin(desk);
    let mut carried = Carried::default();
    for planned in planned {
        match one(planned).await? {
            true => carried.out += 1,
            false => carried.moved += 1,
        }
        told(carried.out + carried.moved);
    }
    Ok(carried)
}

/// Also when the page is left in the middle, which drops the work.
struct AtWork(RwSignal<bool>);

impl AtWork {
    fn begin(desk: Desk) -> AtWork {
        desk.at_work.set(true);
        AtWork(desk.at_work)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// Does the edits that the relay planned for a record which read `tree` then, as far as it still reads so;
/// whether all of them.
pub async fn as_planned(desk: Desk, record: RecordId, tree: &Value, edits: &[Edit]) -> Result<bool, Trouble> {
    let now = desk.read(record).await?.tree;
    let same = |edit: &&Edit| edit.path().find(&now) == edit.path().find(tree);
    let still: Vec<Edit> = edits.iter().filter(same).cloned().collect();
    let all = still.len() == edits.len();
    // A record that was put aside already needs nothing more.
    let differs = {
        let mut then = now.clone();
        still.iter().for_each(|one| edit::perform(&mut then, one));
        then != now
    };
    if differs {
        desk.save(record, still).await?;
    }
    Ok(all)
}

/// How far it has come. The page is not reloaded for a newer version meanwhile.
pub fn progress(label: &str, done: usize, all: usize) -> AnyView {
    let locale = parts::locale();
    let words = locale.with("desk.undoing.progress", &[("done", &done.to_string()), ("all", &all.to_string())]);
    view! {
        <p role="status" data-unsaved="">{words}</p>
        <progress max={all.to_string()} value={done.to_string()} aria-label={locale.text(label)}></progress>
    }
    .into_any()
}

/// Of records in which somebody had changed something meanwhile.
pub fn moved(carried: Carried) -> Option<AnyView> {
    (carried.moved > 0).then(|| parts::note("warning", &parts::locale().count("desk.undoing.moved", carried.moved, &[])))
}

/// One record of a plan: its title, a line for each edit, and what is said of it besides.
pub fn record(kind: Kind, title: AnyView, edits: &[Edit], besides: Option<String>) -> AnyView {
    let locale = parts::locale();
    let lines = edits.iter().filter_map(|edit| words::edit(&locale, kind, edit));
    view! {
        <li class="waiting-batch">
            <h2>{title}</h2>
            <ul class="edits">{lines.map(|line| view! { <li dir="auto">{line}</li> }).collect_view()}</ul>
            {besides.map(|besides| view! { <p class={"quiet"}>{besides}</p> })}
        </li>
    }
    .into_any()
}
