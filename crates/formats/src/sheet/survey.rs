//! The first reading of a file: is it whole, what does it sum to, and which orders have rows far apart.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};

use csv::StringRecord;

use super::amount::Amount;
use super::fault::{ReadFault, SheetFault};
use super::header::{Field, Header};
use super::mapping::Kind;
use super::money::Money;
use super::rows::each_row;
use super::rules::Rules;
use super::values::{charge_amount, counted, is_blank};

/// What the file itself says, before anything is made of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Rows behind the header that are not blank.
    pub rows: u64,
    /// Different references.
    pub references: u64,
    /// Rows whose quantity or amounts cannot be read; they count nothing.
    pub unreadable: u64,
    /// Sum of the quantities.
    pub units: i64,
    /// Sum of quantity × price − discount + tax, and of the charge columns once an order.
    pub money: Money,
    /// The last row's line, where it has no line end: the file may have been cut off there.
    pub open_end: Option<u64>,
    /// References whose rows do not stand together, each with its last line.
    pub(crate) scattered: HashMap<String, u64>,
}

/// What is remembered of a reference while the file is read.
#[derive(Default)]
struct Reference {
    last_line: u64,
    scattered: bool,
    currency: Option<String>,
    /// Amounts of rows before the first that names a currency.
    pending: Amount,
    /// One bit for each charge column that had an amount.
    charges_seen: u32,
}

struct Surveyor<'r> {
    rules: &'r Rules,
    survey: Survey,
    positions: HashMap<String, usize>,
    references: Vec<Reference>,
    /// Reference of the row before, and its position.
    last: (String, usize),
    last_line: u64,
}

/// Reads the whole file once.
///
/// # Errors
/// What makes the file unusable; after this, nothing of the file's structure can fail half-way.
pub(crate) fn survey<R: Read + Seek>(
    source: &mut R,
    kind: Kind,
    rules: &Rules,
) -> Result<(Header, Survey), SheetFault> {
    let mut surveyor = Surveyor {
        rules,
        survey: Survey::default(),
        positions: HashMap::new(),
        references: Vec::new(),
        last: (String::new(), usize::MAX),
        last_line: 0,
    };
    let mut visit =
        |header: &Header, line: u64, row: &mut StringRecord| -> Result<(), ReadFault<SheetFault>> {
            surveyor.row(header, line, row);
            Ok(())
        };
    let header = each_row(source, kind, rules, &mut visit).map_err(|fault| match fault {
        ReadFault::Sheet(fault) | ReadFault::Sink(fault) => fault,
    })?;
    if kind == Kind::Csv && surveyor.survey.rows > 0 && !ends_with_line_end(source)? {
        surveyor.survey.open_end = Some(surveyor.last_line);
    }
    Ok((header, surveyor.finish()))
}

/// Whether the last character of a text ends its line, in every encoding.
fn ends_with_line_end<R: Read + Seek>(source: &mut R) -> Result<bool, SheetFault> {
    let mut last = Vec::new();
    let length = source.seek(SeekFrom::End(0)).map_err(SheetFault::Io)?;
    let start = SeekFrom::Start(length.saturating_sub(2));
    source.seek(start).map_err(SheetFault::Io)?;
    source
        .by_ref()
        .take(2)
        .read_to_end(&mut last)
        .map_err(SheetFault::Io)?;
    Ok(match last[..] {
        [end, 0] | [.., end] => matches!(end, b'\n' | b'\r'),
        [] => false,
    })
}

impl Surveyor<'_> {
    fn row(&mut self, header: &Header, line: u64, row: &StringRecord) {
        if is_blank(row) {
            return;
        }
        self.survey.rows += 1;
        self.last_line = line;
        let mut amount = match counted(header, row, self.rules) {
            Ok(counted) => {
                self.survey.units += counted.quantity;
                counted.amount()
            }
            Err(_) => {
                self.survey.unreadable += 1;
                Amount::ZERO
            }
        };
        let currency = header.cell(row, Field::Currency);
        let reference = header.cell(row, Field::Reference);
        if reference.is_empty() {
            amount += self.charges(header, row, None);
            let currency = if currency.is_empty() {
                self.rules.currency.clone().unwrap_or_default()
            } else {
                currency.to_owned()
            };
            return self.survey.money.add(&currency, amount);
        }
        let position = self.position(reference, line);
        amount += self.charges(header, row, Some(position));
        self.count(position, currency, amount);
    }

    fn position(&mut self, reference: &str, line: u64) -> usize {
        if self.last.0 != reference {
            let next = self.references.len();
            let position = *self.positions.entry(reference.to_owned()).or_insert(next);
            if position == next {
                self.references.push(Reference::default());
            } else {
                self.references[position].scattered = true;
            }
            self.last = (reference.to_owned(), position);
        }
        self.references[self.last.1].last_line = line;
        self.last.1
    }

    /// Charge columns count with the first row of an order that has an amount there.
    fn charges(&mut self, header: &Header, row: &StringRecord, position: Option<usize>) -> Amount {
        let mut sum = Amount::ZERO;
        for (column, text) in header.charge_cells(row).enumerate() {
            let Ok(Some(amount)) = charge_amount(self.rules, column, text) else {
                continue;
            };
            let mut none = 0;
            let seen = position.map_or(&mut none, |position| {
                &mut self.references[position].charges_seen
            });
            if !amount.is_zero() && *seen & (1 << column) == 0 {
                *seen |= 1 << column;
                sum += amount;
            }
        }
        sum
    }

    fn count(&mut self, position: usize, currency: &str, amount: Amount) {
        let reference = &mut self.references[position];
        if reference.currency.is_none() && !currency.is_empty() {
            reference.currency = Some(currency.to_owned());
        }
        match (&reference.currency, currency) {
            (Some(first), "") => self.survey.money.add(first, amount),
            (None, _) => reference.pending += amount,
            (Some(_), own) => self.survey.money.add(own, amount),
        }
    }

    fn finish(mut self) -> Survey {
        let default = self.rules.currency.clone().unwrap_or_default();
        for reference in &self.references {
            self.survey.money.add(
                reference.currency.as_ref().unwrap_or(&default),
                reference.pending,
            );
        }
        let scattered = self
            .positions
            .into_iter()
            .filter(|(_, position)| self.references[*position].scattered);
        self.survey.scattered = scattered
            .map(|(name, position)| (name, self.references[position].last_line))
            .collect();
        self.survey.references = self.references.len() as u64;
        self.survey
    }
}
