//! Plain trees: JSON as it is, for records whose form the schema knows.

use super::{Json, Reader, number, write_name, write_text};
use serde_json::{Map, Number, Value};

impl Json for Value {
    fn blank() -> Value {
        Value::Null
    }

    fn is_blank(&self) -> bool {
        self.is_null()
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        *self = match json.peek() {
            b'{' => {
                let mut map = Map::new();
                json.object(&mut |json, name| {
                    let mut value = Value::Null;
                    value.read(json);
                    map.insert(name.to_owned(), value);
                });
                Value::Object(map)
            }
            b'[' => {
                let mut items = Vec::new();
                items.read(json);
                Value::Array(items)
            }
            b'"' => Value::String(json.string().into_owned()),
            b't' | b'f' => {
                let mut truth = false;
                truth.read(json);
                Value::Bool(truth)
            }
            b'n' if json.word("null") => Value::Null,
            _ => match read_number(json.number()) {
                Some(number) => Value::Number(number),
                None => return json.fail(),
            },
        };
    }

    fn write(&self, json: &mut String) {
        match self {
            Value::Null => json.push_str("null"),
            Value::Bool(truth) => truth.write(json),
            Value::Number(number) => write_number(number, json),
            Value::String(text) => write_text(text, json),
            Value::Array(items) => items.write(json),
            Value::Object(map) => {
                json.push('{');
                for (key, value) in map {
                    write_name(key, json);
                    value.write(json);
                }
                json.push('}');
            }
        }
    }
}

/// Whole numbers stay whole, as serde_json has it.
fn read_number(text: &str) -> Option<Number> {
    let whole = || text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok();
    let negative_zero = text == "-0";
    let fraction = || number::parse(text).and_then(Number::from_f64);
    if negative_zero { fraction() } else { whole().or_else(fraction) }
}

fn write_number(value: &Number, json: &mut String) {
    match (value.as_i64(), value.as_u64()) {
        (Some(whole), _) => whole.write(json),
        (_, Some(whole)) => whole.write(json),
        _ => number::write(value.as_f64().unwrap_or(f64::NAN), json),
    }
}

/// A value that is handed on as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw(pub String);

impl Json for Raw {
    const NEEDED: bool = true;

    fn blank() -> Raw {
        Raw("null".to_owned())
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        self.0 = json.raw().to_owned();
    }

    fn write(&self, json: &mut String) {
        json.push_str(&self.0);
    }
}
