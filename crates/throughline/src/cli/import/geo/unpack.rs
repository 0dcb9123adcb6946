//! The bytes of a table, unpacked where it is packed with xz.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use lzma_rust2::XzReader;

use crate::cli::Failure;

/// Largest table, unpacked; one of every address of a large country is smaller.
const TABLE_MAX: u64 = 256 << 20;
/// What a file packed with xz begins with.
const XZ: &[u8] = b"\xFD7zXZ\0";

/// Reads a table.
///
/// # Errors
/// Names the file and what to do, when it cannot be read, is damaged, or is too long.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let about = |why: &dyn std::fmt::Display| Failure::Input(format!("{}: {why}", path.display()));
    let mut file = File::open(path)
        .map_err(|error| Failure::Input(format!("cannot open {}: {error}", path.display())))?;
    let mut start = Vec::new();
    let cannot_read = |error: std::io::Error| about(&format!("cannot be read: {error}"));
    (&mut file)
        .take(XZ.len() as u64)
        .read_to_end(&mut start)
        .and_then(|_| file.rewind())
        .map_err(cannot_read)?;
    let mut bytes = Vec::new();
    if start == XZ {
        XzReader::new(file, false)
            .take(TABLE_MAX + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| about(&format!("cannot be unpacked: {error}; get it once more")))?;
    } else {
        file.take(TABLE_MAX + 1)
            .read_to_end(&mut bytes)
            .map_err(cannot_read)?;
    }
    if bytes.len() as u64 > TABLE_MAX {
        let limit = TABLE_MAX >> 20;
        return Err(about(&format!(
            "is longer than {limit} MiB; cut it into several tables"
        )));
    }
    Ok(bytes)
}
