//! Channels: where orders come from, and what is done with orders that cannot be served.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::money::Currency;
use crate::refusal::Refusal;
use crate::text;

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

/// Creates or replaces a channel.
///
/// # Errors
/// Refuses invalid fields, a taken code on create, an unknown code on change, and more than 65,535 channels.
pub fn put_channel(attempt: &mut Attempt<'_>, command: &PutChannel) -> Result<Answer, Stop> {
    text::required("/code", &command.channel.code, text::CODE_MAX)?;
    text::required("/name", &command.channel.name, text::NAME_MAX)?;
    let mut network = attempt.network().as_ref().clone();
    let known = network
        .channels
        .iter()
        .position(|channel| channel.code == command.channel.code);
    command
        .mode
        .check("channel", &command.channel.code, known.is_some())?;
    let position = known.unwrap_or(network.channels.len());
    let id = u16::try_from(position)
        .map(ChannelId)
        .map_err(|_| Refusal::TooMany {
            what: "channels",
            limit: 65_535,
        })?;
    let channel = Arc::new(Channel {
        id,
        ..command.channel.clone()
    });
    match known {
        Some(_) => network.channels[position] = channel,
        None => network.channels.push(channel),
    }
    attempt.put_network(network);
    let resource = Resource::Channel(id);
    Ok(if known.is_some() {
        Answer::ok(resource)
    } else {
        Answer::created(resource)
    })
}
