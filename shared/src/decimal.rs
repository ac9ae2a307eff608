//! Numbers with a fraction, as readers' phones keep them: whole millionths.
//!
//! A millionth of a degree is 11 cm. Reading and writing binary fractions exactly would take a
//! phone 15 kB of tables; these need none and come back as they went.

use crate::json::{Json, Reader};
use std::fmt;

/// Millionths of one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(pub i64);

const ONE: i64 = 1_000_000;
const DIGITS: usize = 6;

impl Decimal {
    /// The nearest one. What is not a number, or beyond all bounds, is the nearest that there is.
    pub fn nearest(number: f64) -> Decimal {
        // `as` saturates, and takes what is not a number for 0.
        Decimal((number * ONE as f64).round() as i64)
    }

    pub fn to_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// From `-?digits(.digits)?`; digits beyond the sixth are dropped.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut millionths = whole.parse::<i64>().ok()?;
        for at in 0..DIGITS {
            let digit = fraction.as_bytes().get(at).map_or(Some(0), |byte| char::from(*byte).to_digit(10))?;
            millionths = millionths.checked_mul(10)?.checked_add(i64::from(digit))?;
        }
        Some(Decimal(if negative { -millionths } else { millionths }))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, fraction) = (self.0.unsigned_abs() / ONE.unsigned_abs(), self.0.unsigned_abs() % ONE.unsigned_abs());
        let text = format!("{sign}{whole}.{fraction:06}");
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Json for Decimal {
    fn blank() -> Decimal {
        Decimal(0)
    }

    fn is_blank(&self) -> bool {
        self.0 == 0
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        match Decimal::parse(json.number()) {
            Some(number) => *self = number,
            None => json.fail(),
        }
    }

    fn write(&self, json: &mut String) {
        json.push_str(&self.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_come_back_as_they_went() {
        for text in ["0", "45.188529", "-0.5", "5.7", "-73.000001", "180", "100", "123456789.123456"] {
            let number: Decimal = crate::json::from_str(text).expect(text);
            assert_eq!(number.to_string(), text);
            assert_eq!(Decimal::nearest(number.to_f64()), number);
        }
        let more: Decimal = crate::json::from_str("45.18852999").expect("a number");
        assert_eq!(more.to_string(), "45.188529");
        for wrong in ["1e3", "\"1\"", "99999999999999"] {
            assert!(crate::json::from_str::<Decimal>(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Decimal::nearest(f64::NAN), Decimal(0));
    }
}
