//! `cargo xtask release`: the one file that a host needs, `target/release/socle`, which says inside what
//! it is made of (`cargo auditable`), and the same beside it as CycloneDX, `socle.cdx.json`.

use crate::failure::{Result, While};
use crate::program::run;
use crate::site::{self, Mode};
use crate::tools::{AUDITABLE, CYCLONEDX};
use crate::workspace;
use std::fs;

const BILL: &str = "socle.cdx";

pub fn release() -> Result<()> {
    site::build(Mode::Release)?;
    run(AUDITABLE.command()?.args(["auditable", "build", "--release", "--package", "server"]))?;
    let mut bill = CYCLONEDX.command()?;
    bill.args(["cyclonedx", "--manifest-path", "server/Cargo.toml", "--format", "json", "--override-filename", BILL]);
    run(&mut bill)?;
    // It writes one beside each manifest that it met.
    let made = workspace::root().join("server").join(format!("{BILL}.json"));
    let wanted = workspace::target().join("release").join(format!("{BILL}.json"));
    fs::rename(&made, &wanted).while_(|| workspace::shown(&made))?;
    for member in ["app", "app/storage", "shared", "xtask", "app/reader", "app/desk", "app/replica", "app/hours", "app/contract"]
    {
        let beside = workspace::root().join(member).join(format!("{BILL}.json"));
        if beside.is_file() {
            fs::remove_file(&beside).while_(|| workspace::shown(&beside))?;
        }
    }
    eprintln!("target/release/socle is ready, {} says what it is made of", workspace::shown(&wanted));
    Ok(())
}
