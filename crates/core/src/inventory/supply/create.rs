//! Announcing goods from a supplier or from production.

use jiff::civil::Date;

use super::{SupplyRecord, SupplySource};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::facts::INCOMING_MAX;
use crate::id::{ItemId, SupplyId};
use crate::inventory::receive::{in_range, place_of};
use crate::network::{Location, LocationId};
use crate::refusal::Refusal;
use crate::text;

/// Announces goods from a supplier or from production.
#[derive(Debug, Clone)]
pub struct CreateSupply {
    /// The new supply's id; it is moved into its item's bucket.
    pub id: SupplyId,
    /// The SKU.
    pub sku: String,
    /// Code of the location that the goods will come to.
    pub location: String,
    /// Where they come from.
    pub source: NewSource,
    /// Units; at least 1.
    pub quantity: i64,
    /// The day they are expected on, in the location's time zone; not in the past.
    pub expected: Date,
    /// How sure it is that they come by then, from 0 to 100.
    pub confidence_percent: u8,
    /// What people should know of it.
    pub note: Option<String>,
}

/// Where announced goods come from; a transfer is announced by being shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewSource {
    /// A supplier.
    PurchaseOrder {
        /// Who.
        supplier: String,
        /// The number of the purchase order.
        reference: String,
    },
    /// They are being made.
    Production,
}

/// Announces goods that will come.
///
/// # Errors
/// Refuses unknown SKUs and locations, kits, impossible quantities, a day in the past, and more than
/// [`INCOMING_MAX`] announcements of one item at a time.
pub fn create_supply(attempt: &mut Attempt<'_>, command: &CreateSupply) -> Result<Answer, Stop> {
    let (item, location) = place_of(attempt, &command.sku, "/location", &command.location)?;
    in_range("/quantity", command.quantity, 1)?;
    check_expected(attempt, location, command.expected)?;
    check_confidence(command.confidence_percent)?;
    text::optional("/note", command.note.as_deref(), text::NOTE_MAX)?;
    check_room(attempt, item)?;
    let source = source(&command.source)?;
    let id = command.id.beside(item);
    attempt.record_supply(
        id,
        SupplyRecord::Created {
            item,
            sku: command.sku.clone(),
            location,
            source,
            quantity: command.quantity,
            expected: command.expected,
            confidence_percent: command.confidence_percent,
            note: command.note.clone(),
            lot: None,
        },
    )?;
    Ok(Answer::created(Resource::Supply(id)))
}

fn source(source: &NewSource) -> Result<SupplySource, Refusal> {
    match source {
        NewSource::PurchaseOrder {
            supplier,
            reference,
        } => {
            text::name("/source/supplier", supplier, text::NAME_MAX)?;
            text::name("/source/reference", reference, text::REFERENCE_MAX)?;
            Ok(SupplySource::PurchaseOrder {
                supplier: supplier.clone(),
                reference: reference.clone(),
            })
        }
        NewSource::Production => Ok(SupplySource::Production),
    }
}

/// Refuses a day that is over where the goods will come to.
pub(super) fn check_expected(
    attempt: &Attempt<'_>,
    location: LocationId,
    expected: Date,
) -> Result<(), Refusal> {
    let known = attempt.network().location(location);
    let zone = known.map_or("UTC", |known: &std::sync::Arc<Location>| &known.time_zone);
    let today = attempt.now().local_date(zone);
    if expected < today {
        return Err(Refusal::invalid(
            "/expected",
            format!("is in the past; at the location it is {today}, name that day or a later one"),
        ));
    }
    Ok(())
}

/// Refuses a confidence beyond what can be.
pub(super) fn check_confidence(percent: u8) -> Result<(), Refusal> {
    if percent > 100 {
        return Err(Refusal::invalid(
            "/confidence_percent",
            "must lie between 0 and 100",
        ));
    }
    Ok(())
}

/// Refuses more open supply of an item than is looked at together.
pub(super) fn check_room(attempt: &Attempt<'_>, item: ItemId) -> Result<(), Stop> {
    if attempt.incoming(item)?.len() >= INCOMING_MAX {
        let limit = INCOMING_MAX as u64;
        return Err(Refusal::TooMany {
            what: "open supplies of one item",
            limit,
        }
        .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn supply_is_announced_by_a_purchase_order_or_production() {
        story(
            "
                location L1
                expect A@L1=5 on=2026-01-20 from=ACME:PO-1 sure=80 note=pallet > S1 open A@L1 0 of 5 by 2026-01-20 80%
                answer                                                         > created, network 7
                journal                                                        > supply_created
                expect A@L1=2 on=2026-01-05                                    > S2 open A@L1 0 of 2 by 2026-01-05 100%
            ",
        );
    }

    #[test]
    fn impossible_supply_is_refused() {
        story(
            r#"
                location L1 zone=Pacific/Auckland
                location L2 zone=America/Los_Angeles
                item K kit A=1
                expect A@L1=5 on=2026-01-04         > invalid_field: /expected is in the past; at the location it is 2026-01-05, name that day or a later one
                wait 200m
                expect A@L1=5 on=2026-01-05         > invalid_field: /expected is in the past; at the location it is 2026-01-06, name that day or a later one
                expect A@L2=5 on=2026-01-05         > S3 open A@L2 0 of 5 by 2026-01-05 100%
                expect A@L1=0 on=2026-01-20         > invalid_field: /quantity must lie between 1 and 1000000000000
                expect A@L1=5 on=2026-01-20 sure=101 > invalid_field: /confidence_percent must lie between 0 and 100
                expect A@L9=5 on=2026-01-20         > unknown_reference: /location names the unknown location "L9"; create it first or correct the name
                expect ?X@L1=5 on=2026-01-20        > unknown_reference: /sku names the unknown SKU "?X"; create it first or correct the name
                expect K@L1=5 on=2026-01-20         > invalid_field: /sku names the kit "K", which holds no stock; name its components
                expect A@L1=5 on=2026-01-20 from=:PO-1 > invalid_field: /source/supplier must not be empty
                expect A@L1=5 on=2026-01-20 from=ACME: > invalid_field: /source/reference must not be empty
                expect A@L1=5 on=2026-01-20 note=LONG > invalid_field: /note is 10001 bytes long; at most 10000 are allowed
            "#,
        );
    }

    #[test]
    fn an_item_that_is_expected_does_not_become_a_kit() {
        story(
            "
                location L1
                expect A@L1=5 on=2026-01-20 > S1 open A@L1 0 of 5 by 2026-01-20 100%
                item A change kit B=1       > invalid_field: /components cannot change between kit and simple item while there is stock, or supply is expected, or orders wait for it
                cancel-supply S1 because=late > S1 cancelled A@L1 0 of 5 by 2026-01-20 100% cancelled 5
                item A change kit B=1
            ",
        );
    }
}
