//! The JSON of schedules. Bytes are money: days are counted from the first one, days alike are
//! listed together, spans are short arrays.

use super::{Schedule, Season, Span, Week};
use crate::ids::Day;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// `{"written":…,"from":"2026-11-01","days":430,"week":[…],"seasons":[[day,day,week],…],"dated":[[[day,…],spans],…]}`
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Form {
    written: String,
    from: Day,
    days: i32,
    week: Week,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seasons: Vec<(i32, i32, Week)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dated: Vec<(Vec<i32>, Vec<Span>)>,
}

impl From<Schedule> for Form {
    fn from(schedule: Schedule) -> Form {
        let Schedule { written, week, seasons, dated, from, until } = schedule;
        let mut alike: BTreeMap<Vec<Span>, Vec<i32>> = BTreeMap::new();
        for (day, spans) in dated {
            alike.entry(spans).or_default().push(day.since(from));
        }
        let seasons = seasons.into_iter().map(|season| (season.from.since(from), season.to.since(from), season.week));
        Form {
            written,
            from,
            days: until.since(from),
            week,
            seasons: seasons.collect(),
            dated: alike.into_iter().map(|(spans, days)| (days, spans)).collect(),
        }
    }
}

impl From<Form> for Schedule {
    fn from(form: Form) -> Schedule {
        let from = form.from;
        let season = |(first, last, week)| Season { from: from.plus(first), to: from.plus(last), week };
        let mut dated = BTreeMap::new();
        for (days, spans) in form.dated {
            dated.extend(days.into_iter().map(|day| (from.plus(day), spans.clone())));
        }
        Schedule {
            written: form.written,
            week: form.week,
            seasons: form.seasons.into_iter().map(season).collect(),
            dated,
            from,
            until: from.plus(form.days),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = if self.comment.is_some() { 4 } else { 2 + usize::from(self.uncertain) };
        let mut array = serializer.serialize_seq(Some(length))?;
        array.serialize_element(&self.from)?;
        array.serialize_element(&self.to)?;
        if length > 2 {
            array.serialize_element(&u8::from(self.uncertain))?;
        }
        if let Some(comment) = &self.comment {
            array.serialize_element(comment)?;
        }
        array.end()
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        deserializer.deserialize_seq(SpanArray)
    }
}

struct SpanArray;

impl<'de> Visitor<'de> for SpanArray {
    type Value = Span;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[from, to], [from, to, uncertain] or [from, to, uncertain, comment]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Span, A::Error> {
        let mut minute = |at| array.next_element::<u16>()?.ok_or_else(|| Error::invalid_length(at, &self));
        let (from, to) = (minute(0)?, minute(1)?);
        let uncertain = array.next_element::<u8>()?.is_some_and(|flag| flag != 0);
        Ok(Span { from, to, uncertain, comment: array.next_element()? })
    }
}
