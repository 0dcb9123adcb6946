//! What has not come yet will not come.

use super::{Supply, SupplyRecord};
use crate::decide::{Attempt, Stop};
use crate::inventory::serve;
use crate::text;

/// Ends supply: what has not come will not come.
#[derive(Debug, Clone)]
pub struct CancelSupply {
    /// Why.
    pub reason: String,
}

/// Ends supply. Units of a transfer turn round: they are on hand again where they left, and serve who waits there.
///
/// # Errors
/// Refuses supply that has ended, and a missing reason.
pub fn cancel_supply(
    attempt: &mut Attempt<'_>,
    supply: &Supply,
    command: &CancelSupply,
) -> Result<(), Stop> {
    supply.refuse_if_ended()?;
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    attempt.record_supply(
        supply.id,
        SupplyRecord::Cancelled {
            quantity: supply.outstanding(),
            reason: command.reason.clone(),
        },
    )?;
    match supply.left_from() {
        Some(_) => serve(attempt, supply.item),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn what_has_not_come_will_not_come() {
        story(
            "
                location L1
                expect A@L1=5 on=2026-01-20        > S1 open A@L1 0 of 5 by 2026-01-20 100%
                arrive S1=2                        > S1 open A@L1 2 of 5 by 2026-01-20 100%; A@L1 2/0
                cancel-supply S1                   > invalid_field: /reason must not be empty
                cancel-supply S1 because=sold_out  > S1 received A@L1 2 of 5 by 2026-01-20 100% cancelled 3
                cancel-supply S1 because=sold_out  > supply_ended: supply S1 was received; announce other supply, or take goods in without any
                expect A@L1=1 on=2026-01-20        > S2 open A@L1 0 of 1 by 2026-01-20 100%
                cancel-supply S2 because=no        > S2 cancelled A@L1 0 of 1 by 2026-01-20 100% cancelled 1
                arrive S2=1 over                   > supply_ended: supply S2 was cancelled; announce other supply, or take goods in without any
            ",
        );
    }

    #[test]
    fn a_transfer_turns_round_and_serves_who_waits_where_it_left() {
        story(
            "
                location L1
                location L2 store
                stock A@L1=3
                send A@L1=3 to=L2 on=2026-01-08   > S1 open A@L2 0 of 3 by 2026-01-08 100%; A@L1 0/0; A@L2 0/0 in transit 3
                order A=2                         > order open; A 2 backordered
                cancel-supply S1 because=mistake  > F1@L1 open A:2 assigned; S1 cancelled A@L2 0 of 3 by 2026-01-08 100% cancelled 3; A@L1 3/2; A@L2 0/0
                ledger                            > A@L2 transfer_recalled in transit -3 (S1, mistake); A@L1 transfer_recalled on hand +3 (S1, mistake); A@L1 allocated allocated +2 (O1)
            ",
        );
    }
}
