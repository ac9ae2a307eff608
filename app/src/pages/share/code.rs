//! A link as a QR code (ISO/IEC 18004), as one path of an SVG.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Light modules around the code, without which cameras do not find it.
const QUIET: i32 = 4;

/// None for a text that no code holds.
pub fn drawn(text: &str, label: &str) -> Option<AnyView> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size() + 2 * QUIET;
    let view = view! {
        <svg class="code" viewBox=format!("0 0 {size} {size}") role="img" aria-label=label.to_owned()>
            <path d=path(&code)></path>
        </svg>
    };
    Some(view.into_any())
}

/// One rectangle for each run of dark modules in a row.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run + 1;
        }
    }
    path
}
