//! The files of an import: the mapping and the sheet.

use std::fs::File;
use std::path::Path;

use throughline_formats::sheet::{Mapping, Sheet, SheetFault};

use crate::cli::Failure;

/// Largest mapping; a larger file is something else.
const MAPPING_MAX: u64 = 1 << 20;

/// What is said of a file that is named as a workbook and read as text, which it is not either.
const NO_WORKBOOK: &str = "this is no XLSX workbook, though it is named so: it is damaged or of another kind; open it in a spreadsheet \
    program and save it as .xlsx or CSV, or give CSV a name that ends with .csv";

/// Reads and checks the mapping.
///
/// # Errors
/// Names the file, the line or key, and what would be right.
pub(super) fn mapping(path: &Path) -> Result<Mapping, Failure> {
    let unreadable = |why: &dyn std::fmt::Display| {
        Failure::Input(format!(
            "cannot read the mapping {}: {why}; name the mapping's file with --map",
            path.display()
        ))
    };
    let size = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
    if size.len() > MAPPING_MAX {
        return Err(unreadable(&format!(
            "it is {} bytes long, and no mapping is that long",
            size.len()
        )));
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error))?;
    Mapping::parse(&text).map_err(|fault| about(path, &fault))
}

/// Opens the sheet and finds out whether it is whole.
///
/// # Errors
/// Names the file, the line, and what to do.
pub(super) fn sheet(path: &Path, mapping: &Mapping) -> Result<Sheet<File>, Failure> {
    let file = File::open(path)
        .map_err(|error| Failure::Input(format!("cannot open {}: {error}", path.display())))?;
    Sheet::open(file, mapping).map_err(|fault| match fault {
        SheetFault::Encoding { .. } | SheetFault::Binary { .. } | SheetFault::Delimiter { .. }
            if is_named_workbook(path) =>
        {
            about(path, &NO_WORKBOOK)
        }
        fault => about(path, &fault),
    })
}

/// Whether the name promises an XLSX workbook.
fn is_named_workbook(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"))
}

/// A fault of a file, with the file's name.
pub(super) fn about(path: &Path, fault: &dyn std::fmt::Display) -> Failure {
    Failure::Input(format!("{}: {fault}", path.display()))
}
