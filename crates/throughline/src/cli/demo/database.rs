//! The database of the demonstration: its own, made anew each time, or a new one that somebody names.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use throughline_store::{Store, views};

use crate::cli::{Failure, database};
use crate::config::Settings;

/// The folder below the data folder that belongs to the demonstration alone.
const FOLDER: &str = "demo-data";

/// A new database, and what keeps others from it.
pub(super) struct Fresh {
    pub(super) store: Store,
    pub(super) url: String,
    /// Held as long as the demonstration runs on its own database.
    pub(super) lock: Option<File>,
}

/// Makes the database: a named one has to be new, so that nobody's orders are mixed with those of the demonstration.
///
/// # Errors
/// When the named database holds anything, or another demonstration runs.
pub(super) fn make(wanted: Option<&str>, settings: &Settings) -> Result<Fresh, Failure> {
    let (url, lock) = match wanted {
        Some(url) => (new(url, settings)?, None),
        None => {
            let folder = settings.data_dir.join(FOLDER);
            let lock = own(&folder).map_err(|error| unusable(&folder, error))?;
            (
                format!("sqlite:{}", folder.join("throughline.db").display()),
                Some(lock),
            )
        }
    };
    let store = database::open(&on(&url, settings))?;
    let network = store.read(views::network::current)?;
    if network.version > 0 {
        return Err(taken(&url, settings));
    }
    // Shown in a command to copy; a password stays out of it.
    let url = on(&url, settings).database_shown();
    Ok(Fresh { store, url, lock })
}

fn new(url: &str, settings: &Settings) -> Result<String, Failure> {
    match url.strip_prefix("sqlite:") {
        Some(path) if Path::new(path).exists() => Err(taken(url, settings)),
        _ => Ok(url.to_owned()),
    }
}

/// Takes the demonstration's own folder, and empties it of the last one's database.
fn own(folder: &Path) -> io::Result<File> {
    std::fs::create_dir_all(folder)?;
    let lock = File::create(folder.join("lock"))?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => io::ErrorKind::ResourceBusy.into(),
        TryLockError::Error(error) => error,
    })?;
    for name in ["throughline.db", "throughline.db-wal", "throughline.db-shm"] {
        match std::fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(lock)
}

fn on(url: &str, settings: &Settings) -> Settings {
    Settings {
        database: url.to_owned(),
        ..settings.clone()
    }
}

fn taken(url: &str, settings: &Settings) -> Failure {
    let url = on(url, settings).database_shown();
    Failure::Usage(format!(
        "--database: {url} is there already, and the demonstration only works in a new database; name another one, or leave --database out"
    ))
}

fn unusable(folder: &Path, error: io::Error) -> Failure {
    let folder = folder.display();
    if error.kind() == io::ErrorKind::ResourceBusy {
        return Failure::Usage(format!(
            "another demonstration runs in {folder}; stop it, or name a database of your own with --database"
        ));
    }
    Failure::Fault {
        what: format!("cannot use the folder {folder}; choose another one with --data-dir"),
        source: error,
    }
}
