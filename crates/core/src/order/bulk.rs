//! One action over many orders: what is done to each of them, and what of it can no longer be stopped.

use serde::{Deserialize, Serialize};

use super::cancel::CancelOrder;
use super::hold::HoldOrder;
use super::{HoldKind, Order, OrderStatus};
use crate::command::{Command, OnOrder};
use crate::id::{CustomerId, ItemId};
use crate::network::ChannelId;
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// What is done to each order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// Stop all work on it, picking that has begun included: a manual hold on the order.
    Stop,
    /// Put it on hold for a reason of this kind.
    Hold(HoldKind),
    /// Cancel what has not left.
    Cancel,
}

/// Which orders. Everything that is given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkFilter {
    /// Where they came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// An item that they name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// Their status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderStatus>,
    /// Who ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// A label that they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Placed at this time or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_after: Option<Millis>,
    /// Placed before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_before: Option<Millis>,
}

/// An action and the orders it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulk {
    /// What is done.
    pub action: BulkAction,
    /// To which orders.
    pub filter: BulkFilter,
    /// Why.
    pub reason: String,
}

impl Bulk {
    /// Checks the reason, and that the filter names something: nobody stops everything by leaving a field out.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] that names the field.
    pub fn check(&self) -> Result<(), Refusal> {
        text::required("/reason", &self.reason, text::REASON_MAX)?;
        if self.filter == BulkFilter::default() {
            let problem = "must name at least one of channel, sku, status, customer, tag, placed_after and placed_before";
            return Err(Refusal::invalid("/filter", problem));
        }
        text::optional("/filter/tag", self.filter.tag.as_deref(), text::CODE_MAX)
    }

    /// Whether an order that was found by the rest of the filter has the label too.
    #[must_use]
    pub fn fits(&self, order: &Order) -> bool {
        let tag = self.filter.tag.as_ref();
        tag.is_none_or(|tag| order.progress.tags.contains(tag))
    }

    /// What is done to an order.
    #[must_use]
    pub fn command(&self, order: &Order) -> Command {
        let reason = self.reason.clone();
        let hold = |kind| {
            Command::HoldOrder(on(
                order,
                HoldOrder {
                    kind,
                    reason: reason.clone(),
                    lines: Vec::new(),
                },
            ))
        };
        match self.action {
            BulkAction::Stop => hold(HoldKind::Manual),
            BulkAction::Hold(kind) => hold(kind),
            BulkAction::Cancel => Command::CancelOrder(on(
                order,
                CancelOrder {
                    reason,
                    lines: None,
                },
            )),
        }
    }
}

fn on<T>(order: &Order, what: T) -> OnOrder<T> {
    OnOrder {
        order: order.id,
        expected_version: None,
        what,
    }
}

/// What of an order cannot be stopped any more: the units that have left. Nothing if none has.
#[must_use]
pub fn beyond_reach(order: &Order) -> Option<String> {
    let fulfilments = order.progress.fulfilments.iter();
    let left: i64 = fulfilments
        .map(|fulfilment| fulfilment.total().left())
        .sum();
    (left > 0).then(|| format!("{left} units have left already"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_names_something_and_a_reason_is_given() {
        let mut bulk = Bulk {
            action: BulkAction::Stop,
            filter: BulkFilter::default(),
            reason: "recall".to_owned(),
        };
        assert_eq!(bulk.check().unwrap_err().field(), Some("/filter"));
        bulk.filter.tag = Some("storm".to_owned());
        assert_eq!(bulk.check(), Ok(()));
        bulk.reason = " ".to_owned();
        assert_eq!(bulk.check().unwrap_err().field(), Some("/reason"));
    }

    #[test]
    fn an_action_is_stored_as_it_is_read() {
        for action in [
            BulkAction::Stop,
            BulkAction::Hold(HoldKind::Address),
            BulkAction::Cancel,
        ] {
            let stored = serde_json::to_string(&action).unwrap();
            assert_eq!(serde_json::from_str::<BulkAction>(&stored).unwrap(), action);
        }
    }
}
