//! Rates for parts of the network, quotas for devices and guides.

use crate::house::{Answer, House, Phone};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use rusqlite::Connection;
use server::origin::{Origin, Prefix};
use shared::edit::Edit;
use shared::gate::Role;
use shared::limits::{DEVICE_BATCHES_AT_ONCE, DEVICE_BYTES_PER_DAY, GUIDE_BYTES_MAX, GUIDE_RECORDS_MAX};
use shared::schema::Kind;

fn ask_from(house: &House, last: u8, request: Request<Body>) -> Answer {
    let mut request = request;
    request.extensions_mut().insert(Origin(Some(Prefix::of([203, 0, last, 1].into()))));
    house.ask(request)
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).header("accept-language", "ar").body(Body::empty()).expect("a request")
}

fn redeem() -> Request<Body> {
    Request::post("/api/invites").body(Body::from("{}")).expect("a request")
}

/// Asks until it is told to slow down; how often it was answered.
fn exhaust(house: &House, ask: impl Fn() -> Request<Body>) -> (usize, Answer) {
    for answered in 0..10_000 {
        let answer = ask_from(house, 1, ask());
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return (answered, answer);
        }
    }
    panic!("never told to slow down");
}

#[test]
fn who_asks_too_often_is_told_to_slow_down() {
    let house = House::new();
    let (invites, denied) = exhaust(&house, redeem);
    assert_eq!((invites, denied.refusal()), (30, (429, "slow_down".to_owned())));
    assert_eq!((denied.header("retry-after"), denied.header("cache-control")), ("10", "no-store"));
    let (asked, denied) = exhaust(&house, || get("/api/guides"));
    assert_eq!((asked, denied.refusal()), (1_500, (429, "slow_down".to_owned())));
    // Others, and what is counted apart, go on; so do those who waited.
    assert_eq!(ask_from(&house, 2, get("/api/guides")).status, 200);
    assert_eq!(ask_from(&house, 1, get("/lyon/fr/")).status, 200);
    assert_eq!(ask_from(&house, 1, get("/healthz")).status, 200);
    house.pass_hours(1);
    assert_eq!(ask_from(&house, 1, get("/api/guides")).status, 200);
}

#[test]
fn readers_are_told_in_their_language() {
    let house = House::new();
    let (answered, page) = exhaust(&house, || get("/sw.js"));
    assert_eq!(answered, 3_000);
    assert!(page.text().contains("<html lang=\"ar\" dir=\"rtl\">") && page.text().contains("طلبات كثيرة"), "{}", page.text());
    let french = ask_from(&house, 1, get("/lyon/fr/"));
    assert!(french.text().contains("Trop de demandes"), "the language of the address counts: {}", french.text());
    assert_eq!((french.status.as_u16(), french.header("retry-after")), (429, "1"));
    assert!(french.header("content-security-policy").contains("default-src 'none'"));
}

/// Sends refused batches, which cost the relay as much, until the device is told to slow down.
fn use_up(house: &House, phone: &Phone, bytes: usize) -> usize {
    let sealed = phone.seal(shared::ids::RecordId([9; 16]), vec![vec![0; bytes]]);
    for sent in 0..10_000 {
        let answer = house.send(&sealed);
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(answer.refusal().1, "slow_down");
            return sent;
        }
        assert_eq!(answer.status, 422, "{}", answer.text());
    }
    panic!("never told to slow down");
}

#[test]
fn a_device_has_its_share() {
    let house = House::new();
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Editor, "Ben"));
    assert_eq!(use_up(&house, &ana, 10), DEVICE_BATCHES_AT_ONCE as usize);
    let (_, batch) = ana.place("La Passerelle");
    assert_eq!(house.send(&batch).status, 429);
    assert_eq!(house.send(&ben.place("Accueil").1).status, 200, "others have theirs");
    house.pass_hours(1);
    assert_eq!(house.send(&batch).status, 200, "the same batch, later");
    let bytes = 60_000;
    let sent = use_up(&house, &ben, bytes);
    assert!((sent - 1) * bytes <= DEVICE_BYTES_PER_DAY as usize && (sent + 1) * bytes > DEVICE_BYTES_PER_DAY as usize, "{sent}");
}

/// Only its own signature counts: nobody uses up another's share.
#[test]
fn strangers_cannot_use_up_a_devices_share() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (_, batch) = ana.place("La Passerelle");
    let mut forged = batch.clone();
    forged.signature[5] ^= 1;
    for _ in 0..=DEVICE_BATCHES_AT_ONCE {
        assert_eq!(house.send(&forged).refusal().1, "bad_signature");
    }
    assert_eq!(house.send(&batch).status, 200);
}

#[test]
fn a_guide_holds_so_many_bytes() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (mut sheet, batch) = ana.create(Kind::Place, &[Edit::put("name", "La Passerelle")]);
    assert_eq!(house.send(&batch).status, 200);
    let file = Connection::open(house.relay.store().path()).expect("the database");
    let number = |sql: &str| file.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    let counted = || number("SELECT change_bytes FROM guide WHERE id = 'lyon'");
    assert_eq!(counted(), number("SELECT SUM(LENGTH(bytes)) FROM change WHERE guide = 'lyon'"));
    file.execute("UPDATE guide SET change_bytes = ?1", [GUIDE_BYTES_MAX as i64]).expect("writable");
    let full = ana.edit(&mut sheet, &[Edit::put("name", "Ailleurs")]);
    assert_eq!(house.send(&full).refusal(), (422, "full".to_owned()));
    file.execute("DELETE FROM change WHERE feed_seq = 1", []).expect("writable");
    assert!(counted() < GUIDE_BYTES_MAX as i64, "what is removed makes room");
    assert_eq!(house.send(&full).status, 200);
}

#[test]
fn a_guide_holds_so_many_records() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (mut sheet, first) = ana.place("La Passerelle");
    assert_eq!(house.send(&first).status, 200);
    let file = Connection::open(house.relay.store().path()).expect("the database");
    let count = || file.query_row("SELECT COUNT(*) FROM document WHERE guide = 'lyon'", [], |row| row.get::<_, i64>(0));
    let others = "WITH RECURSIVE other(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM other WHERE number < ?1) \
                  INSERT INTO document (guide, record, kind, feed_seq, bytes) SELECT 'lyon', RANDOMBLOB(16), 'place', 1, x'00' FROM other";
    file.execute(others, [GUIDE_RECORDS_MAX as i64 - 1 - count().expect("a number")]).expect("writable");
    let (_, last) = ana.place("La dernière");
    assert_eq!(house.send(&last).status, 200);
    assert_eq!(count().expect("a number"), GUIDE_RECORDS_MAX as i64);
    let (_, more) = ana.place("Une de trop");
    assert_eq!(house.send(&more).refusal(), (422, "full".to_owned()));
    let edit = ana.edit(&mut sheet, &[Edit::put("name", "Ailleurs")]);
    assert_eq!(house.send(&edit).status, 200, "what is there can still be corrected");
}

/// Whoever waits for the writer waits a while, not for ever.
#[test]
fn what_takes_too_long_is_put_off() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let busy = house.relay.store().write(move |_| {
        wait.recv().ok();
        Ok::<_, server::store::StoreError>(())
    });
    let answer = house.send(&ana.place("La Passerelle").1);
    assert_eq!((answer.refusal(), answer.header("retry-after")), ((503, "later".to_owned()), "5"));
    go.send(()).expect("the writer waits");
    busy.wait().expect("done");
}
