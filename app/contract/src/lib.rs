//! The contract of shelves, on this browser's IndexedDB: a program for the end-to-end tests, which the
//! site does not contain.

use shared::ids::GuideId;
use shared::replica::{Shelf, Table, Write};
use wasm_bindgen::prelude::wasm_bindgen;

/// `ok`, or what does not hold. In a guide of its own, which is emptied before.
#[wasm_bindgen]
pub async fn run() -> String {
    match shelf().await {
        Ok(()) => "ok".to_owned(),
        Err(broken) => broken,
    }
}

async fn shelf() -> Result<(), String> {
    let guide: GuideId = "selftest".parse().map_err(|error| format!("{error}"))?;
    let db = storage::open().await.map_err(|error| error.to_string())?;
    db.forget_shelf(&guide).await.map_err(|error| error.to_string())?;
    let shelf = db.shelf(&guide);
    shared::replica::shelf_contract(&shelf).await?;
    // Another guide's rows are another shelf's.
    let other = db.shelf(&"selftest-other".parse().map_err(|error| format!("{error}"))?);
    let version = other.version().await.map_err(|error| error.to_string())?;
    other.commit(version, vec![Write::Clear { table: Table::Records }]).await.map_err(|error| error.to_string())?;
    match shelf.keys(Table::Records).await {
        Ok(keys) if keys.len() == 1 => db.forget_shelf(&guide).await.map_err(|error| error.to_string()),
        Ok(keys) => Err(format!("clearing another guide's table left {} of 1 row in this one", keys.len())),
        Err(error) => Err(error.to_string()),
    }
}
