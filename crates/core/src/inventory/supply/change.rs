//! Changing what is expected, and when.

use jiff::civil::Date;

use super::create::{check_confidence, check_expected};
use super::{Change, Supply, SupplyRecord};
use crate::decide::{Attempt, Stop};
use crate::inventory::receive::in_range;
use crate::refusal::Refusal;
use crate::text;

/// Changes what is expected, and when. What is not named stays.
#[derive(Debug, Clone, Default)]
pub struct ChangeSupply {
    /// Another day; not in the past.
    pub expected: Option<Date>,
    /// Other units in all, those that have come already included.
    pub quantity: Option<i64>,
    /// Another confidence, from 0 to 100.
    pub confidence_percent: Option<u8>,
    /// Why.
    pub reason: String,
}

/// Changes the day, the units or the confidence of open supply. What is so already is no change.
///
/// # Errors
/// Refuses supply that has ended, a day in the past, fewer units than have come, other units of a transfer, and a
/// change of nothing that is named.
pub fn change_supply(
    attempt: &mut Attempt<'_>,
    supply: &Supply,
    command: &ChangeSupply,
) -> Result<(), Stop> {
    supply.refuse_if_ended()?;
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    let expected = command.expected.filter(|day| *day != supply.expected);
    let quantity = command.quantity.filter(|units| *units != supply.ordered);
    let confidence = command
        .confidence_percent
        .filter(|percent| *percent != supply.confidence_percent);
    if let Some(day) = expected {
        check_expected(attempt, supply.location, day)?;
    }
    if let Some(units) = quantity {
        check_quantity(supply, units)?;
    }
    confidence.map_or(Ok(()), check_confidence)?;
    if expected.is_none() && quantity.is_none() && confidence.is_none() {
        return Ok(());
    }
    attempt.record_supply(
        supply.id,
        SupplyRecord::Changed {
            expected: expected.map(|to| Change {
                from: supply.expected,
                to,
            }),
            quantity: quantity.map(|to| Change {
                from: supply.ordered,
                to,
            }),
            confidence_percent: confidence.map(|to| Change {
                from: supply.confidence_percent,
                to,
            }),
            reason: command.reason.clone(),
        },
    )
}

fn check_quantity(supply: &Supply, units: i64) -> Result<(), Refusal> {
    in_range("/quantity", units, 1)?;
    if supply.left_from().is_some() {
        return Err(Refusal::invalid(
            "/quantity",
            "cannot be changed: these units have left; receive what arrives, and name what is lost",
        ));
    }
    let settled = supply.received + supply.cancelled;
    if units < settled {
        return Err(Refusal::invalid(
            "/quantity",
            format!("must be at least {settled}, which have come already"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn what_is_expected_can_change_with_a_reason() {
        story(
            r#"
                location L1
                expect A@L1=5 on=2026-01-20                           > S1 open A@L1 0 of 5 by 2026-01-20 100%
                change-supply S1 on=2026-02-01 because=storm          > S1 open A@L1 0 of 5 by 2026-02-01 100%
                change-supply S1 units=8 sure=60 because=more         > S1 open A@L1 0 of 8 by 2026-02-01 60%
                journal                                               > supply_changed
                change-supply S1 units=8 because=again                > nothing changes
                change-supply S1 on=2026-02-02 because=x if=1         > stale_version: supply S1 is at version 3, not 1; read it again and repeat
                change-supply S1 on=2026-02-02 because=x if=3         > S1 open A@L1 0 of 8 by 2026-02-02 60%
                change-supply S1 on=2026-01-04 because=x              > invalid_field: /expected is in the past; at the location it is 2026-01-05, name that day or a later one
                change-supply S1 on=2026-02-03                        > invalid_field: /reason must not be empty
                change-supply S1 sure=101 because=x                   > invalid_field: /confidence_percent must lie between 0 and 100
                change-supply S1 units=0 because=x                    > invalid_field: /quantity must lie between 1 and 1000000000000
                arrive S1=3                                           > S1 open A@L1 3 of 8 by 2026-02-02 60%; A@L1 3/0
                change-supply S1 units=2 because=x                    > invalid_field: /quantity must be at least 3, which have come already
                change-supply S1 units=3 because=rest_sold            > S1 received A@L1 3 of 3 by 2026-02-02 60%
                change-supply S1 units=4 because=x                    > supply_ended: supply S1 was received; announce other supply, or take goods in without any
            "#,
        );
    }

    #[test]
    fn units_of_a_transfer_have_left_and_cannot_be_changed() {
        story(
            "
                location L1
                location L2
                stock A@L1=9
                send A@L1=4 to=L2 on=2026-01-08              > S1 open A@L2 0 of 4 by 2026-01-08 100%; A@L1 5/0; A@L2 0/0 in transit 4
                change-supply S1 units=5 because=x           > invalid_field: /quantity cannot be changed: these units have left; receive what arrives, and name what is lost
                change-supply S1 on=2026-01-09 because=jam   > S1 open A@L2 0 of 4 by 2026-01-09 100%
            ",
        );
    }
}
