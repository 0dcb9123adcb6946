//! Statements: one name, the text for each engine.

/// A statement with its text for each engine.
///
/// A *keyed* statement runs once per row of its columns: SQLite binds one row after the other, PostgreSQL takes
/// every column as an array. A *list* statement runs once with single values.
#[derive(Debug)]
pub(crate) struct Statement {
    /// Unique name; used in errors and as the key of prepared statements.
    pub name: &'static str,
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
    /// For guarded statements: the parameters that PostgreSQL returns for the rows that took, in order.
    pub guard: &'static [usize],
}

impl Statement {
    /// A statement without a guard.
    pub(crate) const fn new(
        name: &'static str,
        sqlite: &'static str,
        postgres: &'static str,
    ) -> Self {
        Self {
            name,
            sqlite,
            postgres,
            guard: &[],
        }
    }

    /// A statement that must take for every row; `guard` names the parameters that identify a row.
    pub(crate) const fn guarded(
        name: &'static str,
        guard: &'static [usize],
        sqlite: &'static str,
        postgres: &'static str,
    ) -> Self {
        Self {
            name,
            sqlite,
            postgres,
            guard,
        }
    }
}
