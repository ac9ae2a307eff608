//! Plain trees: JSON as it is, for records whose form the schema knows.

use super::{Json, Reader, write_name, write_text};
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
            _ => match number(json.number()) {
                Some(number) => Value::Number(number),
                None => return json.fail(),
            },
        };
    }

    fn write(&self, json: &mut String) {
        match self {
            Value::Null => json.push_str("null"),
            Value::Bool(truth) => truth.write(json),
            Value::Number(number) => json.push_str(&number.to_string()),
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
fn number(text: &str) -> Option<Number> {
    let whole = || text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok();
    let negative_zero = text == "-0";
    let fraction = || text.parse::<f64>().ok().and_then(Number::from_f64);
    if negative_zero { fraction() } else { whole().or_else(fraction) }
}
