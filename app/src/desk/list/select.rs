//! Which records a list shows: pure, quick enough for 10,000 records at every letter typed.

use shared::ids::Day;
use shared::limits::OUTDATED_DAYS;
use shared::link::{Stage, Summary};
use shared::schema::Kind;
use shared::search::fold;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub query: String,
    pub tab: Tab,
    pub attention: Option<Attention>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    All,
    Of(Kind),
}

impl Tab {
    pub const ALL: [Tab; 5] = [Tab::All, Tab::Of(Kind::Place), Tab::Of(Kind::Page), Tab::Of(Kind::Notice), Tab::Of(Kind::Guide)];

    pub fn code(self) -> &'static str {
        match self {
            Tab::All => "all",
            Tab::Of(kind) => kind.code(),
        }
    }
}

/// Why a record waits for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attention {
    Refused,
    Conflicts,
    Waiting,
    Unchecked,
}

impl Attention {
    pub const ALL: [Attention; 4] = [Attention::Refused, Attention::Conflicts, Attention::Waiting, Attention::Unchecked];

    pub fn code(self) -> &'static str {
        match self {
            Attention::Refused => "refused",
            Attention::Conflicts => "conflicts",
            Attention::Waiting => "waiting",
            Attention::Unchecked => "unchecked",
        }
    }

    pub fn icon(self) -> &'static str {
        match self {
            Attention::Refused => "refused",
            Attention::Conflicts => "conflict",
            Attention::Waiting => "on-phone",
            Attention::Unchecked => "history",
        }
    }

    pub fn applies(self, summary: &Summary, today: Day) -> bool {
        match self {
            Attention::Refused => summary.stage == Stage::Refused,
            Attention::Conflicts => summary.conflicts > 0,
            Attention::Waiting => summary.stage == Stage::Waiting,
            Attention::Unchecked => is_unchecked(summary, today),
        }
    }
}

/// Whether an active place or page has not been checked for half a year, or never.
fn is_unchecked(summary: &Summary, today: Day) -> bool {
    let checkable = matches!(summary.kind, Kind::Place | Kind::Page);
    let gone = matches!(summary.status.as_deref(), Some("inactive" | "defunct"));
    checkable && !gone && summary.assured_date.is_none_or(|day| today.since(day) > OUTDATED_DAYS)
}

/// How many records each reason concerns.
pub fn attention(records: &[Summary], today: Day) -> [(Attention, usize); 4] {
    Attention::ALL.map(|attention| (attention, records.iter().filter(|summary| attention.applies(summary, today)).count()))
}

/// The settings first, then by name; names that begin with the same letter in another case stay together.
pub fn sort(records: &mut [Summary]) {
    records.sort_by_cached_key(|summary| (summary.kind != Kind::Guide, fold(&summary.title), summary.record));
}

/// The indexes of the records that fit, in their order.
pub fn select(records: &[Summary], wanted: &Wanted, today: Day) -> Vec<usize> {
    let query = fold(&wanted.query);
    let terms: Vec<&str> = query.split_whitespace().collect();
    let in_tab = |summary: &Summary| match wanted.tab {
        // The settings are not among the guide's contents.
        Tab::All => summary.kind != Kind::Guide,
        Tab::Of(kind) => summary.kind == kind,
    };
    let fits = |summary: &Summary| {
        in_tab(summary)
            && wanted.attention.is_none_or(|attention| attention.applies(summary, today))
            && terms.iter().all(|term| summary.words.contains(term))
    };
    records.iter().enumerate().filter(|(_, summary)| fits(summary)).map(|(index, _)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::ids::RecordId;

    fn summary(number: u8, kind: Kind, title: &str) -> Summary {
        Summary {
            record: RecordId([number; 16]),
            kind,
            title: title.to_owned(),
            detail: String::new(),
            categories: Vec::new(),
            status: None,
            members_only: false,
            assured_date: Some(today()),
            stage: Stage::Shared,
            conflicts: 0,
            words: fold(title),
        }
    }

    fn today() -> Day {
        Day::new(2026, 11, 23).expect("a day of the calendar")
    }

    fn titles<'a>(records: &'a [Summary], wanted: &Wanted) -> Vec<&'a str> {
        select(records, wanted, today()).into_iter().map(|index| records[index].title.as_str()).collect()
    }

    #[test]
    fn records_are_found_whatever_the_accents() {
        let mut records = vec![
            summary(1, Kind::Place, "Église Saint-Jean"),
            summary(2, Kind::Page, "Asile"),
            summary(3, Kind::Guide, "Lyon"),
            summary(4, Kind::Place, "accueil de jour"),
        ];
        sort(&mut records);
        let find = |query: &str| Wanted { query: query.to_owned(), ..Wanted::default() };
        assert_eq!(titles(&records, &find("")), ["accueil de jour", "Asile", "Église Saint-Jean"]);
        assert_eq!(titles(&records, &find("EGLISE jean")), ["Église Saint-Jean"]);
        assert_eq!(titles(&records, &find("eglise paul")), [""; 0]);
        let settings = Wanted { tab: Tab::Of(Kind::Guide), ..Wanted::default() };
        assert_eq!(titles(&records, &settings), ["Lyon"]);
    }

    #[test]
    fn what_waits_is_counted_and_narrowed_to() {
        let mut old = summary(1, Kind::Place, "Old");
        old.assured_date = Some(today().plus(-OUTDATED_DAYS - 1));
        let mut never = summary(2, Kind::Place, "Never");
        never.assured_date = None;
        let mut gone = never.clone();
        gone.status = Some("inactive".to_owned());
        let mut waiting = summary(4, Kind::Notice, "Waiting");
        (waiting.stage, waiting.assured_date, waiting.conflicts) = (Stage::Waiting, None, 2);
        let records = [old, never, gone, waiting, summary(5, Kind::Place, "Fine")];
        let counts = attention(&records, today()).map(|(_, count)| count);
        assert_eq!(counts, [0, 1, 1, 2]);
        let wanted = Wanted { attention: Some(Attention::Unchecked), ..Wanted::default() };
        assert_eq!(titles(&records, &wanted), ["Old", "Never"]);
    }

    #[test]
    fn ten_thousand_records_are_searched() {
        let records: Vec<Summary> =
            (0..10_000_u32).map(|n| summary((n % 251) as u8, Kind::Place, &format!("Place {n}"))).collect();
        let wanted = Wanted { query: "place 9999".to_owned(), ..Wanted::default() };
        assert_eq!(titles(&records, &wanted), ["Place 9999"]);
    }
}
