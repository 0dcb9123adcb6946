//! The files of an import: the mapping and the sheet.

use std::fs::File;
use std::path::Path;

use throughline_formats::sheet::{Mapping, Sheet};

use crate::cli::Failure;

/// Largest mapping; a larger file is something else.
const MAPPING_MAX: u64 = 1 << 20;

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
    Sheet::open(file, mapping).map_err(|fault| about(path, &fault))
}

/// A fault of a file, with the file's name.
pub(super) fn about(path: &Path, fault: &dyn std::fmt::Display) -> Failure {
    Failure::Input(format!("{}: {fault}", path.display()))
}
