//! A server process on a port of its own, which it gets again each time it is started.

use std::fs::{self, OpenOptions};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fastrand::Rng;

use crate::client::Client;

/// How long a server may take until it is ready.
const PATIENCE: Duration = Duration::from_secs(60);
/// Ports below the range that outgoing connections are given theirs from, so that the port of a dead server stays free.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// One server.
pub(crate) struct Server {
    binary: PathBuf,
    database: String,
    port: u16,
    log: PathBuf,
    process: Option<Child>,
}

impl Server {
    /// A server on this database, not yet started.
    pub(crate) fn new(
        binary: &Path,
        database: &str,
        log: PathBuf,
        random: &mut Rng,
    ) -> Result<Self> {
        Ok(Self {
            binary: binary.to_path_buf(),
            database: database.to_owned(),
            port: free_port(random)?,
            log,
            process: None,
        })
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it and does not wait.
    pub(crate) fn start(&mut self) -> Result<()> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log);
        let log = log.with_context(|| format!("cannot write {}", self.log.display()))?;
        let mut command = Command::new(&self.binary);
        command
            .args(["serve", "--listen", &format!("127.0.0.1:{}", self.port)])
            .args(["--database", &self.database])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let process = command.spawn();
        self.process =
            Some(process.with_context(|| format!("cannot start {}", self.binary.display()))?);
        Ok(())
    }

    /// Waits until it can work.
    pub(crate) fn wait_until_ready(&mut self) -> Result<()> {
        let client = Client::new("");
        let given_up = Instant::now() + PATIENCE;
        loop {
            let Err(last) = client.read(&format!("{}/readyz", self.url())) else {
                return Ok(());
            };
            if let Some(process) = &mut self.process
                && let Some(status) = process.try_wait()?
            {
                bail!("the server ended by itself with {status}:\n{}", self.tail());
            }
            if Instant::now() > given_up {
                bail!("the server is never ready: {last}\n{}", self.tail());
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills it with SIGKILL, as a crash would.
    pub(crate) fn kill(&mut self) -> Result<()> {
        let Some(mut process) = self.process.take() else {
            return Ok(());
        };
        if let Some(status) = process.try_wait()? {
            bail!("the server ended by itself with {status}:\n{}", self.tail());
        }
        process.kill()?;
        process.wait()?;
        Ok(())
    }

    /// The end of what it said.
    pub(crate) fn tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let from = text.lines().count().saturating_sub(15);
        text.lines().skip(from).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // Nothing can be done about a server that cannot be killed.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn free_port(random: &mut Rng) -> Result<u16> {
    for _ in 0..100 {
        let port = random.u16(PORTS);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no free port between {} and {}", PORTS.start, PORTS.end)
}
