//! Web Locks: one tab at a time. Only to spare the network; nothing depends on it, and where the
//! browser has no locks every tab goes ahead.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A lock that is held until this is dropped, or the worker ends.
pub struct Lock {
    release: Option<Function>,
}

impl Lock {
    /// Waits for the lock of this name.
    pub async fn take(name: &str) -> Lock {
        Lock { release: hold(name).await.ok() }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // Resolving a promise throws nothing.
            drop(release.call0(&JsValue::UNDEFINED));
        }
    }
}

async fn hold(name: &str) -> Result<Function, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let (held, release) = promise();
    let (granted, grant) = promise();
    let on_granted = Closure::once_into_js(move |_: JsValue| -> Promise {
        drop(grant.call0(&JsValue::UNDEFINED));
        held
    });
    request.call2(&locks, &name.into(), &on_granted)?;
    JsFuture::from(granted).await?;
    Ok(release)
}

/// A promise, and the function that fulfils it.
fn promise() -> (Promise, Function) {
    // Not `Function::default()`: that evaluates text, which our content security policy forbids.
    let mut fulfil = None;
    let promise = Promise::new(&mut |resolve, _| fulfil = Some(resolve));
    (promise, fulfil.expect("a promise calls its executor at once"))
}
