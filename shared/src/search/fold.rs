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

/// Greek, Cyrillic, Hebrew, Arabic, Bengali: small letters, each with what it is taken for; sorted.
#[rustfmt::skip]
const OTHERS: &[(char, char)] = &[
    ('ǯ', 'ʒ'), ('ΐ', 'ι'), ('ά', 'α'), ('έ', 'ε'), ('ή', 'η'), ('ί', 'ι'), ('ΰ', 'υ'), ('ς', 'σ'), ('ϊ', 'ι'), ('ϋ', 'υ'),
    ('ό', 'ο'), ('ύ', 'υ'), ('ώ', 'ω'), ('й', 'и'), ('ѐ', 'е'), ('ё', 'е'), ('ѓ', 'г'), ('ї', 'і'), ('ќ', 'к'),
    ('ѝ', 'и'), ('ў', 'у'), ('ѷ', 'ѵ'), ('ӂ', 'ж'), ('ӑ', 'а'), ('ӓ', 'а'), ('ӗ', 'е'), ('ӛ', 'ә'), ('ӝ', 'ж'), ('ӟ', 'з'),
    ('ӣ', 'и'), ('ӥ', 'и'), ('ӧ', 'о'), ('ӫ', 'ө'), ('ӭ', 'э'), ('ӯ', 'у'), ('ӱ', 'у'), ('ӳ', 'у'), ('ӵ', 'ч'),
    ('ӹ', 'ы'), ('ך', 'כ'), ('ם', 'מ'), ('ן', 'נ'), ('ף', 'פ'), ('ץ', 'צ'), ('آ', 'ا'), ('أ', 'ا'), ('ؤ', 'و'),
    ('إ', 'ا'), ('ئ', 'ي'), ('ة', 'ه'), ('ى', 'ي'), ('ٱ', 'ا'), ('ک', 'ك'), ('ھ', 'ه'), ('ۀ', 'ه'), ('ہ', 'ه'),
    ('ۂ', 'ه'), ('ۃ', 'ه'), ('ی', 'ي'), ('ے', 'ي'), ('ە', 'ه'), ('\u{9dc}', '\u{9a1}'), ('\u{9dd}', '\u{9a2}'),
    ('\u{9df}', '\u{9af}'), ('ⱥ', 'a'), ('ⱦ', 't'),
];

/// Capitals of the living scripts that have them: the first, the last, every how many, and how far
/// on the small letter is. The standard library's table knows dead ones too and weighs 11 kB.
#[rustfmt::skip]
const CAPITALS: &[(u32, u32, u32, i32)] = &[
    (0xc0, 0xd6, 1, 32), (0xd8, 0xde, 1, 32), (0x100, 0x12e, 2, 1), (0x130, 0x130, 1, -199), (0x132, 0x136, 2, 1),
    (0x139, 0x147, 2, 1), (0x14a, 0x176, 2, 1), (0x178, 0x178, 1, -121), (0x179, 0x17d, 2, 1), (0x181, 0x181, 1, 210),
    (0x182, 0x184, 2, 1), (0x186, 0x186, 1, 206), (0x187, 0x187, 1, 1), (0x189, 0x18a, 1, 205), (0x18b, 0x18b, 1, 1),
    (0x18e, 0x18e, 1, 79), (0x18f, 0x18f, 1, 202), (0x190, 0x190, 1, 203), (0x191, 0x191, 1, 1), (0x193, 0x193, 1, 205),
    (0x194, 0x194, 1, 207), (0x196, 0x196, 1, 211), (0x197, 0x197, 1, 209), (0x198, 0x198, 1, 1), (0x19c, 0x19c, 1, 211),
    (0x19d, 0x19d, 1, 213), (0x19f, 0x19f, 1, 214), (0x1a0, 0x1a4, 2, 1), (0x1a6, 0x1a6, 1, 218), (0x1a7, 0x1a7, 1, 1),
    (0x1a9, 0x1a9, 1, 218), (0x1ac, 0x1ac, 1, 1), (0x1ae, 0x1ae, 1, 218), (0x1af, 0x1af, 1, 1), (0x1b1, 0x1b2, 1, 217),
    (0x1b3, 0x1b5, 2, 1), (0x1b7, 0x1b7, 1, 219), (0x1b8, 0x1bc, 4, 1), (0x1c4, 0x1ca, 3, 2), (0x1c5, 0x1cb, 3, 1),
    (0x1cd, 0x1db, 2, 1), (0x1de, 0x1ee, 2, 1), (0x1f1, 0x1f1, 1, 2), (0x1f2, 0x1f4, 2, 1), (0x1f6, 0x1f6, 1, -97),
    (0x1f7, 0x1f7, 1, -56), (0x1f8, 0x21e, 2, 1), (0x220, 0x220, 1, -130), (0x222, 0x232, 2, 1), (0x23b, 0x23b, 1, 1),
    (0x23d, 0x23d, 1, -163), (0x241, 0x241, 1, 1), (0x243, 0x243, 1, -195), (0x244, 0x244, 1, 69), (0x245, 0x245, 1, 71),
    (0x246, 0x24e, 2, 1), (0x1e00, 0x1e94, 2, 1), (0x1e9e, 0x1e9e, 1, -7615), (0x1ea0, 0x1efe, 2, 1),
    // Greek
    (0x386, 0x386, 1, 38), (0x388, 0x38a, 1, 37), (0x38c, 0x38c, 1, 64), (0x38e, 0x38f, 1, 63), (0x391, 0x3a1, 1, 32),
    (0x3a3, 0x3ab, 1, 32),
    // Cyrillic
    (0x400, 0x40f, 1, 80), (0x410, 0x42f, 1, 32), (0x460, 0x480, 2, 1), (0x48a, 0x4be, 2, 1), (0x4c0, 0x4c0, 1, 15),
    (0x4c1, 0x4cd, 2, 1), (0x4d0, 0x52e, 2, 1),
    // Armenian, Georgian, full-width Latin, Adlam
    (0x531, 0x556, 1, 48), (0x1c90, 0x1cba, 1, -3008), (0x1cbd, 0x1cbf, 1, -3008), (0xff21, 0xff3a, 1, 32),
    (0x1e900, 0x1e921, 1, 34),
];

/// Marks that stand on letters or join them, the Arabic stretch and joiners: they are passed over.
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
    ('\u{93c}', '\u{93c}'),
    ('\u{94d}', '\u{94d}'),
    ('\u{9bc}', '\u{9bc}'),
    ('\u{9cd}', '\u{9cd}'),
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
        fold_small(small(c), folded);
    }
}

/// The small letter; of what is none, itself.
pub(super) fn small(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let code = c as u32;
    let of =
        |(first, last, step, _): &&(u32, u32, u32, i32)| (*first..=*last).contains(&code) && (code - first).is_multiple_of(*step);
    CAPITALS.iter().find(of).and_then(|(.., by)| char::from_u32(code.checked_add_signed(*by)?)).unwrap_or(c)
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
