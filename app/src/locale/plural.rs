//! Which plural form a number takes (CLDR plural rules, whole numbers below a million; a test compares
//! them with CLDR's own).

/// The CLDR category of `n` in the language `tag`.
pub fn category(tag: &str, n: usize) -> &'static str {
    match tag.split('-').next().unwrap_or(tag) {
        "ar" => arabic(n),
        "ru" | "uk" => slavic(n),
        "wo" => "other",
        "am" | "bn" | "fa" | "fr" | "pt" | "ti" if n == 0 => "one",
        _ if n == 1 => "one",
        _ => "other",
    }
}

fn arabic(n: usize) -> &'static str {
    match (n, n % 100) {
        (0, _) => "zero",
        (1, _) => "one",
        (2, _) => "two",
        (_, 3..=10) => "few",
        (_, 11..=99) => "many",
        _ => "other",
    }
}

fn slavic(n: usize) -> &'static str {
    match (n % 10, n % 100) {
        (1, rest) if rest != 11 => "one",
        (2..=4, 0..=4 | 20..=99) => "few",
        _ => "many",
    }
}
