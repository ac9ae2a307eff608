//! Reading aloud: `boot.js` does it, with the phone's own voices, and shows the button where there is
//! one for the page's language.

use super::icon;
use crate::locale::Locale;
use leptos::prelude::*;

pub fn read_aloud(locale: &Locale) -> AnyView {
    view! {
        <button type="button" class="button aloud" data-aloud="">
            {icon("speaker")} <span class="start">{locale.text("read.aloud")}</span>
            <span class="stop">{locale.text("read.stop")}</span>
        </button>
    }
    .into_any()
}
