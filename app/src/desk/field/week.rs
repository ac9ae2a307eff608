//! The weekly grid: seven rows, spans added by a tap, a pause in the middle, a day copied to others.

use super::Frame;
use crate::desk::hours::{DAY, Grid, Slot, clock, read_time};
use crate::desk::parts::{button, icon};
use leptos::prelude::*;
use shared::ids::Weekday;

/// Long enough that a pause in it makes sense.
const PAUSE_FROM: u16 = 180;

#[component]
pub fn Week(frame: Frame, written: Memo<String>) -> impl IntoView {
    let form = frame.form;
    let grid = RwSignal::new(written.with_untracked(|written| Grid::parse(written)).unwrap_or_default());
    // The value may change from elsewhere: others' edits, undo, the written form.
    Effect::new(move || {
        let read = written.with(|written| Grid::parse(written)).unwrap_or_default();
        let differs = grid.with_untracked(|grid| grid.written() != read.written());
        if differs {
            grid.set(read);
        }
    });
    let change = Callback::new(move |change: Change| {
        grid.update(|grid| change.run(grid));
        form.put(&frame.path(), grid.with_untracked(Grid::written).map(Into::into));
    });
    let copying: RwSignal<Option<usize>> = RwSignal::new(None);
    let rows = (0..7).map(|day| view! { <OneDay frame grid day change copying/> }).collect_view();
    let locale = form.words();
    let several = {
        let locale = locale.clone();
        move || {
            copying.get().map(|day| {
                let to = move |days: &'static [usize]| {
                    change.run(Change::Copy(day, days));
                    copying.set(None);
                };
                view! {
                    <div class="row copying">
                        {button("secondary", "copy", locale.text("desk.hours.to_weekdays"), move || to(&[0, 1, 2, 3, 4]))}
                        {button("secondary", "copy", locale.text("desk.hours.to_all"), move || to(&[0, 1, 2, 3, 4, 5, 6]))}
                        {button("secondary", "close", locale.text("desk.cancel"), move || copying.set(None))}
                    </div>
                }
            })
        }
    };
    let holidays = move |event| change.run(Change::Holidays(event_target_checked(&event)));
    let id = format!("{}-holidays", frame.id());
    let label_for = id.clone();
    view! {
        <div class="week">
            {rows}
            {several}
            <label class="pick" for={label_for}>
                <input type="checkbox" id={id} disabled=move || form.read_only() || grid.with(Grid::is_empty)
                    prop:checked=move || grid.with(|grid| grid.holidays_closed) on:change=holidays/>
                <span>{locale.text("desk.hours.holidays_closed")}</span>
            </label>
        </div>
    }
}

/// What a tap does to the grid.
#[derive(Clone, Copy)]
enum Change {
    Add(usize),
    Pause(usize, usize),
    Remove(usize, usize),
    From(usize, usize, u16),
    To(usize, usize, u16),
    Copy(usize, &'static [usize]),
    CopyOne(usize, usize),
    Holidays(bool),
}

impl Change {
    fn run(self, grid: &mut Grid) {
        let slot = |grid: &Grid, day: usize, index: usize| grid.days[day].get(index).copied();
        match self {
            Change::Add(day) => grid.add_span(day),
            Change::Pause(day, index) => grid.add_pause(day, index),
            Change::Remove(day, index) if index < grid.days[day].len() => {
                grid.days[day].remove(index);
            }
            Change::From(day, index, from) => {
                if let Some(old) = slot(grid, day, index) {
                    grid.days[day][index] = Slot::of_clock(from, if old.to > DAY { old.to - DAY } else { old.to });
                }
            }
            Change::To(day, index, to) => {
                if let Some(old) = slot(grid, day, index) {
                    grid.days[day][index] = Slot::of_clock(old.from, to);
                }
            }
            Change::Copy(day, to) => grid.copy_day(day, to),
            Change::CopyOne(day, to) => grid.copy_day(day, &[to]),
            Change::Holidays(closed) => grid.holidays_closed = closed,
            Change::Remove(..) => {}
        }
    }
}

#[component]
fn OneDay(
    frame: Frame,
    grid: RwSignal<Grid>,
    day: usize,
    change: Callback<Change>,
    copying: RwSignal<Option<usize>>,
) -> impl IntoView {
    let locale = frame.form.words();
    let name = locale.weekday(Weekday::ALL[day]);
    let count = Memo::new(move |_| grid.with(|grid| grid.days[day].len()));
    let slots = move |index: usize| view! { <OneSpan frame grid day index change/> };
    let (add_label, copy_label) =
        (locale.with("desk.hours.add", &[("day", &name)]), locale.with("desk.hours.copy", &[("day", &name)]));
    let (closed, paste) = (locale.text("desk.hours.closed"), locale.text("desk.hours.paste"));
    let (read_only, shown_name) = (frame.form.read_only(), name.clone());
    let actions = move || {
        let pasting = copying.get();
        match pasting {
            Some(from) if from != day => {
                button("secondary", "copy", paste.clone(), move || change.run(Change::CopyOne(from, day)))
            }
            Some(_) => ().into_any(),
            None => {
                let copy = (count.get() > 0).then(|| {
                    view! { <button type="button" class="icon-button" aria-label={copy_label.clone()} on:click=move |_| copying.set(Some(day))>{icon("copy")}</button> }
                });
                view! {
                    {copy}
                    <button type="button" class="icon-button" aria-label={add_label.clone()} on:click=move |_| change.run(Change::Add(day))>{icon("add")}</button>
                }
                .into_any()
            }
        }
    };
    view! {
        <div class="day" role="group" aria-label={name}>
            <span class="day-name">{shown_name}</span>
            <div class="spans">
                <For each=move || 0..count.get() key=|index| *index children=slots/>
                {move || (count.get() == 0).then(|| view! { <span class={"quiet"}>{if grid.with(Grid::is_empty) { "—".to_owned() } else { closed.clone() }}</span> })}
            </div>
            <div class="day-actions">{(!read_only).then_some(actions)}</div>
        </div>
    }
}

#[component]
fn OneSpan(frame: Frame, grid: RwSignal<Grid>, day: usize, index: usize, change: Callback<Change>) -> impl IntoView {
    let locale = frame.form.words();
    let slot = Memo::new(move |_| grid.with(|grid| grid.days[day].get(index).copied()));
    let time = move |pick: fn(Slot) -> u16| slot.get().map(|slot| shown(pick(slot))).unwrap_or_default();
    let typed = move |event: &leptos::ev::Event, make: fn(usize, usize, u16) -> Change| {
        if let Some(minute) = read_time(&event_target_value(event)) {
            change.run(make(day, index, minute));
        }
    };
    let name = locale.weekday(Weekday::ALL[day]);
    let label = |key: &str| locale.with(key, &[("day", &name)]);
    let (pause_label, remove_label, next_day) =
        (label("desk.hours.pause"), label("desk.hours.remove"), locale.text("desk.hours.next_day"));
    let long = move || slot.get().is_some_and(|slot| slot.to - slot.from >= PAUSE_FROM);
    let read_only = frame.form.read_only();
    view! {
        <div class="span">
            <input type="time" aria-label={label("desk.hours.from")} readonly={read_only} prop:value=move || time(|slot| slot.from) on:change=move |event| typed(&event, Change::From)/>
            <span aria-hidden="true">{"–"}</span>
            <input type="time" aria-label={label("desk.hours.to")} readonly={read_only} prop:value=move || time(|slot| slot.to) on:change=move |event| typed(&event, Change::To)/>
            {move || slot.get().is_some_and(|slot| slot.is_past_midnight()).then(|| view! { <span class={"quiet"}>{next_day.clone()}</span> })}
            {(!read_only).then(|| view! {
                {move || long().then(|| view! {
                    <button type="button" class="icon-button" aria-label={pause_label.clone()} on:click=move |_| change.run(Change::Pause(day, index))>{icon("pause")}</button>
                })}
                <button type="button" class="icon-button" aria-label={remove_label.clone()} on:click=move |_| change.run(Change::Remove(day, index))>{icon("close")}</button>
            })}
        </div>
    }
}

/// A minute as an input of type `time` takes it: midnight at the end of a day is 00:00.
fn shown(minute: u16) -> String {
    clock(if minute == DAY { 0 } else { minute })
}
