//! Reservations: soft claims on stock with an expiry.

use super::level::{LevelChange, MoveReason, Reference, StockMove};
use super::queue::set_aside;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::FulfilmentNo;
use crate::order::{Allotment, LineUnits, Method, Record, RequestStatus, checks};
use crate::refusal::Refusal;
use crate::sourcing::{Candidate, Demand, plan};
use crate::text;

use serde::{Deserialize, Serialize};

use crate::id::{ItemId, OrderId, ReservationId};
use crate::network::LocationId;
use crate::order::schedule::begins_at;
use crate::order::source::{Days, work_day};
use crate::time::Millis;

/// A soft claim on stock for a cart or a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Identity.
    pub id: ReservationId,
    /// When it was made.
    pub created_at: Millis,
    /// When it ends by itself.
    pub expires_at: Millis,
    /// Whether it still claims stock.
    pub state: ReservationState,
    /// The caller's name for the cart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What it claims or claimed.
    pub lines: Vec<ReservationLine>,
}

/// Units of one item at one location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservationLine {
    /// The item.
    pub item: ItemId,
    /// Its SKU, for display.
    pub sku: String,
    /// Where.
    pub location: LocationId,
    /// Units.
    pub quantity: i64,
}

/// Whether a reservation still claims stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservationState {
    /// It claims stock.
    Active,
    /// It became the allocations of an order.
    Used(OrderId),
    /// It was let go.
    Released,
    /// It ran out.
    Expired,
    /// Its units were not there when they were counted.
    StockShort,
}

/// Holds stock for a cart.
#[derive(Debug, Clone)]
pub struct CreateReservation {
    /// The new reservation's id.
    pub id: ReservationId,
    /// SKUs and units.
    pub lines: Vec<(String, i64)>,
    /// Only from this location, if given.
    pub location: Option<String>,
    /// How long it holds, in milliseconds; at most 30 days.
    pub ttl_ms: i64,
    /// The caller's name for the cart.
    pub reference: Option<String>,
}

/// Lets a reservation go.
#[derive(Debug, Clone, Copy)]
pub struct EndReservation {
    /// Which.
    pub id: ReservationId,
    /// Because it ran out; refused as long as it has not.
    pub expired: bool,
}

/// Longest time a reservation may hold, in milliseconds: 30 days.
pub const TTL_MAX_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Most lines of a reservation.
pub const RESERVED_LINES_MAX: usize = 200;

/// Holds stock for a cart: all of it, or nothing.
///
/// # Errors
/// Refuses unknown SKUs and locations, kits, impossible quantities and times, and shortages.
pub fn create_reservation(
    attempt: &mut Attempt<'_>,
    command: &CreateReservation,
) -> Result<Answer, Stop> {
    text::optional(
        "/reference",
        command.reference.as_deref(),
        text::REFERENCE_MAX,
    )?;
    if !(1_000..=TTL_MAX_MS).contains(&command.ttl_ms) {
        return Err(
            Refusal::invalid("/ttl_seconds", "must lie between 1 and 2592000 (30 days)").into(),
        );
    }
    let wanted = wanted(attempt, command)?;
    let bound = match &command.location {
        Some(code) => match attempt.network().location_by_code(code) {
            Some(location) => Some(location.id),
            None => return Err(Refusal::unknown("/location", "location", code.as_str()).into()),
        },
        None => None,
    };
    let mut lines = Vec::new();
    for (item, sku, quantity) in wanted {
        if let Some(recall) = attempt.network().recall_of(item) {
            return Err(crate::catalog::recalled(recall).into());
        }
        lines.extend(claim(attempt, command.id, item, &sku, quantity, bound)?);
    }
    let now = attempt.now();
    attempt.put_reservation(Reservation {
        id: command.id,
        created_at: now,
        expires_at: now.plus_ms(command.ttl_ms),
        state: ReservationState::Active,
        reference: command.reference.clone(),
        lines,
    });
    Ok(Answer::created(Resource::Reservation(command.id)))
}

/// Lets a reservation go. One that has ended already stays as it is.
///
/// # Errors
/// Refuses unknown reservations, and expiring one before its time.
pub fn end_reservation(
    attempt: &mut Attempt<'_>,
    command: &EndReservation,
) -> Result<Answer, Stop> {
    if command.expired {
        expire(attempt, command.id)?;
    } else if attempt.reservation(command.id)?.state == ReservationState::Active {
        let reservation = attempt.reservation(command.id)?;
        end(attempt, reservation, ReservationState::Released)?;
    }
    Ok(Answer::ok(Resource::Reservation(command.id)))
}

/// Ends a reservation whose time is over; leaves any other alone.
///
/// # Errors
/// Stops when it is not loaded yet.
pub fn expire(attempt: &mut Attempt<'_>, id: ReservationId) -> Result<(), Stop> {
    let reservation = attempt.reservation(id)?;
    if reservation.state == ReservationState::Active && reservation.expires_at <= attempt.now() {
        end(attempt, reservation, ReservationState::Expired)?;
    }
    Ok(())
}

/// Ends the reservations of an item whose time is over: their units go back before anybody is told that there are none.
///
/// # Errors
/// Stops when they are not loaded yet.
pub fn release_expired(attempt: &mut Attempt<'_>, item: ItemId) -> Result<(), Stop> {
    let expired = attempt.stock(item)?.expired.clone();
    attempt.reservations(&expired)?;
    expired.into_iter().try_for_each(|id| expire(attempt, id))
}

/// A reservation that an order may use now.
///
/// # Errors
/// Refuses an unknown reservation, and one that has ended.
pub fn usable_reservation(attempt: &Attempt<'_>, id: ReservationId) -> Result<Reservation, Stop> {
    let reservation = match attempt.reservation(id) {
        Err(Stop::Refused(Refusal::NotFound { name, .. })) => {
            return Err(Refusal::unknown("/reservation_id", "reservation", name).into());
        }
        known => known?,
    };
    let expired = reservation.expires_at <= attempt.now();
    let why = match reservation.state {
        ReservationState::Active if !expired => return Ok(reservation),
        ReservationState::Active | ReservationState::Expired => "has expired".to_owned(),
        ReservationState::Used(by) => format!("was used by order {by}"),
        ReservationState::Released => "was released".to_owned(),
        ReservationState::StockShort => "was released because the units were not there".to_owned(),
    };
    let id = id.to_string();
    Err(Refusal::ReservationEnded { id, why }.into())
}

/// Turns a reservation into allocations of an order that is being placed: at the same locations,
/// ahead of everybody, and whatever holds the order has. What it does not want goes back to stock.
///
/// # Errors
/// Refuses a reservation that has ended.
pub fn use_reservation(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    id: ReservationId,
) -> Result<(), Stop> {
    let reservation = usable_reservation(attempt, id)?;
    let (mut allotments, rest) = allotments(attempt, order, &reservation.lines)?;
    if !allotments.is_empty() {
        crate::order::source::give_routes(attempt, order, &mut allotments)?;
        attempt.record_reserved(
            order,
            Record::LinesSourced {
                allotments,
                backordered: Vec::new(),
                awaited: Vec::new(),
                productions: Vec::new(),
            },
        )?;
    }
    for (line, rest) in reservation.lines.iter().zip(rest) {
        unreserve(attempt, id, line, rest)?;
    }
    attempt.put_reservation(Reservation {
        state: ReservationState::Used(order),
        ..reservation
    });
    Ok(())
}

fn wanted(
    attempt: &Attempt<'_>,
    command: &CreateReservation,
) -> Result<Vec<(ItemId, String, i64)>, Stop> {
    if command.lines.is_empty() || command.lines.len() > RESERVED_LINES_MAX {
        return Err(Refusal::invalid(
            "/lines",
            format!("must name 1 to {RESERVED_LINES_MAX} lines"),
        )
        .into());
    }
    let mut wanted: Vec<(ItemId, String, i64)> = Vec::new();
    for (position, (sku, quantity)) in command.lines.iter().enumerate() {
        if !(1..=crate::order::place::QUANTITY_MAX).contains(quantity) {
            return Err(Refusal::invalid(
                format!("/lines/{position}/quantity"),
                "must lie between 1 and 1000000000",
            )
            .into());
        }
        let item = attempt.known_item(&format!("/lines/{position}/sku"), sku)?;
        let parts = item.components.iter().map(|part| {
            (
                part.item,
                part.sku.clone(),
                part.quantity.saturating_mul(*quantity),
            )
        });
        let own = (!item.is_kit()).then(|| (item.id, sku.clone(), *quantity));
        for (item, sku, quantity) in parts.chain(own) {
            match wanted.iter_mut().find(|(known, ..)| *known == item) {
                Some((_, _, known)) => *known = known.saturating_add(quantity),
                None => wanted.push((item, sku, quantity)),
            }
        }
    }
    Ok(wanted)
}

fn claim(
    attempt: &mut Attempt<'_>,
    id: ReservationId,
    item: ItemId,
    sku: &str,
    quantity: i64,
    bound: Option<LocationId>,
) -> Result<Vec<ReservationLine>, Stop> {
    release_expired(attempt, item)?;
    let candidates = candidates(attempt, item, bound)?;
    let plan = plan(&[Demand { quantity }], candidates);
    if plan.missing.first().is_some_and(|missing| *missing > 0) {
        attempt.require_fresh(item)?;
        return Err(Refusal::InsufficientStock {
            sku: sku.to_owned(),
            short_by: plan.missing[0],
        }
        .into());
    }
    let mut lines = Vec::with_capacity(plan.served.len());
    for served in plan.served {
        let (location, quantity) = (served.location, served.units[0]);
        let change = LevelChange {
            reserved: quantity,
            ..LevelChange::default()
        };
        let reference = Reference::Reservation(id);
        attempt.move_stock(StockMove {
            item,
            location,
            change,
            reason: MoveReason::Reserved,
            reference,
            saw_on_hand: None,
            lot: None,
        })?;
        lines.push(ReservationLine {
            item,
            sku: sku.to_owned(),
            location,
            quantity,
        });
    }
    Ok(lines)
}

/// Locations with what a cart may claim there; nobody who waits is overtaken by it.
fn candidates(
    attempt: &mut Attempt<'_>,
    item: ItemId,
    bound: Option<LocationId>,
) -> Result<Vec<Candidate>, Stop> {
    let levels = attempt.sellable_levels(item, None)?;
    let claimable = |level: &super::Level| (level.location, level.claimable().max(0));
    let mut free: Vec<(LocationId, i64)> = levels.iter().map(claimable).collect();
    let exclusions = attempt.exclusions(item)?;
    free.retain(|(at, _)| !exclusions.iter().any(|one| one.location == *at));
    if set_aside(attempt, item, &mut free, |_| true)? {
        attempt.serve_later(item);
    }
    let candidate = |(location, units): (LocationId, i64)| {
        let known = attempt.network().location(location)?;
        let is_open = known.is_open(attempt.now());
        let fits = is_open && bound.is_none_or(|bound| bound == location);
        fits.then(|| Candidate {
            location,
            priority: known.priority,
            distance_km: 0,
            has: smallvec::smallvec![units],
        })
    };
    Ok(free.into_iter().filter_map(candidate).collect())
}

fn end(
    attempt: &mut Attempt<'_>,
    reservation: Reservation,
    state: ReservationState,
) -> Result<(), Stop> {
    for line in &reservation.lines {
        unreserve(attempt, reservation.id, line, line.quantity)?;
    }
    attempt.put_reservation(Reservation {
        state,
        ..reservation
    });
    Ok(())
}

/// Gives units of a reservation line back to stock.
pub(super) fn unreserve(
    attempt: &mut Attempt<'_>,
    id: ReservationId,
    line: &ReservationLine,
    quantity: i64,
) -> Result<(), Stop> {
    attempt.move_stock(StockMove {
        item: line.item,
        location: line.location,
        change: LevelChange {
            reserved: -quantity,
            ..LevelChange::default()
        },
        reason: MoveReason::Unreserved,
        reference: Reference::Reservation(id),
        saw_on_hand: None,
        lot: None,
    })
}

/// Gives reserved units to the lines that may be served from where they are; also says what is left of each line of
/// the reservation.
fn allotments(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    reserved: &[ReservationLine],
) -> Result<(Vec<Allotment>, Vec<i64>), Stop> {
    let network = attempt.network();
    let now = attempt.now();
    let takes_orders = |location: LocationId| {
        let known = network.location(location);
        known.is_some_and(|known| known.is_open(now))
    };
    let mut usable = usable_lots(attempt, id, reserved)?;
    let order = attempt.order(id)?;
    let mut rest: Vec<i64> = reserved.iter().map(|line| line.quantity).collect();
    let mut next_child = order.progress.next_child;
    let mut allotments: Vec<Allotment> = Vec::new();
    let lines = order
        .placed
        .lines
        .iter()
        .zip(&order.progress.lines)
        .filter(|(line, _)| !line.is_kit && line.method.uses_stock());
    for (line, state) in lines {
        let mut open = state.open;
        for ((claim, rest), usable) in reserved.iter().zip(&mut rest).zip(&mut usable) {
            let fits = Some(claim.item) == line.item
                && takes_orders(claim.location)
                && line.location.is_none_or(|bound| bound == claim.location);
            let quantity = if fits {
                let units = open.min(*rest).min(*usable);
                units - units % line.case()
            } else {
                0
            };
            if quantity > 0 {
                *usable -= quantity;
                open -= quantity;
                *rest -= quantity;
                let place = (claim.location, line.method, line.ship_to);
                allot(
                    &mut allotments,
                    &mut next_child,
                    place,
                    LineUnits {
                        line: line.no,
                        quantity,
                    },
                );
            }
        }
    }
    checks::next_children(order, allotments.len())?;
    for allotment in &mut allotments {
        let location = allotment
            .location
            .and_then(|location| network.location(location));
        if location.is_some_and(|location| location.kind.must_accept()) {
            allotment.request = RequestStatus::Submitted;
        }
    }
    let from = begins_at(network, attempt.look_at(id)?, attempt.now());
    plan_days(attempt, from, &mut allotments)?;
    Ok((allotments, rest))
}

/// How many units of each reserved line lots have that the order's channel may have: a reservation names no lot, and those
/// that were good when it was made may have been sold, recalled or become too old.
fn usable_lots(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    reserved: &[ReservationLine],
) -> Result<Vec<i64>, Stop> {
    let channel = attempt.order(id)?.placed.channel;
    let mut left: Vec<(ItemId, LocationId, i64)> = Vec::new();
    let mut usable = Vec::with_capacity(reserved.len());
    for line in reserved {
        if !attempt.item(line.item)?.has_lots() {
            usable.push(i64::MAX);
            continue;
        }
        let place = (line.item, line.location);
        let known = left.iter().position(|one| (one.0, one.1) == place);
        let position = match known {
            Some(position) => position,
            None => {
                let rule = attempt.lot_rule(line.item, Some(channel))?;
                let lots = rule.free_at(attempt.lots(line.item)?, line.location);
                let units = lots.iter().map(|(_, units)| units).sum();
                left.push((place.0, place.1, units));
                left.len() - 1
            }
        };
        let units = line.quantity.min(left[position].2);
        left[position].2 -= units;
        usable.push(units);
    }
    Ok(usable)
}

/// Finds the days on which the locations work the allotments. Reserved units stay where they are, however full it is there.
fn plan_days(
    attempt: &Attempt<'_>,
    from: Millis,
    allotments: &mut [Allotment],
) -> Result<(), Stop> {
    for position in 0..allotments.len() {
        let (given, rest) = allotments.split_at_mut(position);
        let allotment = &mut rest[0];
        let location = allotment
            .location
            .and_then(|location| attempt.network().location(location));
        if let Some(location) = location {
            let load = allotment.load();
            allotment.work_day = work_day(attempt, location, load, (Days::All, from), given)?;
        }
    }
    Ok(())
}

type Place = (LocationId, Method, Option<crate::id::ContactNo>);

fn allot(allotments: &mut Vec<Allotment>, next_child: &mut u16, place: Place, units: LineUnits) {
    let (location, method, ship_to) = place;
    let known = allotments
        .iter_mut()
        .find(|one| (one.location, one.method, one.ship_to) == (Some(location), method, ship_to));
    match known {
        Some(allotment) => match allotment
            .lines
            .iter_mut()
            .find(|line: &&mut LineUnits| line.line == units.line)
        {
            Some(line) => line.quantity += units.quantity,
            None => allotment.lines.push(units),
        },
        None => {
            let fulfilment = FulfilmentNo(*next_child);
            *next_child = next_child.saturating_add(1);
            let request = RequestStatus::Unsubmitted;
            allotments.push(Allotment {
                fulfilment,
                location: Some(location),
                method,
                ship_to,
                request,
                work_day: None,
                route: None,
                collect_at: None,
                bought: false,
                lines: vec![units],
                lots: Vec::new(),
            });
        }
    }
}
