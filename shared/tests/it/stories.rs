//! Random stories of two to five devices: contributors, editors and stewards who edit apart, over lines
//! that lose, repeat and delay, with two tabs, crashes, restored relays, roles that change, work that
//! waits and is let through or sent back, devices that are revoked and records that are purged.
//!
//! `SOCLE_CASES` and `SOCLE_SEED` choose how many are told and where they begin; one that fails names
//! its own seed. What must hold of all of them is in `stories/truth.rs`.

mod truth;

use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use shared::edit::Edit;
use shared::gate::Role;
use shared::ids::{Day, DeviceId, RecordId};
use shared::link::{State, Trouble};
use shared::review::{NotDecided, Verdict, taking_back};
use shared::schema::Kind;
use shared::testing::{Device, Member, MemoryRelay, Network, Proposed, Weather, random_edits, run, run_both, run_steps};
use std::cell::{Ref, RefMut};
use std::collections::{BTreeMap, BTreeSet};
use truth::marks;

const CASES: u64 = 256;
const SEED: u64 = 20_261_123;

const ROLES: [Role; 3] = [Role::Contributor, Role::Editor, Role::Steward];

/// Longer than a batch waits for ground that nobody sends again.
const LATER: Day = Day(20_008);

/// What was answered as saved. A mark is a key of its own among the edits, which nobody else touches.
struct Saved {
    who: usize,
    record: RecordId,
    mark: String,
}

/// One random story: what happened is in its seed alone.
struct Story {
    network: Network,
    rng: SmallRng,
    devices: Vec<Device>,
    ids: Vec<DeviceId>,
    tabs: Vec<[Member; 2]>,
    records: Vec<RecordId>,
    saved: Vec<Saved>,
    restores: u32,
    backup: Option<MemoryRelay>,
    /// What reviewers looked at and did not decide yet.
    looked: Vec<(usize, Proposed)>,
    /// Marks that a reviewer took out of a record to send it back.
    taken_back: BTreeSet<String>,
    purged: BTreeSet<RecordId>,
    /// Purged as well, and perhaps brought back by a backup from before.
    ever_purged: BTreeSet<RecordId>,
    /// Who is revoked, and the log's last number at that moment.
    revoked: BTreeMap<usize, u64>,
    ever_revoked: BTreeSet<usize>,
    roles_changed: bool,
}

/// What a step or the end found wrong.
type Wrong = Option<String>;

impl Story {
    /// The first device stays a steward's, as every guide keeps one.
    fn begin(seed: u64) -> Result<Story, Trouble> {
        let mut network = Network::new(seed);
        let mut rng = SmallRng::seed_from_u64(seed ^ 0x5eed);
        let (mut devices, mut ids) = (Vec::new(), Vec::new());
        for index in 0..rng.random_range(2..=5) {
            let role = if index == 0 { Role::Steward } else { any_role(&mut rng) };
            let (device, tab) = network.member(&format!("device {index}"), role.code())?;
            ids.push(run(tab.state())?.membership.ok_or(Trouble::NotJoined)?.device);
            devices.push(device);
        }
        let tabs: Vec<[Member; 2]> = devices.iter().map(|device| [device.tab(), device.tab()]).collect();
        let mut settings = vec![Edit::put("name", "Guide"), Edit::put("source_language", "fr"), Edit::put("languages.fr", true)];
        settings.extend(any_rules(&mut rng));
        run(tabs[0][0].create(Kind::Guide, &settings))?;
        let shared = run(tabs[0][0].create(Kind::Place, &[Edit::put("name", "Shared from the start")]))?;
        network.settle(&devices)?;
        network.relay.borrow_mut().publish();
        if rng.random_bool(0.2) {
            network.relay.borrow_mut().refuses = 40;
        }
        for device in &devices {
            *device.weather.borrow_mut() = Weather::bad();
        }
        Ok(Story {
            network,
            rng,
            devices,
            ids,
            tabs,
            records: vec![shared],
            saved: Vec::new(),
            restores: 0,
            backup: None,
            looked: Vec::new(),
            taken_back: BTreeSet::new(),
            purged: BTreeSet::new(),
            ever_purged: BTreeSet::new(),
            revoked: BTreeMap::new(),
            ever_revoked: BTreeSet::new(),
            roles_changed: false,
        })
    }

    fn relay(&self) -> Ref<'_, MemoryRelay> {
        self.network.relay.borrow()
    }

    fn relay_mut(&self) -> RefMut<'_, MemoryRelay> {
        self.network.relay.borrow_mut()
    }

    fn step(&mut self) -> Result<Wrong, Trouble> {
        let who = self.rng.random_range(0..self.devices.len());
        match self.rng.random_range(0..32) {
            0..9 => self.edit(who)?,
            9 => self.edit_in_both_tabs(who)?,
            10..15 => self.exchange(who)?,
            15 => self.crash(who)?,
            16 => self.toggle_network(who),
            17..19 => self.new_record(who)?,
            19 => self.back_up(),
            20 => self.restore(),
            21..23 => self.look(who),
            23..26 => return self.decide(),
            26 => self.change_role(),
            27 => self.revoke_or_invite_again()?,
            28 => self.purge(),
            29 => self.change_rules(who)?,
            30 => self.retry(who)?,
            _ => return Ok(self.publish()),
        }
        Ok(None)
    }

    /// Random edits and a mark.
    fn edits(&mut self, who: usize) -> Option<(RecordId, Vec<Edit>, String)> {
        let at = self.rng.random_range(0..self.records.len());
        let view = run(self.tabs[who][0].read(self.records[at])).ok()?;
        let mark = self.mark();
        let mut edits = random_edits(&mut self.rng, &view);
        edits.push(Edit::put(format!("external_identifiers.{mark}"), "x"));
        Some((self.records[at], edits, mark))
    }

    fn mark(&mut self) -> String {
        format!("m{}", self.rng.random::<u64>())
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

    /// A record may vanish between reading and saving, when its creation is refused or it is purged; and
    /// a device may learn that it was revoked.
    fn note(&mut self, who: usize, mark: String, saved: Result<RecordId, Trouble>) -> Result<(), Trouble> {
        match saved {
            Ok(record) => self.saved.push(Saved { who, record, mark }),
            Err(Trouble::NotFound) => {}
            Err(Trouble::Denied { .. }) if self.ever_revoked.contains(&who) => {}
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

    fn toggle_network(&mut self, who: usize) {
        let mut weather = self.devices[who].weather.borrow_mut();
        weather.offline = !weather.offline;
    }

    fn is_offline(&self, who: usize) -> bool {
        self.devices[who].weather.borrow().offline
    }

    fn new_record(&mut self, who: usize) -> Result<(), Trouble> {
        let mark = self.mark();
        let edits = [Edit::put("name", "New"), Edit::put(format!("external_identifiers.{mark}"), "x")];
        let made = run(self.tabs[who][1].create(Kind::Place, &edits));
        self.records.extend(&made);
        self.note(who, mark, made)
    }

    fn back_up(&mut self) {
        let backup = self.relay().clone();
        self.backup = Some(backup);
    }

    /// The relay forgets what came after the backup, purges and verdicts as well.
    fn restore(&mut self) {
        let Some(backup) = self.backup.take() else { return };
        self.restores += 1;
        self.purged.retain(|record| backup.purged.contains(record));
        self.revoked.values_mut().for_each(|last| *last = backup.feed_seq());
        let epoch = format!("epoch {}", self.restores + 1);
        self.relay_mut().restore(backup, epoch);
    }

    /// Somebody who may review opens what waits.
    fn look(&mut self, who: usize) {
        let proposals = self.relay().proposals();
        if let Some(proposal) = proposals.choose(&mut self.rng).filter(|_| !self.is_offline(who)) {
            self.looked.push((who, proposal.clone()));
        }
    }

    /// Somebody decides of what they looked at, perhaps a while ago.
    fn decide(&mut self) -> Result<Wrong, Trouble> {
        if self.looked.is_empty() || self.rng.random_bool(0.5) {
            let who = self.rng.random_range(0..self.devices.len());
            self.look(who);
        }
        if self.looked.is_empty() {
            return Ok(None);
        }
        let at = self.rng.random_range(0..self.looked.len());
        let (who, seen) = self.looked.swap_remove(at);
        if self.is_offline(who) {
            return Ok(None);
        }
        if self.rng.random_bool(0.6) { Ok(self.approve(who, &seen)) } else { self.send_back(who, &seen) }
    }

    fn approve(&mut self, who: usize, seen: &Proposed) -> Wrong {
        let now = self.relay().documents.get(&seen.record).map(|document| marks(&document.tree()));
        let verdict = Verdict { heads: seen.heads.clone(), approve: true, reason: String::new() };
        let taken = self.verdict(who, seen.record, &verdict);
        let unseen = taken.is_ok() && now != Some(marks(&seen.proposed));
        unseen.then(|| format!("{} let through what was not on screen", self.devices[who].name))
    }

    /// Takes the proposal back by a change like any other, then says so.
    fn send_back(&mut self, who: usize, seen: &Proposed) -> Result<Wrong, Trouble> {
        let edits = taking_back(Kind::Place, &seen.published, &seen.proposed);
        match run(self.tabs[who][0].save(seen.record, &edits)) {
            Err(Trouble::NotFound | Trouble::Denied { .. } | Trouble::BadEdit { .. }) => return Ok(None),
            saved => drop(saved?),
        }
        self.taken_back.extend(edits.iter().filter_map(truth::mark_of));
        run(self.tabs[who][0].exchange())?;
        let before = self.relay().published(seen.record);
        let verdict = Verdict { heads: Vec::new(), approve: false, reason: "Closed in summer.".to_owned() };
        let taken = self.verdict(who, seen.record, &verdict);
        let differs =
            before.is_some_and(|before| self.relay().published(seen.record).is_none_or(|now| marks(&now) != marks(&before)));
        Ok((taken.is_ok() && differs).then(|| format!("{} sent back, and readers see it", self.devices[who].name)))
    }

    fn verdict(&self, who: usize, record: RecordId, verdict: &Verdict) -> Result<(), NotDecided> {
        self.relay_mut().decide(self.ids[who], record, verdict)
    }

    /// Anybody but the first.
    fn another(&mut self) -> usize {
        self.rng.random_range(1..self.devices.len())
    }

    fn change_role(&mut self) {
        let (who, role) = (self.another(), any_role(&mut self.rng));
        self.roles_changed = true;
        self.relay_mut().change_role(self.ids[who], role);
    }

    /// Takes a device's membership, or gives it back by another invite.
    fn revoke_or_invite_again(&mut self) -> Result<(), Trouble> {
        let who = self.another();
        if !self.revoked.contains_key(&who) {
            self.relay_mut().revoke(self.ids[who]);
            self.ever_revoked.insert(who);
            let last = self.relay().feed_seq();
            self.revoked.insert(who, last);
            return Ok(());
        }
        let role = any_role(&mut self.rng);
        match run(self.tabs[who][0].join(role.code().to_owned(), self.devices[who].name.clone())) {
            Ok(_) | Err(Trouble::NotReached) => {}
            Err(trouble) => return Err(trouble),
        }
        // Also where the answer was lost.
        if self.relay().member(self.ids[who]).is_some_and(|member| member.active) {
            self.revoked.remove(&who);
        }
        Ok(())
    }

    fn purge(&mut self) {
        let record = *self.records.choose(&mut self.rng).expect("there is one from the start");
        if self.relay_mut().purge(record) {
            self.purged.insert(record);
            self.ever_purged.insert(record);
        }
    }

    /// Only stewards' changes of the settings are taken.
    fn change_rules(&mut self, who: usize) -> Result<(), Trouble> {
        let settings = self.relay().guide.settings();
        match run(self.tabs[who][0].save(settings, &any_rules(&mut self.rng))) {
            Ok(_) | Err(Trouble::NotFound) => Ok(()),
            Err(Trouble::Denied { .. }) if self.ever_revoked.contains(&who) => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    fn retry(&mut self, who: usize) -> Result<(), Trouble> {
        let drafts = run(self.tabs[who][1].outbox())?.drafts;
        let Some(draft) = drafts.choose(&mut self.rng) else { return Ok(()) };
        match run(self.tabs[who][1].retry(draft.batch)) {
            Ok(_) => Ok(()),
            Err(Trouble::Denied { .. }) if self.ever_revoked.contains(&who) => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    fn publish(&mut self) -> Wrong {
        self.relay_mut().publish();
        truth::published_unseen(&self.relay())
    }

    /// Everybody has a good line, and time passes where something waits for ground that nobody has.
    fn settle(&mut self) -> Result<Vec<State>, Trouble> {
        let states = self.network.settle(&self.devices)?;
        // After a restore all is sent again, but by who is refused, and of what was forgotten as purged.
        let gone = self.roles_changed || !self.ever_revoked.is_empty() || !self.ever_purged.is_empty();
        let lacks_ground = self.restores > 0 && gone;
        if !lacks_ground || states.iter().all(|state| state.unsent == 0) {
            return Ok(states);
        }
        self.network.today.set(LATER);
        self.network.settle(&self.devices)
    }

    fn end(&mut self) -> Result<Wrong, Trouble> {
        let states = self.settle()?;
        // Last of all: who comes new holds what the others hold.
        self.devices.push(self.network.member("newcomer", Role::Editor.code())?.0);
        let published = self.publish();
        Ok(published.or(truth::at_the_end(self, &states)?))
    }
}

fn any_role(rng: &mut SmallRng) -> Role {
    *ROLES.choose(rng).expect("there are three")
}

fn any_rules(rng: &mut SmallRng) -> Vec<Edit> {
    let policy = if rng.random_bool(0.6) { "review" } else { "direct" };
    vec![Edit::put("policy", policy), Edit::put("second_person", rng.random_bool(0.5))]
}

fn tell(seed: u64) -> Result<(), String> {
    let fault = |trouble: Trouble| format!("seed {seed}: {trouble:?}");
    let mut story = Story::begin(seed).map_err(fault)?;
    let mut wrong = None;
    for _ in 0..story.rng.random_range(10..60) {
        wrong = story.step().map_err(fault)?.or_else(|| truth::always(&story));
        if wrong.is_some() {
            break;
        }
    }
    let wrong = if wrong.is_some() { wrong } else { story.end().map_err(fault)? };
    wrong.map_or(Ok(()), |wrong| Err(format!("seed {seed}, {} restores: {wrong}", story.restores)))
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Stories that failed once. In the first two a restored backup brought a purged record back, without the
/// changes that its members had forgotten and others had built on. In the next two a batch of a revoked
/// device was late, and came when its work had been made again; in the last a change that waits repeated one
/// that was let through.
#[test]
fn what_failed_once_ends_well() {
    for seed in [3_021_301, 3_031_219, 3_059_421, 3_060_434, 3_061_366] {
        assert_eq!(tell(seed), Ok(()));
    }
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
