//! What no statement may contain, and that every statement fits the schema of both engines.

use std::ops::ControlFlow;

use sqlparser::ast::{BinaryOperator, Expr, Statement, visit_expressions};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use throughline_store::{StatementText, migrations, statements};

use crate::support::{Database, server};

/// Words that are banned, as they stand between spaces; what they are.
const BANNED: &[(&str, &str)] = &[
    ("TRIGGER", "triggers"),
    ("PG_ADVISORY", "advisory locks"),
    ("PG_TRY_ADVISORY", "advisory locks"),
    ("LISTEN", "notifications"),
    ("NOTIFY", "notifications"),
    ("SEQUENCE", "sequences"),
    ("NEXTVAL", "sequences"),
    ("SERIAL", "sequences"),
    ("BIGSERIAL", "sequences"),
    ("IDENTITY", "sequences"),
    ("AUTOINCREMENT", "sequences"),
    ("DOMAIN", "domains"),
    ("INT4RANGE", "ranges"),
    ("INT8RANGE", "ranges"),
    ("TSTZRANGE", "ranges"),
    ("EXCLUDE", "exclusion constraints"),
    ("DEFERRABLE", "deferrable constraints"),
    ("DEFERRED", "deferrable constraints"),
    ("REFERENCES", "foreign keys, which would cross buckets"),
    ("TEMP", "temporary tables"),
    ("TEMPORARY", "temporary tables"),
    ("PREPARE", "session state"),
    ("DISCARD", "session state"),
    ("NOW", "clocks of the database"),
    ("CURRENT_TIMESTAMP", "clocks of the database"),
    ("RANDOM", "randomness of the database"),
    ("GEN_RANDOM_UUID", "randomness of the database"),
];

/// Tables that belong to an order or an item: whoever touches them binds the bucket.
const BUCKETED: &[&str] = &[
    "order_line",
    "allocation",
    "journal",
    "sourcing_explanation",
    "contact",
    "customer",
    "claim",
    "item",
    "item_version",
    "stock_level",
    "stock_ledger",
    "waiting",
    "reservation",
    "reservation_line",
    "job",
    "item_order",
    "ledger_item",
    "orders",
    "supply",
    "supply_entry",
    "lane_stat",
    "promise_score",
    "promise_first_score",
    "tally",
    "customer_account",
    "ring_fence",
    "exclusion",
    "lot_level",
    "lot_allocation",
    "serial_entry",
    "count_task",
    "order_leg",
    "slot_booking",
];

/// Lists, which walk along an index of their own over all buckets.
const LISTS: &[&str] = &[
    "orders_by_placed_desc",
    "orders_by_placed_asc",
    "orders_by_status_desc",
    "orders_by_status_asc",
    "orders_by_channel_desc",
    "orders_by_channel_asc",
    "orders_by_customer_desc",
    "orders_by_customer_asc",
    "view_items",
    "expired_reservations",
    "supply_by_date",
    "exclusions_by_end",
    "items_of_serial",
    "count_tasks",
    "count_tasks_by_state",
    "legs_by_state",
    "legs_due",
    "count_orders_of_customers",
];

fn words(sql: &str) -> Vec<String> {
    let without_comments: String = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let split = without_comments.split(|c: char| !c.is_alphanumeric() && c != '_');
    split
        .filter(|word| !word.is_empty())
        .map(str::to_uppercase)
        .collect()
}

fn texts() -> Vec<(String, &'static str)> {
    let all: Vec<StatementText> = statements().into_iter().chain(migrations()).collect();
    assert!(all.len() > 90, "{}", all.len());
    all.iter()
        .flat_map(|text| {
            [
                (format!("{} (SQLite)", text.name), text.sqlite),
                (format!("{} (PostgreSQL)", text.name), text.postgres),
            ]
        })
        .collect()
}

#[test]
fn no_statement_contains_what_is_banned() {
    for (name, sql) in texts() {
        let words = words(sql);
        for (banned, what) in BANNED {
            assert!(
                !words.iter().any(|word| word == banned),
                "{name} uses {what}: {banned}"
            );
        }
    }
}

/// A parser sees what patterns cannot: divisions of integers, session state, and statements of a kind that has no
/// business here.
#[test]
fn postgres_statements_are_of_few_kinds_and_divide_no_integers() {
    for (name, sql) in texts()
        .into_iter()
        .filter(|(name, _)| name.ends_with("(PostgreSQL)"))
    {
        let parsed = Parser::parse_sql(&PostgreSqlDialect {}, sql)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        for statement in &parsed {
            let is_known = matches!(
                statement,
                Statement::Query(_)
                    | Statement::Insert(_)
                    | Statement::Update { .. }
                    | Statement::Delete(_)
                    | Statement::CreateTable(_)
                    | Statement::AlterTable { .. }
                    | Statement::CreateIndex(_)
                    | Statement::CreateView { .. }
            );
            assert!(is_known, "{name}: {statement}");
            let divided = visit_expressions(statement, |expression| match expression {
                Expr::BinaryOp {
                    op: BinaryOperator::Divide | BinaryOperator::Modulo,
                    right,
                    ..
                } if !is_decimal(right) => ControlFlow::Break(expression.to_string()),
                _ => ControlFlow::Continue(()),
            });
            assert_eq!(
                divided,
                ControlFlow::Continue(()),
                "{name} divides integers"
            );
        }
    }
}

fn is_decimal(expression: &Expr) -> bool {
    matches!(expression, Expr::Value(value) if value.to_string().contains('.'))
}

#[test]
fn statements_on_what_belongs_to_an_order_or_an_item_bind_its_bucket() {
    for statement in statements()
        .iter()
        .filter(|statement| !LISTS.contains(&statement.name))
    {
        for sql in [statement.sqlite, statement.postgres] {
            let words = words(sql);
            let touched = BUCKETED
                .iter()
                .find(|table| words.iter().any(|word| word.eq_ignore_ascii_case(table)));
            if let Some(table) = touched {
                assert!(
                    words.iter().any(|word| word == "BUCKET"),
                    "{} touches {table} without its bucket",
                    statement.name
                );
            }
        }
    }
}

#[test]
fn statements_name_their_columns() {
    for (name, sql) in texts() {
        let flat = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        let stars = flat.matches('*').count() - flat.matches("count(*)").count();
        let from_arrays = flat.matches("SELECT * FROM unnest(").count();
        assert_eq!(stars, from_arrays, "{name} does not name its columns");
    }
}

#[test]
fn lists_are_bounded_and_ordered() {
    for statement in statements() {
        let words = words(statement.postgres);
        let is_query = words.first().is_some_and(|word| word == "SELECT");
        let is_keyed = words.iter().any(|word| word == "UNNEST" || word == "ANY");
        let is_single =
            statement.postgres.contains("kind = '") || statement.postgres.contains("one = 1");
        let is_sum = words.iter().any(|word| word == "GROUP");
        let is_ordered = words
            .windows(2)
            .any(|pair| pair[0] == "ORDER" && pair[1] == "BY");
        let is_counted = words.iter().any(|word| word == "COUNT");
        let by_whole_key =
            statement.name == "last_batch_of_writer" || statement.name == "applied_migrations";
        if is_query && !is_single && !is_counted && !by_whole_key {
            assert!(
                is_ordered || words.iter().any(|word| word == "ANY"),
                "{} has no order",
                statement.name
            );
            assert!(
                is_keyed || is_sum || words.iter().any(|word| word == "LIMIT"),
                "{} has no limit",
                statement.name
            );
        }
    }
}

#[test]
fn names_of_statements_are_unique() {
    let mut names: Vec<&str> = statements()
        .iter()
        .map(|statement| statement.name)
        .collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn every_statement_fits_the_schema_of_sqlite() {
    let database = Database::file();
    drop(database.open());
    let file = rusqlite::Connection::open(database.path()).unwrap();
    for statement in statements() {
        file.prepare(statement.sqlite)
            .unwrap_or_else(|error| panic!("{}: {error}", statement.name));
    }
}

#[test]
fn every_statement_fits_the_schema_of_postgres() {
    let Some(server) = server() else { return };
    let database = Database::on_server(&server);
    drop(database.open());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&database.url, tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        for statement in statements() {
            if let Err(error) = client.prepare(statement.postgres).await {
                panic!("{}: {error:?}", statement.name);
            }
        }
    });
}
