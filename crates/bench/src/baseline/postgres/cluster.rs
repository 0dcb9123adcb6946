//! A throw-away PostgreSQL on the disk of the measurement, durable and sensibly set up.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::{family_cpu, free_address, run, spawn, stop};

/// What differs from PostgreSQL's defaults. Durability is left as it is, and said so.
pub(crate) const SETTINGS: &[(&str, &str)] = &[
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("full_page_writes", "on"),
    ("shared_buffers", "256MB"),
    ("wal_buffers", "16MB"),
    ("max_wal_size", "4GB"),
    ("min_wal_size", "1GB"),
    ("checkpoint_timeout", "15min"),
    ("max_connections", "100"),
];

/// A running PostgreSQL server of our own; it and its data are gone when this is dropped.
pub(crate) struct Cluster {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes and starts a server in a new folder below `folder`.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let programs = programs()?;
        let folder = folder.join("postgres");
        let account = Account::for_server()?;
        fs::create_dir_all(&folder)?;
        account.own(&folder)?;
        let data = folder.join("data");
        run(account
            .command(&programs.join("initdb"))
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync", "--pgdata"])
            .arg(&data))?;
        let port = free_address()?.port();
        let mut command = account.command(&programs.join("postgres"));
        command.arg("-D").arg(&data).arg("-k").arg(&folder);
        command.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
        for (name, value) in SETTINGS {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let log = folder.join("server.log");
        let child = spawn(&mut command, &log)?;
        let mut cluster = Self {
            child,
            folder,
            port,
        };
        cluster
            .wait_until_ready()
            .with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
        Ok(cluster)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let given_up = Instant::now() + Duration::from_secs(30);
        loop {
            let Err(last) = self.execute("postgres", "select 1") else {
                return Ok(());
            };
            if let Some(status) = self.child.try_wait()? {
                bail!("PostgreSQL ended with {status}");
            }
            if Instant::now() > given_up {
                return Err(last.context("PostgreSQL never became ready"));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// How to reach a database of this server. Over TCP, as the product's nodes do.
    pub(crate) fn config(&self, database: &str) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        config
            .host("127.0.0.1")
            .port(self.port)
            .user("postgres")
            .dbname(database);
        config
    }

    /// The same as an address for the command line of the product.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The processor time that all of the server's processes have used so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        family_cpu(&self.child)
    }

    /// Makes an empty database.
    pub(crate) fn create_database(&self, name: &str) -> Result<()> {
        self.execute("postgres", &format!("create database {name}"))
    }

    /// Runs statements that answer nothing.
    pub(crate) fn execute(&self, database: &str, sql: &str) -> Result<()> {
        let config = self.config(database);
        crate::load::runtime()?.block_on(async {
            let (client, connection) = config.connect(tokio_postgres::NoTls).await?;
            let serving = tokio::spawn(connection);
            client.batch_execute(sql).await?;
            drop(client);
            serving.await??;
            Ok(())
        })
    }

    /// Runs a query that answers one number.
    pub(crate) fn number(&self, database: &str, sql: &str) -> Result<i64> {
        let config = self.config(database);
        crate::load::runtime()?.block_on(async {
            let (client, connection) = config.connect(tokio_postgres::NoTls).await?;
            let serving = tokio::spawn(connection);
            let number = client.query_one(sql, &[]).await?.get(0);
            drop(client);
            serving.await??;
            Ok(number)
        })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown. Whatever stays behind lies in the folder of
        // this run, which is removed as a whole.
        if stop(&mut self.child, "INT").is_err() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Which PostgreSQL would be started.
pub(crate) fn version() -> Result<String> {
    let version = run(Command::new(programs()?.join("postgres")).arg("--version"))?;
    let words = version
        .split_whitespace()
        .filter(|word| *word != "postgres");
    Ok(words.take(2).collect::<Vec<_>>().join(" "))
}

/// The account that the server runs under: PostgreSQL refuses to run as root.
struct Account {
    ids: Option<(u32, u32)>,
}

impl Account {
    fn for_server() -> Result<Self> {
        if fs::metadata("/proc/self")?.uid() != 0 {
            return Ok(Self { ids: None });
        }
        let accounts = fs::read_to_string("/etc/passwd")?;
        let find = |name: &str| {
            let line = accounts
                .lines()
                .find(|line| line.split(':').next() == Some(name))?;
            let mut fields = line.split(':').skip(2);
            Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
        };
        let ids = find("postgres").or_else(|| find("nobody"));
        Ok(Self {
            ids: Some(ids.context("no account to run PostgreSQL under")?),
        })
    }

    fn own(&self, folder: &Path) -> Result<()> {
        if let Some((user, group)) = self.ids {
            chown(folder, Some(user), Some(group))?;
        }
        Ok(())
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        command.current_dir("/");
        command
    }
}

/// The folder of PostgreSQL's programs: on the path, or where Debian keeps them.
fn programs() -> Result<PathBuf> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut installed: Vec<PathBuf> = debian
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    installed.sort();
    installed.reverse();
    std::env::split_paths(&on_path)
        .chain(installed)
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .context("no PostgreSQL server programs: install the package postgresql")
}
