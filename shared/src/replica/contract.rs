//! The contract that every shelf keeps. Memory is held to it by the tests, IndexedDB by the
//! program `contract` in a browser; so it stands here and not among the tests.

use super::{Shelf, ShelfError, Table, Write};

/// What every shelf does, on an empty one. The first sentence that does not hold is the error.
pub async fn shelf_contract(shelf: &impl Shelf) -> Result<(), String> {
    let fault = |error: ShelfError| error.to_string();
    let bytes = |text: &str| text.as_bytes().to_vec();
    hold(shelf.version().await == Ok(0), "a new shelf is at version 0")?;
    hold(shelf.get(Table::Own, "x").await == Ok(None), "an absent row is none")?;

    let first = vec![
        Write::put(Table::Outbox, "b", "2"),
        Write::put(Table::Outbox, "a", "1"),
        Write::put(Table::Drafts, "a", "other table"),
        Write::put(Table::Records, "empty", ""),
    ];
    let version = shelf.commit(0, first).await.map_err(fault)?;
    hold(version == 1, "a commit raises the version by one")?;
    hold(shelf.version().await == Ok(1), "the version is kept")?;
    hold(shelf.get(Table::Outbox, "a").await == Ok(Some(bytes("1"))), "a row reads as written")?;
    hold(shelf.get(Table::Records, "empty").await == Ok(Some(Vec::new())), "no bytes are a row too")?;
    hold(shelf.keys(Table::Outbox).await == Ok(vec!["a".into(), "b".into()]), "keys are sorted, of one table")?;
    let all = vec![("a".to_owned(), bytes("1")), ("b".to_owned(), bytes("2"))];
    hold(shelf.all(Table::Outbox).await == Ok(all), "rows come by key")?;

    let late = shelf.commit(0, vec![Write::put(Table::Outbox, "c", "3")]).await;
    hold(late == Err(ShelfError::Moved), "a commit on older rows is refused")?;
    hold(shelf.get(Table::Outbox, "c").await == Ok(None), "nothing of a refused commit is written")?;

    let second = vec![
        Write::delete(Table::Outbox, "a"),
        Write::put(Table::Outbox, "b", "4"),
        Write::delete(Table::Outbox, "never there"),
        Write::Clear { table: Table::Drafts },
    ];
    hold(shelf.commit(1, second).await == Ok(2), "the next commit is taken")?;
    hold(shelf.all(Table::Outbox).await == Ok(vec![("b".to_owned(), bytes("4"))]), "rows are deleted and replaced")?;
    hold(shelf.keys(Table::Drafts).await == Ok(Vec::new()), "a table is cleared")?;
    hold(shelf.keys(Table::Records).await == Ok(vec!["empty".into()]), "only that table is cleared")
}

fn hold(holds: bool, sentence: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("not so: {sentence}")) }
}
