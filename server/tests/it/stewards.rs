//! What stewards do over HTTP, and what nobody else may.

use crate::house::{Answer, House, Phone, Sheet};
use axum::body::Body;
use axum::http::Request;
use shared::edit::Edit;
use shared::gate::Role;
use shared::wire::Members;

impl House {
    fn as_member(&self, phone: &Phone, method: &str, path: &str, body: &str) -> Answer {
        self.ask(asked(phone, method, path, body.to_owned()))
    }

    fn members(&self, phone: &Phone) -> Members {
        let answer = self.as_member(phone, "GET", "members", "");
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        shared::json::from_slice(&answer.bytes).expect("what was promised")
    }

    pub fn purge(&self, phone: &Phone, sheet: &Sheet) -> Answer {
        self.as_member(phone, "POST", &format!("records/{}/purge", sheet.record), "")
    }
}

pub fn asked(phone: &Phone, method: &str, path: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder().method(method).uri(format!("/api/guides/lyon/{path}"));
    let request = request.header("authorization", format!("Bearer {}", phone.token));
    request.body(body.into()).expect("a request")
}

fn device(phone: &Phone) -> String {
    format!("devices/{}", phone.device.id)
}

#[test]
fn only_stewards_come_in() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let (sheet, batch) = tess.place("Un lieu");
    assert_eq!(house.send(&batch).status, 200);
    for role in [Role::Contributor, Role::Editor] {
        let phone = house.phone(role, role.code());
        let wishes = [
            ("GET", "members".to_owned(), ""),
            ("POST", "invites".to_owned(), r#"{"role":"steward","hours":1}"#),
            ("DELETE", format!("invites/{}", "0".repeat(64)), ""),
            ("PUT", format!("{}/role", device(&phone)), r#"{"role":"steward"}"#),
            ("DELETE", device(&tess), ""),
            ("POST", format!("records/{}/purge", sheet.record), ""),
            ("POST", "imports/places".to_owned(), "name\nA\n"),
            ("POST", "imports/places/done".to_owned(), "name\nA\n"),
        ];
        for (method, path, body) in &wishes {
            assert_eq!(house.as_member(&phone, method, path, body).refusal(), (403, "not_allowed".to_owned()), "{path}");
            let stranger = Phone { token: "nothing".to_owned(), ..Phone::new(&house.guide, "X") };
            assert_eq!(house.as_member(&stranger, method, path, body).refusal(), (401, "bad_token".to_owned()), "{path}");
        }
    }
    assert!(house.relay.record(&house.guide, sheet.record).expect("readable").is_some());
}

#[test]
fn devices_are_listed_by_pseudonym_and_day() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let ana = house.phone(Role::Editor, "Ana");
    house.pass_hours(24);
    assert_eq!(house.send(&ana.place("Un lieu").1).status, 200);
    let answer = house.as_member(&tess, "GET", "members", "");
    let told = answer.json();
    assert_eq!(told["devices"][0]["pseudonym"], "Ana");
    assert_eq!((&told["devices"][0]["joined"], &told["devices"][0]["last_seen"]), (&"2026-11-23".into(), &"2026-11-24".into()));
    let members = house.members(&tess);
    assert_eq!(members.devices.iter().map(|one| one.this).collect::<Vec<_>>(), [false, true], "the relay's own is not there");
}

#[test]
fn an_invite_of_a_steward_is_shown_once_listed_and_withdrawn() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let new = |body: &str| house.as_member(&tess, "POST", "invites", body);
    let token = new(r#"{"role":"editor","hours":48}"#).json()["token"].as_str().expect("a secret").to_owned();
    let other = new(r#"{"role":"steward","hours":1}"#).json()["token"].as_str().expect("a secret").to_owned();
    assert_eq!(new(r#"{"role":"steward","hours":9000}"#).refusal(), (400, "bad_request".to_owned()));
    house.pass_hours(1);

    let answer = house.as_member(&tess, "GET", "members", "");
    assert!(!answer.text().contains(&token) && !answer.text().contains(&other));
    let open = house.members(&tess).invites;
    assert_eq!(open.iter().map(|invite| (invite.role, invite.hours)).collect::<Vec<_>>(), [(Role::Editor, 47)]);
    let path = format!("invites/{}", open[0].id);
    assert_eq!(house.as_member(&tess, "DELETE", &path, "").status, 204);
    assert_eq!(house.as_member(&tess, "DELETE", &path, "").status, 404);
    let ana = Phone::new(&house.guide, "Ana");
    assert_eq!(house.redeem(&ana.redeem(&token)).refusal(), (404, "unknown_invite".to_owned()));
}

#[test]
fn a_role_counts_from_the_next_batch() {
    let house = House::new();
    let (tess, ana) = (house.phone(Role::Steward, "Tess"), house.phone(Role::Editor, "Ana"));
    let name = |text: &str| {
        let held = house.relay.record(&house.guide, house.guide.settings()).expect("readable").expect("there");
        ana.edit(&mut Sheet { record: held.record, document: held.document }, &[Edit::put("name", text)])
    };
    assert_eq!(house.send(&name("A")).status, 403);
    let role = |role: &str| house.as_member(&tess, "PUT", &format!("{}/role", device(&ana)), &format!(r#"{{"role":"{role}"}}"#));
    assert_eq!(role("steward").status, 204);
    assert_eq!(crate::batches::feed(&house, &ana, 0).role, "steward");
    assert_eq!(house.send(&name("B")).status, 200);
    assert_eq!(role("contributor").status, 204);
    assert_eq!(house.send(&name("C")).status, 403);
}

#[test]
fn revocation_counts_for_a_batch_that_waits_for_the_writer() {
    let house = House::new();
    let (tess, ana) = (house.phone(Role::Steward, "Tess"), house.phone(Role::Editor, "Ana"));
    let (first, second) = (ana.place("Un").1, ana.place("Deux").1);
    // The revocation stands in the writer's queue before the batch, which the gate has let through.
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let busy = house.relay.store().write(move |_| wait.recv().map_err(|_| server::store::StoreError::Stopped));
    let (revoked, refused) = house.runtime.block_on(async {
        let revoking = tokio::spawn(house.asking(asked(&tess, "DELETE", &device(&ana), "")));
        until(|| house.relay.store().waiting() == 1).await;
        let sending = tokio::spawn(house.asking(house.sending(&first)));
        until(|| house.relay.store().waiting() == 2).await;
        go.send(()).expect("the writer waits");
        (revoking.await.expect("answered"), sending.await.expect("answered"))
    });
    busy.wait().expect("done");
    assert_eq!(revoked.status, 204);
    assert_eq!(refused.refusal(), (403, "revoked".to_owned()));
    assert_eq!(house.send(&second).refusal(), (403, "revoked".to_owned()));
    for path in ["feed", "workspace", "live"] {
        assert_eq!(house.as_member(&ana, "GET", path, "").refusal(), (401, "bad_token".to_owned()), "{path}");
    }
}

async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::task::yield_now().await;
    }
}

#[test]
fn live_streams_end_with_the_role_they_began_in_and_others_go_on() {
    use futures::StreamExt;
    use tower::ServiceExt;
    let house = House::new();
    let (tess, ana) = (house.phone(Role::Steward, "Tess"), house.phone(Role::Editor, "Ana"));
    house.runtime.block_on(async {
        let open = async |phone: &Phone| {
            let response = house.app.clone().oneshot(asked(phone, "GET", "live", "")).await.expect("the router never fails");
            response.into_body().into_data_stream()
        };
        let mut of_tess = open(&tess).await;
        assert!(of_tess.next().await.is_some(), "where the guide stands");
        let changes = [("PUT", format!("{}/role", device(&ana)), r#"{"role":"steward"}"#), ("DELETE", device(&ana), "")];
        for (method, path, body) in &changes {
            let mut hers = open(&ana).await;
            assert!(hers.next().await.is_some(), "where the guide stands");
            assert_eq!(house.asking(asked(&tess, method, path, *body)).await.status, 204);
            assert!(hers.next().await.is_none(), "hers ended: {method}");
        }
        assert_eq!(house.asking(house.sending(&tess.place("Un").1)).await.status, 200);
        assert!(of_tess.next().await.is_some(), "another's goes on");
    });
}

#[test]
fn the_last_steward_stays() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let demote = |by: &Phone, whom: &Phone| house.as_member(by, "PUT", &format!("{}/role", device(whom)), r#"{"role":"editor"}"#);
    assert_eq!(demote(&tess, &tess).refusal(), (409, "last_steward".to_owned()));
    assert_eq!(house.as_member(&tess, "DELETE", &device(&tess), "").refusal(), (409, "last_steward".to_owned()));
    let uma = house.phone(Role::Steward, "Uma");
    assert_eq!(demote(&uma, &uma).status, 204);
    // The way back in is the host's: `socle invite --role steward`.
    let vera = house.phone(Role::Steward, "Vera");
    assert_eq!(house.as_member(&vera, "DELETE", &device(&tess), "").status, 204);
    assert_eq!(house.members(&vera).devices.iter().filter(|one| one.active && one.role == Role::Steward).count(), 1);
}

#[test]
fn two_stewards_who_demote_each_other_leave_one() {
    let house = House::new();
    for _ in 0..20 {
        let (tess, uma) = (house.phone(Role::Steward, "Tess"), house.phone(Role::Steward, "Uma"));
        let race = [(&tess, &uma), (&uma, &tess)].map(|(by, whom)| house.asking(asked(by, "DELETE", &device(whom), "")));
        let mut answers: Vec<u16> = house
            .runtime
            .block_on(futures::future::join_all(race.map(tokio_spawn(&house))))
            .into_iter()
            .map(|answer| answer.expect("answered").status.as_u16())
            .collect();
        answers.sort_unstable();
        assert_eq!(answers, [204, 401], "who was quicker stays");
        let left = if house.as_member(&tess, "GET", "members", "").status == 200 { &tess } else { &uma };
        assert_eq!(house.as_member(left, "DELETE", &device(left), "").status, 409);
        // The next round begins without stewards.
        let (guide, id) = (house.guide.clone(), left.device.id);
        house.relay.store().write(move |rows| rows.set_device_active(&guide, id, false)).wait().expect("written");
    }
}

/// Runs an asking as a task of its own.
fn tokio_spawn<F: Future<Output = Answer> + Send + 'static>(
    house: &House,
) -> impl FnMut(F) -> tokio::task::JoinHandle<Answer> + '_ {
    move |asking| house.runtime.spawn(asking)
}

/// A device that only reads is seen as well: one that nobody uses any more shows by its day.
#[test]
fn fetching_moves_the_day_on_which_a_device_was_seen() {
    let house = House::new();
    let (tess, ana, ben) =
        (house.phone(Role::Steward, "Tess"), house.phone(Role::Editor, "Ana"), house.phone(Role::Editor, "Ben"));
    let seen = |name: &str| {
        let card = house.members(&tess).devices.into_iter().find(|card| card.pseudonym == name).expect("a member");
        (card.joined.to_string(), card.last_seen.to_string())
    };
    let days = |joined: &str, seen: &str| (joined.to_owned(), seen.to_owned());
    house.pass_hours(24);
    for (phone, path) in [(&ana, "feed"), (&ben, "workspace")] {
        assert_eq!(seen(&phone.name), days("2026-11-23", "2026-11-23"));
        assert_eq!(house.as_member(phone, "GET", path, "").status, 200);
        assert_eq!(seen(&phone.name), days("2026-11-23", "2026-11-24"));
    }
    let commits = || house.relay.store().version().expect("readable");
    let before = commits();
    for path in ["feed", "workspace"] {
        assert_eq!(house.as_member(&ana, "GET", path, "").status, 200);
        assert_eq!(seen("Ana"), days("2026-11-23", "2026-11-24"));
    }
    assert_eq!(commits(), before, "once a day");
}

#[test]
fn who_was_removed_stays_so_whatever_is_asked_of_them() {
    let house = House::new();
    let (tess, ana) = (house.phone(Role::Steward, "Tess"), Phone::new(&house.guide, "Ana"));
    let new = |body: &str| house.as_member(&tess, "POST", "invites", body);
    assert_eq!(new(r#"{"role":"editor","hours":0}"#).refusal(), (400, "bad_request".to_owned()), "good for no time");
    let token = new(r#"{"role":"steward","hours":1}"#).json()["token"].as_str().expect("a secret").to_owned();
    assert_eq!(house.redeem(&ana.redeem(&token)).status, 200);
    let remove = || house.as_member(&tess, "DELETE", &device(&ana), "").status;
    assert_eq!(remove(), 204);
    // The link that she used brings nobody back, no role is given to who is gone, and removing again is
    // harmless: she is not the last steward, though she was one.
    assert_eq!(house.redeem(&ana.redeem(&token)).refusal(), (410, "used_invite".to_owned()));
    let role = house.as_member(&tess, "PUT", &format!("{}/role", device(&ana)), r#"{"role":"editor"}"#);
    assert_eq!(role.refusal(), (404, "not_found".to_owned()));
    assert_eq!(remove(), 204);
}

#[test]
fn a_link_of_a_lower_role_takes_nothing_from_a_member() {
    let house = House::new();
    let (tess, ana) = (house.phone(Role::Steward, "Tess"), Phone::new(&house.guide, "Ana"));
    for (role, then) in [("editor", "editor"), ("contributor", "editor"), ("steward", "steward")] {
        let new = house.as_member(&tess, "POST", "invites", &format!(r#"{{"role":"{role}","hours":1}}"#));
        let token = new.json()["token"].as_str().expect("a secret").to_owned();
        let joined = house.redeem(&ana.redeem(&token));
        assert_eq!(joined.json()["role"], then, "by a link for {role}");
    }
}
