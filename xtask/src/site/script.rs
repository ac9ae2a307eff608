//! Scripts without their comment lines. Nothing cleverer: a script that cannot be read line by
//! line (a template over several lines) is left as it is, and brotli does the rest.

/// Removes lines that are only a comment, blank lines and indentation.
pub fn minify(script: &str) -> String {
    if script.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return script.to_owned();
    }
    let mut out = String::with_capacity(script.len());
    let mut in_comment = false;
    for line in script.lines().map(str::trim) {
        let opens_comment = line.starts_with("/*") && (line.ends_with("*/") || !line.contains("*/"));
        if in_comment || opens_comment {
            in_comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comment_lines_and_indentation_go() {
        let script = "// why\n/**\n * @param {number} a\n */\nfunction f(a) {\n  return a / 2; // half\n}\n/* one */\n\n";
        assert_eq!(minify(script), "function f(a) {\nreturn a / 2; // half\n}\n");
    }

    #[test]
    fn a_template_over_several_lines_is_left_alone() {
        let script = "const a = `\n  // not a comment\n`;\n";
        assert_eq!(minify(script), script);
    }

    #[test]
    fn code_after_a_comment_stays() {
        assert_eq!(minify("/* a */ f();\ng();\n"), "/* a */ f();\ng();\n");
    }
}
