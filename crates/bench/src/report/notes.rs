//! What people wrote about the rows: kept in a file of its own, so that a new run keeps it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// Notes by the name of their row.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Notes(BTreeMap<String, Note>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    /// What the profile shows.
    profile: String,
}

impl Notes {
    /// Reads the file; without a file there are no notes.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(path)?;
        toml::from_str(&text).with_context(|| format!("{} is no notes file", path.display()))
    }

    /// What the profile shows of this row, on one line.
    pub(crate) fn of(&self, row: &str) -> String {
        let note = self.0.get(row).map(|note| note.profile.as_str());
        note.unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_of_several_lines_fits_a_cell() {
        let notes: Notes =
            toml::from_str("[lone]\nprofile = \"\"\"\nhalf of it\nis the disk\"\"\"\n")
                .expect("notes");
        assert_eq!(notes.of("lone"), "half of it is the disk");
        assert_eq!(notes.of("bulk"), "");
    }
}
