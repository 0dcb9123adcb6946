//! Requests that must be refused, whatever has happened before.

use throughline_core::Command;
use throughline_core::catalog::PutItem;
use throughline_core::command::{OnOrder, OnSupply, PutMode};
use throughline_core::fulfilment::AcceptFulfilment;
use throughline_core::id::{CustomerId, FulfilmentNo, ItemId, ReservationId};
use throughline_core::inventory::{
    CreateReservation, CreateSupply, EndReservation, NewSource, ReceiveStock, ReceiveSupply,
};
use throughline_core::network::{LocationStatus, PutChannel, PutLocation};
use throughline_core::order::note::AddNote;
use throughline_core::order::place::{self, PlaceOrder};

use crate::cast::{Country, Place, Shop, Sku, Way};
use crate::orders::postage;
use crate::stage::{Scene, channel, item, location};
use crate::step::{Mistake, NewLine, NewOrder, Paid};

impl Mistake {
    /// The code that it must be refused with.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownOrder
            | Self::UnknownFulfilment
            | Self::UnknownReservation
            | Self::UnknownSupply => "not_found",
            Self::UnknownSku | Self::UnknownLocation | Self::UnknownChannel => "unknown_reference",
            Self::ItemExists | Self::LocationExists | Self::ChannelExists => "already_exists",
            Self::WrongCurrency => "wrong_currency",
            Self::TooManyTags | Self::TooManyCharges => "limit_reached",
            Self::NoCurrency
            | Self::NoLines
            | Self::NoUnits
            | Self::NegativeUnits
            | Self::TooManyUnits
            | Self::TooMuchMoney
            | Self::Tomorrow
            | Self::StockOfKit
            | Self::NoLot
            | Self::ReceiveNothing
            | Self::SupplyInThePast
            | Self::EndlessReservation
            | Self::KitOfKits => "invalid_field",
        }
    }
}

impl Scene<'_> {
    /// Nothing, where there is nothing to make the mistake with.
    pub(crate) fn mistake(&mut self, mistake: Mistake) -> Option<Command> {
        Some(match mistake {
            Mistake::UnknownOrder => {
                let order = self.new_order_id();
                let text = "who are you?".to_owned();
                Command::AddNote(OnOrder {
                    order,
                    expected_version: None,
                    what: AddNote { text },
                })
            }
            Mistake::UnknownFulfilment => self.unknown_fulfilment(),
            Mistake::UnknownReservation => {
                let id = ReservationId::new(self.now, self.stage.bits());
                Command::EndReservation(EndReservation { id, expired: false })
            }
            Mistake::UnknownSupply => Command::ReceiveSupply(OnSupply {
                supply: self.new_supply_id(),
                expected_version: None,
                what: ReceiveSupply {
                    quantity: 1,
                    ..ReceiveSupply::default()
                },
            }),
            Mistake::SupplyInThePast => Command::CreateSupply(CreateSupply {
                id: self.new_supply_id(),
                sku: self.some_simple_item()?.to_owned(),
                location: "W".to_owned(),
                source: NewSource::Production,
                quantity: 1,
                expected: self.day(-2),
                confidence_percent: 100,
                note: None,
            }),
            Mistake::UnknownSku => receive("X", "W", 1),
            Mistake::UnknownLocation => receive("A", "Z", 1),
            Mistake::NoLot => receive("L", "W", 1),
            Mistake::StockOfKit => receive(self.some_kit()?, "W", 1),
            Mistake::ReceiveNothing => receive(self.some_simple_item()?, "W", 0),
            Mistake::ItemExists | Mistake::KitOfKits => self.bad_item(mistake)?,
            Mistake::LocationExists => {
                let location = location(Place::W, LocationStatus::Open);
                Command::PutLocation(PutLocation {
                    location,
                    mode: PutMode::Create,
                })
            }
            Mistake::ChannelExists => {
                let channel = channel(Shop::Till);
                Command::PutChannel(PutChannel {
                    channel,
                    mode: PutMode::Create,
                })
            }
            Mistake::EndlessReservation => Command::CreateReservation(CreateReservation {
                id: ReservationId::new(self.now, self.stage.bits()),
                lines: vec![("A".to_owned(), 1)],
                location: None,
                ttl_ms: i64::MAX,
                reference: None,
            }),
            other => self.bad_order(other),
        })
    }

    /// A fulfilment that no order has; of an order that exists, if there is one.
    fn unknown_fulfilment(&mut self) -> Command {
        let known = self.snapshot.orders().first().map(|order| order.id);
        let order = known.unwrap_or_else(|| self.new_order_id());
        let what = AcceptFulfilment::plain(FulfilmentNo(60_000));
        Command::AcceptFulfilment(OnOrder {
            order,
            expected_version: None,
            what,
        })
    }

    fn some_kit(&self) -> Option<&'static str> {
        let is_kit = |sku: &&Sku| {
            self.snapshot
                .item(sku.as_str())
                .is_some_and(|item| item.is_kit())
        };
        Sku::ALL.iter().find(is_kit).map(|sku| sku.as_str())
    }

    fn some_simple_item(&self) -> Option<&'static str> {
        let is_simple = |sku: &&Sku| {
            self.snapshot
                .item(sku.as_str())
                .is_some_and(|item| !item.is_kit())
        };
        Sku::ALL.iter().find(is_simple).map(|sku| sku.as_str())
    }

    fn bad_item(&mut self, mistake: Mistake) -> Option<Command> {
        let id = ItemId::new(self.now, self.stage.bits());
        let known = item(id, Sku::A, PutMode::Create);
        Some(Command::PutItem(match mistake {
            Mistake::KitOfKits => PutItem {
                sku: "KK".to_owned(),
                components: vec![(self.some_kit()?.to_owned(), 1)],
                ..known
            },
            _ => known,
        }))
    }

    fn bad_order(&mut self, mistake: Mistake) -> Command {
        let line = NewLine {
            units: 1,
            sku: Sku::A,
            way: Way::Ship,
            at: None,
            to: None,
            day: None,
        };
        let order = NewOrder {
            shop: Shop::Shop,
            lines: vec![line],
            to: Some(Country::De),
            reference: None,
            reservation: None,
            priority: None,
            paid: Paid::Nothing,
            customer: None,
            trimmings: false,
            complete: false,
        };
        let mut order = self.new_order(&order);
        spoil(&mut order, mistake, self.now);
        Command::PlaceOrder(Box::new(PlaceOrder {
            id: self.new_order_id(),
            new_customer: CustomerId::new(self.now, self.stage.bits()),
            order,
            body_hash: [7; 16],
            history: None,
            plans: None,
        }))
    }
}

fn spoil(order: &mut place::NewOrder, mistake: Mistake, now: throughline_core::time::Millis) {
    match mistake {
        Mistake::UnknownChannel => order.channel = "nowhere".to_owned(),
        Mistake::WrongCurrency => order.currency = "JPY".to_owned(),
        Mistake::NoCurrency => order.currency = "euro".to_owned(),
        Mistake::NoLines => order.lines.clear(),
        Mistake::NoUnits => order.lines[0].quantity = 0,
        Mistake::NegativeUnits => order.lines[0].quantity = -3,
        Mistake::TooManyUnits => order.lines[0].quantity = i64::MAX,
        Mistake::TooMuchMoney => {
            order.lines[0].quantity = place::QUANTITY_MAX;
            order.lines[0].unit_price_minor = throughline_core::money::AMOUNT_MAX;
        }
        Mistake::TooManyTags => {
            order.tags = (0..=throughline_core::text::TAGS_MAX)
                .map(|tag| tag.to_string())
                .collect()
        }
        Mistake::TooManyCharges => order.charges = vec![postage(1); place::CHARGES_MAX + 1],
        Mistake::Tomorrow => order.placed_at = Some(now.plus_ms(86_400_000)),
        _ => {}
    }
}

fn receive(sku: &str, location: &str, quantity: i64) -> Command {
    Command::ReceiveStock(ReceiveStock {
        sku: sku.to_owned(),
        location: location.to_owned(),
        quantity,
        lot: None,
        serials: Vec::new(),
        reference: "delivery note".to_owned(),
    })
}
