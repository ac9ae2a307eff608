//! Real replicas of members against the real relay, also when its database came back from a backup.

use crate::house::House;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use server::{backup, store};
use shared::batch::public_key;
use shared::edit::Edit;
use shared::gate::{Refusal, Role};
use shared::ids::{BatchId, Day, GuideId};
use shared::json::{self, Raw};
use shared::link::{News, Trouble};
use shared::replica::{Keys, Relay, Replica, Surroundings, Unreached};
use shared::schema::Kind;
use shared::testing::MemoryShelf;
use shared::wire::{Accepted, Denied, FeedPage, Redeem, Redeemed, Workspace};
use std::cell::RefCell;
use std::fs;
use std::rc::Rc;
use tower::ServiceExt;

/// The line to a relay's router, to be pulled and plugged in elsewhere.
#[derive(Clone)]
struct Line(Rc<RefCell<Option<Router>>>);

impl Line {
    async fn ask(&self, request: Request<Body>) -> Result<(StatusCode, Vec<u8>), Unreached> {
        let app = self.0.borrow().clone().ok_or(Unreached::NotReached)?;
        let response = app.oneshot(request).await.expect("the router never fails");
        let status = response.status();
        Ok((status, to_bytes(response.into_body(), usize::MAX).await.expect("a body in memory").to_vec()))
    }

    async fn get(&self, path: String, token: &str) -> Result<(StatusCode, Vec<u8>), Unreached> {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let (status, bytes) = self.ask(request.body(Body::empty()).expect("a request")).await?;
        if status == StatusCode::UNAUTHORIZED {
            return Err(Unreached::Denied(Denied::BadToken));
        }
        Ok((status, bytes))
    }
}

impl Relay for Line {
    async fn redeem(&self, redeem: &Redeem) -> Result<Redeemed, Unreached> {
        let body = shared::json::to_string(redeem).into_bytes();
        let (status, bytes) = self.ask(Request::post("/api/invites").body(Body::from(body)).expect("a request")).await?;
        assert_eq!(status, 200);
        Ok(shared::json::from_slice(&bytes).expect("what was promised"))
    }

    async fn post(&self, guide: &GuideId, batch: BatchId, sealed: &[u8]) -> Result<Result<Accepted, Refusal>, Unreached> {
        let path = format!("/api/guides/{guide}/batches/{batch}");
        let (status, bytes) = self.ask(Request::post(path).body(Body::from(sealed.to_vec())).expect("a request")).await?;
        Ok(match status {
            StatusCode::OK => Ok(shared::json::from_slice(&bytes).expect("what was promised")),
            _ => Err(shared::json::from_slice(&bytes).expect("a refusal")),
        })
    }

    async fn feed(&self, guide: &GuideId, token: &str, since: u64) -> Result<FeedPage, Unreached> {
        let (_, bytes) = self.get(format!("/api/guides/{guide}/feed?since={since}"), token).await?;
        Ok(minicbor::decode(&bytes).expect("CBOR"))
    }

    async fn workspace(&self, guide: &GuideId, token: &str) -> Result<Workspace, Unreached> {
        let (_, bytes) = self.get(format!("/api/guides/{guide}/workspace"), token).await?;
        Ok(minicbor::decode(&bytes).expect("CBOR"))
    }
}

#[derive(Clone)]
struct Key(SigningKey);

impl Keys for Key {
    async fn public_key(&self) -> Result<Option<Vec<u8>>, Trouble> {
        Ok(Some(public_key(&self.0).to_vec()))
    }

    async fn make(&self) -> Result<Vec<u8>, Trouble> {
        Ok(public_key(&self.0).to_vec())
    }

    async fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], Trouble> {
        let signature: Signature = self.0.sign(bytes);
        Ok(signature.to_bytes().into())
    }

    async fn forget(&self) -> Result<(), Trouble> {
        Ok(())
    }
}

struct World;

impl Surroundings for World {
    fn random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system has randomness");
    }

    fn today(&self) -> Day {
        Day::new(2026, 11, 23).expect("a day")
    }

    fn tell(&self, _: News) {}

    async fn explain_hours(&self, written: &str, country: Option<&str>, today: Day) -> Result<Raw, Trouble> {
        Ok(Raw(json::to_string(&shared::hours::explain(written, country, today))))
    }
}

/// The shelf in memory pauses without a waker: whoever waits for it asks again.
fn patiently<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let mut future = Box::pin(future);
    std::future::poll_fn(move |context| {
        let poll = future.as_mut().poll(context);
        if poll.is_pending() {
            context.waker().wake_by_ref();
        }
        poll
    })
}

type Member = Replica<MemoryShelf, Key, Line, World>;

fn member(house: &House, name: &str) -> (Member, Line) {
    let line = Line(Rc::new(RefCell::new(Some(house.app.clone()))));
    let key = SigningKey::from_slice(&crate::house::draw::<32>()).expect("all but very few strings are keys");
    let member = Replica::new(house.guide.clone(), MemoryShelf::default(), Key(key), line.clone(), World);
    let token = house.relay.invite(&house.guide, Role::Editor, 1).expect("an invite");
    house.runtime.block_on(patiently(async {
        member.open().await.expect("a shelf in memory");
        member.join(token, name.to_owned()).await.expect("a good invite");
        member.exchange().await.expect("the relay is there");
    }));
    (member, line)
}

fn add(house: &House, member: &Member, name: &str) {
    house.runtime.block_on(patiently(async {
        member.create(Kind::Place, &[Edit::put("name", name)]).await.expect("saved");
        let state = member.exchange().await.expect("no trouble");
        assert_eq!((state.unsent, state.refused), (0, 0));
    }));
}

fn titles(house: &House, member: &Member) -> Vec<String> {
    house.runtime.block_on(patiently(async {
        member.exchange().await.expect("no trouble");
        let list = member.list().await.expect("readable");
        let mut titles: Vec<String> = list.into_iter().filter(|one| one.kind == Kind::Place).map(|one| one.title).collect();
        titles.sort();
        titles
    }))
}

#[test]
fn what_one_member_saves_the_other_gets() {
    let house = House::new();
    let ((ana, _), (ben, _)) = (member(&house, "Ana"), member(&house, "Ben"));
    add(&house, &ana, "La Passerelle");
    add(&house, &ben, "Le Refuge");
    assert_eq!(titles(&house, &ana), ["La Passerelle", "Le Refuge"]);
    assert_eq!(titles(&house, &ben), ["La Passerelle", "Le Refuge"]);
}

/// How a backup comes back: over the file that is there, or as a new file in its place.
#[derive(Debug, Clone, Copy)]
enum Restore {
    Overwritten,
    Replaced,
}

#[test]
fn a_relay_restored_from_an_older_backup_gets_back_what_it_lost() {
    for how in [Restore::Overwritten, Restore::Replaced] {
        let house = House::new();
        let ((ana, line_a), (ben, line_b)) = (member(&house, "Ana"), member(&house, "Ben"));
        add(&house, &ana, "Before");
        let epoch = house.relay.epoch().to_owned();
        house.relay.close();
        let database = house.relay.store().path().to_owned();
        let backup = house.folder.path().join("backup");
        fs::copy(&database, &backup).expect("copied");

        let house = House::open(house.folder);
        assert_eq!(house.relay.epoch(), epoch, "a restart alone is no restore");
        for line in [&line_a, &line_b] {
            line.0.replace(Some(house.app.clone()));
        }
        add(&house, &ana, "After, by Ana");
        add(&house, &ben, "After, by Ben");
        house.relay.close();

        let House { folder, relay, app, .. } = house;
        line_a.0.replace(None);
        line_b.0.replace(None);
        drop((relay, app));
        restore(&backup, &database, how);

        let house = House::open(folder);
        assert_ne!(house.relay.epoch(), epoch, "{how:?}");
        line_a.0.replace(Some(house.app.clone()));
        line_b.0.replace(Some(house.app.clone()));
        // Somebody writes before those come back who know what was lost.
        add(&house, &ben, "Later");
        let all = ["After, by Ana", "After, by Ben", "Before", "Later"];
        assert_eq!(titles(&house, &ana), all, "{how:?}");
        assert_eq!(titles(&house, &ben), all, "{how:?}");
        let epoch = house.relay.epoch().to_owned();
        assert_eq!(house.restarted().relay.epoch(), epoch, "restored once, not at every start");
    }
}

#[test]
fn a_relay_that_was_destroyed_comes_back_from_its_backup() {
    let house = House::new();
    let ((ana, line_a), (ben, line_b)) = (member(&house, "Ana"), member(&house, "Ben"));
    add(&house, &ana, "Before");
    let backups = tempfile::tempdir().expect("a temporary folder");
    backup::backup(&house.relay, backups.path()).expect("a folder that can be written");
    let epoch = house.relay.epoch().to_owned();
    add(&house, &ana, "After, by Ana");
    add(&house, &ben, "After, by Ben");
    house.relay.close();
    for line in [&line_a, &line_b] {
        line.0.replace(None);
    }
    let House { folder, relay, app, state, .. } = house;
    drop((relay, app, state, folder));

    let folder = tempfile::tempdir().expect("a temporary folder");
    let newest = backup::newest(backups.path()).expect("readable").expect("the backup");
    let restored = store::restore(&newest, folder.path()).expect("a whole backup");
    assert!(restored.aside.is_none() && restored.taken_over.is_none(), "nothing was there");
    let house = House::open(folder);
    assert_ne!(house.relay.epoch(), epoch, "another life");
    for line in [&line_a, &line_b] {
        line.0.replace(Some(house.app.clone()));
    }
    let all = ["After, by Ana", "After, by Ben", "Before"];
    // Whoever comes first learns of the other's work the next time.
    titles(&house, &ana);
    assert_eq!(titles(&house, &ben), all);
    assert_eq!(titles(&house, &ana), all);
}

fn restore(backup: &std::path::Path, database: &std::path::Path, how: Restore) {
    for ending in ["-wal", "-shm"] {
        let beside = database.with_file_name(format!("{}{ending}", server::store::FILE));
        if beside.exists() {
            fs::remove_file(beside).expect("removed");
        }
    }
    match how {
        Restore::Overwritten => fs::copy(backup, database).map(|_| ()).expect("copied"),
        Restore::Replaced => {
            // The new file comes first, so that it cannot get the old one's inode.
            let new = database.with_extension("new");
            fs::copy(backup, &new).expect("copied");
            fs::remove_file(database.with_extension("commits")).expect("removed: only the inode tells");
            fs::rename(new, database).expect("renamed");
        }
    }
}
