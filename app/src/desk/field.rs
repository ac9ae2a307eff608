//! One field of a form, drawn by its shape in the schema; a few fields have editors of their own.

use super::form::{Form, element_id};
use super::words;
use leptos::prelude::*;
use shared::schema::{Key, Path, Shape};

mod choice;
mod collection;
mod languages;
mod position;
mod text;
mod times;
mod translated;
mod week;

/// Paths that one editor covers together with the field before them.
const COVERED: [&str; 1] = ["longitude"];

#[component]
pub fn Field(form: Form, path: Path) -> impl IntoView {
    field(form, path)
}

/// The editor of the field at `path`.
pub fn field(form: Form, path: Path) -> AnyView {
    let Some(shape) = form.kind.shape(&path) else { return ().into_any() };
    let last = path.split_last().map(|(_, last)| last).unwrap_or_default();
    if COVERED.contains(&path.as_str()) {
        return ().into_any();
    }
    match (last.as_str(), shape) {
        ("latitude", _) => view! { <position::Position form/> }.into_any(),
        ("opening_hours", _) => view! { <times::Hours form path/> }.into_any(),
        ("source_language", _) => view! { <languages::SourceLanguage form path/> }.into_any(),
        ("slug", _) => view! { <text::Fixed form path/> }.into_any(),
        ("assured_date", _) => view! { <text::Checked form path/> }.into_any(),
        (_, Shape::Line(_)) => view! { <text::Text form path/> }.into_any(),
        (_, Shape::Block(_) | Shape::Outline(_) | Shape::Prose(_)) => view! { <text::Long form path/> }.into_any(),
        (_, Shape::Whole(..) | Shape::Decimal(..) | Shape::Date | Shape::Moment) => view! { <text::Text form path/> }.into_any(),
        (_, Shape::Code(codes)) => view! { <choice::Codes form path codes={*codes}/> }.into_any(),
        (_, Shape::Category) => view! { <choice::Category form path/> }.into_any(),
        (_, Shape::Flag) => view! { <choice::Flag form path/> }.into_any(),
        (_, Shape::Map(fields)) => view! { <Group form path fields={*fields}/> }.into_any(),
        (_, Shape::Each(..)) if shape.is_translated() => view! { <translated::Translated form path/> }.into_any(),
        (_, Shape::Each(Key::Language, of)) => view! { <languages::Languages form path of={*of}/> }.into_any(),
        (_, Shape::Each(Key::Code(codes), Shape::Flag)) => view! { <choice::Flags form path codes={*codes}/> }.into_any(),
        (_, Shape::Each(Key::Code(codes), of)) => view! { <choice::Each form path codes={*codes} of={*of}/> }.into_any(),
        (_, Shape::Each(Key::Category, _)) => view! { <choice::Categories form path/> }.into_any(),
        (_, Shape::Each(Key::Scheme, _)) => view! { <collection::Schemes form path/> }.into_any(),
        (_, Shape::Each(Key::Id, _)) => view! { <collection::Entries form path/> }.into_any(),
    }
}

/// Fields that belong together, under one name.
#[component]
fn Group(form: Form, path: Path, fields: &'static [shared::schema::Field]) -> impl IntoView {
    let name = words::label(&form.words(), form.kind, &path);
    let inner = fields.iter().map(|inner| field(form, path.join(inner.name))).collect_view();
    view! { <fieldset class="group"><legend>{name}</legend> {inner}</fieldset> }
}

/// What surrounds an input: its name, its help, what is wrong. Copyable; the path is kept once.
#[derive(Clone, Copy)]
pub struct Frame {
    pub form: Form,
    path: StoredValue<Path>,
}

impl Frame {
    pub fn new(form: Form, path: Path) -> Frame {
        Frame { form, path: StoredValue::new(path) }
    }

    pub fn path(&self) -> Path {
        self.path.get_value()
    }

    pub fn id(&self) -> String {
        self.path.with_value(element_id)
    }

    pub fn label(&self) -> String {
        self.path.with_value(|path| words::label(&self.form.words(), self.form.kind, path))
    }

    pub fn help(&self) -> Option<String> {
        self.path.with_value(|path| words::help(&self.form.words(), self.form.kind, path))
    }

    /// What describes the input besides its name: `aria-describedby`.
    pub fn described_by(&self) -> String {
        let id = self.id();
        format!("{id}-help {id}-error")
    }

    pub fn error(&self) -> Option<String> {
        self.path.with_value(|path| self.form.error(path))
    }

    pub fn is_changed(&self) -> bool {
        self.path.with_value(|path| self.form.draft.with(|draft| draft.is_changed_at(path)))
    }

    /// Whether the field's latest change still waits on this phone.
    fn waits(&self) -> bool {
        let path = self.path();
        self.form
            .view
            .with(|view| view.waiting_fields.iter().any(|field| field == path.as_str() || field.starts_with(&format!("{path}."))))
    }

    /// Help and error below an input.
    pub fn below(self) -> AnyView {
        let id = self.id();
        let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
        let help = self.help();
        view! {
            {help.map(|help| view! { <p class={"help"} id={help_id}>{help}</p> })}
            <p class={"error"} id={error_id} role="alert">{move || self.error()}</p>
        }
        .into_any()
    }

    /// The marks beside a field's name.
    pub fn marks(self) -> AnyView {
        let locale = self.form.words();
        let (changed, waits) = (locale.text("desk.changed"), locale.text("stage.waiting"));
        let state = Memo::new(move |_| (self.is_changed(), self.waits()));
        (move || match state.get() {
            (true, _) => Some(view! { <span class={"mark"}>{changed.clone()}</span> }.into_any()),
            (false, true) => Some(view! { <span class={"mark quiet"}>{waits.clone()}</span> }.into_any()),
            _ => None,
        })
        .into_any()
    }

    /// A field with one input: name, `input`, help, error.
    pub fn around(self, input: AnyView) -> AnyView {
        view! {
            <div class="field">
                <label for={self.id()}>{self.label()} {self.marks()}</label>
                {input}
                {self.below()}
            </div>
        }
        .into_any()
    }

    /// A field with several inputs: a fieldset with a legend.
    pub fn around_many(self, class: &str, inputs: AnyView) -> AnyView {
        let id = self.id();
        view! {
            <fieldset class={format!("field {class}")} id={id} tabindex="-1" aria-describedby={self.described_by()}>
                <legend>{self.label()} {self.marks()}</legend>
                {inputs}
                {self.below()}
            </fieldset>
        }
        .into_any()
    }
}
