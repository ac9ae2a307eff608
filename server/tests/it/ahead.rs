//! What the gate said before the writer's turn counts only while nothing has changed.

use crate::house::{House, Phone};
use server::relay::RelayError;
use shared::edit::Edit;
use shared::gate::{Refusal, Role};
use shared::wire::Accepted;

fn two_phones(house: &House) -> (Phone, Phone) {
    (house.phone(Role::Editor, "Ana"), house.phone(Role::Editor, "Ben"))
}

#[test]
fn batches_decided_of_the_same_ground_build_on_each_other() {
    let house = House::new();
    let (ana, ben) = two_phones(&house);
    let (mut sheet, first) = ana.place("Un");
    assert_eq!(house.send(&first).status, 200);
    let mut same = sheet.clone();
    let email = ana.edit(&mut sheet, &[Edit::put("email", "a@example.org")]);
    let name = ben.edit(&mut same, &[Edit::put("name", "Deux")]);
    for answer in house.send_while_busy(&[email, name], |_| Ok(())) {
        answer.expect("both are good");
    }
    let held = house.relay.record(&house.guide, sheet.record).expect("readable").expect("there");
    let tree = held.document.tree();
    assert_eq!((tree["email"].as_str(), tree["name"].as_str()), (Some("a@example.org"), Some("Deux")));
}

#[test]
fn a_device_revoked_while_its_batch_waits_is_refused() {
    let house = House::new();
    let (ana, ben) = two_phones(&house);
    let (id, guide) = (ana.device.id, house.guide.clone());
    let batches = [ana.place("Un").1, ben.place("Deux").1];
    let answers = house.send_while_busy(&batches, move |rows| rows.set_device_active(&guide, id, false).map(drop));
    let refused = |answer: &Result<Accepted, RelayError>| matches!(answer, Err(RelayError::Refused(Refusal::Revoked)));
    assert_eq!(answers.iter().map(refused).collect::<Vec<_>>(), [true, false]);
    assert!(answers[1].is_ok());
}
