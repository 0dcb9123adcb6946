//! Mistakes made on purpose, to see that the checks notice them.

use clap::ValueEnum;

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    /// Clients repeat a request whose outcome they do not know under another key.
    RetryWithoutKey,
    /// The database forgets its latest commits when it is killed: SQLite loses its log, PostgreSQL commits without
    /// waiting for its disk.
    LostCommits,
}
