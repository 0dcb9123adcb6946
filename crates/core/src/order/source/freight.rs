//! Freight: how locations can send a party, what that costs, and when it arrives.

use std::sync::Arc;

use jiff::civil::Date;

use super::candidates::Open;
use super::planning::Planner;
use crate::carrier::{Bracket, Lanes, Service, ServiceId, Tariff, Timetable, Zone};
use crate::catalog::Item;
use crate::decide::Stop;
use crate::money::share;
use crate::network::Network;
use crate::order::entry::Route;
use crate::party::Destination;
use crate::sourcing::Reason;
use crate::sourcing::policy::{Goal, Objective, Policy};
use crate::sourcing::solve::Shipping;

/// The ways in which a party can be sent.
pub(super) struct Freight<'p, 'a> {
    network: &'a Network,
    objective: Option<&'p Objective>,
    /// The party's items by position.
    items: Vec<&'a Item>,
    destination: &'p Destination,
    due: Option<Date>,
    /// Whether a carrier has to bring it.
    is_carried: bool,
    carriers: Vec<Carrier<'p, 'a>>,
    /// Dimensional divisors: the weight classes.
    classes: Vec<Option<i64>>,
}

/// A service that goes to the party's destination.
struct Carrier<'p, 'a> {
    service: &'a Service,
    lanes: Lanes<'a, 'p>,
    timetable: Timetable<'a>,
    class: usize,
    /// Prices by zone in the objective's currency; none of those in a currency that it does not know.
    tariffs: Vec<(&'a str, Option<Arc<Tariff>>)>,
}

/// A way from one location.
struct Way<'a> {
    carrier: usize,
    zone: &'a Zone,
    leaves_on: Date,
    arrives_on: Option<Date>,
}

impl<'p, 'a> Freight<'p, 'a> {
    /// Looks up what goes to the party's destination.
    ///
    /// # Errors
    /// Stops when an item was not loaded yet.
    pub(super) fn of(planner: &Planner<'p, 'a>, policy: &'p Policy) -> Result<Self, Stop> {
        let network: &'a Network = planner.attempt.network();
        let items = planner.demands.items.iter();
        let items: Result<Vec<&'a Item>, Stop> = items
            .map(|item| planner.attempt.item(*item).map(Arc::as_ref))
            .collect();
        let mut freight = Self {
            network,
            objective: match &policy.goal {
                Goal::LowestCost(objective) => Some(objective),
                Goal::Ranked(_) => None,
            },
            items: items?,
            destination: &planner.party.destination,
            due: planner.party.due,
            is_carried: planner.party.is_carried() && !network.services.is_empty(),
            carriers: Vec::new(),
            classes: Vec::new(),
        };
        if freight.is_carried {
            let only = planner.allowed.service.or(planner.party.service);
            let services = network.services.iter();
            let allowed = services.filter(|one| only.is_none_or(|only| only == one.id));
            allowed.for_each(|one| freight.add(one));
        }
        Ok(freight)
    }

    fn add(&mut self, service: &'a Service) {
        let Ok(lanes) = service.lanes_to(self.destination) else {
            return;
        };
        let divisor = service.dimensional_divisor;
        let known = self.classes.iter().position(|class| *class == divisor);
        let class = known.unwrap_or_else(|| {
            self.classes.push(divisor);
            self.classes.len() - 1
        });
        self.carriers.push(Carrier {
            service,
            lanes,
            timetable: Timetable::new(self.network, service),
            class,
            tariffs: Vec::new(),
        });
    }

    /// Grams of a unit of an item, by weight class.
    pub(super) fn weights_of(&self, item: usize) -> Vec<i64> {
        let Some(item) = self.items.get(item) else {
            return Vec::new();
        };
        let of = |class: usize| {
            let mut carriers = self.carriers.iter();
            let carrier = carriers.find(|carrier| carrier.class == class);
            carrier.map_or(0, |carrier| {
                carrier
                    .service
                    .unit_weight_g(item.weight_g, item.dimensions)
            })
        };
        (0..self.classes.len()).map(of).collect()
    }

    /// How a location can send the party, as the optimiser weighs it.
    ///
    /// # Errors
    /// [`Reason::NoService`] where it has to be carried and nothing goes.
    pub(super) fn ways(
        &mut self,
        planner: &Planner<'_, '_>,
        open: &Open<'_>,
    ) -> Result<Vec<Shipping>, Reason> {
        if !self.is_carried {
            return Ok(Vec::new());
        }
        let ways = self.ways_from(planner, open);
        if ways.is_empty() {
            return Err(Reason::NoService);
        }
        let Some(objective) = self.objective else {
            return Ok(Vec::new());
        };
        let mut shipping = Vec::with_capacity(ways.len());
        for way in ways {
            let carrier = &mut self.carriers[way.carrier];
            if let Some(tariff) = carrier.tariff(objective, way.zone) {
                shipping.push(Shipping {
                    id: u32::from(carrier.service.id.0),
                    weight_class: carrier.class,
                    tariff,
                    fixed_minor: late_minor(objective, self.due, way.arrives_on),
                });
            }
        }
        if shipping.is_empty() {
            return Err(Reason::NoService);
        }
        Ok(shipping)
    }

    /// The services that go from the location to the destination with any of the items.
    fn ways_from(&self, planner: &Planner<'_, '_>, open: &Open<'_>) -> Vec<Way<'a>> {
        let origin = self.network.origin_of(open.location);
        let leaves_on = self.leaves_on(planner, open);
        let ordered = open.location.local_time(planner.attempt.now());
        let way = |(position, carrier): (usize, &Carrier<'p, 'a>)| {
            let zone = carrier.lanes.zone(&origin).ok()?;
            let takes = |item: &&Item| {
                let taken = carrier
                    .service
                    .check_unit(zone, item.weight_g, item.dimensions);
                taken.is_ok()
            };
            if !self.items.iter().all(takes) {
                return None;
            }
            let leaves_on = carrier.service.ready_on(leaves_on?, ordered);
            let timetable = &carrier.timetable;
            let transit = timetable.transit(zone, &origin, self.destination, leaves_on);
            Some(Way {
                carrier: position,
                zone,
                leaves_on,
                arrives_on: Some(transit.ok()?.delivery),
            })
        };
        self.carriers.iter().enumerate().filter_map(way).collect()
    }

    fn leaves_on(&self, planner: &Planner<'_, '_>, open: &Open<'_>) -> Option<Date> {
        let day = planner.day_of(open)?;
        open.location.leaves_on(self.network, day.date)
    }

    /// When what a location serves leaves it and arrives, and by which service: the one that was weighed, or else the
    /// cheapest one.
    pub(super) fn route(
        &self,
        planner: &Planner<'_, '_>,
        open: &Open<'_>,
        weighed: Option<u32>,
        units: &[i64],
    ) -> Option<Route> {
        let leaves_on = self.leaves_on(planner, open);
        let ways = if self.is_carried {
            self.ways_from(planner, open)
        } else {
            Vec::new()
        };
        let id = |way: &Way<'_>| u32::from(self.carriers[way.carrier].service.id.0);
        let taken = match weighed {
            Some(weighed) => ways.iter().find(|way| id(way) == weighed),
            None => ways
                .iter()
                .min_by_key(|way| self.price(planner, way, units).unwrap_or(i64::MAX)),
        };
        Some(Route {
            service: taken.map(|way| self.service(way)),
            leaves_on: taken.map(|way| way.leaves_on).or(leaves_on),
            arrives_on: taken.and_then(|way| way.arrives_on),
            carrier_minor: taken.and_then(|way| self.price(planner, way, units)),
            ..Route::default()
        })
    }

    fn service(&self, way: &Way<'_>) -> ServiceId {
        self.carriers[way.carrier].service.id
    }

    /// What a service asks for units by part, in its own currency.
    fn price(&self, planner: &Planner<'_, '_>, way: &Way<'_>, units: &[i64]) -> Option<i64> {
        let carrier = &self.carriers[way.carrier];
        let parts = planner.demands.parts.iter().zip(units);
        let weight: i64 = parts
            .map(|(part, units)| {
                let item = self.items[part.item];
                let unit = carrier
                    .service
                    .unit_weight_g(item.weight_g, item.dimensions);
                unit.saturating_mul(*units)
            })
            .sum();
        let quote = carrier.service.tariff(way.zone).shipment(weight)?;
        Some(quote.price_minor)
    }

    /// What the lateness of a route counts as.
    pub(super) fn late_minor(&self, route: Option<&Route>) -> i64 {
        let arrives_on = route.and_then(|route| route.arrives_on);
        self.objective
            .map_or(0, |objective| late_minor(objective, self.due, arrives_on))
    }
}

fn late_minor(objective: &Objective, due: Option<Date>, arrives_on: Option<Date>) -> i64 {
    let late = due.zip(arrives_on).map_or(0, |(due, arrives_on)| {
        due.until(arrives_on).map_or(0, |span| span.get_days())
    });
    objective
        .late_day_minor
        .saturating_mul(i64::from(late.max(0)))
}

impl<'a> Carrier<'_, 'a> {
    /// The prices of a zone as the objective counts them; none in a currency that it does not know.
    fn tariff(&mut self, objective: &Objective, zone: &'a Zone) -> Option<Arc<Tariff>> {
        let known = self.tariffs.iter().find(|(code, _)| *code == zone.code);
        if let Some((_, tariff)) = known {
            return tariff.clone();
        }
        let tariff = converted(objective, self.service, zone).map(Arc::new);
        self.tariffs.push((zone.code.as_str(), tariff.clone()));
        tariff
    }
}

fn converted(objective: &Objective, service: &Service, zone: &Zone) -> Option<Tariff> {
    let tariff = service.tariff(zone);
    let price = |minor: i64| {
        let minor = objective.converted(minor, service.currency)?;
        Some(share(minor, objective.carrier_percent, 100))
    };
    let bracket = |bracket: &Bracket| {
        Some(Bracket {
            price_minor: price(bracket.price_minor)?,
            ..*bracket
        })
    };
    Some(Tariff {
        brackets: tariff.brackets.iter().map(bracket).collect::<Option<_>>()?,
        per_kg_minor: match tariff.per_kg_minor {
            Some(minor) => Some(price(minor)?),
            None => None,
        },
        minimum_minor: price(tariff.minimum_minor)?,
        parcel_max_g: tariff.parcel_max_g,
    })
}
