//! Rows of text with delimiters.

use std::io::Read;

use csv::{Reader, ReaderBuilder, StringRecord};

use super::fault::{ReadFault, SheetFault};
use super::header::Header;
use super::mapping::Kind;
use super::rows::{BehindHeader, Visit};
use super::rules::Rules;
use super::text::{END_OF_SHEET, TextReader, sheet_fault};

/// No row of orders is longer, in bytes.
const ROW_BYTES_MAX: usize = 1024 * 1024;

/// Visits every row behind the header and answers the header.
pub(crate) fn each_row<R: Read, E>(
    source: R,
    rules: &Rules,
    visit: &mut Visit<'_, E>,
) -> Result<Header, ReadFault<E>> {
    let text = TextReader::new(source, rules.format.encoding);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(rules.delimiter)
        .buffer_capacity(64 * 1024)
        .from_reader(text);
    let mut rows = BehindHeader::new(rules, Kind::Csv, visit);
    let mut cells = StringRecord::new();
    let mut last = (1, None);
    while reader.read_record(&mut cells).map_err(csv_fault)? {
        let line = first_line(&reader, &cells);
        if cells.len() == 1 && cells.get(0) == Some(END_OF_SHEET) {
            check_last(&reader, &rows, last)?;
            return Ok(rows.end()?);
        }
        if cells.as_slice().contains(END_OF_SHEET) {
            // Nothing ended this row, so its last line is not counted yet.
            return Err(SheetFault::Quote { line: line + 1 }.into());
        }
        if cells.as_slice().len() > ROW_BYTES_MAX {
            return Err(SheetFault::RowTooLong {
                line,
                limit: ROW_BYTES_MAX,
            }
            .into());
        }
        if swallows_lines(&cells, rows.width(), rules.delimiter) {
            return Err(SheetFault::Quote { line }.into());
        }
        last = (line, Some(cells.len()));
        rows.row(line, &mut cells)?;
    }
    Err(SheetFault::Quote { line: last.0 }.into())
}

/// A last line that is short and has no end was cut off.
fn check_last<R: Read, E>(
    reader: &Reader<TextReader<R>>,
    rows: &BehindHeader<'_, '_, E>,
    last: (u64, Option<usize>),
) -> Result<(), SheetFault> {
    match (last, rows.width()) {
        ((line, Some(found)), Some(expected))
            if found < expected && !reader.get_ref().ends_with_line_end() =>
        {
            Err(SheetFault::Truncated {
                line,
                found,
                expected,
            })
        }
        _ => Ok(()),
    }
}

/// The line that a record begins on. The parser's own position names blank lines before it.
fn first_line<R: Read>(reader: &Reader<TextReader<R>>, cells: &StringRecord) -> u64 {
    let inside = cells
        .as_slice()
        .bytes()
        .filter(|byte| *byte == b'\n')
        .count() as u64;
    reader.position().line().saturating_sub(1 + inside).max(1)
}

/// Whether a cell holds what were rows of their own, had a quotation mark been closed.
fn swallows_lines(cells: &StringRecord, width: Option<usize>, delimiter: u8) -> bool {
    if !cells.as_slice().contains('\n') {
        return false;
    }
    let Some(width) = width else { return false };
    let columns = |line: &str| line.bytes().filter(|byte| *byte == delimiter).count() + 1;
    let row_inside =
        |cell: &str| cell.contains('\n') && cell.lines().any(|line| columns(line) >= width.max(2));
    cells.len() != width || cells.iter().any(row_inside)
}

fn csv_fault(error: csv::Error) -> SheetFault {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => sheet_fault(error),
        kind => SheetFault::Io(std::io::Error::other(format!("{kind:?}"))),
    }
}
