//! What pages are made of. Each reads the [`crate::guide::Site`] at most, holds no state, and gives
//! HTML that means the same without the stylesheet.

use leptos::prelude::{AnyView, IntoAny};

mod aloud;
mod badges;
mod call;
mod card;
mod copy;
mod facts;
mod frame;
mod hours;
mod icon;
mod pager;
mod parts;
mod search_field;
mod week;
mod words;

pub use aloud::read_aloud;
pub use badges::badges;
pub use call::{calls, phones, reads, sms, tel};
pub use card::{page_link, place_card, way_in_words, way_to};
pub use copy::copy_button;
pub use facts::{ease, facts};
pub use frame::{BottomBar, Footer, NEUTRAL, StateLine, TopBar};
pub use hours::{Certainty, certainty, is_announced_closed, opening, opening_of};
pub use icon::{drawing, icon};
pub use pager::pager;
pub use parts::part;
pub use search_field::{Typed, search_field};
pub use week::{bar, spans_in_words, week};
pub use words::{paragraphs, passage, remark, remarked, said};

/// Views one after the other. As views of one type: each type of list would be a program of its own.
pub fn each<V: IntoAny>(views: impl IntoIterator<Item = V>) -> Vec<AnyView> {
    views.into_iter().map(IntoAny::into_any).collect()
}
