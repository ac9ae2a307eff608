//! One open guide: its replica, and when it looks for the relay.

use crate::browser::{Browser, pause, scope};
use crate::keys::DeviceKeys;
use crate::live;
use crate::locks::Lock;
use crate::relay::WebRelay;
use shared::ids::GuideId;
use shared::json;
use shared::link::{Answer, Ask, News, State, Trouble};
use shared::replica::Replica;
use std::cell::Cell;
use std::rc::{Rc, Weak};
use storage::GuideShelf;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, Event, MessageEvent};

/// After a failed exchange the next one waits this long, then twice as long, up to the longest.
const RETRY_MS_FIRST: u32 = 2_000;
const RETRY_MS_LONGEST: u32 = 5 * 60 * 1_000;

pub struct Room {
    guide: GuideId,
    replica: Replica<GuideShelf, DeviceKeys, WebRelay, Browser>,
    channel: Option<BroadcastChannel>,
    closed: Cell<bool>,
    /// How long the next retry waits.
    retry_ms: Cell<u32>,
    /// Only the latest retry counts.
    retry: Cell<u64>,
    listening: Cell<bool>,
}

impl Room {
    pub async fn open(guide: GuideId) -> Result<Rc<Room>, Trouble> {
        let db = storage::open().await?;
        let channel = BroadcastChannel::new(&format!("socle-{guide}")).ok();
        let world = Browser { channel: channel.clone() };
        let keys = DeviceKeys::new(db.clone(), guide.clone());
        let replica = Replica::new(guide.clone(), db.shelf(&guide), keys, WebRelay, world);
        let room = Rc::new(Room {
            guide,
            replica,
            channel,
            closed: Cell::new(false),
            retry_ms: Cell::new(RETRY_MS_FIRST),
            retry: Cell::new(0),
            listening: Cell::new(false),
        });
        room.hear_tabs();
        room.hear_network();
        Ok(room)
    }

    pub fn guide(&self) -> &GuideId {
        &self.guide
    }

    pub fn close(&self) {
        self.closed.set(true);
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }

    /// Answers the page; what was saved is sent right after.
    pub async fn answer(self: &Rc<Self>, ask: Ask) -> Result<Answer, Trouble> {
        if matches!(ask, Ask::Exchange) {
            return Ok(Answer::State(self.exchange().await?));
        }
        let sends =
            matches!(ask, Ask::Open { .. } | Ask::Join { .. } | Ask::Save { .. } | Ask::Create { .. } | Ask::Retry { .. });
        let answer = self.replica.answer(ask).await?;
        if sends {
            self.look();
        }
        Ok(answer)
    }

    /// Exchanges with the relay soon, without anyone waiting for it.
    pub fn look(self: &Rc<Self>) {
        let room = self.clone();
        spawn_local(async move {
            // A locked copy waits for its member.
            if let Err(trouble) = room.exchange().await
                && !matches!(trouble, Trouble::Locked)
            {
                web_sys::console::error_1(&format!("the exchange failed: {}", json::to_string(&trouble)).into());
            }
        });
    }

    /// One tab at a time: the shelf would bear several, the network need not.
    async fn exchange(self: &Rc<Self>) -> Result<State, Trouble> {
        let outcome = {
            let _turn = Lock::take(&format!("socle-exchange-{}", self.guide)).await;
            self.replica.exchange().await
        };
        match &outcome {
            Ok(state) if state.membership.as_ref().is_none_or(|member| member.revoked) => {}
            Err(Trouble::Locked) => {}
            Ok(state) if state.reached == Some(true) => {
                self.retry_ms.set(RETRY_MS_FIRST);
                self.retry.set(self.retry.get() + 1);
                self.listen();
                // What the relay cannot take yet, because others must send first.
                if state.unsent > 0 {
                    self.try_again();
                }
            }
            _ => self.try_again(),
        }
        outcome
    }

    fn try_again(self: &Rc<Self>) {
        let wait = self.retry_ms.get();
        self.retry_ms.set((wait * 2).min(RETRY_MS_LONGEST));
        let turn = self.retry.get() + 1;
        self.retry.set(turn);
        let room = Rc::downgrade(self);
        spawn_local(async move {
            pause(wait).await;
            if let Some(room) = open_still(&room).filter(|room| room.retry.get() == turn) {
                room.look();
            }
        });
    }

    /// Hears from the relay when there is something new; one tab of the browser does, for all.
    fn listen(self: &Rc<Self>) {
        if self.listening.replace(true) {
            return;
        }
        let room = Rc::downgrade(self);
        let guide = self.guide.clone();
        spawn_local(async move {
            let _turn = Lock::take(&format!("socle-live-{guide}")).await;
            let token = match open_still(&room) {
                Some(room) => room.replica.read_token().await,
                None => return,
            };
            if let Ok(Some(token)) = token {
                let look = || open_still(&room).inspect(Room::look).is_some();
                live::listen(&guide, &token, look).await;
            }
            if let Some(room) = open_still(&room) {
                room.listening.set(false);
                room.try_again();
            }
        });
    }

    /// Another tab changed something.
    fn hear_tabs(self: &Rc<Self>) {
        let Some(channel) = &self.channel else { return };
        let room = Rc::downgrade(self);
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let news = event.data().as_string().and_then(|json| json::from_str::<News>(&json).ok());
            if let (Some(room), Some(news)) = (open_still(&room), news) {
                crate::line::tell(news);
                spawn_local(async move {
                    if let Ok(state) = room.replica.state().await {
                        crate::line::tell(News::State(state));
                    }
                });
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        hear.forget();
    }

    /// The phone says that it has a network again.
    fn hear_network(self: &Rc<Self>) {
        let room = Rc::downgrade(self);
        let hear = Closure::<dyn Fn(Event)>::new(move |_| {
            if let Some(room) = open_still(&room) {
                room.retry_ms.set(RETRY_MS_FIRST);
                room.look();
            }
        });
        let added = scope().add_event_listener_with_callback("online", hear.as_ref().unchecked_ref());
        if let Err(thrown) = added {
            web_sys::console::error_1(&thrown);
        }
        hear.forget();
    }
}

fn open_still(room: &Weak<Room>) -> Option<Rc<Room>> {
    room.upgrade().filter(|room| !room.closed.get())
}
