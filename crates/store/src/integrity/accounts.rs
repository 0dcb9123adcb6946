//! Accounts: what a customer owes is what the orders say that were taken on account (I5).

use throughline_core::id::CustomerId;
use uuid::Uuid;

use super::Seen;
use super::statements::ACCOUNTS;
use crate::engine::{Cell, Connection};
use crate::error::StoreError;
use crate::load::read_account;

pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let (mut bucket, mut id) = (-1, Uuid::nil());
    loop {
        let rows = connection.list(&ACCOUNTS, &[Cell::Integer(bucket), Cell::Uuid(id)])?;
        let mut read = 0;
        for row in rows.iter() {
            // The customer is echoed before the account.
            (bucket, id) = (row.int(6)?, row.uuid(0)?);
            let customer = CustomerId::from_uuid(id);
            let open = read_account(row)?.open_balance_minor;
            let owed = seen.owed.remove(&customer).unwrap_or_default();
            if open != owed {
                let detail = format!("customer {id} owes {owed}, and the account says {open}");
                seen.report("I5", detail);
            }
            read += 1;
        }
        if read == 0 {
            break;
        }
    }
    let without: Vec<_> = seen.owed.drain().collect();
    for (customer, owed) in without {
        seen.report(
            "I5",
            format!("customer {customer} owes {owed} and has no account"),
        );
    }
    Ok(())
}
