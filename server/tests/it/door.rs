//! The accept loop of the real binary, asked over real sockets: by who is slow, who is many, and who is
//! in the middle of something when it stops.

use crate::house::House;
use crate::process::{Process, connect, rest, say};
use server::serve::Door;
use shared::edit::Edit;
use shared::gate::Role;
use shared::ids::RecordId;
use std::io::{ErrorKind, Read, Result, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};
use tokio::net::TcpSocket;

const HOME: Ipv4Addr = Ipv4Addr::new(127, 0, 1, 1);
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 2, 1);
const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

/// Asks for health on a connection that stays open.
fn is_answered(mut stream: &TcpStream) -> bool {
    let mut begin = [0; 15];
    stream.write_all(HEALTH).and_then(|()| stream.read_exact(&mut begin)).is_ok() && begin.ends_with(b"200 OK")
}

#[test]
fn who_does_not_say_what_they_want_is_let_go_after_ten_seconds() -> Result<()> {
    let relay = Process::start(&["--proxy", "none"])?;
    let begun = Instant::now();
    let beginnings: [&[u8]; 4] = [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow:", b"PRI * HTTP/2.0\r\n\r\n", HEALTH];
    let waiting: Vec<_> = beginnings
        .map(|beginning| {
            let stream = connect(HOME, relay.address).expect("a place is free");
            std::thread::spawn(move || say(&stream, beginning).map(|_| begun.elapsed()))
        })
        .into();
    assert!(is_answered(&connect(HOME, relay.address)?), "others are answered meanwhile");
    for (waiting, beginning) in waiting.into_iter().zip(beginnings) {
        let after = waiting.join().expect("it does not panic")?;
        let at_once = beginning.starts_with(b"PRI");
        assert!(at_once || (9..=12).contains(&after.as_secs()), "after {after:?}: {}", String::from_utf8_lossy(beginning));
    }
    Ok(())
}

#[test]
fn the_65th_connection_from_one_part_of_the_network_is_closed() -> Result<()> {
    let relay = Process::start(&["--proxy", "none"])?;
    let mut held = (0..64).map(|_| connect(HOME, relay.address)).collect::<Result<Vec<_>>>()?;
    assert!(held.iter().all(is_answered));
    let one_more = connect(Ipv4Addr::new(127, 0, 1, 77), relay.address)?;
    assert!(!is_answered(&one_more), "closed without a word");
    assert!(is_answered(&connect(ELSEWHERE, relay.address)?), "others are let in");
    drop(held.pop());
    let begun = Instant::now();
    while !is_answered(&connect(HOME, relay.address)?) {
        assert!(begun.elapsed() < Duration::from_secs(20), "a place that was left is free again");
    }
    Ok(())
}

#[test]
fn behind_a_web_server_there_are_2048_connections_and_the_next_one_waits() -> Result<()> {
    let connections = Door::default().connections;
    // This side holds as many files, beside those of other tests.
    rlimit::increase_nofile_limit(2 * connections as u64)?;
    let relay = Process::start_with_files(128, &[])?;
    let mut held = Vec::new();
    for _ in 0..connections {
        let stream = connect(HOME, relay.address)?;
        assert!(is_answered(&stream), "number {}", held.len());
        held.push(stream);
    }
    // Asked again they are all still there: so many at once.
    assert!(held.iter().all(is_answered_again));
    let mut one_more = connect(HOME, relay.address)?;
    one_more.write_all(HEALTH)?;
    one_more.set_read_timeout(Some(Duration::from_millis(300)))?;
    let waits = one_more.read(&mut [0; 1]).expect_err("nobody has left");
    assert!(matches!(waits.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{waits}");
    drop(held.pop());
    one_more.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut begin = [0; 15];
    one_more.read_exact(&mut begin)?;
    assert!(begin.ends_with(b"200 OK"), "a place that was left is given on");
    Ok(())
}

/// Reads the rest of the answer before, then asks once more.
fn is_answered_again(mut stream: &TcpStream) -> bool {
    let mut rest = Vec::new();
    while !rest.ends_with(b"ok\n") {
        let mut piece = [0; 4096];
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return false,
            Ok(bytes) => rest.extend_from_slice(&piece[..bytes]),
        }
    }
    is_answered(stream)
}

/// Every address of `router.rs` that takes a body, with the method.
fn taking_a_body() -> Vec<(&'static str, String)> {
    let source = include_str!("../../src/router.rs").split(".route(\"").skip(1);
    let routes = source.filter_map(|rest| rest.split_once('"')).flat_map(|(path, handlers)| {
        let path = path.replace("{guide}", "lyon").replace(['{', '}'], "0");
        let method = move |name| handlers.contains(&format!("{name}(api::")).then(|| (name, format!("/api{path}")));
        ["post", "put", "patch"].into_iter().filter_map(method)
    });
    // These two act without looking at the body.
    routes.filter(|(_, path)| !path.ends_with("/purge") && path != "/api/wiped").collect()
}

#[test]
fn a_body_that_does_not_come_gets_an_answer() -> Result<()> {
    let relay = Process::start(&[])?;
    let id = "0".repeat(32);
    let routes = taking_a_body();
    assert_eq!(routes.len(), 7, "{routes:?}");
    let asked: Vec<_> = routes
        .into_iter()
        .map(|(method, path)| {
            let (method, path) = (method.to_uppercase(), path.replace("0record0", &id).replace("0batch0", &id));
            let path = path.replace("0device0", &id);
            let slow = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nsome of it");
            let stream = connect(HOME, relay.address).expect("a place is free");
            std::thread::spawn(move || (path, say(&stream, slow.as_bytes())))
        })
        .collect();
    for asked in asked {
        let (path, answer) = asked.join().expect("it does not panic");
        let answer = answer?;
        // A table may be large: of a stranger's nothing is taken.
        if path.contains("/imports/") {
            assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("\"bad_token\""), "{path}: {answer}");
            continue;
        }
        let later = answer.starts_with("HTTP/1.1 503") && answer.contains("\"later\"") && answer.contains("retry-after");
        assert!(later, "{path}: {answer}");
    }
    Ok(())
}

#[test]
fn a_body_or_a_head_that_is_too_long_is_refused() -> Result<()> {
    let relay = Process::start(&[])?;
    let id = "0".repeat(32);
    let body = "x".repeat(256 * 1024 + 1);
    let long = format!("POST /api/guides/lyon/batches/{id} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let stream = connect(HOME, relay.address)?;
    stream.try_clone()?.write_all(long.as_bytes())?;
    let mut begin = [0; 12];
    (&stream).read_exact(&mut begin)?;
    assert_eq!(&begin, b"HTTP/1.1 413");
    let head = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(64 * 1024));
    let answer = say(&connect(HOME, relay.address)?, head.as_bytes()).unwrap_or_default();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    Ok(())
}

#[test]
fn what_runs_when_it_is_told_to_stop_ends_well() -> Result<()> {
    let mut relay = Process::start(&[])?;
    let (device, mut rng) = relay.join(1)?;
    let (_, parcel) = device.new_place(RecordId([1; 16]), &[Edit::put("name", "La Passerelle")], &mut rng);
    let (begin, end) = parcel.bytes.split_at(parcel.bytes.len() / 2);
    let (path, length) = (format!("/api/guides/lyon/batches/{}", parcel.batch), parcel.bytes.len());
    let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n");
    let mut posting = connect(HOME, relay.address)?;
    posting.write_all(head.as_bytes())?;
    // It has begun to read: the request runs.
    posting.read_exact(&mut [0; 25])?;
    posting.write_all(begin)?;
    let mut live = relay.line()?;
    live.listen("/api/guides/lyon/live", "")?;

    let told = Instant::now();
    relay.terminate()?;
    while live.next_line().is_ok() {}
    while TcpStream::connect(relay.address).is_ok() {}
    let answer = say(&posting, end)?;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("feed_seq"), "{answer}");
    assert!(relay.ended()?.success());
    assert!(told.elapsed() < Duration::from_secs(10));
    let log = relay.data().join("socle.sqlite-wal");
    assert_eq!(log.metadata().map_or(0, |log| log.len()), 0, "the log is folded into the database");
    assert!(relay.socle(&["check"])?.contains("lyon: sound"));
    Ok(())
}

#[test]
fn it_stops_within_ten_seconds_whoever_holds_on() -> Result<()> {
    let mut relay = Process::start(&[])?;
    let id = "0".repeat(32);
    let mut holding = connect(HOME, relay.address)?;
    let head =
        format!("POST /api/guides/lyon/batches/{id} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
    holding.write_all(head.as_bytes())?;
    holding.read_exact(&mut [0; 25])?;
    let told = Instant::now();
    relay.terminate()?;
    assert!(relay.ended()?.success());
    assert!(told.elapsed() < Duration::from_secs(10));
    Ok(())
}

/// A phone that listens and does not read: what it has not taken is not piled up for it.
#[test]
fn a_live_reader_that_does_not_read_is_dropped_and_comes_again() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let door = Door { writing: Duration::from_millis(200), ..Door::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let entering = runtime.enter();
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_send_buffer_size(4 * 1024).expect("before it listens");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let listener = socket.listen(16).expect("a socket that listens");
    drop(entering);
    let address = listener.local_addr().expect("bound");
    let app = server::router::router(house.state.clone());
    runtime.spawn(door.keep(listener, app, std::future::pending(), || {}));

    let listen = || {
        let connected = runtime.block_on(async {
            let socket = TcpSocket::new_v4()?;
            socket.set_recv_buffer_size(4 * 1024)?;
            socket.connect(address).await
        });
        let stream = connected.expect("a place is free").into_std().expect("registered");
        stream.set_nonblocking(false).expect("a socket");
        let ask = format!("GET /api/guides/lyon/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", ana.token);
        (&stream).write_all(ask.as_bytes()).expect("written");
        let mut begin = [0; 15];
        (&stream).read_exact(&mut begin).expect("an answer");
        assert!(begin.ends_with(b"200 OK"));
        stream
    };
    let deaf = listen();
    assert_eq!(house.state.live.listening(), 1);
    let mut batches = 0;
    while house.state.live.listening() == 1 {
        assert_eq!(house.send(&ana.place("La Passerelle").1).status, 200, "others go on");
        batches += 1;
        assert!(batches < 5_000, "it is never dropped");
    }
    assert!(rest(&deaf).expect("what had left").len() < 64 * 1024);
    drop(listen());
}
