//! Two values in one field: both side by side, with who and when, settled by one tap.

use super::differ::marked;
use super::form::{Form, Told};
use super::parts::{button, icon};
use super::{typed, words};
use leptos::prelude::*;
use serde_json::Value;
use shared::edit::Edit;
use shared::link::{AuthorView, ConflictView};
use shared::schema::{Kind, Path, Shape};

/// All conflicts of the record, above its fields.
#[component]
pub fn Conflicts(form: Form) -> impl IntoView {
    move || {
        let conflicts = form.view.with(|view| view.conflicts.clone());
        (!conflicts.is_empty()).then(|| {
            let locale = form.words();
            let count = conflicts.len();
            view! {
                <section class="conflicts" aria-labelledby="conflicts">
                    <h2 id="conflicts">{icon("conflict")} {locale.count("desk.two_values", count, &[])}</h2>
                    <p class="quiet">{locale.text("desk.two_values.help")}</p>
                    {conflicts.into_iter().map(|conflict| view! { <OneConflict form conflict/> }).collect_view()}
                </section>
            }
        })
    }
}

#[component]
fn OneConflict(form: Form, conflict: ConflictView) -> impl IntoView {
    let locale = form.words();
    let path = conflict.conflict.path.clone();
    let values: Vec<Value> = conflict.conflict.candidates.iter().map(|candidate| candidate.value.clone()).collect();
    let texts: Vec<String> = values.iter().map(|value| words::value(&locale, form.kind, &path, value)).collect();
    let side = |(index, value): (usize, &Value)| {
        let author = conflict.authors.get(index).cloned().unwrap_or_default();
        // With more than two, each is held against the first.
        let other = if index == 0 { texts.get(1) } else { texts.first() };
        let (keep, path, value) =
            (locale.text(if index == 0 { "desk.keep_this" } else { "desk.keep_that" }), path.clone(), value.clone());
        let settle = move || form.save_only(vec![settling(form.kind, &path, value.clone())], Told::Saved { undo: Vec::new() });
        view! {
            <div class="candidate">
                <p class="who">{icon("person")} {who(form, &author)}</p>
                <p class="value" dir="auto">{runs(&texts[index], other.map(String::as_str).unwrap_or_default())}</p>
                {button("primary", "check", keep, settle)}
            </div>
        }
    };
    let sides = values.iter().enumerate().map(side).collect_view();
    let name = words::label(&locale, form.kind, &path);
    let group_name = name.clone();
    let another = takes_text(form.kind, &path).then(|| view! { <Another form path first={typed::show(values.first())}/> });
    view! {
        <div class="conflict" role="group" aria-label={group_name}>
            <h3>{name}</h3>
            <div class="candidates">{sides}</div>
            {another}
        </div>
    }
}

/// The words, with what the other value says differently marked.
fn runs(text: &str, other: &str) -> AnyView {
    let run = |run: super::differ::Run| match run.differs {
        true => view! { <mark>{run.text}</mark> }.into_any(),
        false => run.text.into_any(),
    };
    marked(text, other).into_iter().map(run).collect_view().into_any()
}

fn who(form: Form, author: &AuthorView) -> String {
    let locale = form.words();
    let name = match (&author.pseudonym, author.mine) {
        (_, true) => locale.text("desk.you"),
        (Some(name), false) => name.clone(),
        (None, false) => locale.text("desk.someone"),
    };
    match author.day {
        Some(day) => locale.with("desk.who_when", &[("who", &name), ("day", &locale.day_seen_from(day, form.today()))]),
        None => name,
    }
}

/// Whether "write another" makes sense: codes have their choice in the form below.
fn takes_text(kind: Kind, path: &Path) -> bool {
    matches!(kind.shape(path), Some(Shape::Line(_) | Shape::Block(_) | Shape::Prose(_) | Shape::Whole(..) | Shape::Decimal(..)))
}

/// A third way: words of one's own, beginning with the first value.
#[component]
fn Another(form: Form, path: Path, first: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let text = RwSignal::new(first);
    let locale = form.words();
    let path = StoredValue::new(path);
    let id = path.with_value(|path| format!("{}-another", super::form::element_id(path)));
    let error = RwSignal::new(None::<String>);
    let save = {
        let locale = locale.clone();
        move || {
            let path = path.get_value();
            let Some(shape) = form.kind.shape(&path) else { return };
            match typed::read(shape, &text.get_untracked()) {
                Ok(value) => form
                    .save_only(vec![settling(form.kind, &path, value.unwrap_or(Value::Null))], Told::Saved { undo: Vec::new() }),
                Err(reason) => error.set(Some(words::reason(&locale, reason, shape))),
            }
        }
    };
    move || {
        if !open.get() {
            return button("link", "edit", locale.text("desk.write_another"), move || open.set(true));
        }
        view! {
            <div class="field">
                <label for={id.clone()}>{locale.text("desk.write_another")}</label>
                <textarea id={id.clone()} rows="3" dir="auto" prop:value=text.get_untracked() on:input=move |event| text.set(event_target_value(&event))></textarea>
                <p class="error" role="alert">{move || error.get()}</p>
                {button("primary", "on-phone", locale.text("desk.save"), save.clone())}
            </div>
        }
        .into_any()
    }
}

/// The edit that leaves one value standing.
pub fn settling(kind: Kind, path: &Path, value: Value) -> Edit {
    match (kind.shape(path), value) {
        (Some(Shape::Prose(_)), value) => Edit::write(path.clone(), value.as_str().unwrap_or_default()),
        (_, Value::Null) => Edit::clear(path.clone()),
        (_, value) => Edit::Put { path: path.clone(), value },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settling_fits_the_field() {
        let check = |path: &str, value: Value, expected: Edit| assert_eq!(settling(Kind::Place, &path.into(), value), expected);
        check("name", json!("A"), Edit::put("name", "A"));
        check("name", Value::Null, Edit::clear("name"));
        check("description.fr.text", json!("Texte"), Edit::write("description.fr.text", "Texte"));
        check("description.fr.text", Value::Null, Edit::write("description.fr.text", ""));
        check("transportation.fr.text", json!("Bus"), Edit::put("transportation.fr.text", "Bus"));
    }
}
