//! What locations have to do on their days.

use jiff::civil::Date;
use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::network::{Load, LocationId};
use throughline_core::order::LocationDay;
use throughline_core::time::Millis;

use crate::engine::{Cell, Connection, Row, Statement};
use crate::error::StoreError;
use crate::load;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[&ALL];

const ALL: Statement = Statement::new(
    "list_location_days",
    "SELECT bucket, location, day, orders, lines, units FROM location_day
     WHERE (bucket, location, day) > (?1, ?2, ?3) ORDER BY bucket, location, day LIMIT 1000",
    "SELECT bucket, location, day, orders, lines, units FROM location_day
     WHERE (bucket, location, day) > ($1, $2, $3) ORDER BY bucket, location, day LIMIT 1000",
);

/// What every location has to do on every day that was ever counted. For examinations: their number is not bounded.
///
/// # Errors
/// When the database cannot be read.
pub fn all(connection: &mut Connection) -> Result<Vec<(LocationDay, Load)>, StoreError> {
    let mut all = Vec::new();
    let mut after = [
        Cell::Integer(-1),
        Cell::Integer(-1),
        Cell::Text(String::new()),
    ];
    loop {
        let rows = connection.list(&ALL, &after)?;
        for row in rows.iter() {
            let cells = row.cells();
            after = [cells[0].clone(), cells[1].clone(), cells[2].clone()];
            all.push(day(row)?);
        }
        if rows.is_empty() {
            return Ok(all);
        }
    }
}

fn day(row: Row<'_>) -> Result<(LocationDay, Load), StoreError> {
    let date = row.text(2)?.parse();
    let date: Date = date.map_err(|error| StoreError::corrupt("a day", error))?;
    let load = Load {
        orders: row.int(3)?,
        lines: row.int(4)?,
        units: row.int(5)?,
    };
    Ok(((LocationId(row.number(1)?), date), load))
}

/// What a location has to do on each of these days.
///
/// # Errors
/// When the database cannot be read.
pub fn loads(
    connection: &mut Connection,
    location: LocationId,
    dates: &[Date],
) -> Result<Vec<Load>, StoreError> {
    let needs: Vec<Need> = dates
        .iter()
        .map(|date| Need::Load(location, *date))
        .collect();
    let mut facts = Facts::default();
    load::load(connection, &needs, &mut facts, Millis::default())?;
    let of = |date: &Date| facts.loads.get(&(location, *date)).copied();
    Ok(dates
        .iter()
        .map(|date| of(date).unwrap_or_default())
        .collect())
}
