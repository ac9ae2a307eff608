//! Parts of a page that are drawn only when they are new. Leptos sets every attribute of a view again
//! where the types of views are erased, as they are for phones: a letter that changes nothing would
//! cost a cheap phone the style and layout of all that is shown.

use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState};

/// What a part shows, in a word, and how it is drawn.
struct Part {
    word: String,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// A part of a page: it stays as it is for as long as it has the same word in the same place.
pub fn part(word: impl Into<String>, draw: impl FnOnce() -> AnyView + Send + 'static) -> AnyView {
    Part { word: word.into(), draw: Box::new(draw) }.into_any()
}

struct Drawn {
    word: String,
    view: AnyViewState,
}

impl Render for Part {
    type State = Drawn;

    fn build(self) -> Drawn {
        Drawn { word: self.word, view: (self.draw)().build() }
    }

    fn rebuild(self, state: &mut Drawn) {
        if self.word != state.word {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
        }
    }
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        self.view.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.view.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.view.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.view.elements()
    }
}

no_attrs!(Part);

impl RenderHtml for Part {
    type AsyncOutput = Part;
    type Owned = Part;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Part {
        self
    }

    fn to_html_with_buf(self, html: &mut String, at: &mut Position, escape: bool, mark: bool, extra: Vec<AnyAttribute>) {
        (self.draw)().to_html_with_buf(html, at, escape, mark, extra);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, at: &PositionState) -> Drawn {
        Drawn { word: self.word, view: (self.draw)().hydrate::<FROM_SERVER>(cursor, at) }
    }

    fn into_owned(self) -> Part {
        self
    }
}
