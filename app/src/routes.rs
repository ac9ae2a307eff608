//! Every address of Socle's pages, on one screen. A path becomes a [`Route`] and back; nothing else
//! in the app builds or reads an address. Total: any path is a route, [`Route::NotFound`] at worst.

use shared::ids::{GuideId, RecordId};
use shared::schema::{Kind, is_language};
use shared::sketch::View;
use std::fmt::Write;

mod filters;
mod map;
mod query;

pub use filters::{Area, Ask, At, Filter, Filters, Part};
pub use query::{Query, encode};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The guides of this relay.
    Guides,
    /// A guide's languages.
    Languages {
        guide: GuideId,
    },
    Home {
        guide: GuideId,
        language: String,
    },
    /// The places of a category or of one of its kinds. Pages count from 1.
    Category {
        guide: GuideId,
        language: String,
        code: String,
        filters: Filters,
        page: usize,
    },
    Search {
        guide: GuideId,
        language: String,
        query: String,
        filters: Filters,
        page: usize,
    },
    /// Where a list, one of the two above, is given the filters that are seldom needed.
    Filters(Box<Route>),
    /// The sketch map, of one category or of all; without a view, the whole territory.
    Map {
        guide: GuideId,
        language: String,
        code: Option<String>,
        filters: Filters,
        view: Option<View>,
    },
    Place {
        guide: GuideId,
        language: String,
        record: RecordId,
    },
    /// Handing a place to someone else.
    Share {
        guide: GuideId,
        language: String,
        record: RecordId,
    },
    Page {
        guide: GuideId,
        language: String,
        record: RecordId,
    },
    /// What the person saved on this phone.
    Saved {
        guide: GuideId,
        language: String,
    },
    /// This copy: what is on this phone, languages, sources.
    About {
        guide: GuideId,
        language: String,
    },
    /// The phone in someone else's hands: leaving at once, wiping, reading without keeping.
    Phone {
        guide: GuideId,
        language: String,
    },
    /// Where an invite leads; its secret stands in the fragment and is not part of the route.
    Join {
        guide: GuideId,
    },
    /// The members' pages.
    Desk {
        guide: GuideId,
        language: String,
        view: DeskView,
    },
    /// With as much of the address as could be read, so that the page can help.
    NotFound {
        guide: Option<GuideId>,
        language: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskView {
    List,
    New(Kind),
    Edit(Kind, RecordId),
    Outbox,
    Members,
    /// What waits for a second pair of eyes, and one record of that.
    Review,
    Proposal(RecordId),
    /// How a record came to be as it is.
    History(RecordId),
    /// Undoing what one device changed.
    Undo,
    /// A table brought in by a steward.
    Import,
}

impl Route {
    /// The page at `path` with the query string `query` (without `?`; empty where there is none).
    pub fn parse(path: &str, query: &str) -> Route {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let Some((first, rest)) = segments.split_first() else { return Route::Guides };
        let Ok(guide) = first.parse::<GuideId>() else { return Route::NotFound { guide: None, language: None } };
        match rest {
            [] => Route::Languages { guide },
            ["join"] => Route::Join { guide },
            [language, rest @ ..] if is_language(language) => {
                let language = (*language).to_owned();
                let not_found = Route::NotFound { guide: Some(guide.clone()), language: Some(language.clone()) };
                Route::inside(guide, language, rest, &Query::parse(query)).unwrap_or(not_found)
            }
            _ => Route::NotFound { guide: Some(guide), language: None },
        }
    }

    fn inside(guide: GuideId, language: String, rest: &[&str], query: &Query) -> Option<Route> {
        let (rest, narrows) = match rest {
            [list @ .., "filters"] => (list, true),
            rest => (rest, false),
        };
        let page = query.number("page").unwrap_or(1).max(1);
        let filters = Filters::parse(query);
        let route = match rest {
            [] => Route::Home { guide, language },
            ["category", code] if shared::categories::is_code(code) => {
                Route::Category { guide, language, code: (*code).to_owned(), filters, page }
            }
            ["search"] => Route::Search { guide, language, query: query.short("q"), filters, page },
            ["map"] => Route::Map { guide, language, code: map::category(query), filters, view: map::view(query) },
            ["place", record] => Route::Place { guide, language, record: record.parse().ok()? },
            ["place", record, "share"] => Route::Share { guide, language, record: record.parse().ok()? },
            ["saved"] => Route::Saved { guide, language },
            ["page", record] => Route::Page { guide, language, record: record.parse().ok()? },
            ["about"] => Route::About { guide, language },
            ["phone"] => Route::Phone { guide, language },
            ["edit", rest @ ..] => Route::Desk { guide, language, view: DeskView::parse(rest)? },
            _ => return None,
        };
        match route {
            route if !narrows => Some(route),
            list @ (Route::Category { .. } | Route::Search { .. }) => Some(list.at_page(1).narrowing()),
            _ => None,
        }
    }

    /// The address of this page: path and query, no origin.
    pub fn href(&self) -> String {
        match self {
            Route::Guides => "/".to_owned(),
            Route::Languages { guide } => format!("/{guide}"),
            Route::Home { guide, language } => format!("/{guide}/{language}/"),
            Route::Category { guide, language, code, filters, page } => {
                format!("/{guide}/{language}/category/{code}{}", Query::of("", filters, *page))
            }
            Route::Search { guide, language, query, filters, page } => {
                format!("/{guide}/{language}/search{}", Query::of(query, filters, *page))
            }
            Route::Filters(list) => {
                let list = list.href();
                let (path, query) = list.split_at(list.find('?').unwrap_or(list.len()));
                format!("{path}/filters{query}")
            }
            Route::Map { guide, language, code, filters, view } => {
                format!("/{guide}/{language}/map{}", map::query(code.as_deref(), filters, *view))
            }
            Route::Place { guide, language, record } => format!("/{guide}/{language}/place/{record}"),
            Route::Share { guide, language, record } => format!("/{guide}/{language}/place/{record}/share"),
            Route::Saved { guide, language } => format!("/{guide}/{language}/saved"),
            Route::Page { guide, language, record } => format!("/{guide}/{language}/page/{record}"),
            Route::About { guide, language } => format!("/{guide}/{language}/about"),
            Route::Phone { guide, language } => format!("/{guide}/{language}/phone"),
            Route::Join { guide } => format!("/{guide}/join"),
            Route::Desk { guide, language, view } => format!("/{guide}/{language}/edit{}", view.path()),
            Route::NotFound { guide, language } => nearest(guide.as_ref(), language.as_deref()),
        }
    }

    pub fn guide(&self) -> Option<&GuideId> {
        match self {
            Route::Guides => None,
            Route::NotFound { guide, .. } => guide.as_ref(),
            Route::Filters(list) => list.guide(),
            Route::Languages { guide } | Route::Join { guide } => Some(guide),
            Route::Home { guide, .. }
            | Route::Category { guide, .. }
            | Route::Search { guide, .. }
            | Route::Map { guide, .. }
            | Route::Place { guide, .. }
            | Route::Share { guide, .. }
            | Route::Page { guide, .. }
            | Route::Saved { guide, .. }
            | Route::About { guide, .. }
            | Route::Phone { guide, .. }
            | Route::Desk { guide, .. } => Some(guide),
        }
    }

    /// The language in the address; none where the address has none.
    pub fn language(&self) -> Option<&str> {
        match self {
            Route::Guides | Route::Languages { .. } | Route::Join { .. } => None,
            Route::NotFound { language, .. } => language.as_deref(),
            Route::Filters(list) => list.language(),
            Route::Home { language, .. }
            | Route::Category { language, .. }
            | Route::Search { language, .. }
            | Route::Map { language, .. }
            | Route::Place { language, .. }
            | Route::Share { language, .. }
            | Route::Page { language, .. }
            | Route::Saved { language, .. }
            | Route::About { language, .. }
            | Route::Phone { language, .. }
            | Route::Desk { language, .. } => Some(language),
        }
    }

    /// The same page in another language; pages without one stay as they are.
    pub fn in_language(&self, tag: &str) -> Route {
        let mut route = self.clone();
        match &mut route {
            Route::Guides | Route::Languages { .. } | Route::Join { .. } => {}
            Route::NotFound { language, .. } => *language = Some(tag.to_owned()),
            Route::Filters(list) => **list = list.in_language(tag),
            Route::Home { language, .. }
            | Route::Category { language, .. }
            | Route::Search { language, .. }
            | Route::Map { language, .. }
            | Route::Place { language, .. }
            | Route::Share { language, .. }
            | Route::Page { language, .. }
            | Route::Saved { language, .. }
            | Route::About { language, .. }
            | Route::Phone { language, .. }
            | Route::Desk { language, .. } => *language = tag.to_owned(),
        }
        route
    }

    /// The same list at another page; other routes stay as they are.
    pub fn at_page(&self, number: usize) -> Route {
        let mut route = self.clone();
        if let Route::Category { page, .. } | Route::Search { page, .. } = &mut route {
            *page = number;
        }
        route
    }

    /// The same list under these filters; other routes stay as they are.
    pub fn filtered(&self, wanted: &Filters) -> Route {
        let mut route = self.clone();
        if let Route::Category { filters, .. } | Route::Search { filters, .. } | Route::Map { filters, .. } = &mut route {
            *filters = wanted.clone();
        }
        route
    }

    /// The filters of a list; none for other routes.
    pub fn filters(&self) -> Option<&Filters> {
        match self {
            Route::Category { filters, .. } | Route::Search { filters, .. } | Route::Map { filters, .. } => Some(filters),
            _ => None,
        }
    }

    /// The same list from its first page with `filter` switched; other routes stay as they are.
    pub fn switched(&self, filter: Filter) -> Route {
        self.refiltered(|filters| filters.switched(filter))
    }

    /// The same list from its first page without `ask`; other routes stay as they are.
    pub fn without(&self, ask: &Ask) -> Route {
        self.refiltered(|filters| filters.without(ask))
    }

    fn refiltered(&self, change: impl FnOnce(&Filters) -> Filters) -> Route {
        match self.filters() {
            Some(filters) => self.filtered(&change(filters)).at_page(1),
            None => self.clone(),
        }
    }

    /// Where this list is given more filters.
    pub fn narrowing(self) -> Route {
        Route::Filters(Box::new(self))
    }

    /// Whether its page needs what is found of a query.
    pub fn is_search(&self) -> bool {
        match self {
            Route::Search { query, .. } => !query.is_empty(),
            Route::Filters(list) => list.is_search(),
            _ => false,
        }
    }

    /// Whether its page is among those that a phone loads when they are first asked for.
    pub fn is_seldom(&self) -> bool {
        matches!(
            self,
            Route::Guides
                | Route::Languages { .. }
                | Route::Share { .. }
                | Route::Saved { .. }
                | Route::Filters(_)
                | Route::Map { .. }
                | Route::About { .. }
                | Route::Phone { .. }
                | Route::Desk { .. }
                | Route::Join { .. }
        )
    }

    /// Whether only members have anything to do here; search engines are told to stay away.
    pub fn is_for_members(&self) -> bool {
        matches!(self, Route::Desk { .. } | Route::Join { .. })
    }
}

/// Places inside one guide and language, in short.
impl Route {
    pub fn home(guide: &GuideId, language: &str) -> Route {
        Route::Home { guide: guide.clone(), language: language.to_owned() }
    }

    pub fn category(guide: &GuideId, language: &str, code: &str) -> Route {
        let (guide, language, code) = (guide.clone(), language.to_owned(), code.to_owned());
        Route::Category { guide, language, code, filters: Filters::default(), page: 1 }
    }

    pub fn search(guide: &GuideId, language: &str, query: &str) -> Route {
        let (guide, language, query) = (guide.clone(), language.to_owned(), query.to_owned());
        Route::Search { guide, language, query, filters: Filters::default(), page: 1 }
    }

    /// The map of a category or of all places, as a whole or of a part.
    pub fn map(guide: &GuideId, language: &str, code: Option<&str>, view: Option<View>) -> Route {
        let (guide, language, code) = (guide.clone(), language.to_owned(), code.map(str::to_owned));
        Route::Map { guide, language, code, filters: Filters::default(), view }
    }

    pub fn place(guide: &GuideId, language: &str, record: RecordId) -> Route {
        Route::Place { guide: guide.clone(), language: language.to_owned(), record }
    }

    pub fn share(guide: &GuideId, language: &str, record: RecordId) -> Route {
        Route::Share { guide: guide.clone(), language: language.to_owned(), record }
    }

    pub fn saved(guide: &GuideId, language: &str) -> Route {
        Route::Saved { guide: guide.clone(), language: language.to_owned() }
    }

    pub fn page(guide: &GuideId, language: &str, record: RecordId) -> Route {
        Route::Page { guide: guide.clone(), language: language.to_owned(), record }
    }

    pub fn about(guide: &GuideId, language: &str) -> Route {
        Route::About { guide: guide.clone(), language: language.to_owned() }
    }

    pub fn phone(guide: &GuideId, language: &str) -> Route {
        Route::Phone { guide: guide.clone(), language: language.to_owned() }
    }

    pub fn desk(guide: &GuideId, language: &str, view: DeskView) -> Route {
        Route::Desk { guide: guide.clone(), language: language.to_owned(), view }
    }
}

impl DeskView {
    fn parse(rest: &[&str]) -> Option<DeskView> {
        match rest {
            [] => Some(DeskView::List),
            ["outbox"] => Some(DeskView::Outbox),
            ["members"] => Some(DeskView::Members),
            ["review"] => Some(DeskView::Review),
            ["undo"] => Some(DeskView::Undo),
            ["import"] => Some(DeskView::Import),
            ["new", kind] => Some(DeskView::New(Kind::from_code(kind)?)),
            [name, record] => {
                let record = record.parse().ok()?;
                Some(match *name {
                    "review" => DeskView::Proposal(record),
                    "history" => DeskView::History(record),
                    kind => DeskView::Edit(Kind::from_code(kind)?, record),
                })
            }
            _ => None,
        }
    }

    fn path(&self) -> String {
        let (name, record) = match self {
            DeskView::List => return String::new(),
            DeskView::New(kind) => return format!("/new/{kind}"),
            DeskView::Outbox => ("outbox", None),
            DeskView::Members => ("members", None),
            DeskView::Review => ("review", None),
            DeskView::Undo => ("undo", None),
            DeskView::Import => ("import", None),
            DeskView::Proposal(record) => ("review", Some(record)),
            DeskView::History(record) => ("history", Some(record)),
            DeskView::Edit(kind, record) => (kind.code(), Some(record)),
        };
        record.map_or_else(|| format!("/{name}"), |record| format!("/{name}/{record}"))
    }
}

/// The closest address that exists.
fn nearest(guide: Option<&GuideId>, language: Option<&str>) -> String {
    let mut href = "/".to_owned();
    if let Some(guide) = guide {
        let _ = write!(href, "{guide}");
        if let Some(language) = language {
            let _ = write!(href, "/{language}/");
        }
    }
    href
}
