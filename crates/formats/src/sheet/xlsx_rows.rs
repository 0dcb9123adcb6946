//! Rows of an Excel workbook, cell by cell as they stand in the file.

use std::fmt::Write;
use std::io::{BufReader, Read, Seek};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use csv::StringRecord;
use jiff::civil::DateTime;

use super::fault::{ReadFault, SheetFault, nearest};
use super::header::Header;
use super::mapping::Kind;
use super::rows::{BehindHeader, Visit};
use super::rules::Rules;

/// Visits every row behind the header and answers the header.
pub(crate) fn each_row<R: Read + Seek, E>(
    source: R,
    rules: &Rules,
    visit: &mut Visit<'_, E>,
) -> Result<Header, ReadFault<E>> {
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(source)).map_err(fault)?;
    let sheet = sheet_name(&workbook.sheet_names(), rules.format.sheet.as_deref())?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(fault)?;
    let mut rows = BehindHeader::new(rules, Kind::Xlsx, visit);
    let mut row = Row {
        number: 0,
        texts: Vec::new(),
    };
    while let Some(cell) = cells.next_cell().map_err(fault)? {
        let (number, column) = cell.get_position();
        if number != row.number {
            row.flush(&mut rows)?;
            row.number = number;
        }
        row.put(column, text(cell.get_value(), rules.numbers.decimal));
    }
    row.flush(&mut rows)?;
    Ok(rows.end()?)
}

/// A row that is being put together. Cells that are not in the file are empty.
struct Row {
    /// From 0.
    number: u32,
    texts: Vec<String>,
}

impl Row {
    fn put(&mut self, column: u32, text: String) {
        let column = column as usize;
        if text.is_empty() {
            return;
        }
        if self.texts.len() <= column {
            self.texts.resize(column + 1, String::new());
        }
        self.texts[column] = text;
    }

    fn flush<E>(&mut self, rows: &mut BehindHeader<'_, '_, E>) -> Result<(), ReadFault<E>> {
        if self.texts.is_empty() {
            return Ok(());
        }
        let missing = rows.width().unwrap_or(0).saturating_sub(self.texts.len());
        let mut cells: StringRecord = self.texts.drain(..).collect();
        (0..missing).for_each(|_| cells.push_field(""));
        rows.row(u64::from(self.number) + 1, &mut cells)
    }
}

fn sheet_name(sheets: &[String], wanted: Option<&str>) -> Result<String, SheetFault> {
    let Some(wanted) = wanted else {
        return sheets.first().cloned().ok_or(SheetFault::Empty);
    };
    sheets
        .iter()
        .find(|sheet| *sheet == wanted)
        .cloned()
        .ok_or_else(|| SheetFault::MissingSheet {
            sheet: wanted.to_owned(),
            nearest: nearest(wanted, sheets.iter().map(String::as_str)),
            found: sheets.to_vec(),
        })
}

/// A cell as text, numbers with the decimal separator of the mapping and dates in ISO 8601.
///
/// Workbooks keep numbers as binary fractions; the shortest decimal that means the same fraction is what was typed.
fn text(value: &DataRef<'_>, decimal: char) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number
            .to_string()
            .replace('.', decimal.encode_utf8(&mut [0; 4])),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) => date(*moment),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A workbook's date, to the nearest second: its fraction of a day is seldom exact.
fn date(moment: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, millisecond) = moment.to_ymd_hms_milli();
    let small = |part: u8| i8::try_from(part).ok();
    let civil = || {
        let nanosecond = i32::from(millisecond) * 1_000_000;
        let year = i16::try_from(year).ok()?;
        let civil = DateTime::new(
            year,
            small(month)?,
            small(day)?,
            small(hour)?,
            small(minute)?,
            small(second)?,
            nanosecond,
        )
        .ok()?;
        civil.round(jiff::Unit::Second).ok()
    };
    let mut text = String::new();
    match civil() {
        Some(civil) => drop(write!(text, "{} {}", civil.date(), civil.time())),
        None => drop(write!(text, "{}", moment.as_f64())),
    }
    text
}

fn fault(error: XlsxError) -> SheetFault {
    match error {
        XlsxError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            SheetFault::Io(error)
        }
        error => SheetFault::Workbook {
            problem: error.to_string(),
        },
    }
}
