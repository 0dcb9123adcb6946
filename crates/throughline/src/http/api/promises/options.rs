//! The options: one for each carrier service, and for the nearest locations that have everything.

use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::Refusal;
use throughline_core::carrier::{ServiceId, ServiceStatus};
use throughline_core::id::{FulfilmentNo, OrderId};
use throughline_core::network::{AcceptedMethod, LocationId, Network};
use throughline_core::order::place::NewLine;
use throughline_core::order::source::{Allowed, Inquiry, Preview, distance_km};
use throughline_core::order::{Allotment, Method, RequestStatus, Route};
use throughline_core::party::Destination;
use throughline_core::promise::{Dates, LaneBook, dates};
use throughline_core::time::Millis;
use throughline_store::{Connection, StoreError};

use super::body::PromiseMethod;
use crate::inquire::Desk;

/// Carrier services that are asked at most.
const SERVICES_MAX: usize = 50;
/// Locations that are offered for collecting.
const PICKUPS: usize = 5;
/// The nearest locations that are asked whether they have everything.
const PICKUPS_ASKED: usize = 25;

/// What is asked.
#[derive(Clone)]
pub struct Asked {
    /// The network.
    pub network: Arc<Network>,
    /// What was seen of lanes.
    pub lanes: Arc<LaneBook>,
    /// Code of the channel.
    pub channel: String,
    /// Where the customer is.
    pub destination: Destination,
    /// What.
    pub lines: Vec<NewLine>,
    /// How it may reach the customer.
    pub methods: Vec<PromiseMethod>,
    /// When the customer needs it.
    pub needed_by: Option<Date>,
    /// The time.
    pub now: Millis,
    /// An id that no order has.
    pub id: OrderId,
}

/// What could be promised one way.
#[derive(Debug)]
pub struct Found {
    /// How it would reach the customer.
    pub method: Method,
    /// The carrier service.
    pub service: Option<ServiceId>,
    /// Where it would be collected.
    pub pickup: Option<LocationId>,
    /// What would be done.
    pub preview: Preview,
    /// When; of what can be served.
    pub dates: Option<Dates>,
    /// When all of it would be there, with what has to wait for incoming supply; nothing where some of it has none.
    pub complete: Option<Dates>,
    /// When the customer needs it.
    pub needed_by: Option<Date>,
}

/// All options, the earliest first.
///
/// # Errors
/// When the database cannot be read; the refusal within says what is wrong with what was asked.
pub fn options(
    connection: &mut Connection,
    asked: &Asked,
) -> Result<Result<Vec<Found>, Refusal>, StoreError> {
    let mut desk = Desk::new(Arc::clone(&asked.network), asked.now, asked.id);
    let mut all = Vec::new();
    if asked.methods.contains(&PromiseMethod::Ship) {
        for service in services(&asked.network) {
            match shipped(connection, &mut desk, asked, service)? {
                Ok(found) => all.extend(found),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
    }
    if asked.methods.contains(&PromiseMethod::Pickup) {
        match collected(connection, &mut desk, asked)? {
            Ok(found) => all.extend(found),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    all.sort_by_key(|found| {
        let dates = found.complete.or(found.dates);
        let keeps_on = dates.and_then(|dates| dates.keeps_on);
        (
            !found.preview.missing.is_empty(),
            found.complete.is_none(),
            keeps_on.is_none(),
            keeps_on,
        )
    });
    Ok(Ok(all))
}

/// The services that are offered; none, once, where there are no services at all.
fn services(network: &Network) -> Vec<Option<ServiceId>> {
    if network.services.is_empty() {
        return vec![None];
    }
    let active = network.services.iter();
    let active = active.filter(|service| service.status == ServiceStatus::Active);
    active
        .map(|service| Some(service.id))
        .take(SERVICES_MAX)
        .collect()
}

type Answered<T> = Result<Result<T, Refusal>, StoreError>;

fn shipped(
    connection: &mut Connection,
    desk: &mut Desk,
    asked: &Asked,
    service: Option<ServiceId>,
) -> Answered<Option<Found>> {
    let code = service.and_then(|id| asked.network.service(id));
    let code = code.map(|service| service.code.clone());
    let lines = asked.lines.iter().map(|line| NewLine {
        service: code.clone(),
        ..line.clone()
    });
    let inquiry = inquiry(asked, lines.collect());
    let allowed = Allowed {
        service,
        routes: true,
        awaited: true,
        ..Allowed::default()
    };
    let preview = match desk.preview(connection, &inquiry, allowed)? {
        Ok(preview) => preview,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let waits_for = preview.awaited.iter();
    let goes_later = waits_for
        .clone()
        .any(|units| units.route.service == service);
    let mut made = preview.productions.iter();
    let goes_made = made.any(|made| made.route.service == service);
    let goes = service.is_none() || !preview.allotments.is_empty() || goes_later || goes_made;
    Ok(Ok(goes.then(|| {
        found(asked, Method::Ship, service, None, preview)
    })))
}

/// The nearest locations that have everything.
fn collected(connection: &mut Connection, desk: &mut Desk, asked: &Asked) -> Answered<Vec<Found>> {
    let (mut all, mut later) = (Vec::new(), Vec::new());
    for (id, code) in nearest(asked) {
        let bound = asked.lines.iter().map(|line| NewLine {
            method: Method::Pickup,
            location: Some(code.clone()),
            ..line.clone()
        });
        let inquiry = inquiry(asked, bound.collect());
        let allowed = Allowed {
            awaited: true,
            ..Allowed::default()
        };
        let preview = match desk.preview(connection, &inquiry, allowed)? {
            Ok(preview) => preview,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // What is sent there first is not there to be collected yet.
        let mut allotments = preview.allotments.iter();
        let is_there = preview.missing.is_empty()
            && preview.productions.is_empty()
            && !preview.allotments.is_empty()
            && allotments.all(|allotment| allotment.collect_at.is_none());
        let found = found(asked, Method::Pickup, None, Some(id), preview);
        if is_there {
            all.push(found);
        } else if found.complete.is_some() {
            later.push(found);
        }
        if all.len() == PICKUPS {
            break;
        }
    }
    // Where too few have everything now, it may come to others.
    all.extend(later.into_iter().take(PICKUPS - all.len()));
    Ok(Ok(all))
}

fn nearest(asked: &Asked) -> Vec<(LocationId, String)> {
    let locations = asked.network.locations.iter();
    let mut open: Vec<_> = locations
        .filter(|one| one.is_open(asked.now) && one.accepts(AcceptedMethod::Pickup))
        .map(|one| (distance_km(&asked.destination, one), one))
        .collect();
    open.sort_by_key(|(km, one)| (*km, one.id));
    let open = open.into_iter().take(PICKUPS_ASKED);
    open.map(|(_, one)| (one.id, one.code.clone())).collect()
}

fn inquiry(asked: &Asked, lines: Vec<NewLine>) -> Inquiry {
    Inquiry {
        channel: asked.channel.clone(),
        lines,
        destination: asked.destination.clone(),
        policy: None,
    }
}

/// When units that come to a location, or are made there, would be there.
fn of_later(
    asked: &Asked,
    method: Method,
    (location, route): (LocationId, Route),
    together: u64,
) -> Dates {
    let allotment = Allotment {
        fulfilment: FulfilmentNo(0),
        location: Some(location),
        method,
        ship_to: None,
        request: RequestStatus::Accepted,
        work_day: None,
        route: Some(route),
        lines: Vec::new(),
        lots: Vec::new(),
        collect_at: None,
        bought: false,
    };
    dates(
        &asked.network,
        &asked.lanes,
        asked.now,
        &allotment,
        &asked.destination,
        together,
    )
}

fn found(
    asked: &Asked,
    method: Method,
    service: Option<ServiceId>,
    pickup: Option<LocationId>,
    preview: Preview,
) -> Found {
    // The customer waits for all of them.
    let together = preview.allotments.len() + preview.productions.len() + preview.awaited.len();
    let together = u64::try_from(together).unwrap_or(u64::MAX);
    let parcels = preview.allotments.iter();
    let parcels = parcels.map(|allotment| {
        dates(
            &asked.network,
            &asked.lanes,
            asked.now,
            allotment,
            &asked.destination,
            together,
        )
    });
    let made = preview.productions.iter();
    let made = made.map(|one| of_later(asked, method, (one.location, one.route), together));
    let dates = parcels.chain(made).reduce(Dates::and);
    let waits = preview
        .awaited
        .iter()
        .map(|units| of_later(asked, method, (units.location, units.route), together));
    let waits = waits.reduce(Dates::and);
    let missing: i64 = preview.missing.iter().map(|(_, units)| units).sum();
    let named: i64 = preview.awaited.iter().map(|units| units.quantity).sum();
    let complete = match (dates, waits) {
        (Some(dates), Some(waits)) => Some(dates.and(waits)),
        (one, other) => one.or(other),
    };
    Found {
        complete: complete.filter(|_| named >= missing),
        method,
        service,
        pickup,
        preview,
        dates,
        needed_by: asked.needed_by,
    }
}
