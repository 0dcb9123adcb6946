//! Visits: a service line is done where the customer is, in a slot of a team's day, after the goods that it is for are there.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Order, Progress};
use crate::id::{ItemId, LineNo, VisitNo};
use crate::network::LocationId;
use crate::time::Millis;

/// A visit for one service line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Its number within the order.
    pub no: VisitNo,
    /// The service line.
    pub line: LineNo,
    /// The service.
    pub item: ItemId,
    /// The goods that have to be there first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<LineNo>,
    /// When, and by whom.
    #[serde(flatten)]
    pub time: VisitTime,
    /// How far it is.
    #[serde(default)]
    pub state: VisitState,
    /// When it was booked first.
    pub since: Millis,
}

/// When a visit is made, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitTime {
    /// Whose people come.
    pub location: LocationId,
    /// The local day.
    pub date: Date,
    /// The number of the slot in the team's day, from 1.
    pub slot: u16,
    /// What the slot was called when it was booked.
    pub name: String,
    /// When it begins, in minutes after midnight at the location.
    pub from_minute: u16,
    /// When it ends.
    pub until_minute: u16,
}

/// How far a visit is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum VisitState {
    /// Somebody will come.
    #[default]
    Booked,
    /// The service was done.
    Completed {
        /// When.
        at: Millis,
    },
    /// Nobody was there, or nobody came.
    Missed {
        /// When that was recorded.
        at: Millis,
    },
    /// It is not wanted any more, or cannot be made.
    Cancelled {
        /// When.
        at: Millis,
    },
}

impl VisitState {
    /// The state as the API writes it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Completed { .. } => "completed",
            Self::Missed { .. } => "missed",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

/// Why a visit is made at another time, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitReason {
    /// Somebody asked for another time.
    Asked,
    /// The goods come later than the visit was to be.
    GoodsLate,
    /// The goods come later, and no slot is free after that.
    NoSlot,
    /// The goods, or the service, were cancelled.
    NotWanted,
}

impl VisitReason {
    /// As the API and the journal name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::GoodsLate => "goods_late",
            Self::NoSlot => "no_slot",
            Self::NotWanted => "not_wanted",
        }
    }
}

impl Visit {
    /// Whether somebody will come.
    #[must_use]
    pub fn is_booked(&self) -> bool {
        self.state == VisitState::Booked
    }

    /// Visits of its slot that it takes: none once it was cancelled.
    #[must_use]
    pub fn taken(&self) -> i64 {
        match self.state {
            VisitState::Cancelled { .. } => 0,
            VisitState::Booked | VisitState::Completed { .. } | VisitState::Missed { .. } => 1,
        }
    }
}

impl Progress {
    /// A visit.
    #[must_use]
    pub fn visit(&self, no: VisitNo) -> Option<&Visit> {
        self.visits.iter().find(|one| one.no == no)
    }

    /// The visit that will be made for a line.
    #[must_use]
    pub fn visit_of(&self, line: LineNo) -> Option<&Visit> {
        let mut booked = self.visits.iter().filter(|one| one.is_booked());
        booked.find(|one| one.line == line)
    }
}

/// Units of a line that are neither cancelled nor delivered.
#[must_use]
pub fn left_to_deliver(order: &Order, no: LineNo) -> i64 {
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let mut of_line = lines.filter(|(line, _)| line.no == no);
    let Some((line, progress)) = of_line.next() else {
        return 0;
    };
    let units = order.progress.fulfilments.iter();
    let units = units.filter_map(|one| one.units(no));
    let delivered: i64 = units.map(|units| units.delivered).sum();
    line.quantity - progress.cancelled - delivered
}
