//! Opening: every way it can fail names the thing and the remedy.

use std::collections::BTreeSet;

use throughline_store::{Engine, Options, Store, StoreError, check_file};

use crate::support::{BEGIN, Database, Shop, on_every_engine, server};

fn options(partitions: Option<u16>) -> Options {
    Options {
        now: BEGIN,
        random: 7,
        partitions,
    }
}

fn error_of(url: &str) -> StoreError {
    Store::open(url, options(None)).map(|_| ()).unwrap_err()
}

#[test]
fn a_database_is_made_once_and_keeps_what_it_was_made_with() {
    on_every_engine(|_, database| {
        let first = Store::open(&database.url, options(Some(4))).unwrap();
        let again = Store::open(
            &database.url,
            Options {
                now: BEGIN.plus_ms(5),
                random: 9,
                partitions: Some(8),
            },
        )
        .unwrap();
        assert_eq!(first.database(), again.database());
        assert_eq!(again.partitions(), 4);
        let mut shop = Shop::furnished(again, 1);
        let place = shop.place(crate::support::order(
            "r",
            vec![crate::support::line("A", 1)],
        ));
        shop.run(place).unwrap();
        assert!(shop.violations().is_empty());
    });
}

#[test]
fn many_processes_that_meet_a_new_database_make_one() {
    on_every_engine(|_, database| {
        let opened: Vec<_> = std::thread::scope(|scope| {
            let openers: Vec<_> = (0..6u8)
                .map(|number| {
                    let url = database.url.clone();
                    let options = Options {
                        now: BEGIN,
                        random: u128::from(number) + 1,
                        partitions: None,
                    };
                    scope.spawn(move || Store::open(&url, options).unwrap().database())
                })
                .collect();
            openers
                .into_iter()
                .map(|opener| opener.join().unwrap())
                .collect()
        });
        assert!(
            opened.windows(2).all(|pair| pair[0] == pair[1]),
            "{opened:?}"
        );
    });
}

#[test]
fn a_database_from_a_newer_version_is_refused() {
    on_every_engine(|_, database| {
        drop(database.open());
        database.execute("INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (999, 'later', 'x', 0)");
        let error = error_of(&database.url);
        assert!(
            matches!(error, StoreError::Newer { found: 999, .. }),
            "{error}"
        );
        assert!(error.to_string().contains("newer program"), "{error}");
    });
}

#[test]
fn a_database_of_another_program_is_refused_and_gets_no_tables() {
    on_every_engine(|engine, database| {
        if engine == Engine::Sqlite {
            std::fs::create_dir_all(database.path().parent().unwrap()).unwrap();
        }
        database.execute("CREATE TABLE diary (day INTEGER)");
        for _ in 0..2 {
            let error = error_of(&database.url);
            assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
            assert!(
                error
                    .to_string()
                    .contains("name a new database with --database"),
                "{error}"
            );
        }
    });
}

#[test]
fn a_page_that_was_overwritten_is_found_in_the_file() {
    use std::io::{Seek, SeekFrom, Write};
    let database = Database::file();
    let store = database.open();
    assert!(store.read(check_file).unwrap().is_empty());
    drop(store);
    let bytes = std::fs::read(database.path()).unwrap();
    let page = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .open(database.path())
        .unwrap();
    let last = u64::try_from(bytes.len() - page).unwrap();
    file.seek(SeekFrom::Start(last)).unwrap();
    file.write_all(&vec![0; page]).unwrap();
    drop(file);
    let found = Store::open(&database.url, options(None)).and_then(|store| store.read(check_file));
    match found {
        Ok(found) => assert!(!found.is_empty()),
        Err(error) => assert!(matches!(error, StoreError::Corrupt { .. }), "{error}"),
    }
}

#[test]
fn a_migration_that_ran_with_other_contents_is_refused() {
    on_every_engine(|_, database| {
        drop(database.open());
        database.execute("UPDATE schema_migration SET checksum = 'other' WHERE version = 1");
        let error = error_of(&database.url);
        assert!(
            matches!(error, StoreError::ChangedMigration { version: 1, .. }),
            "{error}"
        );
    });
}

#[test]
fn urls_that_name_no_database_are_refused() {
    for url in [
        "",
        "orders.db",
        "mysql://host/db",
        "sqlite:",
        "sqlite::memory:",
        "postgres://user:secret@host/db?port=x",
    ] {
        let error = error_of(url);
        assert!(
            matches!(error, StoreError::InvalidUrl { .. }),
            "{url}: {error}"
        );
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_not_touched() {
    let database = Database::file();
    std::fs::create_dir_all(database.path().parent().unwrap()).unwrap();
    let text = "these are not the bytes of a database, and there are more than a hundred of them. "
        .repeat(60);
    std::fs::write(database.path(), &text).unwrap();
    let error = error_of(&database.url);
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    assert!(error.to_string().contains("test.db"), "{error}");
    assert_eq!(std::fs::read_to_string(database.path()).unwrap(), text);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let error = error_of("sqlite:/proc/nowhere/test.db");
    assert!(matches!(error, StoreError::Unwritable { .. }), "{error}");
    assert!(error.to_string().contains("/proc/nowhere"), "{error}");
    let folder = std::env::temp_dir();
    let error = error_of(&format!("sqlite:{}", folder.display()));
    assert!(error.to_string().contains("it is a folder"), "{error}");
}

#[test]
fn a_server_that_does_not_answer_is_named_without_the_password() {
    // Port 1 of this machine: nobody listens there.
    let error = error_of("postgres://user:secret@127.0.0.1:1/db");
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    let text = format!("{error} {error:?}");
    assert!(
        text.contains("127.0.0.1:1") && !text.contains("secret"),
        "{text}"
    );
}

#[test]
fn a_server_that_says_no_is_quoted() {
    let Some(server) = server() else { return };
    let (_, host) = server.rsplit_once('@').unwrap();
    let error = error_of(&format!("postgres://nobody_of_this_name@{host}"));
    assert!(matches!(error, StoreError::Refused { .. }), "{error}");
    assert!(error.to_string().contains("nobody_of_this_name"), "{error}");
}

/// Names of tables with names of their columns.
type Columns = BTreeSet<(String, String)>;

fn sqlite_columns(database: &Database) -> Columns {
    let file = rusqlite::Connection::open(database.path()).unwrap();
    let mut statement = file
        .prepare(
            "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
             WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'",
        )
        .unwrap();
    statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn postgres_columns(url: &str) -> Columns {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let sql = "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'";
        client.query(sql, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
    })
}

#[test]
fn both_engines_have_the_same_tables_and_columns() {
    let Some(server) = server() else { return };
    let (file, on_server) = (Database::file(), Database::on_server(&server));
    drop((file.open(), on_server.open()));
    let (sqlite, postgres) = (sqlite_columns(&file), postgres_columns(&on_server.url));
    assert!(sqlite.len() > 200, "{}", sqlite.len());
    let only_sqlite: Vec<_> = sqlite.difference(&postgres).collect();
    let only_postgres: Vec<_> = postgres.difference(&sqlite).collect();
    assert!(
        only_sqlite.is_empty() && only_postgres.is_empty(),
        "SQLite alone: {only_sqlite:?}; PostgreSQL alone: {only_postgres:?}"
    );
}

#[test]
fn a_database_that_the_server_does_not_have_is_made() {
    let Some(server) = server() else { return };
    let database = Database::on_server(&server);
    database.drop_on_server();
    let store = database.open();
    assert_eq!(store.partitions(), 64);
}
