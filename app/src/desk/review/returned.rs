//! What was sent back to this device, among what waits to be sent: why, what it was, and the way to
//! take it up again.

use super::who;
use crate::desk::form::remembered_as;
use crate::desk::ground::Desk;
use crate::desk::parts::{self, button, icon};
use crate::desk::words;
use crate::guide::use_site;
use crate::routes::{DeskView, Route};
use leptos::prelude::*;
use shared::json;
use shared::review::Returned;

#[component]
pub fn SentBack(desk: Desk) -> impl IntoView {
    let locale = parts::locale();
    let returned = Memo::new(move |_| {
        desk.queue.with(|queue| {
            queue.as_ref().and_then(|queue| queue.as_ref().ok()).map(|queue| queue.returned.clone()).unwrap_or_default()
        })
    });
    move || {
        let all = returned.get();
        (!all.is_empty()).then(|| {
            let rows = all.into_iter().map(|one| row(desk, one)).collect_view();
            view! {
                <section aria-labelledby="returned">
                    <h2 id="returned">{locale.text("desk.returned")}</h2>
                    <ul class="plain">{rows}</ul>
                </section>
            }
        })
    }
}

fn row(desk: Desk, returned: Returned) -> AnyView {
    let locale = parts::locale();
    let site = use_site();
    let Returned { record, kind, title, reason, by, edits } = returned;
    let lines: Vec<String> = edits.iter().filter_map(|edit| words::edit(&locale, kind, edit)).collect();
    // The form finds it as what was not saved yet, and says so.
    let take_up = move || {
        desk.ground().remember(&remembered_as(kind, Some(record)), Some(&json::to_string(&edits)));
        site.navigate(Route::desk(&desk.guide(), &parts::language(&site), DeskView::Edit(kind, record)));
    };
    view! {
        <li class="refused-batch returned">
            <h3>{super::link_to_form(desk, kind, record, &title)}</h3>
            <p class="quiet">{who(&by)}</p>
            <blockquote class="why" dir="auto">{icon("message")} {reason}</blockquote>
            <details class="edits">
                <summary>{locale.count("desk.outbox.edits", lines.len(), &[])}</summary>
                <ul>{lines.into_iter().map(|line| view! { <li dir="auto">{line}</li> }).collect_view()}</ul>
            </details>
            <div class="row">{button("primary", "edit", locale.text("desk.returned.take_up"), take_up)}</div>
        </li>
    }
    .into_any()
}
