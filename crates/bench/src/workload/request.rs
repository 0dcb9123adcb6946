//! Orders as HTTP requests, rendered beforehand: only the external reference and the
//! idempotency key are written into them when they are sent.

use serde_json::json;

use super::catalogue::sku_code;
use super::order::{Line, Order};

/// The channel that all orders come from.
pub(crate) const CHANNEL: &str = "web";
/// The currency of all orders.
pub(crate) const CURRENCY: &str = "EUR";

const REFERENCE_SLOT: &str = "REF-0000000000000000";
const KEY_SLOT: &str = "00000000-0000-0000-0000-000000000000";

/// One request with two places that change from sending to sending.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    bytes: Vec<u8>,
    reference_at: usize,
    key_at: Option<usize>,
}

impl Template {
    /// A whole request that places this order.
    pub(crate) fn request(order: &Order, key: &str) -> Self {
        Self::post(&body(order), key)
    }

    /// The same request, with a reservation that can be none: it is read and checked, and then refused before anything
    /// is looked up.
    pub(crate) fn refused(order: &Order, key: &str) -> Self {
        let mut body = body(order);
        body["reservation_id"] = json!("none");
        Self::post(&body, key)
    }

    fn post(body: &serde_json::Value, key: &str) -> Self {
        let body = body.to_string();
        let request = format!(
            "POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nIdempotency-Key: {KEY_SLOT}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Self::new(request.into_bytes())
    }

    /// A row of a bulk request that places this order.
    pub(crate) fn row(order: &Order) -> Self {
        let mut row = body(order).to_string();
        row.push('\n');
        Self::new(row.into_bytes())
    }

    fn new(bytes: Vec<u8>) -> Self {
        let find = |slot: &str| {
            bytes
                .windows(slot.len())
                .position(|part| part == slot.as_bytes())
        };
        let reference_at = find(REFERENCE_SLOT).map_or(0, |at| at + "REF-".len());
        let key_at = find(KEY_SLOT);
        Self {
            bytes,
            reference_at,
            key_at,
        }
    }

    /// Appends the request to `buffer` with this reference and idempotency key.
    pub(crate) fn fill(&self, buffer: &mut Vec<u8>, reference: u64, key: uuid::Uuid) {
        let from = buffer.len();
        buffer.extend_from_slice(&self.bytes);
        let reference_at = from + self.reference_at;
        write_hex(&mut buffer[reference_at..reference_at + 16], reference);
        if let Some(at) = self.key_at {
            key.hyphenated()
                .encode_lower(&mut buffer[from + at..from + at + KEY_SLOT.len()]);
        }
    }
}

/// The external reference with this number, as the requests carry it.
pub(crate) fn reference(number: u64) -> String {
    format!("REF-{number:016x}")
}

/// A customer's address for mail, which is also how lists are filtered by customer.
pub(crate) fn email(customer: u32) -> String {
    format!("customer-{customer:07}@example.com")
}

fn write_hex(slot: &mut [u8], mut value: u64) {
    for digit in slot.iter_mut().rev() {
        *digit = b"0123456789abcdef"[usize::from((value & 0xf) as u8)];
        value >>= 4;
    }
}

fn body(order: &Order) -> serde_json::Value {
    let name = format!("Customer {:07}", order.customer);
    json!({
        "channel": CHANNEL,
        "external_ref": REFERENCE_SLOT,
        "currency": CURRENCY,
        "customer": {"email": email(order.customer), "name": name},
        "ship_to": {
            "name": name,
            "line1": format!("Example Street {}", order.customer % 200 + 1),
            "city": "Exampleton",
            "postal_code": format!("{:05}", 10_000 + order.customer % 80_000),
            "country": "DE",
        },
        "lines": order.lines.iter().map(line).collect::<Vec<_>>(),
        "payments": [{
            "state": "authorized",
            "amount_minor": order.total_minor(),
            "method": "card",
            "reference": format!("AUTH-{:07}", order.customer),
        }],
    })
}

fn line(line: &Line) -> serde_json::Value {
    json!({
        "sku": sku_code(line.sku),
        "quantity": line.quantity,
        "unit_price_minor": line.unit_price_minor,
        "title": format!("Item {:05}", line.sku),
        "method": "ship",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::catalogue::Catalogue;
    use crate::workload::order::{Demand, orders};

    #[test]
    fn a_filled_request_carries_its_reference_and_its_key() {
        let order = &orders(&Catalogue::new(), Demand::Mix, 1, 10)[0];
        let mut wire = Vec::new();
        Template::request(order, "secret").fill(&mut wire, 0xab, uuid::Uuid::from_u128(1));
        let text = String::from_utf8(wire).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.contains("Idempotency-Key: 00000000-0000-0000-0000-000000000001"));
        assert!(head.contains(&format!("Content-Length: {}", body.len())));
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(body["external_ref"], reference(0xab));
        assert_eq!(body["lines"].as_array().map(Vec::len), Some(3));
    }
}
