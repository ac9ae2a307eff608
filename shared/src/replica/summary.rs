//! A record in short, for lists: title, second line, what search looks at.

use super::sheet::Sheet;
use super::shown::Shown;
use super::{Keys, Relay, Replica, Shelf, Surroundings, Table, rows};
use crate::categories;
use crate::document::Document;
use crate::ids::RecordId;
use crate::link::{Stage, Summary, Trouble};
use crate::record::{self, Record, Translated};
use crate::schema::Kind;
use crate::search::fold;
use std::collections::BTreeSet;

/// Raised when summaries are made otherwise: all are made again then.
const LISTED: u32 = 1;
/// Records that are listed anew in one commit.
const RELIST_RECORDS: usize = 200;
const DETAIL_CHARS_MAX: usize = 80;

impl<S: Shelf, K: Keys, R: Relay, W: Surroundings> Replica<S, K, R, W> {
    /// Lists a record as `document` has it, or takes it from the list.
    pub(super) fn list_record(
        &self,
        sheet: &mut Sheet<'_, S>,
        record: RecordId,
        document: Option<&Document>,
    ) -> Result<(), Trouble> {
        if let Some(document) = document.filter(|_| record == self.guide.settings()) {
            note_language(sheet, document);
        }
        let summary = document.and_then(|document| summary(record, document, sheet.own.source_language.as_deref()));
        match summary {
            Some(summary) => sheet.put_row(Table::Summaries, record.to_string(), &summary),
            None => {
                sheet.delete(Table::Summaries, record.to_string());
                Ok(())
            }
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
        let records: Vec<RecordId> = self.look(async |sheet| known_records(sheet).await).await?.into_iter().collect();
        for some in records.chunks(RELIST_RECORDS) {
            self.transact(async |sheet| {
                for record in some {
                    let shown = Shown::of(sheet, *record).await?;
                    self.list_record(sheet, *record, shown.document().as_ref())?;
                }
                Ok(())
            })
            .await?;
        }
        self.transact(async |sheet| {
            sheet.own.listed = LISTED;
            Ok(())
        })
        .await
    }
}

async fn known_records<S: Shelf>(sheet: &Sheet<'_, S>) -> Result<BTreeSet<RecordId>, Trouble> {
    let confirmed = sheet.keys(Table::Records).await?;
    let waiting = sheet.batches(Table::Outbox).await?.into_iter().map(|key| key.record);
    Ok(confirmed.iter().filter_map(|key| key.parse().ok()).chain(waiting).collect())
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
/// known here: whoever lists says so.
fn summary(record: RecordId, document: &Document, language: Option<&str>) -> Option<Summary> {
    let kind = document.kind()?;
    let (read, _) = record::read(kind, &document.tree());
    let mut summary = Summary {
        record,
        kind,
        title: String::new(),
        detail: String::new(),
        categories: Vec::new(),
        status: None,
        members_only: false,
        assured_date: None,
        stage: Stage::Shared,
        conflicts: document.conflicts().len(),
        words: String::new(),
    };
    let mut words = Vec::new();
    match read {
        Record::Guide(guide) => summary.title = guide.name.clone().unwrap_or_default(),
        Record::Place(place) => describe_place(&mut summary, &mut words, &place, language),
        Record::Page(page) => {
            summary.title = in_language(&page.title, language);
            summary.detail = in_language(&page.audience, language);
            summary.categories = page.category.iter().map(|code| categories::top(code).to_owned()).collect();
            summary.status = page.status.clone();
            summary.members_only = page.visibility.as_deref() == Some("members");
            summary.assured_date = page.assured_date;
            words.extend(page.title.values().map(|title| title.text.clone()));
        }
        Record::Notice(notice) => {
            let text = in_language(&notice.text, language);
            summary.title = text.lines().next().unwrap_or_default().chars().take(DETAIL_CHARS_MAX).collect();
            summary.detail = notice.area.clone().unwrap_or_default();
            summary.status = notice.status.clone();
            summary.members_only = notice.visibility.as_deref() == Some("members");
            words.extend(notice.text.values().map(|text| text.text.chars().take(DETAIL_CHARS_MAX * 2).collect()));
        }
    }
    words.extend([summary.title.clone(), summary.detail.clone()]);
    summary.words = folded(&words.join(" "));
    Some(summary)
}

fn describe_place(summary: &mut Summary, words: &mut Vec<String>, place: &record::Place, language: Option<&str>) {
    debug_assert_eq!(summary.kind, Kind::Place);
    let organization = place.organization.name.clone();
    summary.title = place.name.clone().or_else(|| organization.clone()).unwrap_or_default();
    let address = &place.address;
    let line = [address.address_1.as_deref(), address.postal_code.as_deref(), address.city.as_deref()];
    summary.detail = line.into_iter().flatten().collect::<Vec<_>>().join(", ").chars().take(DETAIL_CHARS_MAX).collect();
    if summary.detail.is_empty() {
        summary.detail = in_language(&place.description, language).chars().take(DETAIL_CHARS_MAX).collect();
    }
    let codes: BTreeSet<&str> = place.services.values().filter_map(|service| service.category.as_deref()).collect();
    summary.categories = codes.iter().map(|code| categories::top(code).to_owned()).collect::<BTreeSet<_>>().into_iter().collect();
    summary.status = place.status.clone();
    summary.members_only = place.visibility.as_deref() == Some("members");
    summary.assured_date = place.assured_date;
    words.extend([place.alternate_name.clone(), organization, address.region.clone()].into_iter().flatten());
    words.extend(codes.into_iter().map(str::to_owned));
    for service in place.services.values() {
        words.extend(service.name.values().map(|name| name.text.clone()));
    }
}

/// The words in `language`, else in any.
fn in_language(texts: &Translated, language: Option<&str>) -> String {
    let wanted = language.and_then(|language| texts.get(language)).filter(|text| !text.text.is_empty());
    let any = || texts.values().find(|text| !text.text.is_empty());
    wanted.or_else(any).map(|text| text.text.clone()).unwrap_or_default()
}

/// Each word once, as searches are folded too.
fn folded(text: &str) -> String {
    let plain = fold(text);
    let words: BTreeSet<&str> = plain.split_whitespace().collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}
