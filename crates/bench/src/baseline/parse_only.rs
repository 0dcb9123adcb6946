//! A server that parses and validates an order as the contract describes it, answers 201 and
//! forgets it: the ceiling of what any server on this runtime could place.

use std::net::SocketAddr;

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Serves until the process ends.
pub(crate) fn serve(listen: SocketAddr) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let listener = listener.tap_io(|stream| {
            // A failure only makes small answers slower; the connection itself still works.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router()).await?;
        Ok(())
    })
}

/// What is served.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/readyz", get(|| async { "ready" }))
        .route("/healthz", get(|| async { "healthy" }))
        .route("/v1/orders", post(place))
}

async fn place(headers: HeaderMap, body: Bytes) -> Response {
    if !headers.contains_key(header::AUTHORIZATION) {
        return problem(StatusCode::UNAUTHORIZED, "no key");
    }
    let order: PlaceOrder = match serde_json::from_slice(&body) {
        Ok(order) => order,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    match order.check() {
        Ok(total_minor) => (
            StatusCode::CREATED,
            axum::Json(json!({"status": "open", "total_minor": total_minor})),
        )
            .into_response(),
        Err(what) => problem(StatusCode::UNPROCESSABLE_ENTITY, what),
    }
}

fn problem(status: StatusCode, detail: &str) -> Response {
    let body = json!({"status": status.as_u16(), "detail": detail});
    (status, axum::Json(body)).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceOrder {
    channel: String,
    external_ref: Option<String>,
    currency: String,
    customer: Option<Customer>,
    ship_to: Option<Address>,
    bill_to: Option<Address>,
    lines: Vec<Line>,
    #[serde(default)]
    charges: Vec<Charge>,
    po_number: Option<String>,
    reservation_id: Option<String>,
    #[serde(default)]
    payments: Vec<Payment>,
    placed_at: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    note: Option<String>,
    metadata: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Customer {
    email: String,
    name: String,
    phone: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    name: String,
    line1: String,
    line2: Option<String>,
    city: String,
    region: Option<String>,
    postal_code: String,
    country: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    sku: String,
    quantity: i64,
    unit_price_minor: i64,
    price_quantity: Option<i64>,
    discount_minor: Option<i64>,
    tax_minor: Option<i64>,
    title: Option<String>,
    method: Method,
    location: Option<String>,
    ship_to: Option<Address>,
    requested_date: Option<String>,
    metadata: Option<Map<String, Value>>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Method {
    Ship,
    Pickup,
    Digital,
    Service,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Charge {
    kind: String,
    amount_minor: i64,
    tax_minor: Option<i64>,
    title: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payment {
    state: Option<PaymentState>,
    amount_minor: i64,
    method: Option<String>,
    reference: Option<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum PaymentState {
    Pending,
    Authorized,
    Captured,
}

impl PlaceOrder {
    /// The order's total, if everything about it is possible.
    fn check(&self) -> Result<i64, &'static str> {
        let texts = [&self.external_ref, &self.po_number, &self.reservation_id];
        let short = texts.into_iter().flatten().all(|text| is_text(text));
        if !short || !is_text(&self.channel) {
            return Err("a name that is empty or too long");
        }
        if self.currency.len() != 3 || !self.currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err("not a currency");
        }
        if self.placed_at.as_deref().is_some_and(|at| !is_text(at)) {
            return Err("not a time");
        }
        self.check_people()?;
        self.check_extras()?;
        self.total()
    }

    fn check_people(&self) -> Result<(), &'static str> {
        if let Some(customer) = &self.customer {
            let phone = customer.phone.as_deref();
            let known = is_text(&customer.name) && phone.is_none_or(is_text);
            if !known || !customer.email.contains('@') {
                return Err("not a customer");
            }
        }
        let addresses = [&self.ship_to, &self.bill_to].into_iter().flatten();
        let of_lines = self.lines.iter().filter_map(|line| line.ship_to.as_ref());
        if !addresses.chain(of_lines).all(Address::is_possible) {
            return Err("not an address");
        }
        Ok(())
    }

    fn check_extras(&self) -> Result<(), &'static str> {
        let tags = self.tags.len() <= 100 && self.tags.iter().all(|tag| is_text(tag));
        let note = self.note.as_ref().is_none_or(|note| note.len() <= 10_000);
        let metadata = self.metadata.as_ref().is_none_or(|map| map.len() <= 100);
        if tags && note && metadata {
            Ok(())
        } else {
            Err("too much text")
        }
    }

    fn total(&self) -> Result<i64, &'static str> {
        if self.lines.is_empty() || self.lines.len() > 5_000 {
            return Err("between 1 and 5,000 lines");
        }
        let lines = self.lines.iter().map(Line::total);
        let charges = self.charges.iter().map(Charge::total);
        let total = lines.chain(charges).try_fold(0_i64, |sum, part| {
            sum.checked_add(part?).ok_or("a total beyond all bounds")
        })?;
        let paid = self.payments.iter().try_fold(0_i64, |sum, payment| {
            sum.checked_add(payment.amount()?)
                .ok_or("payments beyond all bounds")
        })?;
        if paid > total {
            return Err("payments above the total");
        }
        Ok(total)
    }
}

impl Address {
    fn is_possible(&self) -> bool {
        let needed = [&self.name, &self.line1, &self.city, &self.postal_code];
        let optional = [&self.line2, &self.region];
        needed.into_iter().all(|text| is_text(text))
            && optional.into_iter().flatten().all(|text| is_text(text))
            && self.country.len() == 2
    }
}

impl Line {
    fn total(&self) -> Result<i64, &'static str> {
        let texts = [&self.title, &self.location, &self.requested_date];
        let possible = is_text(&self.sku)
            && texts.into_iter().flatten().all(|text| is_text(text))
            && (1..=1_000_000_000).contains(&self.quantity)
            && self.unit_price_minor >= 0
            && self.price_quantity.is_none_or(|quantity| quantity > 0)
            && self.metadata.as_ref().is_none_or(|map| map.len() <= 100)
            && (self.method != Method::Pickup || self.location.is_some());
        if !possible {
            return Err("an impossible line");
        }
        let goods = self
            .quantity
            .checked_mul(self.unit_price_minor)
            .ok_or("a line beyond all bounds")?
            / self.price_quantity.unwrap_or(1);
        Ok(goods - self.discount_minor.unwrap_or(0) + self.tax_minor.unwrap_or(0))
    }
}

impl Charge {
    fn total(&self) -> Result<i64, &'static str> {
        let title = self.title.as_deref();
        if !is_text(&self.kind) || !title.is_none_or(is_text) {
            return Err("an impossible charge");
        }
        self.amount_minor
            .checked_add(self.tax_minor.unwrap_or(0))
            .ok_or("a charge beyond all bounds")
    }
}

impl Payment {
    fn amount(&self) -> Result<i64, &'static str> {
        let texts = [&self.method, &self.reference];
        let possible = texts.into_iter().flatten().all(|text| is_text(text))
            && (self.amount_minor > 0 || self.state == Some(PaymentState::Pending));
        if possible {
            Ok(self.amount_minor)
        } else {
            Err("an impossible payment")
        }
    }
}

fn is_text(text: &str) -> bool {
    !text.is_empty() && text.len() <= 255
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::catalogue::Catalogue;
    use crate::workload::order::{Demand, orders};
    use crate::workload::request::Template;

    fn rendered() -> String {
        let order = &orders(&Catalogue::new(), Demand::Mix, 1, 10)[0];
        let mut row = Vec::new();
        Template::row(order).fill(&mut row, 1, uuid::Uuid::nil());
        String::from_utf8(row).expect("text")
    }

    #[test]
    fn the_load_is_an_order_that_the_contract_accepts() {
        let order: PlaceOrder = serde_json::from_str(&rendered()).expect("an order");
        assert!(order.check().is_ok_and(|total| total > 0));
    }

    #[test]
    fn an_impossible_order_is_refused() {
        let body = rendered().replace("\"quantity\":", "\"quantity\":-");
        let order: PlaceOrder = serde_json::from_str(&body).expect("an order");
        assert_eq!(order.check(), Err("an impossible line"));
    }
}
