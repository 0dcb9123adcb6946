//! An order as the caller writes it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use throughline_core::Refusal;
use throughline_core::id::{AgreementId, ReservationId};
use throughline_core::order::Method;
use throughline_core::order::place::{NewLine, NewOrder};
use throughline_core::payment::{NewPayment, PaymentState};
use utoipa::ToSchema;

use crate::http::api::metadata;
use crate::http::api::shapes::{AddressShape, ChargeShape, Instant, PersonShape};
use crate::http::body::RequestBody;

/// An order to place, or a draft to save.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = NewOrder)]
#[serde(deny_unknown_fields)]
pub struct OrderBody {
    /// Code of the channel.
    #[schema(min_length = 1, max_length = 64, example = "web")]
    pub channel: String,
    /// The order's name at the channel; unique there.
    #[schema(min_length = 1, max_length = 255)]
    pub external_ref: Option<String>,
    /// ISO 4217 code; the channel's.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    pub currency: String,
    /// Who orders.
    pub customer: Option<PersonShape>,
    /// The merchant's own number of the customer.
    #[schema(min_length = 1, max_length = 255)]
    pub customer_ref: Option<String>,
    /// Where it goes; needed when anything is shipped.
    pub ship_to: Option<AddressShape>,
    /// Who pays.
    pub bill_to: Option<AddressShape>,
    /// What.
    #[schema(min_items = 1, max_items = 5000)]
    pub lines: Vec<LineBody>,
    /// Charges of the whole order.
    #[schema(max_items = 100)]
    pub charges: Option<Vec<ChargeShape>>,
    /// The customer's purchase order number.
    #[schema(max_length = 255)]
    pub po_number: Option<String>,
    /// Whether nothing of it is begun until all of it is allocated; as the terms of the customer's account say unless given.
    pub ship_complete: Option<bool>,
    /// The reservation that becomes the order's allocations.
    #[schema(format = Uuid)]
    pub reservation_id: Option<String>,
    /// Payments that come with the order.
    #[schema(max_items = 20)]
    pub payments: Option<Vec<PaymentBody>>,
    /// The agreement that all lines are called off which name no other one.
    #[schema(value_type = Option<Uuid>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement_id: Option<AgreementId>,
    /// When it was placed, if that was earlier than now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub placed_at: Option<Instant>,
    /// Labels.
    #[schema(max_items = 100)]
    pub tags: Option<Vec<String>>,
    /// The customer's words.
    #[schema(max_length = 10000)]
    pub note: Option<String>,
    /// Smaller numbers are served first; 100 unless given.
    #[schema(minimum = 0, maximum = 1000)]
    pub priority: Option<i32>,
    /// Free data of integrations, at most 16,384 bytes; no personal values belong here.
    #[schema(value_type = Option<Object>)]
    #[serde(default, deserialize_with = "metadata::deserialize")]
    pub metadata: Option<Map<String, Value>>,
    /// In a batch, the row's own idempotency key; elsewhere send the header `Idempotency-Key`.
    #[serde(default, skip_serializing)]
    #[schema(min_length = 1, max_length = 255)]
    pub idempotency_key: Option<String>,
}

/// A quantity of one SKU at one price.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = NewLine)]
#[serde(deny_unknown_fields)]
pub struct LineBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    pub sku: String,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: i64,
    /// Price of `price_quantity` units, in minor units of the order's currency. It is needed, unless the line is called off
    /// an agreement, whose price it then has.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub unit_price_minor: Option<i64>,
    /// How many units the price is for; 1 unless given.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub price_quantity: Option<i64>,
    /// Discount on the whole line.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub discount_minor: Option<i64>,
    /// Tax on the whole line.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub tax_minor: Option<i64>,
    /// Title; the item's unless given.
    #[schema(max_length = 255)]
    pub title: Option<String>,
    /// How it reaches the customer; `ship` unless given.
    #[schema(value_type = Option<MethodShape>)]
    pub method: Option<Method>,
    /// Code of the location the line is bound to: where it is picked up, or where it must come from.
    #[schema(min_length = 1, max_length = 64)]
    pub location: Option<String>,
    /// The line's own address.
    pub ship_to: Option<AddressShape>,
    /// Code of the carrier service that the customer chose; any that the sourcing policy finds best unless given.
    #[schema(min_length = 1, max_length = 64)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// When the customer wants it.
    #[schema(value_type = Option<String>, format = Date)]
    pub requested_date: Option<Date>,
    /// The agreement that the line is called off.
    #[schema(value_type = Option<Uuid>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement_id: Option<AgreementId>,
    /// Whether something else may come instead, at the same price, where nobody has it and the sourcing policy says so; no unless
    /// given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_substitutes: Option<bool>,
    /// Free data of integrations, at most 16,384 bytes; no personal values belong here.
    #[schema(value_type = Option<Object>)]
    #[serde(default, deserialize_with = "metadata::deserialize")]
    pub metadata: Option<Map<String, Value>>,
}

/// How a line reaches the customer.
#[derive(Debug, ToSchema)]
#[schema(as = Method, rename_all = "snake_case")]
pub enum MethodShape {
    /// A carrier brings it.
    Ship,
    /// The customer collects it at a location.
    Pickup,
    /// It is sent electronically; no stock is involved.
    Digital,
    /// Somebody does something; no stock is involved.
    Service,
}

/// A payment that comes with a new order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = NewPayment)]
#[serde(deny_unknown_fields)]
pub struct PaymentBody {
    /// What is known of it; `authorized` unless given.
    #[schema(value_type = Option<NewPaymentState>)]
    #[serde(alias = "kind")]
    pub state: Option<PaymentState>,
    /// Amount in minor units of the order's currency.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub amount_minor: i64,
    /// What was used: `card`, `invoice`, `cash` ...; `manual` unless given.
    #[schema(min_length = 1, max_length = 64)]
    pub method: Option<String>,
    /// The gateway's name for it.
    #[schema(max_length = 255)]
    pub reference: Option<String>,
    /// The gateway's name for the card, the same whenever it is used. Screening rules count orders by it
    /// (`velocity.card`); only its hash is kept, for two days.
    #[schema(max_length = 255)]
    pub fingerprint: Option<String>,
}

/// What is known of a payment that comes with a new order.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum NewPaymentState {
    /// Announced; nothing is sure yet.
    Pending,
    /// The money is set aside.
    Authorized,
    /// The money is taken.
    Captured,
}

impl RequestBody for OrderBody {}

impl TryFrom<OrderBody> for NewOrder {
    type Error = Refusal;
    /// # Errors
    /// Refuses a reservation id that can be none, and a key that belongs into a batch.
    fn try_from(body: OrderBody) -> Result<Self, Refusal> {
        if body.idempotency_key.is_some() {
            let problem = "belongs into a batch only; send the header Idempotency-Key instead";
            return Err(Refusal::invalid("/idempotency_key", problem));
        }
        let reservation = body.reservation_id.map(reservation).transpose()?;
        let lines = new_lines(body.lines, "/lines", body.agreement_id)?;
        Ok(Self {
            channel: body.channel,
            external_ref: body.external_ref,
            currency: body.currency,
            customer: body.customer.map(Into::into),
            customer_ref: body.customer_ref,
            ship_to: body.ship_to.map(Into::into),
            bill_to: body.bill_to.map(Into::into),
            lines,
            charges: body
                .charges
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect(),
            po_number: body.po_number,
            ship_complete: body.ship_complete,
            reservation,
            payments: body
                .payments
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect(),
            placed_at: body.placed_at.map(|at| at.0),
            tags: body.tags.unwrap_or_default(),
            note: body.note,
            priority: body.priority,
            metadata: body.metadata.unwrap_or_default(),
        })
    }
}

fn reservation(text: String) -> Result<ReservationId, Refusal> {
    text.parse()
        .map_err(|_| Refusal::unknown("/reservation_id", "reservation", text))
}

/// The lines as they are described; what is said of no other agreement is of this one.
///
/// # Errors
/// Refuses a line without a price that is called off no agreement.
pub fn new_lines(
    bodies: Vec<LineBody>,
    field: &str,
    agreement: Option<AgreementId>,
) -> Result<Vec<NewLine>, Refusal> {
    let line = |(position, body): (usize, LineBody)| {
        let agreement = body.agreement_id.or(agreement);
        if body.unit_price_minor.is_none() && agreement.is_none() {
            let problem = "is needed, unless the line is called off an agreement";
            let field = format!("{field}/{position}/unit_price_minor");
            return Err(Refusal::invalid(field, problem));
        }
        Ok(NewLine {
            agreement,
            ..NewLine::from(body)
        })
    };
    bodies.into_iter().enumerate().map(line).collect()
}

impl From<LineBody> for NewLine {
    fn from(body: LineBody) -> Self {
        Self {
            sku: body.sku,
            quantity: body.quantity,
            unit_price_minor: body.unit_price_minor.unwrap_or(0),
            price_quantity: body.price_quantity,
            discount_minor: body.discount_minor.unwrap_or(0),
            tax_minor: body.tax_minor.unwrap_or(0),
            title: body.title,
            method: body.method.unwrap_or_default(),
            location: body.location,
            ship_to: body.ship_to.map(Into::into),
            service: body.service,
            requested_date: body.requested_date,
            agreement: body.agreement_id,
            substitutable: body.allow_substitutes.unwrap_or_default(),
            metadata: body.metadata.unwrap_or_default(),
        }
    }
}

impl From<PaymentBody> for NewPayment {
    fn from(body: PaymentBody) -> Self {
        Self {
            state: body.state.unwrap_or(PaymentState::Authorized),
            amount_minor: body.amount_minor,
            method: body.method.unwrap_or_else(|| "manual".to_owned()),
            reference: body.reference,
            fingerprint: body.fingerprint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_needs_only_a_channel_a_currency_and_lines() {
        let text = r#"{"channel":"web","currency":"EUR","lines":[{"sku":"A","quantity":2,"unit_price_minor":500}]}"#;
        let body: OrderBody = serde_json::from_str(text).unwrap();
        let order = NewOrder::try_from(body).unwrap();
        assert_eq!(
            (order.lines[0].quantity, order.lines[0].method),
            (2, Method::Ship)
        );
    }

    #[test]
    fn a_reservation_id_that_can_be_none_is_unknown() {
        let text = r#"{"channel":"web","currency":"EUR","lines":[],"reservation_id":"x"}"#;
        let body: OrderBody = serde_json::from_str(text).unwrap();
        assert_eq!(
            NewOrder::try_from(body).unwrap_err().field(),
            Some("/reservation_id")
        );
    }
}
