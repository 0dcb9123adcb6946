//! What is wrong with a table of postal codes, or with one of its rows.

use std::fmt;

/// Why a table cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeoFault {
    /// The first line names no columns that are known.
    #[error(
        "line 1: the columns {found:?} are none that are known; name them {}",
        super::Layout::all_headers()
    )]
    Header {
        /// The columns that were found.
        found: String,
    },
    /// It is no text in UTF-8.
    #[error("line {line}: this is no text in UTF-8; save the table as CSV in UTF-8")]
    Encoding {
        /// The line.
        line: u64,
    },
    /// A row cannot be read.
    #[error("line {line}: {detail}; correct the line or take it out")]
    Row {
        /// The line.
        line: u64,
        /// What is wrong.
        detail: String,
    },
}

/// Why a row says of no postal code where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowProblem {
    /// It has fewer columns than the header.
    Short,
    /// The country is no ISO 3166-1 alpha-2 code.
    Country,
    /// The postal code is empty or too long, or has no letter and no digit.
    Code,
    /// A coordinate is empty.
    Empty,
    /// A coordinate is no number of degrees.
    NoNumber,
    /// The coordinates are on no globe.
    OffTheGlobe,
    /// The coordinates are 0, 0, which stands for a place that is not known.
    Null,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Short => "the row has fewer columns than the header",
            Self::Country => "the country is no ISO 3166-1 alpha-2 code such as DE",
            Self::Code => "the postal code is empty or too long",
            Self::Empty => "a coordinate is empty",
            Self::NoNumber => "a coordinate is no number of degrees",
            Self::OffTheGlobe => "the coordinates are on no globe",
            Self::Null => "the coordinates are 0, 0, which stands for a place that is not known",
        })
    }
}
