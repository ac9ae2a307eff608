//! OSM tags → a place's tree. Keys as in the OSM wiki; several values of one tag are joined by `;`.

use super::Options;
use super::categories::categories;
use crate::import::tree::Tree;
use crate::import::values;
use serde_json::{Map, Value};
use shared::schema::{Path, is_language};

/// One element's tags.
pub(super) struct Tags<'a>(pub(super) &'a Map<String, Value>);

impl Tags<'_> {
    /// The place, and how many categories it was given.
    pub(super) fn tree(&self, options: &Options) -> (Tree, usize) {
        let mut tree = Tree::default();
        self.names(&mut tree, options);
        self.address(&mut tree);
        self.contact(&mut tree, options);
        self.hours(&mut tree, options);
        self.access(&mut tree, options);
        self.words(&mut tree, options);
        let found = self.services(&mut tree, options);
        (tree, found)
    }

    /// Why the element is no place for a guide; `None` when it is one.
    pub(super) fn not_for_everyone(&self) -> Option<String> {
        let gone = ["disused", "abandoned", "demolished"].into_iter().find(|key| self.get(key) == Some("yes"));
        let closed_off = matches!(self.get("access"), Some("private" | "no"));
        match gone {
            Some(key) => Some(format!("it is tagged {key}=yes")),
            None => closed_off.then(|| "it is tagged as private".to_owned()),
        }
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str).map(str::trim).filter(|value| !value.is_empty())
    }

    fn first(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.get(key))
    }

    /// The values of a tag, `;` taken apart.
    pub(super) fn list(&self, key: &str) -> impl Iterator<Item = &str> {
        self.get(key).unwrap_or_default().split(';').map(str::trim).filter(|value| !value.is_empty())
    }

    /// `key:xx` for every language tag `xx`.
    fn by_language<'t>(&'t self, key: &str) -> impl Iterator<Item = (&'t str, &'t str)> {
        let prefix = format!("{key}:");
        self.0.iter().filter_map(move |(tag, value)| {
            let language = tag.strip_prefix(&prefix).filter(|language| is_language(language))?;
            Some((language, value.as_str()?))
        })
    }

    fn names(&self, tree: &mut Tree, options: &Options) {
        let name = self.first(&["name", "operator", "brand", "ref"]).or_else(|| self.get(&format!("name:{}", options.language)));
        if let Some(name) = name {
            tree.put(&"name".into(), values::one_line(name));
        }
        let others = ["alt_name", "short_name", "name:en"].into_iter().filter_map(|key| self.get(key));
        if let Some(other) = others.map(values::one_line).find(|other| Some(other.as_str()) != name) {
            tree.put(&"alternate_name".into(), other);
        }
        if let Some(operator) = self.get("operator") {
            tree.put(&"organization.name".into(), values::one_line(operator));
        }
    }

    fn address(&self, tree: &mut Tree) {
        let street = self.first(&["addr:street", "addr:place"]);
        let number = self.get("addr:housenumber");
        let line = match (street, number) {
            (Some(street), Some(number)) => Some(format!("{street} {number}")),
            (Some(street), None) => Some(street.to_owned()),
            _ => self.get("addr:full").map(str::to_owned),
        };
        let inside = [self.get("addr:housename").map(str::to_owned), self.floor()];
        let inside: Vec<String> = inside.into_iter().flatten().collect();
        let lines = [("address_1", line), ("address_2", (!inside.is_empty()).then(|| inside.join(", ")))];
        let tags = [
            ("city", self.first(&["addr:city", "addr:town", "addr:village"])),
            ("region", self.first(&["addr:suburb", "addr:district", "addr:state"])),
            ("postal_code", self.get("addr:postcode")),
            ("country", self.get("addr:country")),
        ];
        let tags = tags.map(|(field, value)| (field, value.map(str::to_owned)));
        for (field, value) in lines.into_iter().chain(tags) {
            if let Some(value) = value {
                tree.put(&Path::from("address").join(field), values::one_line(&value));
            }
        }
    }

    /// A floor as OSM counts: 0 is the ground floor. Symbols only, so that any language reads it.
    fn floor(&self) -> Option<String> {
        let floor = self.get("addr:floor").map(str::to_owned);
        floor.or_else(|| self.get("level").filter(|level| *level != "0").map(|level| format!("⇅ {level}")))
    }

    fn contact(&self, tree: &mut Tree, options: &Options) {
        let kinds =
            [(["phone", "contact:phone"], "voice"), (["mobile", "contact:mobile"], "mobile"), (["fax", "contact:fax"], "fax")];
        for (keys, kind) in kinds {
            for key in keys {
                self.phones(tree, key, kind, options);
            }
        }
        if let Some(url) = self.first(&["website", "contact:website", "url"]).and_then(values::link) {
            tree.put(&"url".into(), url);
        }
        if let Some(email) = self.first(&["email", "contact:email"]).and_then(values::email) {
            tree.put(&"email".into(), email);
        }
    }

    fn phones(&self, tree: &mut Tree, key: &str, kind: &str, options: &Options) {
        for (number, words) in self.list(key).flat_map(values::phones).collect::<Vec<_>>() {
            let phone = tree.add_phone(&number, Some(kind));
            if let Some(words) = words {
                tree.add_words(&phone.join("description"), &options.language, &words, ", ");
            }
        }
    }

    fn hours(&self, tree: &mut Tree, options: &Options) {
        if let Some(hours) = self.get("opening_hours") {
            tree.put(&"opening_hours".into(), hours);
        }
        let checked = ["check_date", "check_date:opening_hours", "survey:date"].into_iter().filter_map(|key| self.get(key));
        if let Some(day) = checked.filter_map(values::day).max() {
            tree.put(&"assured_date".into(), day.to_string());
            tree.put(&"assured_method".into(), "web");
        }
        if let Some(note) = self.get("opening_hours:note") {
            tree.add_words(&"description".into(), &options.language, note, "\n\n");
        }
    }

    fn access(&self, tree: &mut Tree, options: &Options) {
        let access = Path::from("access");
        let known = |value: Option<&str>, codes: &[(&str, &str)]| {
            codes.iter().find(|(tag, _)| Some(*tag) == value).map(|(_, code)| (*code).to_owned())
        };
        let wheelchair = [("yes", "yes"), ("designated", "yes"), ("limited", "limited"), ("no", "no")];
        let cost = [("no", "free"), ("yes", "paid"), ("donation", "donation")];
        let facts = [
            ("wheelchair", known(self.get("wheelchair"), &wheelchair)),
            ("cost", known(self.first(&["fee", "charge"]), &cost)),
            ("entry", known(self.get("reservation"), &[("required", "appointment"), ("no", "walk_in")])),
        ];
        for (field, code) in facts {
            if let Some(code) = code {
                tree.put(&access.join(field), code);
            }
        }
        let flags = [("air_conditioning", "cooled"), ("dog", "animals"), ("childcare", "childcare")];
        for (tag, field) in flags {
            match self.get(tag) {
                Some("yes") => tree.put(&access.join(field), true),
                Some("no") => tree.put(&access.join(field), false),
                _ => {}
            }
        }
        self.people(tree, &access);
        if let Some(words) =
            self.get(&format!("wheelchair:description:{}", options.language)).or(self.get("wheelchair:description"))
        {
            tree.add_words(&"description".into(), &options.language, words, "\n\n");
        }
    }

    /// Ages, whom the place is for, and the languages spoken.
    fn people(&self, tree: &mut Tree, access: &Path) {
        for (tag, field) in [("min_age", "minimum_age"), ("max_age", "maximum_age")] {
            if let Some(age) = self.get(tag).and_then(|age| age.parse::<i64>().ok()) {
                tree.put(&access.join(field), age);
            }
        }
        for (tag, path) in GROUPS {
            let named =
                ["community_centre:for", "social_facility:for"].into_iter().any(|key| self.list(key).any(|group| group == *tag));
            if named || self.get(tag) == Some("only") {
                tree.put(&Path::from(*path), true);
            }
        }
        for (language, value) in self.by_language("language") {
            if value == "yes" || value == "main" {
                tree.put(&access.join("languages").join(language), "native");
            }
        }
    }

    fn words(&self, tree: &mut Tree, options: &Options) {
        let description = Path::from("description");
        if let Some(text) = self.get("description") {
            tree.add_words(&description, &options.language, &values::paragraphs(text), "\n\n");
        }
        for (language, text) in self.by_language("description") {
            tree.add_words(&description, language, &values::paragraphs(text), "\n\n");
        }
    }

    fn services(&self, tree: &mut Tree, options: &Options) -> usize {
        let mut codes = categories(self);
        codes.extend(options.category.clone());
        codes.sort();
        codes.dedup();
        // `health` says nothing beside `health.dental`.
        let precise = codes.clone();
        codes.retain(|code| !precise.iter().any(|other| other.starts_with(&format!("{code}."))));
        for code in &codes {
            let service = tree.add_service(code);
            if code.starts_with("health") {
                self.specialities(tree, &service);
            }
        }
        codes.len()
    }

    /// OSM's values are English words; they are shown as such until someone translates them.
    fn specialities(&self, tree: &mut Tree, service: &Path) {
        let words: Vec<String> = self.list("healthcare:speciality").map(|word| word.replace('_', " ")).collect();
        tree.add_words(&service.join("name"), "en", &words.join(", "), ", ");
    }
}

/// Values of `…:for` tags → the flag that says the same.
const GROUPS: &[(&str, &str)] = &[
    ("women", "access.gender.women"),
    ("woman", "access.gender.women"),
    ("girl", "access.gender.women"),
    ("men", "access.gender.men"),
    ("family", "access.family.family"),
    ("child", "access.family.minors"),
    ("juvenile", "access.family.minors"),
    ("underprivileged", "access.focus.homeless"),
    ("homeless", "access.focus.homeless"),
    ("migrant", "access.focus.refugees"),
    ("refugee", "access.focus.refugees"),
    ("refugees", "access.focus.refugees"),
    ("displaced", "access.focus.refugees"),
    ("senior", "access.focus.seniors"),
    ("student", "access.focus.students"),
    ("disabled", "access.focus.disability"),
    ("lgbtq", "access.focus.lgbtq"),
    ("homosexual", "access.focus.lgbtq"),
    ("drug_addicted", "access.focus.addiction"),
    ("abused", "access.focus.violence"),
];
