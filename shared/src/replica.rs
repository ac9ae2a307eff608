//! The member's side of the exchange: documents, outbox, feed and drafts of one guide on one device.
//!
//! The very same code runs in the browser's worker and in the tests' network: storage, keys, relay
//! and surroundings are the four traits here. All of it is single-threaded and answers the page's
//! questions ([`crate::link`]) while an exchange goes on.
//!
//! What is shown of a record is its confirmed document (changes that the relay has, nothing else)
//! with the changes that wait in the outbox on top. A commit is all or nothing and is refused when
//! another tab was quicker ([`Shelf::commit`]), so several replicas may stand on one shelf.

use crate::batch::Batch;
use crate::edit::EditError;
use crate::gate::Refusal;
use crate::ids::{BatchId, Day, GuideId, Nonce, RecordId};
use crate::json::{self, Raw};
use crate::link::{Answer, Ask, News, State, Trouble};
use crate::wire::{Accepted, Denied, FeedPage, Redeem, Redeemed, Workspace};
use std::cell::{Cell, RefCell};

mod contract;
mod exchange;
mod fetch;
mod member;
mod rows;
mod save;
mod send;
mod sheet;
mod shelf;
mod shown;
mod summary;
mod view;

pub use contract::shelf_contract;
pub use shelf::{Shelf, ShelfError, Table, Write};

/// The device's key. Its private half never leaves where it was made.
#[expect(async_fn_in_trait, reason = "replicas are single-threaded: nothing here needs Send")]
pub trait Keys {
    /// SEC1, uncompressed, 65 bytes; `None` before there is a key.
    async fn public_key(&self) -> Result<Option<Vec<u8>>, Trouble>;
    /// Makes the key unless there is one, keeps it, and answers its public half.
    async fn make(&self) -> Result<Vec<u8>, Trouble>;
    /// ECDSA P-256 with SHA-256 over `bytes`: r ‖ s.
    async fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], Trouble>;
    async fn forget(&self) -> Result<(), Trouble>;
}

/// Why a request had no answer that one can work with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreached {
    /// No network, no relay, too busy, or an answer that is not Socle's: try again later.
    NotReached,
    Denied(Denied),
}

/// What a relay's answer to a batch means. A reason that is none of the gate's (`slow_down`, `later`)
/// says nothing of the batch: it waits.
pub fn batch_answer(status: u16, body: &[u8]) -> Result<Result<Accepted, Refusal>, Unreached> {
    let answer = match status {
        200 => json::from_slice(body).map(Ok),
        400..500 => json::from_slice(body).map(Err),
        _ => return Err(Unreached::NotReached),
    };
    answer.map_err(|_| Unreached::NotReached)
}

/// The requests to a relay. An answer may be lost after the relay did what was asked.
#[expect(async_fn_in_trait, reason = "replicas are single-threaded: nothing here needs Send")]
pub trait Relay {
    async fn redeem(&self, redeem: &Redeem) -> Result<Redeemed, Unreached>;
    async fn post(&self, guide: &GuideId, batch: BatchId, sealed: &[u8]) -> Result<Result<Accepted, Refusal>, Unreached>;
    async fn feed(&self, guide: &GuideId, token: &str, since: u64) -> Result<FeedPage, Unreached>;
    async fn workspace(&self, guide: &GuideId, token: &str) -> Result<Workspace, Unreached>;
}

/// What else a replica needs of the world.
#[expect(async_fn_in_trait, reason = "replicas are single-threaded: nothing here needs Send")]
pub trait Surroundings {
    fn random(&self, bytes: &mut [u8]);
    /// Today where the device is.
    fn today(&self) -> Day;
    /// Says something that nobody asked for.
    fn tell(&self, news: News);
    /// How a value of `opening_hours` reads: [`crate::hours::explain`], wherever that is at hand.
    async fn explain_hours(&self, written: &str, country: Option<&str>, today: Day) -> Result<Raw, Trouble>;
}

/// A member's copy of one guide, in one tab.
pub struct Replica<S, K, R, W> {
    guide: GuideId,
    shelf: S,
    keys: K,
    relay: R,
    world: W,
    session: Cell<Session>,
    exchanging: Cell<bool>,
    /// An exchange was asked for since the running one's round began.
    asked: Cell<bool>,
    reached: Cell<Option<bool>>,
    summaries: RefCell<Option<view::Remembered>>,
}

/// What this replica writes as; drawn anew when it starts and whenever work was undone, so that no
/// actor ever writes two changes with the same number.
#[derive(Clone, Copy)]
struct Session {
    nonce: Nonce,
    turn: u64,
}

impl<S: Shelf, K: Keys, R: Relay, W: Surroundings> Replica<S, K, R, W> {
    /// A replica that begins a session on `shelf`. Call [`Replica::open`] before anything else.
    pub fn new(guide: GuideId, shelf: S, keys: K, relay: R, world: W) -> Self {
        let session = Session { nonce: Nonce(drawn(&world)), turn: 0 };
        Replica {
            guide,
            shelf,
            keys,
            relay,
            world,
            session: Cell::new(session),
            exchanging: Cell::new(false),
            asked: Cell::new(false),
            reached: Cell::new(None),
            summaries: RefCell::new(None),
        }
    }

    /// Answers a question of the page. [`Ask::Open`] names the guide for whoever makes replicas; here
    /// it only looks around.
    pub async fn answer(&self, ask: Ask) -> Result<Answer, Trouble> {
        match ask {
            Ask::Open { .. } => Ok(Answer::State(self.open().await?)),
            Ask::Join { token, pseudonym } => Ok(Answer::State(self.join(token, pseudonym).await?)),
            Ask::List => Ok(Answer::Records { records: self.list().await? }),
            Ask::Read { record } => Ok(Answer::Record(Box::new(self.read(record).await?))),
            Ask::Save { record, edits } => self.saved(self.save(record, &edits).await?).await,
            Ask::Create { kind, record, edits } => self.saved(self.make(kind, record, &edits).await?).await,
            Ask::Outbox => Ok(Answer::Outbox(self.outbox().await?)),
            Ask::Exchange => Ok(Answer::State(self.exchange().await?)),
            Ask::Retry { draft } => self.saved(self.retry(draft).await?).await,
            Ask::Discard { draft } => self.discard(draft).await.map(|()| Answer::Done),
            Ask::ExplainHours { written, country, today } => {
                self.world.explain_hours(&written, country.as_deref(), today).await.map(Answer::Hours)
            }
            Ask::Token => Ok(Answer::Token { token: self.read_token().await? }),
            Ask::Leave { even_unsent } => self.leave(even_unsent).await.map(|()| Answer::Done),
        }
    }

    /// How a record stands after its edits were saved.
    async fn saved(&self, record: RecordId) -> Result<Answer, Trouble> {
        Ok(Answer::Record(Box::new(self.read(record).await?)))
    }

    /// Opens the copy: lists are made again when this version lists otherwise.
    pub async fn open(&self) -> Result<State, Trouble> {
        self.relist().await?;
        self.state().await
    }

    /// What feed, workspace and live ask for; `None` before joining.
    pub async fn read_token(&self) -> Result<Option<String>, Trouble> {
        Ok(self.own().await?.read_token)
    }

    /// Tells the page and other tabs what they may be showing.
    async fn tell_changed(&self, records: Vec<RecordId>) -> Result<(), Trouble> {
        self.world.tell(News::Changed { records });
        self.tell_state().await
    }

    async fn tell_state(&self) -> Result<(), Trouble> {
        self.world.tell(News::State(self.state().await?));
        Ok(())
    }

    /// The session's nonce. `turn` counts how often work was undone on this shelf.
    fn nonce(&self, turn: u64) -> Nonce {
        if self.session.get().turn != turn {
            self.session.set(Session { nonce: Nonce(drawn(&self.world)), turn });
        }
        self.session.get().nonce
    }

    /// Signs a batch; before any transaction, which may wait for nothing but its store.
    async fn seal(&self, batch: Batch) -> Result<Vec<u8>, Trouble> {
        let signature = self.keys.sign(&batch.signing_bytes()).await?;
        Ok(batch.seal(signature).encode())
    }
}

fn drawn(world: &impl Surroundings) -> [u8; 16] {
    let mut bytes = [0; 16];
    world.random(&mut bytes);
    bytes
}

impl From<ShelfError> for Trouble {
    fn from(error: ShelfError) -> Trouble {
        match error {
            ShelfError::Full => Trouble::Full,
            ShelfError::Unavailable => Trouble::NoStorage,
            ShelfError::Locked => Trouble::Locked,
            ShelfError::Moved | ShelfError::Failed(_) => internal(error),
        }
    }
}

impl From<EditError> for Trouble {
    fn from(error: EditError) -> Trouble {
        Trouble::BadEdit { detail: error.to_string() }
    }
}

impl From<Unreached> for Trouble {
    fn from(unreached: Unreached) -> Trouble {
        match unreached {
            Unreached::NotReached => Trouble::NotReached,
            Unreached::Denied(denied) => Trouble::Denied { denied },
        }
    }
}

fn internal(error: impl std::fmt::Display) -> Trouble {
    Trouble::Internal { detail: error.to_string() }
}
