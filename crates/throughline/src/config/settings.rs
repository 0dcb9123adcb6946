//! The typed settings.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

use super::layers::{ConfigError, Layers};
use crate::nearest;

/// Where the server listens unless told otherwise.
const LISTEN: &str = "127.0.0.1:7474";
/// Client connections served at the same time unless told otherwise.
const MAX_CONNECTIONS: usize = 10_000;

/// Everything a process needs to know before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where to serve.
    pub listen: SocketAddr,
    /// `sqlite:PATH` or `postgres://…`. May hold a password: never logged whole.
    pub database: String,
    /// Folder for the embedded database.
    pub data_dir: PathBuf,
    /// What the process does.
    pub roles: Roles,
    /// What is logged.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// Client connections served at the same time.
    pub max_connections: usize,
}

/// A part of the work that a process may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Serve the HTTP API.
    Api,
    /// Do the jobs.
    Worker,
}

/// The parts of the work that a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// Serve the HTTP API.
    pub api: bool,
    /// Do the jobs.
    pub worker: bool,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, else JSON.
    Auto,
    /// One readable line an event.
    Text,
    /// One JSON object an event.
    Json,
}

impl Settings {
    /// Types the layers.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] that names the setting, its source and what would be right.
    pub fn new(layers: &Layers) -> Result<Self, ConfigError> {
        let data_dir = layers
            .get("data_dir")
            .map_or_else(default_data_dir, |(text, _)| PathBuf::from(text));
        Ok(Self {
            listen: typed(layers, "listen", LISTEN, address)?,
            database: typed(
                layers,
                "database",
                &format!("sqlite:{}", data_dir.join("throughline.db").display()),
                database,
            )?,
            roles: typed(layers, "roles", "api,worker", roles)?,
            log: typed(layers, "log", "info", log_filter)?,
            log_format: typed(layers, "log_format", "auto", log_format)?,
            max_connections: typed(
                layers,
                "max_connections",
                &MAX_CONNECTIONS.to_string(),
                count,
            )?,
            data_dir,
        })
    }

    /// The folder that the embedded database needs, when it is the default one and may have to be made.
    #[must_use]
    pub fn folder_to_make(&self) -> Option<&PathBuf> {
        let own = format!("sqlite:{}", self.data_dir.join("throughline.db").display());
        (self.database == own).then_some(&self.data_dir)
    }

    /// A setting as it is in force, without secrets.
    #[must_use]
    pub fn shown(&self, name: &str) -> String {
        match name {
            "listen" => self.listen.to_string(),
            "database" => self.database_shown(),
            "data_dir" => self.data_dir.display().to_string(),
            "roles" => self.roles.to_string(),
            "log" => self.log.clone(),
            "log_format" => format!("{:?}", self.log_format).to_lowercase(),
            "max_connections" => self.max_connections.to_string(),
            _ => String::new(),
        }
    }

    /// The database without its password.
    #[must_use]
    pub fn database_shown(&self) -> String {
        without_password(&self.database)
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.api, self.worker) {
            (true, false) => "api",
            (false, true) => "worker",
            _ => "api,worker",
        })
    }
}

/// A database URL as it may be shown: without user information's password and without parameters' values.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split_once(':').map_or(user, |(user, _)| user);
            format!("{scheme}://{user}@{host}")
        }
        None => format!("{scheme}://{rest}"),
    }
}

fn typed<T>(
    layers: &Layers,
    name: &'static str,
    default: &str,
    read: impl FnOnce(&str) -> Result<T, String>,
) -> Result<T, ConfigError> {
    let (text, source_text) = match layers.get(name) {
        Some((text, source)) => (text.as_str(), source.to_string()),
        None => (default, super::Source::Default.to_string()),
    };
    read(text.trim()).map_err(|problem| ConfigError::Invalid {
        name,
        source_text,
        problem,
    })
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let problem = || format!("must be an address and a port such as {LISTEN}, not {text:?}");
    text.to_socket_addrs()
        .map_err(|_| problem())?
        .next()
        .ok_or_else(problem)
}

fn database(text: &str) -> Result<String, String> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| {
        text.strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty())
    }) {
        return Ok(text.to_owned());
    }
    Err("must be sqlite:PATH or postgres://USER@HOST/NAME".to_owned())
}

fn roles(text: &str) -> Result<Roles, String> {
    let mut roles = Roles {
        api: false,
        worker: false,
    };
    for name in text
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        match name {
            "api" => roles.api = true,
            "worker" => roles.worker = true,
            _ => {
                return Err(format!(
                    "names the unknown role {name:?}{}",
                    nearest::hint(name, ["api", "worker"])
                ));
            }
        }
    }
    if roles.api || roles.worker {
        Ok(roles)
    } else {
        Err("must name api, worker or both".to_owned())
    }
}

fn log_filter(text: &str) -> Result<String, String> {
    match tracing_subscriber::EnvFilter::builder().parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!(
            "is no log filter such as info or warn,throughline=debug: {error}"
        )),
    }
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "auto" => Ok(LogFormat::Auto),
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("must be auto, text or json, not {text:?}")),
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if (1..=1_000_000).contains(&count) => Ok(count),
        _ => Err(format!(
            "must be a number between 1 and 1000000, not {text:?}"
        )),
    }
}

/// `$XDG_DATA_HOME/throughline`, else `~/.local/share/throughline`, else the current folder
/// (XDG Base Directory Specification 0.8).
fn default_data_dir() -> PathBuf {
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let home = || absolute("HOME").map(|home| home.join(".local/share"));
    absolute("XDG_DATA_HOME")
        .or_else(home)
        .map_or_else(|| PathBuf::from("."), |folder| folder.join("throughline"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &str) -> Result<Settings, String> {
        let mut layers = Layers::default();
        layers.add_flag(name, Some(value.to_owned()));
        Settings::new(&layers).map_err(|error| error.to_string())
    }

    #[test]
    fn impossible_values_name_the_setting_and_what_would_be_right() {
        for (name, value, expected) in [
            ("listen", "nonsense", "127.0.0.1:7474"),
            ("database", "mysql://x", "sqlite:PATH"),
            ("database", "sqlite:", "sqlite:PATH"),
            ("roles", "apy", "did you mean \"api\"?"),
            ("roles", "", "api, worker or both"),
            ("log", "=,=", "log filter"),
            ("log_format", "xml", "auto, text or json"),
            ("max_connections", "0", "between 1"),
        ] {
            let error = with(name, value).unwrap_err();
            assert!(
                error.contains(name) && error.contains(expected),
                "{name}={value}: {error}"
            );
        }
    }

    #[test]
    fn roles_split_the_work() {
        assert_eq!(
            with("roles", "worker").unwrap().roles,
            Roles {
                api: false,
                worker: true
            }
        );
        assert_eq!(
            with("log", "warn").unwrap().roles,
            Roles {
                api: true,
                worker: true
            }
        );
    }

    #[test]
    fn every_setting_can_be_shown() {
        let settings = with("log", "warn").unwrap();
        for key in crate::config::KEYS {
            assert_ne!(settings.shown(key.name), "", "{}", key.name);
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let settings = with(
            "database",
            "postgres://me:s3cret@db:5432/shop?password=other",
        )
        .unwrap();
        assert_eq!(settings.database_shown(), "postgres://me@db:5432/shop");
        assert_eq!(
            with("database", "sqlite:a.db").unwrap().database_shown(),
            "sqlite:a.db"
        );
    }
}
