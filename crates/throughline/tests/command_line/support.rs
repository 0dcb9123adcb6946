//! Starting the program, and looking at what it has left in the database.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use throughline_core::order::Order;
use throughline_core::time::Millis;
use throughline_store::views::orders::{Filter, Sort};
use throughline_store::{Options, Store, check_invariants, views};

/// Names a server on which databases may be made, such as `postgres://throughline@127.0.0.1:5432/postgres`.
const SERVER: &str = "THROUGHLINE_TEST_POSTGRES";

/// A folder to work in and a database, which go away with the test.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    pub(crate) database: String,
    server: Option<(String, String)>,
}

impl Desk {
    /// A folder with an embedded database that is not made yet.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", folder.path().join("shop.db").display());
        Self {
            folder,
            database,
            server: None,
        }
    }

    /// The same on a PostgreSQL server.
    fn on_server(server: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let unique = folder.path().file_name().unwrap().to_string_lossy();
        let name = format!(
            "cli_{}_{}",
            std::process::id(),
            unique.trim_start_matches('.').to_lowercase()
        );
        on_server(server, &format!("CREATE DATABASE {name}"));
        let (base, _) = server
            .rsplit_once('/')
            .expect("the URL of the server names a database");
        Self {
            folder,
            database: format!("{base}/{name}"),
            server: Some((server.to_owned(), name)),
        }
    }

    /// A file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, contents).unwrap();
        path
    }

    /// Reads a file of the folder.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program with arguments, in the folder, on the database.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
        let ours = std::env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.to_string_lossy().starts_with("THROUGHLINE_")) {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .args(["--database", &self.database, "--log", "warn"])
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Runs `import` with a mapping of the folder or the repository.
    pub(crate) fn import(&self, file: &Path, mapping: &Path, more: &[&str]) -> Ran {
        let mut arguments = vec!["import", path(file), "--map", path(mapping)];
        arguments.extend(more);
        self.run(&arguments)
    }

    /// The database, read by the test itself.
    pub(crate) fn store(&self) -> Store {
        let options = Options {
            now: Millis(1_767_600_000_000),
            random: 42,
            partitions: None,
        };
        Store::open(&self.database, options).unwrap()
    }

    /// All orders, by placing date.
    pub(crate) fn orders(&self) -> Vec<Order> {
        let store = self.store();
        let (mut orders, mut after) = (Vec::new(), None);
        loop {
            let page = store
                .read(|connection| {
                    views::orders::list(
                        connection,
                        &Filter::default(),
                        Sort::OldestFirst,
                        after.as_deref(),
                        200,
                    )
                })
                .unwrap();
            orders.extend(page.data.into_iter().map(|stored| stored.order));
            after = page.next_cursor;
            if after.is_none() {
                return orders;
            }
        }
    }

    /// What is wrong with the database by its own invariants.
    pub(crate) fn violations(&self) -> Vec<String> {
        let violations = self.store().read(check_invariants).unwrap();
        violations.iter().map(ToString::to_string).collect()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server
            && !std::thread::panicking()
        {
            on_server(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// What the program said when it had ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Standard output of a run that succeeded.
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.error);
        self.out
    }

    /// What follows a word at the beginning of a line of standard output.
    pub(crate) fn said(&self, word: &str) -> &str {
        said(&self.out, word)
    }
}

/// What follows a word at the beginning of a line; of the last such line, which stands below the table.
pub(crate) fn said<'a>(text: &'a str, word: &str) -> &'a str {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(word));
    let said = lines.rfind(|rest| rest.starts_with(' '));
    said.map(str::trim)
        .unwrap_or_else(|| panic!("no line begins with {word:?}:\n{text}"))
}

/// A path as an argument.
pub(crate) fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
        .canonicalize()
        .unwrap()
}

/// Runs a test on each engine. Where no server is named the PostgreSQL part does not run, and says so.
pub(crate) fn on_every_engine(test: impl Fn(&dyn Fn() -> Desk)) {
    test(&Desk::new);
    match std::env::var(SERVER) {
        Ok(server) => test(&|| Desk::on_server(&server)),
        Err(_) => eprintln!("NOT RUN on PostgreSQL: {SERVER} names no server (./test starts one)"),
    }
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
