//! What is wrong with one change, before it is said which one of the batch it is.

use super::Refusal;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    Malformed(String),
    TooLarge,
    MissingDeps,
    NewerSchema,
    NotAllowed,
}

impl Fault {
    pub(super) fn at(self, index: usize) -> Refusal {
        match self {
            Fault::Malformed(detail) => Refusal::Malformed { index, detail },
            Fault::TooLarge => Refusal::TooLarge,
            Fault::MissingDeps => Refusal::MissingDeps,
            Fault::NewerSchema => Refusal::NewerSchema,
            Fault::NotAllowed => Refusal::NotAllowed,
        }
    }
}

/// A rule of the gate that does not hold, in a developer's words.
pub(super) fn malformed<T>(detail: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Malformed(detail.into()))
}

/// `Ok` when the rule holds.
pub(super) fn rule(holds: bool, otherwise: &str) -> Result<(), Fault> {
    if holds { Ok(()) } else { malformed(otherwise) }
}
