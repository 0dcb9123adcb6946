//! What may be chosen about a run.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::fault::Fault;

/// Kills the server or its database under load, and checks what is left.
#[derive(Parser, Debug)]
#[command(about)]
pub(crate) struct Arguments {
    /// Only this engine; both unless given
    #[arg(long)]
    engine: Option<Engine>,
    /// What is killed on PostgreSQL; first the one, then the other unless given
    #[arg(long)]
    kill: Option<Victim>,
    /// How often it is killed; 50 times on SQLite, 20 on PostgreSQL unless given
    #[arg(long)]
    cycles: Option<u32>,
    /// The short form that ./test runs: 3 cycles on SQLite, 2 and 1 on PostgreSQL
    #[arg(long, conflicts_with = "cycles")]
    short: bool,
    /// What the clients do, and when the kill comes; another one each time unless given
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Make a mistake on purpose; the run succeeds when it is noticed
    #[arg(long, value_name = "FAULT")]
    pub(crate) plant: Option<Fault>,
    /// The program to test
    #[arg(long, value_name = "FILE")]
    pub(crate) binary: PathBuf,
    /// Starts and kills a throw-away PostgreSQL
    #[arg(long, value_name = "FILE", default_value = "scripts/postgres")]
    pub(crate) postgres: PathBuf,
    /// Where databases and logs go
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// Embedded, one server.
    Sqlite,
    /// PostgreSQL, two servers on one database.
    Postgres,
}

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Victim {
    /// A server process.
    Server,
    /// All processes of the database, while the servers live on.
    Database,
}

/// So many kills of one victim on one engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The engine.
    pub(crate) engine: Engine,
    /// What is killed.
    pub(crate) victim: Victim,
    /// How often.
    pub(crate) cycles: u32,
}

/// Every combination there is, with its cycles in full and in the short form.
const ALL: [(Engine, Victim, u32, u32); 3] = [
    (Engine::Sqlite, Victim::Server, 50, 3),
    (Engine::Postgres, Victim::Server, 20, 2),
    (Engine::Postgres, Victim::Database, 20, 1),
];

impl Arguments {
    /// What is to be done, in its order.
    pub(crate) fn campaigns(&self) -> Vec<Plan> {
        let wanted = ALL.iter().filter(|(engine, victim, ..)| {
            self.engine.is_none_or(|only| only == *engine)
                && self.kill.is_none_or(|only| only == *victim)
        });
        let plan = |(engine, victim, full, short): &(Engine, Victim, u32, u32)| Plan {
            engine: *engine,
            victim: *victim,
            cycles: self
                .cycles
                .unwrap_or(if self.short { *short } else { *full }),
        };
        wanted.map(plan).collect()
    }
}

impl Plan {
    /// The campaign in words.
    pub(crate) fn name(&self) -> &'static str {
        match (self.engine, self.victim) {
            (Engine::Sqlite, _) => "SQLite, the server is killed",
            (Engine::Postgres, Victim::Server) => "PostgreSQL, one of two servers is killed",
            (Engine::Postgres, Victim::Database) => "PostgreSQL, the database is killed",
        }
    }

    /// The campaign as the name of a folder; short, because a socket's path has a limit.
    pub(crate) fn folder(&self) -> &'static str {
        match (self.engine, self.victim) {
            (Engine::Sqlite, _) => "sqlite",
            (Engine::Postgres, Victim::Server) => "pg-server",
            (Engine::Postgres, Victim::Database) => "pg-database",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaigns(words: &[&str]) -> Vec<(&'static str, u32)> {
        let always = ["crash", "--binary", "b", "--folder", "f"];
        let arguments = Arguments::parse_from(always.iter().chain(words));
        let plans = arguments.campaigns();
        plans
            .iter()
            .map(|plan| (plan.folder(), plan.cycles))
            .collect()
    }

    #[test]
    fn a_full_run_kills_what_the_promise_names() {
        let full = [("sqlite", 50), ("pg-server", 20), ("pg-database", 20)];
        assert_eq!(campaigns(&[]), full);
        assert_eq!(
            campaigns(&["--engine", "postgres", "--kill", "database"]),
            full[2..]
        );
        assert_eq!(
            campaigns(&["--engine", "sqlite", "--cycles", "7"]),
            [("sqlite", 7)]
        );
    }
}
