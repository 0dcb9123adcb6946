//! Why what was promised is not what will be.

use serde::{Deserialize, Serialize};

/// Why a promise changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slip {
    /// The supply that was named comes later, or should have come and did not.
    SupplyLate,
    /// The supply that was named will not come, or others have it.
    SupplyGone,
    /// Supply is there, or announced, for units that nothing was promised of, or it comes sooner.
    SupplyFound,
    /// What is made for it is finished later.
    ProductionLate,
    /// What is made for it is finished sooner.
    ProductionSooner,
    /// It did not leave on its day, and nobody has begun it.
    MissedCutOff,
    /// It did not leave on its day, although work on it has begun.
    StuckFulfilment,
    /// It did not leave on its day, because its location has not accepted it.
    NotAccepted,
    /// It did not leave on its day, because the order is on hold.
    OnHold,
    /// The carrier has not brought it by its day.
    CarrierLate,
    /// The carrier lost it, or it came back.
    CarrierException,
    /// A service, a carrier or all of them are closed.
    Closure,
    /// A location said no.
    Rejected,
    /// The units were taken back from who had them.
    Resourced,
}

impl Slip {
    /// As the API and the journal name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SupplyLate => "supply_late",
            Self::SupplyGone => "supply_gone",
            Self::SupplyFound => "supply_found",
            Self::ProductionLate => "production_late",
            Self::ProductionSooner => "production_sooner",
            Self::MissedCutOff => "missed_cut_off",
            Self::StuckFulfilment => "stuck_fulfilment",
            Self::NotAccepted => "not_accepted",
            Self::OnHold => "on_hold",
            Self::CarrierLate => "carrier_late",
            Self::CarrierException => "carrier_exception",
            Self::Closure => "closure",
            Self::Rejected => "rejected",
            Self::Resourced => "resourced",
        }
    }

    /// In the customer's words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::SupplyLate => "goods that we expected come later",
            Self::SupplyGone => "goods that we expected will not come",
            Self::SupplyFound => "goods have become available",
            Self::ProductionLate => "it takes longer to make than we thought",
            Self::ProductionSooner => "it is made sooner than we thought",
            Self::MissedCutOff | Self::StuckFulfilment | Self::NotAccepted => {
                "it did not leave on the day that was planned"
            }
            Self::OnHold => "the order is on hold",
            Self::CarrierLate => "the carrier is late",
            Self::CarrierException => "the parcel was lost or came back",
            Self::Closure => "the carrier does not work as usual",
            Self::Rejected | Self::Resourced => "it has to be sent from elsewhere",
        }
    }
}
