//! A steward's table: read by the relay, carried out by the steward's own device.

use crate::house::{Answer, House, Phone, Sheet};
use crate::stewards::asked;
use shared::edit::Edit;
use shared::gate::Role;
use shared::import::{Kept, LeftOut, Plan, Planned, Reading, Skip, Skipped, Unreadable};
use shared::limits::IMPORT_TABLE_BYTES_MAX;
use shared::schema::Kind;

const TABLE: &str = "\u{feff}ID;Name;Services;Phones;Languages;access.cost;Notes\r\n\
    a1;Épicerie solidaire;food;04 76 00 00 00;fr;FREE;x\r\n\
    a2;Douches;hygiene.showers, nothing;;ar; \r\n\
    a2;Douches encore\r\n\
    ;;food\r\n\
    a3;;food\r\n";

fn send(house: &House, phone: &Phone, path: &str, table: impl Into<Vec<u8>>) -> Answer {
    house.ask(asked(phone, "POST", &format!("imports/{path}"), table.into()))
}

fn read(house: &House, phone: &Phone, table: impl Into<Vec<u8>>) -> Reading {
    let answer = send(house, phone, "places", table);
    assert_eq!(answer.status, 200, "{}", answer.text());
    shared::json::from_slice(&answer.bytes).expect("what was promised")
}

fn plan(house: &House, phone: &Phone, table: &str) -> Plan {
    match read(house, phone, table) {
        Reading::Plan(plan) => plan,
        Reading::Unreadable { why, line } => panic!("{why:?} in line {line}"),
    }
}

/// Does what is planned as the steward's device, as its phone would.
fn carry_out(house: &House, phone: &Phone, planned: &Planned) -> Sheet {
    let (sheet, sealed) = if planned.is_new {
        phone.create_as(Kind::Place, planned.record, &planned.edits)
    } else {
        let held = house.relay.record(&house.guide, planned.record).expect("readable").expect("there");
        let mut sheet = Sheet { record: planned.record, document: held.document };
        let sealed = phone.edit(&mut sheet, &planned.edits);
        (sheet, sealed)
    };
    assert_eq!(house.send(&sealed).status, 200);
    sheet
}

#[test]
fn a_table_is_compared_with_the_guide_and_changes_nothing_by_itself() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let first = plan(&house, &tess, TABLE);
    assert_eq!(
        first.planned.iter().map(|one| (one.title.as_str(), one.is_new)).collect::<Vec<_>>(),
        [("Épicerie solidaire", true), ("Douches", true)]
    );
    let skipped = [(3, Skip::Repeated), (4, Skip::NoIdentifier), (5, Skip::NoName)];
    assert_eq!(first.skipped, skipped.map(|(row, why)| Skipped { row, why }));
    let left_out = [(0, "Notes"), (2, "Services")];
    assert_eq!(first.left_out, left_out.map(|(row, field)| LeftOut { row, field: field.to_owned() }));
    assert_eq!(plan(&house, &tess, TABLE), first, "reading changes nothing");

    let sheets: Vec<Sheet> = first.planned.iter().map(|planned| carry_out(&house, &tess, planned)).collect();
    let tree = sheets[0].document.tree();
    assert_eq!(tree["access"]["cost"], "free");
    assert_eq!(tree["access"]["languages"]["fr"], "native");
    assert_eq!(tree["services"]["food"]["category"], "food");
    assert_eq!(tree["phones"]["p1"]["number"], "04 76 00 00 00");
    assert_eq!(send(&house, &tess, "places/done", TABLE).status, 204);
    let again = plan(&house, &tess, TABLE);
    assert_eq!((again.planned.len(), again.unchanged), (0, 2));
}

#[test]
fn a_table_that_comes_again_changes_what_it_said_and_not_what_people_wrote() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let table = |cost: &str, phone: &str| format!("id,name,cost,phones\n1,Un lieu,{cost},{phone}\n2,Un autre,,\n");
    let planned = plan(&house, &tess, &table("free", "04 76 00 00 00")).planned;
    let mut sheets: Vec<Sheet> = planned.iter().map(|planned| carry_out(&house, &tess, planned)).collect();
    assert_eq!(send(&house, &tess, "places/done", table("free", "04 76 00 00 00")).status, 204);
    assert_eq!(house.send(&tess.edit(&mut sheets[0], &[Edit::put("access.cost", "donation")])).status, 200);

    let second = plan(&house, &tess, &table("paid", "04 76 11 11 11"));
    assert_eq!(second.planned.len(), 1);
    assert_eq!(second.planned[0].edits, [Edit::put("phones.p1.number", "04 76 11 11 11")]);
    assert_eq!(second.planned[0].tree["access"]["cost"], "donation");
    assert_eq!(second.kept, [Kept { title: "Un lieu".to_owned(), path: "access.cost".into() }]);
    let shorter = plan(&house, &tess, "id,name\n1,Un lieu\n");
    assert_eq!(shorter.missing, ["Un autre"]);
    // Another table has rows of its own.
    let other = send(&house, &tess, "other", "id,name\n1,Ailleurs\n");
    assert!(other.text().contains(r#""is_new":true"#) && !other.text().contains(&planned[0].record.to_string()));
}

#[test]
fn what_was_purged_stays_away_and_leaves_nothing() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let table = "id,name\n1,Nom tapé par erreur\n";
    let sheet = carry_out(&house, &tess, &plan(&house, &tess, table).planned[0]);
    assert_eq!(send(&house, &tess, "places/done", table).status, 204);
    let known = || house.relay.store().read(|rows| rows.sources(&house.guide, "places")).expect("readable").len();
    assert_eq!(known(), 1);
    assert_eq!(house.purge(&tess, &sheet).status, 204);
    let again = plan(&house, &tess, table);
    assert_eq!((again.planned.len(), again.purged), (0, 1));
    assert_eq!(send(&house, &tess, "places/done", table).status, 204);
    assert_eq!(known(), 0);
}

#[test]
fn a_table_that_cannot_be_read_says_why_and_where() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let unreadable = |table: &[u8]| match read(&house, &tess, table) {
        Reading::Unreadable { why, line } => (why, line),
        Reading::Plan(plan) => panic!("{plan:?}"),
    };
    assert_eq!(unreadable(b"id,name\n1,\xc9picerie\n"), (Unreadable::NotText, 2));
    assert_eq!(unreadable(b"id,name\n1,a\n2,b,c\n"), (Unreadable::NotATable, 3));
    assert_eq!(unreadable(b"[{\"name\": }]"), (Unreadable::NotATable, 1));
    assert_eq!(unreadable(b"id,title\n1,a\n"), (Unreadable::NoNames, 1));
    assert_eq!(unreadable(b"id,name\n"), (Unreadable::NoRows, 0));
    assert_eq!(unreadable(b""), (Unreadable::NoRows, 0));
    assert_eq!(send(&house, &tess, "places", vec![b'a'; IMPORT_TABLE_BYTES_MAX + 1]).refusal(), (413, "too_large".to_owned()));
    assert_eq!(send(&house, &tess, "Not%20a%20name", "name\na\n").refusal(), (404, "not_found".to_owned()));
}

#[test]
fn five_megabytes_are_read() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let mut table = String::from("id,name,description\n");
    let words = "Ouvert à tout le monde. ".repeat(40);
    for row in 0.. {
        let line = format!("{row},Lieu {row},{words}\n");
        if table.len() + line.len() > IMPORT_TABLE_BYTES_MAX {
            break;
        }
        table.push_str(&line);
    }
    let read = plan(&house, &tess, &table);
    assert!(read.planned.len() > 5_000 && read.skipped.is_empty(), "{}", read.planned.len());
}
