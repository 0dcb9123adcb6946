//! The product as its users have it: the release binary, a database, a key, and HTTP.

pub(crate) mod bulk;
pub(crate) mod network;
pub(crate) mod projection;
pub(crate) mod setup;

use std::cell::OnceCell;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::baseline::postgres::cluster::Cluster;
use crate::process::{Server, run};
use crate::progress::say;
use crate::report::machine::root;
use crate::workload::catalogue::Catalogue;

/// The binary, and the filled database that all embedded measurements start from.
pub(crate) struct Product {
    binary: PathBuf,
    filled: OnceCell<Filled>,
}

struct Filled {
    database: PathBuf,
    key: String,
}

/// A serving node with a key of its owner.
pub(crate) struct Running {
    /// The process.
    pub(crate) server: Server,
    /// How to speak to it.
    pub(crate) access: Access,
}

/// Where to ask, and in whose name.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// Where the product listens.
    pub(crate) address: SocketAddr,
    /// An owner's key.
    pub(crate) key: String,
}

impl Product {
    /// Takes the given binary, or builds it where this program was built.
    pub(crate) fn find(binary: Option<PathBuf>) -> Result<Self> {
        let binary = match binary {
            Some(binary) => binary,
            None => build()?,
        };
        ensure!(binary.is_file(), "no binary at {}", binary.display());
        Ok(Self {
            binary,
            filled: OnceCell::new(),
        })
    }

    /// Serves a copy of a database that has channel, items, locations and stock, and no orders.
    pub(crate) fn filled(
        &self,
        folder: &Path,
        catalogue: &Catalogue,
        name: &str,
    ) -> Result<Running> {
        if self.filled.get().is_none() {
            let filled = self.fill(folder, catalogue)?;
            // Nobody can have set it meanwhile: there is one thread.
            let _ = self.filled.set(filled);
        }
        let filled = self.filled.get().context("nothing was filled")?;
        let database = folder.join(format!("{name}.db"));
        for ending in ["", "-wal"] {
            let from = format!("{}{ending}", filled.database.display());
            if Path::new(&from).exists() {
                fs::copy(&from, format!("{}{ending}", database.display()))?;
            }
        }
        let database = format!("sqlite:{}", database.display());
        self.serve(folder, name, &database, filled.key.clone())
    }

    /// The filled database without orders, if one was needed so far.
    pub(crate) fn filled_database(&self) -> Option<&Path> {
        self.filled.get().map(|filled| filled.database.as_path())
    }

    /// Two nodes on one database of a PostgreSQL server.
    pub(crate) fn two_nodes(
        &self,
        folder: &Path,
        catalogue: &Catalogue,
        cluster: &Cluster,
    ) -> Result<(Running, Running)> {
        cluster.create_database("throughline")?;
        let database = cluster.url("throughline");
        let key = self.create_key(&database)?;
        let one = self.serve(folder, "node-1", &database, key.clone())?;
        setup::fill(&one.access, catalogue)?;
        cluster.execute("throughline", "vacuum analyze")?;
        let two = self.serve(folder, "node-2", &database, key)?;
        Ok((one, two))
    }

    /// Serves a network of many locations, and no orders.
    pub(crate) fn network(&self, folder: &Path) -> Result<Running> {
        let database = format!("sqlite:{}", folder.join("network.db").display());
        let key = self.create_key(&database)?;
        let running = self.serve(folder, "network", &database, key)?;
        network::fill(&running.access)?;
        Ok(running)
    }

    /// Serves a database.
    pub(crate) fn serve(
        &self,
        folder: &Path,
        name: &str,
        database: &str,
        key: String,
    ) -> Result<Running> {
        let log = folder.join(format!("{name}.log"));
        let command = Command::new(&self.binary);
        let server = Server::start(command, &log, |command, address| {
            command.args(["serve", "--listen", &address.to_string()]);
            command.args(["--database", database]);
        })?;
        let address = server.address;
        Ok(Running {
            server,
            access: Access { address, key },
        })
    }

    fn fill(&self, folder: &Path, catalogue: &Catalogue) -> Result<Filled> {
        let path = folder.join("filled.db");
        let database = format!("sqlite:{}", path.display());
        let key = self.create_key(&database)?;
        let running = self.serve(folder, "filled", &database, key.clone())?;
        setup::fill(&running.access, catalogue)?;
        running.server.stop()?;
        Ok(Filled {
            database: path,
            key,
        })
    }

    fn create_key(&self, database: &str) -> Result<String> {
        let mut command = Command::new(&self.binary);
        command.args(["key", "create", "--database", database, "--role", "owner"]);
        Ok(run(&mut command)?.trim().to_owned())
    }
}

/// Builds the product as it is released, beside this program.
fn build() -> Result<PathBuf> {
    say("building the product");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let own = std::env::current_exe()?;
    let folder = own.parent().context("a program without a folder")?;
    let target = folder
        .parent()
        .context("a program without a target folder")?;
    let status = Command::new(cargo)
        .current_dir(root())
        .args(["build", "--release", "--package", "throughline"])
        .args(["--bin", "throughline", "--target-dir"])
        .arg(target)
        .status()?;
    ensure!(status.success(), "the product could not be built");
    Ok(folder.join("throughline"))
}
