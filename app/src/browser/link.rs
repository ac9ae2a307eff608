//! The page's end of the line to the replica: starts the worker, numbers questions, finds answers.
//!
//! The replica (the second WASM) holds documents, keys and the outbox in a Web Worker; what is said
//! over the line is [`shared::link`], JSON both ways. A worker that stops answers everything that
//! was asked with trouble, is started again, and after a second failure soon after waits for the
//! person to try again.

use super::Visit;
use super::complain;
use crate::assets::Assets;
use crate::desk::{Changed, Desk, Desks, Line};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use shared::ids::GuideId;
use shared::json;
use shared::link::{Answer, Ask, Message, News, Question, State, Trouble};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker};

mod carry;
mod ground;
mod lock;
mod script;

pub use script::trusted_script_url;

/// A worker that stops again within this time is not restarted by itself.
const RESTART_MS: f64 = 30_000.0;

/// What the pages see of one line.
#[derive(Clone, Copy)]
struct Signals {
    state: RwSignal<State>,
    line: RwSignal<Line>,
    changed: RwSignal<Changed>,
}

/// The line to one guide's replica.
pub struct Link {
    guide: GuideId,
    assets: Assets,
    signals: Signals,
    worker: RefCell<Option<Running>>,
    number: Cell<u32>,
    /// Who waits for which number.
    waiting: RefCell<HashMap<u32, Function>>,
    started: Cell<f64>,
    /// Whether PIN or passphrase guards the copy, as far as this page has been told.
    locks: Cell<bool>,
    /// What a locked copy's forms remember for this tab.
    drafts: RefCell<Vec<(String, String)>>,
}

/// A worker with the handlers that must live as long as it does.
struct Running {
    worker: Worker,
    /// It listens: everything said before its first word would be lost.
    listens: bool,
    early: Vec<String>,
    _handlers: [Closure<dyn Fn(web_sys::Event)>; 2],
}

/// Gives pages the desk of a guide, starting its replica at the first asking. The visit is told the
/// state of whichever desk speaks, for the frame around the pages, and keeps the membership in mind.
/// Call it in the app's own owner.
pub fn desks(visit: Visit) -> Desks {
    visit.remember_membership();
    let (assets, member) = (visit.assets, visit.member);
    let owner = Owner::current().expect("called while the app is being set up");
    let open: StoredValue<Vec<(GuideId, Desk)>> = StoredValue::new(Vec::new());
    Desks(Callback::new(move |guide: GuideId| {
        let known = open.with_value(|open| open.iter().find(|(id, _)| *id == guide).map(|(_, desk)| *desk));
        known.unwrap_or_else(|| {
            let desk = owner.with(|| start(&guide, assets.get_value(), member));
            open.update_value(|open| open.push((guide, desk)));
            desk
        })
    }))
}

fn start(guide: &GuideId, assets: Assets, member: RwSignal<Option<State>>) -> Desk {
    let signals = Signals {
        state: RwSignal::new(State::default()),
        line: RwSignal::new(Line::Starting),
        changed: RwSignal::new(Changed::default()),
    };
    let link = Rc::new(Link {
        guide: guide.clone(),
        assets: assets.clone(),
        signals,
        worker: RefCell::default(),
        number: Cell::new(0),
        waiting: RefCell::default(),
        started: Cell::new(0.0),
        locks: Cell::new(false),
        drafts: RefCell::default(),
    });
    link.begin();
    lock::watch(&link);
    Effect::new(move || member.set(Some(signals.state.get())));
    let desk =
        Desk::new(guide.clone(), Rc::new(ground::Browser::new(link, assets)), signals.state, signals.line, signals.changed);
    ground::guard(desk);
    desk
}

impl Link {
    /// Starts a worker and opens the guide in it.
    pub fn begin(self: &Rc<Self>) {
        let_go();
        self.end();
        self.signals.line.set(Line::Starting);
        self.started.set(js_sys::Date::now());
        match self.worker() {
            Ok(running) => *self.worker.borrow_mut() = Some(running),
            Err(error) => {
                complain("the replica's worker does not start", &error);
                return self.signals.line.set(Line::Stopped);
            }
        }
        self.open();
    }

    /// Opens the guide in the worker, which may say that it is locked.
    fn open(self: &Rc<Self>) {
        let link = self.clone();
        leptos::task::spawn_local(async move {
            let line = match link.ask(Ask::Open { guide: link.guide.clone() }).await {
                Ok(answer) => {
                    link.take_state(&answer);
                    Line::Open
                }
                // Whoever stopped the worker has said so already.
                Err(Trouble::Internal { .. }) if link.worker.borrow().is_none() => return,
                Err(trouble) => Line::Failed(trouble),
            };
            link.signals.line.set(line);
        });
    }

    fn worker(self: &Rc<Self>) -> Result<Running, JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"type".into(), &"module".into())?;
        let url = trusted_script_url(&self.assets.path("worker.js"))?;
        let constructor: Function = Reflect::get(&js_sys::global(), &"Worker".into())?.dyn_into()?;
        let worker: Worker = Reflect::construct(&constructor, &Array::of2(&url, &options))?.dyn_into()?;

        let link = Rc::downgrade(self);
        let hear = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
            let data = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
            if let (Some(link), Some(data)) = (link.upgrade(), data) {
                link.hear(&data);
            }
        });
        let link = Rc::downgrade(self);
        let fail = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
            if let Some(link) = link.upgrade() {
                link.stopped(&describe(&event));
            }
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        Ok(Running { worker, listens: false, early: Vec::new(), _handlers: [hear, fail] })
    }

    /// Asks and waits for the answer.
    pub async fn ask(self: &Rc<Self>, ask: Ask) -> Result<Answer, Trouble> {
        let number = self.number.get() + 1;
        self.number.set(number);
        let question = json::to_string(&Question { number, ask });
        // The answer comes as the JSON of a message, or as nothing when the worker stopped.
        let promise = Promise::new(&mut |resolve, _| {
            self.waiting.borrow_mut().insert(number, resolve);
        });
        if let Err(error) = self.say(question) {
            self.waiting.borrow_mut().remove(&number);
            return Err(error);
        }
        let answer = JsFuture::from(promise).await.ok().and_then(|json| json.as_string());
        match answer.as_deref().map(json::from_str::<Message>) {
            Some(Ok(Message::Reply { answer, .. })) => {
                match &answer {
                    Ok(answer) => self.take_state(answer),
                    Err(Trouble::Locked) => self.shut(),
                    Err(_) => {}
                }
                answer
            }
            Some(Ok(Message::News(_))) => Err(internal("news instead of an answer")),
            Some(Err(error)) => Err(internal(&error.to_string())),
            None => Err(internal("the replica stopped")),
        }
    }

    fn say(&self, question: String) -> Result<(), Trouble> {
        let mut worker = self.worker.borrow_mut();
        let running = worker.as_mut().ok_or_else(|| internal("the replica is not running"))?;
        if running.listens {
            let posted = running.worker.post_message(&question.into());
            return posted.map_err(|error| {
                complain("the replica's worker takes no question", &error);
                internal("the replica takes no question")
            });
        }
        running.early.push(question);
        Ok(())
    }

    fn hear(&self, json: &str) {
        self.send_early();
        match json::from_str::<Message>(json) {
            Ok(Message::Reply { number, .. }) => {
                let waiting = self.waiting.borrow_mut().remove(&number);
                if let Some(resolve) = waiting {
                    let _ = resolve.call1(&JsValue::UNDEFINED, &json.into());
                }
            }
            Ok(Message::News(News::State(state))) => self.signals.state.set(state),
            Ok(Message::News(News::Changed { records })) => {
                self.signals.changed.update(|changed| *changed = Changed { turn: changed.turn + 1, records });
            }
            Err(error) => leptos::logging::error!("the replica said what this page does not understand: {error}"),
        }
    }

    /// The worker's first word means that it listens.
    fn send_early(&self) {
        let mut worker = self.worker.borrow_mut();
        let Some(running) = worker.as_mut().filter(|running| !running.listens) else { return };
        running.listens = true;
        for question in std::mem::take(&mut running.early) {
            if let Err(error) = running.worker.post_message(&question.into()) {
                complain("the replica's worker takes no messages", &error);
            }
        }
    }

    fn take_state(&self, answer: &Answer) {
        if let Answer::State(state) = answer {
            self.signals.state.set(state.clone());
        }
    }

    fn stopped(self: &Rc<Self>, why: &str) {
        leptos::logging::error!("the replica stopped: {why}");
        let early = js_sys::Date::now() - self.started.get() < RESTART_MS;
        self.end();
        if early { self.signals.line.set(Line::Stopped) } else { self.begin() }
    }

    /// Ends the worker; whoever waits for an answer learns that none will come.
    fn end(&self) {
        if let Some(running) = self.worker.borrow_mut().take() {
            running.worker.set_onmessage(None);
            running.worker.set_onerror(None);
            running.worker.terminate();
        }
        let waiting: Vec<Function> = self.waiting.borrow_mut().drain().map(|(_, resolve)| resolve).collect();
        for resolve in waiting {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }
}

/// A field that goes away with the focus in it would say that it was left to a form that is gone.
fn let_go() {
    if let Some(field) = document().active_element().and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.blur();
    }
}

fn internal(detail: &str) -> Trouble {
    Trouble::Internal { detail: detail.to_owned() }
}

/// The message of an error event, where it has one.
fn describe(event: &web_sys::Event) -> String {
    let message = Reflect::get(event, &"message".into()).ok().and_then(|message| message.as_string());
    message.unwrap_or_else(|| "its program was not loaded".to_owned())
}
