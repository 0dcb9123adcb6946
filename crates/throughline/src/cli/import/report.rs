//! What an import prints when it has ended.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use throughline_formats::sheet::Mapping;

use super::account::{Account, Counts};
use super::prepare::Prepared;
use super::verify::Found;
use crate::cli::numbers::{counted, grouped, money};

/// The end of an import, for people.
pub(super) struct Report<'a> {
    pub(super) file: &'a Path,
    pub(super) mapping: &'a Mapping,
    pub(super) account: &'a Account,
    pub(super) prepared: Prepared,
    pub(super) found: &'a Found,
    pub(super) took: Duration,
}

impl Report<'_> {
    /// The whole report but the place of the rejects file, which is told last.
    pub(super) fn text(&self) -> String {
        let mut text = self.title();
        let _ = writeln!(text, "\n{}", self.account.reconciliation);
        self.write_counts(&mut text);
        self.write_database(&mut text);
        self.write_remarks(&mut text);
        self.write_speed(&mut text);
        text
    }

    fn title(&self) -> String {
        let rows = if self.mapping.is_history() {
            "history"
        } else {
            "live orders"
        };
        let name = match self.mapping.name.as_str() {
            "" => String::new(),
            name => format!("{name}, "),
        };
        format!("{}: {name}{rows}\n", self.file.display())
    }

    fn write_counts(&self, text: &mut String) {
        let (counts, prepared) = (self.account.counts, self.prepared);
        row(
            text,
            "orders",
            &made_and_known(counts.orders_made, counts.orders_known),
        );
        if counts.taken_back_made + counts.taken_back_known > 0 {
            let name = if self.mapping.is_history() {
                "returns"
            } else {
                "cancellations"
            };
            row(
                text,
                name,
                &made_and_known(counts.taken_back_made, counts.taken_back_known),
            );
        }
        if prepared.skus_made + prepared.skus_known > 0 {
            row(
                text,
                "SKUs",
                &made_and_known(prepared.skus_made, prepared.skus_known),
            );
        }
        if prepared.channels_made > 0 {
            row(text, "channels", &made_and_known(prepared.channels_made, 0));
        }
        if self.changed_nothing() {
            row(text, "", "nothing has changed");
        }
    }

    fn changed_nothing(&self) -> bool {
        let Counts {
            orders_made,
            orders_known,
            taken_back_made,
            ..
        } = self.account.counts;
        let made =
            orders_made + taken_back_made + self.prepared.skus_made + self.prepared.channels_made;
        made == 0 && orders_known > 0
    }

    fn write_database(&self, text: &mut String) {
        let found = self.found;
        let sums: Vec<String> = found
            .money
            .iter()
            .map(|(currency, minor)| money(*currency, *minor))
            .collect();
        let mut said = format!(
            "{} with {} and {}",
            counted(found.orders, "order", "orders"),
            counted(found.lines.unsigned_abs(), "line", "lines"),
            counted(found.units.unsigned_abs(), "unit", "units"),
        );
        if !sums.is_empty() {
            let _ = write!(said, ", {}", sums.join(" and "));
        }
        if found.taken_back != 0 {
            let _ = write!(
                said,
                "; {} taken back",
                counted(found.taken_back.unsigned_abs(), "unit", "units")
            );
        }
        let agrees = if found.differing == 0 {
            "agrees with the file, order by order".to_owned()
        } else {
            format!(
                "DOES NOT AGREE with the file: {}",
                counted(found.differing, "difference", "differences")
            )
        };
        row(text, "the database", &format!("{said}: {agrees}"));
        for difference in &found.differences {
            row(text, "", difference);
        }
    }

    fn write_remarks(&self, text: &mut String) {
        let hidden = self.account.counts.remarks - self.account.remarks.len() as u64;
        for remark in &self.account.remarks {
            row(text, "remark", remark);
        }
        if hidden > 0 {
            row(
                text,
                "",
                &format!("and {} more", counted(hidden, "remark", "remarks")),
            );
        }
    }

    fn write_speed(&self, text: &mut String) {
        let rows = self.account.reconciliation.file.rows;
        let ms = self.took.as_millis().max(1);
        let each_second = u128::from(rows) * 1000 / ms;
        let each_second = grouped(i128::try_from(each_second).unwrap_or(i128::MAX));
        let seconds = format!("{}.{}", ms / 1000, ms % 1000 / 100);
        row(
            text,
            "time",
            &format!(
                "{} in {seconds} s, {each_second} rows/s",
                counted(rows, "row", "rows")
            ),
        );
    }
}

/// What became of the refused rows.
pub(super) fn refused(account_refused: i64, orders_refused: u64, path: Option<&Path>) -> String {
    let mut text = String::new();
    let said = match (account_refused.unsigned_abs(), path) {
        (0, None) => "no row".to_owned(),
        (0, Some(path)) => format!("no row; {} has a header only", path.display()),
        (rows, path) => {
            let orders = match orders_refused {
                0 => String::new(),
                orders => format!(
                    ", {} that Throughline refused among them",
                    counted(orders, "order", "orders")
                ),
            };
            let place = path.map_or(String::new(), |path| format!(": see {}", path.display()));
            format!("{}{orders}{place}", counted(rows, "row", "rows"))
        }
    };
    row(&mut text, "refused", &said);
    text
}

fn made_and_known(made: u64, known: u64) -> String {
    format!("{} made, {} there already", grouped(made), grouped(known))
}

fn row(text: &mut String, name: &str, said: &str) {
    let _ = writeln!(text, "{name:<14}{said}");
}
