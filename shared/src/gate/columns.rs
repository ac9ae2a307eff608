//! The operation columns of a change, walked without unrolling a run.
//!
//! What is learned is only how much there is: that every column has as many rows as there are
//! operations, that ids fit their range and that values have a type we use.

use super::fault::{Fault, malformed, rule};
use super::prescan::COUNTER_MAX;
use super::reader::Reader;
use crate::limits::{CHANGE_OPS_MAX, KEY_CHARS_MAX};

/// Column specifications: id << 4 | type, in the order in which they must stand.
const OBJ_ACTOR: u64 = 0x01;
const OBJ_CTR: u64 = 0x02;
const KEY_ACTOR: u64 = 0x11;
const KEY_CTR: u64 = 0x13;
const KEY_STR: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const PRED_COUNT: u64 = 0x70;
const PRED_ACTOR: u64 = 0x71;
const PRED_CTR: u64 = 0x73;
const EXPAND: u64 = 0x94;
const MARK_NAME: u64 = 0xa5;
const KNOWN: [u64; 12] =
    [OBJ_ACTOR, OBJ_CTR, KEY_ACTOR, KEY_CTR, KEY_STR, INSERT, ACTION, VALUE_META, VALUE, PRED_COUNT, PRED_ACTOR, PRED_CTR];
const DEFLATED: u64 = 0x08;

/// How much a change claims.
pub(super) struct Claims {
    /// At least one.
    pub(super) ops: u64,
}

/// Walks all columns. `actors` is how many actors the change names, its own included.
pub(super) fn scan(reader: &mut Reader<'_>, actors: u64) -> Result<Claims, Fault> {
    let columns = Columns::read(reader)?;
    let ops = columns.actions()?;
    rule(ops > 0, "no operations")?;
    rule(booleans(columns.of(INSERT), ops)? == ops, "insert: another number of rows")?;
    columns.ids(OBJ_ACTOR, OBJ_CTR, ops, actors)?;
    columns.keys(ops, actors)?;
    columns.values(ops)?;
    columns.predecessors(ops, actors)?;
    Ok(Claims { ops })
}

/// The bytes of each known column, in the order of [`KNOWN`].
struct Columns<'a>([Reader<'a>; KNOWN.len()]);

impl<'a> Columns<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Columns<'a>, Fault> {
        let count = reader.unsigned()?;
        rule(count <= KNOWN.len() as u64 + 2, "too many columns")?;
        let mut listed = Vec::new();
        for _ in 0..count {
            listed.push((reader.unsigned()?, reader.unsigned()?));
        }
        rule(listed.is_sorted_by(|one, next| one.0 & !DEFLATED < next.0 & !DEFLATED), "columns out of order")?;
        let mut columns = Columns([Reader::new(&[]); KNOWN.len()]);
        for (spec, length) in listed {
            columns.0[position(spec)?] = Reader::new(reader.take(length)?);
        }
        Ok(columns)
    }

    fn of(&self, spec: u64) -> Reader<'a> {
        KNOWN.iter().position(|known| *known == spec).map_or(Reader::new(&[]), |at| self.0[at])
    }

    /// How many operations there are, all of kinds that records are made with.
    fn actions(&self) -> Result<u64, Fault> {
        let rows = runs(
            self.of(ACTION),
            CHANGE_OPS_MAX as u64,
            || Fault::TooLarge,
            |reader, _| match reader.unsigned()? {
                0 | 1 | 3 | 4 => Ok(()),
                2 | 6 => malformed("makes a list or a table"),
                5 => malformed("increments a counter"),
                7 => malformed("marks text"),
                other => malformed(format!("action {other} is not known")),
            },
        )?;
        rule(rows.nulls == 0, "an operation without an action")?;
        Ok(rows.all)
    }

    /// A pair of actor and counter columns; absent where every row is null.
    fn ids(&self, actor: u64, counter: u64, ops: u64, actors: u64) -> Result<(), Fault> {
        let actor_rows = runs(self.of(actor), ops, excess, |reader, _| actor_index(reader, actors))?;
        let counter_rows = runs(self.of(counter), ops, excess, |reader, _| {
            rule((1..=COUNTER_MAX).contains(&reader.unsigned()?), "an operation counter out of range")
        })?;
        actor_rows.are(ops)?;
        counter_rows.are(ops)
    }

    fn keys(&self, ops: u64, actors: u64) -> Result<(), Fault> {
        runs(self.of(KEY_ACTOR), ops, excess, |reader, _| actor_index(reader, actors))?.are(ops)?;
        deltas(self.of(KEY_CTR), ops, 0)?.are(ops)?;
        let names = runs(self.of(KEY_STR), ops, excess, |reader, _| {
            let length = reader.unsigned()?;
            rule(length <= KEY_CHARS_MAX as u64, "a key that is too long")?;
            let name = std::str::from_utf8(reader.take(length)?);
            rule(name.is_ok(), "a key that is not UTF-8")
        })?;
        names.are(ops)
    }

    /// The types of all values; their bytes together are as many as there are.
    fn values(&self, ops: u64) -> Result<(), Fault> {
        let mut bytes = 0u64;
        let rows = runs(self.of(VALUE_META), ops, excess, |reader, times| {
            let meta = reader.unsigned()?;
            let (kind, length) = (meta & 0x0f, meta >> 4);
            value_type(kind, length)?;
            // A length has 60 bits and a run at most CHANGE_OPS_MAX rows: saturating is refused below.
            bytes = bytes.saturating_add(length.saturating_mul(times));
            Ok(())
        })?;
        rule(rows.all == ops && rows.nulls == 0, "value: another number of rows")?;
        rule(bytes == self.of(VALUE).len() as u64, "value: another number of bytes")
    }

    fn predecessors(&self, ops: u64, actors: u64) -> Result<(), Fault> {
        // One for each operation, and more where an operation settles a conflict.
        let cap = 2 * CHANGE_OPS_MAX as u64;
        let mut count = 0u64;
        let rows = runs(self.of(PRED_COUNT), ops, excess, |reader, times| {
            count = count.saturating_add(reader.unsigned()?.saturating_mul(times));
            if count > cap { Err(Fault::TooLarge) } else { Ok(()) }
        })?;
        rule(rows.all == ops && rows.nulls == 0, "pred: another number of rows")?;
        let actor_rows = runs(self.of(PRED_ACTOR), count, excess, |reader, _| actor_index(reader, actors))?;
        let counter_rows = deltas(self.of(PRED_CTR), count, 1)?;
        let full = |rows: &Rows| rows.all == count && rows.nulls == 0;
        rule(full(&actor_rows) && full(&counter_rows), "pred: another number of ids")
    }
}

fn position(spec: u64) -> Result<usize, Fault> {
    match KNOWN.iter().position(|known| *known == spec) {
        Some(position) => Ok(position),
        None if spec & DEFLATED != 0 => malformed("a deflated column"),
        None if spec == EXPAND || spec == MARK_NAME => malformed("marks text"),
        None => malformed(format!("column {spec:#x} is not known")),
    }
}

fn actor_index(reader: &mut Reader<'_>, actors: u64) -> Result<(), Fault> {
    rule(reader.unsigned()? < actors, "an actor that is not listed")
}

fn value_type(kind: u64, length: u64) -> Result<(), Fault> {
    match (kind, length) {
        (0..=2, 0) | (4, 1..=10) | (5, 8) | (6, _) => Ok(()),
        (0..=2 | 4 | 5, _) => malformed("a value of another length than its type's"),
        (8, _) => malformed("a counter"),
        _ => malformed(format!("a value of type {kind}")),
    }
}

/// What a run-length encoded column claims.
struct Rows {
    all: u64,
    nulls: u64,
}

impl Rows {
    /// A column may be left out when every row is null; otherwise it has a row for each operation.
    fn are(&self, ops: u64) -> Result<(), Fault> {
        rule(self.all == ops || self.all == 0, "a column with another number of rows")
    }
}

fn excess() -> Fault {
    Fault::Malformed("more rows than operations".to_owned())
}

/// Walks a run-length encoded column: a positive length repeats one value, a negative one is followed
/// by that many values, zero by a number of nulls. `value` reads one value and is told how often it
/// counts. More rows than `cap` are `beyond` what is allowed.
fn runs(
    mut column: Reader<'_>,
    cap: u64,
    beyond: fn() -> Fault,
    mut value: impl FnMut(&mut Reader<'_>, u64) -> Result<(), Fault>,
) -> Result<Rows, Fault> {
    let mut rows = Rows { all: 0, nulls: 0 };
    while !column.is_empty() {
        let run = column.signed()?;
        let length = if run == 0 { column.unsigned()? } else { run.unsigned_abs() };
        rule(length > 0, "an empty run")?;
        rows.all = rows.all.saturating_add(length);
        if rows.all > cap {
            return Err(beyond());
        }
        match run {
            0 => rows.nulls += length,
            1.. => value(&mut column, length)?,
            _ => (0..length).try_for_each(|_| value(&mut column, 1))?,
        }
    }
    Ok(rows)
}

/// Walks a column of differences; every sum stays between `least` and [`COUNTER_MAX`].
fn deltas(column: Reader<'_>, cap: u64, least: i64) -> Result<Rows, Fault> {
    let mut sum = 0i64;
    runs(column, cap, excess, |reader, times| {
        let step = reader.signed()?;
        // A run moves one way: with both its ends in range, so is all between them.
        let (first, last) = (sum.saturating_add(step), sum.saturating_add(step.saturating_mul(times as i64)));
        let within = |value: i64| value >= least && value <= COUNTER_MAX as i64;
        sum = last;
        rule(within(first) && within(last), "an operation counter out of range")
    })
}

/// Walks a column of booleans: lengths of runs that alternate, beginning with false.
fn booleans(mut column: Reader<'_>, cap: u64) -> Result<u64, Fault> {
    let mut rows = 0u64;
    let mut first = true;
    while !column.is_empty() {
        let length = column.unsigned()?;
        rule(length > 0 || first, "an empty run")?;
        first = false;
        rows = rows.saturating_add(length);
        rule(rows <= cap, "more rows than operations")?;
    }
    Ok(rows)
}
