//! Counters of screening as rows: tallies and accounts, each written once for a batch on the version it was decided on.

use std::collections::BTreeMap;

use throughline_core::id::CustomerId;
use throughline_core::order::screening::{Tally, TallyKey};
use throughline_core::party::{Account, Terms};

use super::batch::Batch;
use super::changes::Stamp;
use crate::claim;
use crate::engine::Columns;
use crate::error::StoreError;

/// Gathers the last state of each tally, with the version before the batch.
pub(super) fn gather_tallies(
    batch: &Batch<'_>,
    stamp: Stamp,
    rows: &mut Columns,
) -> Result<(), StoreError> {
    let mut current: BTreeMap<&TallyKey, (i64, &Tally)> = BTreeMap::new();
    let all = batch
        .decisions
        .iter()
        .flat_map(|(_, decision)| &decision.tallies);
    for (key, tally) in all {
        current.entry(key).or_insert((tally.version - 1, tally)).1 = tally;
    }
    let mut stored: Vec<_> = current
        .into_iter()
        .map(|(key, change)| (claim::stored_tally(key, stamp.partitions), change))
        .collect();
    stored.sort_unstable_by(|(one, _), (other, _)| {
        (one.bucket, one.kind, &one.value).cmp(&(other.bucket, other.kind, &other.value))
    });
    for (key, (seen_version, tally)) in stored {
        let row = rows.row().int(key.bucket).int(key.kind).bytes(&key.value);
        row.int(tally.version)
            .int(seen_version)
            .json(tally)?
            .int(batch.now.0);
    }
    Ok(())
}

/// Gathers the last state of each account, with the version before the batch.
pub(super) fn gather_accounts(
    batch: &Batch<'_>,
    stamp: Stamp,
    rows: &mut Columns,
) -> Result<(), StoreError> {
    let mut current: BTreeMap<CustomerId, (i64, &Account)> = BTreeMap::new();
    let all = batch
        .decisions
        .iter()
        .flat_map(|(_, decision)| &decision.accounts);
    for (customer, account) in all {
        current
            .entry(*customer)
            .or_insert((account.version - 1, account))
            .1 = account;
    }
    let mut sorted: Vec<_> = current.into_iter().collect();
    sorted.sort_unstable_by_key(|(customer, _)| (customer.bucket(stamp.partitions), *customer));
    for (customer, (seen_version, account)) in sorted {
        let credit = account
            .credit
            .as_ref()
            .map(serde_json::to_string)
            .transpose();
        let credit =
            credit.map_err(|error| StoreError::corrupt("the credit of a customer", error))?;
        let terms =
            (account.terms != Terms::default()).then(|| serde_json::to_string(&account.terms));
        let terms = terms
            .transpose()
            .map_err(|error| StoreError::corrupt("the terms of a customer", error))?;
        let row = rows
            .row()
            .int(customer.bucket(stamp.partitions))
            .uuid(customer.uuid());
        row.int(account.version)
            .int(seen_version)
            .opt_text(account.tier.as_deref())
            .opt_text(credit.as_deref())
            .int(account.open_balance_minor)
            .int(batch.now.0)
            .opt_text(terms.as_deref());
    }
    Ok(())
}
