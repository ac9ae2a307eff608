//! Fields with fixed answers. *Unsure* is an answer of its own wherever not knowing differs from no.

use super::Frame;
use crate::desk::form::{Form, element_id};
use crate::desk::layout;
use crate::desk::words;
use leptos::prelude::*;
use serde_json::Value;
use shared::categories::CATEGORIES;
use shared::schema::{Path, Shape};

/// How a field reads while nobody has said anything, where that is not "unsure".
fn default_code(name: &str) -> Option<&'static str> {
    match name {
        "status" => Some("active"),
        "visibility" => Some("public"),
        "address_visibility" => Some("full"),
        "level" => Some("info"),
        _ => None,
    }
}

/// One answer among others: a large radio button.
fn radio(
    frame: Frame,
    code: &str,
    words: String,
    chosen: impl Fn() -> bool + Send + Sync + 'static,
    choose: impl Fn() + 'static,
) -> AnyView {
    let id = format!("{}-{}", frame.id(), if code.is_empty() { "unsure" } else { code });
    let label_for = id.clone();
    view! {
        <label class="pick" for={label_for}>
            <input type="radio" id={id} name={frame.id()} disabled={frame.form.read_only()} prop:checked=chosen on:change=move |_| choose()/>
            <span>{words}</span>
        </label>
    }
    .into_any()
}

/// One of several codes.
#[component]
pub fn Codes(form: Form, path: Path, codes: &'static [&'static str]) -> impl IntoView {
    let frame = Frame::new(form, path);
    let locale = form.words();
    let name = layout::name(form.kind, &frame.path());
    let default = default_code(&name);
    let value = Memo::new(move |_| {
        form.value(&frame.path()).and_then(|value| value.as_str().map(str::to_owned)).or(default.map(str::to_owned))
    });
    let answer = |code: &'static str| {
        let chosen = move || value.with(|value| value.as_deref() == Some(code));
        let choose = move || form.put(&frame.path(), Some(code.into()));
        radio(frame, code, words::choice(&locale, &name, code), chosen, choose)
    };
    let unsure = default.is_none().then(|| {
        let choose = move || form.put(&frame.path(), None);
        radio(frame, "", locale.text("desk.unsure"), move || value.with(Option::is_none), choose)
    });
    frame.around_many("picks", view! { {codes.iter().map(|code| answer(code)).collect_view()} {unsure} }.into_any())
}

/// Yes, no, unsure.
#[component]
pub fn Flag(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    frame.around_many("picks in-row", three(frame))
}

fn three(frame: Frame) -> AnyView {
    let form = frame.form;
    let locale = form.words();
    let value = Memo::new(move |_| form.value(&frame.path()).and_then(|value| value.as_bool()));
    let answer = |code: &str, words: &str, meant: Option<bool>| {
        let choose = move || form.put(&frame.path(), meant.map(Value::Bool));
        radio(frame, code, locale.text(words), move || value.get() == meant, choose)
    };
    view! {
        {answer("yes", "desk.yes", Some(true))}
        {answer("no", "desk.no", Some(false))}
        {answer("", "desk.unsure", None)}
    }
    .into_any()
}

/// A set of codes. For what places are reached by, ticked or not; for who can come, yes, no or unsure each.
#[component]
pub fn Flags(form: Form, path: Path, codes: &'static [&'static str]) -> impl IntoView {
    let frame = Frame::new(form, path);
    let locale = form.words();
    let name = layout::name(form.kind, &frame.path());
    let ticked = name.ends_with("channels");
    let one = |code: &&'static str| {
        let words = words::choice(&locale, &name, code);
        let path = frame.path().join(code);
        if ticked { tick(form, path, words) } else { row_of_three(form, path, words) }
    };
    frame.around_many(if ticked { "picks" } else { "rows" }, codes.iter().map(one).collect_view().into_any())
}

fn row_of_three(form: Form, path: Path, words: String) -> AnyView {
    let frame = Frame::new(form, path);
    view! {
        <fieldset class="row-of-three" id={frame.id()}>
            <legend>{words}</legend>
            <div class="in-row">{three(frame)}</div>
        </fieldset>
    }
    .into_any()
}

/// A check box: ticked is yes, not ticked is unknown.
pub fn tick(form: Form, path: Path, words: String) -> AnyView {
    let frame = Frame::new(form, path);
    let value = Memo::new(move |_| form.value(&frame.path()).and_then(|value| value.as_bool()) == Some(true));
    let choose = move |event| form.put(&frame.path(), event_target_checked(&event).then_some(Value::Bool(true)));
    view! {
        <label class="pick" for={frame.id()}>
            <input type="checkbox" id={frame.id()} disabled={form.read_only()} prop:checked=move || value.get() on:change=choose/>
            <span>{words}</span>
        </label>
    }
    .into_any()
}

/// A collection by code whose entries are codes themselves: documents, required or helpful.
#[component]
pub fn Each(form: Form, path: Path, codes: &'static [&'static str], of: &'static Shape) -> impl IntoView {
    let frame = Frame::new(form, path);
    let locale = form.words();
    let name = layout::name(form.kind, &frame.path());
    let row = |code: &&'static str| {
        let entry = frame.path().join(code);
        let words = words::choice(&locale, &name, code);
        view! {
            <div class="pair">
                <label for={element_id(&entry)}>{words}</label>
                {select_code(form, entry, of, "desk.unsure")}
            </div>
        }
    };
    frame.around_many("rows", codes.iter().map(row).collect_view().into_any())
}

/// A choice of codes in little room. `none` is the key of the words for no answer.
pub fn select_code(form: Form, path: Path, of: &'static Shape, none: &str) -> AnyView {
    let Shape::Code(codes) = of else { return ().into_any() };
    let frame = Frame::new(form, path);
    let locale = form.words();
    let name = layout::name(form.kind, &frame.path());
    let value = Memo::new(move |_| form.shown(&frame.path()));
    let choose = move |event| {
        let code = event_target_value(&event);
        form.put(&frame.path(), (!code.is_empty()).then(|| code.into()));
    };
    let option = |code: &'static str| {
        view! { <option value={code} selected=move || value.with(|value| value == code)>{words::choice(&locale, &name, code)}</option> }
    };
    view! {
        <select id={frame.id()} disabled={form.read_only()} on:change=choose>
            <option value={""} selected=move || value.with(String::is_empty)>{locale.text(none)}</option>
            {codes.iter().map(|code| option(code)).collect_view()}
        </select>
    }
    .into_any()
}

/// A category or one of its kinds.
#[component]
pub fn Category(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    let locale = form.words();
    let value = Memo::new(move |_| form.shown(&frame.path()));
    let choose = move |event| {
        let code = event_target_value(&event);
        form.put(&frame.path(), (!code.is_empty()).then(|| code.into()));
    };
    let option = |code: String| {
        let (chosen, words) = (code.clone(), words::category(&locale, &code));
        view! { <option value={code} selected=move || value.with(|value| *value == chosen)>{words}</option> }
    };
    let group = |top: &shared::categories::Category| {
        let own = option(top.code.to_owned());
        let kinds = top.kinds.iter().map(|kind| option(format!("{}.{kind}", top.code))).collect_view();
        view! { <optgroup label={words::category(&locale, top.code)}>{own} {kinds}</optgroup> }
    };
    frame.around(
        view! {
            <select id={frame.id()} disabled={form.read_only()} on:change=choose aria-describedby={frame.described_by()}>
                <option value={""} selected=move || value.with(String::is_empty)>{locale.text("desk.not_chosen")}</option>
                {CATEGORIES.iter().map(group).collect_view()}
            </select>
        }
        .into_any(),
    )
}

/// Which top categories the guide shows: all that are not switched off.
#[component]
pub fn Categories(form: Form, path: Path) -> impl IntoView {
    let frame = Frame::new(form, path);
    let locale = form.words();
    let one = |category: &shared::categories::Category| {
        let entry = StoredValue::new(frame.path().join(category.code));
        let (id, label_for) = (entry.with_value(element_id), entry.with_value(element_id));
        let shown = Memo::new(move |_| form.value(&entry.get_value()).and_then(|value| value.as_bool()) != Some(false));
        let choose = move |event| form.put(&entry.get_value(), (!event_target_checked(&event)).then_some(Value::Bool(false)));
        view! {
            <label class="pick" for={label_for}>
                <input type="checkbox" id={id} disabled={form.read_only()} prop:checked=move || shown.get() on:change=choose/>
                <span>{words::category(&locale, category.code)}</span>
            </label>
        }
    };
    frame.around_many("picks", CATEGORIES.iter().map(one).collect_view().into_any())
}
