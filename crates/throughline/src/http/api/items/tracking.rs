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
    /// By serial numbers: when they are captured. Not together with lots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    serials: Option<SerialTrackingShape>,
}

/// When the serial numbers of an item are captured.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = SerialTracking)]
#[serde(rename_all = "snake_case")]
enum SerialTrackingShape {
    /// When units come in; every picked unit is one of them.
    AtReceipt,
    /// When units are picked.
    AtPick,
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
            serials: shape.serials.map(|serials| match serials {
                SerialTrackingShape::AtReceipt => SerialTracking::AtReceipt,
                SerialTrackingShape::AtPick => SerialTracking::AtPick,
            }),
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
        let serials = tracking.serials.map(|serials| match serials {
            SerialTracking::AtReceipt => SerialTrackingShape::AtReceipt,
            SerialTracking::AtPick => SerialTrackingShape::AtPick,
        });
        (!tracking.is_nothing()).then_some(Self { lots, serials })
    }
}
