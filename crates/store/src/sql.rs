//! Every statement of the store, so that tests can look at all of them.

use crate::engine::Statement;
use crate::{
    bulk, closures, feed, integrity, jobs, keys, load, migrate, numbers, postal, projection, prune,
    sourcing_runs, views, write,
};

/// A statement with its text for each engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementText {
    /// Its name, as errors give it.
    pub name: &'static str,
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
}

/// Every statement that the store knows.
#[must_use]
pub fn statements() -> Vec<StatementText> {
    let single = [
        bulk::STATEMENTS,
        closures::STATEMENTS,
        feed::STATEMENTS,
        integrity::STATEMENTS,
        jobs::STATEMENTS,
        keys::STATEMENTS,
        load::STATEMENTS,
        migrate::STATEMENTS,
        numbers::STATEMENTS,
        postal::STATEMENTS,
        prune::STATEMENTS,
        prune::OF_RUNS,
        sourcing_runs::STATEMENTS,
    ];
    let grouped = [projection::STATEMENTS, views::STATEMENTS, write::STATEMENTS];
    let all = single
        .into_iter()
        .chain(grouped.into_iter().flatten().copied())
        .flatten();
    all.map(
        |Statement {
             name,
             sqlite,
             postgres,
             ..
         }| StatementText {
            name,
            sqlite,
            postgres,
        },
    )
    .collect()
}

/// Every migration.
#[must_use]
pub fn migrations() -> Vec<StatementText> {
    let all = migrate::MIGRATIONS.iter();
    all.map(|migration| StatementText {
        name: migration.name,
        sqlite: migration.sqlite,
        postgres: migration.postgres,
    })
    .collect()
}
