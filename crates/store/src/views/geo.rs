//! Where postal codes are.

use throughline_core::geo::{Area, Located, Point};
use throughline_core::time::Millis;

use crate::engine::{Columns, Connection, Row, Statement};
use crate::error::StoreError;

pub(super) const STATEMENTS: &[&Statement] = &[&AREAS, &COUNTRIES];

/// The last of all codes that begin alike: no code has a letter after this sign.
const AFTER_ALL: char = '~';

/// Of codes that begin alike the first thousand tell where the area is.
const AREAS: Statement = Statement::new(
    "postal_areas",
    "SELECT ?1, count(*), sum(lat_e4), sum(lon_e4), min(lon_e4), max(lon_e4)
     FROM (SELECT lat_e4, lon_e4 FROM postal_area WHERE country = ?2 AND code BETWEEN ?3 AND ?4 ORDER BY code LIMIT 1000) AS counted",
    "SELECT k.position, a.areas, a.lat_e4, a.lon_e4, a.west, a.east
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS k (position, country, low, high)
     CROSS JOIN LATERAL (
         SELECT count(*) AS areas, sum(counted.lat_e4) AS lat_e4, sum(counted.lon_e4) AS lon_e4,
                min(counted.lon_e4) AS west, max(counted.lon_e4) AS east
         FROM (SELECT p.lat_e4, p.lon_e4 FROM postal_area p
               WHERE p.country = k.country AND p.code BETWEEN k.low AND k.high ORDER BY p.code LIMIT 1000) counted
     ) a
     ORDER BY k.position",
);

const COUNTRIES: Statement = Statement::new(
    "postal_countries",
    "SELECT country, areas, version, loaded_at FROM postal_country ORDER BY country LIMIT 1000",
    "SELECT country, areas, version, loaded_at FROM postal_country ORDER BY country LIMIT 1000",
);

/// What is loaded of a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalCountry {
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// Postal codes whose place is known.
    pub areas: u64,
    /// Rises with every change.
    pub version: i64,
    /// When something changed last.
    pub loaded_at: Millis,
}

/// Where each search leads: the first of its areas that is known, in a country.
///
/// # Errors
/// When the database cannot be read.
pub fn locate(
    connection: &mut Connection,
    searches: &[(&str, &[Area])],
) -> Result<Vec<Option<Located>>, StoreError> {
    let mut keys = Columns::default();
    let mut wanted = Vec::new();
    for (search, (country, areas)) in searches.iter().enumerate() {
        for area in *areas {
            let row = keys.row().count(wanted.len() as u64).text(country);
            match area {
                Area::Code(code) => row.text(code).text(code),
                Area::Beginning(code) => row.text(code).display(&format_args!("{code}{AFTER_ALL}")),
            };
            wanted.push((search, area));
        }
    }
    let [rows] = connection.read([(&AREAS, &keys)])?;
    let mut found = vec![None; searches.len()];
    for row in rows.iter() {
        let position: usize = row.number(0)?;
        let (search, area) = wanted.get(position).ok_or_else(|| {
            StoreError::corrupt("postal_areas", "it names a row nobody asked for")
        })?;
        if let (None, Some(point)) = (found[*search], point(row)?) {
            let by = area.located_by();
            found[*search] = Some(Located { point, by });
        }
    }
    Ok(found)
}

/// The middle of the areas of a row. Where they lie on both sides of the antimeridian the westernmost stands for all.
fn point(row: Row<'_>) -> Result<Option<Point>, StoreError> {
    let count = row.int(1)?;
    if count == 0 {
        return Ok(None);
    }
    let (west, east) = (row.int(4)?, row.int(5)?);
    let is_across = east - west > 1_800_000;
    let longitude = if is_across { west } else { row.int(3)? / count };
    let narrow = |value: i64| i32::try_from(value).ok();
    let point = narrow(row.int(2)? / count).zip(narrow(longitude));
    Ok(point.and_then(|(lat_e4, lon_e4)| Point::new(lat_e4, lon_e4)))
}

/// What is loaded, by country.
///
/// # Errors
/// When the database cannot be read.
pub fn countries(connection: &mut Connection) -> Result<Vec<PostalCountry>, StoreError> {
    let rows = connection.list(&COUNTRIES, &[])?;
    let read = rows.iter().map(|row| {
        Ok(PostalCountry {
            country: row.text(0)?.to_owned(),
            areas: row.number(1)?,
            version: row.int(2)?,
            loaded_at: Millis(row.int(3)?),
        })
    });
    read.collect()
}
