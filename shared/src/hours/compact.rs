//! The JSON of schedules. Bytes are money: days are counted from the first one, days alike are
//! listed together, spans are short arrays.

use super::{Schedule, Season, Span};
use crate::ids::Day;
use crate::json::{self, Json, Reader};
use crate::order::Ordered;
use std::collections::BTreeMap;

/// `{"written":…,"from":"2026-11-01","days":430,"week":[…],"seasons":[[day,day,week],…],"dated":[[[day,…],spans],…]}`
impl Json for Schedule {
    const NEEDED: bool = true;

    fn blank() -> Schedule {
        let (from, until) = (Day::blank(), Day::blank());
        Schedule { written: String::new(), week: Json::blank(), seasons: Vec::new(), dated: Ordered::default(), from, until }
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        let mut days = 0;
        json.object(&mut |json, name| match name {
            "written" => self.written.read(json),
            "from" => self.from.read(json),
            "days" => days.read(json),
            "week" => self.week.read(json),
            "seasons" => self.seasons.read(json),
            "dated" => json.list(&mut |json| read_days_alike(&mut self.dated, json)),
            _ => json.skip(),
        });
        // What was counted from the first day, whichever came first in the text.
        let from = self.from;
        self.until = from.plus(days);
        for season in &mut self.seasons {
            (season.from, season.to) = (from.plus(season.from.0), from.plus(season.to.0));
        }
        for (day, spans) in std::mem::take(&mut self.dated) {
            self.dated.insert(from.plus(day.0), spans);
        }
    }

    fn write(&self, json: &mut String) {
        let after = |day: Day| day.since(self.from);
        json.push('{');
        json::write_field("written", &self.written, json);
        json::write_field("from", &self.from, json);
        json::write_field("days", &after(self.until), json);
        json::write_field("week", &self.week, json);
        let counted = |season: &Season| {
            let (from, to) = (Day(after(season.from)), Day(after(season.to)));
            Season { from, to, week: season.week.clone() }
        };
        json::write_field("seasons", &self.seasons.iter().map(counted).collect::<Vec<_>>(), json);
        self.write_days_alike(json);
        json.push('}');
    }
}

impl Schedule {
    fn write_days_alike(&self, json: &mut String) {
        let mut alike: BTreeMap<&Vec<Span>, Vec<i32>> = BTreeMap::new();
        for (day, spans) in self.dated.iter() {
            alike.entry(spans).or_default().push(day.since(self.from));
        }
        if alike.is_empty() {
            return;
        }
        json::write_name("dated", json);
        for (at, (spans, days)) in alike.into_iter().enumerate() {
            json.push_str(if at == 0 { "[[" } else { ",[" });
            days.write(json);
            json.push(',');
            spans.write(json);
            json.push(']');
        }
        json.push(']');
    }
}

/// `[[day,…],spans]`, days counted from the schedule's first.
fn read_days_alike(dated: &mut Ordered<Day, Vec<Span>>, json: &mut Reader<'_>) {
    let (mut days, mut spans) = (Vec::<i32>::new(), Vec::<Span>::new());
    json.tuple(0, &mut |json, at| match at {
        0 => days.read(json),
        1 => spans.read(json),
        _ => json.fail(),
    });
    for day in days {
        dated.insert(Day(day), spans.clone());
    }
}

/// `[day,day,week]`, days counted from the schedule's first: as a field of a schedule only.
impl Json for Season {
    fn blank() -> Season {
        Season { from: Day::blank(), to: Day::blank(), week: Json::blank() }
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        json.tuple(3, &mut |json, at| match at {
            0 => self.from.0.read(json),
            1 => self.to.0.read(json),
            2 => self.week.read(json),
            _ => json.fail(),
        });
    }

    fn write(&self, json: &mut String) {
        json.push_str(&format!("[{},{},", self.from.0, self.to.0));
        self.week.write(json);
        json.push(']');
    }
}

/// `[from,to]`, `[from,to,uncertain]` or `[from,to,uncertain,comment]`.
impl Json for Span {
    fn blank() -> Span {
        Span::default()
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        json.tuple(2, &mut |json, at| match at {
            0 => self.from.read(json),
            1 => self.to.read(json),
            2 => {
                let mut flag = 0_u8;
                flag.read(json);
                self.uncertain = flag != 0;
            }
            3 => self.comment.read(json),
            _ => json.fail(),
        });
    }

    fn write(&self, json: &mut String) {
        json.push_str(&format!("[{},{}", self.from, self.to));
        if self.uncertain || self.comment.is_some() {
            json.push_str(if self.uncertain { ",1" } else { ",0" });
        }
        if let Some(comment) = &self.comment {
            json.push(',');
            comment.write(json);
        }
        json.push(']');
    }
}
