//! What is promised of a line, and what stands for it.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::id::{LineNo, SupplyId};
use throughline_core::network::Network;
use throughline_core::order::{Line, Order};
use throughline_core::promise::{LinePromise, Promised, awaited_by};
use utoipa::ToSchema;
use uuid::Uuid;

/// What is promised of a line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinePromise)]
pub struct LinePromiseView<'a> {
    /// What is promised now; none while nobody knows.
    now: Option<PromisedView<'a>>,
    /// What was promised first.
    first: PromisedView<'a>,
    /// Whether all of it is there by the day that was asked for, as far as that is promised; absent where no day was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    in_time: Option<bool>,
    /// What stands for it: units at locations, and named incoming supply.
    backed_by: Vec<BackingView<'a>>,
}

/// The dates of a promise.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Promised)]
pub struct PromisedView<'a> {
    /// The local day on which the last part leaves, or on which it can be collected.
    #[schema(value_type = Option<String>, format = Date)]
    ships_on: Option<Date>,
    /// The day on which all of it is there as likely as not; none where no carrier's days are known.
    #[schema(value_type = Option<String>, format = Date)]
    likely_on: Option<Date>,
    /// The day by which all of it is there with 90 % confidence, if that is proven.
    #[schema(value_type = Option<String>, format = Date)]
    keeps_on: Option<Date>,
    /// Whether at least 30 deliveries and a backtest stand behind `keeps_on`.
    proven: bool,
    /// Code of the carrier service, where all parts go with one.
    service: Option<&'a str>,
}

/// What stands for units of a promise.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseBacking)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum BackingView<'a> {
    /// Units that a location has.
    Allocation {
        /// The fulfilment.
        fulfilment_id: Uuid,
        /// Code of the location.
        location: Option<&'a str>,
        /// Units.
        quantity: i64,
    },
    /// Units that are made to order.
    Production {
        /// The production order.
        production_order_id: Uuid,
        /// Code of the location that makes them.
        location: Option<&'a str>,
        /// The local day on which they are to be finished.
        #[schema(value_type = String, format = Date)]
        due: Date,
        /// Units.
        quantity: i64,
    },
    /// Units that will come.
    Supply {
        /// The supply.
        #[schema(value_type = Uuid)]
        supply_id: SupplyId,
        /// Code of the location that it comes to.
        location: Option<&'a str>,
        /// The day it was expected on when it was named.
        #[schema(value_type = String, format = Date)]
        expected_on: Date,
        /// Units.
        quantity: i64,
    },
}

impl<'a> LinePromiseView<'a> {
    /// Shows what is promised of a line.
    #[must_use]
    pub fn new(order: &Order, line: &Line, promise: &LinePromise, network: &'a Network) -> Self {
        let due = promise.now.and_then(|now| now.due_on());
        let in_time = line.requested_date;
        Self {
            now: promise.now.map(|now| PromisedView::new(now, network)),
            first: PromisedView::new(promise.first, network),
            in_time: in_time.map(|wanted| due.is_some_and(|due| due <= wanted)),
            backed_by: backing(order, line.no, network),
        }
    }
}

impl<'a> PromisedView<'a> {
    /// Shows the dates of a promise.
    #[must_use]
    pub fn new(promised: Promised, network: &'a Network) -> Self {
        let service = promised.service.and_then(|id| network.service(id));
        Self {
            ships_on: promised.ships_on,
            likely_on: promised.likely_on,
            keeps_on: promised.keeps_on,
            proven: promised.proven,
            service: service.map(|service| service.code.as_str()),
        }
    }
}

fn backing<'a>(order: &Order, line: LineNo, network: &'a Network) -> Vec<BackingView<'a>> {
    let code = |id| network.location(id).map(|known| known.code.as_str());
    let allocated = order.progress.fulfilments.iter().filter_map(|fulfilment| {
        let quantity = fulfilment.units(line)?.total();
        (quantity > 0).then(|| BackingView::Allocation {
            fulfilment_id: fulfilment.no.of(order.id),
            location: fulfilment.location.and_then(code),
            quantity,
        })
    });
    let awaited = awaited_by(order, line).map(|units| BackingView::Supply {
        supply_id: units.supply,
        location: code(units.location),
        expected_on: units.expected_on,
        quantity: units.quantity,
    });
    let made = order.progress.productions.iter();
    let made = made.filter(|one| one.line == line && one.is_open());
    let made = made.map(|one| BackingView::Production {
        production_order_id: one.no.of(order.id),
        location: code(one.location),
        due: one.expected_on(),
        quantity: one.quantity,
    });
    allocated.chain(made).chain(awaited).collect()
}
