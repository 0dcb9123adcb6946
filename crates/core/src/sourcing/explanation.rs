//! Why locations were or were not chosen, compact: reason → set of locations.

use serde::{Deserialize, Serialize};

use crate::inventory::Cause;
use crate::network::LocationId;
use crate::time::Millis;

/// One decision's reasons. About 2 KB even for large networks, because a reason is written once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The policy that decided.
    pub policy: String,
    /// The version of the network that was seen.
    pub network: i64,
    /// Each group of lines that travel together, with its reasons.
    pub groups: Vec<Group>,
    /// What came instead of what nobody serves, where the policy answers so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitutions: Vec<Substitution>,
    /// The line's share of an item that was scarce, where those who waited for it shared what came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<Shared>,
}

/// What a line was given of a scarce item that those who waited for it shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The line.
    pub line: crate::id::LineNo,
    /// Units that it waited for.
    pub wanted: i64,
    /// Units that were there for all who shared them.
    pub free: i64,
    /// Units that all of them waited for.
    pub waited: i64,
    /// How many customers they are; orders of nobody known count as one each.
    pub customers: u32,
    /// Units that were the line's share.
    pub share: i64,
}

/// What came instead of units of a line, or why nothing did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substitution {
    /// The line.
    pub line: crate::id::LineNo,
    /// Its units that nobody serves.
    pub quantity: i64,
    /// What came instead.
    #[serde(flatten)]
    pub instead: Instead,
}

/// What came instead of units that nobody serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Instead {
    /// All of them became units of another item.
    Substituted {
        /// The item.
        item: crate::id::ItemId,
        /// Its SKU.
        sku: String,
        /// The line that has them.
        into: crate::id::LineNo,
    },
    /// The line does not allow it.
    NotAllowed,
    /// Components of kits have no substitutes.
    PartOfKit,
    /// No substitute of the item could be served in full.
    NoneThere,
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
    /// Items that locations would have, but that are excluded there for now: at most [`BARRED_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barred: Vec<Barred>,
    /// How the policy weighed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighing: Option<super::Weighing>,
}

/// Most excluded items that one group of reasons names.
pub const BARRED_MAX: usize = 100;

/// An item that is excluded at a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barred {
    /// The location.
    pub location: LocationId,
    /// The first line of the group that wants the item.
    pub line: crate::id::LineNo,
    /// Until when.
    pub until: Millis,
    /// Why.
    pub cause: Cause,
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
    /// It has units of what is wanted, but no whole case, and cases are not broken.
    NoWholeCase,
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
    /// It is in none of the groups that the policy allows.
    NotAllowed,
    /// The policy excludes it for now.
    ExcludedByPolicy,
    /// Suppliers serve only what nobody else can.
    SuppliersLast,
    /// It cannot work it on the day on which it came.
    NotToday,
    /// No carrier service goes from there to the destination with what is wanted.
    NoService,
    /// It has units, but its capacity, the carriers or what has to stay together let it serve none.
    ServesNothing,
    /// A chosen location has at least as much of everything at no higher cost.
    Dominated,
    /// It could serve everything, and plans with it cost more.
    CostsMore,
    /// The lines are bound to another location.
    NotThePickupLocation,
    /// The order's channel does not sell from it.
    NotSoldFrom,
    /// It has nothing else of what is wanted than an item that is excluded there for now.
    ItemExcluded,
    /// What is wanted is collected there, and others send what it lacks.
    CollectedThere,
    /// The order comes from its till: what is sent is not on its shelf.
    AtTheTill,
    /// It would serve, but too little of the price would be left.
    BelowMargin,
    /// It has some of what is wanted; of many orders that were planned together, others are served with it.
    PlannedForOthers,
}
