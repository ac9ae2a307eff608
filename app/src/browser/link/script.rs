//! Addresses of scripts, as our content security policy demands them: through the Trusted Types
//! policy `socle`, which lets nothing pass but files of this site.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

/// Where the one policy is kept: a second one of the same name is forbidden.
const KEPT_AS: &str = "soclePolicy";

/// `path` as a `TrustedScriptURL`; as it is where the browser does not know Trusted Types.
pub fn trusted_script_url(path: &str) -> Result<JsValue, JsValue> {
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(JsValue::from_str("scripts come from this site only"));
    }
    let global = js_sys::global();
    let types = Reflect::get(&global, &"trustedTypes".into())?;
    if types.is_undefined() {
        return Ok(path.into());
    }
    let policy = policy(&global, &types)?;
    let create: Function = Reflect::get(&policy, &"createScriptURL".into())?.dyn_into()?;
    create.call1(&policy, &path.into())
}

fn policy(global: &Object, types: &JsValue) -> Result<JsValue, JsValue> {
    let kept = Reflect::get(global, &KEPT_AS.into())?;
    if !kept.is_undefined() {
        return Ok(kept);
    }
    let rules = Object::new();
    let same_site = Closure::<dyn Fn(String) -> Result<String, JsValue>>::new(|url: String| {
        let same = url.starts_with('/') && !url.starts_with("//");
        if same { Ok(url) } else { Err(JsValue::from_str("scripts come from this site only")) }
    });
    Reflect::set(&rules, &"createScriptURL".into(), &same_site.into_js_value())?;
    let create: Function = Reflect::get(types, &"createPolicy".into())?.dyn_into()?;
    let policy = create.call2(types, &"socle".into(), &rules)?;
    Reflect::set(global, &KEPT_AS.into(), &policy)?;
    Ok(policy)
}
