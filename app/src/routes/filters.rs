//! What a list may be narrowed to, as it stands in an address: `?only=open,free`.
//!
//! A filter puts certain answers first and never hides a place whose answer is *unknown*; only a
//! certain "no" leaves the list. How a place answers is decided in `pages::list`, not here.

/// One question that a list can ask of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Filter {
    Open,
    Today,
    WithoutPapers,
    NoIdentityAsked,
    Free,
    NoAppointment,
    Women,
    Families,
    Minors,
    Wheelchair,
    Remote,
}

impl Filter {
    /// In the order in which they are offered.
    pub const ALL: [Filter; 11] = [
        Filter::Open,
        Filter::Today,
        Filter::WithoutPapers,
        Filter::NoIdentityAsked,
        Filter::Free,
        Filter::NoAppointment,
        Filter::Women,
        Filter::Families,
        Filter::Minors,
        Filter::Wheelchair,
        Filter::Remote,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Filter::Open => "open",
            Filter::Today => "today",
            Filter::WithoutPapers => "without_papers",
            Filter::NoIdentityAsked => "no_id",
            Filter::Free => "free",
            Filter::NoAppointment => "no_appointment",
            Filter::Women => "women",
            Filter::Families => "families",
            Filter::Minors => "minors",
            Filter::Wheelchair => "wheelchair",
            Filter::Remote => "remote",
        }
    }
}

/// A set of filters that all hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters(Vec<Filter>);

impl Filters {
    /// Codes joined by commas, in any order; unknown ones are passed over.
    pub fn parse(codes: &str) -> Filters {
        let asked: Vec<&str> = codes.split(',').collect();
        Filters(Filter::ALL.into_iter().filter(|filter| asked.contains(&filter.code())).collect())
    }

    pub fn codes(&self) -> String {
        let codes: Vec<&str> = self.0.iter().map(|filter| filter.code()).collect();
        codes.join(",")
    }

    pub fn switched(&self, filter: Filter) -> Filters {
        let holds = |one: Filter| self.contains(one) != (one == filter);
        Filters(Filter::ALL.into_iter().filter(|one| holds(*one)).collect())
    }

    pub fn contains(&self, filter: Filter) -> bool {
        self.0.contains(&filter)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = Filter> + '_ {
        self.0.iter().copied()
    }
}
