//! Numbers, truth values and strings.

use super::{Json, Reader, number, write_text};

macro_rules! number {
    ($($type:ty),+) => {
        $(impl Json for $type {
            fn blank() -> Self {
                Self::default()
            }

            fn is_blank(&self) -> bool {
                *self == Self::default()
            }

            fn read(&mut self, json: &mut Reader<'_>) {
                match json.number().parse() {
                    Ok(number) => *self = number,
                    Err(_) => json.fail(),
                }
            }

            fn write(&self, json: &mut String) {
                json.push_str(&self.to_string());
            }
        })+
    };
}

number!(u8, u16, u32, u64, usize, i32, i64);

impl Json for f64 {
    fn blank() -> f64 {
        0.0
    }

    fn is_blank(&self) -> bool {
        *self == 0.0
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        match number::parse(json.number()) {
            Some(number) => *self = number,
            None => json.fail(),
        }
    }

    fn write(&self, json: &mut String) {
        number::write(*self, json);
    }
}

impl Json for bool {
    fn blank() -> bool {
        false
    }

    fn is_blank(&self) -> bool {
        !self
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        if json.word("true") {
            *self = true;
        } else if json.word("false") {
            *self = false;
        } else {
            json.fail();
        }
    }

    fn write(&self, json: &mut String) {
        json.push_str(if *self { "true" } else { "false" });
    }
}

impl Json for String {
    fn blank() -> String {
        String::new()
    }

    fn is_blank(&self) -> bool {
        self.is_empty()
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        *self = json.string().into_owned();
    }

    fn write(&self, json: &mut String) {
        write_text(self, json);
    }
}
