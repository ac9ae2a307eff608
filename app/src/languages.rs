//! Languages by their own names, and the direction in which they are written.
//!
//! A language is offered in its own script (people look for that shape); a tag that is not listed
//! is shown as it is.

const NAMES: &[(&str, &str)] = &[
    ("am", "አማርኛ"),
    ("ar", "العربية"),
    ("az", "Azərbaycanca"),
    ("bg", "Български"),
    ("bm", "Bamanankan"),
    ("bn", "বাংলা"),
    ("bs", "Bosanski"),
    ("ca", "Català"),
    ("ckb", "کوردیی ناوەندی"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("ff", "Pulaar"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("ha", "Hausa"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("hy", "Հայերեն"),
    ("ig", "Igbo"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ka", "ქართული"),
    ("kab", "Taqbaylit"),
    ("kmr", "Kurmancî"),
    ("ko", "한국어"),
    ("ku", "Kurdî"),
    ("ln", "Lingála"),
    ("lt", "Lietuvių"),
    ("mg", "Malagasy"),
    ("mk", "Македонски"),
    ("ml", "മലയാളം"),
    ("mn", "Монгол"),
    ("ne", "नेपाली"),
    ("nl", "Nederlands"),
    ("no", "Norsk"),
    ("om", "Afaan Oromoo"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("pl", "Polski"),
    ("prs", "دری"),
    ("ps", "پښتو"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("rom", "Romani čhib"),
    ("ru", "Русский"),
    ("si", "සිංහල"),
    ("sk", "Slovenčina"),
    ("snk", "Sooninkanxanne"),
    ("so", "Soomaali"),
    ("sq", "Shqip"),
    ("sr", "Српски"),
    ("sv", "Svenska"),
    ("sw", "Kiswahili"),
    ("ta", "தமிழ்"),
    ("th", "ไทย"),
    ("ti", "ትግርኛ"),
    ("tl", "Tagalog"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("wo", "Wolof"),
    ("yo", "Yorùbá"),
    ("zh", "中文"),
    ("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ"),
];

const RTL: [&str; 9] = ["ar", "ckb", "fa", "he", "prs", "ps", "sd", "ug", "ur"];

/// The tags that have a name here, for choices.
pub fn known() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.iter().copied()
}

/// A language's name in itself.
pub fn name(tag: &str) -> &str {
    let find = |wanted: &str| NAMES.iter().find(|(known, _)| *known == wanted).map(|(_, name)| *name);
    find(tag).or_else(|| find(primary(tag))).unwrap_or(tag)
}

/// `ltr` or `rtl`, for the attribute `dir`.
pub fn dir(tag: &str) -> &'static str {
    if RTL.contains(&primary(tag)) { "rtl" } else { "ltr" }
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Whether a letter belongs to a script that is written from right to left.
pub fn is_rtl_letter(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
}
