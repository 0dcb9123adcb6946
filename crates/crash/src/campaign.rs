//! A campaign: one engine, one victim, so many kills, one database that lives through all of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use fastrand::Rng;

use crate::arguments::{Arguments, Engine, Plan};
use crate::client::Client;
use crate::database::Database;
use crate::fault::Fault;
use crate::server::Server;
use crate::shop::{self, Buyer, Place};

/// Clients at the same time.
const BUYERS: usize = 8;
/// Problems that are told; the first ones say enough.
const PROBLEMS_TOLD: usize = 20;
/// Longest words of a problem, in characters.
const WORDS_MAX: usize = 2_000;

/// Everything of a campaign. Servers end before their database does.
pub(crate) struct Campaign {
    pub(crate) plan: Plan,
    pub(crate) binary: PathBuf,
    pub(crate) plant: Option<Fault>,
    pub(crate) random: Rng,
    pub(crate) key: String,
    pub(crate) servers: Vec<Server>,
    pub(crate) database: Database,
    pub(crate) buyers: Vec<Buyer>,
    pub(crate) opening: BTreeMap<Place, i64>,
}

/// What was found wrong in a campaign.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    problems: Vec<String>,
}

impl Campaign {
    /// Makes a database, starts its servers, and opens the shop.
    ///
    /// # Errors
    /// When any of it does not work.
    pub(crate) fn prepare(plan: Plan, arguments: &Arguments, seed: u64) -> Result<Self> {
        println!("{}, {} times", plan.name(), plan.cycles);
        let mut random = Rng::with_seed(seed);
        let folder = arguments.folder.join(plan.folder());
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let database = Database::make(plan.engine, &arguments.postgres, &folder)?;
        if let Some(fault) = arguments.plant {
            database.plant(fault, false)?;
        }
        let key = make_key(&arguments.binary, &database.url())?;
        let count = if plan.engine == Engine::Sqlite { 1 } else { 2 };
        let mut servers = Vec::new();
        for number in 0..count {
            let log = folder.join(format!("server-{number}.log"));
            let mut server = Server::new(&arguments.binary, &database.url(), log, &mut random)?;
            server.start()?;
            server.wait_until_ready()?;
            servers.push(server);
        }
        let opening = shop::open(&Client::new(&key), &servers[0].url())?;
        let buyers = (0..BUYERS)
            .map(|number| Buyer::new(number, &key, random.fork()))
            .collect();
        Ok(Self {
            plan,
            binary: arguments.binary.clone(),
            plant: arguments.plant,
            random,
            key,
            servers,
            database,
            buyers,
            opening: opening.into_iter().collect(),
        })
    }

    /// Runs its cycles until one finds something.
    ///
    /// # Errors
    /// When a server does not come back.
    pub(crate) fn run(mut self) -> Result<Findings> {
        let (started, cycles) = (Instant::now(), self.plan.cycles);
        let mut sum = Sum::default();
        for cycle in 1..=cycles {
            let report = self.cycle(cycle == cycles)?;
            println!("  {cycle:>3}/{cycles} {report}");
            sum.add(report.acknowledged, report.unknown);
            if !report.problems.is_empty() {
                let mut problems = report.problems;
                problems.truncate(PROBLEMS_TOLD);
                problems.extend(
                    self.servers
                        .iter()
                        .map(|server| format!("a server's last words:\n{}", server.tail())),
                );
                return Ok(Findings { problems });
            }
        }
        println!(
            "  {cycles} kills in {} s: {} requests acknowledged and none lost, {} of unknown outcome repeated and none doubled",
            started.elapsed().as_secs(),
            sum.acknowledged,
            sum.unknown
        );
        Ok(Findings::default())
    }
}

/// Sums over all cycles.
#[derive(Debug, Default)]
struct Sum {
    acknowledged: u64,
    unknown: u64,
}

impl Sum {
    fn add(&mut self, acknowledged: u64, unknown: u64) {
        self.acknowledged += acknowledged;
        self.unknown += unknown;
    }
}

impl Findings {
    /// Whether everything was as it must be.
    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Says what was found.
    pub(crate) fn tell(&self) {
        for problem in &self.problems {
            let words: String = problem.chars().take(WORDS_MAX).collect();
            println!("  - {words}");
        }
    }
}

/// Makes an owner's key, as an operator would.
fn make_key(binary: &Path, database: &str) -> Result<String> {
    let output = Command::new(binary)
        .args(["key", "create", "--database", database, "--role", "owner"])
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", binary.display()))?;
    if !output.status.success() {
        bail!(
            "no key can be made: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
