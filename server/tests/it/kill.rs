//! The real binary, killed in the middle of writing: what it acknowledged is there afterwards.

use crate::house::{House, Phone};
use server::relay::Relay;
use shared::batch::Sealed;
use shared::gate::Role;
use shared::ids::RecordId;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More rounds than the default; `killed.rs` does fifty and reads more closely.
const ROUNDS_VARIABLE: &str = "SOCLE_KILL_ROUNDS";
const ROUNDS: usize = 6;

struct Running {
    process: Child,
    address: String,
}

fn start(data: &Path) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_socle"));
    command.arg("serve").arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
    let mut process = command.spawn().expect("the binary was built for this test");
    let mut lines = BufReader::new(process.stdout.take().expect("piped above")).lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("http://")).expect("it says where it is");
    let address = line.split("http://").nth(1).expect("found by it").trim_end_matches('/').to_owned();
    Running { process, address }
}

/// Posts a batch; whether it was acknowledged. A line that breaks is no acknowledgement.
fn post(address: &str, sealed: &Sealed) -> Option<bool> {
    let body = sealed.encode();
    let path = format!("/api/guides/{}/batches/{}", sealed.batch.guide, sealed.batch.batch);
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer);
    let whole = answer.contains("feed_seq") && answer.ends_with('}');
    assert!(whole || answer.is_empty() || answer.starts_with("HTTP/1.1 200"), "{answer}");
    Some(whole)
}

#[test]
fn acknowledged_batches_survive_kills() {
    let rounds = std::env::var(ROUNDS_VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    let house = House::new();
    let phones = ["Ana", "Ben", "Cleo"].map(|name| house.phone(Role::Editor, name));
    house.relay.close();
    let House { folder, guide, relay, app, .. } = house;
    drop((relay, app));

    let acknowledged: Mutex<Vec<RecordId>> = Mutex::default();
    for round in 0..rounds {
        let running = Mutex::new(start(folder.path()));
        let address = running.lock().expect("nobody panics").address.clone();
        let written = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for phone in &phones {
                scope.spawn(|| write_until_killed(phone, &address, &acknowledged, &written));
            }
            // Another moment each round, and never before something was written.
            let enough = 3 + round % 11;
            let mut running = running.lock().expect("nobody panics");
            while written.load(Ordering::Relaxed) < enough {
                assert!(running.process.try_wait().expect("a child").is_none(), "the relay ended by itself");
                std::thread::yield_now();
            }
            running.process.kill().expect("it runs");
        });
        running.into_inner().expect("nobody panics").process.wait().expect("it was killed");
    }

    let relay = Relay::open(folder.path()).expect("the database opens");
    assert_eq!(relay.store().read(|rows| rows.damage()).expect("readable"), Vec::<String>::new());
    assert_eq!(server::publish::compare(&relay, &guide).expect("readable"), 0, "documents agree with the log");
    let acknowledged = acknowledged.into_inner().expect("nobody panics");
    for record in &acknowledged {
        assert!(relay.record(&guide, *record).expect("readable").is_some(), "an acknowledged batch is gone");
    }
    println!("{rounds} kills, {} acknowledged batches, all there", acknowledged.len());
    assert!(acknowledged.len() >= rounds * 3);
}

fn write_until_killed(phone: &Phone, address: &str, acknowledged: &Mutex<Vec<RecordId>>, written: &AtomicUsize) {
    loop {
        let (sheet, sealed) = phone.place("Written while it is killed");
        match post(address, &sealed) {
            Some(true) => acknowledged.lock().expect("nobody panics").push(sheet.record),
            Some(false) | None => return,
        }
        written.fetch_add(1, Ordering::Relaxed);
    }
}
