//! Production orders: units that a location makes for one line of an order. Until they are finished the line waits for
//! them, and nothing else that comes in is theirs.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Hold, Order, Progress, Route, Verb};
use crate::id::{ItemId, LineNo, ProductionNo};
use crate::network::LocationId;
use crate::time::Millis;

/// Units of one line that a location makes by one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Production {
    /// Its number within the order.
    pub no: ProductionNo,
    /// The line that they are for.
    pub line: LineNo,
    /// What is made.
    pub item: ItemId,
    /// Who makes it, and has it in stock when it is finished.
    pub location: LocationId,
    /// The local day whose capacity it takes, and on which it is to be finished.
    pub day: Date,
    /// Units asked for.
    pub quantity: i64,
    /// How far it is.
    #[serde(default)]
    pub state: ProductionState,
    /// When it was asked for.
    pub since: Millis,
    /// The name that the maker has for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The local day on which the maker says that it will be finished, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// How finished units reach the customer, as it was promised.
    #[serde(default)]
    pub route: Route,
}

/// How far a production order is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ProductionState {
    /// The maker was asked.
    #[default]
    Requested,
    /// The maker said yes.
    Accepted,
    /// It is being made.
    Started {
        /// Since when.
        at: Millis,
    },
    /// It is finished.
    Completed {
        /// When.
        at: Millis,
        /// Units that are good; fewer than were asked for, where some failed.
        made: i64,
    },
    /// The maker said no.
    Rejected {
        /// When.
        at: Millis,
    },
    /// It is not wanted any more, and had not begun.
    Cancelled {
        /// When.
        at: Millis,
    },
}

impl ProductionState {
    /// The state as the API writes it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Accepted => "accepted",
            Self::Started { .. } => "started",
            Self::Completed { .. } => "completed",
            Self::Rejected { .. } => "rejected",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

impl Production {
    /// Whether its units are still to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_waiting() || matches!(self.state, ProductionState::Started { .. })
    }

    /// Whether nobody has begun it, and nobody has refused it.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        matches!(
            self.state,
            ProductionState::Requested | ProductionState::Accepted
        )
    }

    /// Units of its day's capacity that it takes: none once it was refused, or cancelled before it began.
    #[must_use]
    pub fn booked(&self) -> i64 {
        match self.state {
            ProductionState::Rejected { .. } | ProductionState::Cancelled { .. } => 0,
            ProductionState::Requested
            | ProductionState::Accepted
            | ProductionState::Started { .. }
            | ProductionState::Completed { .. } => self.quantity,
        }
    }

    /// What may be done with it now.
    #[must_use]
    pub fn available_actions(&self, order: &Order) -> Vec<Verb> {
        let is_held = |verb: Verb| {
            let concerns = |hold: &&Hold| hold.lines.is_empty() || hold.lines.contains(&self.line);
            let mut holds = order.progress.active_holds().filter(concerns);
            holds.any(|hold| hold.kind.blocks(verb))
        };
        let is_new = self.state == ProductionState::Requested;
        let offers = [
            (is_new && !is_held(Verb::Accept), Verb::Accept),
            (self.is_waiting() && !is_held(Verb::Start), Verb::Start),
            (self.is_open(), Verb::Complete),
            (self.is_open(), Verb::Reject),
        ];
        let offered = offers.into_iter().filter(|(offered, _)| *offered);
        offered.map(|(_, verb)| verb).collect()
    }

    /// The day on which it is expected to be finished.
    #[must_use]
    pub fn expected_on(&self) -> Date {
        self.due.unwrap_or(self.day)
    }
}

impl Progress {
    /// A production order.
    #[must_use]
    pub fn production(&self, no: ProductionNo) -> Option<&Production> {
        self.productions.iter().find(|one| one.no == no)
    }

    /// Units that are to be made for a line, although fewer of them may be wanted by now.
    #[must_use]
    pub fn in_production(&self, line: LineNo) -> i64 {
        let open = self.productions.iter().filter(|one| one.is_open());
        open.filter(|one| one.line == line)
            .map(|one| one.quantity)
            .sum()
    }
}

/// Units of a line that wait for stock, whoever has it: those that are being made for it do not.
#[must_use]
pub fn waits_for_stock(order: &Order, position: usize) -> i64 {
    let (line, state) = (
        &order.placed.lines[position],
        &order.progress.lines[position],
    );
    if order.progress.productions.is_empty() {
        return state.backordered;
    }
    (state.backordered - order.progress.in_production(line.no)).max(0)
}

/// Whether production for the order has begun.
#[must_use]
pub fn is_being_made(order: &Order) -> bool {
    let mut all = order.progress.productions.iter();
    all.any(|one| matches!(one.state, ProductionState::Started { .. }))
}
