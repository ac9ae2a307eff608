//! The numbered steps that bring a database to the present version. A step that was released is
//! never edited: a new one is added.

use super::StoreError;
use rusqlite::{Connection, TransactionBehavior};

const STEPS: &[&str] = &[
    include_str!("../../migrations/0001_relay.sql"),
    include_str!("../../migrations/0002_import_source.sql"),
    include_str!("../../migrations/0003_change_bytes.sql"),
    include_str!("../../migrations/0004_purge.sql"),
    include_str!("../../migrations/0005_review.sql"),
    include_str!("../../migrations/0006_waiting.sql"),
];

/// Whether this version knows all steps that the database has seen.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    match done(connection)? {
        0 => Err(StoreError::Damaged("what should be a database of Socle")),
        found if found > STEPS.len() => Err(StoreError::Newer { found, known: STEPS.len() }),
        _ => Ok(()),
    }
}

fn done(connection: &Connection) -> Result<usize, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))? as usize)
}

/// Runs the steps that this database has not seen, all in one transaction. `user_version` counts them.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = done(&transaction)?;
    if done > STEPS.len() {
        return Err(StoreError::Newer { found: done, known: STEPS.len() });
    }
    for step in &STEPS[done..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", STEPS.len() as i64)?;
    transaction.commit()?;
    Ok(())
}
