//! Why a command did not succeed, and the one function that maps it to an exit code.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use throughline_core::Refusal;
use throughline_store::StoreError;

use crate::config::ConfigError;
use crate::execute::NotDone;

/// Why a command did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A setting or argument cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An argument cannot be used.
    #[error("{0}")]
    Usage(String),
    /// A file that was given cannot be used.
    #[error("{0}")]
    Input(String),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database could not be used when a command came to it.
    #[error(transparent)]
    Database(Arc<StoreError>),
    /// The port cannot be had.
    #[error("cannot listen on {address}: {error}; {}", remedy(error))]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// Somebody told the process to end (SIGINT or SIGTERM).
    #[error("stopped before the end")]
    Interrupted,
    /// The business said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It was examined and is not in order.
    #[error("{0}")]
    NotInOrder(String),
    /// Something else broke.
    #[error("{what}: {source}")]
    Fault {
        /// What was tried.
        what: String,
        /// Why it did not work.
        source: std::io::Error,
    },
    /// Something broke inside; the log has more.
    #[error("{0}")]
    Broken(String),
}

impl From<NotDone> for Failure {
    fn from(why: NotDone) -> Self {
        match why {
            NotDone::Refused(refusal) => Self::Refused(refusal),
            NotDone::Fault {
                cause: Some(cause), ..
            } => Self::Database(cause),
            NotDone::Fault { .. } | NotDone::Overloaded | NotDone::ShuttingDown => {
                Self::Broken(why.to_string())
            }
        }
    }
}

impl Failure {
    /// The exit code: 2 for wrong usage, 3 for the database, 4 for the port, 5 for a refusal, 6 for what is not in
    /// order, 7 for a file that cannot be used, 130 when it was told to stop, 1 for everything else.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Usage(_) => 2,
            Self::Store(StoreError::InvalidUrl { .. }) => 2,
            Self::Store(_) | Self::Database(_) => 3,
            Self::Listen { .. } => 4,
            Self::Refused(_) => 5,
            Self::NotInOrder(_) => 6,
            Self::Input(_) => 7,
            Self::Interrupted => 130,
            Self::Fault { .. } | Self::Broken(_) => 1,
        }
    }

    /// Says what went wrong on standard error.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(std::io::stderr(), "throughline: {self}");
        ExitCode::from(self.exit_code())
    }
}

/// What to do about a port that cannot be had.
fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "stop the program that does, or choose another port with --listen"
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address: choose one that it has with --listen, or 0.0.0.0 for all of them"
        }
        io::ErrorKind::PermissionDenied => {
            "ports below 1024 are for the administrator: choose a higher one with --listen"
        }
        _ => "choose another address or port with --listen",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_failure_has_its_exit_code() {
        let listen = Failure::Listen {
            address: "127.0.0.1:1".parse().unwrap(),
            error: std::io::ErrorKind::AddrInUse.into(),
        };
        assert!(
            listen.to_string().contains("127.0.0.1:1") && listen.to_string().contains("--listen")
        );
        for (failure, code) in [
            (Failure::Usage("x".to_owned()), 2),
            (listen, 4),
            (Failure::Refused(Refusal::invalid("/x", "y")), 5),
            (Failure::Store(StoreError::Full), 3),
            (Failure::Input("x".to_owned()), 7),
            (Failure::Interrupted, 130),
            (Failure::Broken("x".to_owned()), 1),
        ] {
            assert_eq!(failure.exit_code(), code, "{failure}");
        }
    }

    #[test]
    fn a_fault_of_the_database_keeps_its_words_and_its_exit_code() {
        let failure = Failure::from(NotDone::Fault {
            reference: "1f".to_owned(),
            cause: Some(Arc::new(StoreError::Full)),
        });
        assert_eq!(failure.exit_code(), 3);
        assert_eq!(failure.to_string(), StoreError::Full.to_string());
    }

    #[test]
    fn a_port_that_cannot_be_had_has_the_remedy_that_helps() {
        let said = |kind: io::ErrorKind| {
            let address = "127.0.0.1:1".parse().unwrap();
            let error = kind.into();
            Failure::Listen { address, error }.to_string()
        };
        assert!(said(io::ErrorKind::AddrInUse).contains("stop the program"));
        assert!(said(io::ErrorKind::AddrNotAvailable).contains("no such address"));
        assert!(said(io::ErrorKind::PermissionDenied).contains("below 1024"));
    }
}
