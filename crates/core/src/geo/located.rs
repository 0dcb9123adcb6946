//! How exactly a place is known.

use serde::{Deserialize, Serialize};

use super::Point;

/// Where coordinates came from, the most exact first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum LocatedBy {
    /// They came with the address.
    #[default]
    Given,
    /// The middle of the address's postal code.
    PostalCode,
    /// The middle of the postal codes that begin like the address's.
    Area,
    /// The middle of the country: right to a few hundred kilometres, or thousands in the largest countries.
    Country,
}

impl LocatedBy {
    /// Whether the coordinates came with the address.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde asks for a reference"
    )]
    pub(crate) fn is_given(&self) -> bool {
        *self == Self::Given
    }
}

/// A point, and how exactly it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Located {
    /// Where.
    pub point: Point,
    /// What said so.
    pub by: LocatedBy,
}
