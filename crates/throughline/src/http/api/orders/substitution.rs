//! What came instead of what nobody serves, as the API shows it.

use serde::Serialize;
use throughline_core::order::Order;
use throughline_core::sourcing::{Instead, Substitution};
use utoipa::ToSchema;
use uuid::Uuid;

/// What came instead of units of a line, or why nothing did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Substitution)]
pub struct SubstitutionView<'a> {
    /// The line.
    id: Uuid,
    /// Its units that nobody serves.
    quantity: i64,
    /// What became of them.
    #[schema(value_type = SubstitutionOutcomeShape)]
    outcome: &'static str,
    /// The SKU that came instead.
    sku: Option<&'a str>,
    /// The line that has it.
    into: Option<Uuid>,
}

/// What became of units that nobody serves.
#[derive(Debug, ToSchema)]
#[schema(as = SubstitutionOutcome, rename_all = "snake_case")]
pub enum SubstitutionOutcomeShape {
    /// All of them became units of a substitute, at the line's price.
    Substituted,
    /// The line does not allow it.
    NotAllowed,
    /// Components of kits have no substitutes.
    PartOfKit,
    /// No substitute of the item could be served in full.
    NoneThere,
}

/// Shows what was substituted in an order.
#[must_use]
pub fn substitutions<'a>(order: &Order, tried: &'a [Substitution]) -> Vec<SubstitutionView<'a>> {
    let view = |one: &'a Substitution| {
        let (outcome, sku, into) = match &one.instead {
            Instead::Substituted { sku, into, .. } => {
                ("substituted", Some(sku.as_str()), Some(into.of(order.id)))
            }
            Instead::NotAllowed => ("not_allowed", None, None),
            Instead::PartOfKit => ("part_of_kit", None, None),
            Instead::NoneThere => ("none_there", None, None),
        };
        SubstitutionView {
            id: one.line.of(order.id),
            quantity: one.quantity,
            outcome,
            sku,
            into,
        }
    };
    tried.iter().map(view).collect()
}
