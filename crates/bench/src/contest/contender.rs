//! Who takes part in the measurement of throughput.

use std::fmt;

use crate::baseline::postgres::hand::Shape;
use crate::workload::order::Demand;

/// Someone who places orders, or pretends to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Contender {
    /// The product on SQLite with orders that it refuses as soon as they are parsed.
    ParseOnly,
    /// Transactions written by hand for PostgreSQL.
    Hand(Shape, Demand),
    /// The product on SQLite.
    Embedded(Demand),
    /// Two nodes of the product on PostgreSQL.
    TwoNodes(Demand),
}

impl Contender {
    /// The client counts among which the best one is looked for.
    pub(crate) fn client_counts(self) -> &'static [usize] {
        match self {
            Self::Hand(..) => &[2, 4, 8, 16, 32],
            Self::ParseOnly => &[8, 16, 32, 64, 128],
            Self::Embedded(_) | Self::TwoNodes(_) => &[32, 64, 128, 256, 512],
        }
    }
}

impl fmt::Display for Contender {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let demand = |demand: Demand| match demand {
            Demand::Mix => "normal mix",
            Demand::Hot => "one hot SKU",
        };
        match self {
            Self::ParseOnly => write!(to, "the same server, parsing and refusing"),
            Self::Hand(Shape::Separate, wanted) => {
                write!(to, "hand-written (a), {}", demand(*wanted))
            }
            Self::Hand(Shape::OneStatement, wanted) => {
                write!(to, "hand-written (b), {}", demand(*wanted))
            }
            Self::Embedded(wanted) => write!(to, "Throughline embedded, {}", demand(*wanted)),
            Self::TwoNodes(wanted) => {
                write!(to, "Throughline, two nodes, {}", demand(*wanted))
            }
        }
    }
}
