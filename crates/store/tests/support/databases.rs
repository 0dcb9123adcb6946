//! Throw-away databases.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use throughline_core::time::Millis;
use throughline_store::{Engine, Faults, Options, Store};

/// Names a server on which databases may be made, such as `postgres://throughline@127.0.0.1:5432/postgres`.
const SERVER: &str = "THROUGHLINE_TEST_POSTGRES";
pub(crate) const BEGIN: Millis = Millis(1_767_600_000_000);

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database that goes away with the test.
pub(crate) struct Database {
    pub(crate) url: String,
    folder: Option<PathBuf>,
    server: Option<(String, String)>,
}

fn name() -> String {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("throughline_test_{}_{number}", std::process::id())
}

fn on_server(server: &str, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
    });
}

impl Database {
    pub(crate) fn file() -> Self {
        let folder = std::env::temp_dir().join(name());
        let url = format!("sqlite:{}", folder.join("test.db").display());
        Self {
            url,
            folder: Some(folder),
            server: None,
        }
    }

    pub(crate) fn on_server(server: &str) -> Self {
        let name = name();
        on_server(server, &format!("CREATE DATABASE {name}"));
        Self::named(server, name)
    }

    fn named(server: &str, name: String) -> Self {
        let (base, _) = server
            .rsplit_once('/')
            .expect("the URL of the server names a database");
        Self {
            url: format!("{base}/{name}"),
            folder: None,
            server: Some((server.to_owned(), name)),
        }
    }

    pub(crate) fn options(&self) -> Options {
        Options {
            now: BEGIN,
            random: 42,
            partitions: None,
        }
    }

    pub(crate) fn open(&self) -> Store {
        Store::open(&self.url, self.options()).unwrap()
    }

    pub(crate) fn open_with(&self, faults: Faults) -> Store {
        Store::open_with_faults(&self.url, self.options(), faults).unwrap()
    }

    /// A copy; nobody may be connected.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::file();
        match &self.server {
            Some((server, template)) => {
                let name = name();
                on_server(
                    server,
                    &format!("CREATE DATABASE {name} TEMPLATE {template}"),
                );
                Self::named(server, name)
            }
            None => {
                std::fs::create_dir_all(copy.path().parent().unwrap()).unwrap();
                for end in ["", "-wal"] {
                    let file = |database: &Self| database.path().with_extension(format!("db{end}"));
                    let _missing = std::fs::copy(file(self), file(&copy));
                }
                copy
            }
        }
    }

    /// Drops the database on its server.
    pub(crate) fn drop_on_server(&self) {
        let (server, name) = self.server.as_ref().expect("a database on a server");
        on_server(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
    }

    /// The file of an embedded database.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder
            .as_ref()
            .expect("an embedded database")
            .join("test.db")
    }

    /// Runs statements from outside the store.
    pub(crate) fn execute(&self, sql: &str) {
        match &self.folder {
            Some(folder) => rusqlite::Connection::open(folder.join("test.db"))
                .unwrap()
                .execute_batch(sql)
                .unwrap(),
            None => on_server(&self.url, sql),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
        if let Some((server, name)) = &self.server
            && !std::thread::panicking()
        {
            on_server(
                server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
        }
    }
}

/// Runs a test on a new database of each engine. Where no server is named the PostgreSQL part does not run, and says so.
pub(crate) fn on_every_engine(test: impl Fn(Engine, &Database)) {
    test(Engine::Sqlite, &Database::file());
    if let Some(server) = server() {
        test(Engine::Postgres, &Database::on_server(&server));
    }
}

/// The server to test on, if one is named.
pub(crate) fn server() -> Option<String> {
    let server = std::env::var(SERVER).ok();
    if server.is_none() {
        eprintln!("NOT RUN on PostgreSQL: {SERVER} names no server (./test starts one)");
    }
    server
}
