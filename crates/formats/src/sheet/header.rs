//! The header row: where the mapped columns stand.

use csv::StringRecord;

use super::fault::{SheetFault, nearest};
use super::mapping::{Columns, Kind};
use super::rules::Rules;

/// Delimiters that spreadsheets export.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

macro_rules! fields {
    (required { $($required:ident = $required_key:ident,)+ } optional { $($optional:ident = $optional_key:ident,)+ }) => {
        /// What a mapped column holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Field { $($required,)+ $($optional,)+ }

        /// The mapped columns: the field, its key in the mapping, and the name of its column.
        fn mapped(columns: &Columns) -> Vec<(Field, &'static str, &str)> {
            let required = [$((Field::$required, stringify!($required_key), Some(columns.$required_key.as_str())),)+];
            let optional = [$((Field::$optional, stringify!($optional_key), columns.$optional_key.as_deref()),)+];
            let all = required.into_iter().chain(optional);
            all.filter_map(|(field, key, column)| Some((field, key, column?))).collect()
        }

        const FIELD_COUNT: usize = [$(Field::$required,)+ $(Field::$optional,)+].len();
    };
}

fields! {
    required {
        Reference = reference,
        Date = date,
        Sku = sku,
        Quantity = quantity,
        UnitPrice = unit_price,
    }
    optional {
        Description = description,
        LineDiscount = line_discount,
        LineTax = line_tax,
        CustomerReference = customer_reference,
        CustomerName = customer_name,
        CustomerEmail = customer_email,
        CustomerPhone = customer_phone,
        AddressName = address_name,
        AddressLine1 = address_line1,
        AddressLine2 = address_line2,
        City = city,
        Region = region,
        PostalCode = postal_code,
        Country = country,
        Channel = channel,
        Currency = currency,
        Status = status,
        OriginalReference = original_reference,
    }
}

/// The header row, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    names: Vec<String>,
    at: [Option<usize>; FIELD_COUNT],
    charge_columns: Vec<usize>,
    /// Per column, whether `.0` behind whole numbers is dropped.
    whole_numbers: Vec<bool>,
}

impl Header {
    /// Finds the mapped columns in the header row.
    pub(crate) fn resolve(
        record: &StringRecord,
        rules: &Rules,
        kind: Kind,
    ) -> Result<Self, SheetFault> {
        let names = if rules.format.header_row == 0 {
            (0..record.len()).map(letters).collect()
        } else {
            record
                .iter()
                .map(|name| name.trim().to_owned())
                .collect::<Vec<_>>()
        };
        let find = |key: &str, column: &str| {
            find(&names, key, column).map_err(|fault| match kind {
                Kind::Csv => delimiter_fault(&names, rules).unwrap_or(fault),
                Kind::Xlsx => fault,
            })
        };
        let mut at = [None; FIELD_COUNT];
        for (field, key, column) in mapped(&rules.columns) {
            at[field as usize] = Some(find(&format!("columns.{key}"), column)?);
        }
        let by_column = rules
            .charge_columns
            .iter()
            .map(|charge| find("charge_columns", &charge.column));
        let charge_columns = by_column.collect::<Result<_, _>>()?;
        let mut whole_numbers = vec![false; names.len()];
        for column in &rules.format.whole_number_columns {
            whole_numbers[find("format.whole_number_columns", column)?] = true;
        }
        Ok(Self {
            names,
            at,
            charge_columns,
            whole_numbers,
        })
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether a field is mapped.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.at[field as usize].is_some()
    }

    /// The text of a field in a row, trimmed; empty where the column is not mapped or the row too short.
    pub(crate) fn cell<'r>(&self, row: &'r StringRecord, field: Field) -> &'r str {
        let Some(column) = self.at[field as usize] else {
            return "";
        };
        let text = row.get(column).unwrap_or_default().trim();
        if self.whole_numbers[column] {
            without_decimals(text)
        } else {
            text
        }
    }

    /// The texts of the charge columns, in the order of the mapping.
    pub(crate) fn charge_cells<'r>(&self, row: &'r StringRecord) -> impl Iterator<Item = &'r str> {
        self.charge_columns
            .iter()
            .map(|column| row.get(*column).unwrap_or_default().trim())
    }
}

/// `17850.0` as `17850`; any other text as it is.
fn without_decimals(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros))
            if !whole.is_empty() && !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') =>
        {
            whole
        }
        _ => text,
    }
}

fn find(names: &[String], key: &str, column: &str) -> Result<usize, SheetFault> {
    let mut positions = names
        .iter()
        .enumerate()
        .filter(|(_, name)| *name == column.trim())
        .map(|(position, _)| position);
    match (positions.next(), positions.next()) {
        (Some(position), None) => Ok(position),
        (Some(first), Some(second)) => Err(SheetFault::DuplicateColumn {
            column: column.to_owned(),
            first: first + 1,
            second: second + 1,
        }),
        (None, _) => Err(SheetFault::MissingColumn {
            key: key.to_owned(),
            column: column.to_owned(),
            nearest: nearest(column, names.iter().map(String::as_str)),
            found: names.to_vec(),
        }),
    }
}

/// The fault of a wrong delimiter, if another one would find every mapped column, or if this one finds only one column.
fn delimiter_fault(names: &[String], rules: &Rules) -> Option<SheetFault> {
    let declared = char::from(rules.delimiter);
    let line = names.join(&declared.to_string());
    let wanted = mapped(&rules.columns);
    let others = DELIMITERS
        .into_iter()
        .filter(|delimiter| *delimiter != declared);
    let finds_all = |delimiter: &char| {
        let split: Vec<&str> = line
            .split(*delimiter)
            .map(|name| name.trim().trim_matches('"'))
            .collect();
        wanted
            .iter()
            .all(|(_, _, column)| split.contains(&column.trim()))
    };
    let most_frequent = |others: &mut dyn Iterator<Item = char>| {
        let frequent = others.max_by_key(|delimiter| line.matches(*delimiter).count());
        frequent.filter(|delimiter| names.len() == 1 && line.contains(*delimiter))
    };
    let suggested = others
        .clone()
        .find(finds_all)
        .or_else(|| most_frequent(&mut others.clone()))?;
    Some(SheetFault::Delimiter {
        declared: format!("{:?}", declared.to_string()),
        suggested: format!("{:?}", suggested.to_string()),
    })
}

/// The spreadsheet name of a column: A to Z, AA and so on.
fn letters(column: usize) -> String {
    let mut name = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        name.push(char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(rest - 1) % 26]));
        rest = (rest - 1) / 26;
    }
    name.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_spreadsheet_names_without_a_header() {
        for (column, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (27, "AB"),
            (701, "ZZ"),
            (702, "AAA"),
        ] {
            assert_eq!(letters(column), name);
        }
    }

    #[test]
    fn decimals_of_whole_numbers_are_dropped() {
        for (text, whole) in [
            ("17850.0", "17850"),
            ("17850", "17850"),
            ("17850.5", "17850.5"),
            ("A1.00", "A1"),
            (".0", ".0"),
            ("1.", "1."),
        ] {
            assert_eq!(without_decimals(text), whole);
        }
    }
}
