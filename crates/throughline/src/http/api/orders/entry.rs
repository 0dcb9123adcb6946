//! A journal entry as the API shows it: parts by id, locations and channels by code.

use serde::Serialize;
use serde_json::{Map, Value};
use throughline_core::id::OrderId;
use throughline_core::network::{ChannelId, LocationId, Network};
use throughline_core::order::Entry;
use utoipa::ToSchema;

use crate::http::api::shapes::Instant;

/// One thing that happened to an order. It is an outcome, never an intention.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JournalEntry)]
pub struct EntryView {
    /// The order.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// Position in the order's journal, from 1 without gaps.
    seq: u64,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Who did it: `key:ID`, `system` or `operator`.
    actor: String,
    /// What happened.
    #[schema(example = "order_placed")]
    pub kind: &'static str,
    /// The outcome.
    #[schema(value_type = Object)]
    body: Map<String, Value>,
}

impl EntryView {
    /// Shows an entry of an order.
    #[must_use]
    pub fn new(order: OrderId, entry: &Entry, network: &Network) -> Self {
        let mut body = match serde_json::to_value(&entry.record) {
            Ok(Value::Object(body)) => body,
            _ => Map::new(),
        };
        body.remove("kind");
        // What a secret is compared with is nobody's business.
        body.remove("secret_hash");
        Names { order, network }.name_fields(&mut body);
        Self {
            order_id: order,
            seq: entry.seq,
            at: Instant(entry.at),
            actor: entry.actor.to_string(),
            kind: entry.record.kind(),
            body,
        }
    }
}

/// Replaces the numbers that the journal stores by the names that callers know.
struct Names<'a> {
    order: OrderId,
    network: &'a Network,
}

impl Names<'_> {
    fn name_fields(&self, fields: &mut Map<String, Value>) {
        fields.remove("next_child");
        for (field, value) in fields.iter_mut() {
            self.name(field, value);
        }
    }

    fn name(&self, field: &str, value: &mut Value) {
        match value {
            Value::Object(fields) => self.name_fields(fields),
            Value::Array(values) => values
                .iter_mut()
                .for_each(|value| self.name_element(field, value)),
            Value::Number(number) => {
                let number = number
                    .as_u64()
                    .and_then(|number| u16::try_from(number).ok());
                if let Some(name) = number.and_then(|number| self.of_number(field, number)) {
                    *value = Value::String(name);
                }
            }
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }

    /// A list holds objects, numbers of parts, or tuples that begin with the number of a part.
    fn name_element(&self, field: &str, element: &mut Value) {
        let singular = match field {
            "lines" | "packages" | "tracking" => "line",
            other => other,
        };
        match element {
            Value::Array(tuple) => tuple
                .iter_mut()
                .take(1)
                .for_each(|first| self.name(singular, first)),
            other => self.name(singular, other),
        }
    }

    fn of_number(&self, field: &str, number: u16) -> Option<String> {
        match field {
            "line" | "fulfilment" | "fulfilments" | "work_days" | "no" | "choice" | "hold"
            | "production" | "productions" | "visit" | "after" | "note" | "payment" | "return"
            | "from" | "into" | "kit" | "person" | "ship_to" | "bill_to" => {
                Some(self.order.child(number).to_string())
            }
            "location" | "excluded" | "collect_at" => self
                .network
                .location(LocationId(number))
                .map(|location| location.code.clone()),
            "channel" => self
                .network
                .channel(ChannelId(number))
                .map(|channel| channel.code.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_core::command::Actor;
    use throughline_core::id::{FulfilmentNo, LineNo, PackageNo};
    use throughline_core::order::{FulfilmentUnits, LineUnits, Record, ReleaseReason, Shipment};
    use throughline_core::time::Millis;

    fn shown(record: Record) -> Value {
        let order = OrderId::new(Millis(1), 7);
        let entry = Entry {
            seq: 2,
            at: Millis(0),
            actor: Actor::System,
            record,
        };
        serde_json::to_value(EntryView::new(order, &entry, &Network::default())).unwrap()
    }

    #[test]
    fn parts_are_named_by_their_ids() {
        let id = |number| OrderId::new(Millis(1), 7).child(number).to_string();
        let units = FulfilmentUnits {
            fulfilment: FulfilmentNo(9),
            line: LineNo(3),
            assigned: 4,
            picked: 0,
            packed: 0,
        };
        let entry = shown(Record::UnitsReleased {
            units: vec![units],
            reason: ReleaseReason::ShortPick,
            excluded: None,
            cause: None,
            lots: Vec::new(),
            serials: Vec::new(),
        });
        assert_eq!(entry["kind"], "units_released");
        assert_eq!(entry["body"]["units"][0]["fulfilment"], id(9));
        assert_eq!(entry["body"]["units"][0]["line"], id(3));
        assert_eq!(entry["body"]["units"][0]["assigned"], 4);
        let shipment = Shipment {
            carrier: "UPS".to_owned(),
            service: None,
            tracking_number: None,
            at: Millis(5),
        };
        let tracking = vec![(PackageNo(12), "1Z".to_owned())];
        let entry = shown(Record::FulfilmentShipped {
            fulfilment: FulfilmentNo(9),
            shipment,
            tracking,
        });
        assert_eq!(
            entry["body"]["tracking"][0],
            serde_json::json!([id(12), "1Z"])
        );
        let lines = vec![LineUnits {
            line: LineNo(3),
            quantity: 1,
        }];
        let entry = shown(Record::LinesCancelled {
            lines,
            reason: "x".to_owned(),
            whole_order: false,
        });
        assert_eq!(
            entry["body"]["lines"][0],
            serde_json::json!({"line": id(3), "quantity": 1})
        );
    }
}
