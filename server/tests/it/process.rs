//! The real binary as a process, and raw connections to it: what it does with slow, many and odd ones.

use crate::load::device::Device;
use crate::load::line::Line;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use shared::ids::GuideId;
use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpSocket;

const GUIDE: &str = "lyon";
const BINARY: &str = env!("CARGO_BIN_EXE_socle");

/// Longer than any answer takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(40);

/// A relay with a guide `lyon`.
pub struct Process {
    folder: TempDir,
    child: Child,
    pub address: SocketAddr,
    pub guide: GuideId,
    said: Arc<Mutex<String>>,
    listening: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts with more options and waits until it is ready.
    pub fn start(words: &[&str]) -> Result<Process> {
        Process::run(Process::folder()?, Command::new(BINARY), words)
    }

    /// The same where a shell allows no more open files than this.
    pub fn start_with_files(files: u32, words: &[&str]) -> Result<Process> {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -Sn {files} && exec \"$0\" \"$@\""), BINARY]);
        Process::run(Process::folder()?, shell, words)
    }

    /// The same with every call of these kinds written to a file (`strace`).
    pub fn start_traced(folder: TempDir, calls: &str, file: &Path) -> Result<Process> {
        let mut traced = Command::new("strace");
        // Only the calls that are written down stop the relay.
        traced.args([
            "-f",
            "--seccomp-bpf",
            "-y",
            "-xx",
            "-s",
            "1000000",
            "-e",
            &format!("trace={calls}"),
            "-e",
            "signal=none",
            "-o",
        ]);
        traced.arg(file).arg(BINARY);
        Process::run(folder, traced, &[])
    }

    /// Starts on what is in a folder already.
    pub fn start_in(folder: TempDir) -> Result<Process> {
        Process::run(folder, Command::new(BINARY), &[])
    }

    /// A folder with the data of an empty guide.
    pub fn folder() -> Result<TempDir> {
        let folder = tempfile::tempdir()?;
        Process::found(&data_in(&folder))?;
        Ok(folder)
    }

    /// Begins a guide `lyon` in a data folder.
    pub fn found(data: &Path) -> Result<()> {
        let new = ["guide", "create", "--slug", GUIDE, "--name", "Lyon", "--language", "fr", "--time-zone", "Europe/Paris"];
        socle(data, &new).map(drop)
    }

    fn run(folder: TempDir, mut command: Command, words: &[&str]) -> Result<Process> {
        let guide: GuideId = GUIDE.parse().expect("a slug");
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        command.arg("serve").arg("--data").arg(data_in(&folder)).args(["--listen", &address.to_string()]).args(words);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let said = Arc::new(Mutex::new(String::new()));
        let pipe = |missing: &str| Error::other(format!("no {missing}"));
        let mut output = BufReader::new(child.stdout.take().ok_or_else(|| pipe("output"))?);
        let errors = BufReader::new(child.stderr.take().ok_or_else(|| pipe("errors"))?);
        let listening = vec![hear(errors, said.clone())];
        let mut relay = Process { folder, child, address, guide, said, listening };
        let mut line = String::new();
        while !line.contains("Ctrl+C") {
            line.clear();
            if output.read_line(&mut line)? == 0 {
                return Err(Error::other(format!("the relay ended: {}", relay.said())));
            }
            relay.said.lock().expect("nobody panicked").push_str(&line);
        }
        relay.listening.push(hear(output, relay.said.clone()));
        Ok(relay)
    }

    pub fn data(&self) -> PathBuf {
        data_in(&self.folder)
    }

    /// Everything it printed so far, to both outputs.
    pub fn said(&self) -> String {
        self.said.lock().expect("nobody panicked").clone()
    }

    pub fn socle(&self, words: &[&str]) -> Result<String> {
        socle(&self.data(), words)
    }

    pub fn line(&self) -> Result<Line> {
        Line::open(self.address)
    }

    pub fn invite(&self) -> Result<String> {
        self.socle(&["invite", "--guide", self.guide.as_str(), "--role", "editor"])
    }

    pub fn join(&self, seed: u64) -> Result<(Device, SmallRng)> {
        let mut rng = SmallRng::seed_from_u64(seed);
        let device = Device::join(&mut self.line()?, &self.guide, &self.invite()?, &mut rng)?;
        Ok((device, rng))
    }

    /// A number of `/proc/PID/status`, in KiB.
    pub fn memory(&self, field: &str) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let number = status.lines().find_map(|line| line.strip_prefix(field)?.trim().strip_suffix(" kB")?.parse().ok());
        number.ok_or_else(|| Error::other(format!("no {field}")))
    }

    /// Asks it to stop; it may still be busy.
    pub fn terminate(&self) -> Result<()> {
        terminate(&self.child.id().to_string())
    }

    /// The same for one that was started traced: `strace` hands no signal on.
    pub fn terminate_traced(&self) -> Result<()> {
        let id = self.child.id();
        terminate(std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"))?.trim())
    }

    /// Waits until it has ended and everything it said was heard.
    pub fn ended(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait()?;
        self.listening.drain(..).for_each(|listening| listening.join().expect("listening does not panic"));
        Ok(status)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fail only if it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn terminate(process: &str) -> Result<()> {
    let killed = Command::new("kill").args(["-TERM", process]).status()?;
    if killed.success() { Ok(()) } else { Err(Error::other("kill failed")) }
}

pub fn data_in(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}

fn hear(from: impl BufRead + Send + 'static, said: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in from.lines().map_while(Result::ok) {
            said.lock().expect("nobody panicked").push_str(&(line + "\n"));
        }
    })
}

fn socle(data: &Path, words: &[&str]) -> Result<String> {
    let output = Command::new(BINARY).args(words).arg("--data").arg(data).output()?;
    match output.status.success() {
        true => String::from_utf8(output.stdout).map_err(Error::other),
        false => Err(Error::other(String::from_utf8_lossy(&output.stderr).into_owned())),
    }
}

/// A connection that speaks from `from`, one of this machine's own addresses.
pub fn connect(from: Ipv4Addr, to: SocketAddr) -> Result<TcpStream> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let connected = runtime.block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        socket.connect(to).await
    });
    let stream = connected?.into_std()?;
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Sends `bytes` and reads until the other side closes.
pub fn say(mut stream: &TcpStream, bytes: &[u8]) -> Result<String> {
    stream.write_all(bytes)?;
    rest(stream)
}

/// What comes until the other side closes; a connection that was reset is closed as well.
pub fn rest(mut stream: &TcpStream) -> Result<String> {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(error) => return Err(error),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
