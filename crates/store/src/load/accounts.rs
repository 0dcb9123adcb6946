//! Loading accounts of customers, with a count of their orders.

use throughline_core::Facts;
use throughline_core::id::CustomerId;
use throughline_core::party::Account;

use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

pub(crate) const ACCOUNTS: Statement = Statement::new(
    "load_accounts",
    "SELECT ?1, version, tier, credit, open_balance_minor, terms FROM customer_account WHERE bucket = ?2 AND customer_id = ?3",
    "SELECT k.position, a.version, a.tier, a.credit, a.open_balance_minor, a.terms
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, customer_id)
     CROSS JOIN LATERAL (SELECT version, tier, credit, open_balance_minor, terms
         FROM customer_account a WHERE a.bucket = k.bucket AND a.customer_id = k.customer_id OFFSET 0) a
     ORDER BY k.position",
);

/// Orders of a customer lie in all buckets: the count is as of now, and counts to a thousand. Drafts are none. Asked only
/// while rules look at accounts.
pub(crate) const ORDER_COUNTS: Statement = Statement::new(
    "count_orders_of_customers",
    "SELECT ?1, count(*) FROM (SELECT 1 FROM orders INDEXED BY orders_customer
         WHERE customer_id = ?3 AND status <> 'draft' AND ?2 >= 0 LIMIT 1000) AS counted",
    "SELECT k.position, c.orders
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, customer_id)
     CROSS JOIN LATERAL (SELECT count(*) AS orders FROM (SELECT 1 FROM orders o
         WHERE o.customer_id = k.customer_id AND o.status <> 'draft' LIMIT 1000) AS counted OFFSET 0) c
     ORDER BY k.position",
);

pub(crate) fn keys(wanted: &[CustomerId], partitions: u16) -> Columns {
    super::id_keys(wanted.iter().map(|customer| customer.uuid()), partitions)
}

/// The customers whose orders are counted: all of them, where rules may ask.
pub(super) fn counted<'a>(wanted: &'a [CustomerId], facts: &Facts) -> &'a [CustomerId] {
    let mut rules = facts.network.screening.iter();
    if rules.any(|rules| rules.needs_account()) {
        wanted
    } else {
        &[]
    }
}

pub(super) fn take(
    wanted: &[CustomerId],
    accounts: &Rows,
    counts: &Rows,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    for customer in wanted {
        facts.accounts.insert(*customer, Account::default());
    }
    for row in accounts.iter() {
        let (_, customer) = super::key_of(wanted, row)?;
        facts.accounts.insert(*customer, read(row)?);
    }
    for row in counts.iter() {
        let (_, customer) = super::key_of(wanted, row)?;
        if let Some(account) = facts.accounts.get_mut(customer) {
            account.orders_count = row.int(1)?;
        }
    }
    Ok(())
}

/// Reads an account after the echoed position; the orders are not counted.
pub(crate) fn read(row: crate::engine::Row<'_>) -> Result<Account, StoreError> {
    let credit = row.opt_text(3)?.map(serde_json::from_str).transpose();
    let terms = row.opt_text(5)?.map(serde_json::from_str).transpose();
    let terms = terms.map_err(|error| StoreError::corrupt("the terms of a customer", error))?;
    Ok(Account {
        version: row.int(1)?,
        tier: row.opt_text(2)?.map(str::to_owned),
        credit: credit.map_err(|error| StoreError::corrupt("the credit of a customer", error))?,
        terms: terms.unwrap_or_default(),
        open_balance_minor: row.int(4)?,
        orders_count: 0,
    })
}
