//! How the units of an item are told apart, as the API writes and reads it.

use serde::{Deserialize, Serialize};
use throughline_core::catalog::{LotTracking, SerialTracking, Tracking};
use utoipa::ToSchema;

/// How the units of an item are told apart. It changes only while there is no stock of the item.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = Tracking)]
#[serde(deny_unknown_fields)]
pub struct TrackingShape {
    /// By lots: every movement of stock names one, and orders are given those that expire first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lots: Option<LotTrackingShape>,
}

/// What is known of the lots of an item.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = LotTracking)]
#[serde(deny_unknown_fields)]
struct LotTrackingShape {
    /// Whether every lot has a last day on which it may be used.
    #[serde(default)]
    expires: bool,
    /// Days that a lot must have left when it leaves, whatever the channel asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 3650)]
    min_life_days: Option<u16>,
}

impl From<TrackingShape> for Tracking {
    fn from(shape: TrackingShape) -> Self {
        Self {
            lots: shape.lots.map(|lots| LotTracking {
                expires: lots.expires,
                min_life_days: lots.min_life_days,
            }),
            serials: None::<SerialTracking>,
        }
    }
}

impl TrackingShape {
    /// Shows what is tracked; nothing, where nothing is.
    pub(super) fn of(tracking: Tracking) -> Option<Self> {
        let lots = tracking.lots.map(|lots| LotTrackingShape {
            expires: lots.expires,
            min_life_days: lots.min_life_days,
        });
        (!tracking.is_nothing()).then_some(Self { lots })
    }
}
