//! The real binary as a process: started on a folder and a free port, stopped, killed, asked.

use super::line::Line;
use shared::ids::GuideId;
use std::fs::File;
use std::io::{BufRead, BufReader, Error, Result};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub struct Relay {
    binary: PathBuf,
    data: PathBuf,
    process: Child,
    pub address: SocketAddr,
}

impl Relay {
    /// Starts `binary` on `data` and waits until it says that it is ready. What it complains about
    /// goes to a file beside the data.
    pub fn start(binary: &Path, data: &Path) -> Result<Relay> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let mut command = Command::new(binary);
        command.arg("serve").arg("--data").arg(data).args(["--listen", &address.to_string()]);
        let complaints = File::options().create(true).append(true).open(complaints_of(data))?;
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(complaints).spawn()?;
        let said = process.stdout.take().ok_or_else(|| Error::other("the relay has no output"))?;
        let mut relay = Relay { binary: binary.to_owned(), data: data.to_owned(), process, address };
        // Its pipe stays open behind this thread: a closed one would end a relay that prints.
        let mut lines = BufReader::new(said).lines();
        let is_ready = lines.by_ref().map_while(Result::ok).any(|line| line.contains("Ctrl+C"));
        std::thread::spawn(move || lines.for_each(drop));
        if !is_ready {
            let status = relay.process.wait()?;
            return Err(Error::other(format!("the relay ended with {status}: {}", relay.complaints()?)));
        }
        Ok(relay)
    }

    /// Makes a guide in an empty folder, before a relay serves it.
    pub fn create_guide(binary: &Path, data: &Path, guide: &GuideId) -> Result<()> {
        let words = ["guide", "create", "--slug", guide.as_str(), "--name", "Bench", "--language", "fr"];
        let more = ["--time-zone", "Europe/Paris", "--country", "FR"];
        socle(binary, data, &[words.as_slice(), more.as_slice()].concat()).map(drop)
    }

    /// SIGKILL: no goodbye, nothing written that was not.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait().map(drop)
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    pub fn line(&self) -> Result<Line> {
        Line::open(self.address)
    }

    /// A new invite link.
    pub fn invite(&self, guide: &GuideId) -> Result<String> {
        self.socle(&["invite", "--guide", guide.as_str(), "--role", "editor"])
    }

    /// Runs a subcommand on the relay's data.
    pub fn socle(&self, words: &[&str]) -> Result<String> {
        socle(&self.binary, &self.data, words)
    }

    /// Everything that relays on this folder wrote to their error output.
    pub fn complaints(&self) -> Result<String> {
        std::fs::read_to_string(complaints_of(&self.data))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // Fails only if it has ended already.
        drop(self.kill());
    }
}

fn complaints_of(data: &Path) -> PathBuf {
    data.with_extension("complaints")
}

fn socle(binary: &Path, data: &Path, words: &[&str]) -> Result<String> {
    let output = Command::new(binary).args(words).arg("--data").arg(data).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Error::other(format!("socle {}: {said}", words.join(" "))));
    }
    String::from_utf8(output.stdout).map_err(Error::other)
}
