//! The reconciliation as the table that people read at the end of an import.

use std::fmt;

use super::amount::grouped;
use super::reconcile::{Reconciliation, Tally, whole};

/// The table that people read at the end of an import.
impl fmt::Display for Reconciliation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<28}{:>10}{:>12}{:>14}  {:>22}",
            "", "documents", "rows", "units", "money"
        )?;
        for (name, tally) in self.kinds() {
            write_row(f, name, Some(tally.documents), tally)?;
        }
        let made = self.made();
        write_row(f, "sum", Some(made.documents), &made)?;
        let file = Tally {
            documents: 0,
            rows: whole(self.file.rows),
            units: self.file.units,
            money: self.file.money.clone(),
        };
        write_row(f, "the file", None, &file)?;
        let money = file.money.less(&made.money);
        write_row(
            f,
            "difference",
            None,
            &Tally {
                documents: 0,
                rows: file.rows - made.rows,
                units: file.units - made.units,
                money,
            },
        )?;
        self.write_remarks(f)
    }
}

impl Reconciliation {
    fn write_remarks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.file.open_end {
            writeln!(
                f,
                "Warning: the file ends in line {line} without a line end. If it was cut off, that row is not what it was: check it, or export the file again."
            )?;
        }
        if self.unreadable != 0 {
            writeln!(
                f,
                "Refused rows without a readable quantity or amount, which count nothing: {}.",
                self.unreadable
            )?;
        }
        if self.cancelled_by_status.rows != 0 {
            let Tally {
                rows, units, money, ..
            } = &self.cancelled_by_status;
            writeln!(
                f,
                "Marked as cancelled by their status: {rows} of the lines, {units} of the units ({}).",
                money.texts().join(", ")
            )?;
        }
        for text in self.rounding.texts() {
            writeln!(
                f,
                "Rounding to whole minor units changes what the orders and charges sum to by {text}."
            )?;
        }
        Ok(())
    }
}

fn write_row(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    documents: Option<i64>,
    tally: &Tally,
) -> fmt::Result {
    let documents = documents.map_or(String::new(), number);
    let money = tally.money.texts();
    let first = money.first().map_or("0", String::as_str);
    writeln!(
        f,
        "{name:<28}{documents:>10}{:>12}{:>14}  {first:>22}",
        number(tally.rows),
        number(tally.units)
    )?;
    for more in money.iter().skip(1) {
        writeln!(f, "{:<66}{more:>22}", "")?;
    }
    Ok(())
}

fn number(number: i64) -> String {
    format!(
        "{}{}",
        if number < 0 { "-" } else { "" },
        grouped(number.unsigned_abs().into())
    )
}
