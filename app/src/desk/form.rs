//! A record in a form: what is read, what is changed, what is saved.
//!
//! Changes are saved together, by one tap, as one edit of the record: half a thought must not be
//! published, and a guide's history stays readable. Until then they are kept for this tab, so that
//! a reload, a closed tab or a newer version of the app costs nothing.

use super::draft::Draft;
use super::ground::{Desk, UNSAVED};
use super::{layout, typed, words};
use crate::guide::Site;
use crate::locale::Locale;
use leptos::prelude::*;
use serde_json::{Map, Value};
use shared::edit::Edit;
use shared::ids::{Day, RecordId};
use shared::link::{RecordView, Trouble};
use shared::schema::{Kind, Path, Shape};
use shared::validate::Reason;
use std::collections::BTreeMap;

mod bar;
mod page;
mod sections;
mod tasks;

pub use page::{RecordPage, leave_purged};
pub use tasks::Tasks;

/// Where a copy waits for the form of a new record.
const COPY: &str = "socle-unsaved-copy";

/// What the person is told about the last thing done.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Nothing,
    /// Saved; with the edits that would take it back.
    Saved {
        undo: Vec<Edit>,
    },
    Undone,
    /// Not saved, still on screen.
    Failed(Trouble),
    /// Some fields do not fit.
    Wrong {
        fields: usize,
    },
    /// Others changed the same fields meanwhile.
    Both {
        fields: Vec<Path>,
    },
    /// Changes from an earlier visit are on screen again.
    Recalled,
}

/// One form. Cheap to copy; every field holds it.
#[derive(Clone, Copy)]
pub struct Form {
    pub site: Site,
    pub desk: Desk,
    pub kind: Kind,
    /// `None` while the record is new.
    pub record: Option<RecordId>,
    pub draft: RwSignal<Draft>,
    /// What was typed in fields that do not take it, and why.
    pub wrong: RwSignal<BTreeMap<String, (String, Reason)>>,
    /// Names that are missing; said when the person tried to save.
    pub missing: RwSignal<Option<Path>>,
    pub told: RwSignal<Told>,
    pub saving: RwSignal<bool>,
    pub view: RwSignal<RecordView>,
    /// The section that is open.
    pub open: RwSignal<Option<&'static str>>,
    /// The language that texts are being written in, source language first.
    pub languages: Signal<Vec<String>>,
    pub writing: RwSignal<String>,
    /// Whose public holidays hold.
    pub country: Signal<Option<String>>,
    pub tasks: Tasks,
}

impl Form {
    pub fn words(&self) -> Locale {
        self.site.locale.get_untracked()
    }

    pub fn today(&self) -> Day {
        self.site.now.get_untracked().day
    }

    pub fn source_language(&self) -> String {
        self.languages.with(|languages| languages.first().cloned().unwrap_or_else(|| "en".to_owned()))
    }

    pub fn read_only(&self) -> bool {
        self.view.with_untracked(|view| view.read_only)
    }

    pub fn value(&self, path: &Path) -> Option<Value> {
        self.draft.with(|draft| draft.get(path).cloned())
    }

    /// The text of the field's input: what was typed, else the value.
    pub fn shown(&self, path: &Path) -> String {
        let wrong = self.wrong.with(|wrong| wrong.get(path.as_str()).map(|(text, _)| text.clone()));
        wrong.unwrap_or_else(|| self.draft.with(|draft| typed::show(draft.get(path))))
    }

    pub fn put(&self, path: &Path, value: Option<Value>) {
        let until = Path::new("saturation_until");
        // How full a place is holds for today, where nobody says for how long.
        let ends =
            path.as_str() == "saturation" && value.is_some() && self.draft.with_untracked(|draft| draft.get(&until).is_none());
        self.draft.update(|draft| {
            draft.put(path, value);
            if ends {
                draft.put(&until, Some(format!("{}T23:59", self.today()).into()));
            }
        });
        self.seen(path);
    }

    /// Takes what was typed: as a value where it is one, else as something to be mended.
    pub fn type_text(&self, path: &Path, text: &str) {
        let Some(shape) = self.kind.shape(path) else { return };
        match typed::read(shape, text) {
            Ok(value) => self.put(path, value),
            Err(reason) => self.wrong.update(|wrong| {
                wrong.insert(path.as_str().to_owned(), (text.to_owned(), reason));
            }),
        }
    }

    /// Gives a translated text its words in the language being written.
    pub fn write(&self, path: &Path, language: &str, text: &str) {
        let words = path.join(language).join("text");
        let fits = self.kind.shape(&words).map(|shape| typed::read(shape, text));
        if let Some(Err(reason)) = fits {
            self.wrong.update(|wrong| {
                wrong.insert(words.as_str().to_owned(), (text.to_owned(), reason));
            });
            return;
        }
        let source = self.languages.with_untracked(|languages| languages.first().cloned()).unwrap_or_default();
        self.draft.update(|draft| draft.write(path, &source, language, text));
        self.seen(&words);
    }

    /// A field that takes its value has nothing wrong any more.
    fn seen(&self, path: &Path) {
        if self.wrong.with_untracked(|wrong| wrong.contains_key(path.as_str())) {
            self.wrong.update(|wrong| {
                wrong.remove(path.as_str());
            });
        }
        if self.missing.get_untracked().is_some() {
            self.missing.set(None);
        }
        if matches!(self.told.get_untracked(), Told::Saved { .. } | Told::Undone | Told::Wrong { .. }) {
            self.told.set(Told::Nothing);
        }
    }

    /// Forgets what was typed at `path` and below it, for entries that are taken away.
    pub fn forget(&self, path: &Path) {
        let below = format!("{path}.");
        self.wrong.update(|wrong| wrong.retain(|key, _| key != path.as_str() && !key.starts_with(&below)));
    }

    /// What is wrong at `path`, as a sentence.
    pub fn error(&self, path: &Path) -> Option<String> {
        if self.missing.with(|missing| missing.as_ref() == Some(path)) {
            return Some(self.words().text("desk.error.missing"));
        }
        let reason = self.wrong.with(|wrong| wrong.get(path.as_str()).map(|(_, reason)| *reason))?;
        Some(words::reason(&self.words(), reason, self.kind.shape(path)?))
    }

    pub fn is_unsaved(&self) -> bool {
        self.draft.with(Draft::is_changed) || self.wrong.with(|wrong| !wrong.is_empty())
    }

    /// The key for a new entry of the collection at `path`: later ones sort behind earlier ones.
    pub fn new_key(&self, path: &Path) -> String {
        let last =
            self.draft.with_untracked(|draft| draft.keys(path).iter().filter_map(|key| key.get(..3)?.parse::<u32>().ok()).max());
        format!("{:03}{}", (last.unwrap_or(0) + 1).min(999), self.desk.ground().random(6))
    }

    /// Saves what is changed. What does not fit is shown instead.
    pub fn save(self) {
        if self.saving.get_untracked() {
            return;
        }
        if let Some(path) = self.first_wrong() {
            return self.show_wrong(&path);
        }
        let (edits, undo) = self.draft.with_untracked(|draft| (draft.edits(), draft.undoing()));
        if edits.is_empty() {
            return self.told.set(Told::Nothing);
        }
        self.saving.set(true);
        self.tasks.run(async move {
            let saved = match self.record {
                Some(record) => self.desk.save(record, edits.clone()).await,
                None => self.desk.create(self.kind, edits.clone()).await,
            };
            self.saving.set(false);
            match saved {
                Ok(view) => self.saved(&edits, view, Told::Saved { undo }),
                Err(trouble) => self.told.set(Told::Failed(trouble)),
            }
        });
    }

    /// Saves some edits beside what is being changed in the form.
    pub fn save_only(self, edits: Vec<Edit>, told: Told) {
        let Some(record) = self.record.filter(|_| !self.saving.get_untracked()) else { return };
        self.saving.set(true);
        self.tasks.run(async move {
            let saved = self.desk.save(record, edits.clone()).await;
            self.saving.set(false);
            match saved {
                Ok(view) => self.saved(&edits, view, told),
                Err(trouble) => self.told.set(Told::Failed(trouble)),
            }
        });
    }

    /// Others may have written between the save and its answer: `view` is the latest.
    fn saved(self, edits: &[Edit], view: RecordView, told: Told) {
        let record = view.record;
        self.draft.try_update(|draft| draft.saved(edits));
        self.take_in(view);
        self.told.set(told);
        if self.record.is_none() {
            self.desk.ground().remember(&remembered_as(self.kind, None), None);
            self.desk.unsaved.set(false);
            page::go_to(&self, record);
        }
    }

    /// Takes in a newer reading of the record; answers the fields that both sides changed.
    pub fn take_in(&self, view: RecordView) -> Vec<Path> {
        let tree = view.tree.clone();
        self.view.set(view);
        self.draft.try_update(|draft| draft.take_in(tree)).unwrap_or_default()
    }

    fn first_wrong(&self) -> Option<Path> {
        let wrong = self.wrong.with_untracked(|wrong| wrong.keys().next().cloned());
        let named = || {
            let name = self.name_path()?;
            let missing = self.draft.with_untracked(|draft| draft.text(&name).trim().is_empty());
            missing.then(|| {
                self.missing.set(Some(name.clone()));
                name
            })
        };
        wrong.map(Path::from).or_else(named)
    }

    /// The field without which a record cannot be found again.
    fn name_path(&self) -> Option<Path> {
        let source = self.languages.with_untracked(|languages| languages.first().cloned()).unwrap_or_default();
        match self.kind {
            Kind::Place | Kind::Guide => Some("name".into()),
            // A text that exists in another language only is a text.
            Kind::Page | Kind::Notice => {
                let texts: Path = if self.kind == Kind::Page { "title" } else { "text" }.into();
                let has_one = self.draft.with_untracked(|draft| !draft.keys(&texts).is_empty());
                (!has_one).then(|| texts.join(&source).join("text"))
            }
        }
    }

    fn show_wrong(&self, path: &Path) {
        let fields = self.wrong.with_untracked(BTreeMap::len).max(1);
        self.told.set(Told::Wrong { fields });
        if let Some(section) = layout::section_of(self.kind, path) {
            self.open.set(Some(section.code));
        }
        if let Some(language) = language_of(self.kind, path) {
            self.writing.set(language);
        }
        self.desk.ground().focus(&element_id(path));
    }
}

/// The language in which the text at `path` is written.
fn language_of(kind: Kind, path: &Path) -> Option<String> {
    let (entry, _) = path.split_last()?;
    let (texts, language) = entry.split_last()?;
    kind.shape(&texts).is_some_and(Shape::is_translated).then_some(language)
}

/// The `id` of a field's input. A translated text has one input for all languages.
pub fn element_id(path: &Path) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("f-{}", path.as_str().chars().map(plain).collect::<String>())
}

/// Under which name this tab remembers what is not saved.
pub fn remembered_as(kind: Kind, record: Option<RecordId>) -> String {
    match record {
        Some(record) => format!("{UNSAVED}{record}"),
        None => format!("{UNSAVED}new-{kind}"),
    }
}

/// What a copy of a record begins with: everything but what is true of the one record alone.
pub fn copied(kind: Kind, tree: &Value) -> Value {
    let mut tree = tree.clone();
    let Some(fields) = tree.as_object_mut() else { return Value::Object(Map::new()) };
    for own in ["kind", "schema_version", "external_identifiers", "assured_date", "assured_method", "status"] {
        fields.remove(own);
    }
    if kind == Kind::Notice {
        fields.remove("from");
        fields.remove("until");
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_copy_is_not_checked_yet() {
        let tree = json!({"kind": "place", "name": "A", "assured_date": "2026-01-01", "external_identifiers": {"osm": "1"}});
        assert_eq!(copied(Kind::Place, &tree), json!({"name": "A"}));
    }

    #[test]
    fn the_language_of_a_text_is_found() {
        assert_eq!(language_of(Kind::Place, &"description.fr.text".into()).as_deref(), Some("fr"));
        assert_eq!(language_of(Kind::Place, &"services.a1.name.ar.text".into()).as_deref(), Some("ar"));
        assert_eq!(language_of(Kind::Place, &"address.city".into()), None);
    }

    #[test]
    fn ids_are_plain() {
        assert_eq!(element_id(&"services.a1.name.fr.text".into()), "f-services-a1-name-fr-text");
    }
}
