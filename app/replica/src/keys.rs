//! The device's key: made and kept by the browser, used here without being read. A lock seals it, so
//! it can be taken out once, by `vault.js`.

use crate::browser::scope;
use crate::line::internal;
use js_sys::{Array, Object, Reflect, Uint8Array};
use shared::ids::GuideId;
use shared::link::Trouble;
use shared::replica::Keys;
use std::cell::RefCell;
use storage::Db;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

pub struct DeviceKeys {
    db: Db,
    guide: GuideId,
    known: RefCell<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    private: CryptoKey,
    public: Vec<u8>,
}

impl DeviceKeys {
    pub fn new(db: Db, guide: GuideId) -> DeviceKeys {
        DeviceKeys { db, guide, known: RefCell::new(None) }
    }

    async fn known(&self) -> Result<Option<Known>, Trouble> {
        if let Some(known) = self.known.borrow().as_ref() {
            return Ok(Some(known.clone()));
        }
        let Some(pair) = self.db.key_pair(&self.guide).await? else { return Ok(None) };
        let known = read(&pair).await.map_err(|thrown| internal(&thrown))?;
        *self.known.borrow_mut() = Some(known.clone());
        Ok(Some(known))
    }
}

impl Keys for DeviceKeys {
    async fn public_key(&self) -> Result<Option<Vec<u8>>, Trouble> {
        Ok(self.known().await?.map(|known| known.public))
    }

    async fn make(&self) -> Result<Vec<u8>, Trouble> {
        if let Some(known) = self.known().await? {
            return Ok(known.public);
        }
        let pair = generate().await.map_err(|thrown| internal(&thrown))?;
        self.db.put_key_pair(&self.guide, &pair).await?;
        // As it is kept, not as it was made: should two tabs make one at once, both use the same.
        let known = self.known().await?;
        known.map(|known| known.public).ok_or_else(|| internal(&"the key was not kept".into()))
    }

    async fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], Trouble> {
        let known = self.known().await?.ok_or(Trouble::NotJoined)?;
        let signature = sign(&known.private, bytes).await.map_err(|thrown| internal(&thrown))?;
        signature.try_into().map_err(|_| internal(&"the signature is not 64 bytes".into()))
    }

    async fn forget(&self) -> Result<(), Trouble> {
        self.known.borrow_mut().take();
        Ok(self.db.remove_key_pair(&self.guide).await?)
    }
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    let crypto = scope().crypto()?;
    // Absent where the page was not loaded securely.
    let subtle = Reflect::get(&crypto, &"subtle".into())?;
    subtle.dyn_into().map_err(|_| "this address is not secure (https): the browser makes no keys here".into())
}

/// `{name: "ECDSA", …}`
fn ecdsa(name: &str, value: &str) -> Result<Object, JsValue> {
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"ECDSA".into())?;
    Reflect::set(&algorithm, &name.into(), &value.into())?;
    Ok(algorithm)
}

async fn generate() -> Result<JsValue, JsValue> {
    let usages = Array::of2(&"sign".into(), &"verify".into());
    JsFuture::from(subtle()?.generate_key_with_object(&ecdsa("namedCurve", "P-256")?, true, &usages)?).await
}

#[wasm_bindgen]
extern "C" {
    /// From `vault.js`: the pair that is kept, its private half unsealed.
    #[wasm_bindgen(catch, js_namespace = vault, js_name = pair)]
    async fn unsealed(kept: &JsValue) -> Result<JsValue, JsValue>;
}

async fn read(kept: &JsValue) -> Result<Known, JsValue> {
    let pair = unsealed(kept).await?;
    let half = |name: &str| Reflect::get(&pair, &name.into())?.dyn_into::<CryptoKey>();
    let (private, public) = (half("privateKey")?, half("publicKey")?);
    // "raw": the uncompressed point, 65 bytes.
    let raw = JsFuture::from(subtle()?.export_key("raw", &public)?).await?;
    Ok(Known { private, public: Uint8Array::new(&raw).to_vec() })
}

async fn sign(key: &CryptoKey, bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
    let signed = subtle()?.sign_with_object_and_u8_array(&ecdsa("hash", "SHA-256")?, key, bytes)?;
    Ok(Uint8Array::new(&JsFuture::from(signed).await?).to_vec())
}
