//! Twenty locations, two carrier services, and the rules that choose between them.

use throughline_core::carrier::{Band, Bracket, PutService, Service, Tariff, Zone, Zoning};
use throughline_core::command::{Command, PutMode};
use throughline_core::network::calendar::{HolidayRegion, Span, WeeklyHours};
use throughline_core::network::{
    Calendar, CalendarId, Capacity, CapacityUnit, Channel, Intake, Kind, Labour, Location,
    PutCalendar, PutChannel, PutLocation, Shortage,
};
use throughline_core::party::Address;
use throughline_core::sourcing::policy::{
    Constraints, Goal, Objective, PolicyData, Preference, PutPolicy, Scarce,
};

use super::towns::{STORES, Town, WAREHOUSES};

/// Code of the channel.
pub(super) const CHANNEL: &str = "web";
/// Fulfilments that a warehouse and a store can work a day.
const WORKED: [i64; 2] = [60, 15];

/// What decides where an order is served from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// Ranked preferences: the fewest locations, then the nearest.
    Ranked,
    /// The lowest cost of carriers, labour, parcels, full days and last units.
    LowestCost,
}

impl Rules {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ranked => "fewest, then nearest",
            Self::LowestCost => "lowest cost",
        }
    }
}

/// The commands that make the network, where everybody follows a calendar.
pub(super) fn commands(rules: Rules, calendar: CalendarId) -> Vec<Command> {
    let mut commands = vec![channel()];
    let places = WAREHOUSES.iter().map(|town| (town, Kind::Warehouse));
    let places = places.chain(STORES.iter().map(|town| (town, Kind::Store)));
    commands.extend(places.map(|(town, kind)| location(town, kind, calendar)));
    commands.extend([service("ground", 100, 0), service("express", 180, 1)]);
    commands.push(policy(rules));
    commands
}

fn channel() -> Command {
    Command::PutChannel(PutChannel {
        channel: Channel {
            id: Default::default(),
            code: CHANNEL.to_owned(),
            name: "Web shop".to_owned(),
            currency: "GBP".parse().unwrap_or_default(),
            shortage: Shortage::Backorder,
            intake: Intake::Strict,
            source_on_placement: true,
            remorse_minutes: 0,
            sourcing_schedule: None,
            sells: Default::default(),
            slips: None,
            escalate_after: throughline_core::network::ESCALATE_AFTER,
            whole_cases: false,
            till: None,
        },
        mode: PutMode::Create,
    })
}

/// Mondays to Saturdays, but not on public holidays.
pub(super) fn calendar() -> Command {
    let day = || {
        vec![Span {
            from_minute: 8 * 60,
            to_minute: 18 * 60,
        }]
    };
    let mut hours = WeeklyHours::default();
    hours.0[..6].fill_with(day);
    Command::PutCalendar(PutCalendar {
        calendar: Calendar {
            code: "WORK".to_owned(),
            name: "Mondays to Saturdays".to_owned(),
            hours,
            holidays: Some(HolidayRegion {
                country: "GB".to_owned(),
                subdivision: None,
            }),
            ..Calendar::default()
        },
        mode: PutMode::Create,
    })
}

fn location(town: &Town, kind: Kind, calendar: CalendarId) -> Command {
    let is_warehouse = kind == Kind::Warehouse;
    let labour = if is_warehouse {
        Labour {
            order_minor: 90,
            line_minor: 12,
            unit_minor: 2,
        }
    } else {
        Labour {
            order_minor: 150,
            line_minor: 25,
            unit_minor: 4,
        }
    };
    Command::PutLocation(PutLocation {
        location: Location {
            code: town.1.to_uppercase(),
            name: town.1.to_owned(),
            kind,
            priority: if is_warehouse { 10 } else { 20 },
            address: Address {
                name: town.1.to_owned(),
                country: town.0.to_owned(),
                latitude: Some(town.2),
                longitude: Some(town.3),
                ..Address::default()
            },
            time_zone: "Europe/London".to_owned(),
            calendar: Some(calendar),
            cut_off_minute: Some(16 * 60),
            capacity: Some(Capacity {
                unit: CapacityUnit::Orders,
                per_day: WORKED[usize::from(!is_warehouse)],
                days: Vec::new(),
            }),
            labour,
            ..Location::default()
        },
        mode: PutMode::Create,
    })
}

/// A service by distance: its price in percent of the ordinary one, and the days that it saves.
fn service(code: &str, percent: i64, saves: u16) -> Command {
    let bands = [
        ("near", 100, 420, 1),
        ("country", 350, 520, 2),
        ("far", 900, 640, 3),
        ("europe", 3_500, 1_450, 5),
        ("world", 20_100, 3_900, 9),
    ];
    let zone = |(code, _, base, days): (&str, i64, i64, u16)| Zone {
        code: code.to_owned(),
        tariff: Tariff {
            brackets: [
                (1_000, 100),
                (2_000, 118),
                (5_000, 150),
                (10_000, 205),
                (20_000, 290),
            ]
            .map(|(up_to_g, of_base)| Bracket {
                up_to_g,
                price_minor: base * percent / 100 * of_base / 100,
            })
            .to_vec(),
            per_kg_minor: Some(base * percent / 100 / 20),
            minimum_minor: 0,
            parcel_max_g: 30_000,
        },
        transit_days: days.max(saves + 1) - saves,
    };
    let band = |(code, up_to_km, ..): (&str, i64, i64, u16)| Band {
        up_to_km,
        zone: code.to_owned(),
    };
    Command::PutService(Box::new(PutService {
        service: Service {
            id: Default::default(),
            code: code.to_owned(),
            name: code.to_owned(),
            carrier: "Parcels".to_owned(),
            status: Default::default(),
            currency: "GBP".parse().unwrap_or_default(),
            delivers_to: Default::default(),
            zoning: Zoning::Distance(bands.map(band).to_vec()),
            zones: bands.map(zone).to_vec(),
            surcharge_bp: 0,
            dimensional_divisor: None,
            limits: Default::default(),
            countries: Default::default(),
            cut_off_minute: None,
            pickup_calendar: None,
            delivery_calendar: None,
        },
        pickup_calendar: Some("WORK".to_owned()),
        delivery_calendar: Some("WORK".to_owned()),
        mode: PutMode::Create,
    }))
}

fn policy(rules: Rules) -> Command {
    Command::PutPolicy(Box::new(PutPolicy {
        code: "RULES".to_owned(),
        data: PolicyData {
            name: rules.name().to_owned(),
            valid_from: None,
            channels: Vec::new(),
            when: None,
            rank: 100,
            retired: false,
            constraints: Constraints::default(),
            goal: match rules {
                Rules::Ranked => {
                    Goal::Ranked(vec![Preference::FewestLocations, Preference::Nearest])
                }
                Rules::LowestCost => Goal::LowestCost(objective()),
            },
            unserved: None,
            unserved_then: None,
        },
        mode: PutMode::Create,
    }))
}

fn objective() -> Objective {
    Objective {
        currency: "GBP".parse().unwrap_or_default(),
        exchange: Vec::new(),
        carrier_percent: 100,
        labour_percent: 100,
        split_minor: 150,
        late_day_minor: 0,
        full_day_minor: 100,
        distance_minor: 0,
        priority_minor: 0,
        scarce: Some(Scarce {
            last_units: 2,
            extra_minor: 20,
        }),
        credits: Vec::new(),
        unserved_minor: None,
    }
}
