//! What must hold once the servers are back and every request is answered.

mod doctor;
mod orders;
mod reservations;
mod stock;

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::Value;

pub(crate) use doctor::doctor;

use crate::client::Client;
use crate::shop::{Buyer, Place};

/// Problems kept.
const PROBLEMS_MAX: usize = 20;

/// Looks at the servers, and compares with the clients' books.
pub(crate) struct Check<'a> {
    client: Client,
    servers: &'a [String],
    random: Rng,
    problems: Vec<String>,
}

impl<'a> Check<'a> {
    /// A look at these servers.
    pub(crate) fn new(key: &str, servers: &'a [String], random: Rng) -> Self {
        Self {
            client: Client::new(key),
            servers,
            random,
            problems: Vec::new(),
        }
    }

    /// What was found wrong.
    pub(crate) fn problems(self) -> Vec<String> {
        self.problems
    }

    /// Before anything is repeated: what was acknowledged is there.
    pub(crate) fn nothing_is_lost(&mut self, buyers: &[Buyer]) {
        for known in buyers
            .iter()
            .flat_map(|buyer| &buyer.book.orders)
            .filter(|order| order.touched)
        {
            self.order_exists(known);
        }
        let pending = buyers.iter().filter_map(|buyer| buyer.pending.as_ref());
        for row in pending.flat_map(|request| &request.early) {
            if row["status"] == 201 {
                self.row_exists(row);
            }
        }
    }

    /// After everything was repeated: what is there is what was acknowledged, once. With `all`, orders that did not
    /// change in this cycle are read one by one too. Answers how many orders there are.
    pub(crate) fn everything_is_there_once(
        &mut self,
        buyers: &[Buyer],
        opening: &BTreeMap<Place, i64>,
        all: bool,
    ) -> usize {
        let count = self.orders(buyers, all);
        self.reservations(buyers, all);
        self.stock(buyers, opening);
        count
    }

    /// The ids of all orders.
    pub(crate) fn order_ids(&mut self) -> Vec<String> {
        let rows = self.list("/v1/orders?sort=placed_at");
        rows.iter()
            .filter_map(|row| row["id"].as_str())
            .map(str::to_owned)
            .collect()
    }

    fn found(&mut self, problem: String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }

    /// Reads from any server; each of them must know what was committed before.
    fn read(&mut self, path: &str) -> Option<Value> {
        let server = &self.servers[self.random.usize(..self.servers.len())];
        let read = self.client.read(&format!("{server}{path}"));
        read.map_err(|problem| self.found(format!("{path} answers {problem}")))
            .ok()
    }

    /// Every row of a list.
    fn list(&mut self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let start = format!(
            "{path}{}limit=200",
            if path.contains('?') { '&' } else { '?' }
        );
        let mut page = self.read(&start);
        while let Some(mut one) = page {
            if let Value::Array(data) = one["data"].take() {
                rows.extend(data);
            } else {
                self.found(format!("{path} answers no list"));
            }
            page = match (one["has_more"] == true, one["next_cursor"].as_str()) {
                (true, Some(cursor)) => self.read(&format!("{start}&cursor={cursor}")),
                _ => None,
            };
        }
        rows
    }
}
