//! Work that a page began and that ends with it: nobody writes to signals of a page that is gone.

use leptos::prelude::*;
use std::future::Future;

#[derive(Clone, Copy)]
pub struct Tasks(StoredValue<Owner>);

impl Tasks {
    /// Tasks of the page that is being built.
    pub fn here() -> Tasks {
        Tasks(StoredValue::new(Owner::current().expect("pages are built inside an owner")))
    }

    pub fn run(&self, task: impl Future<Output = ()> + 'static) {
        if let Some(owner) = self.0.try_get_value() {
            owner.with(|| leptos::task::spawn_local_scoped_with_cancellation(task));
        }
    }
}
