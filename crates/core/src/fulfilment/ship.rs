//! Shipping: packed units leave, on hand falls.

use super::serials::{Part, parted};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, LineNo, OrderId, PackageNo};
use crate::order::{
    Fulfilment, FulfilmentLine, FulfilmentUnits, Method, Order, Record, ReleasedSerial, Shipment,
    Verb, checks,
};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Longest name of a carrier, in bytes.
const CARRIER_MAX: usize = 64;

/// Ships packed units. What is not packed, or in other packages than those named, is split
/// into a fulfilment of its own at the same location.
#[derive(Debug, Clone)]
pub struct ShipFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's service.
    pub service: Option<String>,
    /// The carrier's number.
    pub tracking_number: Option<String>,
    /// The packages that leave; `None`: all.
    pub packages: Option<Vec<ShippedPackage>>,
    /// The serial numbers of the units that leave; needed where some of a line stay behind that are picked.
    pub serials: Vec<String>,
    /// When it left, if that was earlier than now.
    pub shipped_at: Option<Millis>,
}

/// A package that leaves.
#[derive(Debug, Clone)]
pub struct ShippedPackage {
    /// Which.
    pub package: PackageNo,
    /// Its own tracking number.
    pub tracking_number: Option<String>,
}

/// What stays behind, and goes on as a fulfilment of its own.
struct Rest {
    into: FulfilmentNo,
    units: Vec<FulfilmentUnits>,
    packages: Vec<PackageNo>,
    serials: Vec<ReleasedSerial>,
}

/// Ships packed units. The shipped fulfilment keeps its id; what stays behind gets a new one.
///
/// # Errors
/// Refuses an unknown fulfilment, one that is collected or involves no stock, one where nothing is packed, packages
/// that are not in it, impossible texts and times, and held lines that would leave.
pub fn ship_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &ShipFulfilment,
) -> Result<Answer, Stop> {
    let from = command.fulfilment;
    let now = attempt.now();
    let (shipment, rest) = check(attempt.order(order)?, command, now)?;
    crate::catalog::refuse_recalled(attempt, order, from)?;
    super::lots::refuse_expired(attempt, order, from)?;
    if let Some(Rest {
        into,
        units,
        packages,
        serials,
    }) = rest
    {
        attempt.record(
            order,
            Record::FulfilmentSplit {
                from,
                into,
                units,
                packages,
                lots: Vec::new(),
                serials,
            },
        )?;
    }
    attempt.record(
        order,
        Record::FulfilmentShipped {
            fulfilment: from,
            shipment,
            tracking: tracking(command),
        },
    )?;
    Ok(Answer::ok(Resource::Fulfilment(order, from)))
}

fn check(
    order: &Order,
    command: &ShipFulfilment,
    now: Millis,
) -> Result<(Shipment, Option<Rest>), Refusal> {
    let fulfilment = checks::workable(order, command.fulfilment, Verb::Ship)?;
    if fulfilment.method == Method::Pickup && !fulfilment.goes_to_store() {
        return Err(Refusal::illegal(
            Verb::Ship,
            "the customer collects it; mark it ready, then picked up",
        ));
    }
    if fulfilment.total().packed == 0 {
        let left = fulfilment.total().unshipped() == 0;
        let why = if left {
            "it has left before"
        } else {
            "none of its units is packed; pack first"
        };
        return Err(Refusal::illegal(Verb::Ship, why));
    }
    let shipment = shipment(command, now)?;
    let staying = staying(order, fulfilment, command)?;
    let rest_of = |line: &FulfilmentLine| rest_of(fulfilment, line, &staying);
    let leaves = |line: LineNo| {
        let entry = fulfilment.lines.iter().find(|entry| entry.line == line);
        entry.is_some_and(|entry| entry.units.packed > rest_of(entry).packed)
    };
    checks::refuse_if_held(order, Verb::Ship, Verb::Ship, leaves)?;
    let units: Vec<FulfilmentUnits> = fulfilment
        .lines
        .iter()
        .map(rest_of)
        .filter(|units| units.total() > 0)
        .collect();
    let serials = parted(order, fulfilment, &units, &command.serials, Part::Kept)?;
    if units.is_empty() {
        return Ok((shipment, None));
    }
    let into = FulfilmentNo(checks::next_children(order, 1)?);
    Ok((
        shipment,
        Some(Rest {
            into,
            units,
            packages: staying,
            serials,
        }),
    ))
}

fn shipment(command: &ShipFulfilment, now: Millis) -> Result<Shipment, Refusal> {
    text::required("/carrier", &command.carrier, CARRIER_MAX)?;
    text::optional("/service", command.service.as_deref(), text::REFERENCE_MAX)?;
    text::optional(
        "/tracking_number",
        command.tracking_number.as_deref(),
        text::REFERENCE_MAX,
    )?;
    for (position, package) in command.packages.iter().flatten().enumerate() {
        let field = format!("/packages/{position}/tracking_number");
        text::optional(
            field,
            package.tracking_number.as_deref(),
            text::REFERENCE_MAX,
        )?;
    }
    Ok(Shipment {
        carrier: command.carrier.trim().to_owned(),
        service: checks::given(command.service.as_ref()),
        tracking_number: checks::given(command.tracking_number.as_ref()),
        at: checks::happened_at("/shipped_at", command.shipped_at, now)?,
    })
}

/// The packages that do not leave now.
fn staying(
    order: &Order,
    fulfilment: &Fulfilment,
    command: &ShipFulfilment,
) -> Result<Vec<PackageNo>, Refusal> {
    let Some(leaving) = &command.packages else {
        return Ok(Vec::new());
    };
    if leaving.is_empty() {
        return Err(Refusal::invalid(
            "/packages",
            "must name at least one package, or be left out for all",
        ));
    }
    for (position, shipped) in leaving.iter().enumerate() {
        let field = format!("/packages/{position}/id");
        if !fulfilment
            .packages
            .iter()
            .any(|package| package.no == shipped.package)
        {
            let name = shipped.package.of(order.id).to_string();
            return Err(Refusal::unknown(field, "package of this fulfilment", name));
        }
        if leaving[..position]
            .iter()
            .any(|before| before.package == shipped.package)
        {
            return Err(Refusal::invalid(field, "names a package a second time"));
        }
    }
    let stays = |no: &PackageNo| !leaving.iter().any(|shipped| shipped.package == *no);
    Ok(fulfilment
        .packages
        .iter()
        .map(|package| package.no)
        .filter(stays)
        .collect())
}

/// The units of a line that stay behind: what is not packed, and what is in packages that stay.
fn rest_of(
    fulfilment: &Fulfilment,
    line: &FulfilmentLine,
    staying: &[PackageNo],
) -> FulfilmentUnits {
    let packages = fulfilment
        .packages
        .iter()
        .filter(|package| staying.contains(&package.no));
    let units = packages
        .flat_map(|package| &package.lines)
        .filter(|units| units.line == line.line);
    FulfilmentUnits {
        fulfilment: fulfilment.no,
        line: line.line,
        assigned: line.units.assigned,
        picked: line.units.picked,
        packed: units.map(|units| units.quantity).sum(),
    }
}

fn tracking(command: &ShipFulfilment) -> Vec<(PackageNo, String)> {
    let packages = command.packages.iter().flatten();
    packages
        .filter_map(|package| {
            Some((
                package.package,
                checks::given(package.tracking_number.as_ref())?,
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn everything_packed_leaves_and_stock_falls() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2                                > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pick F1                                      > order in_progress; F1@L1 picked A:3 picked B:2 picked
                ship F1                                      > illegal_transition: cannot ship now: none of its units is packed; pack first
                pack F1 A=3 | B=2                            > F1@L1 packed A:3 packed B:2 packed; F1 P1 A=3; F1 P2 B=2
                ship F1 carrier=DHL service=express tracking=T-1 > order shipped; F1@L1 shipped A:3 shipped B:2 shipped; F1 left with DHL express T-1; A@L1 2/0; B@L1 3/0
                journal                                      > fulfilment_shipped
                ship F1                                      > illegal_transition: cannot ship now: it has left before
                ship F9                                      > not_found: there is no fulfilment ?
            ",
        );
    }

    #[test]
    fn what_is_not_packed_goes_on_as_a_fulfilment_of_its_own() {
        story(
            "
                location L1
                stock A@L1=9
                stock B@L1=5
                order A=6 B=2 > order open; F1@L1 open A:6 assigned B:2 assigned; A@L1 9/6; B@L1 5/2
                pick F1 A=5   > order in_progress; F1@L1 picking A:1 assigned+5 picked B:2 assigned
                pack F1 A=3   > F1@L1 picking A:1 assigned+2 picked+3 packed B:2 assigned; F1 P1 A=3
                ship F1       > F1@L1 shipped A:3 shipped; F1 left with post; F2@L1 picking A:1 assigned+2 picked B:2 assigned; A@L1 6/3
                journal       > fulfilment_split, fulfilment_shipped
                pick F2       > F2@L1 picked A:3 picked B:2 picked
                pack F2       > F2@L1 packed A:3 packed B:2 packed; F2 P2 A=3 B=2
                ship F2       > order shipped; F2@L1 shipped A:3 shipped B:2 shipped; F2 left with post; A@L1 3/0; B@L1 3/0
            ",
        );
    }

    #[test]
    fn named_packages_leave_and_the_others_stay() {
        story(
            r#"
                location L1 3pl
                stock A@L1=9
                order A=6                      > order open; F1@L1 open (submitted) A:6 assigned; A@L1 9/6
                accept F1                      > order in_progress; F1@L1 open (accepted) A:6 assigned
                pick F1 A=5                    > F1@L1 picking (accepted) A:1 assigned+5 picked
                pack F1 A=2 | A=1 | A=1        > F1@L1 picking (accepted) A:1 assigned+1 picked+4 packed; F1 P1 A=2; F1 P2 A=1; F1 P3 A=1
                ship F1 P2=J-2 P3 tracking=J-1 > F1@L1 shipped (accepted) A:2 shipped; F1 left with post J-1; F1 P2 A=1 J-2; F2@L1 picking (accepted) A:1 assigned+1 picked+2 packed; F2 P1 A=2; A@L1 7/4
                ship F1 P1                     > illegal_transition: cannot ship now: it has left before
                ship F2 P1 P1                  > invalid_field: /packages/1/id names a package a second time
                ship F2 P2                     > unknown_reference: /packages/0/id names the unknown package of this fulfilment "P2"; look at the fulfilment's packages for their ids
                ship F2 nothing                > invalid_field: /packages must name at least one package, or be left out for all
                ship F2 P1                     > F2@L1 shipped (accepted) A:2 shipped; F2 left with post; F3@L1 picking (accepted) A:1 assigned+1 picked; A@L1 5/2
            "#,
        );
    }

    #[test]
    fn a_shipment_has_possible_texts_and_times() {
        story(
            "
                location L1
                stock A@L1=9
                order A=2                                    > order open; F1@L1 open A:2 assigned; A@L1 9/2
                pick F1                                      > order in_progress; F1@L1 picked A:2 picked
                pack F1                                      > F1@L1 packed A:2 packed; F1 P1 A=2
                ship F1 carrier=none                         > invalid_field: /carrier must not be empty
                ship F1 carrier=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX > invalid_field: /carrier is 65 bytes long; at most 64 are allowed
                ship F1 at=never                             > invalid_field: /shipped_at must lie in the years 1970 to 9999
                ship F1 at=+6m                               > invalid_field: /shipped_at lies in the future; record it once it has happened
                ship F1 at=-90m service=none tracking=none   > order shipped; F1@L1 shipped A:2 shipped; F1 left with post -90m; A@L1 7/0
            ",
        );
    }

    #[test]
    fn a_shipment_may_be_a_little_ahead_of_our_clock() {
        story(
            "
                location L1
                stock A@L1=9
                order A=2      > order open; F1@L1 open A:2 assigned; A@L1 9/2
                pick F1        > order in_progress; F1@L1 picked A:2 picked
                pack F1        > F1@L1 packed A:2 packed; F1 P1 A=2
                ship F1 at=+5m > order shipped; F1@L1 shipped A:2 shipped; F1 left with post +5m; A@L1 7/0
                deliver F1     > order delivered; F1@L1 delivered A:2 delivered; F1 ended +4m; F1 P1 A=2 delivered
            ",
        );
    }

    #[test]
    fn only_parcels_are_shipped() {
        story(
            "
                location L1 store
                stock A@L1=9
                order A=2:pickup@L1 B=1:digital > order open; F1@L1 open A:2 assigned; F2 open B:1 assigned; A@L1 9/2
                pick F1                         > order in_progress; F1@L1 picked A:2 picked
                pack F1                         > F1@L1 packed A:2 packed; F1 P1 A=2
                ship F1                         > illegal_transition: cannot ship now: the customer collects it; mark it ready, then picked up
                ship F2                         > illegal_transition: cannot ship now: digital and service fulfilments are not picked, packed or shipped; record them as delivered
            ",
        );
    }

    #[test]
    fn units_that_are_not_on_hand_do_not_leave() {
        story(
            r#"
                location L1
                item A oversell=5
                stock A@L1=1
                order A=3         > order open; F1@L1 open A:3 assigned; A@L1 1/3
                pick F1           > order in_progress; F1@L1 picked A:3 picked
                pack F1           > F1@L1 packed A:3 packed; F1 P1 A=3
                ship F1           > insufficient_stock: SKU "A" is short by 2; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                stock A@L1=2      > A@L1 3/3
                ship F1           > order shipped; F1@L1 shipped A:3 shipped; F1 left with post; A@L1 0/0
            "#,
        );
    }

    #[test]
    fn a_hold_blocks_shipping_what_it_binds() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2                 > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pick F1                       > order in_progress; F1@L1 picked A:3 picked B:2 picked
                pack F1 A=3 | B=2             > F1@L1 packed A:3 packed B:2 packed; F1 P1 A=3; F1 P2 B=2
                hold credit limit reached : B > order on_hold; F1@L1 on_hold A:3 packed B:2 packed; H1 credit active B (limit reached)
                ship F1                       > on_hold: cannot ship while the credit hold H1 is active (limit reached); release it first
                ship F1 P2                    > on_hold: cannot ship while the credit hold H1 is active (limit reached); release it first
                ship F1 P1                    > F1@L1 shipped A:3 shipped; F1 left with post; F2@L1 on_hold B:2 packed; F2 P2 B=2; A@L1 2/0
                ship F2                       > on_hold: cannot ship while the credit hold H1 is active (limit reached); release it first
                release H1                    > order in_progress; F2@L1 packed B:2 packed; H1 credit released B (limit reached)
                ship F2                       > order shipped; F2@L1 shipped B:2 shipped; F2 left with post; B@L1 3/0
            ",
        );
    }

    #[test]
    fn a_held_line_that_is_not_packed_stays_behind() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2                > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pick F1 A=3                  > order in_progress; F1@L1 picking A:3 picked B:2 assigned
                pack F1                      > F1@L1 picking A:3 packed B:2 assigned; F1 P1 A=3
                hold manual wrong colour : B > order on_hold; F1@L1 on_hold A:3 packed B:2 assigned; H1 manual active B (wrong colour)
                ship F1                      > F1@L1 shipped A:3 shipped; F1 left with post; F2@L1 on_hold B:2 assigned; A@L1 2/0
                pick F2                      > on_hold: cannot pick while the manual hold H1 is active (wrong colour); release it first
            ",
        );
    }

    #[test]
    fn services_and_tracking_numbers_are_short() {
        story(
            "
                location L1
                stock A@L1=9
                order A=3                    > order open; F1@L1 open A:3 assigned; A@L1 9/3
                pick F1                      > order in_progress; F1@L1 picked A:3 picked
                pack F1                      > F1@L1 packed A:3 packed; F1 P1 A=3
                ship F1 service=LONG         > invalid_field: /service is 10001 bytes long; at most 255 are allowed
                ship F1 tracking=LONG        > invalid_field: /tracking_number is 10001 bytes long; at most 255 are allowed
                ship F1 P1=LONG              > invalid_field: /packages/0/tracking_number is 10001 bytes long; at most 255 are allowed
                ship F1 P1=none tracking=J-1 > order shipped; F1@L1 shipped A:3 shipped; F1 left with post J-1; A@L1 6/0
            ",
        );
    }
}
