//! Loading blanket agreements.

use std::sync::Arc;

use throughline_core::Facts;
use throughline_core::id::AgreementId;
use throughline_core::party::Agreement;

use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

pub(super) const AGREEMENTS: Statement = Statement::new(
    "load_agreements",
    "SELECT ?1, body FROM customer_agreement WHERE bucket = ?2 AND agreement_id = ?3",
    "SELECT k.position, a.body
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, agreement_id)
     CROSS JOIN LATERAL (SELECT body
         FROM customer_agreement a WHERE a.bucket = k.bucket AND a.agreement_id = k.agreement_id OFFSET 0) a
     ORDER BY k.position",
);

pub(super) fn keys(wanted: &[AgreementId], partitions: u16) -> Columns {
    super::id_keys(wanted.iter().map(|id| id.uuid()), partitions)
}

pub(super) fn take(
    wanted: &[AgreementId],
    rows: &Rows,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    for id in wanted {
        facts.agreements.insert(*id, None);
    }
    for row in rows.iter() {
        let known: Agreement = row.json(1)?;
        facts.agreements.insert(known.id, Some(Arc::new(known)));
    }
    Ok(())
}
