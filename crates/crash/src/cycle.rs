//! One cycle: load, kill, restart, look, repeat what is unknown, look again.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::arguments::Victim;
use crate::campaign::Campaign;
use crate::check::{Check, doctor};
use crate::shop::{Buyer, Count, Traffic};
use crate::torn::Torn;

/// When the kill comes, in milliseconds under load.
const LOAD_MS: std::ops::Range<u64> = 200..800;
/// How long the load goes on after the kill where a server is left, in milliseconds.
const AFTER_MS: std::ops::Range<u64> = 100..300;
/// How long servers may need to work again by themselves after their database is back.
const RECOVERY: Duration = Duration::from_secs(30);
/// Acknowledged requests that each client sends again.
const AGAIN: usize = 25;
/// A restarting server is killed once more, after so many milliseconds, one time in three.
const AGAIN_KILLED_MS: std::ops::Range<u64> = 0..80;

/// What happened in a cycle.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) acknowledged: u64,
    pub(crate) unknown: u64,
    refused: u64,
    hung_up: u64,
    again: u64,
    orders: usize,
    load: Duration,
    recovery: Duration,
    whole: Duration,
    torn_away: Option<usize>,
    pub(crate) problems: Vec<String>,
}

impl Campaign {
    /// One cycle. Problems of the product are in the report.
    ///
    /// # Errors
    /// When a server or a database does not come back at all.
    pub(crate) fn cycle(&mut self, last: bool) -> Result<Report> {
        let started = Instant::now();
        let mut report = Report::default();
        let traffic = self.traffic();
        self.buyers.iter_mut().for_each(Buyer::begin_cycle);
        let victim = self.random.usize(..self.servers.len());
        self.load_and_kill(&traffic, victim, &mut report)?;
        self.examine_the_crashed(&mut report)?;
        self.restart(victim, &mut report)?;
        self.look(&traffic, last, &mut report)?;
        for buyer in &mut self.buyers {
            report.problems.append(&mut buyer.problems);
            report.count(buyer.count);
        }
        report.whole = started.elapsed();
        Ok(report)
    }

    fn traffic(&self) -> Traffic {
        Traffic {
            servers: self
                .servers
                .iter()
                .map(crate::server::Server::url)
                .collect(),
            halted: AtomicBool::new(false),
            acknowledged: AtomicU64::new(0),
            faults_expected: self.plan.victim == Victim::Database,
            plant: self.plant,
        }
    }

    /// Clients work; the victim is killed among them; they end with what they do not know.
    fn load_and_kill(
        &mut self,
        traffic: &Traffic,
        victim: usize,
        report: &mut Report,
    ) -> Result<()> {
        let load = Duration::from_millis(self.random.u64(LOAD_MS));
        let after = Duration::from_millis(self.random.u64(AFTER_MS));
        let mut buyers = std::mem::take(&mut self.buyers);
        let killed = thread::scope(|scope| {
            for buyer in &mut buyers {
                scope.spawn(|| buyer.work(traffic));
            }
            thread::sleep(load);
            let killed = self.kill(victim, traffic, after, report);
            traffic.halted.store(true, Ordering::Release);
            killed
        });
        self.buyers = buyers;
        report.load = load;
        killed
    }

    fn kill(
        &mut self,
        victim: usize,
        traffic: &Traffic,
        after: Duration,
        report: &mut Report,
    ) -> Result<()> {
        if self.plan.victim == Victim::Database {
            self.database.kill()?;
            self.database.start()?;
            report.recovery = recovered(traffic)?;
            thread::sleep(after);
            return Ok(());
        }
        self.servers[victim].kill()?;
        if self.servers.len() > 1 {
            thread::sleep(after);
        }
        Ok(())
    }

    /// Before anybody else has opened the database: all invariants hold, and would with a torn log.
    fn examine_the_crashed(&mut self, report: &mut Report) -> Result<()> {
        if let Some(fault) = self.plant {
            self.database.plant(fault, true)?;
        }
        if let (Some(file), None) = (self.database.file(), self.plant) {
            let torn = Torn {
                binary: &self.binary,
                file,
                key: &self.key,
            };
            let (problems, torn_away) = torn.examine(&self.buyers, &mut self.random)?;
            report.problems.extend(problems);
            report.torn_away = Some(torn_away);
        }
        report
            .problems
            .extend(doctor(&self.binary, &self.database.url())?);
        Ok(())
    }

    /// Starts the victim again, which may die once more while it recovers.
    fn restart(&mut self, victim: usize, report: &mut Report) -> Result<()> {
        if self.plan.victim == Victim::Database {
            return Ok(());
        }
        let again = self.random.u32(..3) == 0;
        let pause = Duration::from_millis(self.random.u64(AGAIN_KILLED_MS));
        let server = &mut self.servers[victim];
        server.start()?;
        if again {
            thread::sleep(pause);
            server.kill()?;
            server.start()?;
        }
        let started = Instant::now();
        server.wait_until_ready()?;
        report.recovery = started.elapsed();
        Ok(())
    }

    fn look(&mut self, traffic: &Traffic, last: bool, report: &mut Report) -> Result<()> {
        let mut check = Check::new(&self.key, &traffic.servers, self.random.fork());
        check.nothing_is_lost(&self.buyers);
        let repeated = Traffic {
            faults_expected: false,
            ..self.traffic()
        };
        thread::scope(|scope| {
            for buyer in &mut self.buyers {
                scope.spawn(|| {
                    buyer.settle(&repeated);
                    buyer.ask_again(&repeated, AGAIN)
                });
            }
        });
        report.again = self.buyers.iter().map(|buyer| buyer.count.again).sum();
        report.orders = check.everything_is_there_once(&self.buyers, &self.opening, last);
        report.problems.extend(check.problems());
        report
            .problems
            .extend(doctor(&self.binary, &self.database.url())?);
        Ok(())
    }
}

/// Waits until requests are acknowledged again, and says how long that took.
fn recovered(traffic: &Traffic) -> Result<Duration> {
    let (started, before) = (Instant::now(), traffic.acknowledged.load(Ordering::Acquire));
    while traffic.acknowledged.load(Ordering::Acquire) == before {
        if started.elapsed() > RECOVERY {
            bail!(
                "the database is back, and {} s later the servers still acknowledge nothing",
                RECOVERY.as_secs()
            );
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(started.elapsed())
}

impl Report {
    fn count(&mut self, count: Count) {
        self.acknowledged += count.acknowledged;
        self.refused += count.refused;
        self.unknown += count.unknown;
        self.hung_up += count.hung_up;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "killed after {} ms: {} acknowledged, {} refused, {} unknown ({} hung up), {} asked again",
            self.load.as_millis(),
            self.acknowledged,
            self.refused,
            self.unknown,
            self.hung_up,
            self.again
        )?;
        if let Some(torn_away) = self.torn_away {
            write!(to, ", {torn_away} orders torn away")?;
        }
        write!(
            to,
            "; back in {} ms; {} orders in all; {}; {:.1} s",
            self.recovery.as_millis(),
            self.orders,
            if self.problems.is_empty() {
                "all in order"
            } else {
                "NOT IN ORDER"
            },
            self.whole.as_secs_f64()
        )
    }
}
