//! A bare loop that writes exactly the rows that the product wrote for its orders, read back from
//! its own database, into its own tables: no HTTP, no parsing, no deciding, nothing but the rows.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Transaction, params_from_iter};

use super::sqlite_loop::durable;
use crate::load::outcome::count_as_f64;

/// How many orders are written in one transaction.
const GROUP: usize = 1_000;
const LEDGER: &str = "stock_ledger";
/// Takes stock for one row of the ledger, as a hand-written transaction would.
const TAKE_STOCK: &str = "update stock_level set allocated = allocated + ?4
    where bucket = ?1 and location = ?2 and item_id = ?3
        and allocated + reserved + safety + ?4 <= on_hand + oversell_limit";

/// The rows of some orders, ready to be written again and again.
pub(crate) struct SameRows {
    filled: PathBuf,
    path: PathBuf,
    tables: Vec<Table>,
    takes: Vec<Vec<Value>>,
    orders: usize,
}

/// The new rows of one table.
struct Table {
    name: String,
    insert: String,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl SameRows {
    /// Reads what `loaded` holds beyond `filled`: the rows of `orders` orders.
    pub(crate) fn read(filled: &Path, loaded: &Path, orders: usize) -> Result<Self> {
        let connection = Connection::open_with_flags(loaded, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .with_context(|| format!("cannot open {}", loaded.display()))?;
        let filled_text = filled.to_str().context("a path that is no text")?;
        connection.execute("attach database ? as filled", [filled_text])?;
        let mut tables = Vec::new();
        for name in names(&connection)? {
            tables.extend(Table::read(&connection, name)?);
        }
        let ledger = tables.iter().find(|table| table.name == LEDGER);
        let takes = ledger
            .context("a product without a stock ledger")?
            .takes()?;
        Ok(Self {
            filled: filled.to_path_buf(),
            path: loaded.with_extension("again.db"),
            tables,
            takes,
            orders,
        })
    }

    /// How many rows an order has, its stock levels included.
    pub(crate) fn rows_per_order(&self) -> f64 {
        let rows: usize = self.tables.iter().map(|table| table.rows.len()).sum();
        count(rows + self.takes.len()) / count(self.orders)
    }

    /// Writes all rows into a database that holds the stock and nothing else, and answers
    /// the orders per second.
    pub(crate) fn run(&self) -> Result<f64> {
        self.remove();
        fs::copy(&self.filled, &self.path)?;
        let mut connection = Connection::open(&self.path)?;
        durable(&connection)?;
        let groups = self.orders.div_ceil(GROUP);
        let started = Instant::now();
        for group in 0..groups {
            let transaction = connection.transaction()?;
            for table in &self.tables {
                table.write(&transaction, share(&table.rows, group, groups))?;
            }
            take(&transaction, share(&self.takes, group, groups))?;
            transaction.commit()?;
        }
        let elapsed = started.elapsed().as_secs_f64();
        drop(connection);
        self.remove();
        Ok(count(self.orders) / elapsed)
    }

    fn remove(&self) {
        for ending in ["", "-wal", "-shm"] {
            // What is not there need not be removed.
            let _ = fs::remove_file(format!("{}{ending}", self.path.display()));
        }
    }
}

/// The rows that are written with one group of orders.
fn share(rows: &[Vec<Value>], group: usize, groups: usize) -> &[Vec<Value>] {
    &rows[rows.len() * group / groups..rows.len() * (group + 1) / groups]
}

fn take(transaction: &Transaction<'_>, takes: &[Vec<Value>]) -> Result<()> {
    let mut statement = transaction.prepare_cached(TAKE_STOCK)?;
    for take in takes {
        let taken = statement.execute(params_from_iter(take))?;
        ensure!(taken == 1, "no stock for {take:?}");
    }
    Ok(())
}

impl Table {
    /// The rows that came on top of what was filled in; none if the table did not grow.
    fn read(connection: &Connection, name: String) -> Result<Option<Self>> {
        let count = |schema: &str| -> Result<i64> {
            let sql = format!("select count(*) from {schema}.{name}");
            Ok(connection.query_row(&sql, [], |row| row.get(0))?)
        };
        let grown = count("main")? - count("filled")?;
        if grown <= 0 {
            return Ok(None);
        }
        let columns = columns(connection, &name)?;
        let list = columns.join(", ");
        // In the order in which the orders came, not in that of a table's own key.
        let by = ["order_id", "resource_id", "contact_id", "customer_id"]
            .into_iter()
            .find(|column| columns.iter().any(|known| known == column))
            .map_or(String::new(), |column| format!(" order by {column}"));
        let sql = format!(
            "select * from (select {list} from main.{name} except select {list} from filled.{name}){by}"
        );
        let mut statement = connection.prepare(&sql)?;
        let read = |row: &rusqlite::Row<'_>| (0..columns.len()).map(|at| row.get(at)).collect();
        let rows: Vec<Vec<Value>> = statement.query_map([], read)?.collect::<Result<_, _>>()?;
        let places = vec!["?"; columns.len()].join(", ");
        Ok(Some(Self {
            insert: format!("insert or replace into {name} ({list}) values ({places})"),
            rows,
            name,
            columns,
        }))
    }

    fn write(&self, transaction: &Transaction<'_>, rows: &[Vec<Value>]) -> Result<()> {
        let mut statement = transaction.prepare_cached(&self.insert)?;
        for row in rows {
            statement
                .execute(params_from_iter(row))
                .with_context(|| self.name.clone())?;
        }
        Ok(())
    }

    /// What the rows of the ledger take from which stock level.
    fn takes(&self) -> Result<Vec<Vec<Value>>> {
        let position = |name: &str| {
            let found = self.columns.iter().position(|column| column == name);
            found.with_context(|| format!("a ledger without {name}"))
        };
        let key = [
            position("bucket")?,
            position("location")?,
            position("item_id")?,
            position("allocated")?,
        ];
        let take = |row: &Vec<Value>| key.iter().map(|at| row[*at].clone()).collect();
        Ok(self.rows.iter().map(take).collect())
    }
}

fn names(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = connection.prepare(
        "select name from main.sqlite_schema
         where type = 'table' and name not like 'sqlite_%' order by name",
    )?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare("select name from pragma_table_info(?)")?;
    let columns = statement.query_map([table], |row| row.get(0))?;
    Ok(columns.collect::<Result<_, _>>()?)
}

fn count(amount: usize) -> f64 {
    count_as_f64(u64::try_from(amount).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "
        create table stock_level (bucket, location, item_id, on_hand, allocated, reserved,
            safety, oversell_limit, primary key (bucket, location, item_id));
        create table stock_ledger (bucket, location, item_id, allocated, order_id);
        create table orders (order_id primary key, placed);
        insert into stock_level values (0, 1, 7, 10000, 0, 0, 0, 0);";

    #[test]
    fn the_rows_of_the_orders_are_written_again_and_take_their_stock() {
        let folder = std::env::temp_dir().join(format!("same-rows-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let (filled, loaded) = (folder.join("filled.db"), folder.join("loaded.db"));
        for path in [&filled, &loaded] {
            let connection = Connection::open(path).expect("a database");
            connection.execute_batch(SCHEMA).expect("tables");
        }
        let connection = Connection::open(&loaded).expect("a database");
        connection.execute_batch("begin").expect("a transaction");
        for order in 0..2_500 {
            connection
                .execute("insert into orders values (?, 'x')", [order])
                .expect("an order");
            connection
                .execute("insert into stock_ledger values (0, 1, 7, 2, ?)", [order])
                .expect("a ledger row");
        }
        connection.execute_batch("commit").expect("a commit");
        drop(connection);
        let rows = SameRows::read(&filled, &loaded, 2_500).expect("rows");
        assert!((rows.rows_per_order() - 3.0).abs() < 1e-9);
        assert!(rows.run().expect("a rate") > 0.0);
        let scarce = Connection::open(&filled).expect("a database");
        scarce
            .execute("update stock_level set on_hand = 4999", [])
            .expect("less stock");
        drop(scarce);
        let refused = rows.run().expect_err("a guard that holds");
        assert!(refused.to_string().contains("no stock"), "{refused}");
        fs::remove_dir_all(&folder).expect("removed");
    }
}
