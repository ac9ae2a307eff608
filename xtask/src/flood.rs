//! `cargo xtask flood`: the test `flood` of the relay for a whole minute, optimised, and what it says.

use crate::failure::Result;
use crate::program::{cargo, run};

const SECONDS: &str = "60";

pub fn flood() -> Result<()> {
    let test = "flood::everything_that_is_refused_holds_up_nobody";
    let mut flood = cargo();
    flood.args(["test", "--release", "--package", "server", "--test", "it", "--", test, "--exact", "--nocapture"]);
    run(flood.env("SOCLE_FLOOD_SECONDS", SECONDS))
}
