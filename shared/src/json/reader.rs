//! Walks over JSON text once. RFC 8259; objects may name a field twice, the last one counts.

use super::BadJson;
use std::borrow::Cow;

/// Deeper nesting is refused: nothing of ours comes near, and the stack of a browser is small.
const DEPTH_MAX: u32 = 100;

/// A place in a text. After a mistake it stands at the end and every value asked for stays blank.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    /// Where the first mistake was.
    wrong: Option<usize>,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0, depth: 0, wrong: None }
    }

    /// Whether everything was as expected, to the end of the text.
    pub fn finish(mut self) -> Result<(), BadJson> {
        if self.peek() != 0 || self.at < self.text.len() {
            self.fail();
        }
        self.wrong.map_or(Ok(()), |at| Err(BadJson { at }))
    }

    /// What comes after the values that were read, if all was as expected so far.
    pub fn rest(self) -> Result<&'a str, BadJson> {
        self.wrong.map_or(Ok(&self.text[self.at..]), |at| Err(BadJson { at }))
    }

    /// What comes is not what was expected.
    pub fn fail(&mut self) {
        self.wrong.get_or_insert(self.at);
        self.at = self.text.len();
    }

    pub fn has_failed(&self) -> bool {
        self.wrong.is_some()
    }

    /// The first byte of what comes next; 0 at the end.
    pub fn peek(&mut self) -> u8 {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(byte) => return *byte,
                None => return 0,
            }
        }
    }

    /// Goes past `byte` if it comes next.
    fn eat(&mut self, byte: u8) -> bool {
        let comes = self.peek() == byte;
        self.at += usize::from(comes);
        comes
    }

    fn expect(&mut self, byte: u8) {
        if !self.eat(byte) {
            self.fail();
        }
    }

    /// Goes past `null`, `true` or `false` if it comes next.
    pub fn word(&mut self, word: &str) -> bool {
        self.peek();
        let comes = self.text[self.at..].starts_with(word);
        self.at += if comes { word.len() } else { 0 };
        comes
    }

    /// A number as it is written; empty where none comes.
    pub fn number(&mut self) -> &'a str {
        self.peek();
        let rest = &self.text[self.at..];
        let length = number_length(rest.as_bytes());
        if length == 0 {
            self.fail();
            return "";
        }
        self.at += length;
        &rest[..length]
    }

    /// A string; empty where none comes.
    pub fn string(&mut self) -> Cow<'a, str> {
        self.expect(b'"');
        let rest = &self.text[self.at..];
        let plain = plain_length(rest.as_bytes());
        self.at += plain;
        // Quotes, backslashes and control characters are single bytes: a character is never cut.
        let head = &rest[..plain];
        if self.text.as_bytes().get(self.at) == Some(&b'"') {
            self.at += 1;
            return Cow::Borrowed(head);
        }
        self.escaped(head.to_owned()).map_or(Cow::Borrowed(""), Cow::Owned)
    }

    /// The rest of a string that holds more than plain characters.
    fn escaped(&mut self, mut text: String) -> Option<String> {
        loop {
            let rest = &self.text[self.at..];
            let c = rest.chars().next().unwrap_or('\0');
            self.at += c.len_utf8().min(rest.len());
            match c {
                '"' => return Some(text),
                '\\' => match self.escape() {
                    Some(c) => text.push(c),
                    None => break,
                },
                '\0'..='\x1f' => break,
                _ => text.push(c),
            }
        }
        self.fail();
        None
    }

    /// What stands for one character after a backslash.
    fn escape(&mut self) -> Option<char> {
        let byte = *self.text.as_bytes().get(self.at)?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => return self.code_point(),
            _ => {
                self.at -= 1;
                return None;
            }
        })
    }

    /// Four hexadecimal digits, or twice that for a surrogate pair.
    fn code_point(&mut self) -> Option<char> {
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        if !self.text[self.at..].starts_with("\\u") {
            return None;
        }
        self.at += 2;
        let second = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + second)
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }

    /// Calls `item` in front of each item of an array.
    pub fn list(&mut self, item: &mut dyn FnMut(&mut Self)) {
        self.enclosed(b'[', b']', item);
    }

    /// Calls `item` with the place of each item of an array, in front of it; fewer than `needed` are a
    /// mistake.
    pub fn tuple(&mut self, needed: usize, item: &mut dyn FnMut(&mut Self, usize)) {
        let mut count = 0;
        self.list(&mut |json| {
            item(json, count);
            count += 1;
        });
        if count < needed {
            self.fail();
        }
    }

    /// Calls `field` with the name of each field of an object, in front of its value.
    pub fn object(&mut self, field: &mut dyn FnMut(&mut Self, &str)) {
        self.enclosed(b'{', b'}', &mut |json| {
            let name = json.string();
            json.expect(b':');
            field(json, &name);
        });
    }

    fn enclosed(&mut self, open: u8, close: u8, item: &mut dyn FnMut(&mut Self)) {
        self.depth += 1;
        self.expect(open);
        if self.depth > DEPTH_MAX {
            self.fail();
        }
        let mut more = !self.eat(close);
        while more && !self.has_failed() {
            item(self);
            let next = self.peek();
            more = next == b',';
            if more || next == close {
                self.at += 1;
            } else {
                self.fail();
            }
        }
        self.depth -= 1;
    }

    /// A choice: `"name"` alone, or `{"name": …}` with what belongs to it; `chosen` takes that.
    pub fn choice(&mut self, chosen: &mut dyn FnMut(&mut Self, &str)) {
        if self.peek() == b'"' {
            let name = self.string();
            return chosen(self, &name);
        }
        let mut count = 0;
        self.object(&mut |json, name| {
            count += 1;
            chosen(json, name);
        });
        if count != 1 {
            self.fail();
        }
    }

    /// A value as it is written.
    pub fn raw(&mut self) -> &'a str {
        self.text_of(&mut Self::skip)
    }

    /// What `read` reads, as it is written.
    pub fn text_of(&mut self, read: &mut dyn FnMut(&mut Self)) -> &'a str {
        self.peek();
        let from = self.at;
        read(self);
        &self.text[from..self.at]
    }

    /// Goes past a value that is read later, if at all; see [`Reader::unread`].
    pub fn pass(&mut self) {
        match self.peek() {
            b'[' | b'{' => drop(self.unread()),
            _ => self.skip(),
        }
    }

    /// A list or an object as it is written. Only its end is looked for: whoever reads it finds its mistakes.
    pub fn unread(&mut self) -> &'a str {
        if !matches!(self.peek(), b'[' | b'{') {
            self.fail();
            return "";
        }
        let (from, mut open) = (self.at, 0_usize);
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => {
                    self.string();
                    continue;
                }
                Some(b'[' | b'{') => open += 1,
                Some(b']' | b'}') => open -= 1,
                Some(_) => {}
                None => {
                    self.fail();
                    return "";
                }
            }
            self.at += 1;
            if open == 0 {
                return &self.text[from..self.at];
            }
        }
    }

    /// Goes past a value that nobody wants.
    pub fn skip(&mut self) {
        match self.peek() {
            b'{' => self.object(&mut |json, _| json.skip()),
            b'[' => self.list(&mut |json| json.skip()),
            b'"' => drop(self.string()),
            b'n' | b't' | b'f' => {
                if !["null", "true", "false"].into_iter().any(|word| self.word(word)) {
                    self.fail();
                }
            }
            _ => drop(self.number().len()),
        }
    }
}

/// How many bytes at the start of a string stand for themselves. Eight at a time: most of a guide is text.
fn plain_length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(eight) = text.get(at..at + 8) {
        let ends = ends(u64::from_le_bytes(eight.try_into().expect("eight bytes are eight bytes")));
        if ends != 0 {
            return at + (ends.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at + text[at..].iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

/// Not 0 if one of eight bytes is a quote, a backslash or a control character: the lowest bit that is set
/// is the highest of the first such byte.
fn ends(eight: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let below = |bytes: u64, bound: u8| bytes.wrapping_sub(EACH * u64::from(bound)) & !bytes;
    let is = |byte: u8| below(eight ^ (EACH * u64::from(byte)), 1);
    (below(eight, 0x20) | is(b'"') | is(b'\\')) & (EACH << 7)
}

/// How many bytes at the start are a number: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
fn number_length(text: &[u8]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is = |at: usize, of: &[u8]| text.get(at).is_some_and(|byte| of.contains(byte));
    let mut at = usize::from(is(0, b"-"));
    let whole = if is(at, b"0") { 1 } else { digits(at) };
    if whole == 0 {
        return 0;
    }
    at += whole;
    if is(at, b".") {
        match digits(at + 1) {
            0 => return 0,
            count => at += 1 + count,
        }
    }
    if is(at, b"eE") {
        let from = at + 1 + usize::from(is(at + 1, b"+-"));
        match digits(from) {
            0 => return 0,
            count => at = from + count,
        }
    }
    at
}
