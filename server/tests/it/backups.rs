//! Backups: made while people write, looked through before they are put back, never put under a relay
//! that runs. What becomes of the phones is told in `restored.rs`.

use crate::house::{House, Phone};
use crate::process::Process;
use crate::purge::holding;
use server::backup::{self, newest};
use server::publish;
use server::relay::Relay;
use server::store::{self, FILE, StoreError, TakenOver};
use shared::edit::Edit;
use shared::gate::Role;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

/// So large that a backup takes longer than a commit.
const PLACES: usize = 40;

fn house_with_places() -> House {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    for number in 0..PLACES {
        let (_, sealed) = ana.place(&format!("Place {number}"));
        assert_eq!(house.send(&sealed).status, 200);
    }
    house
}

fn backed_up(house: &House) -> PathBuf {
    backup::backup(&house.relay, &house.folder.path().join("backups")).expect("a folder that can be written")
}

/// The number of the last change in a database.
fn last(folder: &Path, house: &House) -> u64 {
    let relay = Relay::open(folder).expect("a whole database");
    let last = relay.store().read(|rows| rows.feed_seq(&house.guide)).expect("readable").expect("the guide is there");
    relay.close();
    last
}

#[test]
fn a_backup_is_whole_though_people_write_meanwhile() {
    let house = house_with_places();
    let busy = AtomicBool::new(true);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let local = house.relay.local_device(&house.guide, "relay", Role::Steward).expect("a key can be kept");
            for number in 0.. {
                if !busy.load(Ordering::Relaxed) {
                    break;
                }
                let (_, changes) = shared::edit::create(
                    shared::schema::Kind::Place,
                    &[Edit::put("name", format!("Meanwhile {number}"))],
                    local.actor(),
                )
                .expect("edits that fit");
                let record = shared::ids::RecordId(crate::house::draw());
                let changes = changes.into_iter().map(|bytes| shared::batch::BatchChange { record, bytes }).collect();
                house.relay.submit(local.seal(changes).expect("random bytes")).expect("a sound batch");
            }
        });
        let mut before = 0;
        for _ in 0..5 {
            let path = backed_up(&house);
            store::check(&path).expect("whole");
            let folder = tempfile::tempdir().expect("a temporary folder");
            fs::copy(&path, folder.path().join(FILE)).expect("copied");
            let now = last(folder.path(), &house);
            assert!(now >= before && now as usize >= PLACES, "{before} then {now}");
            before = now;
        }
        busy.store(false, Ordering::Relaxed);
    });
}

#[test]
fn a_damaged_backup_is_refused_and_nothing_is_touched() {
    let house = house_with_places();
    let path = backed_up(&house);
    let (folder, guide) = (house.folder.path().to_owned(), house.guide.clone());
    house.relay.close();
    let House { folder: kept, relay, app, state, .. } = house;
    drop((relay, app, state));
    let before = fs::read(folder.join(FILE)).expect("readable");
    let whole = fs::read(&path).expect("readable");
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 4_096].fill(0x5a);
    for (what, bytes) in [("cut off", &whole[..whole.len() / 3]), ("overwritten", &damaged), ("no database", b"hello")] {
        fs::write(&path, bytes).expect("writable");
        store::restore(&path, &folder).expect_err(what);
        assert_eq!(fs::read(folder.join(FILE)).expect("readable"), before, "{what}");
    }
    let relay = Relay::open(kept.path()).expect("as it was");
    assert!(relay.has_guide(&guide).expect("readable"));
}

#[test]
fn nothing_is_put_under_a_relay_that_runs() {
    let house = house_with_places();
    let path = backed_up(&house);
    let refused = store::restore(&path, house.folder.path());
    assert!(matches!(refused, Err(StoreError::InUse)), "{refused:?}");
    let ben = house.phone(Role::Editor, "Ben");
    assert_eq!(house.send(&ben.place("It goes on").1).status, 200);
    assert_eq!(house.relay.store().read(|rows| rows.damage()).expect("readable"), Vec::<String>::new());
}

#[test]
fn what_was_there_before_is_kept() {
    let house = house_with_places();
    let before = last(house.folder.path(), &house);
    let path = backed_up(&house);
    let ben = house.phone(Role::Editor, "Ben");
    assert_eq!(house.send(&ben.place("Later").1).status, 200);
    house.relay.close();
    let later = last(house.folder.path(), &house);
    // Connections of the closed relay are still open here: the process that had them has ended in life.
    let copy = tempfile::tempdir().expect("a temporary folder");
    fs::copy(house.folder.path().join(FILE), copy.path().join(FILE)).expect("copied");
    let restored = store::restore(&path, copy.path()).expect("no relay has this one");
    let old = restored.aside.expect("something was there");
    assert_eq!(store::left_aside(copy.path()).expect("readable"), std::slice::from_ref(&old));
    assert_eq!(last(copy.path(), &house), before);
    let aside = tempfile::tempdir().expect("a temporary folder");
    fs::copy(old, aside.path().join(FILE)).expect("copied");
    assert_eq!(last(aside.path(), &house), later);
    assert!(later > before);
}

#[test]
fn serving_makes_one_at_once_and_finishes_it_before_it_ends() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let backups = folder.path().join("backups");
    let mut relay = Process::start(&["--backups", backups.to_str().expect("a path of text")]).expect("it starts");
    // Whoever answers hears signals too.
    assert_eq!(relay.line().and_then(|mut line| line.get("/healthz", "")).expect("an answer").status, 200);
    relay.terminate().expect("it runs");
    assert!(relay.ended().expect("it ends").success());
    let found = newest(&backups).expect("the folder is there").expect("a backup is there");
    store::check(&found).expect("whole");
    assert!(!relay.said().contains("no backup"), "{}", relay.said());
}

/// The database of a house whose relay is closed, in a folder of its own: no connection has it open.
fn as_the_machine_has_it(house: &House) -> TempDir {
    house.relay.close();
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::copy(house.folder.path().join(FILE), folder.path().join(FILE)).expect("copied");
    folder
}

fn role(house: &House, phone: &Phone) -> (Role, bool) {
    let device = house.relay.store().read(|rows| rows.device(&house.guide, phone.device.id)).expect("readable");
    device.map(|device| (device.role, device.active)).expect("it joined")
}

#[test]
fn a_backup_that_is_put_back_undoes_no_purge_and_lets_nobody_in_again() {
    let house = House::new();
    let tess = house.phone(Role::Steward, "Tess");
    let [mal, sara, ben] =
        [(Role::Editor, "Mal"), (Role::Steward, "Sara"), (Role::Contributor, "Ben")].map(|(role, name)| house.phone(role, name));
    let (purged, batch) = mal.place("Kanarienvogel");
    assert_eq!(house.send(&batch).status, 200);
    house.publish();
    let token = house.relay.invite(&house.guide, Role::Steward, 24).expect("an invite");
    let backups = tempfile::tempdir().expect("a temporary folder");
    let backup = backup::backup(&house.relay, backups.path()).expect("a folder that can be written");

    let (later, batch_later) = mal.place("Kanarienvogel, later");
    assert_eq!(house.send(&batch_later).status, 200);
    for sheet in [&purged, &later] {
        assert_eq!(house.purge(&tess, sheet).status, 204);
    }
    let (relay, guide) = (&house.relay, &house.guide);
    relay.revoke(guide, &tess.token, mal.device.id).expect("a steward may");
    relay.change_role(guide, &tess.token, sara.device.id, Role::Contributor).expect("a steward may");
    relay.change_role(guide, &tess.token, ben.device.id, Role::Steward).expect("a steward may");

    let folder = as_the_machine_has_it(&house);
    let restored = store::restore(&backup, folder.path()).expect("a whole backup");
    assert_eq!(restored.taken_over, Some(TakenOver { purged: 2, revoked: 1, demoted: 1 }));
    let house = House::open(folder);
    assert_eq!(holding(house.folder.path()), [] as [String; 0]);
    assert_eq!(house.redeem(&Phone::new(&house.guide, "Nobody").redeem(&token)).refusal(), (404, "unknown_invite".to_owned()));
    assert_eq!(role(&house, &mal), (Role::Editor, false));
    assert_eq!(role(&house, &sara), (Role::Contributor, true));
    assert_eq!(role(&house, &ben), (Role::Contributor, true), "a higher role is a steward's to give again");
    assert_eq!(house.send(&batch_later).refusal(), (403, "revoked".to_owned()));
    for sheet in [&purged, &later] {
        let edit = tess.edit(&mut sheet.clone(), &[Edit::put("email", "a@example.org")]);
        assert_eq!(house.send(&edit).refusal(), (410, "purged".to_owned()));
    }
    house.publish();
    assert_eq!(publish::compare(&house.relay, &house.guide).expect("readable"), 0);
}

#[test]
fn where_nothing_can_be_read_any_more_old_invites_go_all_the_same() {
    let house = House::new();
    let token = house.relay.invite(&house.guide, Role::Steward, 24).expect("an invite");
    let backup = backed_up(&house);
    let folder = as_the_machine_has_it(&house);
    fs::write(folder.path().join(FILE), b"hello").expect("writable");
    assert_eq!(store::restore(&backup, folder.path()).expect("a whole backup").taken_over, None);
    let house = House::open(folder);
    assert_eq!(house.redeem(&Phone::new(&house.guide, "Nobody").redeem(&token)).refusal(), (404, "unknown_invite".to_owned()));
}

#[test]
fn what_a_backup_left_unfinished_goes_with_the_next() {
    let house = House::new();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let begun = ["socle-2026-11-22T09.unfinished", "socle-2026-11-22T09.unfinished-journal"].map(|name| folder.path().join(name));
    let other = folder.path().join("letters.unfinished");
    for path in begun.iter().chain([&other]) {
        fs::write(path, b"notes").expect("writable");
    }
    let path = backup::backup(&house.relay, folder.path()).expect("a folder that can be written");
    assert!(begun.iter().all(|path| !path.exists()) && other.exists() && path.exists());
}

/// Looked at all the while it is made, not only when it is done.
#[cfg(unix)]
#[test]
fn nobody_else_may_read_a_backup_at_any_moment() {
    use std::os::unix::fs::PermissionsExt;
    let house = house_with_places();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let busy = AtomicBool::new(true);
    let modes = std::thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut modes = BTreeSet::new();
            while busy.load(Ordering::Relaxed) {
                for entry in fs::read_dir(folder.path()).expect("readable").flatten() {
                    // It may have got its final name meanwhile.
                    modes.extend(entry.metadata().ok().map(|about| about.permissions().mode() & 0o777));
                }
            }
            modes
        });
        for _ in 0..20 {
            backup::backup(&house.relay, folder.path()).expect("a folder that can be written");
        }
        busy.store(false, Ordering::Relaxed);
        looking.join().expect("it does not panic")
    });
    assert_eq!(modes, BTreeSet::from([0o600]));
}
