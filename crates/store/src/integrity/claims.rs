//! Claims: every number and every reference leads to the order that has it (I7).

use throughline_core::facts::{Claim, ClaimKind};
use throughline_core::id::OrderId;

use super::Seen;
use super::statements::CLAIMS;
use crate::claim;
use crate::engine::{Cell, Connection, Row};
use crate::error::StoreError;
use crate::views::orders;

pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let mut after = [Cell::Integer(-1), Cell::Integer(0), Cell::Bytes(Vec::new())];
    let mut numbers = 0;
    loop {
        let rows = connection.list(&CLAIMS, &after)?;
        let mut claims = Vec::new();
        for row in rows.iter() {
            let cells = row.cells();
            after = [cells[0].clone(), cells[1].clone(), cells[2].clone()];
            claims.extend(of_order(row)?);
        }
        numbers += claims
            .iter()
            .filter(|(kind, ..)| *kind == ClaimKind::OrderNumber)
            .count() as u64;
        check_orders(connection, &claims, seen)?;
        if rows.is_empty() {
            break;
        }
    }
    if numbers != seen.orders {
        seen.report(
            "I7",
            format!("{} orders have {numbers} numbers", seen.orders),
        );
    }
    Ok(())
}

type OrderClaim = (ClaimKind, Vec<u8>, Option<OrderId>);

fn of_order(row: Row<'_>) -> Result<Option<OrderClaim>, StoreError> {
    let kind = match row.int(1)? {
        kind if kind == ClaimKind::OrderNumber as i64 => ClaimKind::OrderNumber,
        kind if kind == ClaimKind::ExternalRef as i64 => ClaimKind::ExternalRef,
        _ => return Ok(None),
    };
    Ok(Some((
        kind,
        row.bytes(2)?.to_vec(),
        Claim::order(&claim::read(row, 3)?),
    )))
}

fn check_orders(
    connection: &mut Connection,
    claims: &[OrderClaim],
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let ids: Vec<OrderId> = claims.iter().filter_map(|(.., order)| *order).collect();
    let stored = orders::load(connection, &ids)?;
    let stored: rustc_hash::FxHashMap<_, _> = stored
        .iter()
        .map(|stored| (stored.order.id, &stored.order))
        .collect();
    for (kind, value, order) in claims {
        let order = order.and_then(|order| stored.get(&order));
        let fits = order.is_some_and(|order| match kind {
            ClaimKind::OrderNumber => value[..] == order.number.to_be_bytes(),
            _ => order.placed.external_ref.as_ref().is_some_and(|reference| {
                value[..] == *format!("{}/{reference}", order.placed.channel.0).as_bytes()
            }),
        });
        if !fits {
            seen.report(
                "I7",
                format!("a claim of the kind {kind:?} leads to no order that has it"),
            );
        }
    }
    Ok(())
}
