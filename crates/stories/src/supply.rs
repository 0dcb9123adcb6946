//! Steps about goods that will come, as commands.

use jiff::civil::Date;
use throughline_core::Command;
use throughline_core::command::OnSupply;
use throughline_core::id::SupplyId;
use throughline_core::inventory::{
    CancelSupply, ChangeSupply, CreateSupply, NewSource, ReceiveSupply, ShipTransfer, Supply,
};

use crate::cast::Sku;
use crate::lots::lot_of;
use crate::stage::{Scene, choose, share_of};
use crate::step::{Arrival, Pick, Share, Version, What};

const DAY_MS: i64 = 86_400_000;

impl Scene<'_> {
    pub(crate) fn supply_command(&mut self, what: &What) -> Option<Command> {
        match what {
            What::Expect(units, sku, place, days) => Some(Command::CreateSupply(CreateSupply {
                id: self.new_supply_id(),
                sku: sku.to_string(),
                location: place.to_string(),
                source: NewSource::PurchaseOrder {
                    supplier: "ACME".to_owned(),
                    reference: "PO-1".to_owned(),
                },
                quantity: i64::from(*units),
                expected: self.day(i64::from(*days) + 1),
                confidence_percent: 90,
                note: None,
            })),
            What::Send(units, sku, from, to, days) => Some(Command::ShipTransfer(ShipTransfer {
                id: self.new_supply_id(),
                sku: sku.to_string(),
                from: from.to_string(),
                to: to.to_string(),
                quantity: i64::from(*units),
                expected: self.day(i64::from(*days) + 1),
                confidence_percent: 100,
                note: Some("van".to_owned()),
                lot: lot_of(*sku, *units),
            })),
            What::Arrive(pick, share, arrival) => self.arrive(*pick, *share, *arrival),
            What::Postpone(pick, days) => {
                let expected = Some(self.day(i64::from(*days) + 1));
                let what = ChangeSupply {
                    expected,
                    reason: "storm".to_owned(),
                    ..ChangeSupply::default()
                };
                self.supply(*pick)
                    .map(|supply| Command::ChangeSupply(self.on_supply(&supply, what)))
            }
            What::CallOff(pick) => {
                let reason = "not needed".to_owned();
                let what = CancelSupply { reason };
                self.supply(*pick)
                    .map(|supply| Command::CancelSupply(self.on_supply(&supply, what)))
            }
            _ => None,
        }
    }

    fn arrive(&self, pick: Pick, share: Share, arrival: Arrival) -> Option<Command> {
        let supply = self.supply(pick)?;
        let outstanding = supply.outstanding();
        let quantity = share_of(share, outstanding);
        let lost = match arrival {
            Arrival::Short => (outstanding - quantity).max(0),
            Arrival::Plain | Arrival::Generous => 0,
        };
        let what = ReceiveSupply {
            quantity,
            lost,
            accept_over: arrival == Arrival::Generous,
            reference: Some("delivery note".to_owned()),
            reason: Some("as counted".to_owned()),
            lot: match supply.left_from() {
                Some(_) => None,
                None => {
                    let sku: Option<Sku> = supply.sku.parse().ok();
                    let number = u8::try_from(quantity.clamp(0, 200)).unwrap_or_default();
                    sku.and_then(|sku| lot_of(sku, number))
                }
            },
        };
        Some(Command::ReceiveSupply(self.on_supply(&supply, what)))
    }

    fn supply(&self, pick: Pick) -> Option<Supply> {
        let all: Vec<&Supply> = self.snapshot.supplies().collect();
        choose(pick, all, |supply| supply.outstanding() > 0).cloned()
    }

    fn on_supply<T>(&self, supply: &Supply, what: T) -> OnSupply<T> {
        let expected_version = match self.version {
            Version::Any => None,
            Version::Current => Some(supply.version),
            Version::Stale => Some(supply.version + 7),
        };
        OnSupply {
            supply: supply.id,
            expected_version,
            what,
        }
    }

    pub(crate) fn new_supply_id(&mut self) -> SupplyId {
        SupplyId::new(self.now, self.stage.bits())
    }

    /// The day in so many days from now, in UTC.
    pub(crate) fn day(&self, days: i64) -> Date {
        self.now.plus_ms(days * DAY_MS).local_date("UTC")
    }
}
