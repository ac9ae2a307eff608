//! One stylesheet from `app/style/*.css`: the parts in order, without comments and idle white space.

/// The parts in the order they are written: `app.css` first (it declares the `@layer` order), then by name.
pub fn order(names: &mut [String]) {
    names.sort_by_key(|name| (name != "app.css", name.clone()));
}

/// Removes comments and white space that means nothing. Strings are kept as they are, and spaces
/// that separate words (`a :hover`, `1px solid`, `calc(a + b)`) too.
pub fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        let taken = if rest.starts_with("/*") {
            space(&mut out);
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if c == '"' || c == '\'' {
            let end = string_end(rest, c);
            out.push_str(&rest[..end]);
            end
        } else if c.is_ascii_whitespace() {
            space(&mut out);
            c.len_utf8()
        } else {
            symbol(&mut out, c);
            c.len_utf8()
        };
        rest = &rest[taken..];
    }
    out.trim_end().to_owned()
}

/// A space, unless the text before it already separates.
fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '{', '}', ';', ',', ':', '(']) {
        out.push(' ');
    }
}

fn symbol(out: &mut String, c: char) {
    if matches!(c, '{' | '}' | ';' | ',' | ')') && out.ends_with(' ') {
        out.pop();
    }
    if c == '}' && out.ends_with(';') {
        out.pop();
    }
    out.push(c);
}

/// The length of the string literal that `text` starts with, its quotes included.
fn string_end(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(css: &str, expected: &str) {
        assert_eq!(minify(css), expected);
    }

    #[test]
    fn comments_and_idle_space_go() {
        check(
            "/* why */\n@layer reset, page;\n\na {\n  color : red;\n  margin: 0 1px;\n}\n",
            "@layer reset,page;a{color :red;margin:0 1px}",
        );
    }

    #[test]
    fn spaces_that_mean_something_stay() {
        check("a :hover { width: calc(1px + (2px * 3)) }", "a :hover{width:calc(1px + (2px * 3))}");
        check("@media (width > 40rem) and (hover) { b {} }", "@media (width > 40rem) and (hover){b{}}");
        check("a/**/b{}", "a b{}");
    }

    #[test]
    fn strings_are_kept() {
        check(r#"a::before { content: " /* } ;  \" " ; }"#, r#"a::before{content:" /* } ;  \" "}"#);
    }

    #[test]
    fn the_layer_order_comes_first() {
        let mut names = ["a.css", "z.css", "app.css"].map(String::from);
        order(&mut names);
        assert_eq!(names, ["app.css", "a.css", "z.css"]);
    }
}
