//! Reading a table of postal codes, row by row.

use std::io::Read;

use csv::{ErrorKind, Position, Reader, ReaderBuilder, StringRecord};

use super::{GeoFault, Layout, RowProblem};

/// Degrees from the equator to a pole.
const LATITUDE_MAX: f64 = 90.0;
/// Degrees from the prime meridian to the antimeridian.
const LONGITUDE_MAX: f64 = 180.0;
/// Delimiters that are looked for in the header.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// The mark that some programs put in front of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A postal code and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct GeoRow {
    /// The line it begins on, from 1.
    pub line: u64,
    /// Country, as the table or its row says.
    pub country: String,
    /// The code as written.
    pub postal_code: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A row that says of no postal code where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The line it begins on, from 1.
    pub line: u64,
    /// The postal code as written, if there is one.
    pub postal_code: String,
    /// Why.
    pub problem: RowProblem,
}

/// A table being read.
pub struct GeoTable<R> {
    reader: Reader<R>,
    layout: Layout,
    cells: StringRecord,
}

impl<'a> GeoTable<&'a [u8]> {
    /// Reads the header of a table in UTF-8.
    ///
    /// # Errors
    /// When its columns are none that are known.
    pub fn open(bytes: &'a [u8]) -> Result<Self, GeoFault> {
        let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(bytes))
            .from_reader(bytes);
        let mut cells = StringRecord::new();
        reader.read_record(&mut cells).map_err(fault)?;
        let layout = Layout::of_header(cells.iter()).ok_or_else(|| GeoFault::Header {
            found: cells.iter().take(8).collect::<Vec<_>>().join(","),
        })?;
        Ok(Self {
            reader,
            layout,
            cells,
        })
    }
}

impl<R: Read> GeoTable<R> {
    /// The layout that the header told.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// The next row, or why it is none; nothing at the end.
    ///
    /// # Errors
    /// When the rest cannot be read.
    pub fn next_row(&mut self) -> Result<Option<Result<GeoRow, Rejected>>, GeoFault> {
        if !self.reader.read_record(&mut self.cells).map_err(fault)? {
            return Ok(None);
        }
        let line = self.cells.position().map_or(0, Position::line);
        let row = row(self.layout, line, &self.cells);
        Ok(Some(row.map_err(|(problem, postal_code)| Rejected {
            line,
            postal_code: postal_code.to_owned(),
            problem,
        })))
    }
}

fn row(layout: Layout, line: u64, cells: &StringRecord) -> Result<GeoRow, (RowProblem, &str)> {
    let mut cells = cells.iter().map(str::trim);
    let mut cell = || cells.next();
    let country = match layout.country() {
        Some(country) => country,
        None => cell().unwrap_or_default(),
    };
    let code = cell().unwrap_or_default();
    let (Some(latitude), Some(longitude)) = (cell(), cell()) else {
        return Err((RowProblem::Short, code));
    };
    let (latitude, longitude) = coordinates(latitude, longitude).map_err(|why| (why, code))?;
    Ok(GeoRow {
        line,
        country: country.to_owned(),
        postal_code: code.to_owned(),
        latitude,
        longitude,
    })
}

fn coordinates(latitude: &str, longitude: &str) -> Result<(f64, f64), RowProblem> {
    if latitude.is_empty() || longitude.is_empty() {
        return Err(RowProblem::Empty);
    }
    let degrees = |text: &str| text.parse::<f64>().map_err(|_| RowProblem::NoNumber);
    let (north, east) = (degrees(latitude)?, degrees(longitude)?);
    if !(north.abs() <= LATITUDE_MAX && east.abs() <= LONGITUDE_MAX) {
        return Err(RowProblem::OffTheGlobe);
    }
    if north.abs() + east.abs() < f64::EPSILON {
        return Err(RowProblem::Null);
    }
    Ok((north, east))
}

/// The delimiter that the first line has most of.
fn delimiter(bytes: &[u8]) -> u8 {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or(bytes);
    let count = |delimiter: u8| line.iter().filter(|byte| **byte == delimiter).count();
    // Of equals the comma, which stands first.
    let most = DELIMITERS.into_iter().rev().max_by_key(|one| count(*one));
    most.unwrap_or(b',')
}

fn fault(error: csv::Error) -> GeoFault {
    let line = error.position().map_or(0, Position::line);
    match error.kind() {
        ErrorKind::Utf8 { .. } => GeoFault::Encoding { line },
        _ => GeoFault::Row {
            line,
            detail: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row as `CC code latitude longitude`, or `line N: problem`.
    fn read(text: &str) -> Vec<String> {
        let mut table = GeoTable::open(text.as_bytes()).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = table.next_row().unwrap() {
            rows.push(match row {
                Ok(row) => format!(
                    "{} {} {} {}",
                    row.country, row.postal_code, row.latitude, row.longitude
                ),
                Err(rejected) => format!("line {}: {:?}", rejected.line, rejected.problem),
            });
        }
        rows
    }

    #[test]
    fn each_layout_is_told_by_its_header() {
        for (text, expected) in [
            (
                "zip,lat,lon,city,state\n10001,40.7484,-73.9967,\"New York\",NY\n",
                "US 10001 40.7484 -73.9967",
            ),
            (
                "fsa,lat,lon,city,province\nK1A,45.4207,-75.7023,Ottawa,Ontario",
                "CA K1A 45.4207 -75.7023",
            ),
            ("plz,a,b\r\n10115,52.5,13.4\r\n", "DE 10115 52.5 13.4"),
            (
                "\u{feff}Country;Postal_Code;Latitude;Longitude\nGB; LS1 4AP ;53.8;-1.55\n",
                "GB LS1 4AP 53.8 -1.55",
            ),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn rows_that_say_nothing_are_rejected_with_their_line() {
        let text = "fsa,lat,lon,city\nE1H,,46.1506,Lakeville\nA1A\nA1B,x,1\nA1C,91,0\nA1D,0,-0\nA1E,NaN,1\nK1A,45.4,-75.7\n";
        let expected = [
            "line 2: Empty",
            "line 3: Short",
            "line 4: NoNumber",
            "line 5: OffTheGlobe",
            "line 6: Null",
            "line 7: OffTheGlobe",
            "CA K1A 45.4 -75.7",
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn an_unknown_header_is_told_what_would_be_right() {
        for text in ["", "code,x,y\n1,2,3\n", "zip\n"] {
            let fault = GeoTable::open(text.as_bytes()).err().unwrap();
            assert!(matches!(fault, GeoFault::Header { .. }), "{fault}");
            assert!(fault.to_string().contains("zip,lat,lon"), "{fault}");
        }
        let latin = b"zip,lat,lon\n10001,1,\xE9\n";
        let fault = GeoTable::open(latin).unwrap().next_row().unwrap_err();
        assert_eq!(fault, GeoFault::Encoding { line: 2 });
    }
}
