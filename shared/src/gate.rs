//! The gate: decides whether a batch may enter, before Automerge sees a byte of it.

use serde::{Deserialize, Serialize};

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Edits wait for review.
    Contributor,
    /// Edits publish.
    Editor,
    /// Also members, settings, purge.
    Steward,
}

impl Role {
    pub fn code(self) -> &'static str {
        match self {
            Role::Contributor => "contributor",
            Role::Editor => "editor",
            Role::Steward => "steward",
        }
    }

    pub fn from_code(code: &str) -> Option<Role> {
        [Role::Contributor, Role::Editor, Role::Steward].into_iter().find(|role| role.code() == code)
    }
}

/// Why a batch was refused: a closed list, so that every reason has a sentence in every language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    /// Not a batch, or the change at `index` is not an acceptable one. `detail` is for developers.
    Malformed {
        index: usize,
        detail: String,
    },
    /// The signature does not fit the device's key.
    BadSignature,
    /// No such device in this guide.
    UnknownDevice,
    Revoked,
    /// The role does not allow this kind of record.
    NotAllowed,
    TooLarge,
    /// Changes that these ones build on have not arrived: send them first, then this batch again.
    MissingDeps,
    /// The same batch id came with other bytes.
    BatchReused,
    /// The record was removed for good.
    Purged,
    /// Written by a newer version of Socle than this relay's.
    NewerSchema,
    /// The guide holds as much as it may.
    Full,
}

impl Refusal {
    /// Whether sending the very same batch later can succeed.
    pub fn is_passing(&self) -> bool {
        matches!(self, Refusal::MissingDeps)
    }

    /// The `reason` as it stands in JSON and in the locales: `refusal.revoked`, …
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Malformed { .. } => "malformed",
            Refusal::BadSignature => "bad_signature",
            Refusal::UnknownDevice => "unknown_device",
            Refusal::Revoked => "revoked",
            Refusal::NotAllowed => "not_allowed",
            Refusal::TooLarge => "too_large",
            Refusal::MissingDeps => "missing_deps",
            Refusal::BatchReused => "batch_reused",
            Refusal::Purged => "purged",
            Refusal::NewerSchema => "newer_schema",
            Refusal::Full => "full",
        }
    }
}
