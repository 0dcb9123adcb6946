//! A channel as the caller writes it.

use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::PutMode;
use throughline_core::network::{
    Channel, ChannelId, ESCALATE_AFTER, Intake, LocationId, Network, PutChannel, Sells, Shortage,
};
use utoipa::ToSchema;

use super::schedule::SourcingScheduleShape;
use super::sells::SellsShape;
use super::slips::SlipRulesShape;
use super::view::{IntakeShape, ShortageShape};
use crate::http::api::names::name;
use crate::http::body::RequestBody;

/// A channel to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChannelData)]
#[serde(deny_unknown_fields)]
pub struct ChannelBody {
    /// The merchant's own code. Needed by POST; in PUT it may be left away, or must be the path's.
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// ISO 4217 code of its orders' currency.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    currency: String,
    /// What happens to units that no location has; `backorder` unless given.
    #[schema(value_type = Option<ShortageShape>)]
    shortage: Option<Shortage>,
    /// What happens to orders with mistakes; `strict` unless given.
    #[schema(value_type = Option<IntakeShape>)]
    intake: Option<Intake>,
    /// Whether orders are sourced in the commit that places them, else by `source`; yes unless given.
    source_on_placement: Option<bool>,
    /// Minutes after placing in which the customer may change or cancel: stock is allocated, and nobody begins to work on
    /// it; 0 unless given.
    #[schema(maximum = 40320)]
    remorse_minutes: Option<u32>,
    /// When orders that wait to be sourced are sourced together; only with `source_on_placement` false.
    sourcing_schedule: Option<SourcingScheduleShape>,
    /// From which locations it sells, and what is kept back from it there; everything unless given.
    sells: Option<SellsShape>,
    /// What is done when a promise slips; the customer is not asked unless given.
    slips: Option<SlipRulesShape>,
    /// How often locations may turn a line down before its order is held for somebody to look at; 3 unless given, 0 for
    /// as often as may be.
    #[schema(maximum = 1000)]
    escalate_after: Option<u16>,
    /// Whether items that have a case quantity are ordered in multiples of it, and no location breaks a case; where it is
    /// false, customers whose terms say so.
    whole_cases: Option<bool>,
    /// Code of the store whose till it is.
    #[schema(max_length = 64)]
    till: Option<String>,
}

impl RequestBody for ChannelBody {}

impl ChannelBody {
    /// The command that writes the channel with the code of the path, or the body's own where there is none.
    ///
    /// # Errors
    /// Refuses a missing code, another code than the path's, what is no currency, and unknown locations.
    pub fn command(
        self,
        path: Option<String>,
        mode: PutMode,
        network: &Network,
    ) -> Result<PutChannel, Refusal> {
        let currency = self.currency.parse();
        let channel = Channel {
            id: ChannelId(0),
            code: name("code", path, self.code)?,
            name: self.name,
            currency: currency.map_err(|_| {
                Refusal::invalid("/currency", "must be an ISO 4217 code such as EUR")
            })?,
            shortage: self.shortage.unwrap_or_default(),
            intake: self.intake.unwrap_or_default(),
            source_on_placement: self.source_on_placement.unwrap_or(true),
            remorse_minutes: self.remorse_minutes.unwrap_or(0),
            sourcing_schedule: match self.sourcing_schedule {
                Some(schedule) => Some(schedule.schedule()?),
                None => None,
            },
            sells: match self.sells {
                Some(sells) => sells.resolve(network)?,
                None => Sells::default(),
            },
            slips: self.slips.map(SlipRulesShape::rules),
            escalate_after: self.escalate_after.unwrap_or(ESCALATE_AFTER),
            whole_cases: self.whole_cases.unwrap_or(false),
            till: self.till.map(|code| till(network, &code)).transpose()?,
        };
        Ok(PutChannel { channel, mode })
    }
}

fn till(network: &Network, code: &str) -> Result<LocationId, Refusal> {
    let known = network.location_by_code(code);
    known
        .map(|location| location.id)
        .ok_or_else(|| Refusal::unknown("/till", "location", code))
}
