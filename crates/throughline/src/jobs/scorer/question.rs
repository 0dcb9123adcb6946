//! What a scorer is told of an order: `docs/checks.md` has the list. No names, streets, emails or telephone numbers, no notes, tags
//! or metadata, in which such may stand.

use serde::Serialize;
use throughline_core::id::HoldNo;
use throughline_core::network::Network;
use throughline_core::order::{Method, Order, totals};
use throughline_core::time::Millis;
use uuid::Uuid;

/// A question.
#[derive(Serialize)]
struct Message<'a> {
    r#type: &'static str,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    order_id: Uuid,
    number: u64,
    hold_id: Uuid,
    /// Where an answer that comes later is sent.
    answer_path: String,
    until_ms: i64,
    channel: &'a str,
    placed_at_ms: i64,
    currency: String,
    total_minor: i64,
    goods_minor: i64,
    discount_minor: i64,
    customer_id: Option<Uuid>,
    ship_to: Option<ShipTo<'a>>,
    payments: Vec<Payment<'a>>,
    lines: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct ShipTo<'a> {
    country: &'a str,
    region: Option<&'a str>,
    area: String,
}

#[derive(Serialize)]
struct Payment<'a> {
    method: &'a str,
    authorized_minor: i64,
    captured_minor: i64,
}

#[derive(Serialize)]
struct Line<'a> {
    sku: &'a str,
    quantity: i64,
    unit_price_minor: i64,
    price_quantity: i64,
    discount_minor: i64,
    method: Method,
}

/// The question about an order, in JSON.
pub(super) fn body(order: &Order, hold: HoldNo, until: Millis, network: &Network) -> Vec<u8> {
    let placed = &order.placed;
    let money = totals(order);
    let hold_id = hold.of(order.id);
    let channel = network.channel(placed.channel);
    let destination = &placed.destination;
    let ship_to = (!destination.country.is_empty()).then(|| ShipTo {
        country: &destination.country,
        region: destination.region.as_deref(),
        area: destination.area_or_square(),
    });
    let payments = order.progress.payments.iter().map(|payment| Payment {
        method: &payment.method,
        authorized_minor: payment.authorized_minor,
        captured_minor: payment.captured_minor,
    });
    let ordered = placed.lines.iter().filter(|line| line.kit.is_none());
    let lines = ordered.map(|line| Line {
        sku: &line.sku,
        quantity: line.quantity,
        unit_price_minor: line.unit_price_minor,
        price_quantity: line.price_quantity,
        discount_minor: line.discount_minor,
        method: line.method,
    });
    let message = Message {
        r#type: "order.score_requested",
        data: Data {
            order_id: order.id.uuid(),
            number: order.number,
            hold_id,
            answer_path: format!("/scores/{hold_id}"),
            until_ms: until.0,
            channel: channel.map_or("", |channel| &channel.code),
            placed_at_ms: placed.placed_at.0,
            currency: placed.currency.to_string(),
            total_minor: money.total_minor,
            goods_minor: money.goods_minor,
            discount_minor: money.discount_minor,
            customer_id: placed.customer.map(|customer| customer.uuid()),
            ship_to,
            payments: payments.collect(),
            lines: lines.collect(),
        },
    };
    serde_json::to_vec(&message).unwrap_or_default()
}
