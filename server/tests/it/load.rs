//! The devices of the load example, for tests against the real binary.

#[path = "../../examples/load/device.rs"]
pub mod device;
#[expect(dead_code, reason = "the load example measures more with it")]
#[path = "../../examples/load/line.rs"]
pub mod line;
#[expect(dead_code, reason = "the load example measures more with it")]
#[path = "../../examples/load/relay.rs"]
pub mod relay;
