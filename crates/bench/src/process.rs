//! Servers as child processes: started on a free loopback port, stopped when dropped.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::load::sequence::Caller;

const PATIENCE: Duration = Duration::from_secs(60);

/// A running HTTP server.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

impl Server {
    /// Starts `command`, to which the address is handed by `listen`, and waits until it is ready.
    pub(crate) fn start(
        mut command: Command,
        log: &Path,
        listen: impl FnOnce(&mut Command, SocketAddr),
    ) -> Result<Self> {
        let address = free_address()?;
        listen(&mut command, address);
        let child = spawn(&mut command, log)?;
        let mut server = Self {
            child,
            address,
            log: log.to_path_buf(),
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let request = get("/readyz", "");
        let given_up = Instant::now() + PATIENCE;
        loop {
            let answered =
                Caller::open(self.address).and_then(|mut caller| caller.ask(&request, 200));
            let Err(last) = answered else { return Ok(()) };
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}: {}", tail(&self.log));
            }
            if Instant::now() > given_up {
                return Err(last.context(format!("never ready: {}", tail(&self.log))));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The memory that the process holds now.
    pub(crate) fn memory(&self) -> Result<Memory> {
        let path = format!("/proc/{}/status", self.child.id());
        let text = fs::read_to_string(&path).with_context(|| format!("no {path}"))?;
        Ok(Memory {
            resident_kb: field_kb(&text, "VmRSS:")?,
            anonymous_kb: field_kb(&text, "RssAnon:")?,
        })
    }

    /// The processor time that the process has used so far, to a hundredth of a second.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = Stat::of(&self.child.id().to_string())?;
        Ok(stat.own)
    }

    /// Asks the server to finish and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        stop(&mut self.child, "TERM")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing can be done about a server that cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the kernel says of a process and its children.
struct Stat {
    parent: u32,
    own: Duration,
    of_ended_children: Duration,
}

impl Stat {
    /// Reads the stat file of the process with this id.
    fn of(id: &str) -> Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
        // The name in parentheses may hold anything. Behind it, the parent is the second field
        // and the times are the 12th to 15th, in ticks of a hundredth of a second.
        let (_, fields) = stat.rsplit_once(')').context("an unreadable stat file")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let field = |index: usize| fields.get(index).context("a short stat file");
        let time = |index: usize| -> Result<Duration> {
            let ticks = field(index)?.parse::<u64>()? + field(index + 1)?.parse::<u64>()?;
            Ok(Duration::from_millis(ticks * 10))
        };
        Ok(Self {
            parent: field(1)?.parse()?,
            own: time(11)?,
            of_ended_children: time(13)?,
        })
    }
}

/// The processor time of a process and all children that it ever had.
pub(crate) fn family_cpu(parent: &Child) -> Result<Duration> {
    loop {
        let before = Stat::of(&parent.id().to_string())?;
        let children = children_cpu(parent)?;
        let after = Stat::of(&parent.id().to_string())?;
        // A child that ended in between would be counted twice or not at all.
        if before.of_ended_children == after.of_ended_children {
            return Ok(after.own + after.of_ended_children + children);
        }
    }
}

fn children_cpu(parent: &Child) -> Result<Duration> {
    let mut sum = Duration::ZERO;
    for entry in fs::read_dir("/proc")?.flatten() {
        let name = entry.file_name();
        let id = name
            .to_str()
            .filter(|name| name.bytes().all(|b| b.is_ascii_digit()));
        // A process that ended meanwhile has nothing to say.
        let child = id.and_then(|id| Stat::of(id).ok());
        if let Some(child) = child.filter(|child| child.parent == parent.id()) {
            sum += child.own;
        }
    }
    Ok(sum)
}

/// What a process holds in memory, in kilobytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// Everything that is resident.
    pub(crate) resident_kb: u64,
    /// The part of it that is not a mapped file.
    pub(crate) anonymous_kb: u64,
}

fn field_kb(text: &str, name: &str) -> Result<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let value = line.and_then(|line| line.split_whitespace().next());
    Ok(value.with_context(|| format!("no {name}"))?.parse()?)
}

/// Starts a process whose words go to `log`.
pub(crate) fn spawn(command: &mut Command, log: &Path) -> Result<Child> {
    let output = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    command
        // A panic is told in one line, so that the end of the log still holds it.
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()
        .with_context(|| format!("cannot start {:?}", command.get_program()))
}

/// Sends a signal to a child of ours and waits for its end.
pub(crate) fn stop(child: &mut Child, signal: &str) -> Result<()> {
    if child.try_wait()?.is_some() {
        return Ok(());
    }
    Command::new("kill")
        .args(["-s", signal, &child.id().to_string()])
        .status()
        .context("no kill command")?;
    let given_up = Instant::now() + PATIENCE;
    while child.try_wait()?.is_none() {
        if Instant::now() > given_up {
            bail!("process {} does not end", child.id());
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Runs a command to its end and answers what it printed.
pub(crate) fn run(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {:?}", command.get_program()))?;
    if !output.status.success() {
        bail!(
            "{:?} ended with {}: {}{}",
            command.get_program(),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// A loopback address that nobody listens on.
pub(crate) fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?)
}

/// A rendered GET request; an empty key sends no authorization.
pub(crate) fn get(path: &str, key: &str) -> Vec<u8> {
    let authorization = if key.is_empty() {
        String::new()
    } else {
        format!("Authorization: Bearer {key}\r\n")
    };
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n").into_bytes()
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let from = text.len().saturating_sub(2_000);
    text.get(from..).unwrap_or(&text).to_owned()
}
