//! Customers that are not to be created: an order of an unknown one is refused.

use std::collections::HashMap;

use throughline_core::facts::ClaimKey;
use throughline_core::party::claim_keys;
use throughline_formats::sheet::{Mapping, SheetOrder};
use throughline_store::{Store, views};

use super::orders::new_order;
use crate::cli::Failure;

/// Which customers are known, as far as it was asked.
pub(super) struct Customers {
    may_be_created: bool,
    known: HashMap<ClaimKey, bool>,
}

impl Customers {
    /// Nothing is known yet.
    pub(super) fn new(mapping: &Mapping) -> Self {
        Self {
            may_be_created: mapping.policy.create_customers,
            known: HashMap::new(),
        }
    }

    /// Why the order's customer keeps it from being placed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn objection(
        &mut self,
        store: &Store,
        sheet: &SheetOrder,
    ) -> Result<Option<String>, Failure> {
        if self.may_be_created || sheet.customer.is_none() {
            return Ok(None);
        }
        let order = new_order(sheet);
        let person = order.customer.unwrap_or_default();
        let keys: Vec<ClaimKey> = claim_keys(&person, order.customer_ref.as_deref()).collect();
        for key in &keys {
            if self.is_known(store, key)? {
                return Ok(None);
            }
        }
        // Somebody who has neither number nor email address would not become a customer anyway.
        let objection = "the customer is unknown: create the customer first, or set create_customers = true under [policy]";
        Ok((!keys.is_empty()).then(|| objection.to_owned()))
    }

    fn is_known(&mut self, store: &Store, key: &ClaimKey) -> Result<bool, Failure> {
        if let Some(known) = self.known.get(key) {
            return Ok(*known);
        }
        let claims = store
            .read(|connection| views::orders::claims(connection, std::slice::from_ref(key)))?;
        self.known.insert(key.clone(), !claims.is_empty());
        Ok(!claims.is_empty())
    }
}
