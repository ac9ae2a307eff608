//! What pages are made of. Each reads the [`crate::guide::Site`] at most, holds no state, and gives
//! HTML that means the same without the stylesheet.

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
pub use hours::{Certainty, certainty, opening, opening_of};
pub use icon::icon;
pub use pager::pager;
pub use search_field::search_field;
pub use week::{bar, spans_in_words, week};
pub use words::{paragraphs, passage, remark, remarked, said};
