//! From an invite to a device.

use crate::house::{House, Phone};
use shared::gate::Role;
use shared::wire::Redeem;

#[test]
fn an_invite_is_good_once() {
    let house = House::new();
    let token = house.relay.invite(&house.guide, Role::Editor, 1).expect("an invite");
    let (ana, ben) = (Phone::new(&house.guide, "Ana"), Phone::new(&house.guide, "Ben"));
    let first = house.redeem(&ana.redeem(&token));
    assert_eq!(first.status, 200);
    assert_eq!(first.json()["role"], "editor");
    assert_eq!(first.json()["device"], ana.device.id.to_string());
    assert_eq!(house.redeem(&ben.redeem(&token)).refusal(), (410, "used_invite".to_owned()));
}

#[test]
fn whose_answer_got_lost_may_ask_again() {
    let house = House::new();
    let token = house.relay.invite(&house.guide, Role::Editor, 1).expect("an invite");
    let ana = Phone::new(&house.guide, "Ana");
    let lost = house.redeem(&ana.redeem(&token)).json()["read_token"].clone();
    let again = house.redeem(&ana.redeem(&token));
    assert_eq!(again.status, 200);
    assert_ne!(again.json()["read_token"], lost, "the relay has no token to repeat, only a hash");
    let read = |token: &serde_json::Value| {
        let token = format!("Bearer {}", token.as_str().unwrap_or_default());
        house.get_with("/api/guides/lyon/feed", &[("authorization", &token)]).status.as_u16()
    };
    assert_eq!((read(&lost), read(&again.json()["read_token"])), (401, 200));
}

#[test]
fn asking_again_gives_no_role_back_and_no_other_name() {
    let house = House::new();
    let token = house.relay.invite(&house.guide, Role::Steward, 1).expect("an invite");
    let (ana, sara) = (Phone::new(&house.guide, "Ana"), house.phone(Role::Steward, "Sara"));
    assert_eq!(house.redeem(&ana.redeem(&token)).status, 200);
    house.relay.change_role(&house.guide, &sara.token, ana.device.id, Role::Contributor).expect("another steward stays");
    let again = house.redeem(&Redeem { pseudonym: "Sara".to_owned(), ..ana.redeem(&token) });
    assert_eq!((again.status.as_u16(), &again.json()["role"]), (200, &"contributor".into()));
    let device = house.relay.store().read(|rows| rows.device(&house.guide, ana.device.id)).expect("readable").expect("there");
    assert_eq!((device.role, device.pseudonym.as_str()), (Role::Contributor, "Ana"));
}

/// A public key is no secret: members' devices tell it to the relay, whose disk may be read.
#[test]
fn nobody_joins_with_somebody_elses_key() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (stolen, other) = (house.relay.invite(&house.guide, Role::Editor, 1), house.relay.invite(&house.guide, Role::Editor, 1));
    let (stolen, other) = (stolen.expect("an invite"), other.expect("an invite"));
    let (thief, honest) = (Phone::new(&house.guide, "Thief").redeem(&stolen), ana.redeem(&other));
    let forged = [
        Redeem { public_key: honest.public_key.clone(), ..thief.clone() },
        // Ana's own proof is for another invite.
        Redeem { token: stolen.clone(), pseudonym: "Thief".to_owned(), ..honest },
    ];
    for redeem in forged {
        assert_eq!(house.redeem(&redeem).refusal(), (400, "bad_request".to_owned()));
    }
    let token = format!("Bearer {}", ana.token);
    assert_eq!(house.get_with("/api/guides/lyon/feed", &[("authorization", &token)]).status, 200);
    let device = house.relay.store().read(|rows| rows.device(&house.guide, ana.device.id)).expect("readable").expect("there");
    assert_eq!(device.pseudonym, "Ana");
    assert_eq!(house.redeem(&thief).status, 200, "the invite was not spent");
}

#[test]
fn nobody_takes_the_name_of_another() {
    let house = House::new();
    let (ana, ben) = (house.phone(Role::Editor, "Ána Ö"), Phone::new(&house.guide, "Ben"));
    let token = house.relay.invite(&house.guide, Role::Editor, 1).expect("an invite");
    let named = |pseudonym: &str| house.redeem(&Redeem { pseudonym: pseudonym.to_owned(), ..ben.redeem(&token) });
    for taken in ["Ána Ö", "ana  o", " ANA\u{200f} o", "A\u{200d}na O", "relay"] {
        assert_eq!(named(taken).refusal(), (409, "taken_name".to_owned()), "{taken:?}");
    }
    for unwritable in ["A\u{202e}nA", "\u{2066}Ana", "Ben\nAna", "Ben\u{7}", "\u{200b}", ""] {
        assert_eq!(named(unwritable).refusal(), (400, "bad_request".to_owned()), "{unwritable:?}");
    }
    let (guide, id) = (house.guide.clone(), ana.device.id);
    house.relay.store().write(move |rows| rows.set_device_active(&guide, id, false)).wait().expect("revoked");
    let free = named("ana o");
    assert_eq!((free.status.as_u16(), &free.json()["pseudonym"]), (200, &"ana o".into()), "{}", free.text());
}

/// The name by which a device is known is its own, also when it joins once more.
#[test]
fn a_device_keeps_its_name_with_another_invite() {
    let house = House::new();
    let ana = house.phone(Role::Contributor, "Ana");
    let token = house.relay.invite(&house.guide, Role::Editor, 1).expect("an invite");
    let answer = house.redeem(&ana.redeem(&token));
    assert_eq!((answer.status.as_u16(), &answer.json()["role"]), (200, &"editor".into()));
}

#[test]
fn late_and_wrong_invites_are_denied() {
    let house = House::new();
    let token = house.relay.invite(&house.guide, Role::Editor, 2).expect("an invite");
    let ana = Phone::new(&house.guide, "Ana");
    house.pass_hours(2);
    assert_eq!(house.redeem(&ana.redeem(&token)).refusal(), (410, "expired_invite".to_owned()));
    assert_eq!(house.redeem(&ana.redeem("0123")).refusal(), (404, "unknown_invite".to_owned()));
    let unproven = Redeem { proof: String::new(), ..ana.redeem(&token) };
    assert_eq!(house.redeem(&unproven).refusal(), (400, "bad_request".to_owned()));
    let nameless = Redeem { pseudonym: "  ".to_owned(), ..ana.redeem(&token) };
    assert_eq!(house.redeem(&nameless).refusal(), (400, "bad_request".to_owned()));
    let keyless = Redeem { public_key: "04".repeat(65), ..ana.redeem(&token) };
    assert_eq!(house.redeem(&keyless).refusal(), (400, "bad_request".to_owned()));
}

#[test]
fn no_token_is_on_the_disk() {
    let house = House::new();
    let token = house.relay.invite(&house.guide, Role::Editor, 1).expect("an invite");
    let ana = Phone::new(&house.guide, "Ana");
    let read_token = house.redeem(&ana.redeem(&token)).json()["read_token"].as_str().unwrap_or_default().to_owned();
    house.relay.close();
    for entry in std::fs::read_dir(house.folder.path()).expect("readable").flatten().filter(|entry| entry.path().is_file()) {
        let bytes = std::fs::read(entry.path()).expect("readable");
        for secret in [&token, &read_token] {
            assert!(!secret.is_empty() && !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{entry:?}");
        }
    }
}
