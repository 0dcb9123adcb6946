//! The file of refused rows: why, and the row as it was, ready to be corrected and imported again.
//!
//! It is written with the mapping's delimiter and encoding, and its columns are `line`, `reason` and those of the
//! original file, so that the same mapping reads it. (A mapping without a header row has to be given one for that.)
//!
//! Cells that a spreadsheet program would take for a formula, those that begin with `=`, `+`, `-`, `@`, a tab or a
//! carriage return, get an apostrophe in front, unless they are plain numbers, which are harmless and must stay numbers.

use std::io::{self, Write};

use super::document::Reject;
use super::encoding::Encoding;
use super::mapping::Mapping;

/// Writes refused rows as CSV.
pub struct RejectWriter<W: Write> {
    rows: csv::Writer<Encoder<W>>,
}

/// Turns the UTF-8 of whole records into the encoding of the file.
struct Encoder<W> {
    encoding: Encoding,
    /// The beginning of a character whose rest is still to come.
    utf8: Vec<u8>,
    target: W,
}

impl<W: Write> RejectWriter<W> {
    /// Begins a file with its header; `columns` are the names of the original file's columns.
    ///
    /// # Errors
    /// Writing failed.
    pub fn new(mut target: W, mapping: &Mapping, columns: &[String]) -> io::Result<Self> {
        let delimiter = mapping.format.delimiter.bytes().next().unwrap_or(b',');
        let encoding = mapping.format.encoding;
        target.write_all(encoding.mark())?;
        let encoder = Encoder {
            encoding,
            utf8: Vec::new(),
            target,
        };
        let mut rows = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_writer(encoder);
        rows.write_record(
            ["line", "reason"]
                .into_iter()
                .chain(columns.iter().map(String::as_str))
                .map(harmless),
        )?;
        Ok(Self { rows })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Writing failed.
    pub fn write(&mut self, reject: &Reject) -> io::Result<()> {
        let line = reject.source.raw.line.to_string();
        let cells = [line.as_str(), reject.reason.as_str()]
            .into_iter()
            .chain(reject.source.raw.cells());
        Ok(self.rows.write_record(cells.map(harmless))?)
    }

    /// Ends the file and gives back the target.
    ///
    /// # Errors
    /// Writing failed.
    pub fn finish(self) -> io::Result<W> {
        let encoder = self.rows.into_inner().map_err(|error| error.into_error())?;
        Ok(encoder.target)
    }
}

impl<W: Write> Write for Encoder<W> {
    /// Encodes the whole characters; the beginning of one waits for its rest.
    fn write(&mut self, utf8: &[u8]) -> io::Result<usize> {
        self.utf8.extend_from_slice(utf8);
        let whole = match std::str::from_utf8(&self.utf8) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        let rest = self.utf8.split_off(whole);
        let mut encoded = Vec::with_capacity(whole);
        self.encoding
            .encode(&String::from_utf8_lossy(&self.utf8), &mut encoded);
        self.utf8 = rest;
        self.target.write_all(&encoded)?;
        Ok(utf8.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }
}

/// The cell, with an apostrophe in front if a spreadsheet program would take it for a formula.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let signed = cell.strip_prefix(['-', '+']).unwrap_or_default();
    let number = signed.starts_with(|c: char| c.is_ascii_digit())
        && signed
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '));
    if formula && !number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
