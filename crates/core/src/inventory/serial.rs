//! Serial numbers: units of an item that are known one by one, from when they are first seen.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::id::{ItemId, LineNo, OrderId};
use crate::network::LocationId;
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Longest serial number, in bytes (GS1's has 20 characters; makers use more).
pub const SERIAL_MAX: usize = 64;
/// Most serial numbers in one command.
pub const SERIALS_MAX: usize = 1_000;

/// A serial number as it is printed on a unit; compared byte by byte, and of one unit of its item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SerialNumber(Arc<str>);

impl SerialNumber {
    /// The number with this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The text of the number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SerialState {
    /// At a location, for whoever picks it.
    InStock {
        /// Where it was seen last.
        location: LocationId,
    },
    /// Picked for an order, and not gone yet.
    Picked {
        /// Where.
        location: LocationId,
        /// Whose.
        order: OrderId,
        /// The line of the order.
        line: LineNo,
    },
    /// Left with an order.
    Shipped {
        /// From where.
        location: LocationId,
        /// Whose.
        order: OrderId,
        /// The line of the order.
        line: LineNo,
    },
    /// Scrapped, or not found any more.
    Gone {
        /// Where.
        location: LocationId,
    },
}

impl SerialState {
    /// The location that it is at, or that had it last.
    #[must_use]
    pub fn location(self) -> LocationId {
        match self {
            Self::InStock { location }
            | Self::Picked { location, .. }
            | Self::Shipped { location, .. }
            | Self::Gone { location } => location,
        }
    }

    /// The order that has it.
    #[must_use]
    pub fn order(self) -> Option<(OrderId, LineNo)> {
        match self {
            Self::Picked { order, line, .. } | Self::Shipped { order, line, .. } => {
                Some((order, line))
            }
            Self::InStock { .. } | Self::Gone { .. } => None,
        }
    }

    /// Its name in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InStock { .. } => "in_stock",
            Self::Picked { .. } => "picked",
            Self::Shipped { .. } => "shipped",
            Self::Gone { .. } => "gone",
        }
    }
}

/// What happened to a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SerialEvent {
    /// It came in.
    Received = 1,
    /// It was moved between locations.
    Moved = 2,
    /// It was picked.
    Picked = 3,
    /// It was taken out of a fulfilment before that left.
    PutBack = 4,
    /// It left.
    Shipped = 5,
    /// The customer collected it.
    PickedUp = 6,
    /// It came back.
    Returned = 7,
    /// It was found damaged.
    FoundDamaged = 8,
    /// It was set aside to be looked at.
    Quarantined = 9,
    /// It was not found where it should be.
    NotFound = 10,
    /// It was scrapped.
    Scrapped = 11,
}

impl SerialEvent {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Received,
        Self::Moved,
        Self::Picked,
        Self::PutBack,
        Self::Shipped,
        Self::PickedUp,
        Self::Returned,
        Self::FoundDamaged,
        Self::Quarantined,
        Self::NotFound,
        Self::Scrapped,
    ];

    /// Its name in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Moved => "moved",
            Self::Picked => "picked",
            Self::PutBack => "put_back",
            Self::Shipped => "shipped",
            Self::PickedUp => "picked_up",
            Self::Returned => "returned",
            Self::FoundDamaged => "found_damaged",
            Self::Quarantined => "quarantined",
            Self::NotFound => "not_found",
            Self::Scrapped => "scrapped",
        }
    }
}

/// The life of a unit, one entry after the other; the last one says where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialEntry {
    /// The item.
    pub item: ItemId,
    /// The unit.
    pub serial: SerialNumber,
    /// Number of the entry in the unit's life, from 1.
    pub seq: u64,
    /// When.
    pub at: Millis,
    /// What happened.
    pub event: SerialEvent,
    /// Where it is since.
    pub state: SerialState,
    /// The document that goes with it.
    pub reference: Option<String>,
}

/// Reads serial numbers as somebody names them.
///
/// # Errors
/// Refuses more than [`SERIALS_MAX`], texts that are none, and one that is named twice.
pub(crate) fn parse(field: &str, named: &[String]) -> Result<Vec<SerialNumber>, Refusal> {
    if named.len() > SERIALS_MAX {
        return Err(Refusal::TooMany {
            what: "serial numbers in one request",
            limit: SERIALS_MAX as u64,
        });
    }
    let mut serials: Vec<SerialNumber> = Vec::with_capacity(named.len());
    let mut seen = rustc_hash::FxHashSet::default();
    for (position, text) in named.iter().enumerate() {
        text::name(format!("{field}/{position}"), text, SERIAL_MAX)?;
        if !seen.insert(text) {
            return Err(Refusal::invalid(
                format!("{field}/{position}"),
                format!("names {text:?} a second time"),
            ));
        }
        serials.push(SerialNumber::new(text));
    }
    Ok(serials)
}
