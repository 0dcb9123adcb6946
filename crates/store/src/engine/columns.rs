//! Parameters by column: one array for each parameter, filled row by row without an allocation for each value.

use serde::Serialize;
use uuid::Uuid;

use super::rows::Cell;
use crate::error::StoreError;

/// The values of one parameter.
#[derive(Debug)]
pub(crate) enum Column {
    /// Whole numbers of any width, and truth values.
    Int(Vec<Option<i64>>),
    /// Ids.
    Uuid(Vec<Option<Uuid>>),
    /// Text.
    Text(Packed),
    /// Bytes.
    Bytes(Packed),
}

/// Values of variable length, end to end in one buffer.
#[derive(Debug, Default)]
pub(crate) struct Packed {
    bytes: Vec<u8>,
    ends: Vec<(usize, bool)>,
}

impl Packed {
    fn push(&mut self, value: Option<&[u8]>) {
        self.bytes.extend_from_slice(value.unwrap_or_default());
        self.ends.push((self.bytes.len(), value.is_some()));
    }

    pub(crate) fn ends(&self) -> &[(usize, bool)] {
        &self.ends
    }

    pub(crate) fn get(&self, row: usize) -> Option<&[u8]> {
        let (end, is_some) = self.ends[row];
        let start = if row == 0 { 0 } else { self.ends[row - 1].0 };
        is_some.then(|| &self.bytes[start..end])
    }
}

impl Column {
    fn clear(&mut self) {
        match self {
            Self::Int(values) => values.clear(),
            Self::Uuid(values) => values.clear(),
            Self::Text(packed) | Self::Bytes(packed) => {
                packed.bytes.clear();
                packed.ends.clear();
            }
        }
    }

    /// One value as a cell, to compare it with a returned one.
    fn cell(&self, row: usize) -> Cell {
        match self {
            Self::Int(values) => values[row].map_or(Cell::Null, Cell::Integer),
            Self::Uuid(values) => values[row].map_or(Cell::Null, Cell::Uuid),
            Self::Text(packed) => packed.get(row).map_or(Cell::Null, |text| {
                Cell::Text(String::from_utf8_lossy(text).into_owned())
            }),
            Self::Bytes(packed) => packed.get(row).map_or(Cell::Null, Cell::bytes_from),
        }
    }
}

/// All parameters of a statement, for any number of rows. Clearing keeps the buffers.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    columns: Vec<Column>,
    rows: usize,
}

impl Columns {
    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The columns.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Forgets all rows and keeps the buffers.
    pub(crate) fn clear(&mut self) {
        self.columns.iter_mut().for_each(Column::clear);
        self.rows = 0;
    }

    /// Begins a row; its values follow in the order of the parameters.
    pub(crate) fn row(&mut self) -> RowWriter<'_> {
        self.rows += 1;
        RowWriter {
            columns: &mut self.columns,
            at: 0,
        }
    }

    /// Copies the first parameters of another's row.
    pub(crate) fn copy_row(&mut self, other: &Self, row: usize, parameters: usize) {
        let mut writer = self.row();
        for column in &other.columns[..parameters] {
            writer = match column {
                Column::Int(values) => writer.opt_int(values[row]),
                Column::Uuid(values) => writer.opt_uuid(values[row]),
                Column::Text(packed) => writer.opt_text(
                    packed
                        .get(row)
                        .and_then(|text| std::str::from_utf8(text).ok()),
                ),
                Column::Bytes(packed) => writer.opt_bytes(packed.get(row)),
            };
        }
    }

    /// The values of a row at these parameters.
    pub(crate) fn key(&self, row: usize, parameters: &[usize]) -> Vec<Cell> {
        parameters
            .iter()
            .map(|parameter| self.columns[*parameter].cell(row))
            .collect()
    }
}

/// Writes the values of one row.
pub(crate) struct RowWriter<'a> {
    columns: &'a mut Vec<Column>,
    at: usize,
}

impl RowWriter<'_> {
    fn column(&mut self, make: fn() -> Column) -> &mut Column {
        if self.at == self.columns.len() {
            self.columns.push(make());
        }
        self.at += 1;
        &mut self.columns[self.at - 1]
    }

    /// A whole number.
    pub(crate) fn int(self, value: impl Into<i64>) -> Self {
        self.opt_int(Some(value.into()))
    }

    /// A whole number that may be absent.
    pub(crate) fn opt_int(mut self, value: Option<i64>) -> Self {
        if let Column::Int(values) = self.column(|| Column::Int(Vec::new())) {
            values.push(value);
        }
        self
    }

    /// A count or a version; what does not fit saturates and is refused by the database's checks.
    pub(crate) fn count(self, value: u64) -> Self {
        self.int(i64::try_from(value).unwrap_or(i64::MAX))
    }

    /// An id.
    pub(crate) fn uuid(self, value: Uuid) -> Self {
        self.opt_uuid(Some(value))
    }

    /// An id that may be absent.
    pub(crate) fn opt_uuid(mut self, value: Option<Uuid>) -> Self {
        if let Column::Uuid(values) = self.column(|| Column::Uuid(Vec::new())) {
            values.push(value);
        }
        self
    }

    /// A text.
    pub(crate) fn text(self, value: &str) -> Self {
        self.opt_text(Some(value))
    }

    /// A text that may be absent.
    pub(crate) fn opt_text(mut self, value: Option<&str>) -> Self {
        if let Column::Text(packed) = self.column(|| Column::Text(Packed::default())) {
            packed.push(value.map(str::as_bytes));
        }
        self
    }

    /// A value as its text, written straight into the column's buffer.
    pub(crate) fn display(mut self, value: &dyn std::fmt::Display) -> Self {
        use std::io::Write as _;
        if let Column::Text(packed) = self.column(|| Column::Text(Packed::default())) {
            // Writing into memory does not fail.
            let _ = write!(packed.bytes, "{value}");
            packed.ends.push((packed.bytes.len(), true));
        }
        self
    }

    /// A value whose JSON is one word, without the quotes.
    pub(crate) fn word<T: Serialize>(self, value: &T) -> Result<Self, StoreError> {
        let json = serde_json::to_string(value)
            .map_err(|error| StoreError::corrupt("a value to be stored", error))?;
        Ok(self.text(json.trim_matches('"')))
    }

    /// Bytes that may be absent.
    pub(crate) fn opt_bytes(mut self, value: Option<&[u8]>) -> Self {
        if let Column::Bytes(packed) = self.column(|| Column::Bytes(Packed::default())) {
            packed.push(value);
        }
        self
    }

    /// Bytes.
    pub(crate) fn bytes(self, value: &[u8]) -> Self {
        self.opt_bytes(Some(value))
    }

    /// A value as JSON text, written straight into the column's buffer.
    pub(crate) fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Result<Self, StoreError> {
        if let Column::Text(packed) = self.column(|| Column::Text(Packed::default())) {
            serde_json::to_writer(&mut packed.bytes, value)
                .map_err(|error| StoreError::corrupt("a value to be stored", error))?;
            packed.ends.push((packed.bytes.len(), true));
        }
        Ok(self)
    }
}
