//! Our JSON against serde_json's, over random trees and random damage; and the forms that other
//! programs rely on.

use proptest::prelude::*;
use serde_json::{Value, json};
use shared::edit::Edit;
use shared::gate::Refusal;
use shared::json::{self, Later};
use shared::link::{Answer, Ask, Message, Question, Trouble};
use shared::schema::Kind;

fn trees() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Short ones: serde_json reads long fractions to the last digit but one.
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 64.0)),
    ];
    let text = prop_oneof![any::<String>(), "[\\x00-\\x20\"\\\\/\u{7f}é字🌍]{0,8}".prop_map(String::from)];
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, text.clone().prop_map(Value::from)];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(text.clone(), inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// With fractions to a few digits: serde_json is not exact in the last ones.
fn coarse(tree: Value) -> Value {
    match tree {
        Value::Number(number) if number.is_f64() => number.as_f64().map(|number| format!("{number:.9e}")).into(),
        Value::Array(items) => items.into_iter().map(coarse).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, coarse(value))).collect(),
        other => other,
    }
}

fn parsed(text: &str) -> Option<Value> {
    json::from_str(text).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_one_writes_the_other_reads(tree in trees(), pretty in any::<bool>()) {
        let theirs = if pretty { serde_json::to_string_pretty(&tree) } else { serde_json::to_string(&tree) };
        prop_assert_eq!(parsed(&theirs.expect("a tree is plain data")), Some(tree.clone()));
        let ours = json::to_string(&tree);
        prop_assert_eq!(serde_json::from_str::<Value>(&ours).ok(), Some(tree), "{}", ours);
    }

    #[test]
    fn what_is_read_later_is_what_would_have_been_read_at_once(tree in trees(), at in any::<prop::sample::Index>(), cut in any::<bool>()) {
        let whole = json::to_string(&json!([tree.clone()]));
        let later: Later<Value> = json::from_str(&whole).expect("it ends where it should");
        prop_assert_eq!(&*later, &json!([tree]));
        prop_assert_eq!(json::to_string(&later), whole.clone());
        // Cut, it never ends; damaged, it is blank if it is read at all.
        let at = (0..=whole.len()).rev().find(|end| *end <= at.index(whole.len()) && whole.is_char_boundary(*end)).unwrap_or(0);
        let damaged = if cut { whole[..at].to_owned() } else { format!("{}}}{}", &whole[..at], &whole[at..]) };
        match json::from_str::<Later<Value>>(&damaged) {
            Ok(later) => prop_assert_eq!(&*later, &parsed(&damaged).unwrap_or(Value::Null)),
            Err(_) => prop_assert_eq!(parsed(&damaged), None),
        }
    }

    #[test]
    fn damaged_text_is_refused_by_both_or_read_alike(
        tree in trees(),
        at in any::<prop::sample::Index>(),
        by in prop::sample::select("{}[]\",:\\u0-+.eE9 \nntd😀".chars().collect::<Vec<_>>()),
        cut in any::<bool>(),
    ) {
        let text = serde_json::to_string(&tree).expect("a tree is plain data");
        let mut letters: Vec<char> = text.chars().collect();
        let at = at.index(letters.len());
        if cut { letters.truncate(at) } else { letters[at] = by }
        let text: String = letters.into_iter().collect();
        let theirs = serde_json::from_str::<Value>(&text).ok();
        prop_assert_eq!(parsed(&text).map(coarse), theirs.map(coarse), "{}", text);
    }
}

#[test]
fn numbers_escapes_and_ends_are_as_rfc_8259_has_them() {
    for good in ["0", "-0", "1e3", "1.5E-2", "18446744073709551615", r#""\ud83d\ude00\u00e9\/\b""#, " [ ] ", "{\"a\":1,\"a\":2}"]
    {
        assert_eq!(parsed(good), serde_json::from_str(good).ok(), "{good}");
        assert!(parsed(good).is_some(), "{good}");
    }
    let bad = [
        "",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "--1",
        "1 2",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{a:1}",
        "\"\n\"",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "nul",
        "tru",
        "\"a",
        "[",
        "{\"a\":",
        "\u{feff}1",
        "'a'",
    ];
    for bad in bad {
        assert_eq!(parsed(bad), None, "{bad}");
        assert!(serde_json::from_str::<Value>(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_string_ends_where_it_should_whatever_stands_where() {
    // Strings are gone over eight bytes at a time: each byte at each place, between several others.
    for fill in ["a", "é", "!", "]", "\u{7f}", "€"] {
        for (before, after) in (0..18).flat_map(|before| (0..10).map(move |after| (before, after))) {
            for byte in 0..0x80_u8 {
                let text = format!("\"{}{}{}\"", fill.repeat(before), char::from(byte), fill.repeat(after));
                assert_eq!(parsed(&text), serde_json::from_str(&text).ok(), "{text:?}");
            }
        }
    }
}

#[test]
fn values_that_follow_each_other_are_read_in_turn() {
    let (first, rest) = json::first_of::<Value>("{\"a\":[1]}\n\"b\" 3").expect("an object comes first");
    assert_eq!((first, rest), (json!({"a": [1]}), "\n\"b\" 3"));
    let (second, rest) = json::first_of::<Value>(rest).expect("then a string");
    assert_eq!((second, rest), (json!("b"), " 3"));
    assert_eq!(json::first_of::<Value>(rest), Ok((json!(3), "")));
    assert!(json::first_of::<Value>("").is_err());
    assert!(json::first_of::<Value>("{\"a\":[1}\n3").is_err());
}

#[test]
fn nesting_without_end_is_refused() {
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parsed(&deep(100)).is_some());
    assert!(parsed(&deep(101)).is_none());
    assert!(parsed(&"[".repeat(1_000_000)).is_none());
}

#[test]
fn what_must_be_there_is_missed() {
    let error = json::from_str::<Question>(r#"{"number":1}"#).expect_err("asks nothing");
    assert_eq!(error.to_string(), "not in the expected form, at byte 12");
    assert!(json::from_str::<Question>(r#"{"ask":"list"}"#).is_ok_and(|question| question.number == 0), "a number may be blank");
    for wrong in [r#"{"ask":"dance"}"#, r#"{"ask":{"list":{},"outbox":{}}}"#, r#"{"ask":{}}"#, r#"{"ask":["list"]}"#] {
        assert!(json::from_str::<Question>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn unknown_fields_of_newer_versions_are_passed_over() {
    let text = r#"{"new":{"deep":["x",{"y":null}]},"number":7,"ask":{"read":{"later":[1.5e3],"record":"00000000000000000000000000000007"}}}"#;
    let question: Question = json::from_str(text).expect("readable");
    let mut id = [0; 16];
    id[15] = 7;
    assert_eq!(question, Question { number: 7, ask: Ask::Read { record: shared::ids::RecordId(id) } });
}

#[test]
fn each_choice_comes_back_as_it_went() {
    let edits = vec![
        Edit::put("access.cost", "free"),
        Edit::clear("email"),
        Edit::write("description.fr.text", "a\n\"b\""),
        Edit::remove("phones.x"),
    ];
    let messages = [
        Message::Reply { number: 3, answer: Ok(Answer::Done) },
        Message::Reply { number: 0, answer: Err(Trouble::Unsent { unsent: 4 }) },
        Message::News(shared::link::News::Changed { records: Vec::new() }),
    ];
    for message in messages {
        let text = json::to_string(&message);
        assert_eq!(json::from_str::<Message>(&text), Ok(message), "{text}");
    }
    let question = Question { number: 1, ask: Ask::Create { kind: Kind::Place, record: None, edits } };
    let text = json::to_string(&question);
    assert_eq!(json::from_str::<Question>(&text), Ok(question), "{text}");
}

#[test]
fn a_refusal_has_the_form_that_the_protocol_documents() {
    let check = |refusal: Refusal, expected: Value| {
        let text = json::to_string(&refusal);
        assert_eq!(parsed(&text), Some(expected), "{text}");
        assert_eq!(json::from_str(&text), Ok(refusal));
    };
    check(Refusal::Revoked, json!({ "reason": "revoked" }));
    check(Refusal::Malformed { index: 2, detail: "x".into() }, json!({ "reason": "malformed", "index": 2, "detail": "x" }));
    assert!(json::from_str::<Refusal>(r#"{"reason":"because"}"#).is_err());
}
