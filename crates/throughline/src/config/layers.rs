//! The layers of configuration. Later ones win: defaults, file, environment, flags.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::KEYS;
use crate::nearest;

/// The prefix of environment variables that are settings.
const PREFIX: &str = "THROUGHLINE_";
/// Variables with these prefixes belong to tests and benchmarks.
const FOREIGN: [&str; 2] = ["THROUGHLINE_TEST_", "THROUGHLINE_BENCH_"];
/// The variable and the flag that name the file itself.
const FILE_VARIABLE: &str = "THROUGHLINE_CONFIG";
/// The file that is read when none is named.
const DEFAULT_FILE: &str = "throughline.toml";

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A flag.
    Flag(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => f.write_str(name),
            Self::Flag(name) => write!(f, "--{}", name.replace('_', "-")),
        }
    }
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "cannot read the configuration file {path}: {error}; correct --config, or make the file readable"
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the configuration file {path} is not TOML: {error}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why.
        error: Box<toml::de::Error>,
    },
    /// A setting nobody knows.
    #[error("{source_text} has the unknown setting {name:?}{hint}")]
    Unknown {
        /// Where it stands.
        source_text: String,
        /// Its name.
        name: String,
        /// The nearest known one.
        hint: String,
    },
    /// A setting with an impossible value.
    #[error("the setting {name} ({source_text}) {problem}")]
    Invalid {
        /// The setting.
        name: &'static str,
        /// Where it stands.
        source_text: String,
        /// What is wrong and what would be right.
        problem: String,
    },
}

/// Settings as text, each with its source.
#[derive(Debug, Default)]
pub struct Layers {
    values: BTreeMap<&'static str, (String, Source)>,
}

impl Layers {
    /// Reads the file and the environment.
    ///
    /// # Errors
    /// When the file was named and cannot be read, is not TOML, or a setting is unknown.
    pub fn read(
        named_file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let environment: Vec<_> = environment
            .filter(|(name, _)| name.starts_with(PREFIX))
            .collect();
        let named = named_file.map(Path::to_path_buf);
        let named = named.or_else(|| {
            environment
                .iter()
                .find(|(name, _)| name == FILE_VARIABLE)
                .map(|(_, path)| path.into())
        });
        let mut layers = Self::default();
        match named {
            Some(path) => layers.add_file(&path)?,
            None if Path::new(DEFAULT_FILE).is_file() => {
                layers.add_file(Path::new(DEFAULT_FILE))?
            }
            None => {}
        }
        for (name, value) in environment {
            layers.add_variable(name, value)?;
        }
        Ok(layers)
    }

    /// Adds a flag, if it was given.
    pub fn add_flag(&mut self, name: &'static str, value: Option<String>) {
        if let Some(value) = value {
            self.values.insert(name, (value, Source::Flag(name)));
        }
    }

    /// A setting's text and source, if anybody said something.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&(String, Source)> {
        self.values.get(name)
    }

    fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            path: path.into(),
            error,
        })?;
        let table: toml::Table = text.parse().map_err(|error| ConfigError::Malformed {
            path: path.into(),
            error: Box::new(error),
        })?;
        for (name, value) in table {
            let known = known(&name, || path.display().to_string())?;
            self.values
                .insert(known, (as_text(value), Source::File(path.into())));
        }
        Ok(())
    }

    fn add_variable(&mut self, variable: String, value: String) -> Result<(), ConfigError> {
        if variable == FILE_VARIABLE || FOREIGN.iter().any(|prefix| variable.starts_with(prefix)) {
            return Ok(());
        }
        let name = variable[PREFIX.len()..].to_lowercase();
        let known = known(&name, || format!("the environment ({variable})"))?;
        self.values
            .insert(known, (value, Source::Environment(variable)));
        Ok(())
    }
}

fn known(name: &str, place: impl FnOnce() -> String) -> Result<&'static str, ConfigError> {
    KEYS.iter()
        .find(|key| key.name == name)
        .map(|key| key.name)
        .ok_or_else(|| ConfigError::Unknown {
            source_text: place(),
            name: name.to_owned(),
            hint: nearest::hint(name, KEYS.iter().map(|key| key.name)),
        })
}

/// Lists become text with commas, as they are written in the environment and in flags.
fn as_text(value: toml::Value) -> String {
    match value {
        toml::Value::String(text) => text,
        toml::Value::Array(values) => values
            .into_iter()
            .map(as_text)
            .collect::<Vec<_>>()
            .join(","),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect::<Vec<_>>()
            .into_iter()
    }

    #[test]
    fn flags_win_over_the_environment_and_the_environment_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("throughline.toml");
        std::fs::write(
            &file,
            "listen = \"1.1.1.1:1\"\nlog = \"warn\"\nroles = [\"api\", \"worker\"]",
        )
        .unwrap();
        let set = [
            ("THROUGHLINE_LISTEN", "2.2.2.2:2"),
            ("THROUGHLINE_DATABASE", "sqlite:a"),
            ("THROUGHLINE_TEST_POSTGRES", "x"),
        ];
        let mut layers = Layers::read(Some(&file), variables(&set)).unwrap();
        layers.add_flag("database", Some("sqlite:b".to_owned()));
        let text = |name| {
            layers
                .get(name)
                .map(|(text, source)| (text.as_str(), source.to_string()))
        };
        assert_eq!(
            text("listen"),
            Some(("2.2.2.2:2", "THROUGHLINE_LISTEN".to_owned()))
        );
        assert_eq!(
            text("database"),
            Some(("sqlite:b", "--database".to_owned()))
        );
        assert_eq!(text("log"), Some(("warn", file.display().to_string())));
        assert_eq!(text("roles").map(|(text, _)| text), Some("api,worker"));
    }

    #[test]
    fn an_unknown_setting_names_the_nearest_known_one() {
        let error = Layers::read(None, variables(&[("THROUGHLINE_LISTN", "x")])).unwrap_err();
        assert!(
            error.to_string().contains("THROUGHLINE_LISTN")
                && error.to_string().contains("did you mean \"listen\"?"),
            "{error}"
        );
    }

    #[test]
    fn a_named_file_must_exist() {
        let error =
            Layers::read(Some(Path::new("/nowhere/at/all.toml")), variables(&[])).unwrap_err();
        assert!(
            error.to_string().contains("/nowhere/at/all.toml"),
            "{error}"
        );
    }
}
