//! The contract of shelves, on this browser's IndexedDB.

use shared::ids::GuideId;
use shared::replica::{Shelf, Table, Write};

pub async fn shelf() -> Result<(), String> {
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
