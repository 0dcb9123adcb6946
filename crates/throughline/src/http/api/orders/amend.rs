//! Amending an order.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::id::{LineNo, OrderId};
use throughline_core::order::amend::{AmendOrder, LineAmendment};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::{LineBody, new_lines};
use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::api::shapes::{AddressShape, ChargeShape};
use crate::http::api::units::line;
use crate::http::body::may_be_absent;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// A change set. Everything of it happens in one commit, or nothing.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = AmendOrder)]
#[serde(deny_unknown_fields)]
pub struct AmendBody {
    /// Lines to add.
    #[schema(max_items = 5000)]
    add_lines: Option<Vec<LineBody>>,
    /// Lines to change.
    #[schema(max_items = 5000)]
    change_lines: Option<Vec<ChangeBody>>,
    /// Ids of lines to remove.
    #[schema(max_items = 5000)]
    remove_lines: Option<Vec<Uuid>>,
    /// A new ship-to address.
    ship_to: Option<AddressShape>,
    /// A new bill-to address.
    bill_to: Option<AddressShape>,
    /// A new requested date for all lines that have not left.
    #[schema(value_type = Option<String>, format = Date)]
    requested_date: Option<Date>,
    /// The charges of the whole order from now on.
    #[schema(max_items = 100)]
    charges: Option<Vec<ChargeShape>>,
    /// A new purchase order number.
    #[schema(max_length = 255)]
    po_number: Option<String>,
    /// Why.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// A change of one line; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = LineChange)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    /// The order line's id.
    id: Uuid,
    /// New quantity.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    quantity: Option<i64>,
    /// New price of `price_quantity` units.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    unit_price_minor: Option<i64>,
    /// New number of units the price is for.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    price_quantity: Option<i64>,
    /// New discount on the whole line.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    discount_minor: Option<i64>,
    /// New tax on the whole line.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    tax_minor: Option<i64>,
    /// New requested date.
    #[schema(value_type = Option<String>, format = Date)]
    requested_date: Option<Date>,
    /// New address of this line.
    ship_to: Option<AddressShape>,
}

may_be_absent!(AmendBody);

/// Amends an order: one commit changes what was ordered, sources again what has to be, and settles the balance.
#[utoipa::path(
    post, path = "/v1/orders/{id}/amend", operation_id = "amend_order", tag = "orders", request_body = AmendBody,
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn amend_order(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<AmendBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let what = Box::new(write.body.command(order)?);
    let command = Command::AmendOrder(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

impl AmendBody {
    fn command(self, order: OrderId) -> Result<AmendOrder, Refusal> {
        let removed = self
            .remove_lines
            .unwrap_or_default()
            .into_iter()
            .enumerate();
        let removed =
            removed.map(|(position, id)| line(order, format!("/remove_lines/{position}"), id));
        let changed = self
            .change_lines
            .unwrap_or_default()
            .into_iter()
            .enumerate();
        let changed = changed.map(|(position, body)| {
            line(order, format!("/change_lines/{position}/id"), body.id)
                .map(|line| body.amendment(line))
        });
        Ok(AmendOrder {
            add_lines: new_lines(self.add_lines.unwrap_or_default(), "/add_lines", None)?,
            change_lines: changed.collect::<Result<_, _>>()?,
            remove_lines: removed.collect::<Result<_, _>>()?,
            ship_to: self.ship_to.map(Into::into),
            bill_to: self.bill_to.map(Into::into),
            requested_date: self.requested_date,
            charges: self
                .charges
                .map(|charges| charges.into_iter().map(Into::into).collect()),
            po_number: self.po_number,
            reason: self.reason,
        })
    }
}

impl ChangeBody {
    fn amendment(self, line: LineNo) -> LineAmendment {
        LineAmendment {
            line,
            quantity: self.quantity,
            unit_price_minor: self.unit_price_minor,
            price_quantity: self.price_quantity,
            discount_minor: self.discount_minor,
            tax_minor: self.tax_minor,
            requested_date: self.requested_date,
            ship_to: self.ship_to.map(Into::into),
        }
    }
}
