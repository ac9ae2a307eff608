//! The member's side of the exchange: outbox, feed, drafts, over stores and networks given as traits.
