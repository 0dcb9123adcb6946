//! Agreements and what orders have called off them, each written once for a batch; an agreement on the version that it was
//! decided on.

use std::collections::BTreeMap;

use throughline_core::id::{AgreementId, OrderId};
use throughline_core::party::{Agreement, Call};

use super::batch::Batch;
use crate::engine::{Columns, Statement};
use crate::error::StoreError;

pub(super) const STATEMENTS: &[&Statement] = &[&UPSERT_AGREEMENTS, &UPSERT_CALLS];

/// New agreements, and those that are still at the version that was decided on.
pub(super) const UPSERT_AGREEMENTS: Statement = Statement::guarded(
    "upsert_agreements",
    &[1],
    "INSERT INTO customer_agreement (bucket, agreement_id, version, seen_version, customer_id, body, updated_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT (bucket, agreement_id) DO UPDATE
     SET version = excluded.version, seen_version = excluded.seen_version, body = excluded.body, updated_at = excluded.updated_at
     WHERE customer_agreement.version = excluded.seen_version",
    "INSERT INTO customer_agreement AS a (bucket, agreement_id, version, seen_version, customer_id, body, updated_at)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::bigint[])
     ON CONFLICT (bucket, agreement_id) DO UPDATE
     SET version = excluded.version, seen_version = excluded.seen_version, body = excluded.body, updated_at = excluded.updated_at
     WHERE a.version = excluded.seen_version RETURNING a.agreement_id",
);

pub(super) const UPSERT_CALLS: Statement = Statement::new(
    "upsert_agreement_calls",
    "INSERT INTO agreement_call (bucket, agreement_id, order_id, called, delivered) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (bucket, agreement_id, order_id) DO UPDATE SET called = excluded.called, delivered = excluded.delivered",
    "INSERT INTO agreement_call (bucket, agreement_id, order_id, called, delivered)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[])
     ON CONFLICT (bucket, agreement_id, order_id) DO UPDATE SET called = excluded.called, delivered = excluded.delivered",
);

/// Gathers the last state of each agreement, with the version before the batch.
pub(super) fn gather(
    batch: &Batch<'_>,
    partitions: u16,
    rows: &mut Columns,
) -> Result<(), StoreError> {
    let mut current: BTreeMap<AgreementId, (i64, &Agreement)> = BTreeMap::new();
    let all = batch.decisions.iter();
    for agreement in all.flat_map(|(_, decision)| &decision.agreements) {
        let seen = (agreement.version - 1, agreement.as_ref());
        current.entry(agreement.id).or_insert(seen).1 = agreement;
    }
    let mut sorted: Vec<_> = current.into_iter().collect();
    sorted.sort_unstable_by_key(|(id, _)| (id.bucket(partitions), *id));
    for (id, (seen_version, agreement)) in sorted {
        rows.row()
            .int(id.bucket(partitions))
            .uuid(id.uuid())
            .int(agreement.version)
            .int(seen_version)
            .uuid(agreement.customer.uuid())
            .json(agreement)?
            .int(batch.now.0);
    }
    Ok(())
}

/// Gathers what orders have called off, as it is after the batch.
pub(super) fn gather_calls(batch: &Batch<'_>, partitions: u16, rows: &mut Columns) {
    let mut current: BTreeMap<(AgreementId, OrderId), &Call> = BTreeMap::new();
    let all = batch.decisions.iter();
    for call in all.flat_map(|(_, decision)| &decision.calls) {
        current.insert((call.agreement, call.order), call);
    }
    let mut sorted: Vec<_> = current.into_values().collect();
    sorted.sort_unstable_by_key(|call| {
        let bucket = call.agreement.bucket(partitions);
        (bucket, call.agreement, call.order)
    });
    for call in sorted {
        rows.row()
            .int(call.agreement.bucket(partitions))
            .uuid(call.agreement.uuid())
            .uuid(call.order.uuid())
            .int(call.called)
            .int(call.delivered);
    }
}
