//! What makes a whole file or a mapping unusable: each fault names the thing and the remedy.

use super::encoding::Encoding;

/// The file cannot be read as a sheet of orders. Nothing of it was handed out.
#[derive(Debug, thiserror::Error)]
pub enum SheetFault {
    /// Reading the bytes failed.
    #[error("the file cannot be read: {0}")]
    Io(#[source] std::io::Error),
    /// The mapping is not usable.
    #[error(transparent)]
    Mapping(#[from] MappingFault),
    /// There is nothing in the file.
    #[error("the file is empty: export it again, and check that it has a header row and orders")]
    Empty,
    /// Bytes that the declared encoding does not allow.
    #[error(
        "line {line}, byte {offset}: this is not {declared} text; it looks like {suggested}: set encoding = \"{suggested}\" under [format]"
    )]
    Encoding {
        /// What the mapping says.
        declared: Encoding,
        /// What the bytes look like.
        suggested: Encoding,
        /// Line, from 1.
        line: u64,
        /// Offset in bytes from the start of the file, from 0.
        offset: u64,
    },
    /// A byte that no text has.
    #[error(
        "line {line}, byte {offset}: this is no text file (it holds a control byte): export the sheet as CSV or XLSX"
    )]
    Binary {
        /// Line, from 1.
        line: u64,
        /// Offset in bytes from the start of the file, from 0.
        offset: u64,
    },
    /// The header falls into the mapped columns only with another delimiter.
    #[error(
        "the columns are not separated by {declared}; it looks like {suggested}: set delimiter = {suggested} under [format]"
    )]
    Delimiter {
        /// What the mapping says, quoted for TOML.
        declared: String,
        /// What the header looks like, quoted for TOML.
        suggested: String,
    },
    /// A mapped column does not exist.
    #[error(
        "the mapping's {key} names the column \"{column}\", which the file does not have{}",
        did_you_mean(nearest, found)
    )]
    MissingColumn {
        /// The mapping's key.
        key: String,
        /// The column it names.
        column: String,
        /// The most similar header.
        nearest: Option<String>,
        /// Every header of the file.
        found: Vec<String>,
    },
    /// Two columns bear a mapped name.
    #[error(
        "the file has two columns named \"{column}\" (columns {first} and {second}): rename one in the header row"
    )]
    DuplicateColumn {
        /// The name.
        column: String,
        /// Position, from 1.
        first: usize,
        /// Position, from 1.
        second: usize,
    },
    /// No row stands where the header should.
    #[error("header_row = {row}, but the file ends before that row")]
    NoHeader {
        /// Row, from 1.
        row: u64,
    },
    /// A quote was opened and never closed, or swallows lines.
    #[error(
        "line {line}: a quotation mark is opened here and not closed where it should be; the file is truncated or the mark should be doubled"
    )]
    Quote {
        /// Line where the row begins, from 1.
        line: u64,
    },
    /// The last row stops in the middle.
    #[error(
        "line {line}: the file ends in the middle of a row ({found} of {expected} columns): it is truncated, export or copy it again"
    )]
    Truncated {
        /// Line, from 1.
        line: u64,
        /// Columns found.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A row is larger than any row of orders.
    #[error(
        "line {line}: this row is over {limit} bytes long: a quotation mark is probably not closed"
    )]
    RowTooLong {
        /// Line, from 1.
        line: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// A workbook that is not XLSX.
    #[error(
        "this is an old or encrypted Excel workbook: open it in a spreadsheet program and save it as .xlsx without a password, or as CSV"
    )]
    LegacyWorkbook,
    /// The mapping asks for another kind of file.
    #[error(
        "the mapping says kind = \"{declared}\", but the file is {found}: correct or leave out kind under [format]"
    )]
    Kind {
        /// What the mapping says.
        declared: &'static str,
        /// What the file is.
        found: &'static str,
    },
    /// The workbook is damaged.
    #[error(
        "the workbook cannot be read ({problem}): it is damaged or not .xlsx; open it in a spreadsheet program and save it again"
    )]
    Workbook {
        /// What the reader found.
        problem: String,
    },
    /// The workbook has no such sheet.
    #[error(
        "the workbook has no sheet \"{sheet}\"{}",
        did_you_mean(nearest, found)
    )]
    MissingSheet {
        /// The sheet asked for.
        sheet: String,
        /// The most similar sheet.
        nearest: Option<String>,
        /// Every sheet of the workbook.
        found: Vec<String>,
    },
    /// The file changed between its two readings.
    #[error("the file changed while it was read: import it again when nobody writes to it")]
    Changed,
}

/// Reading stopped.
#[derive(Debug, thiserror::Error)]
pub enum ReadFault<E> {
    /// Because of the file.
    #[error(transparent)]
    Sheet(#[from] SheetFault),
    /// Because whoever takes the documents said so.
    #[error("{0}")]
    Sink(E),
}

/// The mapping is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingFault {
    /// The text is no TOML, or a value has the wrong type.
    #[error("mapping, line {line}: {problem}")]
    Syntax {
        /// Line, from 1; 0 where no line is to blame.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A key that mappings do not have.
    #[error(
        "mapping, line {line}: there is no key \"{key}\" here{}",
        did_you_mean(nearest, found)
    )]
    UnknownKey {
        /// Line, from 1.
        line: usize,
        /// The unknown key.
        key: String,
        /// The most similar key.
        nearest: Option<String>,
        /// Every key that may stand there.
        found: Vec<String>,
    },
    /// A value that makes no sense.
    #[error("mapping, {key}: {problem}")]
    Value {
        /// The key, with its table.
        key: String,
        /// What is wrong and what to write.
        problem: String,
    },
}

fn did_you_mean(nearest: &Option<String>, found: &[String]) -> String {
    match nearest {
        Some(nearest) => format!(": did you mean \"{nearest}\"?"),
        None if found.is_empty() => String::new(),
        None => format!(": it has {}", quoted(found)),
    }
}

fn quoted(names: &[String]) -> String {
    const SHOWN_MAX: usize = 30;
    let mut text = names
        .iter()
        .take(SHOWN_MAX)
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN_MAX {
        text.push_str(" and more");
    }
    text
}

/// The candidate that a person most likely meant, if any is similar.
pub(crate) fn nearest<'a>(
    wanted: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    const SIMILAR: f64 = 0.5;
    const PART_LENGTH_MIN: usize = 3;
    let wanted = plain(wanted);
    let similarity = |candidate: &str| {
        let candidate = plain(candidate);
        let is_part = wanted.len() >= PART_LENGTH_MIN && candidate.contains(&wanted);
        strsim::normalized_damerau_levenshtein(&wanted, &candidate).max(if is_part {
            SIMILAR
        } else {
            0.0
        })
    };
    candidates
        .into_iter()
        .map(|candidate| (similarity(candidate), candidate))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate.to_owned())
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_the_one_a_person_meant() {
        let headers = ["InvoiceNo", "StockCode", "Quantity", "Unit Price"];
        for (wanted, expected) in [
            ("invoice_no", Some("InvoiceNo")),
            ("UnitPrice", Some("Unit Price")),
            ("Quantitiy", Some("Quantity")),
            ("Stock", Some("StockCode")),
            ("Colour", None),
        ] {
            assert_eq!(nearest(wanted, headers).as_deref(), expected, "{wanted}");
        }
    }
}
