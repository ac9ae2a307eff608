//! What only the relay can answer, asked with the device's token: what waits, history, what would undo
//! a device's part. With no network there is none of it, and the pages say so.

use super::ground::{Desk, Unserved};
use leptos::prelude::*;
use shared::json::{self, Json};
use shared::link::Trouble;
use shared::review::{NotDecided, Queue, Undecided};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum NotAnswered {
    NotReached,
    /// There is nothing (any more) to be told.
    Gone,
    NotDecided(NotDecided),
    Trouble(Trouble),
}

impl Desk {
    pub async fn get<T: Json>(&self, path: &str) -> Result<T, NotAnswered> {
        self.fetch(path, None).await
    }

    pub async fn post<T: Json>(&self, path: &str, body: &impl Json) -> Result<T, NotAnswered> {
        self.fetch(path, Some(json::to_string(body))).await
    }

    async fn fetch<T: Json>(&self, path: &str, body: Option<String>) -> Result<T, NotAnswered> {
        let method = if body.is_some() { "POST" } else { "GET" };
        match self.relay(method, path, body.unwrap_or_default()).await {
            Ok(text) => json::from_str(&text).map_err(|_| NotAnswered::NotReached),
            Err(Unserved::Refused(reason)) if reason == "not_found" => Err(NotAnswered::Gone),
            Err(Unserved::Refused(reason)) => {
                let undecided = json::from_str::<Undecided>(&format!(r#"{{"reason":"{reason}"}}"#));
                Err(undecided.map_or(NotAnswered::NotReached, |no| NotAnswered::NotDecided(no.reason)))
            }
            Err(Unserved::NotReached) => Err(NotAnswered::NotReached),
        }
    }

    /// Asks again what waits. What was known stays where the relay is not reached.
    pub async fn look_for_review(&self) {
        let answer = self.get::<Queue>("review").await;
        let known = self.queue.with_untracked(|queue| matches!(queue, Some(Ok(_))));
        if answer.is_ok() || !known {
            self.queue.set(Some(answer));
        }
    }
}
