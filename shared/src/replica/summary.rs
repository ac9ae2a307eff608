//! A record in short, for lists: title, second line, what search looks at.

use super::sheet::Sheet;
use super::shown::Shown;
use super::{Keys, Relay, Replica, Shelf, Surroundings, Table, rows};
use crate::categories;
use crate::document::Document;
use crate::ids::RecordId;
use crate::link::{Stage, Summary, Trouble};
use crate::order;
use crate::record;
use crate::schema::Kind;
use crate::search::fold;
use crate::validate;
use serde_json::Value;

/// Raised when summaries are made otherwise, or rows are named otherwise: all are made again then.
const LISTED: u32 = 2;
/// Records that are listed anew in one commit.
const RELIST_RECORDS: usize = 200;
const DETAIL_CHARS_MAX: usize = 80;

impl<S: Shelf, K: Keys, R: Relay, W: Surroundings> Replica<S, K, R, W> {
    /// Lists a record as `document` has it, or takes it from the list.
    pub(super) fn list_record(&self, sheet: &mut Sheet<'_, S>, record: RecordId, document: Option<&Document>) {
        if let Some(document) = document.filter(|_| record == self.guide.settings()) {
            note_language(sheet, document);
        }
        let summary = document.and_then(|document| summary(record, document, sheet.own.source_language.as_deref()));
        match summary {
            Some(summary) => sheet.put_row(Table::Summaries, record.to_string(), &summary),
            None => sheet.delete(Table::Summaries, record.to_string()),
        }
    }

    pub(super) async fn title(&self, sheet: &Sheet<'_, S>, record: RecordId) -> Result<String, Trouble> {
        let row = sheet.get(Table::Summaries, &record.to_string()).await?;
        let summary: Option<Summary> = row.map(|bytes| rows::read(&bytes)).transpose()?;
        Ok(summary.map(|summary| summary.title).unwrap_or_default())
    }

    /// Makes all summaries again when this version lists otherwise, or in another language.
    pub(super) async fn relist(&self) -> Result<(), Trouble> {
        if self.own().await?.listed == LISTED {
            return Ok(());
        }
        let records = self.transact(async |sheet| {
            rename(sheet).await?;
            known_records(sheet).await
        });
        // Nothing is left once the last ones are listed.
        for some in records.await?.chunks(RELIST_RECORDS).chain([[].as_slice()]) {
            self.transact(async |sheet| {
                for record in some {
                    let shown = Shown::of(sheet, *record).await?;
                    self.list_record(sheet, *record, shown.document().as_ref());
                }
                if some.is_empty() {
                    sheet.own.listed = LISTED;
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}

/// Until version 2 a batch's key was its number, a dash and its record.
async fn rename<S: Shelf>(sheet: &mut Sheet<'_, S>) -> Result<(), Trouble> {
    for table in [Table::Outbox, Table::Acknowledged, Table::Drafts] {
        for (key, row) in sheet.all(table).await? {
            if let Some((number, _)) = key.split_once('-') {
                sheet.put(table, number, row);
                sheet.delete(table, key.as_str());
            }
        }
    }
    Ok(())
}

async fn known_records<S: Shelf>(sheet: &Sheet<'_, S>) -> Result<Vec<RecordId>, Trouble> {
    let confirmed = sheet.keys(Table::Records).await?;
    let waiting = sheet.batches(Table::Outbox).await?.into_iter().map(|key| key.record);
    Ok(order::unique(confirmed.iter().filter_map(|key| key.parse().ok()).chain(waiting)))
}

fn note_language<S: Shelf>(sheet: &mut Sheet<'_, S>, document: &Document) {
    let language = document.tree().get("source_language").and_then(|tag| tag.as_str()).map(str::to_owned);
    if sheet.own.source_language != language {
        if sheet.own.complete {
            sheet.own.listed = 0;
        }
        sheet.own.source_language = language;
    }
}

/// `None` for a kind of record that this version does not know. How far edits have come is not
/// known here: whoever lists says so. Read from the tree: typed records would weigh much in the
/// browser and are needed nowhere else in it.
fn summary(record: RecordId, document: &Document, language: Option<&str>) -> Option<Summary> {
    let kind = document.kind()?;
    let (tree, _) = validate::clean(kind, &document.tree());
    let mut summary = Summary {
        record,
        kind,
        title: text(&tree, "name"),
        detail: String::new(),
        categories: Vec::new(),
        status: scalar(&tree, "status"),
        members_only: scalar(&tree, "visibility").as_deref() == Some("members"),
        assured_date: record::assured_date(&tree),
        stage: Stage::Shared,
        conflicts: document.conflicts().len(),
        words: String::new(),
    };
    let mut words = match kind {
        Kind::Guide => Vec::new(),
        Kind::Place => describe_place(&mut summary, &tree, language),
        Kind::Page => {
            summary.title = in_language(&tree["title"], language);
            summary.detail = in_language(&tree["audience"], language);
            summary.categories = tops(scalar(&tree, "category"));
            texts(&tree["title"])
        }
        Kind::Notice => {
            let shown = in_language(&tree["text"], language);
            summary.title = shortened(shown.lines().next().unwrap_or_default(), DETAIL_CHARS_MAX);
            summary.detail = text(&tree, "area");
            texts(&tree["text"]).iter().map(|text| shortened(text, DETAIL_CHARS_MAX * 2)).collect()
        }
    };
    words.extend([summary.title.clone(), summary.detail.clone()]);
    summary.words = folded(&words.join(" "));
    Some(summary)
}

/// Fills in what a place's line shows; answers what else searches find it by.
fn describe_place(summary: &mut Summary, tree: &Value, language: Option<&str>) -> Vec<String> {
    let organization = text(&tree["organization"], "name");
    if summary.title.is_empty() {
        summary.title.clone_from(&organization);
    }
    let address = &tree["address"];
    let lines = ["address_1", "postal_code", "city"].into_iter().filter_map(|line| scalar(address, line));
    summary.detail = shortened(&lines.collect::<Vec<_>>().join(", "), DETAIL_CHARS_MAX);
    if summary.detail.is_empty() {
        summary.detail = shortened(&in_language(&tree["description"], language), DETAIL_CHARS_MAX);
    }
    let codes: Vec<String> = entries(&tree["services"]).filter_map(|service| scalar(service, "category")).collect();
    let mut words = vec![text(tree, "alternate_name"), organization, text(address, "region")];
    words.extend(entries(&tree["services"]).flat_map(|service| texts(&service["name"])));
    words.extend(codes.iter().cloned());
    summary.categories = tops(codes);
    words
}

/// The top categories of codes, each once.
fn tops(codes: impl IntoIterator<Item = String>) -> Vec<String> {
    order::unique(codes.into_iter().map(|code| categories::top(&code).to_owned()))
}

fn scalar(tree: &Value, field: &str) -> Option<String> {
    tree[field].as_str().map(str::to_owned)
}

fn text(tree: &Value, field: &str) -> String {
    scalar(tree, field).unwrap_or_default()
}

fn entries(collection: &Value) -> impl Iterator<Item = &Value> {
    collection.as_object().into_iter().flat_map(|map| map.values())
}

/// A text in all its languages.
fn texts(translated: &Value) -> Vec<String> {
    entries(translated).map(|words| text(words, "text")).filter(|text| !text.is_empty()).collect()
}

/// The words in `language`, else in any.
fn in_language(translated: &Value, language: Option<&str>) -> String {
    let wanted = language.map(|language| text(&translated[language], "text")).filter(|text| !text.is_empty());
    wanted.or_else(|| texts(translated).into_iter().next()).unwrap_or_default()
}

fn shortened(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

/// Each word once, as searches are folded too.
fn folded(text: &str) -> String {
    let plain = fold(text);
    order::unique(plain.split_whitespace()).join(" ")
}
