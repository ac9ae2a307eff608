//! A full disk: members are told, reading goes on, nothing acknowledged is lost, and with room again
//! everything goes on. Needs a small file system of its own: `cargo xtask torture full`, as root.

use crate::process::{Process, data_in};
use shared::edit::Edit;
use shared::ids::RecordId;
use std::fs::{self, File};
use std::io::{Result, Write};
use std::path::Path;
use std::process::Command;

/// Room for the built site, which a relay keeps among its data, and for what is filled up.
const MEGABYTES: usize = 48;

/// A file system in memory, as long as this lives.
struct Small<'a>(&'a Path);

impl Small<'_> {
    fn mount(at: &Path) -> Small<'_> {
        let size = format!("size={MEGABYTES}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "none"]).arg(at).status().expect("there is mount");
        assert!(mounted.success(), "mounting needs root");
        Small(at)
    }
}

impl Drop for Small<'_> {
    fn drop(&mut self) {
        // Left behind only if somebody still looks into it.
        drop(Command::new("umount").arg("--lazy").arg(self.0).status());
    }
}

/// Writes until nothing more fits.
fn fill(path: &Path) -> Result<()> {
    let mut file = File::create(path)?;
    while file.write_all(&[0x5a; 4_096]).is_ok() {}
    Ok(())
}

#[test]
#[ignore = "mounts a file system: cargo xtask torture full"]
fn a_full_disk_is_said_and_got_over() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = data_in(&folder);
    fs::create_dir(&data)?;
    let _small = Small::mount(&data);
    Process::found(&data)?;
    let mut relay = Process::start_in(folder)?;
    let (device, mut rng) = relay.join(7)?;
    let mut line = relay.line()?;
    let name = |number: usize| [Edit::put("name", format!("Place {number}"))];
    let mut acknowledged = Vec::new();
    for number in 0..20 {
        acknowledged.push(device.share(&mut line, &device.new_place(RecordId([number as u8; 16]), &name(number), &mut rng).1)?);
    }

    fill(&data.join("filler"))?;
    let mut refused = Vec::new();
    while refused.len() < 20 {
        let (_, parcel) = device.new_place(RecordId(rand::random()), &name(99), &mut rng);
        let answer = device.post(&mut line, &parcel)?;
        match answer.status {
            // What fits into the log's file that is there already is taken.
            200 => acknowledged.push(shared::json::from_slice(&answer.body).expect("an answer as documented")),
            503 => {
                assert_eq!(String::from_utf8_lossy(&answer.body), r#"{"reason":"later"}"#);
                refused.push(parcel);
            }
            other => panic!("answered {other}: {}", String::from_utf8_lossy(&answer.body)),
        }
        // Reading goes on.
        assert_eq!(line.get("/lyon/fr/", "")?.status, 200);
        assert_eq!(line.get("/healthz", "")?.status, 200);
        assert!(!device.feed(&mut line, 0)?.changes.is_empty());
    }
    assert!(relay.said().contains("DiskFull"), "who runs it is told: {}", relay.said());

    fs::remove_file(data.join("filler"))?;
    for parcel in &refused {
        acknowledged.push(device.share(&mut line, parcel)?);
    }
    let last = acknowledged.iter().map(|accepted| accepted.feed_seq).max().unwrap_or_default();
    assert_eq!(device.feed(&mut line, last)?.changes.len(), 0);
    relay.terminate()?;
    assert!(relay.ended()?.success());
    assert_eq!(relay.socle(&["check"])?.trim(), "lyon: sound");
    println!("{} acknowledged, {} put off while the disk was full", acknowledged.len(), refused.len());
    Ok(())
}
