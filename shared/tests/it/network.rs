//! Members edit apart and end with the same guide: stories of alice and bob. `stories.rs` has random ones.

use shared::edit::Edit;
use shared::gate::{Refusal, Role};
use shared::ids::{Day, RecordId};
use shared::link::{Answer, Ask, Draft, RecordView, Stage, Trouble};
use shared::replica::{Shelf, Table, Write};
use shared::schema::Kind;
use shared::testing::{Device, Member, Network, Weather, run, run_steps};
use std::slice::from_ref;

fn place(tab: &Member, name: &str) -> Result<RecordId, Trouble> {
    run(tab.create(Kind::Place, &[Edit::put("name", name)]))
}

fn text(view: &RecordView, path: &str) -> String {
    shared::schema::Path::new(path).find(&view.tree).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

fn drafts(tab: &Member) -> Result<Vec<Draft>, Trouble> {
    Ok(run(tab.outbox())?.drafts)
}

/// The guide is also kept for reading.
fn keep_edition(device: &Device) -> Result<(), Trouble> {
    run(async {
        let version = device.shelf.version().await?;
        device.shelf.commit(version, vec![Write::put(Table::Editions, "fr", "Clinic")]).await?;
        Ok(())
    })
}

fn set_offline(device: &Device, offline: bool) {
    *device.weather.borrow_mut() = Weather { offline, ..Weather::default() };
}

#[test]
fn an_edit_made_offline_arrives() -> Result<(), Trouble> {
    let mut network = Network::new(1);
    let (alice, alice_tab) = network.member("alice", "editor")?;
    let (_, bob_tab) = network.member("bob", "editor")?;

    set_offline(&alice, true);
    let clinic = place(&alice_tab, "Clinic")?;
    let state = run(alice_tab.exchange())?;
    assert_eq!((state.unsent, state.reached), (1, Some(false)));
    assert_eq!(run(alice_tab.read(clinic))?.stage, Stage::Waiting);

    // The phone is restarted: what was saved is there.
    let alice_tab = alice.tab();
    assert_eq!(text(&run(alice_tab.read(clinic))?, "name"), "Clinic");

    set_offline(&alice, false);
    let state = run(alice_tab.exchange())?;
    assert_eq!((state.unsent, state.reached), (0, Some(true)));
    run(bob_tab.exchange())?;
    let view = run(bob_tab.read(clinic))?;
    assert_eq!((text(&view, "name").as_str(), view.stage), ("Clinic", Stage::Shared));
    Ok(())
}

/// A relay that says 429 has not refused anything: the work stays in the outbox and goes later.
#[test]
fn a_busy_relay_is_asked_again() -> Result<(), Trouble> {
    let mut network = Network::new(3);
    let (alice, alice_tab) = network.member("alice", "editor")?;
    alice.weather.borrow_mut().busy = true;
    let clinic = place(&alice_tab, "Clinic")?;
    assert_eq!(run(alice_tab.exchange())?.unsent, 1);
    assert_eq!((run(alice_tab.read(clinic))?.stage, drafts(&alice_tab)?.len()), (Stage::Waiting, 0));

    alice.weather.borrow_mut().busy = false;
    assert_eq!(run(alice_tab.exchange())?.unsent, 0);
    assert_eq!((run(alice_tab.read(clinic))?.stage, drafts(&alice_tab)?.len()), (Stage::Shared, 0));
    Ok(())
}

#[test]
fn two_values_are_shown_with_their_authors_and_settled() -> Result<(), Trouble> {
    let mut network = Network::new(2);
    let (alice, alice_tab) = network.member("alice", "editor")?;
    let (bob, bob_tab) = network.member("bob", "editor")?;
    let clinic = place(&alice_tab, "Clinic")?;
    network.settle(&[alice.clone(), bob.clone()])?;

    set_offline(&bob, true);
    run(alice_tab.save(clinic, &[Edit::put("address.city", "Paris")]))?;
    run(bob_tab.save(clinic, &[Edit::put("address.city", "Lyon")]))?;
    network.settle(&[alice.clone(), bob.clone()])?;

    let conflict = run(alice_tab.read(clinic))?.conflicts.remove(0);
    let of_alice = conflict.authors.iter().position(|author| author.mine).expect("one of the two is hers");
    assert_eq!(conflict.conflict.candidates[of_alice].value, "Paris");
    let other = &conflict.authors[1 - of_alice];
    assert_eq!((other.pseudonym.as_deref(), other.day), (Some("bob"), Some(Day(20_000))));
    assert_eq!(run(alice_tab.state())?.conflicts, 1);

    run(alice_tab.save(clinic, &[Edit::put("address.city", "Lyon")]))?;
    network.settle(&[alice.clone(), bob.clone()])?;
    assert_eq!(run(bob_tab.read(clinic))?.conflicts, Vec::new());
    assert_eq!(text(&run(bob_tab.read(clinic))?, "address.city"), "Lyon");
    Ok(())
}

#[test]
fn a_refused_edit_becomes_a_draft_and_what_was_built_on_it_stands() -> Result<(), Trouble> {
    let mut network = Network::new(3);
    let (alice, tab) = network.member("alice", "editor")?;
    let clinic = place(&tab, "Clinic")?;
    run(tab.exchange())?;

    run(tab.save(clinic, &[Edit::put("address.city", "Paris")]))?;
    network.relay.borrow_mut().refuses = 255;
    // The next edit builds on the first, and is sent once the relay takes batches again.
    run(tab.save(clinic, &[Edit::put("email", "clinic@example.org")]))?;
    let refused_one = run_steps(tab.exchange(), 60);
    assert!(refused_one.is_none(), "the worker ends after the first refusal");
    network.relay.borrow_mut().refuses = 0;
    let tab = alice.tab();
    run(tab.exchange())?;

    let drafts = drafts(&tab)?;
    assert!(!drafts.is_empty() && drafts.iter().all(|draft| draft.refusal == Refusal::TooLarge && draft.title == "Clinic"));
    assert_eq!(network.settle(from_ref(&alice))?[0].unsent, 0);
    assert_eq!(network.difference(&alice), None);

    for draft in drafts {
        run(tab.answer(Ask::Retry { draft: draft.batch }))?;
    }
    let state = &network.settle(from_ref(&alice))?[0];
    assert_eq!((state.unsent, state.refused), (0, 0));
    let view = run(tab.read(clinic))?;
    assert_eq!((text(&view, "address.city").as_str(), text(&view, "email").as_str()), ("Paris", "clinic@example.org"));
    assert_eq!(network.difference(&alice), None);
    Ok(())
}

#[test]
fn a_refused_new_record_is_made_again_by_retrying() -> Result<(), Trouble> {
    let mut network = Network::new(4);
    let (alice, tab) = network.member("alice", "editor")?;
    network.relay.borrow_mut().refuses = 255;
    let clinic = place(&tab, "Clinic")?;
    run(tab.save(clinic, &[Edit::put("email", "a@example.org")]))?;
    run(tab.exchange())?;
    let refused = drafts(&tab)?;
    assert_eq!(refused.len(), 2, "the new record and what was built on it");
    assert_eq!(run(tab.read(clinic)), Err(Trouble::NotFound));

    network.relay.borrow_mut().refuses = 0;
    for draft in refused {
        run(tab.retry(draft.batch))?;
    }
    run(tab.exchange())?;
    let view = run(tab.read(clinic))?;
    assert_eq!((text(&view, "name").as_str(), text(&view, "email").as_str()), ("Clinic", "a@example.org"));
    assert_eq!(network.difference(&alice), None);
    Ok(())
}

#[test]
fn a_contributor_may_not_change_the_settings() -> Result<(), Trouble> {
    let mut network = Network::new(5);
    let (_, tab) = network.member("bob", "contributor")?;
    run(tab.create(Kind::Guide, &[Edit::put("name", "My guide")]))?;
    run(tab.exchange())?;
    assert_eq!(drafts(&tab)?[0].refusal, Refusal::NotAllowed);
    Ok(())
}

#[test]
fn a_relay_restored_from_a_backup_gets_everything_again() -> Result<(), Trouble> {
    let mut network = Network::new(6);
    let (alice, alice_tab) = network.member("alice", "editor")?;
    let (bob, bob_tab) = network.member("bob", "editor")?;
    let backup = network.relay.borrow().clone();
    let clinic = place(&alice_tab, "Clinic")?;
    run(alice_tab.exchange())?;
    run(bob_tab.exchange())?;
    run(bob_tab.save(clinic, &[Edit::put("email", "b@example.org")]))?;
    run(bob_tab.exchange())?;

    network.relay.borrow_mut().restore(backup, "epoch 2".to_owned());
    // Bob comes first: what he built on is not there yet, and he keeps what he has.
    let state = run(bob_tab.exchange())?;
    assert_eq!(state.unsent, 1);
    assert_eq!(run(bob_tab.outbox())?.waiting[0].record, clinic);
    network.settle(&[alice.clone(), bob.clone()])?;
    assert_eq!(text(&run(alice_tab.read(clinic))?, "email"), "b@example.org");
    assert_eq!((network.difference(&alice), network.difference(&bob)), (None, None));
    Ok(())
}

#[test]
fn work_whose_ground_never_comes_back_is_done_on_what_there_is() -> Result<(), Trouble> {
    let mut network = Network::new(7);
    let (_alice, alice_tab) = network.member("alice", "editor")?;
    let (bob, bob_tab) = network.member("bob", "editor")?;
    let clinic = place(&alice_tab, "Clinic")?;
    run(alice_tab.exchange())?;
    let backup = network.relay.borrow().clone();
    run(alice_tab.save(clinic, &[Edit::put("status", "inactive")]))?;
    run(alice_tab.exchange())?;
    run(bob_tab.exchange())?;
    run(bob_tab.save(clinic, &[Edit::put("email", "b@example.org")]))?;
    run(bob_tab.exchange())?;

    network.relay.borrow_mut().restore(backup, "epoch 2".to_owned());
    assert_eq!(run(bob_tab.exchange())?.unsent, 1);
    // Meanwhile he sees his words, and may go on.
    assert_eq!(text(&run(bob_tab.read(clinic))?, "email"), "b@example.org");
    run(bob_tab.save(clinic, &[Edit::put("url", "https://example.org")]))?;
    network.today.set(Day(20_008));
    let state = network.settle(from_ref(&bob))?.remove(0);
    assert_eq!((state.unsent, state.refused), (0, 0));
    let view = run(bob_tab.read(clinic))?;
    assert_eq!((text(&view, "email").as_str(), text(&view, "status").as_str()), ("b@example.org", ""));
    assert_eq!(text(&view, "url"), "https://example.org");
    assert_eq!(network.difference(&bob), None);
    Ok(())
}

#[test]
fn acknowledged_batches_are_let_go_after_thirty_days() -> Result<(), Trouble> {
    let mut network = Network::new(8);
    let (alice, tab) = network.member("alice", "editor")?;
    place(&tab, "Clinic")?;
    run(tab.exchange())?;
    network.today.set(Day(20_030));
    run(tab.exchange())?;
    assert_eq!(alice.shelf.count(Table::Acknowledged), 1);
    network.today.set(Day(20_031));
    run(tab.exchange())?;
    assert_eq!(alice.shelf.count(Table::Acknowledged), 0);
    Ok(())
}

#[test]
fn a_revoked_device_keeps_its_work_as_drafts() -> Result<(), Trouble> {
    let mut network = Network::new(9);
    let (_, tab) = network.member("alice", "editor")?;
    let clinic = place(&tab, "Clinic")?;
    let membership = run(tab.state())?.membership.expect("she has joined");
    network.relay.borrow_mut().revoke(membership.device);
    let state = run(tab.exchange())?;
    assert!(state.membership.expect("she remains known").revoked);
    assert_eq!((state.unsent, state.refused), (0, 1));
    assert_eq!(drafts(&tab)?[0].refusal, Refusal::Revoked);
    assert!(matches!(run(tab.save(clinic, &[Edit::put("name", "x")])), Err(Trouble::NotFound | Trouble::Denied { .. })));
    Ok(())
}

/// A copy of a batch may arrive when its device has made a draft of it and was invited again: what is
/// written since must not look like the same session's.
#[test]
fn a_device_that_is_invited_again_writes_as_another_session() -> Result<(), Trouble> {
    let mut network = Network::new(14);
    let (alice, tab) = network.member("alice", "editor")?;
    let clinic = place(&tab, "Clinic")?;
    run(tab.exchange())?;
    let device = run(tab.state())?.membership.expect("she has joined").device;

    network.relay.borrow_mut().revoke(device);
    run(tab.save(clinic, &[Edit::put("email", "a@example.org")]))?;
    alice.weather.borrow_mut().delays = 1.0;
    run(tab.exchange())?;
    alice.weather.borrow_mut().delays = 0.0;
    assert_eq!(drafts(&tab)?[0].refusal, Refusal::Revoked);

    run(tab.join("editor".to_owned(), "alice".to_owned()))?;
    network.deliver_late();
    run(tab.save(clinic, &[Edit::put("url", "https://example.org")]))?;
    network.settle(from_ref(&alice))?;
    assert_eq!(drafts(&tab)?.len(), 1, "nothing more was refused");
    let view = run(tab.read(clinic))?;
    assert_eq!((text(&view, "email").as_str(), text(&view, "url").as_str()), ("a@example.org", "https://example.org"));
    assert_eq!(network.difference(&alice), None);
    Ok(())
}

#[test]
fn who_was_revoked_while_sending_again_does_so_when_invited_again() -> Result<(), Trouble> {
    let mut network = Network::new(15);
    let (alice, tab) = network.member("alice", "editor")?;
    let (bob, bob_tab) = network.member("bob", "editor")?;
    let backup = network.relay.borrow().clone();
    let clinic = place(&tab, "Clinic")?;
    run(tab.save(clinic, &[Edit::put("email", "a@example.org")]))?;
    network.settle(&[alice.clone(), bob.clone()])?;
    run(bob_tab.save(clinic, &[Edit::put("url", "https://example.org")]))?;
    run(bob_tab.exchange())?;
    run(tab.exchange())?;
    run(tab.save(clinic, &[Edit::put("status", "inactive")]))?;
    run(tab.exchange())?;

    // What she wrote last builds on what bob has not sent again yet, and waits.
    network.relay.borrow_mut().restore(backup, "epoch 2".to_owned());
    assert_eq!(run(tab.exchange())?.unsent, 1);
    let device = run(tab.state())?.membership.expect("she has joined").device;
    network.relay.borrow_mut().revoke(device);
    assert_eq!(run(tab.exchange())?.unsent, 0);
    run(bob_tab.exchange())?;
    run(tab.join("editor".to_owned(), "alice".to_owned()))?;
    network.settle(&[alice.clone(), bob.clone()])?;
    assert_eq!(text(&run(bob_tab.read(clinic))?, "status"), "inactive");
    assert_eq!((network.difference(&alice), network.difference(&bob)), (None, None));
    Ok(())
}

#[test]
fn a_purged_record_leaves_every_phone_and_does_not_come_back() -> Result<(), Trouble> {
    let mut network = Network::new(10);
    let (alice, alice_tab) = network.member("alice", "editor")?;
    let (bob, bob_tab) = network.member("bob", "editor")?;
    let clinic = place(&alice_tab, "Clinic")?;
    place(&alice_tab, "Kitchen")?;
    network.settle(&[alice.clone(), bob.clone()])?;
    run(bob_tab.save(clinic, &[Edit::put("name", "Other")]))?;
    keep_edition(&alice)?;
    keep_edition(&bob)?;
    network.relay.borrow_mut().purge(clinic);
    network.settle(&[alice.clone(), bob.clone()])?;
    assert_eq!(run(alice_tab.read(clinic)), Err(Trouble::NotFound));
    assert_eq!(run(bob_tab.read(clinic)), Err(Trouble::NotFound));
    for table in [Table::Outbox, Table::Drafts, Table::Editions] {
        assert_eq!((alice.shelf.count(table), bob.shelf.count(table)), (0, 0), "{table:?} keeps nothing of it");
    }
    assert_eq!((network.difference(&alice), network.difference(&bob)), (None, None));
    assert_eq!(alice.shelf.count(Table::Acknowledged), 1, "her batch of the purged record is gone");

    let carol = network.device("carol");
    keep_edition(&carol)?;
    run(carol.tab().join("editor".to_owned(), "carol".to_owned()))?;
    network.settle(&[alice, bob, carol.clone()])?;
    assert_eq!(carol.shelf.count(Table::Editions), 1, "what was purged before she joined is no news of her copy");
    Ok(())
}

#[test]
fn a_device_learns_its_new_role_at_the_next_contact() -> Result<(), Trouble> {
    let mut network = Network::new(10);
    let (alice, tab) = network.member("alice", "editor")?;
    let device = run(tab.state())?.membership.expect("she joined").device;
    network.relay.borrow_mut().change_role(device, Role::Steward);
    network.settle(from_ref(&alice))?;
    assert_eq!(run(tab.state())?.membership.map(|member| member.role), Some(Role::Steward));
    Ok(())
}

#[test]
fn full_storage_saves_nothing_and_loses_nothing() -> Result<(), Trouble> {
    let mut network = Network::new(11);
    let (alice, tab) = network.member("alice", "editor")?;
    let clinic = place(&tab, "Clinic")?;
    alice.shelf.set_full(true);
    assert_eq!(run(tab.save(clinic, &[Edit::put("name", "Other")])), Err(Trouble::Full));
    assert_eq!(text(&run(tab.read(clinic))?, "name"), "Clinic");
    alice.shelf.set_full(false);
    run(tab.save(clinic, &[Edit::put("name", "Other")]))?;
    network.settle(from_ref(&alice))?;
    assert_eq!(network.difference(&alice), None);
    Ok(())
}

#[test]
fn leaving_asks_about_unsent_work_and_removes_everything() -> Result<(), Trouble> {
    let mut network = Network::new(12);
    let (alice, tab) = network.member("alice", "editor")?;
    place(&tab, "Clinic")?;
    assert_eq!(run(tab.leave(false)), Err(Trouble::Unsent { unsent: 1 }));
    run(tab.leave(true))?;
    assert!(Table::ALL.iter().all(|table| alice.shelf.count(*table) == 0));
    assert_eq!(run(tab.state())?.membership, None);
    Ok(())
}

#[test]
fn lists_name_records_and_say_how_far_they_are() -> Result<(), Trouble> {
    let mut network = Network::new(13);
    let (_, tab) = network.member("alice", "editor")?;
    place(&tab, "Café Été")?;
    let Answer::Records { records } = run(tab.answer(Ask::List))? else { panic!("a list was asked for") };
    assert_eq!((records[0].title.as_str(), records[0].stage), ("Café Été", Stage::Waiting));
    assert_eq!(records[0].words, "cafe ete");
    Ok(())
}

#[test]
fn no_key_of_a_row_says_which_record_was_changed() -> Result<(), Trouble> {
    let mut network = Network::new(14);
    let (alice, tab) = network.member("alice", "editor")?;
    let clinic = place(&tab, "Clinic")?;
    let _bystander = place(&tab, "Kitchen")?;
    network.settle(from_ref(&alice))?;
    run(tab.save(clinic, &[Edit::put("name", "Other")]))?;
    let batches = [Table::Outbox, Table::Acknowledged, Table::Drafts];
    let keys: Vec<String> = batches.iter().flat_map(|table| run(alice.shelf.keys(*table)).unwrap_or_default()).collect();
    assert_eq!(keys, ["000000000003", "000000000001", "000000000002"], "what waits, and what was shared before");

    // As rows were named once: what waits is found, shown and sent all the same.
    let own = alice.shelf.row(Table::Own, "own").map(|row| String::from_utf8_lossy(&row).replace("\"listed\":2", "\"listed\":1"));
    let mut writes = vec![Write::put(Table::Own, "own", own.unwrap_or_default())];
    for table in batches {
        for (key, row) in run(alice.shelf.all(table))? {
            writes.extend([Write::delete(table, key.as_str()), Write::put(table, format!("{key}-{clinic}"), row)]);
        }
    }
    run(alice.shelf.commit(run(alice.shelf.version())?, writes))?;
    let again = alice.tab();
    assert_eq!(run(again.open())?.unsent, 1);
    assert_eq!(text(&run(again.read(clinic))?, "name"), "Other");
    assert_eq!(run(alice.shelf.keys(Table::Outbox))?, ["000000000003"]);
    network.settle(from_ref(&alice))?;
    assert_eq!(network.difference(&alice), None);
    assert_eq!(alice.shelf.count(Table::Acknowledged), 3);
    Ok(())
}
