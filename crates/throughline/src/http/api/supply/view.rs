//! Supply as the API shows it.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::id::SupplyId;
use throughline_core::inventory::{Change, Supply, SupplyEntry, SupplyRecord, SupplySource};
use throughline_core::network::Network;
use utoipa::ToSchema;

use super::list::StatusShape;
use crate::http::api::shapes::Instant;

/// Goods that will come, or that came.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Supply)]
pub struct SupplyView<'a> {
    /// Identity.
    #[schema(value_type = Uuid)]
    id: SupplyId,
    /// The SKU.
    sku: &'a str,
    /// Code of the location that they come to.
    location: &'a str,
    /// Where they come from.
    source: SourceView<'a>,
    /// Whether more is expected.
    #[schema(value_type = StatusShape)]
    status: &'static str,
    /// Units that were ordered, or that left.
    ordered: i64,
    /// Units that arrived.
    received: i64,
    /// Units that will not come.
    cancelled: i64,
    /// Units of a transfer that left and did not arrive.
    lost: i64,
    /// Units that are still to come.
    outstanding: i64,
    /// The day they are expected on, in the location's time zone.
    #[schema(value_type = String, format = Date)]
    expected: Date,
    /// How sure it is that they come by then, from 0 to 100.
    confidence_percent: u8,
    /// What people should know of it.
    note: Option<&'a str>,
    /// The lot of a transfer's units, where the item has lots.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lot: Option<&'a str>,
    /// Rises by one with every change.
    version: u64,
    /// When it was announced.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// What happened to it, oldest first; only where one supply is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    history: Option<Vec<SupplyEntryView<'a>>>,
}

/// Where goods come from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplySource)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum SourceView<'a> {
    /// A supplier.
    PurchaseOrder {
        /// Who.
        supplier: &'a str,
        /// The number of the purchase order.
        reference: &'a str,
    },
    /// Another location; the units are in transit.
    Transfer {
        /// Its code.
        from: &'a str,
    },
    /// They are being made.
    Production {},
}

/// One thing that happened to supply.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplyEntry)]
struct SupplyEntryView<'a> {
    /// Its place in the history, from 1.
    seq: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Who.
    actor: String,
    /// `supply_created`, `supply_changed`, `supply_received` or `supply_cancelled`.
    kind: &'static str,
    /// Units that were announced, arrived or were cancelled.
    quantity: Option<i64>,
    /// Units that were lost.
    lost: Option<i64>,
    /// The expected day before and now.
    expected: Option<DateChange>,
    /// The ordered units before and now.
    ordered: Option<NumberChange>,
    /// The confidence before and now.
    confidence_percent: Option<NumberChange>,
    /// The delivery note.
    reference: Option<&'a str>,
    /// Why.
    reason: Option<&'a str>,
    /// The lot of the units that arrived, where the item has lots.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lot: Option<&'a str>,
}

/// A day before and now.
#[derive(Debug, Serialize, ToSchema)]
struct DateChange {
    /// Before; absent where there was none.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Now.
    #[schema(value_type = String, format = Date)]
    to: Date,
}

/// A number before and now.
#[derive(Debug, Serialize, ToSchema)]
struct NumberChange {
    /// Before.
    from: i64,
    /// Now.
    to: i64,
}

impl<'a> SupplyView<'a> {
    /// Shows supply.
    #[must_use]
    pub fn new(supply: &'a Supply, network: &'a Network) -> Self {
        let code = |location| network.location(location).map_or("", |known| &known.code);
        let source = match &supply.source {
            SupplySource::PurchaseOrder {
                supplier,
                reference,
            } => SourceView::PurchaseOrder {
                supplier,
                reference,
            },
            SupplySource::Transfer { from } => SourceView::Transfer { from: code(*from) },
            SupplySource::Production => SourceView::Production {},
        };
        Self {
            id: supply.id,
            sku: &supply.sku,
            location: code(supply.location),
            source,
            status: supply.status().as_str(),
            ordered: supply.ordered,
            received: supply.received,
            cancelled: supply.cancelled,
            lost: supply.lost,
            outstanding: supply.outstanding(),
            expected: supply.expected,
            confidence_percent: supply.confidence_percent,
            note: supply.note.as_deref(),
            lot: supply.lot.as_ref().map(|lot| lot.code.as_str()),
            version: supply.version,
            created_at: Instant(supply.created_at),
            updated_at: Instant(supply.updated_at),
            history: None,
        }
    }

    /// The same with what happened to it.
    #[must_use]
    pub fn with_history(self, entries: &'a [SupplyEntry]) -> Self {
        let history = entries.iter().map(SupplyEntryView::new).collect();
        Self {
            history: Some(history),
            ..self
        }
    }
}

impl<'a> SupplyEntryView<'a> {
    fn new(entry: &'a SupplyEntry) -> Self {
        let plain = Self {
            seq: entry.seq,
            at: Instant(entry.at),
            actor: entry.actor.to_string(),
            kind: entry.record.kind(),
            quantity: None,
            lost: None,
            expected: None,
            ordered: None,
            confidence_percent: None,
            reference: None,
            reason: None,
            lot: None,
        };
        match &entry.record {
            SupplyRecord::Created {
                quantity, expected, ..
            } => Self {
                quantity: Some(*quantity),
                expected: Some(DateChange {
                    from: None,
                    to: *expected,
                }),
                ..plain
            },
            SupplyRecord::Changed {
                expected,
                quantity,
                confidence_percent,
                reason,
            } => Self {
                expected: expected.map(|change| DateChange {
                    from: Some(change.from),
                    to: change.to,
                }),
                ordered: quantity.map(NumberChange::of),
                confidence_percent: confidence_percent.map(NumberChange::of),
                reason: Some(reason),
                ..plain
            },
            SupplyRecord::Received {
                quantity,
                lost,
                reference,
                reason,
                lot,
            } => Self {
                lot: lot.as_ref().map(|lot| lot.code.as_str()),
                quantity: Some(*quantity),
                lost: Some(*lost).filter(|lost| *lost > 0),
                reference: reference.as_deref(),
                reason: reason.as_deref(),
                ..plain
            },
            SupplyRecord::Cancelled { quantity, reason } => Self {
                quantity: Some(*quantity),
                reason: Some(reason),
                ..plain
            },
        }
    }
}

impl NumberChange {
    fn of(change: Change<impl Into<i64>>) -> Self {
        Self {
            from: change.from.into(),
            to: change.to.into(),
        }
    }
}
