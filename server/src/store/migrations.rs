//! The numbered steps that bring a database to the present version. A step that was released is
//! never edited: a new one is added.

use super::StoreError;
use rusqlite::{Connection, TransactionBehavior};

const STEPS: &[&str] =
    &[include_str!("../../migrations/0001_relay.sql"), include_str!("../../migrations/0002_import_source.sql")];

/// Runs the steps that this database has not seen, all in one transaction. `user_version` counts them.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done: usize = transaction.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))? as usize;
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
