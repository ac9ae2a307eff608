//! A relay in a temporary folder, asked over its own router, and phones that talk to it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use p256::ecdsa::SigningKey;
use serde_json::Value;
use server::config::Config;
use server::publish;
use server::relay::{LocalDevice, NewGuide, Relay, RelayError};
use server::router::router;
use server::site::Site;
use server::state::AppState;
use server::store::{StoreError, Writing};
use shared::batch::{BatchChange, Sealed, public_key};
use shared::document::Document;
use shared::edit::{self, Edit};
use shared::gate::Role;
use shared::ids::{DeviceId, GuideId, Nonce, RecordId};
use shared::joining;
use shared::schema::Kind;
use shared::wire::{Accepted, Redeem, Redeemed};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::channel;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// 2026-11-23T12:00:00Z.
const NOON: i64 = 1_795_435_200;

pub struct House {
    pub folder: TempDir,
    pub relay: Arc<Relay>,
    pub state: AppState,
    pub guide: GuideId,
    pub runtime: Runtime,
    pub app: Router,
    pub clock: Arc<AtomicI64>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).expect("a text answer")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("a JSON answer")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of ASCII"))
    }

    /// Status and reason, for answers that say no.
    pub fn refusal(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["reason"].as_str().unwrap_or_default().to_owned())
    }
}

impl House {
    /// A relay with one guide, `lyon`, in French and Arabic, published.
    pub fn new() -> House {
        House::in_folder(tempfile::tempdir().expect("a temporary folder"))
    }

    /// The same in a folder that may hold a built site.
    pub fn in_folder(folder: TempDir) -> House {
        let house = House::open(folder);
        let guide = NewGuide {
            id: house.guide.clone(),
            name: "Lyon solidaire".to_owned(),
            language: "fr".to_owned(),
            time_zone: "Europe/Paris".to_owned(),
            country: Some("FR".to_owned()),
        };
        house.relay.create_guide(&guide).expect("an empty relay takes a guide");
        house.change_settings(&[Edit::put("languages.ar", true)]);
        house
    }

    /// The relay that is in `folder`.
    pub fn open(folder: TempDir) -> House {
        let clock = Arc::new(AtomicI64::new(NOON));
        let relay = open_relay(folder.path(), &clock);
        let config = Config::new("127.0.0.1:8080".parse().expect("an address"), Some("https://guide.example.org".to_owned()));
        let site = Site::in_folder(folder.path());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let state = AppState::new(relay.clone(), site, config).expect("the system has randomness");
        let app = router(state.clone());
        House { folder, relay, state, guide: "lyon".parse().expect("a slug"), runtime, app, clock }
    }

    /// Stops the relay and starts it again on the same folder.
    pub fn restarted(self) -> House {
        self.relay.close();
        House::open(self.folder)
    }

    pub fn pass_hours(&self, hours: i64) {
        self.clock.fetch_add(hours * 3_600, Ordering::Relaxed);
    }

    pub fn publish(&self) -> publish::Published {
        publish::publish(&self.relay, &self.guide).expect("a sound relay publishes")
    }

    /// The steward's own changes to the guide's settings.
    pub fn change_settings(&self, edits: &[Edit]) {
        let device = self.relay.local_device(&self.guide, "relay", Role::Steward).expect("a key can be kept");
        let held = self.relay.record(&self.guide, self.guide.settings()).expect("readable").expect("there since the start");
        let mut document = held.document;
        let bytes = edit::apply(&mut document, edits, device.actor()).expect("edits that fit").expect("something differs");
        let sealed = device.seal(vec![BatchChange { record: held.record, bytes }]).expect("random bytes");
        self.relay.submit(sealed).expect("a steward may change settings");
        self.publish();
    }

    pub fn ask(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(self.asking(request))
    }

    pub fn asking(&self, request: Request<Body>) -> impl Future<Output = Answer> + use<> {
        let app = self.app.clone();
        async move {
            let response = app.oneshot(request).await.expect("the router never fails");
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.expect("a body in memory").to_vec();
            Answer { status: parts.status, headers: parts.headers, bytes }
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::empty()).expect("a request"))
    }

    pub fn send(&self, sealed: &Sealed) -> Answer {
        self.ask(self.sending(sealed))
    }

    /// Has `batches` decided about and queued while the writer is busy, and then `meanwhile` done before
    /// their turn.
    pub fn send_while_busy(
        &self,
        batches: &[Sealed],
        meanwhile: impl FnOnce(&Writing<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Vec<Result<Accepted, RelayError>> {
        let (go, wait) = channel::<()>();
        let busy = self.relay.store().write(move |rows| {
            wait.recv().ok();
            meanwhile(rows)
        });
        let answers = self.runtime.block_on(async {
            let sending = futures::future::join_all(batches.iter().map(|sealed| self.relay.receive(sealed.clone())));
            let release = async {
                while self.relay.store().waiting() < batches.len() {
                    tokio::task::yield_now().await;
                }
                go.send(()).expect("the writer waits");
            };
            futures::future::join(sending, release).await.0
        });
        busy.wait().expect("done");
        answers
    }

    pub fn sending(&self, sealed: &Sealed) -> Request<Body> {
        let path = format!("/api/guides/{}/batches/{}", sealed.batch.guide, sealed.batch.batch);
        Request::post(path).body(Body::from(sealed.encode())).expect("a request")
    }

    pub fn redeem(&self, redeem: &Redeem) -> Answer {
        let body = shared::json::to_string(redeem).into_bytes();
        self.ask(Request::post("/api/invites").body(Body::from(body)).expect("a request"))
    }

    /// A new phone that joined with `role`.
    pub fn phone(&self, role: Role, name: &str) -> Phone {
        let phone = Phone::new(&self.guide, name);
        let token = self.relay.invite(&self.guide, role, 1).expect("an invite");
        let answer = self.redeem(&phone.redeem(&token));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let joined: Redeemed = shared::json::from_slice(&answer.bytes).expect("what was promised");
        Phone { token: joined.read_token, ..phone }
    }
}

pub fn open_relay(folder: &Path, clock: &Arc<AtomicI64>) -> Arc<Relay> {
    let clock = clock.clone();
    let now = move || Timestamp::from_second(clock.load(Ordering::Relaxed)).expect("a time near now");
    Relay::open_at(folder, Arc::new(now)).expect("a folder that can be written")
}

/// A member's device.
pub struct Phone {
    pub device: LocalDevice,
    pub name: String,
    pub token: String,
}

/// A record as a phone has it.
#[derive(Clone)]
pub struct Sheet {
    pub record: RecordId,
    pub document: Document,
}

impl Phone {
    pub fn new(guide: &GuideId, name: &str) -> Phone {
        let key = SigningKey::from_slice(&draw::<32>()).expect("all but very few strings are keys");
        let public_key = public_key(&key);
        let id = DeviceId::of_key(&public_key);
        let device = LocalDevice { guide: guide.clone(), id, key, public_key, nonce: Nonce(draw()) };
        Phone { device, name: name.to_owned(), token: String::new() }
    }

    pub fn redeem(&self, token: &str) -> Redeem {
        joining::redeem(token, &self.name, &self.device.key)
    }

    pub fn seal(&self, record: RecordId, changes: Vec<Vec<u8>>) -> Sealed {
        let changes = changes.into_iter().map(|bytes| BatchChange { record, bytes }).collect();
        self.device.seal(changes).expect("random bytes")
    }

    /// A new place of this name, and the batch that brings it.
    pub fn place(&self, name: &str) -> (Sheet, Sealed) {
        self.create(Kind::Place, &[Edit::put("name", name)])
    }

    pub fn create(&self, kind: Kind, edits: &[Edit]) -> (Sheet, Sealed) {
        self.create_as(kind, RecordId(draw()), edits)
    }

    pub fn create_as(&self, kind: Kind, record: RecordId, edits: &[Edit]) -> (Sheet, Sealed) {
        let (document, changes) = edit::create(kind, edits, self.device.actor()).expect("edits that fit");
        (Sheet { record, document }, self.seal(record, changes))
    }

    /// One more change of a record that this phone holds.
    pub fn edit(&self, sheet: &mut Sheet, edits: &[Edit]) -> Sealed {
        let change = edit::apply(&mut sheet.document, edits, self.device.actor()).expect("edits that fit");
        self.seal(sheet.record, vec![change.expect("something differs")])
    }
}

pub fn draw<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    bytes
}
