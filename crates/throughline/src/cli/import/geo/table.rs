//! What a table of postal codes says, code by code.

use std::collections::BTreeMap;

use throughline_core::geo::{Point, normalised};
use throughline_core::network::is_country;
use throughline_formats::geo::{GeoFault, GeoRow, GeoTable, Rejected, RowProblem};
use throughline_store::PostalArea;

/// Rejected rows that are named for each reason; more are only counted.
pub(super) const NAMED_MAX: usize = 5;

/// What a table says.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Rows behind the header.
    pub(super) rows: u64,
    /// Where each code is, by country and code. A code that several rows name is in the middle of them.
    pub(super) areas: Vec<PostalArea>,
    /// Rows that name a code once more.
    pub(super) repeated: u64,
    /// How many rows were rejected for each reason, and the first of them.
    pub(super) rejected: BTreeMap<RowProblem, (u64, Vec<Rejected>)>,
}

/// Reads a table.
///
/// # Errors
/// When its header is unknown or a row cannot be read.
pub(super) fn read(bytes: &[u8]) -> Result<Table, GeoFault> {
    let mut rows = GeoTable::open(bytes)?;
    let mut table = Table::default();
    let mut points: BTreeMap<(String, String), Vec<Point>> = BTreeMap::new();
    while let Some(row) = rows.next_row()? {
        table.rows += 1;
        match row.and_then(understood) {
            Ok((key, point)) => {
                let known = points.entry(key).or_default();
                table.repeated += u64::from(!known.is_empty());
                known.push(point);
            }
            Err(rejected) => table.reject(rejected),
        }
    }
    table.areas = points.into_iter().filter_map(area).collect();
    Ok(table)
}

fn understood(row: GeoRow) -> Result<((String, String), Point), Rejected> {
    let country = row.country.to_ascii_uppercase();
    let code = normalised(&country, &row.postal_code);
    let point = Point::from_degrees(row.latitude, row.longitude);
    let problem = match point {
        _ if !is_country(&country) => RowProblem::Country,
        _ if code.is_empty() => RowProblem::Code,
        None => RowProblem::OffTheGlobe,
        Some(point) => return Ok(((country, code), point)),
    };
    Err(Rejected {
        line: row.line,
        postal_code: row.postal_code,
        problem,
    })
}

fn area(((country, code), points): ((String, String), Vec<Point>)) -> Option<PostalArea> {
    let point = Point::middle(&points)?;
    Some(PostalArea {
        country,
        code,
        point,
    })
}

impl Table {
    fn reject(&mut self, rejected: Rejected) {
        let (count, named) = self.rejected.entry(rejected.problem).or_default();
        *count += 1;
        if named.len() < NAMED_MAX {
            named.push(rejected);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_is_named_twice_is_in_the_middle_and_bad_rows_are_counted() {
        let text = "country,postal_code,latitude,longitude\n\
            de,D-10115,52.53,13.38\nDE,10115,52.55,13.40\nXX,1,1,1\nDE,–,1,1\nDE,1,1\nFJ,1,-17,179\nFJ,1,-17,-179\n";
        let table = read(text.as_bytes()).unwrap();
        let areas: Vec<String> = table
            .areas
            .iter()
            .map(|area| format!("{} {} {:?}", area.country, area.code, area.point.degrees()))
            .collect();
        assert_eq!(areas, ["DE 10115 (52.54, 13.39)", "FJ 1 (-17.0, 180.0)"]);
        assert_eq!((table.rows, table.repeated), (7, 2));
        let rejected: Vec<(RowProblem, u64, u64)> = table
            .rejected
            .iter()
            .map(|(problem, (count, named))| (*problem, *count, named[0].line))
            .collect();
        let expected = [
            (RowProblem::Short, 1, 6),
            (RowProblem::Country, 1, 4),
            (RowProblem::Code, 1, 5),
        ];
        assert_eq!(rejected, expected);
    }
}
