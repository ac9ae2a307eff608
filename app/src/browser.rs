//! The app in a browser: takes over the page that the relay sent, keeps the phone's copy of the
//! guide fresh, follows links, and does what only a browser can do. The only code of the UI that
//! names the browser.
//!
//! Takeover, not hydration: the relay's HTML is a preview, the phone's copy is the truth. The app
//! mounts beside the server's nodes and removes them in the same frame, keeping scroll, focus and
//! typed text. Where the app has nothing to show, the server's page stays.

mod copies;
pub(crate) mod gestures;
mod hands;
pub mod link;
mod locate;
pub(crate) mod navigation;
mod relay;
mod script;
pub(crate) mod streets;
mod takeover;
mod visit;

use crate::desk::Desks;
use crate::pages::Content;
use crate::routes::Route;
use std::pin::Pin;

pub use visit::Visit;

/// Makes the desks of a visit, and has it hear how the replica stands.
pub type MakeDesks = fn(Visit) -> Desks;

/// Loads a page that is opened seldom; says whether it is here now.
pub type Fetch = fn(&Route) -> Pin<Box<dyn Future<Output = bool>>>;

/// What a program in the browser consists of. Readers' and members' pages are two programs, so that
/// readers do not pay for forms; each follows links among its own pages and loads a document for the
/// other's.
#[derive(Clone, Copy)]
pub struct Program {
    pub content: Content,
    /// Loads what the content of seldom pages needs; none where all of it is there.
    pub fetch: Option<Fetch>,
    /// How members' pages come by their replica; none for readers.
    pub desks: Option<MakeDesks>,
}

impl Program {
    fn is_for_members(&self) -> bool {
        self.desks.is_some()
    }
}

/// Tells a developer what the browser would not do. The value itself, not its text: the programs are
/// built without the code that writes values out.
fn complain(what: &str, cause: &wasm_bindgen::JsValue) {
    web_sys::console::error_2(&what.into(), cause);
}

/// Starts a program on the page it was loaded by. In a box: a future that another crate polls is compiled
/// there once more, with all that it waits for.
pub fn start(program: Program, sprite: String) -> Pin<Box<dyn Future<Output = ()>>> {
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    Box::pin(takeover::take_over(program, sprite))
}
