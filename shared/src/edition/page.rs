//! What readers see of a page and of a notice.

use super::project::is_public;
use super::words::{Tongues, line, link};
use super::{NoticeEntry, PageEntry, SourceEntry, StepEntry};
use crate::decimal::Decimal;
use crate::ids::Day;
use crate::record::{Notice, Page, Source, Step};
use std::collections::BTreeMap;

pub(super) fn entry(page: &Page, tongues: &Tongues<'_>) -> Option<PageEntry> {
    if !is_public(&page.visibility, &page.status) {
        return None;
    }
    Some(PageEntry {
        title: tongues.words(&page.title)?,
        category: page.category.clone(),
        steps: steps(&page.steps, tongues),
        body: tongues.words(&page.body),
        audience: tongues.words(&page.audience),
        sources: sources(&page.sources),
        example: page.example.unwrap_or(false),
        position: Decimal::nearest(page.position.unwrap_or_default()),
        assured_date: page.assured_date,
    })
}

/// By position, then by key: the map is sorted by key and the sort keeps the order of equals.
fn steps(steps: &BTreeMap<String, Step>, tongues: &Tongues<'_>) -> Vec<StepEntry> {
    let mut list: Vec<&Step> = steps.values().collect();
    list.sort_by(|a, b| a.position.unwrap_or_default().total_cmp(&b.position.unwrap_or_default()));
    list.into_iter().filter_map(|step| step_entry(step, tongues)).collect()
}

fn step_entry(step: &Step, tongues: &Tongues<'_>) -> Option<StepEntry> {
    let text = tongues.words(&step.text)?;
    let source = tongues.source_text(&step.text).filter(|source| *source != text.text).map(str::to_owned);
    Some(StepEntry { text, source, pictogram: line(&step.pictogram) })
}

fn sources(sources: &BTreeMap<String, Source>) -> Vec<SourceEntry> {
    let shown = |source: &Source| {
        let url = link(&source.url);
        let name = line(&source.name).or_else(|| url.clone())?;
        Some(SourceEntry { name, url })
    };
    let mut list: Vec<SourceEntry> = sources.values().filter_map(shown).collect();
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list
}

/// A notice that is over is not published any more; one that ends today the phone hides by itself.
pub(super) fn notice(notice: &Notice, tongues: &Tongues<'_>, today: Day) -> Option<NoticeEntry> {
    let over = notice.until.is_some_and(|until| until.day < today);
    if over || !is_public(&notice.visibility, &notice.status) {
        return None;
    }
    Some(NoticeEntry {
        text: tongues.words(&notice.text)?,
        level: notice.level.clone().unwrap_or_else(|| "info".to_owned()),
        from: notice.from,
        until: notice.until,
        area: line(&notice.area),
    })
}
