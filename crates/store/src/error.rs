//! What can go wrong with a database, named with its remedy. Passwords and bodies are never in a message.

use throughline_core::facts::ClaimKey;
use throughline_core::id::{ItemId, OrderId, ReservationId, SupplyId};

/// What went wrong with a database, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing happened; the same thing may succeed when it is done again.
    #[error("the database asks for another try: {0}")]
    Retry(Retry),
    /// The batch was decided on something that is no longer so; reload and decide again.
    #[error("the batch was decided on something that is no longer so: {0:?}")]
    GuardFailed(Box<FailedGuards>),
    /// COMMIT was sent and its answer was not seen: everything of the batch happened, or nothing.
    #[error("the connection was lost while the commit was on its way; its outcome is unknown")]
    UnknownOutcome,
    /// The database was migrated by a newer version of Throughline.
    #[error(
        "the database is at schema version {found}, and this program knows versions up to {known}; \
         use the newer program, or restore a backup that was made before the upgrade"
    )]
    Newer {
        /// The version of the database.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// A migration that has run is not the one that this program has.
    #[error(
        "migration {version} ({name}) has run with other contents than this program's; \
         use the program that made this database, or restore a backup"
    )]
    ChangedMigration {
        /// Number of the migration.
        version: i64,
        /// Name of the migration.
        name: String,
    },
    /// What is stored cannot be right.
    #[error(
        "{what} is damaged: {detail}; restore a backup, or run `throughline doctor` to see how far it goes"
    )]
    Corrupt {
        /// The database or the row.
        what: String,
        /// What is wrong with it.
        detail: String,
    },
    /// Somebody else holds the database.
    #[error(
        "{what} is locked by another program; stop it, or wait until it has finished, and try again"
    )]
    Locked {
        /// The database.
        what: String,
    },
    /// The server does not answer.
    #[error(
        "cannot reach PostgreSQL at {address}: {detail}; check that it runs there and lets this machine connect"
    )]
    Unreachable {
        /// Host and port.
        address: String,
        /// What the network said.
        detail: String,
    },
    /// The server does not let us in.
    #[error(
        "PostgreSQL at {address} refuses the connection: {detail}; check user, password and database in the URL"
    )]
    Refused {
        /// Host and port.
        address: String,
        /// What the server said.
        detail: String,
    },
    /// The server has no such database.
    #[error(
        "PostgreSQL at {address} has no such database: {detail}; make it with createdb, or give another name in the URL"
    )]
    NoDatabase {
        /// Host and port.
        address: String,
        /// What the server said.
        detail: String,
    },
    /// The user of the database may not do what has to be done.
    #[error(
        "the user in the database's URL may not do this: {detail}; make that user the owner of the database \
         (ALTER DATABASE ... OWNER TO ...), or name its owner in the URL"
    )]
    NotAllowed {
        /// What the server said.
        detail: String,
    },
    /// The database has tables, and they are another program's.
    #[error(
        "{what} holds tables of another program and none of Throughline's; it is left as it is: name a new database with --database"
    )]
    Foreign {
        /// The database.
        what: String,
    },
    /// The folder or the file cannot be written.
    #[error(
        "cannot write {path}: {detail}; choose another place with --database, or change the permissions"
    )]
    Unwritable {
        /// The path.
        path: String,
        /// What the system said.
        detail: String,
    },
    /// The disk is full.
    #[error("the disk of the database is full; make room and try again, nothing was changed")]
    Full,
    /// The URL names no database.
    #[error("{url} is no database: {detail}; give sqlite:PATH or postgres://USER@HOST/DATABASE")]
    InvalidUrl {
        /// The URL, without its password.
        url: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A cursor that this database has not given.
    #[error("the cursor is not one that this list has given; leave it away to begin at the start")]
    InvalidCursor,
    /// A cursor of the feed that is followed by what is no longer kept.
    #[error(
        "what follows this place in the feed is no longer kept; read the orders that matter, and begin again \
         with what happens next"
    )]
    CursorTooOld,
    /// The database said no to a statement; a defect, or a database that something else has changed.
    #[error("the database refused the statement {statement}: {detail}")]
    Statement {
        /// Name of the statement.
        statement: &'static str,
        /// What the database said.
        detail: String,
    },
    /// The program used the store in a way that cannot work; a defect.
    #[error("the store was used wrongly: {0}")]
    Misuse(&'static str),
}

/// Why something is worth another try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Retry {
    /// Serialization failure (40001).
    #[error("it could not be serialized with others")]
    Serialization,
    /// Deadlock (40P01).
    #[error("it waited in a circle with others")]
    Deadlock,
    /// The connection was lost before COMMIT was sent.
    #[error("the connection was lost")]
    LostConnection,
    /// The database file was busy for longer than we wait.
    #[error("the database file is busy")]
    Busy,
}

/// What was no longer so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailedGuards {
    /// Items whose master data or stock had changed.
    pub items: Vec<ItemId>,
    /// Orders that had changed.
    pub orders: Vec<OrderId>,
    /// Reservations that had ended.
    pub reservations: Vec<ReservationId>,
    /// Supply that had changed.
    pub supplies: Vec<SupplyId>,
    /// Unique values that somebody else has by now.
    pub claims: Vec<ClaimKey>,
    /// Days of locations that were full, or not as they had been seen.
    pub days: bool,
    /// Tallies or accounts of customers had changed.
    pub counters: bool,
    /// Locations or channels had changed.
    pub settings: bool,
    /// Another process took the writer's number over; lease a new one.
    pub writer_fenced: bool,
}

impl FailedGuards {
    /// Whether every guard held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl StoreError {
    /// Whether the same work may succeed when it is done again from the start.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Retry(_) | Self::GuardFailed(_) | Self::UnknownOutcome
        )
    }

    /// Another process has taken the writer's number over.
    pub(crate) fn fenced() -> Self {
        Self::GuardFailed(Box::new(FailedGuards {
            writer_fenced: true,
            ..FailedGuards::default()
        }))
    }

    pub(crate) fn corrupt(what: impl Into<String>, detail: impl ToString) -> Self {
        Self::Corrupt {
            what: what.into(),
            detail: detail.to_string(),
        }
    }
}
