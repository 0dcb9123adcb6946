//! Throw-away databases.

use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

/// Names a server on which databases can be made, such as `postgres://throughline@127.0.0.1:5432/postgres`.
const SERVER: &str = "THROUGHLINE_TEST_POSTGRES";

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database that goes away with the test.
pub(crate) struct Database {
    /// Where it is, as the store wants it.
    pub(crate) url: String,
    place: Place,
}

enum Place {
    Folder(#[expect(dead_code, reason = "holds the folder until the test is over")] TempDir),
    Server { server: String, name: String },
}

impl Database {
    /// A file in a folder of its own.
    pub(crate) fn embedded() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("stories.db").display());
        Self {
            url,
            place: Place::Folder(folder),
        }
    }

    /// A database of its own on a server.
    pub(crate) fn on(server: &str) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("throughline_stories_{}_{number}", std::process::id());
        execute(server, &format!("CREATE DATABASE {name}"));
        let (base, _) = server
            .rsplit_once('/')
            .expect("the URL of the server names a database");
        let url = format!("{base}/{name}");
        Self {
            url,
            place: Place::Server {
                server: server.to_owned(),
                name,
            },
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Place::Server { server, name } = &self.place {
            execute(
                server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
        }
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

fn execute(server: &str, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let connected = tokio_postgres::connect(server, tokio_postgres::NoTls).await;
        let (client, connection) = connected.expect("the server answers");
        let connection = tokio::spawn(connection);
        client
            .batch_execute(sql)
            .await
            .expect("databases can be made and dropped");
        drop(client);
        connection
            .await
            .expect("the connection ends")
            .expect("without an error");
    });
}
