//! What waits for a second pair of eyes, who lets it through, what goes back, and what is undone.

use crate::house::{Answer, House, Phone, Sheet};
use axum::body::Body;
use axum::http::Request;
use server::relay::ReviewError;
use shared::batch::BatchChange;
use shared::delta::Refresh;
use shared::edit::{self, Edit};
use shared::edition::Entry;
use shared::gate::Role;
use shared::ids::{DeviceId, RecordId};
use shared::json::Json;
use shared::limits::{DEVICE_RECORDS_WAITING_MAX, HISTORY_STEPS_MAX, RECORDS_AN_HOUR_MAX};
use shared::review::{History, NotDecided, Proposal, Queue, State, Undo, Verdict, Why, Writer, taking_back};
use shared::schema::Kind;

fn under_review() -> House {
    let house = House::new();
    house.change_settings(&[Edit::put("policy", "review")]);
    house
}

/// The rule is set as a steward sets it, over the network.
fn two_eyes_more() -> House {
    let house = House::new();
    let steward = house.phone(Role::Steward, "Eva");
    let settings = house.guide.settings();
    sent(&house, &steward, settings, &[Edit::put("second_person", true)]);
    house
}

fn answer(house: &House, phone: &Phone, path: &str) -> Answer {
    house.get_with(&format!("/api/guides/lyon/{path}"), &[("authorization", &format!("Bearer {}", phone.token))])
}

fn ask<T: Json>(house: &House, phone: &Phone, path: &str) -> T {
    let answer = answer(house, phone, path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    shared::json::from_slice(&answer.bytes).expect("what was promised")
}

fn decide(house: &House, phone: &Phone, record: RecordId, verdict: &Verdict) -> (u16, String) {
    let request = Request::post(format!("/api/guides/lyon/review/{record}"))
        .header("authorization", format!("Bearer {}", phone.token))
        .body(Body::from(shared::json::to_string(verdict)))
        .expect("a request");
    let answer = house.ask(request);
    if answer.status == 200 { (200, String::new()) } else { answer.refusal() }
}

fn approving(proposal: &Proposal) -> Verdict {
    Verdict { heads: proposal.heads.clone(), approve: true, reason: String::new() }
}

fn sending_back(reason: &str) -> Verdict {
    Verdict { heads: Vec::new(), approve: false, reason: reason.to_owned() }
}

fn proposal(house: &House, phone: &Phone, record: RecordId) -> Proposal {
    ask(house, phone, &format!("review/{record}"))
}

/// The record as the relay has it now, for a phone that has fetched everything.
fn fetched(house: &House, record: RecordId) -> Sheet {
    Sheet { record, document: house.relay.record(&house.guide, record).expect("readable").expect("there").document }
}

fn sent(house: &House, phone: &Phone, record: RecordId, edits: &[Edit]) {
    let answer = house.send(&phone.edit(&mut fetched(house, record), edits));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// A place that readers see.
fn published_place(house: &House, phone: &Phone, name: &str, edits: &[Edit]) -> RecordId {
    let all: Vec<Edit> = std::iter::once(Edit::put("name", name)).chain(edits.to_vec()).collect();
    let (sheet, batch) = phone.create(Kind::Place, &all);
    assert_eq!(house.send(&batch).status, 200);
    house.publish();
    sheet.record
}

/// What readers see of a place: its name and its first phone number.
fn seen(house: &House, record: RecordId) -> Option<(String, String)> {
    house.publish();
    let answer = house.get("/api/guides/lyon/editions/fr");
    let Ok(Refresh::Whole(edition)) = shared::json::from_slice(&answer.bytes) else { panic!("who has nothing gets all") };
    match edition.entries.get(&record)? {
        Entry::Place(place) => {
            Some((place.name.clone(), place.phones.first().map(|phone| phone.number.clone()).unwrap_or_default()))
        }
        _ => None,
    }
}

fn name(house: &House, record: RecordId) -> Option<String> {
    seen(house, record).map(|(name, _)| name)
}

fn waiting(house: &House, phone: &Phone) -> Vec<(RecordId, Vec<Why>)> {
    ask::<Queue>(house, phone, "review").waiting.into_iter().map(|waits| (waits.record, waits.why)).collect()
}

#[test]
fn a_contributors_change_waits_until_an_editor_lets_through_what_was_seen() {
    let house = under_review();
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Contributor, "Ben"));
    let place = published_place(&house, &ana, "La Passerelle", &[]);
    sent(&house, &ben, place, &[Edit::put("name", "Le Pont")]);
    assert_eq!(name(&house, place).as_deref(), Some("La Passerelle"));

    let seen_by_ana = proposal(&house, &ana, place);
    assert_eq!((&seen_by_ana.published["name"], &seen_by_ana.proposed["name"]), (&"La Passerelle".into(), &"Le Pont".into()));
    let waits = &ask::<Queue>(&house, &ana, "review").waiting[0];
    assert_eq!(
        (waits.title.as_str(), waits.why.as_slice(), waits.is_new, waits.mine),
        ("Le Pont", &[Why::Contributor][..], false, false)
    );
    assert_eq!(waits.authors.iter().map(|who| who.pseudonym.as_str()).collect::<Vec<_>>(), ["Ben"]);

    // Ben writes on while Ana reads: she has not seen that.
    sent(&house, &ben, place, &[Edit::put("url", "https://spam.example")]);
    assert_eq!(decide(&house, &ana, place, &approving(&seen_by_ana)), (409, "moved".to_owned()));
    assert_eq!(name(&house, place).as_deref(), Some("La Passerelle"));
    assert_eq!(decide(&house, &ana, place, &approving(&proposal(&house, &ana, place))), (200, String::new()));
    assert_eq!(name(&house, place).as_deref(), Some("Le Pont"));
    assert_eq!(waiting(&house, &ana), []);
    assert_eq!(decide(&house, &ana, place, &approving(&seen_by_ana)), (409, "not_waiting".to_owned()));
    assert_eq!(answer(&house, &ana, &format!("review/{place}")).status, 404);
}

#[test]
fn an_editors_save_joins_what_waits_and_lets_nothing_through() {
    let house = under_review();
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Contributor, "Ben"));
    let place = published_place(&house, &ana, "La Passerelle", &[]);
    sent(&house, &ben, place, &[Edit::put("name", "Spam")]);
    // "Still correct today", tapped in the street.
    sent(&house, &ana, place, &[Edit::put("assured_date", "2026-11-23")]);
    assert_eq!(name(&house, place).as_deref(), Some("La Passerelle"));
    // Amended, looked at, let through.
    sent(&house, &ana, place, &[Edit::put("name", "La Passerelle, 2e étage")]);
    let amended = proposal(&house, &ana, place);
    // Everybody whose words wait, once, in the order of their last.
    assert_eq!(amended.waits.authors.iter().map(|who| who.pseudonym.as_str()).collect::<Vec<_>>(), ["Ben", "Ana"]);
    assert_eq!(decide(&house, &ana, place, &approving(&amended)).0, 200);
    assert_eq!(name(&house, place).as_deref(), Some("La Passerelle, 2e étage"));
}

#[test]
fn contributors_and_the_revoked_let_nothing_through() {
    let house = under_review();
    let (ana, ben, cem) =
        (house.phone(Role::Editor, "Ana"), house.phone(Role::Contributor, "Ben"), house.phone(Role::Contributor, "Cem"));
    let (sheet, batch) = ben.place("Nouveau lieu");
    house.send(&batch);
    let place = sheet.record;
    let of_ben = proposal(&house, &ben, place);
    assert!(of_ben.waits.mine && !of_ben.waits.may_approve && of_ben.waits.is_new && of_ben.published.is_null());
    assert_eq!(decide(&house, &ben, place, &approving(&of_ben)), (403, "not_allowed".to_owned()));
    // What waits of others is not a contributor's to see.
    assert_eq!(waiting(&house, &cem), []);
    assert_eq!(answer(&house, &cem, &format!("review/{place}")).status, 404);
    assert_eq!(house.get("/api/guides/lyon/review").refusal(), (401, "bad_token".to_owned()));

    let came_in = house.relay.reader(&house.guide, &ana.token).expect("readable").expect("an editor");
    let (guide, id) = (house.guide.clone(), ana.device.id);
    house.relay.store().write(move |rows| rows.set_device_active(&guide, id, false)).wait().expect("written");
    assert_eq!(decide(&house, &ana, place, &approving(&of_ben)), (401, "bad_token".to_owned()));
    // Nor does a verdict that came in before and waited for the writer.
    let late = house.relay.decide(&house.guide, &came_in, place, approving(&of_ben));
    assert!(matches!(late, Err(ReviewError::NotDecided(NotDecided::NotAllowed))));
    assert_eq!(name(&house, place), None);
}

#[test]
fn what_is_sent_back_reaches_its_author_with_the_reason() {
    let house = under_review();
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Contributor, "Ben"));
    let place = published_place(&house, &ana, "La Passerelle", &[]);
    sent(&house, &ben, place, &[Edit::put("name", "Le Pont"), Edit::write("description.fr.text", "Douches le matin.")]);
    let seen_by_ana = proposal(&house, &ana, place);

    assert_eq!(decide(&house, &ana, place, &sending_back("  ")), (400, "no_reason".to_owned()));
    assert_eq!(decide(&house, &ana, place, &sending_back("Le nom n’a pas changé.")), (409, "still_there".to_owned()));
    let inverse = taking_back(Kind::Place, &seen_by_ana.published, &seen_by_ana.proposed);
    sent(&house, &ana, place, &inverse);
    assert_eq!(decide(&house, &ana, place, &sending_back("Le nom n’a pas changé.")), (200, String::new()));
    assert_eq!(name(&house, place).as_deref(), Some("La Passerelle"));
    assert_eq!(fetched(&house, place).document.tree()["name"], "La Passerelle", "the workspace says what is published");

    let returned = ask::<Queue>(&house, &ben, "review").returned;
    assert_eq!(returned.len(), 1);
    assert_eq!((returned[0].reason.as_str(), returned[0].by.pseudonym.as_str()), ("Le nom n’a pas changé.", "Ana"));
    assert!(returned[0].edits.contains(&Edit::put("name", "Le Pont")), "what was proposed is not lost");
    assert_eq!(ask::<Queue>(&house, &ana, "review").returned, []);

    // Taken up again, it waits again and is no longer among what was sent back.
    sent(&house, &ben, place, &returned[0].edits);
    assert_eq!(ask::<Queue>(&house, &ben, "review").returned, []);
    assert_eq!(waiting(&house, &ana), [(place, vec![Why::Contributor])]);
}

#[test]
fn a_new_record_that_is_sent_back_is_put_aside() {
    let house = under_review();
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Contributor, "Ben"));
    let (sheet, batch) = ben.place("Nouveau lieu");
    house.send(&batch);
    let seen_by_ana = proposal(&house, &ana, sheet.record);
    assert_eq!(decide(&house, &ana, sheet.record, &sending_back("Existe déjà.")).1, "still_there");
    sent(&house, &ana, sheet.record, &taking_back(Kind::Place, &seen_by_ana.published, &seen_by_ana.proposed));
    assert_eq!(decide(&house, &ana, sheet.record, &sending_back("Existe déjà.")).0, 200);
    assert_eq!(name(&house, sheet.record), None);
    let returned = ask::<Queue>(&house, &ben, "review").returned;
    sent(&house, &ben, sheet.record, &returned[0].edits);
    assert_eq!(name(&house, sheet.record), None, "taken up again, it waits again");
    assert_eq!(decide(&house, &ana, sheet.record, &approving(&proposal(&house, &ana, sheet.record))).0, 200);
    assert_eq!(name(&house, sheet.record).as_deref(), Some("Nouveau lieu"));
}

#[test]
fn risky_changes_wait_for_somebody_else() {
    let house = two_eyes_more();
    let (ana, sam) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Steward, "Sam"));
    let phone = Edit::put("phones.a1.number", "04 72 00 00 00");
    let place = published_place(&house, &sam, "La Passerelle", &[phone]);
    // Documents come from the disk as well as from memory.
    let house = house.restarted();
    let check = |edit: Edit, expected: &[Why]| {
        sent(&house, &sam, place, &[edit]);
        assert_eq!(waiting(&house, &ana).first().map(|(_, why)| why.clone()).unwrap_or_default(), expected);
    };
    check(Edit::put("name", "Le Pont"), &[]);
    assert_eq!(seen(&house, place), Some(("Le Pont".to_owned(), "04 72 00 00 00".to_owned())));
    check(Edit::put("phones.a1.number", "06 66 66 66 66"), &[Why::Phone]);
    check(Edit::put("address.city", "Villeurbanne"), &[Why::Address, Why::Phone]);
    check(Edit::put("longitude", 4.9), &[Why::Address, Why::Phone]);
    assert_eq!(seen(&house, place).expect("published").1, "04 72 00 00 00");

    let own = proposal(&house, &sam, place);
    assert!(!own.waits.may_approve);
    assert_eq!(decide(&house, &sam, place, &approving(&own)), (403, "own_change".to_owned()));
    assert_eq!(decide(&house, &ana, place, &approving(&own)), (200, String::new()));
    assert_eq!(seen(&house, place).expect("published").1, "06 66 66 66 66");

    // Hidden first, changed then, shown again: it was published once.
    sent(&house, &sam, place, &[Edit::put("visibility", "members")]);
    assert_eq!(name(&house, place), None);
    check(Edit::put("phones.a1.number", "07 77 77 77 77"), &[Why::Phone]);
}

#[test]
fn the_steps_of_a_page_wait_and_its_title_does_not() {
    let house = two_eyes_more();
    let (ana, sam) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Steward, "Sam"));
    let edits = [
        Edit::put("title.fr.text", "Contrôle d’identité"),
        Edit::put("steps.s1.position", 1),
        Edit::write("steps.s1.text.fr.text", "Restez calme."),
    ];
    let (sheet, batch) = ana.create(Kind::Page, &edits);
    house.send(&batch);
    house.publish();
    sent(&house, &ana, sheet.record, &[Edit::put("title.fr.text", "Un contrôle")]);
    assert_eq!(waiting(&house, &sam), []);
    sent(&house, &ana, sheet.record, &[Edit::write("steps.s1.text.fr.text", "Donnez vos papiers.")]);
    assert_eq!(waiting(&house, &sam), [(sheet.record, vec![Why::Steps])]);
}

#[test]
fn more_than_twenty_records_in_an_hour_wait() {
    let house = two_eyes_more();
    let (ana, sam) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Steward, "Sam"));
    let new = |number: usize| {
        let (sheet, batch) = ana.place(&format!("Lieu {number}"));
        assert_eq!(house.send(&batch).status, 200);
        sheet.record
    };
    let first = (0..RECORDS_AN_HOUR_MAX).map(new).collect::<Vec<_>>()[0];
    assert_eq!(waiting(&house, &sam), []);
    let one_more = new(99);
    // The same records again are none more, and others' are not counted with hers.
    sent(&house, &ana, first, &[Edit::put("email", "a@example.org")]);
    assert_eq!(house.send(&sam.place("De Sam").1).status, 200);
    assert_eq!(waiting(&house, &sam), [(one_more, vec![Why::Many])]);
    assert_eq!(name(&house, one_more), None);
    house.pass_hours(1);
    let later = new(100);
    assert_eq!(name(&house, later).as_deref(), Some("Lieu 100"));
}

#[test]
fn without_the_rule_nothing_of_an_editor_waits() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let place = published_place(&house, &ana, "La Passerelle", &[Edit::put("phones.a1.number", "04")]);
    sent(&house, &ana, place, &[Edit::put("phones.a1.number", "06")]);
    assert_eq!(seen(&house, place).expect("published").1, "06");
    assert_eq!(waiting(&house, &ana), []);
}

#[test]
fn history_says_what_and_which_pseudonym_and_which_day_and_no_more() {
    let house = under_review();
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Contributor, "Ben"));
    let place = published_place(&house, &ana, "La Passerelle", &[Edit::put("email", "a@example.org")]);
    house.pass_hours(24);
    sent(&house, &ben, place, &[Edit::put("name", "Spam")]);
    sent(&house, &ben, place, &[Edit::clear("email")]);
    let answer = answer(&house, &ben, &format!("records/{place}/history"));
    let history: History = shared::json::from_slice(&answer.bytes).expect("a history");
    let told: Vec<_> = history
        .steps
        .iter()
        .map(|step| {
            let fields: Vec<&str> = step.fields.iter().map(|path| path.as_str()).collect();
            (step.who.pseudonym.as_str(), step.who.day.to_string(), fields, step.published, step.mine)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Ben", "2026-11-24".to_owned(), vec!["email"], false, true),
            ("Ben", "2026-11-24".to_owned(), vec!["name"], false, true),
            ("Ana", "2026-11-23".to_owned(), vec!["name", "email"], true, false),
        ]
    );
    let text = answer.text();
    for device in [&ana, &ben] {
        assert!(!text.contains(&device.device.id.to_string()), "no device is named: {text}");
        assert!(!text.contains(&device.device.actor().to_string()), "no session is named: {text}");
    }
    assert_eq!(house.get(&format!("/api/guides/lyon/records/{place}/history")).status, 401);
}

#[test]
fn after_vandalism_an_earlier_state_is_restored_as_a_new_change() {
    let house = House::new();
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Editor, "Ben"));
    let before = [Edit::put("phones.a1.number", "04 72"), Edit::write("description.fr.text", "Repas chauds, café.")];
    let place = published_place(&house, &ana, "La Passerelle", &before);
    let good = fetched(&house, place).document.tree();
    sent(&house, &ben, place, &[Edit::put("name", "X"), Edit::remove("phones.a1"), Edit::write("description.fr.text", "")]);
    assert_eq!(seen(&house, place), Some(("X".to_owned(), String::new())));

    let steps = ask::<History>(&house, &ana, &format!("records/{place}/history")).steps;
    let then: State = ask(&house, &ana, &format!("records/{place}/history/{}", steps[1].feed_seq));
    assert_eq!(then.tree, good);
    let now = fetched(&house, place).document.tree();
    sent(&house, &ana, place, &edit::difference(then.kind, &now, &then.tree));
    assert_eq!(seen(&house, place), Some(("La Passerelle".to_owned(), "04 72".to_owned())));
    let after = ask::<History>(&house, &ana, &format!("records/{place}/history")).steps;
    assert_eq!((after.len(), &after[1..]), (3, &steps[..]), "history is added to, never rewritten");
    assert_eq!(answer(&house, &ana, &format!("records/{place}/history/9999")).status, 404);
}

/// The morning's work of a phone that is seized at noon.
#[test]
fn what_one_device_wrote_over_on_the_same_day_comes_back() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let place = published_place(&house, &ana, "La Passerelle", &[]);
    sent(&house, &ana, place, &[Edit::put("phones.a1.number", "04 72")]);
    let good = fetched(&house, place).document.tree();
    sent(&house, &ana, place, &[Edit::put("phones.a1.number", "666")]);
    let history: History = ask(&house, &ana, &format!("records/{place}/history"));
    assert_eq!((history.steps.len(), history.older), (3, false));
    let then: State = ask(&house, &ana, &format!("records/{place}/history/{}", history.steps[1].feed_seq));
    assert_eq!(then.tree, good);
}

#[test]
fn a_long_history_is_told_from_its_end_and_says_so() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (mut sheet, batch) = ana.place("0");
    assert_eq!(house.send(&batch).status, 200);
    let mut changes = Vec::new();
    for number in 1..=HISTORY_STEPS_MAX {
        let change = edit::apply(&mut sheet.document, &[Edit::put("name", number.to_string())], ana.device.actor());
        changes.push(change.expect("edits that fit").expect("something differs"));
    }
    let last = changes.split_off(HISTORY_STEPS_MAX - 1);
    let path = format!("records/{}/history", sheet.record);
    for (changes, older) in [(changes, false), (last, true)] {
        assert_eq!(house.send(&ana.seal(sheet.record, changes)).status, 200);
        let history: History = ask(&house, &ana, &path);
        assert_eq!((history.steps.len(), history.older), (HISTORY_STEPS_MAX, older));
        let fields: Vec<&str> = history.steps.iter().flat_map(|step| &step.fields).map(|path| path.as_str()).collect();
        assert_eq!(fields, vec!["name"; HISTORY_STEPS_MAX], "each tells what it changed, also the first that is told");
    }
}

#[test]
fn a_contributors_device_fills_no_queue() {
    let house = under_review();
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Contributor, "Ben"));
    let (of_ana, batch) = ana.place("La Passerelle");
    assert_eq!(house.send(&batch).status, 200);
    let cora = house.phone(Role::Contributor, "Cora");
    let (of_cora, batch) = cora.place("Le Refuge");
    assert_eq!(house.send(&batch).status, 200);

    let many = |count: usize| {
        let places = (0..count).flat_map(|number| {
            let record = RecordId(crate::house::draw());
            let (_, changes) =
                edit::create(Kind::Place, &[Edit::put("name", number.to_string())], ben.device.actor()).expect("fits");
            changes.into_iter().map(move |bytes| BatchChange { record, bytes })
        });
        ben.device.seal(places.collect()).expect("random bytes")
    };
    for count in [DEVICE_RECORDS_WAITING_MAX / 2, DEVICE_RECORDS_WAITING_MAX / 2 - 1] {
        let answer = house.send(&many(count));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(house.send(&many(2)).refusal(), (422, "full".to_owned()));
    sent(&house, &ben, of_ana.record, &[Edit::put("name", "Le Pont")]);
    assert_eq!(house.send(&many(1)).refusal(), (422, "full".to_owned()));
    sent(&house, &ben, of_ana.record, &[Edit::put("name", "Le Pont, encore")]);
    assert_eq!(house.send(&ana.place("Un autre").1).status, 200, "others are not held up");

    let queue: Queue = ask(&house, &ben, "review");
    assert_eq!(queue.waiting.len(), DEVICE_RECORDS_WAITING_MAX);
    assert!(queue.waiting.iter().all(|waits| waits.mine && waits.record != of_cora.record));
    assert_eq!(ask::<Queue>(&house, &ana, "review").waiting[0].record, of_cora.record, "the oldest first");
    assert_eq!(waiting(&house, &cora), [(of_cora.record, vec![Why::Contributor])]);
    let verdict = approving(&proposal(&house, &ana, of_ana.record));
    assert_eq!(decide(&house, &ana, of_ana.record, &verdict).0, 200);
    assert_eq!(house.send(&many(1)).status, 200, "what is decided makes room");
}

/// Each of these loads documents with all their changes: they wait for each other, and for nobody else.
#[test]
fn heavy_looks_wait_for_each_other() {
    let house = House::new();
    let sam = house.phone(Role::Steward, "Sam");
    let place = published_place(&house, &sam, "La Passerelle", &[]);
    let places = house.state.looking_places.clone();
    let all = u32::try_from(places.available_permits()).expect("few");
    for path in ["review", &format!("records/{place}/history"), "undo?since=2026-11-01"] {
        let asked = |path: &str| {
            let request =
                Request::get(format!("/api/guides/lyon/{path}")).header("authorization", format!("Bearer {}", sam.token));
            house.asking(request.body(Body::empty()).expect("a request"))
        };
        house.runtime.block_on(async {
            let held = places.acquire_many(all).await.expect("open");
            let mut heavy = Box::pin(asked(path));
            let light = async {
                for _ in 0..20 {
                    assert_eq!(asked("feed").await.status, 200);
                }
            };
            let first = futures::future::select(&mut heavy, Box::pin(light)).await;
            assert!(matches!(first, futures::future::Either::Right(_)), "{path}");
            drop(held);
            assert_eq!(heavy.await.status, 200, "{path}");
        });
    }
}

#[test]
fn undoing_a_device_leaves_what_others_wrote_since() {
    let house = House::new();
    let (ana, mal, sam) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Editor, "Mal"), house.phone(Role::Steward, "Sam"));
    let [one, two] = ["Un", "Deux"].map(|name| published_place(&house, &ana, name, &[Edit::put("phones.a1.number", "04")]));
    sent(&house, &mal, one, &[Edit::put("email", "honest@example.org")]);
    house.pass_hours(24);
    sent(
        &house,
        &mal,
        one,
        &[Edit::put("name", "Vandale"), Edit::put("phones.b2.number", "666"), Edit::put("email", "x@example.org")],
    );
    sent(&house, &mal, two, &[Edit::remove("phones.a1"), Edit::put("url", "https://bad.example")]);
    let (fake, batch) = mal.place("Un piège");
    house.send(&batch);
    sent(&house, &ana, one, &[Edit::put("name", "Un, réparé")]);

    assert_eq!(answer(&house, &ana, "undo?since=2026-11-24").refusal(), (403, "not_allowed".to_owned()));
    let writers: Vec<Writer> = ask(&house, &sam, "undo?since=2026-11-24");
    let of_mal = writers.iter().find(|writer| writer.device == mal.device.id).expect("it wrote");
    assert_eq!((of_mal.who.pseudonym.as_str(), of_mal.records), ("Mal", 3));
    let path = |device: DeviceId| format!("undo/{device}?since=2026-11-24");
    assert_eq!(answer(&house, &ana, &path(mal.device.id)).status, 403);

    let plan: Vec<Undo> = ask(&house, &sam, &path(mal.device.id));
    assert_eq!(plan.len(), 3);
    for undo in &plan {
        assert_eq!(undo.tree, fetched(&house, undo.record).document.tree());
        sent(&house, &sam, undo.record, &undo.edits);
    }
    let of_one = plan.iter().find(|undo| undo.record == one).expect("planned");
    assert_eq!(of_one.left.iter().map(|path| path.as_str()).collect::<Vec<_>>(), ["name"]);
    let tree = fetched(&house, one).document.tree();
    assert_eq!((&tree["name"], &tree["email"]), (&"Un, réparé".into(), &"honest@example.org".into()));
    assert!(tree["phones"].get("b2").is_none() && tree["phones"]["a1"]["number"] == "04");
    let tree = fetched(&house, two).document.tree();
    assert!(tree.get("url").is_none() && tree["phones"]["a1"]["number"] == "04");
    assert_eq!(name(&house, fake.record), None);
    assert_eq!(name(&house, two).as_deref(), Some("Deux"));

    let again: Vec<Undo> = ask(&house, &sam, &path(mal.device.id));
    assert!(again.iter().all(|undo| undo.edits.is_empty()), "undone once, there is nothing more to undo");
}
