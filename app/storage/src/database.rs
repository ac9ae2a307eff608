//! Opening the database, its one upgrade function, and transactions that end before they answer.

use crate::StorageError;
use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStore, ObjectStoreParams, Query, Transaction, TransactionMode};
use js_sys::{Array, Promise};
use shared::replica::Table;
use std::cell::RefCell;
use std::future::IntoFuture;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, EventTarget, IdbDatabase, IdbTransaction};

pub const NAME: &str = "socle";
pub const VERSION: u32 = 1;

pub(crate) const EDITIONS: &str = "editions";
pub(crate) const KEYS: &str = "keys";
pub(crate) const SETTINGS: &str = "settings";
pub(crate) const VERSIONS: &str = "versions";

/// An open database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    /// The connection while it is open: a newer Socle in another tab asks us to let go.
    connection: Rc<RefCell<Option<Rc<Database>>>>,
}

/// Opens the database, creating or upgrading it.
pub async fn open() -> Result<Db, StorageError> {
    let db = Db { connection: Rc::default() };
    db.connection().await?;
    Ok(db)
}

/// Brings a database from `old_version` (0: new) to [`VERSION`]. Steps are only ever added.
fn upgrade(database: &Database, old_version: u32) -> Result<(), idb::Error> {
    if old_version < 1 {
        let names = [EDITIONS, KEYS, SETTINGS, VERSIONS].into_iter().chain(Table::ALL.map(Table::name));
        for name in names {
            database.create_object_store(name, ObjectStoreParams::new())?;
        }
    }
    Ok(())
}

async fn connect() -> Result<Database, StorageError> {
    let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
    let failure = Rc::new(RefCell::new(None));
    let noted = failure.clone();
    request.on_upgrade_needed(move |event| {
        let done = event.database().and_then(|database| upgrade(&database, event.old_version()?));
        *noted.borrow_mut() = done.err();
    });
    let database = request.await?;
    match failure.take() {
        Some(error) => Err(error.into()),
        None => Ok(database),
    }
}

impl Db {
    /// The connection, opened again when the browser or a newer version had closed it.
    async fn connection(&self) -> Result<Rc<Database>, StorageError> {
        if let Some(database) = self.connection.borrow().as_ref() {
            return Ok(database.clone());
        }
        let mut database = connect().await?;
        let (upgraded, closed) = (self.connection.clone(), self.connection.clone());
        database.on_version_change(move |event| {
            if let Some(open) = event.target().and_then(|target: EventTarget| target.dyn_into::<IdbDatabase>().ok()) {
                open.close();
            }
            forget(&upgraded);
        });
        database.on_close(move |_| forget(&closed));
        let database = Rc::new(database);
        *self.connection.borrow_mut() = Some(database.clone());
        Ok(database)
    }

    pub(crate) async fn reading(&self, store: &str) -> Result<ObjectStore, StorageError> {
        let tx = self.connection().await?.transaction(&[store], TransactionMode::ReadOnly)?;
        Ok(tx.object_store(store)?)
    }

    /// The keys of one guide, ascending.
    pub(crate) async fn keys(&self, store: &str, guide: &str) -> Result<Vec<JsValue>, StorageError> {
        let range = Query::KeyRange(of_guide(guide)?);
        Ok(self.reading(store).await?.get_all_keys(Some(range), None)?.await?)
    }

    pub(crate) async fn writing(&self, stores: &[&str]) -> Result<Writing, StorageError> {
        let tx: IdbTransaction = self.connection().await?.transaction(stores, TransactionMode::ReadWrite)?.into();
        Ok(Writing { tx: tx.clone().into(), raw: tx, asked: false })
    }

    pub(crate) async fn get(&self, store: &str, key: &JsValue) -> Result<Option<JsValue>, StorageError> {
        Ok(self.reading(store).await?.get(Query::Key(key.clone()))?.await?)
    }

    pub(crate) async fn put(&self, store: &str, key: &JsValue, value: &JsValue) -> Result<(), StorageError> {
        let writing = self.writing(&[store]).await?;
        writing.put(store, key, value)?;
        writing.complete().await
    }

    pub(crate) async fn delete(&self, store: &str, key: &JsValue) -> Result<(), StorageError> {
        let writing = self.writing(&[store]).await?;
        writing.delete(store, Query::Key(key.clone()))?;
        writing.complete().await
    }

    /// Keys and values by ascending key, from one moment.
    pub(crate) async fn entries(&self, store: &str, range: Option<KeyRange>) -> Result<Vec<(JsValue, JsValue)>, StorageError> {
        let store = self.reading(store).await?;
        // Both are asked before either is awaited: a request whose answer nobody listens to is lost.
        let keys = store.get_all_keys(range.clone().map(Query::from), None)?.into_future();
        let values = store.get_all(range.map(Query::from), None)?.into_future();
        let keys = keys.await?;
        Ok(keys.into_iter().zip(values.await?).collect())
    }
}

/// Drops our handle once the event that told us has ended: its handler belongs to the handle.
fn forget(connection: &Rc<RefCell<Option<Rc<Database>>>>) {
    let gone = connection.borrow_mut().take();
    wasm_bindgen_futures::spawn_local(async move { drop(gone) });
}

/// A transaction that writes. Dropped without [`Writing::complete`] it is undone: where one write is
/// refused at once, the browser would keep those before it.
pub(crate) struct Writing {
    tx: Transaction,
    raw: IdbTransaction,
    /// All that is to be written was asked for.
    asked: bool,
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.asked {
            // One that has ended has nothing to undo.
            drop(self.raw.abort());
        }
    }
}

impl Writing {
    pub(crate) async fn get(&self, store: &str, key: &JsValue) -> Result<Option<JsValue>, StorageError> {
        Ok(self.tx.object_store(store)?.get(Query::Key(key.clone()))?.await?)
    }

    pub(crate) fn put(&self, store: &str, key: &JsValue, value: &JsValue) -> Result<(), StorageError> {
        self.tx.object_store(store)?.put(value, Some(key))?;
        Ok(())
    }

    pub(crate) fn delete(&self, store: &str, query: Query) -> Result<(), StorageError> {
        self.tx.object_store(store)?.delete(query)?;
        Ok(())
    }

    /// Undoes everything.
    pub(crate) fn abort(mut self) -> Result<(), StorageError> {
        self.asked = true;
        self.raw.abort().map_err(|thrown| StorageError::from_js(&thrown))
    }

    /// Waits until everything is durable; on an error nothing of it is.
    ///
    /// Not with the future of `idb`: it ends with the first request's error, when the transaction
    /// does not yet say why it fails, and leaves a handler without its closure for the event after.
    pub(crate) async fn complete(mut self) -> Result<(), StorageError> {
        self.asked = true;
        let ended = Promise::new(&mut |resolve, _| {
            self.raw.set_oncomplete(Some(&resolve));
            self.raw.set_onabort(Some(&resolve));
        });
        let event = JsFuture::from(ended).await.map_err(|thrown| StorageError::from_js(&thrown))?;
        if event.dyn_ref::<Event>().is_some_and(|event| event.type_() == "complete") {
            return Ok(());
        }
        // The transaction's own error says why (no room, for one); none where we undid it.
        match self.raw.error() {
            Some(error) => Err(StorageError::from_js(&error)),
            None => Err(StorageError::Other("the transaction was aborted".to_owned())),
        }
    }
}

/// The key `[guide, name]`.
pub(crate) fn key(guide: &str, name: &str) -> JsValue {
    Array::of2(&guide.into(), &name.into()).into()
}

/// All keys `[guide, …]`: an array sorts after every string.
pub(crate) fn of_guide(guide: &str) -> Result<KeyRange, StorageError> {
    let last = Array::of2(&guide.into(), &Array::new());
    Ok(KeyRange::bound(&Array::of1(&guide.into()), &last, None, None)?)
}

/// The second part of a key `[guide, name]`.
pub(crate) fn name_in(key: &JsValue) -> Option<String> {
    key.dyn_ref::<Array>()?.get(1).as_string()
}
