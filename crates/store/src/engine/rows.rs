//! What statements return.

use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::StoreError;

/// One value. Sixteen bytes are always a [`Cell::Uuid`], whatever the column is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Cell {
    /// Nothing.
    Null,
    /// A whole number or a truth value.
    Integer(i64),
    /// Sixteen bytes.
    Uuid(Uuid),
    /// Text.
    Text(String),
    /// Any other number of bytes.
    Bytes(Vec<u8>),
}

impl Cell {
    /// Bytes in their one form.
    pub(crate) fn bytes_from(bytes: &[u8]) -> Self {
        match <[u8; 16]>::try_from(bytes) {
            Ok(sixteen) => Self::Uuid(Uuid::from_bytes(sixteen)),
            Err(_) => Self::Bytes(bytes.to_vec()),
        }
    }

    /// A text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// Rows in the order the database gave them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(super) cells: Vec<Cell>,
    pub(super) width: usize,
    pub(super) statement: &'static str,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    cells: &'a [Cell],
    statement: &'static str,
}

impl Rows {
    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or_default()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The rows.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.cells.chunks_exact(self.width.max(1)).map(|cells| Row {
            cells,
            statement: self.statement,
        })
    }

    /// The first row.
    pub(crate) fn first(&self) -> Option<Row<'_>> {
        self.iter().next()
    }
}

impl<'a> Row<'a> {
    /// All cells.
    pub(crate) fn cells(self) -> &'a [Cell] {
        self.cells
    }

    fn wrong(self, column: usize, wanted: &str) -> StoreError {
        StoreError::corrupt(
            format!("column {column} of {}", self.statement),
            format!("it is no {wanted}"),
        )
    }

    /// A whole number.
    pub(crate) fn int(self, column: usize) -> Result<i64, StoreError> {
        match self.cells.get(column) {
            Some(Cell::Integer(value)) => Ok(*value),
            _ => Err(self.wrong(column, "whole number")),
        }
    }

    /// A whole number that may be absent.
    pub(crate) fn opt_int(self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.cells.get(column) {
            Some(Cell::Null) => Ok(None),
            _ => self.int(column).map(Some),
        }
    }

    /// A whole number of another type.
    pub(crate) fn number<T: TryFrom<i64>>(self, column: usize) -> Result<T, StoreError> {
        T::try_from(self.int(column)?).map_err(|_| self.wrong(column, "number in its range"))
    }

    /// An id.
    pub(crate) fn uuid(self, column: usize) -> Result<Uuid, StoreError> {
        match self.cells.get(column) {
            Some(Cell::Uuid(value)) => Ok(*value),
            _ => Err(self.wrong(column, "id")),
        }
    }

    /// An id that may be absent.
    pub(crate) fn opt_uuid(self, column: usize) -> Result<Option<Uuid>, StoreError> {
        match self.cells.get(column) {
            Some(Cell::Null) => Ok(None),
            _ => self.uuid(column).map(Some),
        }
    }

    /// A text.
    pub(crate) fn text(self, column: usize) -> Result<&'a str, StoreError> {
        match self.cells.get(column) {
            Some(Cell::Text(value)) => Ok(value),
            _ => Err(self.wrong(column, "text")),
        }
    }

    /// A text that may be absent.
    pub(crate) fn opt_text(self, column: usize) -> Result<Option<&'a str>, StoreError> {
        match self.cells.get(column) {
            Some(Cell::Null) => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// Bytes.
    pub(crate) fn bytes(self, column: usize) -> Result<&'a [u8], StoreError> {
        match self.cells.get(column) {
            Some(Cell::Bytes(value)) => Ok(value),
            Some(Cell::Uuid(value)) => Ok(value.as_bytes()),
            _ => Err(self.wrong(column, "bytes")),
        }
    }

    /// A value kept as JSON text.
    pub(crate) fn json<T: DeserializeOwned>(self, column: usize) -> Result<T, StoreError> {
        let text = self.text(column)?;
        serde_json::from_str(text).map_err(|error| {
            StoreError::corrupt(format!("column {column} of {}", self.statement), error)
        })
    }
}
