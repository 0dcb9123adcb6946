//! Where a server is and how to connect to it.

use std::sync::Arc;

use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, Error};

use super::{CONNECT_TIMEOUT, describe};
use crate::error::StoreError;

/// Planner settings: every statement finds its rows by key or walks along an index in its order, also right after the
/// database was made, when the planner still believes that all tables are small. They come with the connection,
/// never as SET.
pub const POSTGRES_OPTIONS: &str = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off \
                          -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

/// A server, and how to connect to it.
#[derive(Debug, Clone)]
pub(crate) struct PostgresTarget {
    /// Everything the URL said.
    pub config: Config,
    /// Set where the URL asks for TLS.
    pub tls: Option<Arc<rustls::ClientConfig>>,
}

impl PostgresTarget {
    /// Reads a URL such as `postgres://user@host:5432/database?sslmode=require`.
    ///
    /// `sslmode=require`, `verify-ca` and `verify-full` all mean TLS with a certificate that is valid for the host;
    /// anything else is a plain connection.
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let known = url
            .replace("sslmode=verify-full", "sslmode=require")
            .replace("sslmode=verify-ca", "sslmode=require");
        let invalid = |detail: String| StoreError::InvalidUrl {
            url: without_password(url),
            detail,
        };
        let mut config: Config = known
            .parse()
            .map_err(|error: Error| invalid(describe(&error)))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("throughline");
        }
        let asked = config
            .get_options()
            .map(|options| format!(" {options}"))
            .unwrap_or_default();
        config.options(format!("{POSTGRES_OPTIONS}{asked}"));
        let tls = if config.get_ssl_mode() == SslMode::Require {
            Some(tls().map_err(|error| invalid(error.to_string()))?)
        } else {
            None
        };
        Ok(Self { config, tls })
    }

    /// Host and port.
    pub(crate) fn address(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(Host::Unix(path)) => path.display().to_string(),
            None => "localhost".to_owned(),
        };
        format!(
            "{host}:{}",
            self.config.get_ports().first().unwrap_or(&5432)
        )
    }

    pub(super) fn unreachable(&self, detail: &str) -> StoreError {
        StoreError::Unreachable {
            address: self.address(),
            detail: detail.to_owned(),
        }
    }

    /// Turns an error of connecting into one that names the thing and the remedy.
    pub(super) fn fault(&self, error: &Error) -> StoreError {
        match error.code() {
            None => self.unreachable(&describe(error)),
            Some(code)
                if [SqlState::CANNOT_CONNECT_NOW, SqlState::TOO_MANY_CONNECTIONS]
                    .contains(code) =>
            {
                self.unreachable(&describe(error))
            }
            Some(_) => StoreError::Refused {
                address: self.address(),
                detail: describe(error),
            },
        }
    }
}

fn tls() -> Result<Arc<rustls::ClientConfig>, rustls::Error> {
    let roots = rustls::RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?;
    Ok(Arc::new(
        config.with_root_certificates(roots).with_no_client_auth(),
    ))
}

/// The URL without what stands between `:` and `@`.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((user, host)) => format!(
            "{scheme}://{}@{host}",
            user.split(':').next().unwrap_or_default()
        ),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_leaves_in_a_message() {
        assert_eq!(
            without_password("postgres://a:s3cr@t@db:5432/x"),
            "postgres://a@db:5432/x"
        );
        let error = PostgresTarget::parse("postgres://a:secret@db/x?nonsense=1")
            .unwrap_err()
            .to_string();
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn the_modes_that_verify_mean_tls() {
        for mode in ["require", "verify-ca", "verify-full"] {
            let target =
                PostgresTarget::parse(&format!("postgres://u@db.example/x?sslmode={mode}"))
                    .unwrap();
            assert!(target.tls.is_some());
        }
        let plain = PostgresTarget::parse("postgres://u@db.example:6000/x").unwrap();
        assert!(plain.tls.is_none());
        assert_eq!(plain.address(), "db.example:6000");
    }
}
