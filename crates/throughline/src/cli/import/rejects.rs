//! The file of refused rows: written beside its final name, and put there when the import has ended.

use std::fs::{File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use throughline_formats::sheet::{Mapping, Reject, RejectWriter};

use crate::cli::Failure;

/// The file of refused rows, being written.
pub(super) struct RejectsFile {
    path: PathBuf,
    /// Whether somebody asked for the file by name, and gets it even when it holds a header only.
    is_wanted: bool,
    /// Where the rows are until the import has ended; `None` for a device or pipe, which is written at once.
    partial: Option<Partial>,
    rows: RejectWriter<BufWriter<File>>,
    count: u64,
}

/// A file that is not in its place yet; it goes away when it never gets there.
struct Partial(Option<PathBuf>);

impl Partial {
    /// Puts the file in its place.
    fn put(mut self, path: &Path) -> io::Result<()> {
        let partial = self.0.take();
        partial.map_or(Ok(()), |partial| std::fs::rename(partial, path))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(partial) = &self.0
            && let Err(error) = std::fs::remove_file(partial)
        {
            tracing::warn!(%error, "the file of refused rows that was begun could not be removed");
        }
    }
}

impl RejectsFile {
    /// Begins the file, so that nothing is imported when it cannot be written.
    ///
    /// # Errors
    /// Names the file and what to do.
    pub(super) fn begin(
        wanted: Option<&Path>,
        input: &Path,
        mapping: &Mapping,
        columns: &[String],
    ) -> Result<Self, Failure> {
        let path = wanted.map_or_else(|| usual_path(input), Path::to_path_buf);
        if is_same(&path, input) {
            return Err(Failure::Usage(
                "--rejects names the file that is imported; name another one".to_owned(),
            ));
        }
        let partial = (!is_device(&path)).then(|| partial_path(&path));
        let begun = begin_at(&path, partial.as_deref(), mapping, columns);
        Ok(Self {
            is_wanted: wanted.is_some(),
            rows: begun.map_err(|error| unwritable(&path, &error))?,
            partial: partial.map(|partial| Partial(Some(partial))),
            path,
            count: 0,
        })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When the disk is full, say.
    pub(super) fn write(&mut self, reject: &Reject) -> Result<(), Failure> {
        self.count += 1;
        let written = self.rows.write(reject);
        written.map_err(|error| unwritable(&self.path, &error))
    }

    /// Puts the file in its place and gives its path, if it holds rows or was asked for. A file of an earlier import
    /// never stays behind with rows that are not refused any more.
    ///
    /// # Errors
    /// When it cannot be put there.
    pub(super) fn finish(self) -> Result<Option<PathBuf>, Failure> {
        let Self {
            path,
            is_wanted,
            partial,
            rows,
            count,
        } = self;
        let is_kept = is_wanted || count > 0 || path.exists();
        let placed = rows.finish().and_then(|mut target| {
            target.flush()?;
            match partial {
                Some(partial) if is_kept => partial.put(&path),
                Some(_) | None => Ok(()),
            }
        });
        placed.map_err(|error| unwritable(&path, &error))?;
        Ok((is_wanted || count > 0).then_some(path))
    }
}

fn begin_at(
    path: &Path,
    partial: Option<&Path>,
    mapping: &Mapping,
    columns: &[String],
) -> io::Result<RejectWriter<BufWriter<File>>> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let file = match partial {
        Some(partial) => locked(partial)?,
        None => File::create(path)?,
    };
    RejectWriter::new(BufWriter::new(file), mapping, columns)
}

/// Opens the file for this import alone; the lock goes with the process, so that a killed import leaves none.
fn locked(path: &Path) -> io::Result<File> {
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => io::Error::new(
            io::ErrorKind::ResourceBusy,
            "another import is writing its own there",
        ),
        TryLockError::Error(error) => error,
    })?;
    file.set_len(0)?;
    Ok(file)
}

/// `orders.rejects.csv` in the current folder for `anywhere/orders.xlsx`.
fn usual_path(input: &Path) -> PathBuf {
    let mut name = input.file_stem().unwrap_or_default().to_owned();
    name.push(".rejects.csv");
    PathBuf::from(name)
}

fn partial_path(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".partial");
    path.with_file_name(name)
}

fn is_same(path: &Path, input: &Path) -> bool {
    match (path.canonicalize(), input.canonicalize()) {
        (Ok(path), Ok(input)) => path == input,
        _ => false,
    }
}

fn is_device(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|known| !known.is_file() && !known.is_dir())
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Input(format!(
        "cannot write the refused rows to {}: {error}; name another file with --rejects",
        path.display()
    ))
}
