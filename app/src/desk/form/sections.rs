//! The form's sections: one is open at a time, so that a small screen shows one question after another.

use super::Form;
use crate::desk::field::Field;
use crate::desk::layout::{self, Section};
use crate::desk::parts::icon;
use leptos::prelude::*;
use shared::schema::Path;

#[component]
pub fn Sections(form: Form) -> impl IntoView {
    let sections = layout::sections(form.kind).iter().map(|section| view! { <OneSection form section/> });
    view! { <div class="sections">{sections.collect_view()}</div> }
}

#[component]
fn OneSection(form: Form, section: &'static Section) -> impl IntoView {
    let is_open = move || form.open.get() == Some(section.code);
    let is_open = Memo::new(move |_| is_open());
    let toggle = move |_| form.open.set((!is_open.get_untracked()).then_some(section.code));
    let locale = form.words();
    let (name, changed_words) = (locale.text(&format!("desk.section.{}", section.code)), locale.text("desk.changed"));
    let changed = Memo::new(move |_| {
        let paths = section.fields.iter().map(|field| Path::from(*field));
        form.draft.with(|draft| paths.into_iter().any(|path| draft.is_changed_at(&path)))
    });
    let id = format!("section-{}", section.code);
    let body_id = format!("{id}-fields");
    view! {
        <section class="section" class:open=is_open>
            <h2 id={id}>
                <button type="button" aria-expanded=move || is_open.get().to_string() aria-controls={body_id.clone()} on:click=toggle>
                    {icon(section.icon)}
                    <span class={"section-name"}>{name}</span>
                    {move || changed.get().then(|| view! { <span class={"mark"}>{changed_words.clone()}</span> })}
                    {icon("chevron-down")}
                </button>
            </h2>
            <div id={body_id} class="section-body" hidden=move || !is_open.get()>
                {move || is_open.get().then(|| fields(form, section))}
            </div>
        </section>
    }
}

fn fields(form: Form, section: &'static Section) -> AnyView {
    section.fields.iter().map(|field| view! { <Field form path={Path::from(*field)}/> }).collect_view().into_any()
}
