//! An in-memory network of devices and a relay, seeded, and generators of random records.
