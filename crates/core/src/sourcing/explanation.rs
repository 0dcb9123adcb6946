//! Why locations were or were not chosen, compact: reason → set of locations.

use serde::{Deserialize, Serialize};

use crate::network::LocationId;

/// One decision's reasons. About 2 KB even for large networks, because a reason is written once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The policy that decided.
    pub policy: String,
    /// The version of the network that was seen.
    pub network: i64,
    /// Each group of lines that travel together, with its reasons.
    pub groups: Vec<Group>,
}

/// The reasons for one group of lines that travel together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The lines.
    pub lines: Vec<crate::id::LineNo>,
    /// Locations by reason.
    pub reasons: Vec<(Reason, Vec<LocationId>)>,
    /// Units that no location has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<(crate::id::LineNo, i64)>,
}

/// Why a location was or was not chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It serves units.
    Chosen,
    /// It could serve everything, but one that is preferred can too.
    LessPreferred,
    /// It could serve everything as well as the chosen one, but is farther.
    Farther,
    /// It could serve everything as well, is as preferred and no farther; of equals the one that was made first serves.
    AsGood,
    /// It has some of what is wanted; fewer parcels are possible without it.
    NotNeeded,
    /// It has nothing of what is wanted.
    NoStock,
    /// It is paused or closed.
    NotOpen,
    /// It rejected this order or came up short for it.
    Excluded,
    /// It does not take orders of this kind: to be shipped, or to be collected.
    MethodNotAccepted,
    /// It does not ship to where the order goes.
    DoesNotServeArea,
    /// It has as much to do as it can on its first day.
    Full,
    /// The lines are bound to another location.
    NotThePickupLocation,
}
