//! A file and its mapping, opened and read.

use std::io::{Read, Seek};

use csv::StringRecord;

use super::classify::Sorter;
use super::document::{Document, SheetCancellation};
use super::fault::{ReadFault, SheetFault};
use super::group::{GroupRow, Grouper};
use super::header::{Field, Header};
use super::mapping::{Kind, Mapping};
use super::matching::Matcher;
use super::reconcile::Reconciliation;
use super::rows::{RawRow, each_row, kind_of};
use super::rules::Rules;
use super::survey::{Survey, survey};
use super::values::{DateMemory, counted, is_blank};

/// A spreadsheet of orders that was found to be whole.
#[derive(Debug)]
pub struct Sheet<R> {
    source: R,
    kind: Kind,
    rules: Rules,
    header: Header,
    survey: Survey,
}

impl<R: Read + Seek> Sheet<R> {
    /// Reads a file through and surveys it. A source without a buffer of its own is fine.
    ///
    /// # Errors
    /// What makes the file unusable, and what to do.
    pub fn open(mut source: R, mapping: &Mapping) -> Result<Self, SheetFault> {
        let rules = Rules::compile(mapping)?;
        let kind = kind_of(&mut source, rules.format.kind)?;
        let (header, survey) = survey(&mut source, kind, &rules)?;
        Ok(Self {
            source,
            kind,
            rules,
            header,
            survey,
        })
    }

    /// What the file says.
    #[must_use]
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// The names of the file's columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.header.names()
    }

    /// Hands every document of the file to `sink`, and answers the reconciliation, in which they are all counted.
    /// May be called again, and gives the same again.
    ///
    /// # Errors
    /// What `sink` answers stops the reading; so does a file that changed since it was opened.
    pub fn read<E>(
        &mut self,
        sink: impl FnMut(Document) -> Result<(), E>,
    ) -> Result<Reconciliation, ReadFault<E>> {
        let mut reading = Reading {
            rules: &self.rules,
            grouper: Grouper::new(self.survey.scattered.clone()),
            matcher: Matcher::default(),
            cancellations: Vec::new(),
            dates: DateMemory::default(),
            reconciliation: Reconciliation::of(self.survey.clone()),
            sink,
        };
        let mut first = true;
        let header = each_row(
            &mut self.source,
            self.kind,
            &self.rules,
            &mut |header, line, row| {
                if std::mem::take(&mut first) && *header != self.header {
                    return Err(SheetFault::Changed.into());
                }
                reading.row(header, line, row)
            },
        )?;
        reading.finish(&header)
    }
}

/// The second reading, under way.
struct Reading<'r, S> {
    rules: &'r Rules,
    grouper: Grouper,
    matcher: Matcher,
    cancellations: Vec<SheetCancellation>,
    dates: DateMemory,
    reconciliation: Reconciliation,
    sink: S,
}

impl<E, S: FnMut(Document) -> Result<(), E>> Reading<'_, S> {
    fn row(
        &mut self,
        header: &Header,
        line: u64,
        row: &mut StringRecord,
    ) -> Result<(), ReadFault<E>> {
        if is_blank(row) {
            return Ok(());
        }
        let raw = RawRow {
            line,
            cells: std::mem::take(row),
        };
        let at = self
            .dates
            .instant(&self.rules.dates, header.cell(&raw.cells, Field::Date));
        let counted = counted(header, &raw.cells, self.rules);
        let reference = header.cell(&raw.cells, Field::Reference).to_owned();
        let row = GroupRow { raw, counted, at };
        let sorter = Sorter {
            header,
            rules: self.rules,
        };
        let documents = if reference.is_empty() {
            sorter.refuse_row(
                row,
                "the reference is empty: every row needs the reference of its order",
            )
        } else {
            self.grouper
                .add(&reference, row)
                .map_or_else(Vec::new, |group| sorter.documents(group))
        };
        self.deliver(documents)
    }

    /// Counts documents and hands them out; cancellations wait until all orders are known.
    fn deliver(&mut self, documents: Vec<Document>) -> Result<(), ReadFault<E>> {
        for document in documents {
            match document {
                Document::Cancellation(cancellation) => self.cancellations.push(cancellation),
                document => {
                    if let (Document::Order(order), true) =
                        (&document, self.rules.has_cancellations())
                    {
                        self.matcher.remember(order);
                    }
                    self.hand_out(document)?;
                }
            }
        }
        Ok(())
    }

    fn hand_out(&mut self, document: Document) -> Result<(), ReadFault<E>> {
        self.reconciliation.count(&document);
        (self.sink)(document).map_err(ReadFault::Sink)
    }

    fn finish(mut self, header: &Header) -> Result<Reconciliation, ReadFault<E>> {
        let sorter = Sorter {
            header,
            rules: self.rules,
        };
        for group in std::mem::replace(&mut self.grouper, Grouper::new(Default::default())).finish()
        {
            self.deliver(sorter.documents(group))?;
        }
        let cancellations = std::mem::take(&mut self.cancellations);
        let own_reference = self.rules.cancellations.negative_quantity;
        for cancellation in std::mem::take(&mut self.matcher).settle(cancellations, own_reference) {
            self.hand_out(Document::Cancellation(cancellation))?;
        }
        Ok(self.reconciliation)
    }
}
