//! An agreement as the API shows it.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::id::{AgreementId, CustomerId, OrderId};
use throughline_core::money::Currency;
use throughline_core::party::{Agreement, AgreementLine, Call};
use throughline_store::views;
use utoipa::ToSchema;

use crate::http::api::Api;
use crate::http::api::shapes::Instant;
use crate::http::problem::Problem;

/// Orders that are shown with an agreement; the others are listed.
const SHOWN: usize = 50;

/// What a customer will call off in a period, at agreed prices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agreement)]
pub struct AgreementView {
    /// Identity.
    #[schema(value_type = Uuid)]
    id: AgreementId,
    /// Rises with every change.
    version: i64,
    /// The customer.
    #[schema(value_type = Uuid)]
    customer_id: CustomerId,
    /// What both sides call it.
    reference: String,
    /// ISO 4217 code of its prices.
    #[schema(value_type = String)]
    currency: Currency,
    /// The first day on which may be called off, in UTC.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last one.
    #[schema(value_type = String, format = Date)]
    until: Date,
    /// What is agreed.
    lines: Vec<AgreementLineView>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// When it was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Instant>,
    /// Why it was closed.
    closed_because: Option<String>,
    /// The latest 50 orders that draw on it; in lists they are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    call_offs: Option<Vec<CallOffView>>,
}

/// So many units of an item at a price, and what has become of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementLine)]
pub struct AgreementLineView {
    /// The SKU.
    sku: String,
    /// Units that may be called off in all.
    agreed: i64,
    /// Units that orders have called off and not cancelled.
    called: i64,
    /// Units of them that were delivered.
    delivered: i64,
    /// Units that may still be called off.
    left: i64,
    /// Price of `price_quantity` units.
    unit_price_minor: i64,
    /// How many units the price is for.
    price_quantity: i64,
    /// Least units of one order.
    least: Option<i64>,
    /// Most units of one order.
    most: Option<i64>,
}

/// An order that draws on an agreement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallOff)]
pub struct CallOffView {
    /// The order.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// Units of all items that it has called off and not cancelled.
    called: i64,
    /// Units of them that were delivered.
    delivered: i64,
}

impl AgreementView {
    /// Shows an agreement, with its latest orders where they are known.
    #[must_use]
    pub fn new(agreement: &Agreement, calls: Option<&[Call]>) -> Self {
        let closed = agreement.closed.as_ref();
        Self {
            id: agreement.id,
            version: agreement.version,
            customer_id: agreement.customer,
            reference: agreement.reference.clone(),
            currency: agreement.currency,
            from: agreement.from,
            until: agreement.until,
            lines: agreement.lines.iter().map(AgreementLineView::new).collect(),
            created_at: Instant(agreement.created_at),
            closed_at: closed.map(|closed| Instant(closed.at)),
            closed_because: closed.map(|closed| closed.reason.clone()),
            call_offs: calls.map(|calls| calls.iter().map(CallOffView::new).collect()),
        }
    }
}

impl AgreementLineView {
    fn new(line: &AgreementLine) -> Self {
        Self {
            sku: line.sku.clone(),
            agreed: line.agreed,
            called: line.called,
            delivered: line.delivered,
            left: line.left(),
            unit_price_minor: line.unit_price_minor,
            price_quantity: line.price_quantity,
            least: line.least,
            most: line.most,
        }
    }
}

impl CallOffView {
    /// Shows what an order draws.
    #[must_use]
    pub fn new(call: &Call) -> Self {
        Self {
            order_id: call.order,
            called: call.called,
            delivered: call.delivered,
        }
    }
}

impl Api {
    /// An agreement.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn agreement(&self, id: AgreementId) -> Result<Arc<Agreement>, Problem> {
        let found = self
            .read(move |connection| views::agreements::get(connection, id))
            .await?;
        found.ok_or_else(|| Problem::not_found("agreement", &id.to_string()))
    }

    /// An agreement with its latest orders.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn agreement_view(&self, id: AgreementId) -> Result<AgreementView, Problem> {
        let agreement = self.agreement(id).await?;
        let calls = self
            .read(move |connection| views::agreements::calls(connection, id, None, SHOWN))
            .await?;
        Ok(AgreementView::new(&agreement, Some(&calls.data)))
    }
}
