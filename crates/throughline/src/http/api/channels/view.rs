//! A channel as the API shows it.

use serde::Serialize;
use throughline_core::money::Currency;
use throughline_core::network::{Channel, Intake, Network, Shortage};
use utoipa::ToSchema;

use super::schedule::SourcingScheduleShape;
use super::sells::SellsShape;
use super::slips::SlipRulesShape;

/// Where orders come from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Channel)]
pub struct ChannelView<'a> {
    /// The merchant's own code.
    code: &'a str,
    /// What people call it.
    name: &'a str,
    /// ISO 4217 code of its orders' currency.
    #[schema(value_type = String)]
    currency: Currency,
    /// What happens to units that no location has.
    #[schema(value_type = ShortageShape)]
    shortage: Shortage,
    /// What happens to orders with mistakes.
    #[schema(value_type = IntakeShape)]
    intake: Intake,
    /// Whether orders are sourced in the commit that places them.
    source_on_placement: bool,
    /// Minutes after placing in which the customer may change or cancel.
    remorse_minutes: u32,
    /// When orders that wait to be sourced are sourced together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    sourcing_schedule: Option<SourcingScheduleShape>,
    /// From which locations it sells, and what is kept back from it there.
    sells: SellsShape,
    /// What is done when a promise slips; the customer is not asked where there is nothing.
    slips: Option<SlipRulesShape>,
    /// How often locations may turn a line down before its order is held; 0: as often as may be.
    escalate_after: u16,
    /// Whether items that have a case quantity are ordered and served in whole cases, whoever orders them.
    whole_cases: bool,
    /// Code of the store whose till it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    till: Option<&'a str>,
}

impl<'a> ChannelView<'a> {
    /// Shows a channel.
    #[must_use]
    pub fn new(channel: &'a Channel, network: &'a Network) -> Self {
        Self {
            code: &channel.code,
            name: &channel.name,
            currency: channel.currency,
            shortage: channel.shortage,
            intake: channel.intake,
            source_on_placement: channel.source_on_placement,
            remorse_minutes: channel.remorse_minutes,
            sourcing_schedule: channel
                .sourcing_schedule
                .as_ref()
                .map(SourcingScheduleShape::new),
            sells: SellsShape::new(&channel.sells, network),
            slips: channel.slips.map(SlipRulesShape::new),
            escalate_after: channel.escalate_after,
            whole_cases: channel.whole_cases,
            till: channel
                .till
                .and_then(|id| network.location(id))
                .map(|location| location.code.as_str()),
        }
    }
}

/// What happens to units that no location has.
#[derive(Debug, ToSchema)]
#[schema(as = Shortage, rename_all = "snake_case")]
pub enum ShortageShape {
    /// The order is taken and the missing units wait for stock.
    Backorder,
    /// The order is refused.
    Refuse,
    /// The order is taken and put on hold, nothing allocated.
    Hold,
}

/// What happens to orders with mistakes.
#[derive(Debug, ToSchema)]
#[schema(as = Intake, rename_all = "snake_case")]
pub enum IntakeShape {
    /// They are refused.
    Strict,
    /// They are stored on hold with what is wrong, because they exist elsewhere already.
    Exceptions,
}
