//! Devices that press on a relay.

fn main() {}
