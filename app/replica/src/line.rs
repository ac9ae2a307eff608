//! The line to the page: questions in, replies and news out, as JSON texts.

use crate::browser::{describe, scope};
use crate::room::Room;
use shared::json;
use shared::link::{Answer, Ask, Message, News, Question, State, Trouble};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::MessageEvent;

thread_local! {
    /// The guide that is open in this worker.
    static ROOM: RefCell<Option<Rc<Room>>> = const { RefCell::new(None) };
    /// Questions without an answer yet.
    static OPEN: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

pub fn listen() {
    std::panic::set_hook(Box::new(|info| answer_all(&info.to_string())));
    // What is not text is for `vault.js`.
    let hear = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        if let Some(json) = event.data().as_string() {
            wasm_bindgen_futures::spawn_local(answer(json));
        }
    });
    scope().set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // It listens as long as the worker lives.
    hear.forget();
    // The first word: the page holds its questions back until it comes.
    tell(News::State(State::default()));
}

pub fn tell(news: News) {
    post(&Message::News(news));
}

fn post(message: &Message) {
    if let Err(thrown) = scope().post_message(&json::to_string(message).into()) {
        web_sys::console::error_1(&thrown);
    }
}

async fn answer(json: String) {
    let Question { number, ask } = match json::from_str(&json) {
        Ok(question) => question,
        Err(error) => {
            return web_sys::console::error_1(&format!("the page asked what this replica does not understand: {error}").into());
        }
    };
    OPEN.with_borrow_mut(|open| open.push(number));
    let answer = ask_room(ask).await;
    let place = OPEN.with_borrow(|open| open.iter().position(|one| *one == number));
    if let Some(place) = place {
        OPEN.with_borrow_mut(|open| open.swap_remove(place));
        post(&Message::Reply { number, answer });
    }
}

async fn ask_room(ask: Ask) -> Result<Answer, Trouble> {
    if let Ask::Open { guide } = &ask {
        let open = ROOM.with_borrow(|room| room.clone()).filter(|room| room.guide() == guide);
        let room = match open {
            Some(room) => room,
            None => Room::open(guide.clone()).await?,
        };
        let earlier = ROOM.replace(Some(room.clone()));
        if let Some(earlier) = earlier.filter(|earlier| !Rc::ptr_eq(earlier, &room)) {
            earlier.close();
        }
        return room.answer(ask).await;
    }
    let room = ROOM.with_borrow(|room| room.clone());
    let room = room.ok_or_else(|| Trouble::Internal { detail: "no guide is open".to_owned() })?;
    room.answer(ask).await
}

/// A panic ends this worker: whoever waits is told, and the page starts another.
fn answer_all(panic: &str) {
    web_sys::console::error_1(&panic.into());
    let open = OPEN.try_with(|open| open.try_borrow_mut().map(|mut open| std::mem::take(&mut *open)).unwrap_or_default());
    for number in open.unwrap_or_default() {
        post(&Message::Reply { number, answer: Err(Trouble::Internal { detail: panic.to_owned() }) });
    }
}

/// Trouble out of something thrown.
pub fn internal(thrown: &wasm_bindgen::JsValue) -> Trouble {
    Trouble::Internal { detail: describe(thrown) }
}
