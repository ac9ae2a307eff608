//! People with keys, a relay's desk behind the gate, and tools to take a change apart and put it
//! together wrongly.

use automerge::{Change, ExpandedChange};
use p256::ecdsa::SigningKey;
use sha2::{Digest, Sha256};
use shared::batch::{self, Batch, BatchChange, Sealed};
use shared::document::Document;
use shared::edit::{self, Edit};
use shared::gate::{self, Admitted, Member, Refusal, Role, Standing};
use shared::ids::{ActorId, BatchId, DeviceId, GuideId, Nonce, RecordId, hex};
use shared::schema::Kind;
use std::collections::BTreeMap;
use std::path::Path;

pub fn guide() -> GuideId {
    "lyon".parse().expect("a slug")
}

pub fn record(number: u8) -> RecordId {
    RecordId([number; 16])
}

/// Somebody with a device.
#[derive(Clone)]
pub struct Person {
    pub key: SigningKey,
    pub nonce: Nonce,
    pub role: Role,
    pub active: bool,
}

impl Person {
    pub fn new(number: u8) -> Person {
        let key = SigningKey::from_slice(&[number; 32]).expect("a number below the curve's order");
        Person { key, nonce: Nonce([number; 16]), role: Role::Editor, active: true }
    }

    pub fn steward(number: u8) -> Person {
        Person { role: Role::Steward, ..Person::new(number) }
    }

    pub fn actor(&self) -> ActorId {
        ActorId::of_session(&batch::public_key(&self.key), &self.nonce)
    }

    pub fn member(&self) -> Member {
        Member { public_key: batch::public_key(&self.key), role: self.role, active: self.active }
    }

    pub fn batch(&self, changes: Vec<BatchChange>) -> Batch {
        let device = DeviceId::of_key(&batch::public_key(&self.key));
        Batch { guide: guide(), device, batch: BatchId([7; 16]), nonce: self.nonce, changes }
    }

    pub fn seal(&self, changes: Vec<BatchChange>) -> Sealed {
        batch::sign(&self.batch(changes), &self.key)
    }

    pub fn create(&self, kind: Kind, edits: &[Edit]) -> (Document, Vec<Vec<u8>>) {
        edit::create(kind, edits, self.actor()).expect("edits of the schema")
    }

    pub fn edit(&self, document: &mut Document, edits: &[Edit]) -> Vec<u8> {
        edit::apply(document, edits, self.actor()).expect("edits of the schema").expect("something differs")
    }
}

/// The relay's documents.
#[derive(Clone, Default)]
pub struct Desk {
    pub documents: BTreeMap<RecordId, Document>,
    pub purged: Vec<RecordId>,
}

impl Desk {
    pub fn admit(&self, sealed: &Sealed, member: &Member) -> Result<Vec<Admitted>, Refusal> {
        gate::admit(sealed, member, &guide(), &mut |record| self.standing(record))
    }

    /// Without the seal: a signature costs more than all the rest.
    pub fn admit_contents(&self, batch: &Batch, member: &Member) -> Result<Vec<Admitted>, Refusal> {
        gate::contents(batch, member, &guide(), &mut |record| self.standing(record))
    }

    fn standing(&self, record: RecordId) -> Standing {
        match self.documents.get(&record) {
            _ if self.purged.contains(&record) => Standing::Purged,
            Some(document) => Standing::Present(document.clone()),
            None => Standing::Absent,
        }
    }

    /// Lets the changes in, or says why not.
    pub fn push(&mut self, person: &Person, record: RecordId, changes: &[Vec<u8>]) -> Result<usize, Refusal> {
        let batch = changes.iter().map(|bytes| BatchChange { record, bytes: bytes.clone() }).collect();
        let admitted = self.admit(&person.seal(batch), &person.member());
        if let (Err(_), Some(folder)) = (&admitted, std::env::var_os(REFUSED_VARIABLE)) {
            keep(Path::new(&folder), person, record, changes);
        }
        let admitted = admitted?;
        let count = admitted.iter().map(|record| record.changes.len()).sum();
        self.documents.extend(admitted.into_iter().map(|admitted| (admitted.record, admitted.document)));
        Ok(count)
    }
}

/// Names a folder to which everything that is refused is written, for whoever wants to press a relay
/// with it: key, nonce, record, and each change after its length.
pub const REFUSED_VARIABLE: &str = "SOCLE_REFUSED";

fn keep(folder: &Path, person: &Person, record: RecordId, changes: &[Vec<u8>]) {
    let key: [u8; 32] = person.key.to_bytes().into();
    let mut bytes = [key.as_slice(), &person.nonce.0, &record.0].concat();
    for change in changes {
        bytes.extend(u32::try_from(change.len()).expect("short").to_be_bytes());
        bytes.extend(change);
    }
    std::fs::write(folder.join(hex(&Sha256::digest(&bytes)[..16])), bytes).expect("the folder can be written");
}

/// The place that Alice makes.
pub fn beginning(alice: &Person) -> (Document, Vec<Vec<u8>>) {
    let edits = [
        Edit::put("name", "Accueil de jour"),
        Edit::put("services.a1.category", "food.meal"),
        Edit::write("services.a1.description.fr.text", "Repas chauds"),
        Edit::write("internal_note", "note"),
    ];
    alice.create(Kind::Place, &edits)
}

/// A desk with one place that Alice made, Alice, and her copy.
pub fn one_place() -> (Desk, Person, Document) {
    let alice = Person::new(1);
    let (document, changes) = beginning(&alice);
    let mut desk = Desk::default();
    desk.push(&alice, record(1), &changes).expect("an honest beginning");
    (desk, alice, document)
}

pub fn parse(bytes: &[u8]) -> Change {
    Change::from_bytes(bytes.to_vec()).expect("bytes of a change")
}

/// Takes a good change's operations apart, lets `spoil` at them, and encodes them again.
pub fn spoiled(bytes: &[u8], spoil: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
    let mut expanded = parse(bytes).decode();
    spoil(&mut expanded);
    Change::from(expanded).raw_bytes().to_vec()
}

/// A change chunk as its parts, each of which can be wrong.
#[derive(Debug, Clone)]
pub struct Parts {
    pub chunk: u8,
    pub deps: Vec<Vec<u8>>,
    pub actor: Vec<u8>,
    pub seq: u64,
    pub start_op: u64,
    pub time: i64,
    pub message: Vec<u8>,
    pub others: Vec<Vec<u8>>,
    pub columns: Vec<(u64, Vec<u8>)>,
    pub extra: Vec<u8>,
}

impl Parts {
    pub fn of(bytes: &[u8]) -> Parts {
        let mut at = 9;
        let length = unsigned(bytes, &mut at);
        assert_eq!(at + length as usize, bytes.len(), "one whole chunk");
        let count = claimed(bytes, &mut at);
        let deps = (0..count).map(|_| take(bytes, &mut at, 32)).collect();
        let actor = prefixed(bytes, &mut at);
        let (seq, start_op) = (unsigned(bytes, &mut at), unsigned(bytes, &mut at));
        let time = i64::from(bytes[at]);
        at += 1;
        let message = prefixed(bytes, &mut at);
        let count = claimed(bytes, &mut at);
        let others = (0..count).map(|_| prefixed(bytes, &mut at)).collect();
        let count = claimed(bytes, &mut at);
        let listed: Vec<(u64, u64)> = (0..count).map(|_| (unsigned(bytes, &mut at), unsigned(bytes, &mut at))).collect();
        let columns = listed.into_iter().map(|(spec, length)| (spec, take(bytes, &mut at, length as usize))).collect();
        let extra = bytes[at..].to_vec();
        Parts { chunk: 1, deps, actor, seq, start_op, time, message, others, columns, extra }
    }

    pub fn column(&mut self, spec: u64) -> &mut Vec<u8> {
        if !self.columns.iter().any(|(known, _)| *known == spec) {
            self.columns.push((spec, Vec::new()));
            self.columns.sort_by_key(|(spec, _)| *spec);
        }
        &mut self.columns.iter_mut().find(|(known, _)| *known == spec).expect("added above").1
    }

    pub fn body(&self) -> Vec<u8> {
        let mut body = leb(self.deps.len() as u64);
        body.extend(self.deps.concat());
        put_prefixed(&mut body, &self.actor);
        body.extend(leb(self.seq));
        body.extend(leb(self.start_op));
        body.extend(signed_leb(self.time));
        put_prefixed(&mut body, &self.message);
        body.extend(leb(self.others.len() as u64));
        self.others.iter().for_each(|other| put_prefixed(&mut body, other));
        body.extend(leb(self.columns.len() as u64));
        for (spec, data) in &self.columns {
            body.extend(leb(*spec));
            body.extend(leb(data.len() as u64));
        }
        self.columns.iter().for_each(|(_, data)| body.extend(data));
        body.extend(&self.extra);
        body
    }

    pub fn bytes(&self) -> Vec<u8> {
        framed(self.chunk, &self.body())
    }
}

/// A chunk around `body`, its checksum right.
pub fn framed(chunk: u8, body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![chunk];
    hashed.extend(leb(body.len() as u64));
    hashed.extend(body);
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83];
    bytes.extend(&Sha256::digest(&hashed)[..4]);
    bytes.extend(hashed);
    bytes
}

/// Makes the checksum of a chunk whose contents were changed right again.
pub fn repair(bytes: &mut [u8]) {
    if bytes.len() > 8 {
        let digest = Sha256::digest(&bytes[8..]);
        bytes[4..8].copy_from_slice(&digest[..4]);
    }
}

pub fn leb(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

pub fn signed_leb(mut value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && low & 0x40 == 0) || (value == -1 && low & 0x40 != 0) {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn unsigned(bytes: &[u8], at: &mut usize) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[*at];
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return value;
        }
    }
}

/// A count of things that follow: a change that was damaged may claim any.
fn claimed(bytes: &[u8], at: &mut usize) -> u64 {
    let count = unsigned(bytes, at);
    assert!(count <= bytes.len() as u64, "fewer things than bytes");
    count
}

fn take(bytes: &[u8], at: &mut usize, count: usize) -> Vec<u8> {
    *at += count;
    bytes[*at - count..*at].to_vec()
}

fn prefixed(bytes: &[u8], at: &mut usize) -> Vec<u8> {
    let count = unsigned(bytes, at) as usize;
    take(bytes, at, count)
}

fn put_prefixed(to: &mut Vec<u8>, bytes: &[u8]) {
    to.extend(leb(bytes.len() as u64));
    to.extend(bytes);
}
