//! A table's bytes as text. Spreadsheets save as UTF-8, or as Windows-1252 without saying so.

/// What Windows-1252 has where Latin-1 has control characters (0x80 to 0x9F; the Encoding Standard's index).
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// UTF-8 where it is; otherwise every byte is a letter of Windows-1252.
pub fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().iter().map(|byte| letter(*byte)).collect())
}

fn letter(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER),
        byte => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_spreadsheets_are_read_in_both_encodings() {
        assert_eq!(text("nom\nÉpicerie".into()), "nom\nÉpicerie");
        assert_eq!(text(b"\xc9picerie \x96 3\xa0\x80, l\x92\x9cuvre".to_vec()), "Épicerie – 3\u{a0}€, l’œuvre");
        assert_eq!(WINDOWS.chars().count(), 32);
    }
}
