//! Steps 3 and 4: changes that Automerge would parse and that would break a record, now or later.

use super::workshop::{Desk, Parts, Person, one_place, parse, record, spoiled};
use automerge::legacy::{ElementId, Key, MarkData, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{ActorId, Change, ExpandedChange, ObjType, ScalarValue};
use shared::document::Document;
use shared::edit::Edit;
use shared::gate::Refusal;
use shared::limits::{LINE_CHARS_MAX, PROSE_CHARS_MAX};
use shared::schema::Kind;
use std::num::NonZeroU64;

#[track_caller]
fn malformed(result: Result<usize, Refusal>, expected: &str) {
    let refusal = result.expect_err("a hostile change");
    assert!(matches!(&refusal, Refusal::Malformed { index: 0, detail } if detail.contains(expected)), "{refusal:?}");
}

/// Alice does `edit` honestly, then the change is spoiled and sent.
fn after(edit: Edit, spoil: impl FnOnce(&mut ExpandedChange)) -> Result<usize, Refusal> {
    let (mut desk, alice, mut hers) = one_place();
    let bytes = spoiled(&alice.edit(&mut hers, &[edit]), spoil);
    let result = desk.push(&alice, record(1), &[bytes]);
    let again = alice.edit(&mut desk.documents.get_mut(&record(1)).expect("kept").clone(), &[Edit::put("email", "a@b")]);
    assert_eq!(desk.push(&alice, record(1), &[again]), Ok(1), "the record takes further edits");
    result
}

fn renamed(spoil: impl FnOnce(&mut ExpandedChange)) -> Result<usize, Refusal> {
    after(Edit::put("name", "other"), spoil)
}

fn rewritten(spoil: impl FnOnce(&mut ExpandedChange)) -> Result<usize, Refusal> {
    after(Edit::write("internal_note", "notes"), spoil)
}

fn put(key: &str, value: impl Into<ScalarValue>) -> Op {
    let action = OpType::Put(value.into());
    Op { action, obj: ObjectId::Root, key: Key::Map(key.into()), pred: SortedVec::new(), insert: false }
}

#[test]
fn an_unspoiled_change_passes() {
    assert_eq!(renamed(|_| {}), Ok(1));
    assert_eq!(rewritten(|_| {}), Ok(1));
}

#[test]
fn a_foreign_actor() {
    malformed(renamed(|change| change.actor_id = ActorId::from([9; 16])), "the actor is not this device's");
    let (mut desk, alice, mut hers) = one_place();
    let change = alice.edit(&mut hers, &[Edit::clear("name")]);
    malformed(desk.push(&Person::new(2), record(1), std::slice::from_ref(&change)), "the actor is not this device's");
    let mut later = alice.clone();
    later.nonce.0[0] ^= 1;
    malformed(desk.push(&later, record(1), &[change]), "the actor is not this device's");
}

#[test]
fn an_orphan() {
    assert_eq!(renamed(|change| change.deps = vec![automerge::ChangeHash([3; 32])]), Err(Refusal::MissingDeps));
    let (_, alice, mut hers) = one_place();
    let change = alice.edit(&mut hers, &[Edit::clear("name")]);
    assert_eq!(Desk::default().push(&alice, record(2), &[change]), Err(Refusal::MissingDeps));
}

#[test]
fn a_gap_or_a_repetition_in_the_sequence() {
    malformed(renamed(|change| change.seq += 1), "seq is 4 where 3 comes next");
    malformed(renamed(|change| change.seq -= 1), "seq is 2 where 3 comes next");
    malformed(renamed(|change| change.seq = 1), "seq is 1 where 3 comes next");
}

#[test]
fn a_regressed_start_op() {
    let shifted = |by: i64| {
        move |change: &mut ExpandedChange| {
            let start = change.start_op.get().checked_add_signed(by).and_then(NonZeroU64::new);
            change.start_op = start.expect("a positive number");
        }
    };
    malformed(renamed(shifted(-1)), "start_op is not the one after");
    malformed(renamed(shifted(1)), "start_op is not the one after");
    malformed(renamed(|change| change.start_op = NonZeroU64::MIN), "start_op is not the one after");
}

/// A change that builds on Bob's but not on Alice's own last one.
#[test]
fn an_actor_that_forgets_what_it_wrote() {
    let (mut desk, alice, mut hers) = one_place();
    let (bob, mut his) = (Person::new(2), hers.clone());
    let old = alice.edit(&mut hers, &[Edit::put("email", "a@example.org")]);
    let change = bob.edit(&mut his, &[Edit::put("url", "https://example.org")]);
    desk.push(&alice, record(1), &[old]).expect("honest");
    desk.push(&bob, record(1), &[change]).expect("honest");
    let forgetful = spoiled(&alice.edit(&mut his, &[Edit::put("name", "x")]), |change| change.seq += 1);
    malformed(desk.push(&alice, record(1), &[forgetful]), "does not build on its actor's change before");
}

#[test]
fn a_second_beginning() {
    let (mut desk, _, _) = one_place();
    let bob = Person::new(2);
    let (_, changes) = bob.create(Kind::Place, &[]);
    malformed(desk.push(&bob, record(1), &changes), "begins a record that has begun already");
}

#[test]
fn an_actor_unknown_here() {
    let stranger = OpId::new(3, &ActorId::from([9; 16]));
    malformed(renamed(|change| change.operations[0].obj = ObjectId::Id(stranger)), "names an actor that has not written here");
    let (mut desk, alice, mut hers) = one_place();
    let mut parts = Parts::of(&alice.edit(&mut hers, &[Edit::clear("name")]));
    parts.others.push(vec![9; 16]);
    malformed(desk.push(&alice, record(1), &[parts.bytes()]), "names an actor that has not written here");
}

#[test]
fn an_unknown_object() {
    for counter in [2, 999, 4_000_000_000] {
        let spoil = |change: &mut ExpandedChange| {
            change.operations[0].obj = ObjectId::Id(OpId::new(counter, &change.actor_id));
            change.operations[0].pred = SortedVec::new();
        };
        malformed(renamed(spoil), "unknown object");
    }
}

/// The object exists on the relay, but the writer cannot have seen it.
#[test]
fn an_object_from_somebody_elses_present() {
    let (mut desk, alice, mut hers) = one_place();
    let (bob, mut his) = (Person::new(2), hers.clone());
    let made = bob.edit(&mut his, &[Edit::put("services.b2.category", "food")]);
    let object = parse(&made).decode().operations[0].clone();
    assert!(matches!(object.action, OpType::Make(ObjType::Map)));
    let unseen = OpId::new(parse(&made).start_op().get(), parse(&made).actor_id());
    desk.push(&bob, record(1), &[made]).expect("honest");
    let change = spoiled(&alice.edit(&mut hers, &[Edit::put("services.c3.category", "food")]), |change| {
        change.operations.truncate(1);
        change.operations[0] = Op { obj: ObjectId::Id(unseen), ..put("category", "food") };
    });
    malformed(desk.push(&alice, record(1), &[change]), "unknown object");
}

#[test]
fn an_unknown_predecessor() {
    let with = |counters: &'static [u64]| {
        move |change: &mut ExpandedChange| {
            let actor = change.actor_id.clone();
            change.operations[0].pred = counters.iter().map(|counter| OpId::new(*counter, &actor)).collect();
        }
    };
    malformed(renamed(with(&[])), "a value beside others that its writer saw");
    malformed(renamed(with(&[1])), "unknown predecessor");
    malformed(renamed(with(&[5_000])), "unknown predecessor");
    malformed(renamed(with(&[1, 2])), "unknown predecessor");
    malformed(after(Edit::clear("name"), with(&[])), "deletes what is not there");
    let twice = |change: &mut ExpandedChange| {
        let pred = change.operations[0].pred.get(0).cloned().expect("a value stood there");
        change.operations[0].pred = vec![pred.clone(), pred].into();
    };
    malformed(renamed(twice), "unknown predecessor");
}

#[test]
fn a_deletion_of_nothing() {
    let spoil = |change: &mut ExpandedChange| {
        change.operations[0] = Op { action: OpType::Delete, ..put("url", 0) };
    };
    malformed(renamed(spoil), "deletes what is not there");
}

#[test]
fn a_map_key_on_text() {
    malformed(rewritten(|change| change.operations[0].key = Key::Map("name".into())), "a map key on text");
}

#[test]
fn a_position_in_a_map() {
    malformed(renamed(|change| change.operations[0].key = Key::Seq(ElementId::Head)), "a position in a map");
    let spoil = |change: &mut ExpandedChange| {
        let element = ElementId::Id(OpId::new(1, &change.actor_id));
        change.operations[0].key = Key::Seq(element);
    };
    malformed(renamed(spoil), "a position in a map");
    malformed(renamed(|change| change.operations[0].insert = true), "an insertion in a map");
}

#[test]
fn unknown_fields() {
    let named = |key: &'static str| {
        move |change: &mut ExpandedChange| {
            change.operations[0] = put(key, "x");
        }
    };
    for key in ["nonsense", "Name", "", "name ", "text", "\u{202e}eman"] {
        malformed(renamed(named(key)), "is not in the schema");
    }
    let entry = |key: &'static str| {
        after(Edit::put("services.b2.category", "food"), move |change| {
            change.operations[0].key = Key::Map(key.into());
        })
    };
    malformed(entry("B2"), "is not in the schema");
    malformed(entry("b.2"), "is not in the schema");
}

#[test]
fn values_that_do_not_fit() {
    let valued = |key: &'static str, value: ScalarValue| renamed(move |change| change.operations[0] = put(key, value));
    malformed(valued("email", "x".repeat(LINE_CHARS_MAX + 1).into()), "TooLong");
    malformed(valued("email", "two\nlines".into()), "WrongType");
    malformed(valued("email", "+33 4\u{202e}72".into()), "WrongType");
    malformed(valued("opening_hours", "\u{2066}Mo-Fr".into()), "WrongType");
    malformed(valued("email", ScalarValue::Int(3)), "WrongType");
    malformed(valued("email", ScalarValue::Null), "of a type that records do not have");
    malformed(valued("latitude", ScalarValue::F64(90.5)), "OutOfRange");
    malformed(valued("latitude", ScalarValue::F64(f64::NAN)), "WrongType");
    malformed(valued("latitude", ScalarValue::F64(f64::INFINITY)), "WrongType");
    malformed(valued("latitude", ScalarValue::Uint(3)), "a value of type 3");
    malformed(valued("status", "open".into()), "NotACode");
    malformed(valued("assured_date", "2026-02-30".into()), "NotADate");
    malformed(valued("address", "12 rue".into()), "WrongType");
    malformed(valued("services", "none".into()), "WrongType");
    malformed(valued("internal_note", "a string, not text".into()), "WrongType");
    malformed(valued("email", ScalarValue::counter(1)), "a counter");
    malformed(valued("email", ScalarValue::Bytes(vec![1])), "a value of type 7");
    malformed(valued("email", ScalarValue::Timestamp(1)), "a value of type 9");
}

#[test]
fn objects_out_of_place() {
    let made = |key: &'static str, made: ObjType| {
        renamed(move |change| {
            change.operations[0] = Op { action: OpType::Make(made), ..put(key, 0) };
        })
    };
    malformed(made("url", ObjType::List), "makes a list");
    malformed(made("url", ObjType::Table), "makes a list or a table");
    malformed(made("url", ObjType::Map), "another object than the schema has there");
    malformed(made("url", ObjType::Text), "another object than the schema has there");
    malformed(made("phones", ObjType::Text), "another object than the schema has there");
    malformed(made("internal_note", ObjType::Map), "another object than the schema has there");
}

#[test]
fn counters_and_marks() {
    malformed(renamed(|change| change.operations[0].action = OpType::Increment(1)), "increments a counter");
    let mark = MarkData { name: "bold".into(), value: ScalarValue::Boolean(true), expand: false };
    malformed(rewritten(|change| change.operations[0].action = OpType::MarkBegin(mark)), "marks text");
    malformed(rewritten(|change| change.operations[0].action = OpType::MarkEnd(true)), "marks text");
}

#[test]
fn what_belongs_to_the_record_stays() {
    for key in ["address", "internal_note", "services"] {
        let spoil = |change: &mut ExpandedChange| {
            change.operations[0] = Op { action: OpType::Delete, ..put(key, 0) };
        };
        malformed(renamed(spoil), "deletes what belongs to the record");
    }
    malformed(renamed(|change| change.operations[0] = put("kind", "page")), "never change");
    malformed(renamed(|change| change.operations[0] = put("schema_version", 2)), "never change");
    let spoil = |change: &mut ExpandedChange| {
        change.operations[0] = Op { action: OpType::Delete, ..put("kind", 0) };
    };
    malformed(renamed(spoil), "never change");
}

#[test]
fn a_beginning_that_says_too_little() {
    let begun = |spoil: &dyn Fn(&mut ExpandedChange)| {
        let alice = Person::new(1);
        let (_, changes) = alice.create(Kind::Place, &[]);
        Desk::default().push(&alice, record(2), &[spoiled(&changes[0], spoil)])
    };
    assert_eq!(begun(&|_| {}), Ok(1));
    malformed(begun(&|change| drop(change.operations.remove(0))), "");
    malformed(begun(&|change| change.operations.truncate(1)), "begins with kind");
    malformed(begun(&|change| change.operations.swap(0, 1)), "begins with kind");
    malformed(begun(&|change| change.operations[0] = put("kind", "event")), "not a kind of record");
    malformed(begun(&|change| change.operations[0] = put("kind", 3)), "not a kind of record");
    malformed(begun(&|change| change.operations[1] = put("schema_version", 0)), "not a schema_version");
    malformed(begun(&|change| change.operations[1] = put("schema_version", "1")), "not a schema_version");
    assert_eq!(begun(&|change| change.operations[1] = put("schema_version", 2)), Err(Refusal::NewerSchema));
}

/// A document nobody began properly, as an older or foreign relay might hold it.
#[test]
fn a_record_without_a_kind() {
    let (mut desk, alice, mut hers) = one_place();
    desk.documents.insert(record(1), Document::empty());
    let change = alice.edit(&mut hers, &[Edit::clear("name")]);
    assert_eq!(desk.push(&alice, record(1), &[change]), Err(Refusal::MissingDeps));
}

#[test]
fn texts_one_character_at_a_time() {
    let valued = |value: ScalarValue| rewritten(move |change| change.operations[0].action = OpType::Put(value));
    malformed(valued("two".into()), "one character at a time");
    malformed(valued("".into()), "one character at a time");
    malformed(valued("e\u{301}".into()), "one character at a time");
    malformed(valued(ScalarValue::Int(7)), "not made with");
    malformed(rewritten(|change| change.operations[0].action = OpType::Make(ObjType::Map)), "not made with");
    malformed(rewritten(|change| change.operations[0].insert = false), "not made with");
    let spoil = |change: &mut ExpandedChange| {
        let pred = OpId::new(1, &change.actor_id);
        change.operations[0].pred = vec![pred].into();
    };
    malformed(rewritten(spoil), "an insertion has no predecessor");
}

#[test]
fn characters_that_are_not_there() {
    let at = |counter: u64| {
        rewritten(move |change| {
            let element = OpId::new(counter, &change.actor_id);
            change.operations[0].key = Key::Seq(ElementId::Id(element));
        })
    };
    malformed(at(1), "unknown character");
    malformed(at(900), "unknown character");
    let deleted = |counter: u64| {
        rewritten(move |change| {
            let element = OpId::new(counter, &change.actor_id);
            let op = &mut change.operations[0];
            (op.action, op.insert, op.pred) = (OpType::Delete, false, vec![element.clone()].into());
            op.key = Key::Seq(ElementId::Id(element));
        })
    };
    malformed(deleted(1), "unknown character");
    malformed(deleted(900), "unknown character");
    let mismatched = rewritten(|change| {
        let op = &mut change.operations[0];
        (op.action, op.insert) = (OpType::Delete, false);
    });
    malformed(mismatched, "unknown predecessor");
}

#[test]
fn a_text_that_is_too_long() {
    let result = rewritten(|change| {
        let actor = change.actor_id.clone();
        let first = change.operations[0].clone();
        let start = change.start_op.get();
        change.operations.truncate(1);
        for counter in start..start + PROSE_CHARS_MAX as u64 {
            let key = Key::Seq(ElementId::Id(OpId::new(counter, &actor)));
            change.operations.push(Op { key, ..first.clone() });
        }
    });
    malformed(result, "a text that is too long");
}

/// The same operations, encoded as Automerge does not: it would store the change and not know it again.
#[test]
fn another_encoding_of_a_good_change() {
    let (mut desk, alice, mut hers) = one_place();
    let bytes = alice.edit(&mut hers, &[Edit::put("services.b2.category", "food")]);
    let mut parts = Parts::of(&bytes);
    let rows = Change::from_bytes(bytes).expect("good").len() as u8;
    *parts.column(0x34) = vec![1, 0, rows - 1];
    let refusal = desk.push(&alice, record(1), &[parts.bytes()]).expect_err("another encoding");
    assert!(matches!(&refusal, Refusal::Malformed { .. }), "{refusal:?}");
}
