//! Shipping: packed units leave, on hand falls.

use crate::id::{FulfilmentNo, PackageNo};
use crate::time::Millis;

/// Ships packed units. What is not packed, or in other packages than those named, is split
/// into a fulfilment of its own at the same location.
#[derive(Debug, Clone)]
pub struct ShipFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's service.
    pub service: Option<String>,
    /// The carrier's number.
    pub tracking_number: Option<String>,
    /// The packages that leave; `None`: all.
    pub packages: Option<Vec<ShippedPackage>>,
    /// When it left, if that was earlier than now.
    pub shipped_at: Option<Millis>,
}

/// A package that leaves.
#[derive(Debug, Clone)]
pub struct ShippedPackage {
    /// Which.
    pub package: PackageNo,
    /// Its own tracking number.
    pub tracking_number: Option<String>,
}
