//! Files of sealed batches: what was put in comes out, and nothing else passes for one.

use p256::ecdsa::SigningKey;
use shared::batch::{Batch, BatchChange, sign};
use shared::carry::{batches, file, text};
use shared::ids::{BatchId, DeviceId, Nonce, RecordId};

fn sealed(number: u8) -> Vec<u8> {
    let key = SigningKey::from_slice(&[1; 32]).expect("a key");
    let changes = vec![BatchChange { record: RecordId([number; 16]), bytes: vec![number; 300] }];
    let batch = Batch {
        guide: "lyon".parse().expect("a guide"),
        device: DeviceId([2; 16]),
        batch: BatchId([number; 16]),
        nonce: Nonce([3; 16]),
        changes,
    };
    sign(&batch, &key).encode()
}

#[test]
fn what_was_put_in_comes_out_in_order() {
    let all = [sealed(1), sealed(2), sealed(3)];
    let read = batches(&file(&all)).expect("a file");
    assert_eq!(read.iter().map(|(sealed, _)| sealed.batch.batch.0[0]).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(read.iter().zip(&all).all(|((_, bytes), put)| bytes == put), "to the byte: the signature is over them");
}

#[test]
fn two_files_in_a_row_are_a_file() {
    let both = [file(&[sealed(1)]), file(&[sealed(2), sealed(3)])].concat();
    assert_eq!(batches(&both).expect("a file").len(), 3);
}

#[test]
fn a_text_holds_the_same_however_it_came_through() {
    let all = [sealed(1), sealed(2)];
    let (text, as_file) = (text(&all), batches(&file(&all)));
    assert!(as_file.is_some());
    assert_eq!(text.lines().count(), 2);
    let folded: String = text.as_bytes().chunks(76).map(|line| format!("{}\r\n", String::from_utf8_lossy(line))).collect();
    for came in [text.clone(), folded, format!("\u{feff}{text}"), text.trim_end().to_owned()] {
        assert_eq!(batches(came.as_bytes()), as_file);
    }
    assert_eq!(batches(format!("{text}{text}").as_bytes()).map(|all| all.len()), Some(4));
    assert_eq!(batches(&text.as_bytes()[1..]), None, "half a byte is missing");
    assert_eq!(batches(b"\n"), None);
}

#[test]
fn nothing_else_passes_for_a_file() {
    let good = file(&[sealed(1), sealed(2)]);
    assert!(batches(b"").is_none());
    assert!(batches(b"name,street\nLa Passerelle,1").is_none());
    for cut in 1..good.len() {
        let whole = cut == sealed(1).len();
        assert_eq!(batches(&good[..cut]).is_some(), whole, "cut at {cut}");
    }
    let behind = [good, vec![0]].concat();
    assert!(batches(&behind).is_none(), "a number is CBOR, but no batch");
}
