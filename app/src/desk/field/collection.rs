//! Collections of entries that people add and take away: phones, services, steps, sources.

use super::{Frame, field, text};
use crate::desk::form::Form;
use crate::desk::parts::{button, icon};
use crate::desk::{layout, words};
use leptos::prelude::*;
use serde_json::Value;
use shared::schema::{Path, Shape};

/// What belongs to one entry as its order only and is moved by buttons.
const ORDER: &str = "position";

#[component]
pub fn Entries(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    let ordered = is_ordered(form, &frame.path());
    let keys = Memo::new(move |_| form.draft.with(|draft| in_order(draft.get(&frame.path()))));
    let latest: RwSignal<Option<String>> = RwSignal::new(None);
    let add = move || {
        let key = form.new_key(&frame.path());
        let entry = frame.path().join(&key);
        if ordered {
            let last =
                keys.with_untracked(|keys| keys.iter().map(|key| position(form, &frame.path().join(key))).fold(0.0, f64::max));
            form.put(&entry.join(ORDER), Some((last + 1.0).into()));
        } else {
            // An entry begins with its first field: an empty map would not be an edit.
            form.draft.update(|draft| draft.put(&entry, Some(Value::Object(Default::default()))));
        }
        latest.set(Some(key));
    };
    let name = layout::name(form.kind, &frame.path());
    let add_words = form.words().text(&format!("desk.add.{}", name.rsplit('.').next().unwrap_or(&name)));
    let one = move |key: String| {
        let open = latest.with_untracked(|latest| latest.as_ref() == Some(&key));
        view! { <Entry form frame keys key open ordered/> }
    };
    frame.around_many(
        "entries",
        view! {
            <For each=move || keys.get() key=|key| key.clone() children=one/>
            {(!form.read_only()).then(|| button("secondary wide", "add", add_words, add))}
        }
        .into_any(),
    )
}

fn is_ordered(form: Form, path: &Path) -> bool {
    let Some(Shape::Each(_, Shape::Map(fields))) = form.kind.shape(path) else { return false };
    fields.iter().any(|field| field.name == ORDER)
}

/// Keys by position where entries have one, else as they were added.
fn in_order(entries: Option<&Value>) -> Vec<String> {
    let Some(entries) = entries.and_then(Value::as_object) else { return Vec::new() };
    let mut keys: Vec<(f64, &String)> =
        entries.iter().map(|(key, entry)| (entry.get(ORDER).and_then(Value::as_f64).unwrap_or(0.0), key)).collect();
    keys.sort_by(|one, other| one.0.total_cmp(&other.0).then_with(|| one.1.cmp(other.1)));
    keys.into_iter().map(|(_, key)| key.clone()).collect()
}

fn position(form: Form, entry: &Path) -> f64 {
    form.draft.with_untracked(|draft| draft.get(&entry.join(ORDER)).and_then(Value::as_f64)).unwrap_or(0.0)
}

#[component]
fn Entry(form: Form, frame: Frame, keys: Memo<Vec<String>>, key: String, open: bool, ordered: bool) -> impl IntoView {
    let entry = StoredValue::new(frame.path().join(&key));
    let key = StoredValue::new(key);
    let is_open = RwSignal::new(open);
    let locale = form.words();
    let index = Memo::new(move |_| keys.with(|keys| key.with_value(|key| keys.iter().position(|one| one == key))).unwrap_or(0));
    let collection = frame.label();
    let title = Memo::new(move |_| {
        let found = entry.with_value(|entry| title(form, entry));
        if found.is_empty() { format!("{collection} {}", index.get() + 1) } else { found }
    });
    let remove = move || {
        form.forget(&entry.get_value());
        form.put(&entry.get_value(), None);
    };
    let move_by = move |step: isize| move_entry(form, &frame.path(), &keys.get_untracked(), index.get_untracked(), step);
    let (up, down, away) = (locale.text("desk.up"), locale.text("desk.down"), locale.text("desk.remove"));
    let last = move || keys.with(|keys| index.get() + 1 >= keys.len());
    view! {
        <div class="entry" class:open=move || is_open.get()>
            <button type="button" class="entry-title" aria-expanded=move || is_open.get().to_string() on:click=move |_| is_open.update(|open| *open = !*open)>
                <span dir="auto">{move || title.get()}</span> {icon("chevron-down")}
            </button>
            {move || is_open.get().then(|| {
                let order = ordered.then(|| view! {
                    <button type="button" class="secondary" disabled=move || index.get() == 0 on:click=move |_| move_by(-1)>{icon("up")} <span>{up.clone()}</span></button>
                    <button type="button" class="secondary" disabled=last on:click=move |_| move_by(1)>{icon("down")} <span>{down.clone()}</span></button>
                });
                view! {
                    <div class="entry-fields">{fields(form, entry.get_value())}</div>
                    <div class="row">{order} {(!form.read_only()).then(|| button("secondary", "trash", away.clone(), remove))}</div>
                }
            })}
        </div>
    }
}

fn fields(form: Form, entry: Path) -> AnyView {
    let Some(Shape::Map(fields)) = form.kind.shape(&entry) else { return ().into_any() };
    fields.iter().filter(|inner| inner.name != ORDER).map(|inner| field(form, entry.join(inner.name))).collect_view().into_any()
}

/// Puts an entry between its new neighbours; only its own position changes.
fn move_entry(form: Form, path: &Path, keys: &[String], index: usize, step: isize) {
    let at = |index: usize| keys.get(index).map(|key| position(form, &path.join(key)));
    let Some(to) = index.checked_add_signed(step) else { return };
    let (Some(key), Some(passed)) = (keys.get(index), at(to)) else { return };
    let beyond = to.checked_add_signed(step).and_then(at);
    let between = match beyond {
        Some(beyond) => (passed + beyond) / 2.0,
        None => passed + step as f64,
    };
    form.put(&path.join(key).join(ORDER), Some(between.into()));
}

/// What an entry is recognised by: its first words.
fn title(form: Form, entry: &Path) -> String {
    let locale = form.words();
    let source = form.source_language();
    let value = |name: &str| form.draft.with(|draft| draft.get(&entry.join(name)).cloned());
    let line = |name: &str| value(name).and_then(|value| value.as_str().map(str::to_owned));
    let translated = |name: &str| {
        let texts = value(name)?;
        let texts = texts.as_object()?;
        let words = texts.get(&source).or_else(|| texts.values().next())?.get("text")?.as_str()?;
        (!words.is_empty()).then(|| words.chars().take(60).collect::<String>())
    };
    let day = |name: &str| line(name)?.parse().ok().map(|day| locale.full_day(day));
    let days =
        || Some([day("from"), day("to")].into_iter().flatten().collect::<Vec<_>>().join(" – ")).filter(|days| !days.is_empty());
    let found = line("number").or_else(|| line("name").filter(|name| !name.is_empty())).or_else(|| translated("name"));
    let found = found.or_else(|| line("category").map(|code| words::category(&locale, &code))).or_else(|| translated("text"));
    found.or_else(days).unwrap_or_default()
}

/// Identifiers in other collections' data, by scheme.
#[component]
pub fn Schemes(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    let keys = Memo::new(move |_| form.draft.with(|draft| draft.keys(&frame.path())));
    let scheme = RwSignal::new(String::new());
    let fits = move || form.kind.shape(&frame.path().join(scheme.get().trim())).is_some() && !scheme.get().contains('/');
    let add = move || {
        form.put(&frame.path().join(scheme.get_untracked().trim()), Some("".into()));
        scheme.set(String::new());
    };
    let one = move |key: String| {
        let inner = Frame::new(form, frame.path().join(&key));
        text::removable(inner, key, move || {
            form.forget(&inner.path());
            form.put(&inner.path(), None);
        })
    };
    let id = format!("{}-add", frame.id());
    let locale = form.words();
    frame.around_many(
        "entries",
        view! {
            <For each=move || keys.get() key=|key| key.clone() children=one/>
            <div class="field">
                <label for={id.clone()}>{locale.text("desk.add.scheme")}</label>
                <div class="with-button">
                    <input type="text" id={id} dir="ltr" autocapitalize="none" readonly={form.read_only()} prop:value=move || scheme.get() on:input=move |event| scheme.set(event_target_value(&event))/>
                    <button type="button" class="secondary" disabled=move || !fits() on:click=move |_| add()>{icon("add")} <span>{locale.text("desk.add")}</span></button>
                </div>
            </div>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_stand_in_their_order() {
        let steps = json!({"c": {"position": 1.0}, "a": {"position": 2.5}, "b": {"position": 2}});
        assert_eq!(in_order(Some(&steps)), ["c", "b", "a"]);
        assert_eq!(in_order(Some(&json!({"002x": {}, "001y": {}}))), ["001y", "002x"]);
        assert!(in_order(None).is_empty());
    }
}
