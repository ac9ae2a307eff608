//! Letters as people search them: without case, accents, vowel signs and other ways of writing the
//! same.
//!
//! This is compatibility decomposition (NFKD) without marks, for the scripts that guides are written
//! in, plus what people type for one another: `ß` and `ss`, `œ` and `oe`, Arabic letters that share
//! a shape, digits of any script. The tables here are 2 kB; `unicode-normalization` would weigh more
//! in a reader's browser than all of search. A test compares the two, letter by letter.

/// U+00C0 to U+024F: the letter without its marks; a dot where the tables do not say.
const LATIN: &[u8] = b"aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.yaaaaaaccccccccddddeeeeeeeeeegggg\
gggghhhhiiiiiiiiii..jjkkkllllllllllnnnnnn.nnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzsbbbb..occ.d...eeeffgg..ikkl.\
.nnooo..pp......tttuu.vyyzz......................aaiioouuuuuuuuuueaaaa..ggggkkoooo..j...gg..nnaa....aaaaeeeeiiiioooorrrruuuu\
sstt..hh....zzaaeeooooooooyy......accltsz..bu.eejj..rryy";

/// U+1E00 to U+1EFF, Vietnamese among them.
const LATIN_MORE: &[u8] = b"aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrss\
ssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s...daaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooo\
ooooooouuuuuuuuuuuuuuyyyyyyyy......";

/// Greek, Cyrillic, Hebrew, Arabic: small letters, each with what it is taken for; sorted.
#[rustfmt::skip]
const OTHERS: &[(char, char)] = &[
    ('ǯ', 'ʒ'), ('ΐ', 'ι'), ('ά', 'α'), ('έ', 'ε'), ('ή', 'η'), ('ί', 'ι'), ('ΰ', 'υ'), ('ς', 'σ'), ('ϊ', 'ι'), ('ϋ', 'υ'),
    ('ό', 'ο'), ('ύ', 'υ'), ('ώ', 'ω'), ('й', 'и'), ('ѐ', 'е'), ('ё', 'е'), ('ѓ', 'г'), ('ї', 'і'), ('ќ', 'к'),
    ('ѝ', 'и'), ('ў', 'у'), ('ѷ', 'ѵ'), ('ӂ', 'ж'), ('ӑ', 'а'), ('ӓ', 'а'), ('ӗ', 'е'), ('ӛ', 'ә'), ('ӝ', 'ж'), ('ӟ', 'з'),
    ('ӣ', 'и'), ('ӥ', 'и'), ('ӧ', 'о'), ('ӫ', 'ө'), ('ӭ', 'э'), ('ӯ', 'у'), ('ӱ', 'у'), ('ӳ', 'у'), ('ӵ', 'ч'),
    ('ӹ', 'ы'), ('ך', 'כ'), ('ם', 'מ'), ('ן', 'נ'), ('ף', 'פ'), ('ץ', 'צ'), ('آ', 'ا'), ('أ', 'ا'), ('ؤ', 'و'),
    ('إ', 'ا'), ('ئ', 'ي'), ('ة', 'ه'), ('ى', 'ي'), ('ٱ', 'ا'), ('ک', 'ك'), ('ھ', 'ه'), ('ۀ', 'ه'), ('ہ', 'ه'),
    ('ۂ', 'ه'), ('ۃ', 'ه'), ('ی', 'ي'), ('ے', 'ي'), ('ە', 'ه'),
];

/// Marks that stand on letters, the Arabic stretch and joiners: they are passed over.
const MARKS: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{300}', '\u{36f}'),
    ('\u{483}', '\u{489}'),
    ('\u{591}', '\u{5bd}'),
    ('\u{5bf}', '\u{5bf}'),
    ('\u{5c1}', '\u{5c2}'),
    ('\u{5c4}', '\u{5c5}'),
    ('\u{5c7}', '\u{5c7}'),
    ('\u{610}', '\u{61a}'),
    ('\u{640}', '\u{640}'),
    ('\u{64b}', '\u{65f}'),
    ('\u{670}', '\u{670}'),
    ('\u{6d6}', '\u{6dc}'),
    ('\u{6df}', '\u{6e8}'),
    ('\u{6ea}', '\u{6ed}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{2069}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
];

/// Where the ten digits of other scripts begin.
const DIGITS: &[char] = &[
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}', '\u{c66}', '\u{ce6}',
    '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{17e0}', '\u{1810}', '\u{ff10}',
];

/// `text` as it is searched: folded letters, everything else unchanged.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    text.chars().for_each(|c| fold_char(c, &mut folded));
    folded
}

/// Adds what `c` is searched as: nothing for a mark, two letters for a ligature.
pub(super) fn fold_char(c: char, folded: &mut String) {
    if c.is_ascii() {
        folded.push(c.to_ascii_lowercase());
    } else if !is_mark(c) {
        c.to_lowercase().filter(|small| !is_mark(*small)).for_each(|small| fold_small(small, folded));
    }
}

fn fold_small(c: char, folded: &mut String) {
    match pair(c) {
        Some(letters) => folded.push_str(letters),
        None => folded.push(single(c)),
    }
}

fn pair(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' | 'ǣ' | 'ǽ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ĳ' => "ij",
        'ǆ' | 'ǳ' => "dz",
        'ǉ' => "lj",
        'ǌ' => "nj",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﻻ' | 'ﻼ' => "لا",
        _ => return None,
    })
}

fn single(c: char) -> char {
    let known = |table: &[u8], first: u32| {
        let letter = table.get((c as u32).checked_sub(first)? as usize).filter(|letter| **letter != b'.')?;
        Some(char::from(*letter))
    };
    let latin = known(LATIN, 0xc0).or_else(|| known(LATIN_MORE, 0x1e00));
    latin.or_else(|| other(c)).or_else(|| digit(c)).or_else(|| wide(c)).unwrap_or(c)
}

fn other(c: char) -> Option<char> {
    let at = OTHERS.binary_search_by_key(&c, |(letter, _)| *letter).ok()?;
    Some(OTHERS[at].1)
}

fn digit(c: char) -> Option<char> {
    let value = DIGITS.iter().find_map(|zero| (c as u32).checked_sub(*zero as u32).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

/// Full-width forms of ASCII, as Chinese and Japanese keyboards make them; they come in lower case.
fn wide(c: char) -> Option<char> {
    ('\u{ff01}'..='\u{ff5e}').contains(&c).then(|| char::from_u32(c as u32 - 0xfee0)).flatten()
}

fn is_mark(c: char) -> bool {
    MARKS.iter().any(|(first, last)| (*first..=*last).contains(&c))
}
