//! Quantities of lines, as callers name them: by the lines' ids.

use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::id::{LineNo, OrderId};
use throughline_core::order::LineUnits;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::path::part_of;

/// Units of one line.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = LineUnits)]
#[serde(deny_unknown_fields)]
pub struct LineUnitsBody {
    /// The order line's id.
    pub id: Uuid,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: i64,
}

/// The line of the order that a field names.
///
/// # Errors
/// Refuses an id that is no part of this order.
pub fn line(order: OrderId, field: impl Into<String>, id: Uuid) -> Result<LineNo, Refusal> {
    part(order, field, "line", id).map(LineNo)
}

/// The part of the order that a field names.
///
/// # Errors
/// Refuses an id that is no part of this order.
pub fn part(
    order: OrderId,
    field: impl Into<String>,
    what: &'static str,
    id: Uuid,
) -> Result<u16, Refusal> {
    part_of(order, id).ok_or_else(|| Refusal::unknown(field, what, id.to_string()))
}

/// The lines of the order that an array named `field` names, with their units.
///
/// # Errors
/// Refuses ids that are no parts of this order.
pub fn lines(
    order: OrderId,
    field: &str,
    bodies: Vec<LineUnitsBody>,
) -> Result<Vec<LineUnits>, Refusal> {
    let units = |(position, body): (usize, LineUnitsBody)| {
        let line = line(order, format!("{field}/{position}/id"), body.id)?;
        Ok(LineUnits {
            line,
            quantity: body.quantity,
        })
    };
    bodies.into_iter().enumerate().map(units).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_core::time::Millis;

    #[test]
    fn a_line_of_another_order_is_unknown() {
        let (order, other) = (OrderId::new(Millis(1), 7), OrderId::new(Millis(2), 8));
        let body = |id| LineUnitsBody { id, quantity: 1 };
        assert_eq!(
            lines(order, "/lines", vec![body(order.child(1))]).unwrap()[0].line,
            LineNo(1)
        );
        let refusal = lines(
            order,
            "/lines",
            vec![body(order.child(1)), body(other.child(1))],
        )
        .unwrap_err();
        assert_eq!(refusal.field(), Some("/lines/1/id"));
    }
}
