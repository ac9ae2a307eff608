//! Fingers, mouse and keys on a drawing: drag, pinch, double tap, arrows, + and −. While fingers
//! move, the drawing follows by one attribute; what they meant is told once, at the end.
//!
//! Listeners sit on the drawing's frame and go with it. Nothing moves by itself, so there is nothing
//! to take back for who asked for less motion.

use super::navigation::listen;
use shared::decimal::Decimal;
use shared::sketch::Size;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlElement, KeyboardEvent, PointerEvent};

/// What was under `from` is to be under `to`, so many times larger. Pixels of the drawing from its
/// middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gesture {
    pub from: [f64; 2],
    pub to: [f64; 2],
    pub factor: f64,
}

/// A finger that moves less than this taps.
const TAP_PIXELS: f64 = 8.0;
/// Two taps within this time, in milliseconds, and this far from each other are one double tap.
const DOUBLE_MS: f64 = 350.0;
const DOUBLE_PIXELS: f64 = 40.0;

struct Finger {
    id: i32,
    from: [f64; 2],
    to: [f64; 2],
}

#[derive(Default)]
struct Hand {
    fingers: Vec<Finger>,
    /// Whether fingers have moved the drawing: then what they leave is no tap.
    moving: bool,
    tapped: Option<(f64, [f64; 2])>,
}

/// Listens to `frame`, whose drawing has `size`.
pub fn attend(frame: &HtmlElement, size: Size, done: impl Fn(Gesture) + 'static) {
    let (hand, done) = (Rc::new(RefCell::new(Hand::default())), Rc::new(done));
    let on = |name: &str, react: fn(&HtmlElement, Size, &mut Hand, &Event) -> Option<Gesture>| {
        let (element, hand, done) = (frame.clone(), hand.clone(), done.clone());
        listen(frame, name, move |event| {
            // The hand is free again before the map is drawn anew.
            let gesture = react(&element, size, &mut hand.borrow_mut(), &event);
            if let Some(gesture) = gesture {
                done(gesture);
            }
        });
    };
    on("pointerdown", down);
    on("pointermove", moved);
    on("pointerup", up);
    on("pointercancel", up);
    on("keydown", key);
    // A link in the drawing must not be dragged away as one, nor followed after a drag.
    on("dragstart", |_, _, _, event| {
        event.prevent_default();
        None
    });
    on("click", |_, _, hand, event| {
        if std::mem::take(&mut hand.moving) {
            event.prevent_default();
        }
        None
    });
}

/// Where a pointer is, in pixels of the drawing from its middle.
fn place(frame: &HtmlElement, size: Size, event: &PointerEvent) -> [f64; 2] {
    let bounds = frame.get_bounding_client_rect();
    let (middle, scale) = ([bounds.left() + bounds.width() / 2.0, bounds.top() + bounds.height() / 2.0], f64::from(size.width));
    let scale = scale / bounds.width().max(1.0);
    [(f64::from(event.client_x()) - middle[0]) * scale, (f64::from(event.client_y()) - middle[1]) * scale]
}

fn down(frame: &HtmlElement, size: Size, hand: &mut Hand, event: &Event) -> Option<Gesture> {
    let event: &PointerEvent = event.dyn_ref()?;
    if event.button() != 0 || hand.fingers.len() == 2 {
        return None;
    }
    if hand.fingers.is_empty() {
        hand.moving = false;
    }
    // What the first finger did until now counts from here on: two fingers begin together.
    hand.fingers.iter_mut().for_each(|finger| finger.from = finger.to);
    let at = place(frame, size, event);
    hand.fingers.push(Finger { id: event.pointer_id(), from: at, to: at });
    None
}

fn moved(frame: &HtmlElement, size: Size, hand: &mut Hand, event: &Event) -> Option<Gesture> {
    let event: &PointerEvent = event.dyn_ref()?;
    let at = place(frame, size, event);
    let finger = hand.fingers.iter_mut().find(|finger| finger.id == event.pointer_id())?;
    finger.to = at;
    if !hand.moving && far(finger.from, finger.to) > TAP_PIXELS {
        hand.moving = true;
        // From now on the finger may leave the frame.
        let _ = frame.set_pointer_capture(event.pointer_id());
    }
    if hand.moving {
        follow(frame, size, Some(hand.gesture()));
    }
    None
}

/// The first finger that leaves ends the gesture for all.
fn up(frame: &HtmlElement, size: Size, hand: &mut Hand, event: &Event) -> Option<Gesture> {
    let event: &PointerEvent = event.dyn_ref()?;
    hand.fingers.iter().find(|finger| finger.id == event.pointer_id())?;
    let gesture = hand.gesture();
    hand.fingers.clear();
    if hand.moving {
        follow(frame, size, None);
        return Some(gesture);
    }
    let (at, now) = (place(frame, size, event), event.time_stamp());
    let double = hand.tapped.is_some_and(|(then, there)| now - then < DOUBLE_MS && far(there, at) < DOUBLE_PIXELS);
    hand.tapped = (!double && event.type_() == "pointerup").then_some((now, at));
    double.then_some(Gesture { from: at, to: at, factor: 2.0 })
}

fn key(_: &HtmlElement, size: Size, _: &mut Hand, event: &Event) -> Option<Gesture> {
    let key: &KeyboardEvent = event.dyn_ref()?;
    if key.ctrl_key() || key.meta_key() || key.alt_key() {
        return None;
    }
    let [x, y] = [size.width, size.height].map(|length| f64::from(length) / 2.0);
    let (to, factor) = match key.key().as_str() {
        "ArrowLeft" => ([x, 0.0], 1.0),
        "ArrowRight" => ([-x, 0.0], 1.0),
        "ArrowUp" => ([0.0, y], 1.0),
        "ArrowDown" => ([0.0, -y], 1.0),
        "+" | "=" => ([0.0, 0.0], 2.0),
        "-" => ([0.0, 0.0], 0.5),
        _ => return None,
    };
    event.prevent_default();
    Some(Gesture { from: [0.0, 0.0], to, factor })
}

impl Hand {
    /// From the middle between the fingers to where it is now.
    fn gesture(&self) -> Gesture {
        let count = self.fingers.len().max(1) as f64;
        let middle = |of: fn(&Finger) -> [f64; 2]| {
            [0, 1].map(|axis| self.fingers.iter().map(|finger| of(finger)[axis]).sum::<f64>() / count)
        };
        let factor = match self.fingers.as_slice() {
            [one, other] => far(one.to, other.to).max(1.0) / far(one.from, other.from).max(1.0),
            _ => 1.0,
        };
        Gesture { from: middle(|finger| finger.from), to: middle(|finger| finger.to), factor }
    }
}

fn far(one: [f64; 2], other: [f64; 2]) -> f64 {
    let [x, y] = [0, 1].map(|axis| one[axis] - other[axis]);
    (x * x + y * y).sqrt()
}

/// Lets the drawing follow the fingers; with nothing, puts it back to be drawn anew.
fn follow(frame: &HtmlElement, size: Size, gesture: Option<Gesture>) {
    let Ok(Some(ground)) = frame.query_selector("g") else { return };
    let Some(Gesture { from, to, factor }) = gesture else {
        let _ = ground.remove_attribute("transform");
        return;
    };
    let half = [size.width, size.height].map(|length| f64::from(length) / 2.0);
    // Not as fractions of its own: writing those takes tables that a phone would have to load.
    let [x, y] = [0, 1].map(|axis| Decimal::nearest(to[axis] + half[axis] - factor * (from[axis] + half[axis])));
    let _ = ground.set_attribute("transform", &format!("translate({x} {y}) scale({})", Decimal::nearest(factor)));
}
