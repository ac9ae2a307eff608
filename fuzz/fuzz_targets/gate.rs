//! Feeds the gate with damaged changes, their checksum repaired and the batch sealed, against a place
//! with a little history. What gets in must live on.

#![no_main]

use libfuzzer_sys::fuzz_target;
use p256::ecdsa::SigningKey;
use sha2::{Digest, Sha256};
use shared::batch::{self, Batch, BatchChange};
use shared::document::Document;
use shared::edit::{self, Edit};
use shared::gate::{Member, Role, Standing, admit};
use shared::ids::{ActorId, BatchId, DeviceId, GuideId, Nonce, RecordId};
use shared::schema::Kind;
use std::sync::LazyLock;

const RECORD: RecordId = RecordId([1; 16]);
const NONCE: Nonce = Nonce([1; 16]);

struct Scene {
    key: SigningKey,
    member: Member,
    guide: GuideId,
    actor: ActorId,
    place: Document,
}

static SCENE: LazyLock<Scene> = LazyLock::new(|| {
    let key = SigningKey::from_slice(&[1; 32]).expect("a number below the curve's order");
    let public_key = batch::public_key(&key);
    let actor = ActorId::of_session(&public_key, &NONCE);
    let edits =
        [Edit::put("name", "Accueil"), Edit::write("description.fr.text", "Repas"), Edit::put("services.a1.category", "food")];
    let (place, _) = edit::create(Kind::Place, &edits, actor).expect("edits of the schema");
    let member = Member { public_key, role: Role::Editor, active: true };
    Scene { key, member, guide: "lyon".parse().expect("a slug"), actor, place }
});

// libFuzzer's own hook aborts at every panic; the gate catches Automerge's, and only what leaves it counts.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |data: &[u8]| {
    let scene = &*SCENE;
    let mut bytes = data.to_vec();
    if bytes.len() > 8 {
        let digest = Sha256::digest(&bytes[8..]);
        bytes[..4].copy_from_slice(&[0x85, 0x6f, 0x4a, 0x83]);
        bytes[4..8].copy_from_slice(&digest[..4]);
    }
    let device = DeviceId::of_key(&scene.member.public_key);
    let changes = vec![BatchChange { record: RECORD, bytes }];
    let sealed = batch::sign(&Batch { guide: scene.guide.clone(), device, batch: BatchId([1; 16]), nonce: NONCE, changes }, &scene.key);
    let admitted = admit(&sealed, &scene.member, &scene.guide, &mut |_| Standing::Present(scene.place.clone()));
    for record in admitted.into_iter().flatten() {
        let mut document = Document::load(&record.saved).expect("what got in loads");
        edit::apply(&mut document, &[Edit::put("email", "a@example.org")], scene.actor).expect("and takes further edits");
        assert_eq!(Document::load(&document.save()).expect("and loads again").tree(), document.tree());
    }
});
