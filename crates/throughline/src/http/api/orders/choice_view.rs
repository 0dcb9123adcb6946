//! A choice as the API shows it.

use serde::Serialize;
use throughline_core::network::Network;
use throughline_core::order::Order;
use throughline_core::order::choice::{By, Choice, ChoiceMade, Chosen};
use utoipa::ToSchema;
use uuid::Uuid;

use super::promised::PromisedView;
use crate::http::api::channels::slips::ChosenShape;
use crate::http::api::shapes::Instant;

/// What a customer was offered when a promise slipped.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Choice)]
pub struct ChoiceView<'a> {
    /// Identity.
    id: Uuid,
    /// `open` until something is chosen.
    status: &'static str,
    /// When it was offered.
    #[schema(value_type = String, format = DateTime)]
    offered_at: Instant,
    /// Why the promise slipped.
    #[schema(example = "supply_late")]
    reason: &'static str,
    /// The units that come later.
    lines: Vec<ChoiceLineView<'a>>,
    /// What was promised of them first.
    before: PromisedView<'a>,
    /// What was promised of them when it was offered; none where nobody knew.
    now: Option<PromisedView<'a>>,
    /// What can be chosen.
    #[schema(value_type = Vec<ChosenShape>)]
    options: &'a [Chosen],
    /// What is done if nothing is chosen.
    #[schema(value_type = ChosenShape)]
    default: Chosen,
    /// By when.
    #[schema(value_type = String, format = DateTime)]
    deadline: Instant,
    /// Whether there is a public link to it.
    has_link: bool,
    /// What was chosen.
    made: Option<ChoiceMadeView>,
}

/// Units of a line that come later.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChoiceLine)]
struct ChoiceLineView<'a> {
    /// The line.
    line_id: Uuid,
    /// Units.
    quantity: i64,
    /// The SKU that would come instead, where there is one.
    instead: Option<&'a str>,
}

/// What was chosen, when and by whom.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChoiceMade)]
struct ChoiceMadeView {
    /// What.
    #[schema(value_type = ChosenShape)]
    option: Chosen,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Who.
    #[schema(value_type = ChosenByShape)]
    by: By,
}

/// Who chose.
#[derive(Debug, ToSchema)]
#[schema(as = ChosenBy, rename_all = "snake_case")]
pub enum ChosenByShape {
    /// The customer, at the public link.
    Customer,
    /// Somebody on the customer's behalf.
    Staff,
    /// Nobody did in time: the default.
    Deadline,
    /// Nobody has to any more: it comes in time after all, or nothing is left to be chosen.
    Recovery,
}

impl<'a> ChoiceView<'a> {
    /// Shows a choice of an order.
    #[must_use]
    pub fn new(order: &Order, choice: &'a Choice, network: &'a Network) -> Self {
        let lines = choice.lines.iter().map(|units| {
            let mut instead = choice.instead.iter();
            ChoiceLineView {
                line_id: units.line.of(order.id),
                quantity: units.quantity,
                instead: instead
                    .find(|(line, _)| *line == units.line)
                    .map(|(_, sku)| sku.as_str()),
            }
        });
        Self {
            id: choice.no.of(order.id),
            status: if choice.made.is_none() {
                "open"
            } else {
                "made"
            },
            offered_at: Instant(choice.at),
            reason: choice.reason.as_str(),
            lines: lines.collect(),
            before: PromisedView::new(choice.before, network),
            now: choice.now.map(|now| PromisedView::new(now, network)),
            options: &choice.options,
            default: choice.default,
            deadline: Instant(choice.deadline),
            has_link: choice.link.is_some(),
            made: choice.made.map(ChoiceMadeView::new),
        }
    }
}

impl ChoiceMadeView {
    fn new(made: ChoiceMade) -> Self {
        Self {
            option: made.chosen,
            at: Instant(made.at),
            by: made.by,
        }
    }
}
