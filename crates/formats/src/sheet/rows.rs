//! The rows of a file, whatever its kind, one after the other.

use std::fmt;
use std::io::{Read, Seek, SeekFrom};

use csv::StringRecord;

use super::fault::{ReadFault, SheetFault};
use super::header::Header;
use super::mapping::Kind;
use super::rules::Rules;
use super::{csv_rows, xlsx_rows};

/// A row as the file has it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawRow {
    /// Line (CSV) or row (XLSX), from 1; of a row over several lines, the first.
    pub line: u64,
    pub(crate) cells: StringRecord,
}

impl RawRow {
    /// The cells, unchanged.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter()
    }
}

/// Shows no cells: they hold personal data.
impl fmt::Debug for RawRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} ({} cells)", self.line, self.cells.len())
    }
}

/// What is done with each row behind the header: its line and its cells, which may be taken.
pub(crate) type Visit<'v, E> =
    dyn FnMut(&Header, u64, &mut StringRecord) -> Result<(), ReadFault<E>> + 'v;

/// Recognises the kind of file by its first bytes, and leaves the source at its start.
pub(crate) fn kind_of<R: Read + Seek>(
    source: &mut R,
    declared: Option<Kind>,
) -> Result<Kind, SheetFault> {
    let mut start = Vec::new();
    source.seek(SeekFrom::Start(0)).map_err(SheetFault::Io)?;
    source
        .by_ref()
        .take(8)
        .read_to_end(&mut start)
        .map_err(SheetFault::Io)?;
    source.seek(SeekFrom::Start(0)).map_err(SheetFault::Io)?;
    if start.is_empty() {
        return Err(SheetFault::Empty);
    }
    if start.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(SheetFault::LegacyWorkbook);
    }
    let found = if start.starts_with(b"PK\x03\x04") {
        Kind::Xlsx
    } else {
        Kind::Csv
    };
    match (declared, found) {
        (Some(Kind::Xlsx), Kind::Csv) => Err(SheetFault::Kind {
            declared: "xlsx",
            found: "no workbook",
        }),
        (Some(Kind::Csv), Kind::Xlsx) => Err(SheetFault::Kind {
            declared: "csv",
            found: "a workbook",
        }),
        _ => Ok(found),
    }
}

/// Visits every row behind the header and answers the header.
///
/// # Errors
/// What is wrong with the file as a whole, or what the visitor says.
pub(crate) fn each_row<R: Read + Seek, E>(
    source: &mut R,
    kind: Kind,
    rules: &Rules,
    visit: &mut Visit<'_, E>,
) -> Result<Header, ReadFault<E>> {
    source.seek(SeekFrom::Start(0)).map_err(SheetFault::Io)?;
    match kind {
        Kind::Csv => csv_rows::each_row(source, rules, visit),
        Kind::Xlsx => xlsx_rows::each_row(source, rules, visit),
    }
}

/// Finds the header among the rows, and hands on those behind it.
pub(crate) struct BehindHeader<'r, 'v, E> {
    rules: &'r Rules,
    kind: Kind,
    header: Option<Header>,
    any: bool,
    visit: &'r mut Visit<'v, E>,
}

impl<'r, 'v, E> BehindHeader<'r, 'v, E> {
    pub(crate) fn new(rules: &'r Rules, kind: Kind, visit: &'r mut Visit<'v, E>) -> Self {
        Self {
            rules,
            kind,
            header: None,
            any: false,
            visit,
        }
    }

    /// Columns of the header, once it was found.
    pub(crate) fn width(&self) -> Option<usize> {
        self.header.as_ref().map(|header| header.names().len())
    }

    pub(crate) fn row(&mut self, line: u64, cells: &mut StringRecord) -> Result<(), ReadFault<E>> {
        self.any = true;
        if let Some(header) = &self.header {
            return (self.visit)(header, line, cells);
        }
        if line < self.rules.format.header_row {
            return Ok(());
        }
        let header = Header::resolve(cells, self.rules, self.kind)?;
        if self.rules.format.header_row == 0 {
            (self.visit)(&header, line, cells)?;
        }
        self.header = Some(header);
        Ok(())
    }

    pub(crate) fn end(self) -> Result<Header, SheetFault> {
        match self.header {
            Some(header) => Ok(header),
            None if self.any => Err(SheetFault::NoHeader {
                row: self.rules.format.header_row,
            }),
            None => Err(SheetFault::Empty),
        }
    }
}
