//! A purged record is nowhere: not in the files, not in answers, and it does not come back.

use crate::batches::feed;
use crate::house::{House, Sheet};
use shared::edit::Edit;
use shared::gate::Role;
use shared::schema::Kind;
use shared::wire::Workspace;
use std::path::Path;

const CANARY: &str = "Kanarienvogel";

/// The files of a folder and of those in it that hold the canary.
pub fn holding(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("readable").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path));
        } else if std::fs::read(&path).expect("readable").windows(CANARY.len()).any(|bytes| bytes == CANARY.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn a_purged_record_is_in_no_file_and_in_no_answer() {
    let house = House::new();
    let (tess, ana) = (house.phone(Role::Steward, "Tess"), house.phone(Role::Editor, "Ana"));
    let edits =
        [Edit::put("name", format!("{CANARY} de nom")), Edit::write("internal_note", format!("{CANARY} en note").repeat(40))];
    let (mut sheet, batch) = ana.create(Kind::Place, &edits);
    assert_eq!(house.send(&batch).status, 200);
    // Enough around it that pages are freed, moved and used again.
    for number in 0..60 {
        assert_eq!(house.send(&ana.place(&format!("Lieu {number}")).1).status, 200);
        let note = Edit::write("description.fr.text", format!("{CANARY}, encore {number}"));
        assert_eq!(house.send(&ana.edit(&mut sheet, &[note])).status, 200);
    }
    let (guide, record) = (house.guide.clone(), sheet.record);
    let kept = serde_json::json!({ "name": CANARY });
    house.relay.store().write(move |rows| rows.put_source(&guide, "osm", record, &kept)).wait().expect("written");
    house.publish();
    let copy = house.get("/api/guides/lyon/editions/fr").json()["whole"].clone();
    assert!(copy.to_string().contains(CANARY));
    let (revision, epoch) = (copy["revision"].as_u64().expect("a number"), copy["epoch"].as_str().expect("text"));
    let since = feed(&house, &tess, 0);
    assert!(!holding(house.folder.path()).is_empty(), "it is there to be found");

    assert_eq!(house.purge(&tess, &sheet).status, 204);
    assert_eq!(holding(house.folder.path()), [] as [String; 0]);
    // Whoever has a copy of the edition gets it whole: its own text would keep what a delta takes out.
    let refresh = |since: u64| house.get(&format!("/api/guides/lyon/editions/fr?since={since}&epoch={epoch}"));
    let fresh = refresh(revision).json();
    assert!(fresh["whole"].is_object() && !fresh.to_string().contains(CANARY));
    assert_eq!(house.publish().changed, 0);
    assert!(refresh(revision + 1).json()["delta"].is_object(), "afterwards deltas serve again");
    assert_eq!(house.get(&format!("/lyon/fr/place/{record}")).status, 404);

    // Members learn of it in the feed and in the workspace.
    let page = feed(&house, &tess, since.feed_seq);
    assert_eq!(
        page.changes.iter().map(|change| change.record[..] == record.0 && change.change.is_empty()).collect::<Vec<_>>(),
        [true]
    );
    let all = feed(&house, &tess, 0);
    assert!(all.changes.iter().filter(|change| change.record[..] == record.0).all(|change| change.change.is_empty()));
    let workspace = house.get_with("/api/guides/lyon/workspace", &[("authorization", &format!("Bearer {}", tess.token))]);
    let workspace: Workspace = minicbor::decode(&workspace.bytes).expect("CBOR");
    let packed = workspace.documents.iter().find(|packed| packed.record[..] == record.0).expect("named as purged");
    assert!(packed.document.is_empty());

    // It does not come back: not as an edit, not as the batch that made it, not as a new record.
    let edit = ana.edit(&mut sheet, &[Edit::put("email", "a@example.org")]);
    for again in [&edit, &batch] {
        assert_eq!(house.send(again).refusal(), (410, "purged".to_owned()));
    }
    assert_eq!(house.purge(&tess, &sheet).status, 204, "once more is no fault");
    let house = house.restarted();
    assert_eq!(holding(house.folder.path()), [] as [String; 0]);
    assert_eq!(house.send(&edit).refusal(), (410, "purged".to_owned()));
    assert_eq!(server::publish::compare(&house.relay, &house.guide).expect("readable"), 0);
}

#[test]
fn settings_and_what_is_not_there_are_not_purged() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let settings = house.relay.record(&house.guide, house.guide.settings()).expect("readable").expect("there");
    let settings = Sheet { record: settings.record, document: settings.document };
    assert_eq!(house.purge(&tess, &settings).status, 404);
    assert_eq!(house.purge(&tess, &tess.place("jamais envoyé").0).status, 404);
    assert!(house.relay.record(&house.guide, settings.record).expect("readable").is_some());
}

#[test]
fn who_keeps_the_host_purges_without_a_phone() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (sheet, batch) = ana.place(CANARY);
    assert_eq!(house.send(&batch).status, 200);
    house.publish();
    assert!(!holding(house.folder.path()).is_empty(), "it is there to be found");
    let purge = |record| house.relay.purge(&house.guide, record);
    for time in ["once", "once more"] {
        assert!(purge(sheet.record).expect("purged"), "{time}");
        assert_eq!(holding(house.folder.path()), [] as [String; 0], "{time}");
    }
    assert_eq!(house.send(&batch).refusal(), (410, "purged".to_owned()));
    assert_eq!(house.get(&format!("/lyon/fr/place/{}", sheet.record)).status, 404);
    // A slip of the pen is said, and nothing else happens.
    assert!(!purge(ana.place("jamais envoyé").0.record).expect("nothing to purge"));
    let nowhere = "nowhere".parse().expect("a name for a guide");
    assert!(matches!(house.relay.purge(&nowhere, sheet.record), Err(server::relay::RelayError::NoGuide)));
}

#[test]
fn a_batch_decided_before_the_purge_is_refused_after_it() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (mut sheet, batch) = ana.place("Un lieu");
    assert_eq!(house.send(&batch).status, 200);
    let edit = ana.edit(&mut sheet, &[Edit::put("email", "a@example.org")]);
    let (guide, record) = (house.guide.clone(), sheet.record);
    let answers = house.send_while_busy(&[edit], move |rows| {
        let feed_seq = rows.feed_seq(&guide)?.unwrap_or_default();
        rows.purge(&guide, record, feed_seq + 1)
    });
    assert!(matches!(answers[0], Err(server::relay::RelayError::Refused(shared::gate::Refusal::Purged))));
}

/// The relay is killed after the purge is on the disk and before the log beside the database is empty.
#[test]
fn a_purge_that_was_cut_off_is_finished_at_the_next_start() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (sheet, batch) = ana.place(CANARY);
    assert_eq!(house.send(&batch).status, 200);
    let (guide, record) = (house.guide.clone(), sheet.record);
    let purged = house.relay.store().write(move |rows| {
        let feed_seq = rows.feed_seq(&guide)?.unwrap_or_default();
        rows.purge(&guide, record, feed_seq + 1)
    });
    purged.wait().expect("on the disk");
    let killed = tempfile::tempdir().expect("a temporary folder");
    for entry in std::fs::read_dir(house.folder.path()).expect("readable").flatten().filter(|entry| entry.path().is_file()) {
        std::fs::copy(entry.path(), killed.path().join(entry.file_name())).expect("copied");
    }
    assert!(!holding(killed.path()).is_empty(), "it is in the log still");
    let house = House::open(killed);
    assert_eq!(holding(house.folder.path()), [] as [String; 0]);
    assert_eq!(house.send(&batch).refusal(), (410, "purged".to_owned()));
}
