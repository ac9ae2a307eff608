//! Work carried by hand: this phone's unsent work as a file for a colleague, and a colleague's file
//! delivered from here. It goes as it is: who delivers adds nothing, and the relay believes signatures only.

use super::form::Tasks;
use super::ground::{Delivered, Desk};
use super::parts::{self, button, icon, trouble_note};
use super::words;
use leptos::prelude::*;
use shared::carry;
use shared::link::Trouble;

/// Offers the batches that wait as a file.
#[component]
pub fn HandOver(desk: Desk, tasks: Tasks) -> impl IntoView {
    let locale = parts::locale();
    let trouble: RwSignal<Option<Trouble>> = RwSignal::new(None);
    let save = move || {
        tasks.run(async move {
            let ground = desk.ground();
            let handed = match ground.unsent().await {
                Ok(batches) => ground.hand_over(file_name(&desk, batches.len()), batches).await,
                Err(trouble) => Err(trouble),
            };
            trouble.set(handed.err());
        });
    };
    view! {
        <p class="quiet">{locale.text("desk.carry.help")}</p>
        {button("secondary wide", "share", locale.text("desk.carry"), save)}
        {move || trouble.get().map(|trouble| trouble_note(&trouble))}
    }
}

/// Without what says of which kind it is.
fn file_name(desk: &Desk, count: usize) -> String {
    format!("socle-{}-{count}", desk.guide())
}

/// What became of each batch of a colleague's file.
type Fates = RwSignal<Vec<(String, Option<Delivered>)>>;

/// Takes a colleague's file and delivers what is in it.
#[component]
pub fn Deliver(desk: Desk) -> impl IntoView {
    let locale = parts::locale();
    let tasks = Tasks::here();
    let fates: Fates = RwSignal::new(Vec::new());
    let bad = RwSignal::new(false);
    let open = move |_| {
        tasks.run(async move {
            let Some(file) = desk.ground().file("carried").await else { return };
            let batches = carry::batches(&file);
            bad.set(batches.is_none());
            fates.set(Vec::new());
            let locale = parts::locale();
            for (at, (sealed, bytes)) in batches.into_iter().flatten().enumerate() {
                let number = (at + 1).to_string();
                let size = locale.bytes(bytes.len() as u64);
                let name =
                    locale.with("desk.deliver.part", &[("n", &number), ("guide", sealed.batch.guide.as_str()), ("size", &size)]);
                fates.update(|fates| fates.push((name, None)));
                let fate = desk.ground().deliver(sealed.batch.guide, sealed.batch.batch, bytes).await;
                fates.update(|fates| fates[at].1 = Some(fate));
            }
        });
    };
    let list = move || {
        let rows = fates.get().into_iter().map(|(name, fate)| {
            let (pictogram, words) = said(fate);
            view! { <li class="with-icon">{icon(pictogram)} <span><bdi>{name}</bdi> {": "} {words}</span></li> }
        });
        rows.collect_view()
    };
    let wrong = {
        let locale = locale.clone();
        move || bad.get().then(|| view! { <p class="error">{locale.text("desk.deliver.bad")}</p> })
    };
    view! {
        <section class={"deliver"} aria-labelledby="deliver">
            <h2 id="deliver">{locale.text("desk.deliver")}</h2>
            <p class="quiet">{locale.text("desk.deliver.help")}</p>
            <label class="field">
                <span>{locale.text("desk.deliver.open")}</span>
                <input id="carried" type="file" accept=".batches,.txt,text/plain,application/cbor-seq,application/octet-stream" on:change=open/>
            </label>
            <div role="status">{wrong} <ul class={"plain"}>{list}</ul></div>
        </section>
    }
}

fn said(fate: Option<Delivered>) -> (&'static str, String) {
    let locale = parts::locale();
    match fate {
        None => ("waiting", locale.text("desk.deliver.under_way")),
        Some(Delivered::Shared) => ("check", locale.text("desk.deliver.shared")),
        Some(Delivered::Refused(refusal)) => ("refused", words::carried_refusal(&locale, &refusal)),
        Some(Delivered::NotReached) => ("offline", locale.text("desk.deliver.not_reached")),
    }
}
