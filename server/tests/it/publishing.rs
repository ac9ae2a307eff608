//! From accepted changes to what phones fetch.

use crate::house::{House, Phone, Sheet};
use server::publish;
use server::store::Device;
use shared::delta::Refresh;
use shared::edit::Edit;
use shared::edition::{Edition, Entry};
use shared::gate::Role;
use shared::ids::RecordId;
use shared::review::Verdict;
use shared::schema::Kind;
use std::sync::mpsc::channel;

fn whole(house: &House, language: &str) -> Edition {
    let answer = house.get(&format!("/api/guides/lyon/editions/{language}"));
    assert_eq!(answer.status, 200);
    match shared::json::from_slice(&answer.bytes).expect("a refresh") {
        Refresh::Whole(edition) => *edition,
        Refresh::Delta(_) => panic!("who has nothing gets all"),
    }
}

fn refreshed(house: &House, edition: &Edition) -> Edition {
    let Edition { language, revision, epoch, .. } = edition;
    let answer = house.get(&format!("/api/guides/lyon/editions/{language}?since={revision}&epoch={epoch}"));
    match shared::json::from_slice(&answer.bytes).expect("a refresh") {
        Refresh::Whole(_) => panic!("a copy of this relay's gets a delta"),
        Refresh::Delta(delta) => edition.clone().updated(*delta).expect("it follows on the copy"),
    }
}

fn name_of(edition: &Edition, record: RecordId) -> Option<&str> {
    match edition.entries.get(&record)? {
        Entry::Place(place) => Some(&place.name),
        _ => None,
    }
}

#[test]
fn a_copy_follows_by_deltas() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (mut sheet, first) = ana.place("La Passerelle");
    house.send(&first);
    house.publish();
    let mut copy = whole(&house, "fr");
    assert_eq!(name_of(&copy, sheet.record), Some("La Passerelle"));

    house.send(&ana.edit(&mut sheet, &[Edit::put("name", "Le Pont")]));
    let (other, batch) = ana.place("Le Refuge");
    house.send(&batch);
    house.publish();
    copy = refreshed(&house, &copy);
    assert_eq!((name_of(&copy, sheet.record), name_of(&copy, other.record)), (Some("Le Pont"), Some("Le Refuge")));
    assert_eq!(copy, whole(&house, "fr"));

    house.send(&ana.edit(&mut sheet, &[Edit::put("visibility", "members")]));
    house.publish();
    copy = refreshed(&house, &copy);
    assert_eq!(name_of(&copy, sheet.record), None);
    assert_eq!(copy, whole(&house, "fr"));

    house.change_settings(&[Edit::put("name", "Lyon pour tous")]);
    copy = refreshed(&house, &copy);
    assert_eq!(copy.guide.name, "Lyon pour tous");
    assert_eq!(copy, whole(&house, "fr"));
}

#[test]
fn nothing_new_is_a_small_answer() {
    let house = House::new();
    let copy = whole(&house, "fr");
    let path = format!("/api/guides/lyon/editions/fr?since={}&epoch={}", copy.revision, copy.epoch);
    let first = house.get(&path);
    assert!(first.bytes.len() < 200, "{}", first.text());
    let second = house.get_with(&path, &[("if-none-match", first.header("etag"))]);
    assert_eq!((second.status.as_u16(), second.bytes.len()), (304, 0));
    assert_eq!(house.publish().changed, 0);
    assert_eq!(whole(&house, "fr").revision, copy.revision);
}

#[test]
fn a_copy_of_another_epoch_gets_all() {
    let house = House::new();
    let answer = house.get("/api/guides/lyon/editions/fr?since=1&epoch=another");
    assert!(matches!(shared::json::from_slice(&answer.bytes), Ok(Refresh::Whole(_))));
    assert_eq!(house.get("/api/guides/lyon/editions/de").status, 404);
    assert_eq!(house.get("/api/guides/nowhere/editions/fr").status, 404);
}

#[test]
fn an_edition_by_its_number_never_changes() {
    let house = House::new();
    let revision = whole(&house, "fr").revision;
    let answer = house.get(&format!("/api/guides/lyon/editions/fr/{revision}"));
    assert_eq!(answer.status, 200);
    assert!(answer.header("cache-control").contains("immutable"));
    assert_eq!(house.get(&format!("/api/guides/lyon/editions/fr/{}", revision + 1)).status, 404);
}

#[test]
fn a_whole_edition_travels_compressed() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    for number in 0..40 {
        house.send(&ana.place(&format!("Lieu d'accueil numéro {number}")).1);
    }
    house.publish();
    let plain = house.get("/api/guides/lyon/editions/fr").bytes.len();
    for (coding, named) in [("br", "br"), ("gzip, deflate", "gzip"), ("gzip, br", "br")] {
        let answer = house.get_with("/api/guides/lyon/editions/fr", &[("accept-encoding", coding)]);
        assert_eq!(answer.header("content-encoding"), named);
        assert!(answer.bytes.len() * 2 < plain, "{coding}: {} of {plain}", answer.bytes.len());
    }
}

#[test]
fn a_new_language_publishes_everything_in_it() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (sheet, batch) = ana.place("La Passerelle");
    house.send(&batch);
    house.publish();
    house.change_settings(&[Edit::put("languages.es", true)]);
    assert_eq!(name_of(&whole(&house, "es"), sheet.record), Some("La Passerelle"));
    house.change_settings(&[Edit::put("languages.es", false)]);
    assert_eq!(house.get("/api/guides/lyon/editions/es").status, 404);
}

#[test]
fn a_language_that_comes_back_says_what_is_gone_meanwhile() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (mut sheet, batch) = ana.place("La Passerelle");
    house.send(&batch);
    house.publish();
    let mut copy = whole(&house, "ar");
    house.change_settings(&[Edit::put("languages.ar", false)]);
    house.send(&ana.edit(&mut sheet, &[Edit::put("visibility", "members")]));
    house.publish();
    house.change_settings(&[Edit::put("languages.ar", true)]);
    copy = refreshed(&house, &copy);
    assert_eq!(name_of(&copy, sheet.record), None, "it is for members by now");
    assert_eq!(copy, whole(&house, "ar"));
}

#[test]
fn a_mistyped_time_zone_leaves_the_one_before() {
    let house = House::new();
    let before = whole(&house, "fr");
    house.change_settings(&[Edit::put("time_zone", "Europe/Bruxelles")]);
    assert_eq!(whole(&house, "fr").guide.time_zone, before.guide.time_zone);
    house.change_settings(&[Edit::put("time_zone", "Europe/Brussels")]);
    assert_eq!(whole(&house, "fr").guide.time_zone, "Europe/Brussels");
}

#[test]
fn hours_move_on_with_the_days() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (_, batch) = ana.create(Kind::Place, &[Edit::put("name", "P"), Edit::put("opening_hours", "Mo-Fr 09:00-17:00")]);
    house.send(&batch);
    house.publish();
    let before = whole(&house, "fr");
    house.pass_hours(24 * 40);
    house.publish();
    let after = refreshed(&house, &before);
    assert!(after.revision > before.revision, "tables of another month are other tables");
    assert_eq!(after.published.day.since(before.published.day), 40);
}

#[test]
fn under_review_a_contributors_change_waits_for_an_editor() {
    let house = House::new();
    house.change_settings(&[Edit::put("policy", "review")]);
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Contributor, "Ben"));
    let (sheet, batch) = ana.place("La Passerelle");
    house.send(&batch);
    house.publish();
    let held =
        |record| Sheet { record, document: house.relay.record(&house.guide, record).expect("readable").expect("there").document };

    assert_eq!(house.send(&ben.edit(&mut held(sheet.record), &[Edit::put("name", "Spam")])).status, 200);
    let (new, batch) = ben.place("Nouveau lieu");
    assert_eq!(house.send(&batch).status, 200);
    house.publish();
    let edition = whole(&house, "fr");
    assert_eq!((name_of(&edition, sheet.record), name_of(&edition, new.record)), (Some("La Passerelle"), None));
    // Settings that change project everything again; what waits still waits.
    house.change_settings(&[Edit::put("territory", "Grand Lyon")]);
    assert_eq!(name_of(&whole(&house, "fr"), sheet.record), Some("La Passerelle"));

    for record in [sheet.record, new.record] {
        let proposal = house.relay.proposal(&house.guide, &reader(&house, &ana), record).expect("readable").expect("it waits");
        let verdict = Verdict { heads: proposal.heads, approve: true, reason: String::new() };
        house.relay.decide(&house.guide, &reader(&house, &ana), record, verdict).expect("an editor may");
    }
    house.publish();
    let edition = whole(&house, "fr");
    assert_eq!((name_of(&edition, sheet.record), name_of(&edition, new.record)), (Some("Spam"), Some("Nouveau lieu")));
}

fn reader(house: &House, phone: &Phone) -> Device {
    house.relay.reader(&house.guide, &phone.token).expect("readable").expect("it joined")
}

#[test]
fn documents_and_rows_built_again_from_the_log_are_the_same() {
    let house = House::new();
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Editor, "Ben"));
    for number in 0..12 {
        let (mut sheet, batch) = ana.place(&format!("Lieu {number}"));
        house.send(&batch);
        let held = house.relay.record(&house.guide, sheet.record).expect("readable").expect("there");
        let mut of_ben = Sheet { record: sheet.record, document: held.document };
        let batches = [
            ben.edit(&mut of_ben, &[Edit::put("email", format!("b{number}@example.org"))]),
            ana.edit(&mut sheet, &[Edit::write("description.fr.text", "Accueil de jour, repas.")]),
        ];
        // Restarted in between: documents come from the disk as well as from memory.
        batches.iter().for_each(|batch| assert_eq!(house.send(batch).status, 200));
    }
    let house = house.restarted();
    house.publish();
    let rows = |house: &House| house.relay.store().read(|rows| rows.edition_rows_raw(&house.guide)).expect("readable");
    let before = rows(&house);
    assert_eq!(before.len(), 24, "twelve places in two languages");
    assert_eq!(publish::compare(&house.relay, &house.guide).expect("readable"), 0);

    // A damaged copy is found and put right, and rows made wrong are projected again.
    let (id, guide) = (before[0].1, house.guide.clone());
    let wrong = house.relay.store().write(move |writing| {
        let row = writing.document(&guide, id)?.expect("published");
        writing.put_document(&guide, &server::store::DocumentRow { bytes: Vec::new(), ..row })?;
        writing.put_edition_row(&guide, "fr", id, Some("{}"), 1)
    });
    assert!(wrong.wait().expect("written"));
    assert_eq!(publish::rebuild(&house.relay, &house.guide).expect("the log is sound"), 1);
    assert_eq!(publish::compare(&house.relay, &house.guide).expect("readable"), 0);
    assert_eq!(rows(&house), before);
}

#[test]
fn the_publisher_waits_between_publications_and_misses_none() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let mut beats = house.relay.news().listen();
    let publisher = publish::start(house.relay.clone(), std::time::Duration::from_millis(200)).expect("a thread");
    let before = whole(&house, "fr").revision;
    let records: Vec<RecordId> = (0..20)
        .map(|number| {
            let (sheet, batch) = ana.place(&format!("Lieu {number}"));
            assert_eq!(house.send(&batch).status, 200);
            sheet.record
        })
        .collect();
    let all_there = async {
        while !records.iter().all(|record| whole_has(&house, *record)) {
            beats.changed().await.expect("the relay is there");
        }
    };
    futures::executor::block_on(all_there);
    let published = whole(&house, "fr").revision - before;
    assert!(published < 20, "twenty batches in a moment are not {published} publications");
    house.relay.news().stop();
    publisher.join().expect("it ends in peace");
}

fn whole_has(house: &House, record: RecordId) -> bool {
    let kept = house.relay.edition(&house.guide, "fr").expect("readable").expect("published");
    kept.edition.entries.get(&record).is_some()
}

/// A verdict comes between the publisher's look and its writing, while the edition lags behind the feed.
#[test]
fn what_is_let_through_while_publishing_is_published() {
    let house = House::new();
    house.change_settings(&[Edit::put("policy", "review")]);
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Contributor, "Ben"));
    let (mut sheet, first) = ana.place("La Passerelle");
    house.send(&first);
    house.publish();
    house.send(&ben.edit(&mut sheet, &[Edit::put("name", "Le Pont")]));

    let (go, wait) = channel::<()>();
    let (relay, guide, record) = (&house.relay, &house.guide, sheet.record);
    let of = guide.clone();
    let verdict = house.relay.store().write(move |rows| {
        wait.recv().ok();
        rows.release(&of, record)
    });
    std::thread::scope(|scope| {
        scope.spawn(|| publish::publish(relay, guide).expect("a sound relay publishes"));
        while house.relay.store().waiting() == 0 {
            std::thread::yield_now();
        }
        go.send(()).expect("the writer waits");
    });
    verdict.wait().expect("released");
    assert_eq!(name_of(&whole(&house, "fr"), record), Some("Le Pont"));
}
