//! What the rows of one reference are: an order, a cancellation, charges alone, a correction of stock, or refused.
//!
//! The rules, in this order:
//! 1. Every row meets every condition of `[stock_corrections]` and no charge column has an amount: a correction.
//! 2. The reference begins with `cancellations.reference_prefix`: a cancellation; its goods need negative quantities.
//! 3. Rows of goods with negative quantities are cancellations where `cancellations.negative_quantity` says so, else bad rows.
//! 4. SKUs of `[charges]` are charges of the order; where the reference has no goods above zero they belong to the
//!    cancellation; where it has no goods at all they are charges alone.
//! 5. What is left are the lines of an order, each row one line: equal rows are real second lines.

use super::amount::{Amount, Price};
use super::column_charges::{ColumnCharge, column_charges};
use super::document::{CancelledLine, CorrectedLine, Document, Reject, SheetCharge, SheetLine};
use super::facts::{Facts, currency_of};
use super::group::{Group, GroupRow};
use super::header::{Field, Header};
use super::mapping::{BadRow, CorrectionCondition};
use super::pieces::{Class, Part, Pieces, source};
use super::rules::{Rules, cased};
use super::values::{Counted, sku};

/// Sorts groups of rows into documents.
pub(crate) struct Sorter<'a> {
    pub(crate) header: &'a Header,
    pub(crate) rules: &'a Rules,
}

impl Sorter<'_> {
    /// The documents that a group is. Every row is in exactly one of them.
    pub(crate) fn documents(&self, group: Group) -> Vec<Document> {
        let (column_charges, unreadable) = column_charges(&group, self.header, self.rules);
        if let Some(reason) = unreadable {
            return self.refuse_all(group, &column_charges, |_| reason.clone());
        }
        let facts = match Facts::of(&group, self.header, self.rules) {
            Ok(facts) => facts,
            Err(reason) => return self.refuse_all(group, &column_charges, |_| reason.clone()),
        };
        let class = self.class(&group, &column_charges);
        let parts: Vec<Result<Part, String>> = group
            .rows
            .iter()
            .map(|row| self.part(row, class, &facts))
            .collect();
        let bad = parts.iter().filter(|part| part.is_err()).count();
        if bad > 0 && (bad == parts.len() || self.rules.policy.bad_row == BadRow::RefuseOrder) {
            return self.refuse_for_bad_rows(group, parts, &column_charges);
        }
        self.assemble(group, parts, &column_charges, facts, class)
    }

    /// A row that belongs to no reference.
    pub(crate) fn refuse_row(&self, row: GroupRow, reason: &str) -> Vec<Document> {
        let group = Group {
            reference: String::new(),
            rows: vec![row],
        };
        let (column_charges, _) = column_charges(&group, self.header, self.rules);
        self.refuse_all(group, &column_charges, |_| reason.to_owned())
    }

    fn refuse_for_bad_rows(
        &self,
        group: Group,
        parts: Vec<Result<Part, String>>,
        column_charges: &[ColumnCharge],
    ) -> Vec<Document> {
        let first_bad = parts
            .iter()
            .position(Result::is_err)
            .map_or(0, |position| group.rows[position].raw.line);
        let reasons: Vec<Option<String>> = parts.into_iter().map(Result::err).collect();
        let with_them = format!(
            "line {first_bad} of the same order was refused, and an order is taken whole (see bad_row under [policy])"
        );
        self.refuse_all(group, column_charges, |position| {
            reasons[position]
                .clone()
                .unwrap_or_else(|| with_them.clone())
        })
    }

    fn refuse_all(
        &self,
        group: Group,
        column_charges: &[ColumnCharge],
        reason: impl Fn(usize) -> String,
    ) -> Vec<Document> {
        let currencies: Vec<String> = group
            .rows
            .iter()
            .map(|row| currency_of(&group, &row.raw.cells, self.header, self.rules))
            .collect();
        let refuse = |(position, (row, currency)): (usize, (GroupRow, String))| {
            let brought = column_charges
                .iter()
                .filter(|charge| charge.row == position)
                .map(|charge| charge.amount)
                .sum();
            Document::Reject(Reject {
                reason: reason(position),
                currency,
                source: source(row, brought),
            })
        };
        group
            .rows
            .into_iter()
            .zip(currencies)
            .enumerate()
            .map(refuse)
            .collect()
    }

    fn class(&self, group: &Group, column_charges: &[ColumnCharge]) -> Class {
        let conditions = &self.rules.corrections;
        let meets_all = |row: &GroupRow| {
            conditions
                .iter()
                .all(|condition| self.meets(row, *condition))
        };
        if !conditions.is_empty() && column_charges.is_empty() && group.rows.iter().all(meets_all) {
            return Class::Correction;
        }
        match &self.rules.cancellations.reference_prefix {
            Some(prefix) if group.reference.starts_with(prefix.as_str()) => Class::Cancellation,
            _ => Class::Order,
        }
    }

    fn meets(&self, row: &GroupRow, condition: CorrectionCondition) -> bool {
        let Ok(counted) = &row.counted else {
            return false;
        };
        let empty = |field| self.header.cell(&row.raw.cells, field).is_empty();
        match condition {
            CorrectionCondition::ZeroPrice => counted.price.is_zero(),
            CorrectionCondition::NegativeQuantity => counted.quantity < 0,
            CorrectionCondition::NoDescription => empty(Field::Description),
            CorrectionCondition::NoCustomer => [
                Field::CustomerReference,
                Field::CustomerName,
                Field::CustomerEmail,
                Field::CustomerPhone,
            ]
            .into_iter()
            .all(empty),
        }
    }

    /// Reads a row as what its class allows it to be.
    fn part(&self, row: &GroupRow, class: Class, facts: &Facts) -> Result<Part, String> {
        let counted = row.counted.as_ref().map_err(Clone::clone)?;
        row.at.as_ref().map_err(Clone::clone)?;
        let sku = cased(
            sku(self.header, &row.raw.cells)?,
            self.rules.format.sku_case,
        );
        let kind = self.rules.charges.get(&sku);
        if class == Class::Correction {
            return Ok(Part::Corrected(self.corrected(
                row,
                sku,
                *counted,
                kind.is_some(),
            )));
        }
        if let Some(kind) = kind {
            return Ok(Part::Charge(self.charge(
                row,
                kind.clone(),
                sku,
                *counted,
                facts,
            )));
        }
        match (class, counted.quantity.signum()) {
            (_, 0) => Err("the quantity is 0".to_owned()),
            (Class::Cancellation, 1) => Err("the document is a cancellation by its reference, but the quantity is above zero".to_owned()),
            (Class::Order, 1) => self.line(row, sku, *counted, facts).map(Part::Line),
            (Class::Order, _) if !self.rules.cancellations.negative_quantity => {
                Err("the quantity is below zero, which the mapping has no meaning for: see [cancellations] and [stock_corrections]".to_owned())
            }
            _ => self.cancelled(row, sku, *counted, facts).map(Part::Cancelled),
        }
    }

    fn title(&self, row: &GroupRow) -> Option<String> {
        let title = self.header.cell(&row.raw.cells, Field::Description);
        (!title.is_empty()).then(|| title.to_owned())
    }

    fn line(
        &self,
        row: &GroupRow,
        sku: String,
        counted: Counted,
        facts: &Facts,
    ) -> Result<SheetLine, String> {
        let price = price(counted, facts)?;
        let status = self.header.cell(&row.raw.cells, Field::Status);
        let cancelled = self
            .rules
            .cancellations
            .status_values
            .iter()
            .any(|value| value.eq_ignore_ascii_case(status));
        Ok(SheetLine {
            title: self.title(row),
            quantity: counted.quantity,
            unit_price_minor: price.unit_price_minor,
            price_quantity: price.price_quantity,
            discount_minor: counted
                .discount
                .exact_minor(facts.digits)
                .map_err(|fault| format!("the discount {} {fault}", counted.discount))?,
            tax_minor: counted
                .tax
                .exact_minor(facts.digits)
                .map_err(|fault| format!("the tax {} {fault}", counted.tax))?,
            method: self.rules.methods.get(&sku).copied().unwrap_or_default(),
            sku,
            cancelled,
            line: row.raw.line,
        })
    }

    fn cancelled(
        &self,
        row: &GroupRow,
        sku: String,
        counted: Counted,
        facts: &Facts,
    ) -> Result<CancelledLine, String> {
        let price = price(counted, facts)?;
        Ok(CancelledLine {
            sku,
            title: self.title(row),
            quantity: -counted.quantity,
            unit_price_minor: price.unit_price_minor,
            price_quantity: price.price_quantity,
            extras: counted.tax - counted.discount,
            matches: Vec::new(),
            line: row.raw.line,
        })
    }

    fn charge(
        &self,
        row: &GroupRow,
        kind: String,
        code: String,
        counted: Counted,
        facts: &Facts,
    ) -> SheetCharge {
        let amount = counted.amount();
        let amount_minor = amount.saturated_minor(facts.digits);
        SheetCharge {
            kind,
            code,
            title: self.title(row),
            quantity: counted.quantity,
            from_column: false,
            amount_minor,
            amount,
            line: row.raw.line,
        }
    }

    fn corrected(
        &self,
        row: &GroupRow,
        sku: String,
        counted: Counted,
        is_charge: bool,
    ) -> CorrectedLine {
        let amount = counted.amount();
        CorrectedLine {
            sku,
            remark: self.title(row),
            quantity: counted.quantity,
            is_charge,
            amount,
            line: row.raw.line,
        }
    }

    fn assemble(
        &self,
        group: Group,
        parts: Vec<Result<Part, String>>,
        column_charges: &[ColumnCharge],
        facts: Facts,
        class: Class,
    ) -> Vec<Document> {
        let mut pieces = Pieces::default();
        let mut documents = Vec::new();
        for (row, part) in group.rows.into_iter().zip(parts) {
            let source = source(row, Amount::ZERO);
            match part {
                Ok(part) => pieces.put(part, source),
                Err(reason) => documents.push(Document::Reject(Reject {
                    reason,
                    currency: facts.currency.clone(),
                    source,
                })),
            }
        }
        for charge in column_charges {
            pieces.bring(charge.of(self.rules, facts.digits), charge.amount);
        }
        documents.extend(pieces.documents(group.reference, facts, class));
        documents
    }
}

fn price(counted: Counted, facts: &Facts) -> Result<Price, String> {
    if counted.price < Amount::ZERO {
        return Err(
            "the unit price is below zero: if the SKU is a discount, name it under [charges]"
                .to_owned(),
        );
    }
    counted.price.price(facts.digits).map_err(|fault| {
        let price = counted.price.to_text(facts.digits);
        format!(
            "the unit price {price} {fault}: at most {} decimals of {}",
            facts.digits + 6,
            facts.currency
        )
    })
}
