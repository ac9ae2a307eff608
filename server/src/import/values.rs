//! Cleaning what people wrote into cells and tags: phones, links, addresses, days, numbers.

use shared::ids::Day;
use shared::validate::Reason;

/// One line: blanks, line breaks and control characters become single spaces.
pub fn one_line(text: &str) -> String {
    let parts = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// Prose: lines end without blanks, at most one empty line in a row.
pub fn paragraphs(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

/// The phone numbers in a cell: `04 78 61 86 42/04 78 61 88 70`, `06 98 23 83 78 ou 07 55 64 92 96`.
/// Words around a number come with it, as its description.
pub fn phones(cell: &str) -> Vec<(String, Option<String>)> {
    let parts = cell.split([';', '/', '\n']);
    let parts = [", ", " ou ", " or "]
        .into_iter()
        .fold(parts.collect::<Vec<_>>(), |parts, between| parts.into_iter().flat_map(|part| part.split(between)).collect());
    parts.into_iter().filter_map(phone).collect()
}

/// A number of at least two digits (15 and 112 are numbers) and the words around it.
fn phone(part: &str) -> Option<(String, Option<String>)> {
    let allowed = |c: char| c.is_ascii_digit() || "+.-() \u{a0}\u{202f}".contains(c);
    let start = part.find(|c: char| c.is_ascii_digit() || c == '+')?;
    let rest = &part[start..];
    // `+33 (0)4 …` goes on after its bracket, `0 821 00 25 25 (0,12 €` does not.
    let bracket = rest.find(" (").filter(|at| !rest[*at..].starts_with(" (0)"));
    let end = rest.find(|c: char| !allowed(c)).into_iter().chain(bracket).min().unwrap_or(rest.len());
    let number = one_line(rest[..end].trim_end_matches(['(', '-', '.', ' ']));
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let words = format!("{} {}", &part[..start], &rest[end..]);
    let words = one_line(words.trim_matches(|c: char| c.is_whitespace() || ":()-".contains(c)));
    let described = words.chars().filter(|c| c.is_alphabetic()).count() > 2;
    let is_email = part.contains('@');
    (digits >= 2 && !is_email).then(|| (number, described.then_some(words)))
}

/// A web address with its scheme; the first of several. `None` when it is none.
pub fn link(cell: &str) -> Option<String> {
    let first = cell.split([';', ' ', '\n']).map(str::trim).find(|part| !part.is_empty())?;
    let has_scheme = first.starts_with("http://") || first.starts_with("https://");
    let looks_like_host = first.contains('.') && !first.contains(['@', ':']);
    match (has_scheme, looks_like_host) {
        (true, _) => Some(first.to_owned()),
        (false, true) => Some(format!("https://{first}")),
        _ => None,
    }
}

/// The first mail address in a cell.
pub fn email(cell: &str) -> Option<String> {
    let is_address = |part: &&str| part.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    cell.split([';', ' ', ',', '\n']).map(str::trim).find(is_address).map(str::to_owned)
}

/// A day as `2021-05-05`, `2021-05-05T10:00:00`, `05/05/2021` or `05.05.2021`, or the month `2021-05`
/// (its first day: rather older than it is than newer).
pub fn day(cell: &str) -> Option<Day> {
    let cell = cell.trim();
    let iso = cell.get(..10).and_then(|head| head.parse().ok());
    let month = || if cell.len() == 7 { format!("{cell}-01").parse().ok() } else { None };
    iso.or_else(month).or_else(|| {
        let parts: Vec<u32> = cell.split(['/', '.']).filter_map(|part| part.parse().ok()).collect();
        match parts.as_slice() {
            [day, month, year] if *year > 999 => Day::new(i32::try_from(*year).ok()?, *month, *day),
            _ => None,
        }
    })
}

/// A coordinate, to seven decimals (a centimetre): `45.75`, `45,75`.
pub fn degrees(cell: &str) -> Option<f64> {
    let number: f64 = cell.trim().replace(',', ".").parse().ok()?;
    number.is_finite().then(|| rounded(number))
}

/// Seven decimals are OpenStreetMap's own precision; more only make files differ.
pub fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// An address in one cell: street line, postal code, city.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressParts {
    pub street: String,
    pub postal_code: Option<String>,
    pub city: Option<String>,
}

/// Takes `13, rue B. Delessert 69007 Lyon, France` apart at its five-digit postal code.
pub fn address(cell: &str) -> AddressParts {
    let line = one_line(cell);
    let trim = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || ",-–".contains(c)).to_owned();
    let Some(at) = postal_code_at(&line) else {
        return AddressParts { street: trim(&line), ..AddressParts::default() };
    };
    let city = trim(line[at + 5..].trim_end_matches("France"));
    AddressParts {
        street: trim(&line[..at]),
        postal_code: Some(line[at..at + 5].to_owned()),
        city: (!city.is_empty()).then_some(city),
    }
}

/// Where the last group of exactly five digits begins.
fn postal_code_at(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len().saturating_sub(4)).rev().find(|&at| {
        let alone = !is_digit(at + 5) && (at == 0 || !is_digit(at - 1));
        alone && (at..at + 5).all(is_digit)
    })
}

/// What is wrong with a value, for a report.
pub fn in_words(reason: Reason) -> &'static str {
    match reason {
        Reason::UnknownField => "there is no such field",
        Reason::WrongType => "it is not of the right form",
        Reason::TooLong => "it is too long",
        Reason::TooMany => "there are too many",
        Reason::NotACode => "it is not one of the known codes",
        Reason::OutOfRange => "the number is out of range",
        Reason::NotADate => "it is not a date",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_found_among_words() {
        let numbers = |cell| phones(cell).into_iter().map(|(number, _)| number).collect::<Vec<_>>();
        assert_eq!(numbers(" 04 27 85 56 49/04 27 85 56 47"), ["04 27 85 56 49", "04 27 85 56 47"]);
        assert_eq!(numbers("06 98 23 83 78 ou 07 55 64 92 96"), ["06 98 23 83 78", "07 55 64 92 96"]);
        assert_eq!(numbers("contact.dvel@gmail.com"), [""; 0]);
        assert_eq!(numbers("06 10 23 93 43 ou contact@solivet.org"), ["06 10 23 93 43"]);
        assert_eq!(numbers("+33(0)4 74 07 92 11"), ["+33(0)4 74 07 92 11"]);
        assert_eq!(
            phones("Sévigné:04 78 14 14 14\nVallée: 04 72 13 07 07"),
            [("04 78 14 14 14".to_owned(), Some("Sévigné".to_owned())), ("04 72 13 07 07".to_owned(), Some("Vallée".to_owned()))]
        );
        let paid = phones("0 821 00 25 25 (0,12 € la minute)");
        assert_eq!(paid[0].0, "0 821 00 25 25");
    }

    #[test]
    fn an_address_is_taken_apart_at_its_postal_code() {
        let parts = address("13, rue B. Delessert 69007 Lyon, France");
        assert_eq!(parts.street, "13, rue B. Delessert");
        assert_eq!(parts.postal_code.as_deref(), Some("69007"));
        assert_eq!(parts.city.as_deref(), Some("Lyon"));
        assert_eq!(address("5, boulevard Diderot, 75012").postal_code.as_deref(), Some("75012"));
        assert_eq!(address("6 bis, rue Clavel").street, "6 bis, rue Clavel");
    }

    #[test]
    fn days_links_and_mails_are_read_as_people_write_them() {
        assert_eq!(day("05/11/2021").map(|day| day.to_string()).as_deref(), Some("2021-11-05"));
        assert_eq!(day("2023-07").map(|day| day.to_string()).as_deref(), Some("2023-07-01"));
        assert_eq!(day("soon"), None);
        assert_eq!(link(" www.anpaa.asso.fr").as_deref(), Some("https://www.anpaa.asso.fr"));
        assert_eq!(link("contact@spf75.org"), None);
        assert_eq!(email("ou contact@solivet.org").as_deref(), Some("contact@solivet.org"));
    }
}
