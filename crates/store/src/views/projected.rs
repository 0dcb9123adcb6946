//! How far the projections are behind what is committed.

use crate::engine::{Connection, Statement};
use crate::error::StoreError;

pub(super) const STATEMENTS: &[&Statement] = &[&BEHIND];

const BEHIND: Statement = Statement::new(
    "projections_behind",
    "SELECT writer, batch, projected FROM writer WHERE projected < batch ORDER BY writer LIMIT 1000",
    "SELECT writer, batch, projected FROM writer WHERE projected < batch ORDER BY writer LIMIT 1000",
);

/// A writer whose last batches are not in the projections yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// The writer.
    pub writer: i32,
    /// Its last committed batch.
    pub committed: i64,
    /// The batch up to which its projections are complete.
    pub projected: i64,
}

impl Behind {
    /// Whether what a reader saw of the commits is in the projections, now that these writers are `behind`.
    #[must_use]
    pub fn is_settled(&self, behind: &[Self]) -> bool {
        behind
            .iter()
            .find(|now| now.writer == self.writer)
            .is_none_or(|now| now.projected >= self.committed)
    }
}

/// The writers whose projections are not complete.
///
/// # Errors
/// When the database cannot be read.
pub fn behind(connection: &mut Connection) -> Result<Vec<Behind>, StoreError> {
    let rows = connection.list(&BEHIND, &[])?;
    rows.iter()
        .map(|row| {
            Ok(Behind {
                writer: row.number(0)?,
                committed: row.int(1)?,
                projected: row.int(2)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_is_settled_once_its_projections_reach_what_was_committed() {
        let at = |writer, committed, projected| Behind {
            writer,
            committed,
            projected,
        };
        let seen = at(1, 7, 5);
        assert!(!seen.is_settled(&[at(2, 9, 9), at(1, 8, 6)]));
        assert!(
            seen.is_settled(&[at(1, 9, 7)]),
            "later batches do not matter"
        );
        assert!(seen.is_settled(&[at(2, 9, 1)]), "it is no longer behind");
    }
}
