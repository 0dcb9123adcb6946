//! The stage: turns steps into requests, by looking at what is stored.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;
use throughline_core::catalog::{LotTracking, PutItem, Selling, SerialTracking, Tracking};
use throughline_core::command::{Actor, IdempotencyKey, OnOrder, PutMode};
use throughline_core::id::{ItemId, OrderId, RequestId};
use throughline_core::network::{
    AcceptedMethod, Capacity, CapacityUnit, Channel, ChannelId, Intake, Kind, Location, LocationId,
    LocationStatus, PutChannel, PutLocation, PutLocationGroup, Shortage,
};
use throughline_core::order::Order;
use throughline_core::order::choice::{Chosen, SlipRules};
use throughline_core::party::Address;
use throughline_core::time::Millis;
use throughline_core::{Command, Request};

use crate::cast::{Place, Shop, Sku};
use crate::step::{Pick, Share, Step, Version, What};
use crate::{Fate, Snapshot};

/// What a step comes to.
#[derive(Debug)]
pub enum Act {
    /// A request.
    Request(Box<Request>),
    /// Time goes by, in milliseconds.
    Wait(i64),
    /// The next requests go to this process.
    Node(u8),
    /// So many of the next steps are one batch.
    Together(u8, Fate),
    /// There is nothing that the step could be about.
    Nothing,
}

/// Turns steps into requests, and remembers what was asked for.
#[derive(Debug, Default)]
pub struct Stage {
    ids: u128,
    pub(crate) asked: Vec<(Step, Request)>,
}

/// What a step is translated with.
pub(crate) struct Scene<'a> {
    pub(crate) stage: &'a mut Stage,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) now: Millis,
    pub(crate) version: Version,
}

impl Stage {
    /// An empty stage.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The locations, channels and items that every story begins with.
    pub fn set(&mut self, now: Millis) -> Vec<Request> {
        let locations = Place::ALL.iter().map(|place| {
            let location = location(*place, LocationStatus::Open);
            Command::PutLocation(PutLocation {
                location,
                mode: PutMode::Create,
            })
        });
        let channels = Shop::ALL.iter().map(|shop| {
            let mode = PutMode::Create;
            Command::PutChannel(PutChannel {
                channel: channel(*shop),
                mode,
            })
        });
        let mut commands: Vec<Command> = locations.chain(channels).collect();
        commands.push(Command::PutLocationGroup(PutLocationGroup {
            code: "OWN".to_owned(),
            name: "Our own".to_owned(),
            locations: [Place::W, Place::S].map(|place| place.to_string()).to_vec(),
            mode: PutMode::Create,
        }));
        for sku in [Sku::A, Sku::B, Sku::K, Sku::L] {
            let id = ItemId::new(now, self.bits());
            commands.push(Command::PutItem(item(id, sku, PutMode::Create)));
        }
        commands
            .into_iter()
            .map(|command| self.request(now, command))
            .collect()
    }

    /// What a step comes to on what is stored now.
    pub fn act(&mut self, step: &Step, snapshot: &Snapshot, now: Millis) -> Act {
        match step.what {
            What::Wait(minutes) => return Act::Wait(i64::from(minutes) * 60_000),
            What::Node(node) => return Act::Node(node),
            What::Together(count, fate) => return Act::Together(count, fate),
            _ => {}
        }
        let mut scene = Scene {
            stage: self,
            snapshot,
            now,
            version: step.version,
        };
        let Some(request) = scene.request_of(step) else {
            return Act::Nothing;
        };
        self.asked.push((step.clone(), request.clone()));
        Act::Request(Box::new(request))
    }

    /// Random bits that no other id has; the low ones, which choose the bucket, differ too.
    pub(crate) fn bits(&mut self) -> u128 {
        self.ids += 1;
        self.ids << 26 | self.ids & 0x3FF
    }

    pub(crate) fn request(&mut self, now: Millis, command: Command) -> Request {
        Request {
            id: RequestId::new(now, self.bits()),
            actor: Actor::Operator,
            key: None,
            command,
        }
    }
}

impl Scene<'_> {
    fn request_of(&mut self, step: &Step) -> Option<Request> {
        match step.what {
            What::Again(position) => return self.again(position),
            What::Otherwise(position) => return self.otherwise(position),
            What::Mistake(mistake) => {
                let command = self.mistake(mistake)?;
                return Some(self.stage.request(self.now, command));
            }
            _ => {}
        }
        let command = self.command(&step.what)?;
        let key = step.key.map(|key| IdempotencyKey {
            operation: verb(&step.what).to_owned(),
            key: format!("key-{key}"),
            body_hash: body_hash(&command),
        });
        Some(Request {
            key,
            ..self.stage.request(self.now, command)
        })
    }

    fn command(&mut self, what: &What) -> Option<Command> {
        self.order_command(what)
            .or_else(|| self.work_command(what))
            .or_else(|| self.supply_command(what))
            .or_else(|| self.lot_command(what))
            .or_else(|| self.stock_command(what))
            .or_else(|| self.count_command(what))
            .or_else(|| self.setting_command(what))
    }

    /// A verb for an order, of the version that the step asks for.
    pub(crate) fn on<T>(&self, order: &Order, what: T) -> OnOrder<T> {
        let expected_version = match self.version {
            Version::Any => None,
            Version::Current => Some(order.version),
            Version::Stale if order.version > 1 => Some(order.version - 1),
            Version::Stale => Some(order.version + 7),
        };
        OnOrder {
            order: order.id,
            expected_version,
            what,
        }
    }

    /// An order by number.
    pub(crate) fn order(&self, pick: Pick, fits: impl Fn(&Order) -> bool) -> Option<Arc<Order>> {
        let orders: Vec<Arc<Order>> = self.snapshot.orders().into_iter().cloned().collect();
        choose(pick, orders, |order| fits(order))
    }

    pub(crate) fn new_order_id(&mut self) -> OrderId {
        OrderId::new(self.now, self.stage.bits())
    }
}

/// One of several things: one that fits, if that is asked for.
pub(crate) fn choose<T>(pick: Pick, mut all: Vec<T>, fits: impl Fn(&T) -> bool) -> Option<T> {
    let position = match pick {
        Pick::Fitting(position) => {
            all.retain(|one| fits(one));
            position
        }
        Pick::Any(position) => position,
    };
    if all.is_empty() {
        return None;
    }
    Some(all.swap_remove(usize::from(position) % all.len()))
}

/// How many of what is possible.
pub(crate) fn share_of(share: Share, possible: i64) -> i64 {
    match share {
        Share::All => possible.max(1),
        Share::Some(number) => 1 + i64::from(number) % possible.max(1),
        Share::Over => possible + 1,
        Share::Zero => 0,
    }
}

/// The word of the verb, which also names the operation that a key belongs to.
pub(crate) fn verb(what: &What) -> &'static str {
    crate::tally::verb(what)
}

/// A hash of everything that a caller sends; ids are given by the server.
pub(crate) fn body_hash(command: &Command) -> [u8; 16] {
    let text = match command {
        Command::PlaceOrder(c) => format!("{:?} {:?}", c.order, c.history),
        Command::SaveDraft(c) => format!("{:?}", c.order),
        Command::CreateReservation(c) => format!("{:?} {:?} {}", c.lines, c.location, c.ttl_ms),
        Command::CreateSupply(c) => format!("{} {} {}", c.sku, c.location, c.quantity),
        Command::ShipTransfer(c) => format!("{} {} {} {}", c.sku, c.from, c.to, c.quantity),
        Command::CreateCountTask(c) => format!("{} {} {:?}", c.sku, c.location, c.tolerance),
        other => format!("{other:?}"),
    };
    hash(&text)
}

pub(crate) fn hash(text: &str) -> [u8; 16] {
    let half = |salt: u8| {
        let mut hasher = FxHasher::default();
        (salt, text).hash(&mut hasher);
        hasher.finish()
    };
    (u128::from(half(1)) << 64 | u128::from(half(2))).to_be_bytes()
}

pub(crate) fn location(place: Place, status: LocationStatus) -> Location {
    let (kind, priority, country, latitude, longitude) = match place {
        Place::W => (Kind::Warehouse, 1, "DE", 52.5, 13.4),
        Place::S => (Kind::Store, 2, "DE", 48.1, 11.6),
        Place::P => (Kind::Supplier, 2, "FR", 45.8, 4.8),
    };
    // Small enough to be full at times.
    let capacity = match place {
        Place::W => None,
        Place::S => Some((CapacityUnit::Orders, 2)),
        Place::P => Some((CapacityUnit::Units, 6)),
    };
    let capacity = capacity.map(|(unit, per_day)| Capacity {
        unit,
        per_day,
        days: Vec::new(),
    });
    Location {
        id: LocationId(0),
        code: place.to_string(),
        name: place.to_string(),
        kind,
        status,
        priority,
        address: Address {
            country: country.to_owned(),
            latitude: Some(latitude),
            longitude: Some(longitude),
            ..Address::default()
        },
        time_zone: "Europe/Berlin".to_owned(),
        capacity,
        methods: match place {
            Place::S => vec![
                AcceptedMethod::Ship,
                AcceptedMethod::Pickup,
                AcceptedMethod::ShipToStore,
            ],
            Place::W | Place::P => Vec::new(),
        },
        ..Location::default()
    }
}

pub(crate) fn channel(shop: Shop) -> Channel {
    let (shortage, intake) = match shop {
        Shop::Shop | Shop::Later | Shop::Patient => (Shortage::Backorder, Intake::Strict),
        Shop::Till => (Shortage::Refuse, Intake::Strict),
        Shop::Desk => (Shortage::Hold, Intake::Strict),
        Shop::Market => (Shortage::Backorder, Intake::Exceptions),
        Shop::Fair => (Shortage::Refuse, Intake::Exceptions),
    };
    Channel {
        id: ChannelId(0),
        code: shop.to_string(),
        name: shop.to_string(),
        currency: "EUR".parse().expect("EUR is a currency"),
        shortage,
        intake,
        source_on_placement: shop != Shop::Later,
        remorse_minutes: if shop == Shop::Patient { 30 } else { 0 },
        sourcing_schedule: None,
        slips: (shop != Shop::Desk).then_some(SlipRules {
            tolerance_days: 0,
            answer_within_hours: 1,
            default: Chosen::Refund,
        }),
        sells: throughline_core::network::Sells {
            min_life_days: match shop {
                Shop::Desk => crate::lots::MIN_LIFE_DAYS,
                _ => 0,
            },
            ..Default::default()
        },
        escalate_after: throughline_core::network::ESCALATE_AFTER,
        whole_cases: matches!(shop, Shop::Later | Shop::Patient),
        till: None,
    }
}

pub(crate) fn item(id: ItemId, sku: Sku, mode: PutMode) -> PutItem {
    let components = match sku {
        Sku::K => vec![("A".to_owned(), 2), ("B".to_owned(), 1)],
        Sku::A | Sku::B | Sku::L | Sku::X => Vec::new(),
    };
    PutItem {
        id,
        sku: sku.to_string(),
        title: format!("item {sku}"),
        gtin: None,
        weight_g: Some(100),
        dimensions: None,
        unit_cost_minor: None,
        components,
        oversell_limit: 0,
        list_prices: None,
        case_quantity: (sku == Sku::A).then_some(2),
        selling: Selling {
            substitutes: if sku == Sku::B {
                vec![Sku::A.to_string()]
            } else {
                Vec::new()
            },
            fair_share: sku == Sku::B,
            ..Selling::default()
        },
        tracking: Tracking {
            lots: (sku == Sku::L).then_some(LotTracking {
                expires: true,
                min_life_days: None,
            }),
            serials: (sku == Sku::B).then_some(SerialTracking::AtPick),
        },
        mode,
    }
}
