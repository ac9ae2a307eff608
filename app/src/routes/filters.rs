//! What a list may be narrowed to, as it stands in an address:
//! `?only=open,free&area=city:Lyon&at=sat,18:00&age=16&speaks=ar,fa`.
//!
//! A filter puts certain answers first and never hides a place whose answer is *unknown*; only a
//! certain "no" leaves the list. How a place answers is decided in `pages::list`, not here. What
//! cannot be read is passed over: a bad address shows more places, never fewer.

use super::Query;
use super::query::encode;
use shared::ids::{Weekday, minute_of_day};
use shared::record::Address;
use shared::schema::is_language;
use std::fmt::Write;

/// A question that is answered with yes or no and needs nothing more said.
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

/// One question that a list can ask of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    Only(Filter),
    Area(Area),
    At(At),
    /// Whether someone of so many years can come.
    Age(usize),
    /// Whether one of these languages is spoken, as tags: who speaks several needs one of them.
    Speaks(Vec<String>),
}

/// Where, without a position: a part of the address, as places write it. As text `city:Lyon`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    pub part: Part,
    pub name: String,
}

/// The part of an address that an [`Area`] names. A place that leaves just this part out is *unknown*,
/// so the address must say which part is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    City,
    Region,
    PostalCode,
}

impl Part {
    pub const ALL: [Part; 3] = [Part::City, Part::Region, Part::PostalCode];

    pub fn code(self) -> &'static str {
        match self {
            Part::City => "city",
            Part::Region => "region",
            Part::PostalCode => "postal_code",
        }
    }

    pub fn of(self, address: &Address) -> Option<&String> {
        match self {
            Part::City => address.city.as_ref(),
            Part::Region => address.region.as_ref(),
            Part::PostalCode => address.postal_code.as_ref(),
        }
    }
}

impl Area {
    fn parse(text: &str) -> Option<Area> {
        let (code, name) = text.split_once(':')?;
        let part = Part::ALL.into_iter().find(|part| part.code() == code)?;
        Some(Area { part, name: name.to_owned() }).filter(|area| !area.name.is_empty())
    }

    pub fn code(&self) -> String {
        format!("{}:{}", self.part.code(), self.name)
    }
}

/// A time of the week, in the guide's time zone: the next one from now on. As text `sat,18:00`, so that
/// two fields of a form of the same name say the same; a whole day is `sat`, a time of any day `,18:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub day: Option<Weekday>,
    /// Minutes since midnight.
    pub minute: Option<u16>,
}

impl At {
    /// Codes of weekdays, Monday first.
    pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    fn parse(text: &str) -> Option<At> {
        let (day, time) = text.split_once(',').unwrap_or((text, ""));
        let day = At::DAYS.iter().position(|code| *code == day).map(|at| Weekday::ALL[at]);
        Some(At { day, minute: minute_of_day(time) }).filter(|at| at.day.is_some() || at.minute.is_some())
    }

    /// The time as a form's field has it; empty for a whole day.
    pub fn time(self) -> String {
        self.minute.map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60)).unwrap_or_default()
    }

    fn code(self) -> String {
        let comma = if self.minute.is_some() { "," } else { "" };
        format!("{}{comma}{}", self.day.map_or("", |day| At::DAYS[day as usize]), self.time())
    }
}

/// More languages than a person is likely to speak.
const LANGUAGES_MAX: usize = 12;

fn languages(tags: &str) -> Option<Vec<String>> {
    let tags = tags.split(',').filter(|tag| is_language(tag)).take(LANGUAGES_MAX);
    Some(tags.map(str::to_owned).collect::<Vec<_>>()).filter(|tags| !tags.is_empty())
}

/// A set of questions that all hold together; at most one [`Ask::Area`], and so on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters(Vec<Ask>);

impl Filters {
    /// In any order; what is unknown is passed over.
    pub fn parse(query: &Query) -> Filters {
        let only = query.get("only");
        let only: Vec<&str> = only.split(',').collect();
        let mut asks: Vec<Ask> = Filter::ALL.into_iter().filter(|filter| only.contains(&filter.code())).map(Ask::Only).collect();
        asks.extend(Area::parse(&query.short("area")).map(Ask::Area));
        asks.extend(At::parse(&query.get("at")).map(Ask::At));
        asks.extend(query.number("age").map(Ask::Age));
        asks.extend(languages(&query.get("speaks")).map(Ask::Speaks));
        Filters(asks)
    }

    /// As a form sends them: names and values.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let only: Vec<&str> = Filter::ALL.into_iter().filter(|filter| self.contains(*filter)).map(Filter::code).collect();
        let mut fields = Vec::new();
        if !only.is_empty() {
            fields.push(("only", only.join(",")));
        }
        for ask in &self.0 {
            match ask {
                Ask::Only(_) => {}
                Ask::Area(area) => fields.push(("area", area.code())),
                Ask::At(at) => fields.push(("at", at.code())),
                Ask::Age(years) => fields.push(("age", years.to_string())),
                Ask::Speaks(tags) => fields.push(("speaks", tags.join(","))),
            }
        }
        fields
    }

    /// As they stand in an address, each with `&` before it.
    pub fn query(&self) -> String {
        let mut query = String::new();
        for (name, value) in self.fields() {
            // The others are codes and numbers.
            let value = if name == "area" { encode(&value) } else { value };
            let _ = write!(query, "&{name}={value}");
        }
        query
    }

    pub fn switched(&self, filter: Filter) -> Filters {
        let holds = |one: &Filter| self.contains(*one) != (*one == filter);
        let only = Filter::ALL.into_iter().filter(holds).map(Ask::Only);
        let others = self.0.iter().filter(|ask| !matches!(ask, Ask::Only(_))).cloned();
        Filters(only.chain(others).collect())
    }

    pub fn without(&self, ask: &Ask) -> Filters {
        Filters(self.0.iter().filter(|one| *one != ask).cloned().collect())
    }

    pub fn contains(&self, filter: Filter) -> bool {
        self.0.contains(&Ask::Only(filter))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Ask> {
        self.0.iter()
    }
}
