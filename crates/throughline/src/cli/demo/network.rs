//! The locations of the demonstration.

use throughline_core::command::{Command, PutMode};
use throughline_core::network::{
    Channel, ChannelId, Intake, Kind, Location, LocationId, LocationStatus, PutChannel,
    PutLocation, Shortage,
};
use throughline_core::party::Address;

/// A location, and its share of the stock.
pub(super) struct Site {
    pub(super) code: &'static str,
    name: &'static str,
    kind: Kind,
    priority: i32,
    town: &'static str,
    postal_code: &'static str,
    at: (f64, f64),
    /// Of each SKU's stock, in hundredths.
    pub(super) share: i64,
}

/// The first one takes deliveries and returns.
pub(super) const SITES: [Site; 6] = [
    Site {
        code: "DAVENTRY",
        name: "Daventry distribution centre",
        kind: Kind::Warehouse,
        priority: 10,
        town: "Daventry",
        postal_code: "NN11 8YE",
        at: (52.26, -1.16),
        share: 45,
    },
    Site {
        code: "WARRINGTON",
        name: "Warrington warehouse",
        kind: Kind::Warehouse,
        priority: 10,
        town: "Warrington",
        postal_code: "WA1 1UH",
        at: (53.39, -2.60),
        share: 30,
    },
    Site {
        code: "LIVINGSTON",
        name: "Livingston warehouse",
        kind: Kind::Warehouse,
        priority: 10,
        town: "Livingston",
        postal_code: "EH54 6AF",
        at: (55.88, -3.52),
        share: 10,
    },
    Site {
        code: "LONDON",
        name: "London store",
        kind: Kind::Store,
        priority: 20,
        town: "London",
        postal_code: "WC2H 9LT",
        at: (51.51, -0.13),
        share: 4,
    },
    Site {
        code: "BRISTOL",
        name: "Bristol store",
        kind: Kind::Store,
        priority: 20,
        town: "Bristol",
        postal_code: "BS1 3BX",
        at: (51.46, -2.59),
        share: 3,
    },
    Site {
        code: "FELIXSTOWE",
        name: "Felixstowe, run by a logistics provider",
        kind: Kind::ThirdParty,
        priority: 30,
        town: "Felixstowe",
        postal_code: "IP11 3SY",
        at: (51.95, 1.32),
        share: 8,
    },
];

/// The commands that make the locations and the channel of the data's orders.
pub(super) fn commands(channel: &str, name: &str) -> Vec<Command> {
    let locations = SITES.iter().map(|site| {
        let (location, mode) = (location(site), PutMode::Create);
        Command::PutLocation(PutLocation { location, mode })
    });
    let channel = Channel {
        id: ChannelId::default(),
        code: channel.to_owned(),
        name: name.to_owned(),
        currency: "GBP".parse().unwrap_or_default(),
        shortage: Shortage::Backorder,
        intake: Intake::Exceptions,
        source_on_placement: true,
        remorse_minutes: 0,
        sourcing_schedule: None,
        sells: throughline_core::network::Sells::default(),
        slips: None,
        escalate_after: throughline_core::network::ESCALATE_AFTER,
        whole_cases: false,
        till: None,
    };
    let mode = PutMode::Create;
    locations
        .chain([Command::PutChannel(PutChannel { channel, mode })])
        .collect()
}

fn location(site: &Site) -> Location {
    Location {
        id: LocationId(0),
        code: site.code.to_owned(),
        name: site.name.to_owned(),
        kind: site.kind,
        status: LocationStatus::Open,
        priority: site.priority,
        address: Address {
            name: site.name.to_owned(),
            city: site.town.to_owned(),
            postal_code: site.postal_code.to_owned(),
            country: "GB".to_owned(),
            latitude: Some(site.at.0),
            longitude: Some(site.at.1),
            ..Address::default()
        },
        time_zone: "Europe/London".to_owned(),
        cut_off_minute: Some(16 * 60),
        ..Location::default()
    }
}
