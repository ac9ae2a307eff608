//! Members edit apart and end with the same guide: stories of alice and bob, and random ones.
//!
//! `SOCLE_CASES` and `SOCLE_SEED` choose how many random stories are told and where they begin;
//! a story that fails names its own seed.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use shared::edit::Edit;
use shared::gate::Refusal;
use shared::ids::{Day, RecordId};
use shared::link::{Answer, Ask, Draft, RecordView, Stage, Trouble};
use shared::replica::Table;
use shared::schema::Kind;
use shared::testing::{Device, Member, Network, Weather, random_edits, run, run_both, run_steps};
use std::collections::BTreeSet;
use std::slice::from_ref;

const CASES: u64 = 256;
const SEED: u64 = 20_261_123;

fn place(tab: &Member, name: &str) -> Result<RecordId, Trouble> {
    run(tab.create(Kind::Place, &[Edit::put("name", name)]))
}

fn text(view: &RecordView, path: &str) -> String {
    shared::schema::Path::new(path).find(&view.tree).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

fn drafts(tab: &Member) -> Result<Vec<Draft>, Trouble> {
    Ok(run(tab.outbox())?.drafts)
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

#[test]
fn a_purged_record_leaves_every_phone_and_does_not_come_back() -> Result<(), Trouble> {
    let mut network = Network::new(10);
    let (alice, alice_tab) = network.member("alice", "editor")?;
    let (bob, bob_tab) = network.member("bob", "editor")?;
    let clinic = place(&alice_tab, "Clinic")?;
    place(&alice_tab, "Kitchen")?;
    network.settle(&[alice.clone(), bob.clone()])?;
    run(bob_tab.save(clinic, &[Edit::put("name", "Other")]))?;
    network.relay.borrow_mut().purge(clinic);
    network.settle(&[alice.clone(), bob.clone()])?;
    assert_eq!(run(alice_tab.read(clinic)), Err(Trouble::NotFound));
    assert_eq!(drafts(&bob_tab)?[0].refusal, Refusal::Purged);
    assert_eq!((network.difference(&alice), network.difference(&bob)), (None, None));
    assert_eq!(alice.shelf.count(Table::Acknowledged), 1, "her batch of the purged record is gone");
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

/// One random story: what happened is in its seed alone.
struct Story {
    network: Network,
    rng: SmallRng,
    devices: Vec<Device>,
    tabs: Vec<[Member; 2]>,
    records: Vec<RecordId>,
    /// What was answered as saved: the device, and a mark that its edits left.
    saved: Vec<(usize, String)>,
    restores: u32,
    backup: Option<shared::testing::MemoryRelay>,
}

impl Story {
    fn begin(seed: u64) -> Result<Story, Trouble> {
        let mut network = Network::new(seed);
        let mut rng = SmallRng::seed_from_u64(seed ^ 0x5eed);
        let count = rng.random_range(2..=5);
        let mut devices = Vec::new();
        for index in 0..count {
            devices.push(network.member(&format!("device {index}"), "editor")?.0);
        }
        let tabs: Vec<[Member; 2]> = devices.iter().map(|device| [device.tab(), device.tab()]).collect();
        let shared = place(&tabs[0][0], "Shared from the start")?;
        network.settle(&devices)?;
        if rng.random_bool(0.3) {
            network.relay.borrow_mut().refuses = 40;
        }
        for device in &devices {
            *device.weather.borrow_mut() = Weather::bad();
        }
        Ok(Story { network, rng, devices, tabs, records: vec![shared], saved: Vec::new(), restores: 0, backup: None })
    }

    fn step(&mut self) -> Result<(), Trouble> {
        let who = self.rng.random_range(0..self.devices.len());
        match self.rng.random_range(0..20) {
            0..9 => self.edit(who),
            9 => self.edit_in_both_tabs(who),
            10..15 => self.exchange(who),
            15 => self.crash(who),
            16 => self.toggle_network(who),
            17 => self.new_record(who),
            18 => self.back_up(),
            _ => self.restore(),
        }
    }

    /// Random edits and a mark: a key of its own that nobody else touches.
    fn edits(&mut self, who: usize) -> Option<(RecordId, Vec<Edit>, String)> {
        let at = self.rng.random_range(0..self.records.len());
        let view = run(self.tabs[who][0].read(self.records[at])).ok()?;
        let mark = format!("m{}", self.rng.random::<u64>());
        let mut edits = random_edits(&mut self.rng, &view);
        edits.push(Edit::put(format!("external_identifiers.{mark}"), "x"));
        Some((self.records[at], edits, mark))
    }

    fn edit(&mut self, who: usize) -> Result<(), Trouble> {
        let Some((record, edits, mark)) = self.edits(who) else { return Ok(()) };
        let tab = self.rng.random_range(0..2);
        self.note(who, mark, run(self.tabs[who][tab].save(record, &edits)))
    }

    /// Saving in one tab while the other saves or exchanges.
    fn edit_in_both_tabs(&mut self, who: usize) -> Result<(), Trouble> {
        let (Some((record, edits, mark)), Some((other_record, other_edits, other_mark))) = (self.edits(who), self.edits(who))
        else {
            return Ok(());
        };
        let [one, other] = &self.tabs[who];
        if self.rng.random_bool(0.5) {
            let (first, second) = run_both(&mut self.rng, one.save(record, &edits), other.save(other_record, &other_edits));
            self.note(who, mark, first)?;
            return self.note(who, other_mark, second);
        }
        let (first, second) = run_both(&mut self.rng, one.save(record, &edits), other.exchange());
        second?;
        self.note(who, mark, first)
    }

    /// A record may vanish between reading and saving when its creation is refused.
    fn note(&mut self, who: usize, mark: String, saved: Result<RecordId, Trouble>) -> Result<(), Trouble> {
        match saved {
            Ok(_) => self.saved.push((who, mark)),
            Err(Trouble::NotFound) => {}
            Err(trouble) => return Err(trouble),
        }
        Ok(())
    }

    fn exchange(&mut self, who: usize) -> Result<(), Trouble> {
        let [one, other] = &self.tabs[who];
        if self.rng.random_bool(0.2) {
            let (first, second) = run_both(&mut self.rng, one.exchange(), other.exchange());
            return first.and(second).map(drop);
        }
        run(one.exchange()).map(drop)
    }

    /// The worker ends between two steps; the tab is opened anew.
    fn crash(&mut self, who: usize) -> Result<(), Trouble> {
        let steps = self.rng.random_range(1..120);
        let edits = self.edits(who);
        let tab = &self.tabs[who][0];
        let outcome = match edits.filter(|_| self.rng.random_bool(0.4)) {
            Some((record, edits, mark)) => match run_steps(tab.save(record, &edits), steps) {
                Some(saved) => self.note(who, mark, saved),
                None => Ok(()),
            },
            None => run_steps(tab.exchange(), steps).transpose().map(drop),
        };
        self.tabs[who][0] = self.devices[who].tab();
        run(self.tabs[who][0].open())?;
        outcome
    }

    fn toggle_network(&mut self, who: usize) -> Result<(), Trouble> {
        let mut weather = self.devices[who].weather.borrow_mut();
        weather.offline = !weather.offline;
        Ok(())
    }

    fn new_record(&mut self, who: usize) -> Result<(), Trouble> {
        let mark = format!("m{}", self.rng.random::<u64>());
        let edits = [Edit::put("name", "New"), Edit::put(format!("external_identifiers.{mark}"), "x")];
        let made = run(self.tabs[who][1].create(Kind::Place, &edits))?;
        self.records.push(made);
        self.note(who, mark, Ok(made))
    }

    fn back_up(&mut self) -> Result<(), Trouble> {
        self.backup = Some(self.network.relay.borrow().clone());
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Trouble> {
        if let Some(backup) = self.backup.take() {
            self.restores += 1;
            self.network.relay.borrow_mut().restore(backup, format!("epoch {}", self.restores + 1));
        }
        Ok(())
    }

    /// Everything that was answered as saved is with the relay or a draft of its device.
    fn lost(&self) -> Result<Option<String>, Trouble> {
        let relay = self.network.relay.borrow();
        let mut kept: BTreeSet<String> = BTreeSet::new();
        for document in relay.documents.values() {
            let tree = document.tree();
            kept.extend(tree["external_identifiers"].as_object().into_iter().flat_map(|map| map.keys().cloned()));
        }
        for device in &self.devices {
            for draft in drafts(&device.tab())? {
                kept.extend(draft.edits.iter().filter_map(|edit| edit.path().segments().nth(1)));
            }
        }
        let lost = self.saved.iter().find(|(_, mark)| !kept.contains(mark));
        Ok(lost.map(|(who, mark)| format!("{} saved {mark}, which is nowhere", self.devices[*who].name)))
    }

    fn end(&mut self) -> Result<Option<String>, Trouble> {
        let refuses = self.network.relay.borrow().refuses > 0;
        for (device, state) in self.devices.iter().zip(self.network.settle(&self.devices)?) {
            if state.unsent > 0 || (state.refused > 0 && !refuses) {
                return Ok(Some(format!("{} ends with {} unsent, {} refused", device.name, state.unsent, state.refused)));
            }
        }
        let difference = self.devices.iter().find_map(|device| self.network.difference(device));
        Ok(difference.or(self.lost()?))
    }
}

fn tell(seed: u64) -> Result<(), String> {
    let fault = |trouble: Trouble| format!("seed {seed}: {trouble:?}");
    let mut story = Story::begin(seed).map_err(fault)?;
    for _ in 0..story.rng.random_range(10..40) {
        story.step().map_err(fault)?;
    }
    match story.end().map_err(fault)? {
        None => Ok(()),
        Some(wrong) => Err(format!("seed {seed}, {} restores: {wrong}", story.restores)),
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn all_end_equal_and_nothing_is_lost() {
    let (cases, seed) = (number("SOCLE_CASES", CASES), number("SOCLE_SEED", SEED));
    println!("{cases} stories from SOCLE_SEED={seed}");
    let threads = std::thread::available_parallelism().map_or(2, |count| count.get()) as u64;
    let failures: Vec<String> = std::thread::scope(|scope| {
        let tell_some = |first: u64| {
            move || (first..cases).step_by(threads as usize).filter_map(move |at| tell(seed + at).err()).collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..threads).map(|first| scope.spawn(tell_some(first))).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a story panicked; its message stands above")).collect()
    });
    assert!(
        failures.is_empty(),
        "{} of {cases} stories failed (tell one with SOCLE_SEED=… SOCLE_CASES=1):\n{}",
        failures.len(),
        failures.join("\n")
    );
}
