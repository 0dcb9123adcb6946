//! Steps about stock, carts and master data, as commands.

use throughline_core::Command;
use throughline_core::catalog::PutItem;
use throughline_core::command::PutMode;
use throughline_core::id::{ItemId, ReservationId};
use throughline_core::inventory::{
    AdjustStock, Cause, CountStock, CreateReservation, EndReservation, ExcludeItem, ReceiveStock,
    ReservationState, ServeWaiting, SetSafetyStock, TransferStock,
};
use throughline_core::network::{LocationStatus, PutLocation};

use crate::cast::{Place, Sku};
use crate::lots::lot_of;
use crate::stage::{Scene, choose, location};
use crate::step::{Pick, StatusWord, What};

impl Scene<'_> {
    pub(crate) fn stock_command(&mut self, what: &What) -> Option<Command> {
        match what {
            What::Receive(units, sku, place) => Some(Command::ReceiveStock(ReceiveStock {
                sku: sku.to_string(),
                location: place.to_string(),
                quantity: i64::from(*units),
                lot: lot_of(*sku, *units),
                serials: Vec::new(),
                reference: "delivery note".to_owned(),
            })),
            What::Adjust(units, sku, place) => Some(Command::AdjustStock(AdjustStock {
                sku: sku.to_string(),
                location: place.to_string(),
                quantity: i64::from(*units),
                lot: lot_of(*sku, units.unsigned_abs()),
                serials: Vec::new(),
                reference: "correction".to_owned(),
                reason: Some("found or lost".to_owned()),
            })),
            What::Count(units, sku, place) => Some(Command::CountStock(CountStock {
                sku: sku.to_string(),
                location: place.to_string(),
                quantity: i64::from(*units),
                lot: lot_of(*sku, *units),
                reference: "count sheet".to_owned(),
            })),
            What::Transfer(units, sku, from, to) => Some(Command::TransferStock(TransferStock {
                sku: sku.to_string(),
                from: from.to_string(),
                to: to.to_string(),
                quantity: i64::from(*units),
                lot: lot_of(*sku, *units),
                serials: Vec::new(),
                reference: "van".to_owned(),
            })),
            What::Safety(units, sku, place) => Some(Command::SetSafetyStock(SetSafetyStock {
                sku: sku.to_string(),
                location: place.to_string(),
                quantity: i64::from(*units),
            })),
            What::Exclude(days, sku, place) => Some(Command::ExcludeItem(ExcludeItem {
                sku: sku.to_string(),
                location: place.to_string(),
                days: u16::from(*days),
                cause: Cause::Other,
            })),
            What::Reserve(lines, place, minutes) => Some(self.reserve(lines, *place, *minutes)),
            other => self.other_command(other),
        }
    }

    fn other_command(&mut self, what: &What) -> Option<Command> {
        match what {
            What::End(pick) => self.end(*pick, false),
            What::Expire(pick) => self.end(*pick, true),
            What::Serve(sku) => {
                let item = self.snapshot.item(sku.as_str())?.id;
                Some(Command::ServeWaiting(ServeWaiting { item }))
            }
            What::Customer(number) => Some(Command::PutCustomer(self.put_customer(*number))),
            What::Oversell(sku, units) => {
                let known = self.put_item(*sku)?;
                let oversell_limit = i64::from(*units);
                Some(Command::PutItem(PutItem {
                    oversell_limit,
                    ..known
                }))
            }
            What::Rebuild(sku) => {
                let known = self.put_item(*sku)?;
                let other = if *sku == Sku::B { Sku::A } else { Sku::B };
                let parts = vec![(other.to_string(), 1)];
                let components = if known.components.is_empty() {
                    parts
                } else {
                    Vec::new()
                };
                Some(Command::PutItem(PutItem {
                    components,
                    ..known
                }))
            }
            What::Location(place, status) => {
                let status = match status {
                    StatusWord::Open => LocationStatus::Open,
                    StatusWord::Paused => LocationStatus::Paused,
                    StatusWord::Closed => LocationStatus::Closed,
                };
                let location = location(*place, status);
                Some(Command::PutLocation(PutLocation {
                    location,
                    mode: PutMode::Change,
                }))
            }
            _ => None,
        }
    }

    fn reserve(&mut self, lines: &[(u8, Sku)], place: Option<Place>, minutes: u8) -> Command {
        Command::CreateReservation(CreateReservation {
            id: ReservationId::new(self.now, self.stage.bits()),
            lines: lines
                .iter()
                .map(|(units, sku)| (sku.to_string(), i64::from(*units)))
                .collect(),
            location: place.map(|place| place.to_string()),
            ttl_ms: i64::from(minutes) * 60_000,
            reference: Some("cart".to_owned()),
        })
    }

    fn end(&self, pick: Pick, expired: bool) -> Option<Command> {
        let all: Vec<_> = self.snapshot.reservations.values().collect();
        let fits = |one: &&std::sync::Arc<throughline_core::inventory::Reservation>| {
            one.state == ReservationState::Active && (!expired || one.expires_at <= self.now)
        };
        let id = choose(pick, all, fits)?.id;
        Some(Command::EndReservation(EndReservation { id, expired }))
    }

    /// The item as it is, to be changed.
    fn put_item(&mut self, sku: Sku) -> Option<PutItem> {
        let known = self.snapshot.item(sku.as_str())?;
        let parts = known
            .components
            .iter()
            .map(|part| (part.sku.clone(), part.quantity));
        Some(PutItem {
            id: ItemId::new(self.now, self.stage.bits()),
            sku: known.sku.clone(),
            title: known.title.clone(),
            gtin: None,
            weight_g: known.weight_g,
            dimensions: None,
            unit_cost_minor: known.unit_cost_minor,
            components: parts.collect(),
            oversell_limit: known.oversell_limit,
            list_prices: None,
            case_quantity: known.case_quantity,
            selling: known.selling.clone(),
            tracking: known.tracking,
            mode: PutMode::Change,
        })
    }
}
