//! Where a server is and how to connect to it.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, Error};

use super::{CONNECT_TIMEOUT, describe};
use crate::error::StoreError;

/// Planner settings: every statement finds its rows by key or walks along an index in its order, also right after the
/// database was made, when the planner still believes that all tables are small. They come with the connection,
/// never as SET.
pub const POSTGRES_OPTIONS: &str = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off \
                          -c enable_mergejoin=off -c enable_material=off -c plan_cache_mode=force_generic_plan";

/// How long a connection is silent before the server is asked whether it is there, and between such questions.
const KEEPALIVE: Duration = Duration::from_secs(10);
/// How long what was sent may go without acknowledgement.
const USER_TIMEOUT: Duration = Duration::from_secs(30);

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
    /// anything else is a plain connection. `sslrootcert=FILE` names the certificates to trust instead of the public ones.
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let (known, root) = ours(url);
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
        // A server that is gone without a word is found out while a committer waits for its answer.
        if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
            config.keepalives_idle(KEEPALIVE);
            config.keepalives_interval(KEEPALIVE);
            config.keepalives_retries(3);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(USER_TIMEOUT);
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
            Some(tls(root.as_deref()).map_err(invalid)?)
        } else {
            None
        };
        Ok(Self { config, tls })
    }

    /// The same server's own database, and the name of the one that is wanted; to make that one.
    pub(crate) fn maintenance(&self) -> Option<(Self, String)> {
        let name = self.config.get_dbname()?.to_owned();
        let mut target = self.clone();
        target.config.dbname("postgres");
        Some((target, name))
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
            None if describe(error).contains(PASSWORD_MISSING) => StoreError::Refused {
                address: self.address(),
                detail: "it asks for a password, and the URL has none".to_owned(),
            },
            None => self.unreachable(&describe(error)),
            Some(code)
                if [SqlState::CANNOT_CONNECT_NOW, SqlState::TOO_MANY_CONNECTIONS]
                    .contains(code) =>
            {
                self.unreachable(&describe(error))
            }
            Some(code) if *code == SqlState::UNDEFINED_DATABASE => StoreError::NoDatabase {
                address: self.address(),
                detail: describe(error),
            },
            Some(_) => StoreError::Refused {
                address: self.address(),
                detail: describe(error),
            },
        }
    }
}

/// What the driver says when the server asks for a password and it has none.
const PASSWORD_MISSING: &str = "password missing";

/// The URL in the words of the driver, and the file of certificates to trust.
fn ours(url: &str) -> (String, Option<String>) {
    let Some((place, query)) = url.split_once('?') else {
        return (url.to_owned(), None);
    };
    let mut root = None;
    let kept: Vec<&str> = query
        .split('&')
        .filter_map(|pair| match pair.split_once('=') {
            Some(("sslmode", "verify-ca" | "verify-full")) => Some("sslmode=require"),
            Some(("sslrootcert", file)) => {
                root = Some(file.to_owned());
                None
            }
            _ => Some(pair),
        })
        .collect();
    (format!("{place}?{}", kept.join("&")), root)
}

fn tls(root: Option<&str>) -> Result<Arc<rustls::ClientConfig>, String> {
    let mut roots = rustls::RootCertStore::empty();
    match root {
        Some(file) => {
            let wrong = |error: &dyn std::fmt::Display| {
                format!("the certificates in {file} cannot be read: {error}")
            };
            let certificates =
                CertificateDer::pem_file_iter(file).map_err(|error| wrong(&error))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| wrong(&error))?;
                roots.add(certificate).map_err(|error| wrong(&error))?;
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
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
        let error =
            PostgresTarget::parse("postgres://u@db/x?sslmode=require&sslrootcert=/no/such.pem")
                .unwrap_err();
        assert!(error.to_string().contains("/no/such.pem"), "{error}");
        let plain = PostgresTarget::parse("postgres://u@db.example:6000/x").unwrap();
        assert!(plain.tls.is_none());
        assert_eq!(plain.address(), "db.example:6000");
    }
}
