//! Channels: where orders come from, and what is done with orders that cannot be served.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{LocationId, Member, Sells, SourcingSchedule};
use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::money::Currency;
use crate::order::choice::SlipRules;
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// The number of a channel: small, given once, never reused. The API speaks of codes.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ChannelId(pub u16);

/// What happens to units that no location has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shortage {
    /// The order is taken and the missing units wait for stock.
    #[default]
    Backorder,
    /// The order is refused.
    Refuse,
    /// The order is taken and put on hold, nothing allocated.
    Hold,
}

/// What happens to orders with mistakes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intake {
    /// They are refused.
    #[default]
    Strict,
    /// They are stored on hold with what is wrong, because they exist elsewhere already.
    Exceptions,
}

/// Where orders come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Identity.
    pub id: ChannelId,
    /// The merchant's own code; unique.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The currency orders of this channel are in.
    pub currency: Currency,
    /// What happens to units that no location has.
    #[serde(default)]
    pub shortage: Shortage,
    /// What happens to orders with mistakes.
    #[serde(default)]
    pub intake: Intake,
    /// Whether orders are sourced in the commit that places them; else by `source`.
    #[serde(default = "yes")]
    pub source_on_placement: bool,
    /// Minutes after placing in which the customer may change or cancel: until then nothing of an order is worked on. 0 for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub remorse_minutes: u32,
    /// When orders that wait to be sourced are sourced together; only where they are not on placement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sourcing_schedule: Option<SourcingSchedule>,
    /// From which locations it sells, and what is kept back from it there.
    #[serde(default)]
    pub sells: Sells,
    /// What is done when a promise slips: what the customer may choose; nothing is asked if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slips: Option<SlipRules>,
    /// How often a line may be turned down before its order goes to somebody's queue; 0: as often as may be.
    #[serde(default = "usual_tries", skip_serializing_if = "is_usual_tries")]
    pub escalate_after: u16,
    /// Whether items that have a case quantity are ordered and served in whole cases, whoever orders them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole_cases: bool,
    /// The store whose till it is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub till: Option<LocationId>,
}

/// Tries of a line before a person looks at it, where a channel does not say otherwise.
pub const ESCALATE_AFTER: u16 = 3;

fn usual_tries() -> u16 {
    ESCALATE_AFTER
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_usual_tries(tries: &u16) -> bool {
    *tries == ESCALATE_AFTER
}

impl Channel {
    /// What a shortage means for an order that is sourced for the first time. Where mistakes are taken, nothing is
    /// refused: the order is held instead.
    #[must_use]
    pub fn shortage_of_new_orders(&self) -> Shortage {
        match (self.shortage, self.intake) {
            (Shortage::Refuse, Intake::Exceptions) => Shortage::Hold,
            (shortage, _) => shortage,
        }
    }
}

/// The longest remorse window, in minutes: four weeks.
pub const REMORSE_MAX: u32 = 28 * 24 * 60;

impl Channel {
    /// Until when customers of this channel may change their mind about an order; none where they may not, or may no longer.
    #[must_use]
    pub fn remorse_until(&self, placed_at: Millis, now: Millis) -> Option<Millis> {
        let until = placed_at.plus_ms(i64::from(self.remorse_minutes) * 60_000);
        (self.remorse_minutes > 0 && until > now).then_some(until)
    }

    fn check_when_sourced(&self) -> Result<(), Refusal> {
        if self.remorse_minutes > REMORSE_MAX {
            let problem = format!("must lie between 0 and {REMORSE_MAX}");
            return Err(Refusal::invalid("/remorse_minutes", problem));
        }
        match &self.sourcing_schedule {
            Some(_) if self.source_on_placement => Err(Refusal::invalid(
                "/sourcing_schedule",
                "needs source_on_placement to be false; orders that are sourced on placement leave nothing to a schedule",
            )),
            Some(schedule) => schedule.check("/sourcing_schedule"),
            None => Ok(()),
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(minutes: &u32) -> bool {
    *minutes == 0
}

fn yes() -> bool {
    true
}

/// Creates a channel, or replaces the one with the same code.
#[derive(Debug, Clone)]
pub struct PutChannel {
    /// All fields; the id is given by the decision.
    pub channel: Channel,
    /// Refuse if the code is taken (create) or unknown (change).
    pub mode: PutMode,
}

/// Creates or replaces a channel. One that is the same already makes no new version of the network.
///
/// # Errors
/// Refuses invalid fields, a taken code on create, an unknown code on change, and more than 65,535 channels.
pub fn put_channel(attempt: &mut Attempt<'_>, command: &PutChannel) -> Result<Answer, Stop> {
    text::name("/code", &command.channel.code, text::CODE_MAX)?;
    text::required("/name", &command.channel.name, text::NAME_MAX)?;
    let network = attempt.network();
    command.channel.sells.check(network)?;
    if let Some(slips) = &command.channel.slips {
        slips.check()?;
    }
    if let Some(till) = command
        .channel
        .till
        .filter(|id| network.location(*id).is_none())
    {
        return Err(Refusal::unknown("/till", "location", till.0.to_string()).into());
    }
    command.channel.check_when_sourced()?;
    let known = network
        .channels
        .iter()
        .position(|channel| channel.code == command.channel.code);
    command
        .mode
        .check("channel", &command.channel.code, known.is_some())?;
    let id = ChannelId(super::number("channels", known, network.channels.len())?);
    let channel = Channel {
        id,
        sells: command.channel.sells.sorted(),
        ..command.channel.clone()
    };
    if known.is_none_or(|position| *network.channels[position] != channel) {
        attempt.put_member(Member::Channel(Arc::new(channel)));
    }
    Ok(match known {
        Some(_) => Answer::ok(Resource::Channel(id)),
        None => Answer::created(Resource::Channel(id)),
    })
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_channel_is_made_once_and_changed_by_its_code() {
        story(
            r#"
                put-channel X create
                answer                            > created, network 7
                put-channel X create              > already_exists: channel "X" exists already; change it with PUT, or choose another name
                put-channel X currency=USD change
                answer                            > ok, network 8
                put-channel X currency=USD
                answer                            > ok, network 8
                order A=1 channel=X               > wrong_currency: channel "X" sells in USD, the order is in EUR; send USD as the currency, or use a channel that sells in EUR
                order A=1 channel=X currency=USD  > order open; A 1 backordered
                put-channel Y change              > not_found: there is no channel Y
                put-channel none                  > invalid_field: /code must not be empty
                put-channel LONG                  > invalid_field: /code is 10001 bytes long; at most 64 are allowed
                put-channel Y name=none           > invalid_field: /name must not be empty
                put-channel Y name=LONG           > invalid_field: /name is 10001 bytes long; at most 255 are allowed
            "#,
        );
    }

    #[test]
    fn a_draft_is_not_placed_in_a_currency_that_its_channel_gave_up() {
        story(
            r#"
                put-channel X
                draft A=1 channel=X        > order draft; A 1 open
                put-channel X currency=USD
                place                      > wrong_currency: channel "X" sells in USD, the order is in EUR; send USD as the currency, or use a channel that sells in EUR
            "#,
        );
    }
}
