//! Shipping: packed units leave, on hand falls.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, LineNo, OrderId, PackageNo};
use crate::order::{
    Fulfilment, FulfilmentLine, FulfilmentUnits, Method, Order, Record, Shipment, Verb, checks,
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
    if let Some(Rest {
        into,
        units,
        packages,
    }) = rest
    {
        attempt.record(
            order,
            Record::FulfilmentSplit {
                from,
                into,
                units,
                packages,
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
    let shipment = shipment(command, now)?;
    if fulfilment.method == Method::Pickup {
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
