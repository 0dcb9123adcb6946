//! Amounts of the whole order that stand in columns of their own.

use super::amount::Amount;
use super::document::SheetCharge;
use super::group::Group;
use super::header::Header;
use super::rules::Rules;
use super::values::charge_amount;

/// An amount of a column of its own, and the row of the group that it stands in.
pub(crate) struct ColumnCharge {
    column: usize,
    /// Position in the group.
    pub(crate) row: usize,
    line: u64,
    pub(crate) amount: Amount,
}

impl ColumnCharge {
    pub(crate) fn of(&self, rules: &Rules, digits: u32) -> SheetCharge {
        let rule = &rules.charge_columns[self.column];
        SheetCharge {
            kind: rule.kind.clone(),
            code: rule.column.clone(),
            title: None,
            quantity: 0,
            from_column: true,
            amount_minor: self.amount.saturated_minor(digits),
            amount: self.amount,
            line: self.line,
        }
    }
}

/// For each charge column the first amount that is not zero, and what is wrong with the cells if something is.
pub(crate) fn column_charges(
    group: &Group,
    header: &Header,
    rules: &Rules,
) -> (Vec<ColumnCharge>, Option<String>) {
    let mut charges: Vec<ColumnCharge> = Vec::new();
    let mut wrong = None;
    for (position, row) in group.rows.iter().enumerate() {
        for (column, text) in header.charge_cells(&row.raw.cells).enumerate() {
            let amount = match charge_amount(rules, column, text) {
                Ok(amount) => amount.unwrap_or_default(),
                Err(reason) => {
                    wrong = wrong.or(Some(reason));
                    continue;
                }
            };
            match charges.iter().find(|charge| charge.column == column) {
                _ if amount.is_zero() => {}
                None => charges.push(ColumnCharge {
                    column,
                    row: position,
                    line: row.raw.line,
                    amount,
                }),
                Some(first) if first.amount == amount => {}
                Some(first) => {
                    let name = &rules.charge_columns[column].column;
                    wrong = wrong.or(Some(format!(
                        "lines {} and {} of this order have different amounts of {name}",
                        first.line, row.raw.line
                    )));
                }
            }
        }
    }
    (charges, wrong)
}
