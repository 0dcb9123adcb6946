//! The reconciliation: everything that was made of a file adds up to what the file itself says.

use super::amount::{Amount, Price};
use super::document::{
    CancelledLine, Document, Reject, SheetCancellation, SheetCharge, SheetCorrection, SheetOrder,
};
use super::money::Money;
use super::rules::minor_digits;
use super::survey::Survey;

/// Documents, rows, units and money of one kind, with the signs that they have in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents; 0 where the kind is a part of a document that another kind counts.
    pub documents: i64,
    /// Rows of the file.
    pub rows: i64,
    /// Units.
    pub units: i64,
    /// Money.
    pub money: Money,
}

/// What was made of a file, beside what the file says.
///
/// [`check`](Self::check) states the identity: the file's rows, units and money are the sum of all kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// What the file says.
    pub file: Survey,
    /// Lines of orders. Documents counts the orders, rows the lines.
    pub orders: Tally,
    /// Charges of orders.
    pub order_charges: Tally,
    /// Charges without goods.
    pub charges_alone: Tally,
    /// Units of cancellations that were found in earlier orders. Documents and rows counts those that were found whole.
    pub cancellations_matched: Tally,
    /// Units of cancellations that were found in no order. Documents and rows counts those that were not found whole.
    pub cancellations_unmatched: Tally,
    /// Charges taken back. Documents counts cancellations of charges alone.
    pub cancelled_charges: Tally,
    /// Corrections of stock.
    pub corrections: Tally,
    /// Refused rows.
    pub refused: Tally,
    /// Refused rows whose quantity or amount cannot be read; they count no units and no money.
    pub unreadable: i64,
    /// Of the order lines, those that the file marks as cancelled by a status.
    pub cancelled_by_status: Tally,
    /// What orders and charges lose or gain by rounding to whole minor units: rounded less exact.
    pub rounding: Money,
}

/// The sums do not agree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the reconciliation does not add up: the file has {file} {what}, what was made of it {made}"
)]
pub struct Imbalance {
    /// What differs.
    pub what: &'static str,
    /// In the file.
    pub file: String,
    /// In the documents.
    pub made: String,
}

/// Whether a document is counted or taken out again.
#[derive(Clone, Copy)]
enum Sign {
    Plus,
    Minus,
}

impl Sign {
    fn of(self, number: i64) -> i64 {
        match self {
            Self::Plus => number,
            Self::Minus => -number,
        }
    }

    fn amount(self, amount: Amount) -> Amount {
        match self {
            Self::Plus => amount,
            Self::Minus => -amount,
        }
    }
}

impl Reconciliation {
    pub(crate) fn of(file: Survey) -> Self {
        Self {
            file,
            ..Self::default()
        }
    }

    /// Counts a document.
    pub fn count(&mut self, document: &Document) {
        self.book(document, Sign::Plus);
    }

    /// Takes a document out again, because something else became of it, which is then counted instead.
    pub fn retract(&mut self, document: &Document) {
        self.book(document, Sign::Minus);
    }

    /// Every kind, with its name.
    #[must_use]
    pub fn kinds(&self) -> [(&'static str, &Tally); 8] {
        [
            ("orders: goods", &self.orders),
            ("orders: charges", &self.order_charges),
            ("charges alone", &self.charges_alone),
            ("cancellations matched", &self.cancellations_matched),
            ("cancellations not matched", &self.cancellations_unmatched),
            ("cancelled charges", &self.cancelled_charges),
            ("stock corrections", &self.corrections),
            ("refused", &self.refused),
        ]
    }

    /// The sum of every kind.
    #[must_use]
    pub fn made(&self) -> Tally {
        let mut sum = Tally::default();
        for (_, tally) in self.kinds() {
            sum.documents += tally.documents;
            sum.rows += tally.rows;
            sum.units += tally.units;
            sum.money.add_all(&tally.money);
        }
        sum
    }

    /// Whether the file's sums are those of the documents, to the unit and to the last decimal.
    ///
    /// # Errors
    /// The first sum that differs.
    pub fn check(&self) -> Result<(), Imbalance> {
        let made = self.made();
        let same = |what, file: i64, made: i64| {
            if file == made {
                Ok(())
            } else {
                Err(Imbalance {
                    what,
                    file: file.to_string(),
                    made: made.to_string(),
                })
            }
        };
        same("rows", whole(self.file.rows), made.rows)?;
        same(
            "unreadable rows",
            whole(self.file.unreadable),
            self.unreadable,
        )?;
        same("units", self.file.units, made.units)?;
        if self.file.money == made.money {
            return Ok(());
        }
        Err(Imbalance {
            what: "money",
            file: self.file.money.texts().join(" and "),
            made: made.money.texts().join(" and "),
        })
    }

    fn book(&mut self, document: &Document, sign: Sign) {
        match document {
            Document::Order(order) => self.book_order(order, sign),
            Document::Cancellation(cancellation) => self.book_cancellation(cancellation, sign),
            Document::Correction(correction) => self.book_correction(correction, sign),
            Document::Reject(reject) => self.book_reject(reject, sign),
            Document::Charges(charges) => {
                self.charges_alone.documents += sign.of(1);
                self.book_rounding(&charges.charges, &charges.currency, sign);
                self.charges_alone
                    .book_charges(&charges.charges, &charges.currency, sign);
            }
        }
    }

    fn book_order(&mut self, order: &SheetOrder, sign: Sign) {
        let digits = minor_digits(&order.currency).unwrap_or(2);
        self.orders.documents += sign.of(1);
        for line in &order.lines {
            let goods = Price::of_line(line).times(line.quantity, digits);
            let extras = Amount::of_minor(
                i128::from(line.tax_minor) - i128::from(line.discount_minor),
                1,
                digits,
            );
            self.orders
                .book(1, line.quantity, &order.currency, goods + extras, sign);
            if line.cancelled {
                self.cancelled_by_status.book(
                    1,
                    line.quantity,
                    &order.currency,
                    goods + extras,
                    sign,
                );
            }
            let rounded = Amount::of_minor(goods.rounded_minor(digits), 1, digits);
            self.rounding
                .add(&order.currency, sign.amount(rounded - goods));
        }
        self.book_rounding(&order.charges, &order.currency, sign);
        self.order_charges
            .book_charges(&order.charges, &order.currency, sign);
    }

    fn book_rounding(&mut self, charges: &[SheetCharge], currency: &str, sign: Sign) {
        let digits = minor_digits(currency).unwrap_or(2);
        for charge in charges {
            let rounded = Amount::of_minor(charge.amount_minor.into(), 1, digits);
            self.rounding
                .add(currency, sign.amount(rounded - charge.amount));
        }
    }

    fn book_cancellation(&mut self, cancellation: &SheetCancellation, sign: Sign) {
        let whole = cancellation.lines.iter().all(|line| line.unmatched() == 0);
        let documents = match (cancellation.lines.is_empty(), whole) {
            (true, _) => &mut self.cancelled_charges,
            (false, true) => &mut self.cancellations_matched,
            (false, false) => &mut self.cancellations_unmatched,
        };
        documents.documents += sign.of(1);
        for line in &cancellation.lines {
            self.book_cancelled(line, &cancellation.currency, sign);
        }
        self.cancelled_charges
            .book_charges(&cancellation.charges, &cancellation.currency, sign);
    }

    /// Discount and tax of a row count with the units that were not matched, if there are any.
    fn book_cancelled(&mut self, line: &CancelledLine, currency: &str, sign: Sign) {
        let digits = minor_digits(currency).unwrap_or(2);
        let goods = |units| -Price::of_cancelled(line).times(units, digits);
        let (matched, unmatched) = (line.matched(), line.unmatched());
        if unmatched == 0 {
            return self.cancellations_matched.book(
                1,
                -matched,
                currency,
                goods(matched) + line.extras,
                sign,
            );
        }
        self.cancellations_matched
            .book(0, -matched, currency, goods(matched), sign);
        self.cancellations_unmatched.book(
            1,
            -unmatched,
            currency,
            goods(unmatched) + line.extras,
            sign,
        );
    }

    fn book_correction(&mut self, correction: &SheetCorrection, sign: Sign) {
        self.corrections.documents += sign.of(1);
        for line in &correction.lines {
            self.corrections
                .book(1, line.quantity, &correction.currency, line.amount, sign);
        }
    }

    fn book_reject(&mut self, reject: &Reject, sign: Sign) {
        self.refused.book(
            1,
            reject.source.units,
            &reject.currency,
            reject.source.amount,
            sign,
        );
        self.unreadable += sign.of(i64::from(!reject.source.readable));
    }
}

impl Tally {
    fn book(&mut self, rows: i64, units: i64, currency: &str, amount: Amount, sign: Sign) {
        self.rows += sign.of(rows);
        self.units += sign.of(units);
        self.money.add(currency, sign.amount(amount));
    }

    /// Charges from a column of their own are part of a row that is counted elsewhere, and have no quantity.
    fn book_charges(&mut self, charges: &[SheetCharge], currency: &str, sign: Sign) {
        for charge in charges {
            self.book(
                i64::from(!charge.from_column),
                charge.quantity,
                currency,
                charge.amount,
                sign,
            );
        }
    }
}

pub(crate) fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
