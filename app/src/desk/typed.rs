//! What people type and what a field keeps: text to value and back, by the field's shape.

use serde_json::Value;
use shared::schema::Shape;
use shared::validate::{self, Reason};

/// The value behind `text`; nothing typed is *unknown*.
pub fn read(shape: &Shape, text: &str) -> Result<Option<Value>, Reason> {
    match shape {
        // Prose is never absent: it is emptied.
        Shape::Prose(max) => validate::length(text, *max).map(|()| Some(text.into())),
        _ if text.trim().is_empty() => Ok(None),
        Shape::Whole(..) => checked(shape, text.trim().parse::<i64>().map_err(|_| Reason::WrongType)?.into()),
        Shape::Decimal(..) => {
            let number: f64 = text.trim().replace(',', ".").parse().map_err(|_| Reason::WrongType)?;
            checked(shape, number.into())
        }
        Shape::Line(_) => checked(shape, text.replace(['\n', '\r', '\t'], " ").into()),
        // Browsers add seconds to a moment where somebody typed them.
        Shape::Moment => checked(shape, text.trim().chars().take(16).collect::<String>().into()),
        Shape::Date => checked(shape, text.trim().into()),
        _ => checked(shape, text.into()),
    }
}

fn checked(shape: &Shape, value: Value) -> Result<Option<Value>, Reason> {
    let value = validate::straight_value(&value).into_owned();
    validate::scalar(shape, &value).map(|()| Some(value))
}

/// A value as it stands in an input.
pub fn show(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_with_point_or_comma() {
        assert_eq!(read(&Shape::Decimal(-90.0, 90.0), " 48,85 "), Ok(Some(json!(48.85))));
        assert_eq!(read(&Shape::Decimal(-90.0, 90.0), "91"), Err(Reason::OutOfRange));
        assert_eq!(read(&Shape::Whole(0, 120), "18"), Ok(Some(json!(18))));
        assert_eq!(read(&Shape::Whole(0, 120), "18.5"), Err(Reason::WrongType));
        assert_eq!(show(Some(&json!(48.85))), "48.85");
    }

    #[test]
    fn nothing_typed_is_unknown_and_prose_is_emptied() {
        assert_eq!(read(&Shape::Line(5), "  "), Ok(None));
        assert_eq!(read(&Shape::Date, ""), Ok(None));
        assert_eq!(read(&Shape::Prose(5), ""), Ok(Some(json!(""))));
    }

    #[test]
    fn what_does_not_fit_says_why() {
        assert_eq!(read(&Shape::Line(3), "four"), Err(Reason::TooLong));
        assert_eq!(read(&Shape::Date, "2026-02-30"), Err(Reason::NotADate));
        assert_eq!(read(&Shape::Moment, "2026-02-03T18:30:00"), Ok(Some(json!("2026-02-03T18:30"))));
        assert_eq!(read(&Shape::Line(9), "a\nb"), Ok(Some(json!("a b"))));
        assert_eq!(read(&Shape::Line(9), "\u{202a}04 72\u{202c}"), Ok(Some(json!("04 72"))), "as address books copy it");
    }
}
