//! Nothing is acknowledged before it is on the disk, and what waits shares a commit.

use crate::house::{House, open_relay};
use shared::gate::Role;

#[test]
fn the_writer_waits_for_the_disk() {
    let house = House::new();
    let synchronous = house.relay.store().write(|rows| rows.synchronous()).wait().expect("readable");
    assert_eq!(synchronous, 2, "FULL: each commit is followed by fsync");
}

/// What a power cut at the moment of the acknowledgement would leave: the files as they are then.
#[test]
fn what_is_acknowledged_is_in_the_files_at_that_moment() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    for number in 0..5 {
        let (sheet, batch) = ana.place(&format!("Lieu {number}"));
        assert_eq!(house.send(&batch).status, 200);
        let copy = tempfile::tempdir().expect("a temporary folder");
        for entry in std::fs::read_dir(house.folder.path()).expect("readable").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // Without the shared memory: it does not survive a power cut either.
            if entry.path().is_file() && !name.ends_with("-shm") {
                std::fs::copy(entry.path(), copy.path().join(name)).expect("copied");
            }
        }
        let relay = open_relay(copy.path(), &house.clock);
        assert!(relay.record(&house.guide, sheet.record).expect("readable").is_some(), "batch {number}");
    }
}

#[test]
fn batches_that_wait_share_a_commit() {
    let house = House::new();
    let phones: Vec<_> = ["Ana", "Ben", "Cleo", "Dan"].map(|name| house.phone(Role::Editor, name)).into();
    let sealed: Vec<_> = (0..40).map(|number| phones[number % 4].place(&format!("Lieu {number}")).1).collect();
    let commits = || house.relay.store().read(|rows| rows.commits()).expect("readable");

    let before = commits();
    let answers = house.send_while_busy(&sealed, |_| Ok(()));
    let mut numbers: Vec<u64> = answers.into_iter().map(|answer| answer.expect("good batches").feed_seq).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 40, "each batch has its own place in the feed");
    assert!(commits() - before <= 2, "forty batches took {} commits", commits() - before);
}

#[test]
fn a_refused_batch_undoes_itself_alone() {
    let house = House::new();
    let [ana, ben, cleo] = ["Ana", "Ben", "Cleo"].map(|name| house.phone(Role::Editor, name));
    // What was before it never comes: refused in whatever order the three are taken.
    let (mut sheet, _) = ana.place("Perdu");
    let skipped = ana.edit(&mut sheet, &[shared::edit::Edit::put("email", "a@example.org")]);
    let (first, good) = (ben.place("Un").1, cleo.place("Deux").1);
    let answers = house.runtime.block_on(async {
        let batches = [skipped, first, good];
        futures::future::join_all(batches.map(|sealed| house.relay.receive(sealed))).await
    });
    let accepted: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(accepted, [false, true, true]);
}
