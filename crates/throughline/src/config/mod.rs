//! Configuration: one file, the environment, and flags, read once and typed once.

mod layers;
mod settings;

pub use layers::{ConfigError, Layers, Source};
pub use settings::{LogFormat, Role, Roles, Settings};

/// A setting: its name and what it is.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The name in the file; `THROUGHLINE_` and the name in capitals in the environment.
    pub name: &'static str,
    /// What it is, with its default.
    pub help: &'static str,
}

/// All settings.
pub const KEYS: &[Key] = &[
    Key {
        name: "listen",
        help: "address and port to serve on; 127.0.0.1:7474 unless given",
    },
    Key {
        name: "database",
        help: "sqlite:PATH or postgres://USER@HOST/NAME; throughline.db in the data folder unless given",
    },
    Key {
        name: "data_dir",
        help: "folder for the embedded database; the user's data folder unless given",
    },
    Key {
        name: "roles",
        help: "what this process does: api, worker, or both; both unless given",
    },
    Key {
        name: "log",
        help: "what is logged, such as info or warn,throughline=debug; info for serve and warn for other commands unless given",
    },
    Key {
        name: "log_format",
        help: "text, json, or auto: text on a terminal, else json; auto unless given",
    },
    Key {
        name: "max_connections",
        help: "client connections served at the same time; 10000 unless given",
    },
];
