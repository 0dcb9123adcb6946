//! The layouts of tables, told by their header.

/// The order of the columns that matter, and the country of a table that names none in its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// ZIP codes of the United States.
    UnitedStates,
    /// Forward sortation areas of Canada.
    Canada,
    /// Postal codes of Germany.
    Germany,
    /// Any country; the row names it.
    General,
}

/// Columns that a header begins with.
const HEADERS: [(Layout, &[&str]); 5] = [
    (Layout::UnitedStates, &["zip", "lat", "lon"]),
    (Layout::Canada, &["fsa", "lat", "lon"]),
    (Layout::Germany, &["plz", "a", "b"]),
    (Layout::Germany, &["plz", "lat", "lon"]),
    (
        Layout::General,
        &["country", "postal_code", "latitude", "longitude"],
    ),
];

impl Layout {
    /// The layout whose columns a header begins with; capitals and surrounding space do not matter.
    pub(super) fn of_header<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Self> {
        let cells: Vec<String> = cells.map(|cell| cell.trim().to_lowercase()).collect();
        let begins = |columns: &[&str]| {
            cells.len() >= columns.len()
                && columns
                    .iter()
                    .zip(&cells)
                    .all(|(column, cell)| column == cell)
        };
        let known = HEADERS.iter().find(|(_, columns)| begins(columns));
        known.map(|(layout, _)| *layout)
    }

    /// The country of all rows, where the table is of one country.
    #[must_use]
    pub fn country(self) -> Option<&'static str> {
        match self {
            Self::UnitedStates => Some("US"),
            Self::Canada => Some("CA"),
            Self::Germany => Some("DE"),
            Self::General => None,
        }
    }

    /// Every header that is known, for messages.
    pub(super) fn all_headers() -> String {
        let headers: Vec<String> = HEADERS
            .iter()
            .map(|(_, columns)| columns.join(","))
            .collect();
        headers.join(" or ")
    }
}
