//! Why a command did not succeed, and the one function that maps it to an exit code.

use std::io::Write;
use std::process::ExitCode;

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
    /// Somebody else listens there.
    #[error(
        "cannot listen on {address}: {error}; stop the program that does, or choose another port with --listen"
    )]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        error: std::io::Error,
    },
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
            NotDone::Fault { .. } | NotDone::Overloaded | NotDone::ShuttingDown => {
                Self::Broken(why.to_string())
            }
        }
    }
}

impl Failure {
    /// The exit code: 2 for wrong usage, 3 for the database, 4 for the port, 5 for a refusal, 6 for what is not in
    /// order, 7 for a file that cannot be used, 1 for everything else.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Usage(_) => 2,
            Self::Store(StoreError::InvalidUrl { .. }) => 2,
            Self::Store(_) => 3,
            Self::Listen { .. } => 4,
            Self::Refused(_) => 5,
            Self::NotInOrder(_) => 6,
            Self::Input(_) => 7,
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
            (Failure::Broken("x".to_owned()), 1),
        ] {
            assert_eq!(failure.exit_code(), code, "{failure}");
        }
    }
}
