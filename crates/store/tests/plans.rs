//! Every statement finds its rows by key or walks along an index: none reads a table from end to end, and no list
//! sorts what an index has in order.

use throughline_store::{StatementText, statements};

use crate::support::{Database, server};

/// Small tables, which are read whole.
const SMALL: &[&str] = &[
    "writer",
    "bucket_lease",
    "setting",
    "schema_migration",
    "database",
    "location",
    "channel",
    "index_volume",
    "postal_country",
    "sourcing_due",
];

/// Checks of the whole database, and what deliberately looks at all rows of a bucket.
fn reads_everything(statement: &StatementText) -> bool {
    statement.name.starts_with("check_")
}

/// Lists whose rows must come from an index in their order.
fn is_walk(statement: &StatementText) -> bool {
    statement.name.starts_with("orders_by_")
        || statement.name.starts_with("ledger_by_")
        || statement.name.starts_with("search_")
}

#[test]
fn sqlite_finds_every_row_by_its_whole_key() {
    let database = Database::file();
    drop(database.open());
    let file = rusqlite::Connection::open(database.path()).unwrap();
    let mut wrong = Vec::new();
    for statement in statements()
        .iter()
        .filter(|statement| !reads_everything(statement))
    {
        let mut explain = file
            .prepare(&format!("EXPLAIN QUERY PLAN {}", statement.sqlite))
            .unwrap();
        let count = explain.parameter_count();
        let parameters = rusqlite::params_from_iter(vec![rusqlite::types::Null; count]);
        let steps: Vec<String> = explain
            .query_map(parameters, |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        for step in &steps {
            let scans = step
                .strip_prefix("SCAN ")
                .and_then(|rest| rest.split(' ').next());
            let is_scan = scans.is_some_and(|table| {
                !SMALL.contains(&table) && !["w", "s", "v", "m", "counted"].contains(&table)
            });
            // With the bucket alone a search is a scan where there is one bucket.
            let is_half = step.ends_with("(bucket=?)") && statement.name != "count_jobs";
            if is_scan || is_half || (step.contains("TEMP B-TREE") && is_walk(statement)) {
                wrong.push(format!("{}: {steps:?}", statement.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn postgres_finds_every_row_by_its_whole_key() {
    let Some(server) = server() else { return };
    let database = Database::on_server(&server);
    drop(database.open());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut config: tokio_postgres::Config = database.url.parse().unwrap();
        config.options(throughline_store::POSTGRES_OPTIONS);
        let (client, connection) = config.connect(tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let mut wrong = Vec::new();
        for statement in statements()
            .iter()
            .filter(|statement| !reads_everything(statement))
        {
            let count = client
                .prepare(statement.postgres)
                .await
                .unwrap()
                .params()
                .len();
            client
                .batch_execute(&format!("PREPARE looked_at AS {}", statement.postgres))
                .await
                .unwrap();
            let parameters = if count == 0 {
                String::new()
            } else {
                format!("({})", vec!["NULL"; count].join(", "))
            };
            let plan: Vec<String> = client
                .query(&format!("EXPLAIN EXECUTE looked_at{parameters}"), &[])
                .await
                .unwrap()
                .iter()
                .map(|row| row.get(0))
                .collect();
            client.batch_execute("DEALLOCATE looked_at").await.unwrap();
            if !is_good(statement, &plan) {
                wrong.push(format!("{}: {plan:#?}", statement.name));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

fn is_good(statement: &StatementText, plan: &[String]) -> bool {
    plan.iter().all(|line| {
        let scans = line
            .split("Seq Scan on ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        let is_scan = scans.is_some_and(|table| !SMALL.contains(&table));
        let is_joined_whole = line.contains("Hash Join") || line.contains("Merge Join");
        let is_sorted = line.contains("Sort") && is_walk(statement);
        let by_bucket_alone =
            line.trim_start().starts_with("Index Cond: (bucket = ") && !line.contains("AND");
        let is_half = by_bucket_alone
            && !["count_jobs", "take_buckets", "insert_buckets"].contains(&statement.name);
        !(is_scan || is_joined_whole || is_sorted || is_half)
    })
}
