//! Which plural form a number takes (CLDR plural rules, whole numbers up to a million).

/// The CLDR category of `n` in the language `tag`.
pub fn category(tag: &str, n: usize) -> &'static str {
    match tag.split('-').next().unwrap_or(tag) {
        "fr" if n < 2 => "one",
        "ar" => arabic(n),
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
