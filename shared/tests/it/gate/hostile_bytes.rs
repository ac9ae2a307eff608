//! Step 2: changes whose bytes are meant to hurt. Each is refused before Automerge sees it.

use super::workshop::{Parts, framed, leb, one_place, parse, record, signed_leb};
use shared::edit::Edit;
use shared::gate::Refusal;
use shared::limits::{CHANGE_BYTES_MAX, CHANGE_DEPS_MAX, CHANGE_OPS_MAX, KEY_CHARS_MAX};

const OBJ_ACTOR: u64 = 0x01;
const OBJ_CTR: u64 = 0x02;
const KEY_ACTOR: u64 = 0x11;
const KEY_CTR: u64 = 0x13;
const KEY_STR: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const PRED_COUNT: u64 = 0x70;
const PRED_ACTOR: u64 = 0x71;
const PRED_CTR: u64 = 0x73;

fn push(bytes: Vec<u8>) -> Result<usize, Refusal> {
    let (mut desk, alice, _) = one_place();
    desk.push(&alice, record(1), &[bytes])
}

/// Alice's next honest change: a new name.
fn honest() -> Vec<u8> {
    let (_, alice, mut hers) = one_place();
    alice.edit(&mut hers, &[Edit::put("name", "Accueil de nuit")])
}

/// Alice's next honest change but for another field: five characters.
fn prose() -> Vec<u8> {
    let (_, alice, mut hers) = one_place();
    alice.edit(&mut hers, &[Edit::write("internal_note", "12345")])
}

fn spoiled(spoil: impl FnOnce(&mut Parts)) -> Result<usize, Refusal> {
    let mut parts = Parts::of(&honest());
    spoil(&mut parts);
    push(parts.bytes())
}

#[track_caller]
fn malformed(result: Result<usize, Refusal>, expected: &str) {
    let refusal = result.expect_err("a hostile change");
    assert!(matches!(&refusal, Refusal::Malformed { index: 0, detail } if detail.contains(expected)), "{refusal:?}");
}

/// `length` rows of one value.
fn run(length: i64, value: &[u8]) -> Vec<u8> {
    [signed_leb(length), value.to_vec()].concat()
}

#[test]
fn the_parts_are_the_whole_change() {
    let bytes = honest();
    assert_eq!(Parts::of(&bytes).bytes(), bytes);
    assert_eq!(push(bytes), Ok(1));
}

#[test]
fn an_operation_bomb() {
    let bomb = |rows: i64| {
        let mut parts = Parts::of(&honest());
        parts.columns.clear();
        parts.column(ACTION).extend(run(rows, &[1]));
        parts.column(KEY_STR).extend(run(rows, b"\x04name"));
        parts.column(INSERT).extend(leb(rows as u64));
        parts.column(VALUE_META).extend(run(rows, &[1]));
        parts.column(PRED_COUNT).extend(run(rows, &[0]));
        parts.bytes()
    };
    assert!(bomb(100_000_000).len() < 120);
    assert_eq!(push(bomb(100_000_000)), Err(Refusal::TooLarge));
    assert_eq!(push(bomb(i64::MAX >> 1)), Err(Refusal::TooLarge));
    assert_eq!(push(bomb(CHANGE_OPS_MAX as i64 + 1)), Err(Refusal::TooLarge));
    malformed(push(bomb(CHANGE_OPS_MAX as i64)), "");
}

#[test]
fn bombs_in_other_columns() {
    for column in [OBJ_CTR, KEY_STR, PRED_COUNT] {
        malformed(spoiled(|parts| *parts.column(column) = run(1 << 40, b"\x01a")), "more rows than operations");
    }
    malformed(spoiled(|parts| *parts.column(INSERT) = leb(1 << 40)), "more rows than operations");
    malformed(spoiled(|parts| *parts.column(OBJ_CTR) = [vec![0], leb(1 << 40)].concat()), "more rows than operations");
    assert_eq!(spoiled(|parts| *parts.column(PRED_COUNT) = run(1, &leb(1 << 40))), Err(Refusal::TooLarge));
    let twice = 2 * CHANGE_OPS_MAX as u64;
    assert_eq!(spoiled(|parts| *parts.column(PRED_COUNT) = run(1, &leb(twice + 1))), Err(Refusal::TooLarge));
    malformed(spoiled(|parts| *parts.column(PRED_COUNT) = run(1, &leb(twice))), "pred: another number of ids");
    malformed(spoiled(|parts| *parts.column(VALUE_META) = run(1, &leb(1 << 60 | 6))), "another number of bytes");
}

#[test]
fn a_deflated_column() {
    malformed(spoiled(|parts| parts.columns[0].0 |= 8), "a deflated column");
}

#[test]
fn other_chunks() {
    let (_, _, hers) = one_place();
    malformed(push(hers.save()), "a document chunk");
    let (_, alice, mut hers) = one_place();
    let long = alice.edit(&mut hers, &[Edit::write("internal_note", "long ".repeat(200))]);
    let compressed = parse(&long).bytes().to_vec();
    assert_eq!(compressed[8], 2);
    malformed(push(compressed), "a compressed chunk");
    malformed(push(framed(3, &Parts::of(&honest()).body())), "a chunk of type 3");
    malformed(push(framed(200, &[])), "a chunk of type 200");
}

#[test]
fn no_chunk_at_all() {
    malformed(push(Vec::new()), "ends too soon");
    malformed(push(b"{\"name\": \"x\"}".to_vec()), "not an Automerge chunk");
    let bytes = honest();
    for length in 0..bytes.len() {
        malformed(push(bytes[..length].to_vec()), "ends too soon");
    }
}

#[test]
fn a_wrong_checksum() {
    let mut bytes = honest();
    bytes[5] ^= 0x10;
    malformed(push(bytes), "the checksum is wrong");
}

#[test]
fn trailing_bytes() {
    malformed(push([honest(), vec![0]].concat()), "bytes after the chunk");
    malformed(push([honest(), honest()].concat()), "bytes after the chunk");
    malformed(spoiled(|parts| parts.extra = b"\x01\x05alice".to_vec()), "bytes after the columns");
}

#[test]
fn a_huge_actor() {
    malformed(spoiled(|parts| parts.actor = vec![1; 40_000]), "an actor that is not 16 bytes");
    malformed(spoiled(|parts| parts.others = vec![vec![1; 1_000]]), "an actor that is not 16 bytes");
    malformed(spoiled(|parts| parts.actor = Vec::new()), "an actor that is not 16 bytes");
}

#[test]
fn actors_out_of_order() {
    let own = Parts::of(&honest()).actor;
    malformed(spoiled(|parts| parts.others = vec![own]), "its own actor");
    malformed(spoiled(|parts| parts.others = vec![vec![2; 16], vec![1; 16]]), "actors out of order");
    malformed(spoiled(|parts| parts.others = vec![vec![2; 16], vec![2; 16]]), "actors out of order");
}

#[test]
fn a_commit_time() {
    malformed(spoiled(|parts| parts.time = 1_763_856_000), "a commit time");
    malformed(spoiled(|parts| parts.time = -1), "a commit time");
}

#[test]
fn a_message() {
    malformed(spoiled(|parts| parts.message = b"from Alice's phone".to_vec()), "a message");
}

#[test]
fn dependencies_in_excess() {
    malformed(spoiled(|parts| parts.deps = vec![parts.deps[0].clone(); 2]), "a dependency twice");
    let many = |count: u8| (0..count).map(|number| vec![number; 32]).collect();
    assert_eq!(spoiled(|parts| parts.deps = many(CHANGE_DEPS_MAX as u8 + 1)), Err(Refusal::TooLarge));
    assert_eq!(spoiled(|parts| parts.deps = many(CHANGE_DEPS_MAX as u8)), Err(Refusal::MissingDeps), "it may well have these");
}

#[test]
fn too_many_bytes() {
    let (mut desk, alice, mut hers) = one_place();
    let mut parts = Parts::of(&alice.edit(&mut hers, &[Edit::put("name", "x")]));
    *parts.column(VALUE) = vec![b'x'; CHANGE_BYTES_MAX];
    assert_eq!(desk.push(&alice, record(1), &[parts.bytes()]), Err(Refusal::TooLarge));
}

#[test]
fn columns_in_disorder() {
    malformed(spoiled(|parts| parts.columns.swap(0, 1)), "columns out of order");
    malformed(spoiled(|parts| parts.columns.insert(0, parts.columns[0].clone())), "columns out of order");
    malformed(spoiled(|parts| parts.columns.push((0x1f0, vec![1]))), "column 0x1f0 is not known");
    let many = |count: u64| spoiled(|parts| parts.columns = (0..count).map(|id| (id << 4 | 1, Vec::new())).collect());
    malformed(many(14), "is not known");
    malformed(many(15), "too many columns");
    malformed(spoiled(|parts| parts.column(0x94).extend([0, 1])), "marks text");
    malformed(spoiled(|parts| parts.column(0xa5).extend(run(1, b"\x04bold"))), "marks text");
}

#[test]
fn rows_that_do_not_add_up() {
    malformed(spoiled(|parts| parts.column(ACTION).clear()), "no operations");
    malformed(spoiled(|parts| *parts.column(ACTION) = vec![0, 1]), "an operation without an action");
    malformed(spoiled(|parts| *parts.column(ACTION) = vec![2, 1]), "another number of rows");
    malformed(spoiled(|parts| parts.column(INSERT).clear()), "insert: another number of rows");
    malformed(spoiled(|parts| parts.column(VALUE_META).clear()), "value: another number of rows");
    malformed(spoiled(|parts| parts.column(VALUE).push(b'x')), "value: another number of bytes");
    malformed(spoiled(|parts| parts.column(PRED_COUNT).clear()), "pred: another number of rows");
    malformed(spoiled(|parts| *parts.column(VALUE_META) = vec![0, 1]), "value: another number of rows");
    malformed(spoiled(|parts| *parts.column(PRED_COUNT) = vec![0, 1]), "pred: another number of rows");
    for column in [PRED_ACTOR, PRED_CTR] {
        malformed(spoiled(|parts| parts.column(column).clear()), "pred: another number of ids");
        malformed(spoiled(|parts| *parts.column(column) = vec![0, 1]), "pred: another number of ids");
    }
    malformed(spoiled(|parts| *parts.column(PRED_COUNT) = vec![0x7f, 0]), "more rows than operations");
    malformed(spoiled(|parts| *parts.column(ACTION) = vec![0x7f, 0x81, 0]), "a number longer than needed");
    malformed(spoiled(|parts| *parts.column(ACTION) = vec![0, 0, 0x7f, 1]), "an empty run");
}

/// Columns that may be left out have a row for every operation or none at all.
#[test]
fn columns_that_end_too_soon() {
    let bytes = prose();
    for column in [OBJ_ACTOR, OBJ_CTR, KEY_ACTOR, KEY_CTR, KEY_STR] {
        let mut parts = Parts::of(&bytes);
        *parts.column(column) = vec![0, 1];
        malformed(push(parts.bytes()), "a column with another number of rows");
    }
}

#[test]
fn numbers_have_one_form() {
    let insert = |bytes: &[u8]| spoiled(|parts| *parts.column(INSERT) = bytes.to_vec());
    malformed(insert(&[0x81, 0]), "a number longer than needed");
    let largest = [[0xff; 9].as_slice(), &[1]].concat();
    malformed(insert(&largest), "more rows than operations");
    for beyond in [[[0xff; 9].as_slice(), &[2]].concat(), [[0x80; 9].as_slice(), &[2]].concat(), vec![0xff; 10], vec![0x80; 12]] {
        malformed(insert(&beyond), "a number larger than 64 bits");
    }
    let action = |bytes: &[u8]| spoiled(|parts| *parts.column(ACTION) = bytes.to_vec());
    malformed(action(&[0xff, 0x7f, 1]), "a number longer than needed");
    malformed(action(&[0xc0, 0x80, 0, 1]), "a number longer than needed");
    malformed(action(&[0x80; 10]), "a number larger than 63 bits");
    malformed(insert(&[0, 0, 1]), "an empty run");
    malformed(insert(&[1, 0]), "an empty run");
}

/// Runs of differences are not walked: their ends say whether all of them stay in range.
#[test]
fn differences_that_run_out_of_range() {
    let keys = |rows: &[(i64, i64)]| {
        let mut parts = Parts::of(&prose());
        *parts.column(KEY_CTR) = rows.iter().flat_map(|(times, step)| run(*times, &signed_leb(*step))).collect();
        push(parts.bytes())
    };
    let most = i64::from(u32::MAX);
    malformed(keys(&[(5, most)]), "counter out of range");
    malformed(keys(&[(1, most), (4, 1)]), "counter out of range");
    malformed(keys(&[(1, 5), (4, -2)]), "counter out of range");
    malformed(keys(&[(1, 5), (4, -most)]), "counter out of range");
    malformed(keys(&[(5, i64::MAX >> 1)]), "counter out of range");
    // In range, and one character after another: no such characters are there.
    malformed(keys(&[(5, 300)]), "");
}

#[test]
fn ids_out_of_range() {
    for index in [1, 9] {
        malformed(spoiled(|parts| *parts.column(PRED_ACTOR) = vec![0x7f, index]), "an actor that is not listed");
    }
    malformed(spoiled(|parts| *parts.column(PRED_CTR) = run(-1, &signed_leb(1 << 40))), "counter out of range");
    malformed(spoiled(|parts| *parts.column(PRED_CTR) = run(-1, &signed_leb(-4))), "counter out of range");
    malformed(spoiled(|parts| parts.start_op = 0), "start_op is out of range");
    malformed(spoiled(|parts| parts.start_op = u64::MAX), "start_op is out of range");
    malformed(spoiled(|parts| parts.start_op = u64::from(u32::MAX)), "counters run out");
    malformed(spoiled(|parts| parts.seq = 0), "seq is out of range");
    malformed(spoiled(|parts| parts.seq = 1 << 33), "seq is out of range");
}

#[test]
fn actions_and_values_that_records_are_not_made_of() {
    for (action, expected) in [(2, "a list"), (5, "a counter"), (6, "a table"), (7, "marks text"), (8, "action 8")] {
        malformed(spoiled(|parts| *parts.column(ACTION) = vec![0x7f, action]), expected);
    }
    for (kind, expected) in [(3, "type 3"), (7, "type 7"), (8, "a counter"), (9, "type 9"), (12, "type 12")] {
        malformed(spoiled(|parts| *parts.column(VALUE_META) = vec![0x7f, 0x10 | kind]), expected);
    }
    malformed(spoiled(|parts| *parts.column(VALUE_META) = vec![0x7f, 0x15]), "another length than its type's");
    malformed(spoiled(|parts| *parts.column(KEY_STR) = vec![0x7f, 4, 0xff, 0xfe, b'm', b'e']), "not UTF-8");
    let long = [vec![0x7f], leb(2_000), vec![b'a'; 2_000]].concat();
    malformed(spoiled(|parts| *parts.column(KEY_STR) = long), "a key that is too long");
    let named =
        |length: usize| spoiled(|parts| *parts.column(KEY_STR) = [vec![0x7f], leb(length as u64), vec![b'a'; length]].concat());
    malformed(named(KEY_CHARS_MAX + 1), "a key that is too long");
    malformed(named(KEY_CHARS_MAX), "is not in the schema");
}
