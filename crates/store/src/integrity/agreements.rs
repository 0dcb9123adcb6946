//! Agreements: what is called off and delivered is what the orders say that draw on them, and never more than agreed.

use throughline_core::id::AgreementId;
use throughline_core::party::Agreement;
use uuid::Uuid;

use super::Seen;
use super::statements::AGREEMENTS;
use crate::engine::{Cell, Connection};
use crate::error::StoreError;

pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let (mut bucket, mut id) = (-1, Uuid::nil());
    loop {
        let rows = connection.list(&AGREEMENTS, &[Cell::Integer(bucket), Cell::Uuid(id)])?;
        let mut read = 0;
        for row in rows.iter() {
            (bucket, id) = (row.int(0)?, row.uuid(1)?);
            let agreement: Agreement = row.json(2)?;
            check_one(&agreement, AgreementId::from_uuid(id), seen);
            read += 1;
        }
        if read == 0 {
            break;
        }
    }
    let without: Vec<_> = seen.calls.drain().collect();
    for ((agreement, item), units) in without.into_iter().filter(|(_, units)| units[0] != 0) {
        let units = units[0];
        let detail = format!(
            "{units} units of item {item} are called off agreement {agreement}, which has none"
        );
        seen.report("agreements", detail);
    }
    Ok(())
}

fn check_one(agreement: &Agreement, id: AgreementId, seen: &mut Seen) {
    for line in &agreement.lines {
        let drawn = seen.calls.remove(&(id, line.item)).unwrap_or_default();
        if drawn != [line.called, line.delivered] {
            let detail = format!(
                "orders have called off {drawn:?} units of SKU {:?} (and had delivered), and agreement {id} says {:?}",
                line.sku,
                [line.called, line.delivered]
            );
            seen.report("agreements", detail);
        }
        if !(0..=line.agreed).contains(&line.called) {
            let (called, agreed) = (line.called, line.agreed);
            let detail = format!("{called} of {agreed} units are called off agreement {id}");
            seen.report("agreements", detail);
        }
    }
}
