//! Orders: those that were acknowledged and no others, each once, each as it was acknowledged.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Check;
use crate::shop::{Buyer, Facts, KnownOrder};

impl Check<'_> {
    /// An acknowledged order leads from its id to its number and back, and is not older than it was.
    pub(super) fn order_exists(&mut self, known: &KnownOrder) {
        let facts = &known.facts;
        if let Some(found) = self.read(&format!("/v1/orders/{}", facts.id)) {
            let version = found["version"].as_i64().unwrap_or_default();
            if version < known.version || found["number"].as_i64() != Some(facts.number) {
                let was = format!("number {} and version {}", facts.number, known.version);
                self.found(format!(
                    "order {} was acknowledged with {was}, and has number {} and version {version}",
                    facts.id, found["number"]
                ));
            }
        }
        if let Some(found) = self.read(&format!("/v1/orders/{}", facts.number))
            && found["id"].as_str() != Some(&facts.id)
        {
            self.found(format!(
                "number {} was of order {} and is of {}",
                facts.number, facts.id, found["id"]
            ));
        }
    }

    /// An acknowledged row of a batch, whose other rows nobody knows of, leads to its order.
    pub(super) fn row_exists(&mut self, row: &Value) {
        let id = row["id"].as_str().unwrap_or_default();
        if let Some(found) = self.read(&format!("/v1/orders/{id}"))
            && found["number"] != row["number"]
        {
            self.found(format!(
                "a row was answered {row}, and its order has number {}",
                found["number"]
            ));
        }
    }

    /// Answers how many orders there are.
    pub(super) fn orders(&mut self, buyers: &[Buyer], all: bool) -> usize {
        let rows = self.list("/v1/orders?sort=placed_at");
        let mut known: BTreeMap<&str, &KnownOrder> = BTreeMap::new();
        for order in buyers.iter().flat_map(|buyer| &buyer.book.orders) {
            if let Some(other) = known.insert(&order.facts.id, order) {
                self.found(format!(
                    "order {} was acknowledged twice, as {} and {}",
                    order.facts.id, other.facts.marker, order.facts.marker
                ));
            }
        }
        self.names_are_unique(&rows);
        for row in &rows {
            let id = row["id"].as_str().unwrap_or_default();
            match known.remove(id) {
                None => self.found(format!(
                    "order {id} ({}) was never acknowledged, or is listed twice",
                    row["po_number"]
                )),
                Some(order) if row["version"].as_i64() < Some(order.version) => {
                    self.found(format!(
                        "order {id} was at version {} and is listed with {}",
                        order.version, row["version"]
                    ));
                }
                Some(order) if all || order.touched => self.order_is_as_acknowledged(order),
                Some(_) => {}
            }
        }
        for (id, order) in known {
            self.found(format!(
                "order {id} ({}) was acknowledged and is not listed",
                order.facts.marker
            ));
        }
        rows.len()
    }

    /// Numbers, references and marks lead to one order each.
    fn names_are_unique(&mut self, rows: &[Value]) {
        for name in ["number", "external_ref", "po_number"] {
            let mut seen: BTreeMap<String, &Value> = BTreeMap::new();
            for row in rows.iter().filter(|row| !row[name].is_null()) {
                if let Some(other) = seen.insert(row[name].to_string(), &row["id"]) {
                    self.found(format!(
                        "the orders {other} and {} have the same {name} {}",
                        row["id"], row[name]
                    ));
                }
            }
        }
    }

    fn order_is_as_acknowledged(&mut self, known: &KnownOrder) {
        let Some(found) = self.read(&format!("/v1/orders/{}", known.facts.id)) else {
            return;
        };
        match Facts::read(&found) {
            Ok(facts) if facts == known.facts => {}
            Ok(facts) => {
                let problem = format!(
                    "order {} is not as acknowledged: {}",
                    facts.id,
                    known.facts.differences(&facts)
                );
                self.found(problem);
            }
            Err(problem) => self.found(problem),
        }
    }
}
