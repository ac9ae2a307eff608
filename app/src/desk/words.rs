//! Codes, fields, edits and troubles in the words of a person's language.
//!
//! Pure: the locale in, sentences out. Whatever the replica or the relay answers has its sentence
//! here; none of their own texts reaches the screen.

use super::ground::Unserved;
use super::layout;
use crate::languages;
use crate::locale::Locale;
use serde_json::Value;
use shared::edit::Edit;
use shared::gate::Refusal;
use shared::ids::DeviceId;
use shared::link::{Stage, Trouble};
use shared::schema::{Kind, Path, Shape};
use shared::validate::Reason;
use shared::wire::Denied;

/// What went wrong, and what to do.
pub fn trouble(locale: &Locale, trouble: &Trouble) -> String {
    match trouble {
        Trouble::Unsent { unsent } => locale.count("trouble.unsent", *unsent, &[]),
        other => locale.text(&format!("trouble.{}", trouble_code(other))),
    }
}

pub fn trouble_code(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Full => "full",
        Trouble::NoStorage => "no_storage",
        Trouble::Locked => "locked",
        Trouble::NotJoined => "not_joined",
        Trouble::NotFound => "not_found",
        Trouble::NotReached => "not_reached",
        Trouble::Denied { denied } => match denied {
            Denied::UnknownInvite => "unknown_invite",
            Denied::UsedInvite => "used_invite",
            Denied::ExpiredInvite => "expired_invite",
            Denied::TakenName => "taken_name",
            Denied::BadRequest => "bad_request",
            Denied::BadToken => "bad_token",
        },
        Trouble::BadEdit { .. } => "bad_edit",
        Trouble::Unsent { .. } => "unsent",
        Trouble::Internal { .. } => "internal",
    }
}

/// A device in short, where a name is not enough to tell it.
pub fn short(device: DeviceId) -> String {
    device.to_string().chars().take(6).collect()
}

/// Why the relay did not do what a page asked of it.
pub fn unserved(locale: &Locale, unserved: &Unserved) -> String {
    let key = match unserved {
        Unserved::NotReached => "desk.members.not_reached",
        Unserved::Refused(reason) => match reason.as_str() {
            "not_allowed" => "desk.not_decided.not_allowed",
            "last_steward" => "desk.members.last_steward",
            "bad_token" => "trouble.bad_token",
            "not_found" => "desk.members.gone",
            _ => "desk.members.later",
        },
    };
    locale.text(key)
}

/// Why the relay refused, and what to do now: two sentences.
pub fn refusal(locale: &Locale, refusal: &Refusal) -> String {
    locale.text(&format!("refusal.{}", refusal.code()))
}

/// The same of a batch that was carried here for somebody: what they, not the carrier, have to do.
pub fn carried_refusal(locale: &Locale, refusal: &Refusal) -> String {
    let waits = matches!(refusal, Refusal::MissingDeps);
    locale.text(if waits { "desk.deliver.waits" } else { "desk.deliver.refused" })
}

pub fn stage(locale: &Locale, stage: Stage) -> String {
    locale.text(match stage {
        Stage::Shared => "stage.shared",
        Stage::Waiting => "stage.waiting",
        Stage::Refused => "stage.refused",
    })
}

pub fn stage_icon(stage: Stage) -> &'static str {
    match stage {
        Stage::Shared => "sent",
        Stage::Waiting => "on-phone",
        Stage::Refused => "refused",
    }
}

/// What is wrong with what was typed in a field of this shape.
pub fn reason(locale: &Locale, reason: Reason, shape: &Shape) -> String {
    let bounds = |low: String, high: String| locale.with("desk.error.out_of_range", &[("low", &low), ("high", &high)]);
    match (reason, shape) {
        (Reason::TooLong, Shape::Line(max) | Shape::Block(max) | Shape::Prose(max)) => {
            locale.with("desk.error.too_long", &[("max", &max.to_string())])
        }
        (Reason::OutOfRange, Shape::Whole(low, high)) => bounds(low.to_string(), high.to_string()),
        (Reason::OutOfRange, Shape::Decimal(low, high)) => bounds(low.to_string(), high.to_string()),
        (_, Shape::Whole(..) | Shape::Decimal(..)) => locale.text("desk.error.not_a_number"),
        (Reason::NotADate, _) => locale.text("desk.error.not_a_date"),
        _ => locale.text("desk.error.wrong"),
    }
}

/// The name of a field; a code or a language that belongs to the path follows it.
pub fn label(locale: &Locale, kind: Kind, path: &Path) -> String {
    let keys = layout::label_keys(kind, path);
    // "Luggage can be left": what readers are told is what members are asked.
    let fact = path.split_last().map(|(_, last)| format!("access.{last}.yes"));
    let name = match keys.iter().chain(&fact).find(|key| locale.has(key)) {
        Some(key) => locale.text(key),
        None => locale.under("", keys[2].trim_start_matches("field.")),
    };
    match detail(locale, kind, path) {
        Some(detail) => format!("{name} ({})", locale.isolated(&detail)),
        None => name,
    }
}

/// Which one of a collection's codes or languages `path` is about.
fn detail(locale: &Locale, kind: Kind, path: &Path) -> Option<String> {
    use shared::schema::Key;
    let mut here = Path::new("");
    let mut found = None;
    for segment in path.segments() {
        found = match kind.shape(&here) {
            Some(Shape::Each(Key::Language, _)) => Some(languages::name(&segment).to_owned()),
            Some(Shape::Each(Key::Code(_), _)) => Some(choice(locale, &layout::name(kind, &here), &segment)),
            Some(Shape::Each(Key::Category, _)) => Some(category(locale, &segment)),
            Some(Shape::Each(Key::Scheme, _)) => Some(segment.clone()),
            _ => found,
        };
        here = here.join(&segment);
    }
    found
}

/// The help below a field, where a term is hard.
pub fn help(locale: &Locale, kind: Kind, path: &Path) -> Option<String> {
    let keys = layout::label_keys(kind, path).map(|key| format!("{key}.help"));
    keys.iter().find(|key| locale.has(key)).map(|key| locale.text(key))
}

/// A code of the field `name`: the forms' own words, else those that readers see.
pub fn choice(locale: &Locale, name: &str, code: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    let first = name.split('.').next().unwrap_or(name);
    let readers = match last {
        "type" => "phone",
        "channels" => "channel",
        "languages" => "spoken",
        "level" => "notice",
        "documents" if matches!(code, "required" | "helpful") => "place",
        "documents" => "document",
        _ => last,
    };
    let prefixes = [format!("choice.{last}."), format!("choice.{first}."), format!("access.{last}."), format!("{readers}.")];
    let found = prefixes.iter().map(|prefix| format!("{prefix}{code}")).find(|key| locale.has(key));
    found.map_or_else(|| locale.under("choice.", code), |key| locale.text(&key))
}

pub fn category(locale: &Locale, code: &str) -> String {
    let key = format!("category.{code}");
    if locale.has(&key) { locale.text(&key) } else { locale.under("category.", code.rsplit('.').next().unwrap_or(code)) }
}

/// A value as people read it.
pub fn value(locale: &Locale, kind: Kind, path: &Path, value: &Value) -> String {
    match (kind.shape(path), value) {
        (_, Value::Null) => locale.text("desk.nothing"),
        (Some(Shape::Code(_)), Value::String(code)) => choice(locale, &layout::name(kind, path), code),
        (Some(Shape::Category), Value::String(code)) => category(locale, code),
        (Some(Shape::Date), Value::String(day)) => match day.parse() {
            Ok(day) => locale.full_day(day),
            Err(_) => day.clone(),
        },
        (Some(Shape::Moment), Value::String(moment)) => match moment.parse::<shared::ids::Moment>() {
            Ok(moment) => format!("{}, {}", locale.full_day(moment.day), locale.time(moment.minute)),
            Err(_) => moment.clone(),
        },
        (_, Value::Bool(true)) => locale.text("desk.yes"),
        (_, Value::Bool(false)) => locale.text("desk.no"),
        (_, Value::String(text)) if text.is_empty() => locale.text("desk.nothing"),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// One edit as a line: "City: Lyon". What a person does not see in the form is left out.
pub fn edit(locale: &Locale, kind: Kind, edit: &Edit) -> Option<String> {
    let path = edit.path();
    if path.as_str().ends_with(".origin") || path.as_str().ends_with(".source_hash") || path.as_str().ends_with(".position") {
        return None;
    }
    let (label, words) = (
        label(locale, kind, path),
        match edit {
            Edit::Put { path, value: new } => value(locale, kind, path, new),
            Edit::Write { text, .. } if text.is_empty() => locale.text("desk.nothing"),
            Edit::Write { text, .. } => text.clone(),
            Edit::Clear { .. } => locale.text("desk.nothing"),
            Edit::Remove { .. } => locale.text("desk.removed"),
        },
    );
    Some(locale.with("desk.edit_line", &[("field", &label), ("value", &words)]))
}

/// Edits as text for the clipboard.
pub fn edits(locale: &Locale, kind: Kind, title: &str, edits: &[Edit]) -> String {
    let lines = edits.iter().filter_map(|one| edit(locale, kind, one));
    std::iter::once(title.to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}

/// A record without a name still has one on screen.
pub fn title(locale: &Locale, kind: Kind, title: &str) -> String {
    match title.trim() {
        "" => locale.text(&format!("desk.unnamed.{kind}")),
        title => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{BUILT_IN_FOR_MEMBERS, MEMBERS_TAGS};
    use serde_json::json;
    use shared::schema::{Field, Key};

    fn english() -> Locale {
        Locale::built_in_for_members("en")
    }

    fn check_choice(name: &str, code: &str) {
        // Without words the code itself would be shown: in Arabic no word looks like its code.
        let found = choice(&Locale::built_in_for_members("ar"), name, code);
        let brand = matches!(code, "sms" | "whatsapp" | "signal" | "telegram" | "lgbtq");
        assert!(brand || found != code.replace('_', " "), "{name}: {code} has no words");
    }

    fn check_fields(kind: Kind, at: &Path, fields: &'static [Field]) {
        for field in fields {
            let path = at.join(field.name);
            if matches!(field.name, "origin" | "source_hash") || path.as_str() == "steps.k.position" {
                continue;
            }
            let has = |key: &String| english().has(key);
            let fact = format!("access.{}.yes", field.name);
            // The map of access facts itself is never drawn: its fields stand in sections.
            let drawn = path.as_str() != "access";
            assert!(!drawn || layout::label_keys(kind, &path).iter().any(has) || has(&fact), "{kind}: {path} has no name");
            check_shape(kind, &path, &field.shape);
        }
    }

    fn check_shape(kind: Kind, path: &Path, shape: &'static Shape) {
        let name = layout::name(kind, path);
        match shape {
            Shape::Code(codes) => codes.iter().for_each(|code| check_choice(&name, code)),
            Shape::Map(fields) => check_fields(kind, path, fields),
            Shape::Each(Key::Language, Shape::Map(_)) => {}
            Shape::Each(Key::Code(codes), of) => {
                codes.iter().for_each(|code| check_choice(&name, code));
                check_shape(kind, path, of);
            }
            Shape::Each(Key::Id, of) => check_shape(kind, &path.join("k"), of),
            Shape::Each(_, of) => check_shape(kind, path, of),
            _ => {}
        }
    }

    #[test]
    fn every_field_and_choice_has_words() {
        for kind in Kind::ALL {
            check_fields(kind, &Path::new(""), kind.fields());
        }
    }

    #[test]
    fn every_trouble_and_refusal_has_a_sentence_in_every_language() {
        let denied = [
            Denied::UnknownInvite,
            Denied::UsedInvite,
            Denied::ExpiredInvite,
            Denied::TakenName,
            Denied::BadRequest,
            Denied::BadToken,
        ];
        let troubles = [
            Trouble::Full,
            Trouble::NoStorage,
            Trouble::NotJoined,
            Trouble::NotFound,
            Trouble::NotReached,
            Trouble::BadEdit { detail: String::new() },
            Trouble::Unsent { unsent: 2 },
            Trouble::Internal { detail: String::new() },
        ];
        let troubles = troubles.into_iter().chain(denied.map(|denied| Trouble::Denied { denied }));
        let mut keys: Vec<String> = troubles.map(|trouble| format!("trouble.{}", trouble_code(&trouble))).collect();
        keys.extend(Refusal::every().map(|refusal| format!("refusal.{}", refusal.code())));
        for tag in MEMBERS_TAGS {
            let locale = Locale::built_in_for_members(tag);
            for key in &keys {
                assert!(locale.has(key), "{tag}: {key}");
            }
        }
    }

    /// Keys that stand in the code as they are. Those put together from codes are checked above.
    #[test]
    fn every_key_in_the_code_exists() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/desk");
        let mut files = vec![folder.with_extension("rs")];
        collect(&folder, &mut files);
        let (_, english) = BUILT_IN_FOR_MEMBERS[0];
        let english: serde_json::Map<String, Value> = serde_json::from_str(english).expect("the file is JSON");
        for file in files {
            let text = std::fs::read_to_string(&file).expect("a source file is readable");
            for (at, _) in text.match_indices("\"desk.") {
                let key = text[at + 1..].split('"').next().unwrap_or_default();
                assert!(key.contains(['{', '/']) || key == "desk." || english.contains_key(key), "{}: {key}", file.display());
            }
        }
    }

    fn collect(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, files);
            } else {
                files.push(path);
            }
        }
    }

    #[test]
    fn edits_read_as_sentences() {
        let locale = english();
        let check = |one: Edit, expected: Option<&str>| assert_eq!(edit(&locale, Kind::Place, &one).as_deref(), expected);
        check(Edit::put("address.city", "Lyon"), Some("City: Lyon"));
        check(Edit::put("access.cost", "free"), Some("Cost: Free"));
        check(Edit::put("access.documents.photo", "required"), Some("Papers to bring (Photo): needed"));
        check(Edit::write("description.fr.text", "Repas"), Some("Description (Français): Repas"));
        check(Edit::put("description.fr.origin", "human"), None);
        check(Edit::put("assured_date", "2026-11-23"), Some("Day of the last check: 23 November 2026"));
        check(Edit::clear("access.luggage"), Some("Luggage can be left: (nothing)"));
        assert_eq!(value(&locale, Kind::Place, &"access.heated".into(), &json!(true)), "Yes");
    }
}
