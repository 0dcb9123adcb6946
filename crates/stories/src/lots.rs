//! The lots of the stories: one that has expired, one that some channel will not have, one that is good for all.

use jiff::civil::Date;
use throughline_core::Command;
use throughline_core::catalog::{LiftRecall, RecallItem};
use throughline_core::fulfilment::ScannedLot;
use throughline_core::id::{ItemId, LineNo};
use throughline_core::inventory::{LotLevel, NamedLot};
use throughline_core::network::{ChannelId, LocationId};
use throughline_core::order::{Fulfilment, Order, shipped_lots};

use crate::Snapshot;
use crate::cast::Sku;
use crate::stage::Scene;
use crate::step::What;

/// Days that a lot must have left for the channel that asks for some.
pub(crate) const MIN_LIFE_DAYS: u16 = 3_650;
/// The lots by number, with their last days: far enough from any day on which stories are told.
const LOTS: [(&str, i16); 3] = [("old", 2_001), ("fair", 2_031), ("fresh", 2_099)];
/// A day on which the second lot is good, and has less life left than is asked for.
const TODAY_YEAR: i16 = 2_026;

/// The lot with this number.
pub(crate) fn lot(number: u8) -> NamedLot {
    let (code, year) = LOTS[usize::from(number) % LOTS.len()];
    NamedLot {
        code: code.to_owned(),
        expires_on: Some(jiff::civil::date(year, 6, 30)),
        made_on: None,
    }
}

/// The lot that units of an item are of, where it has lots; most of them are good.
pub(crate) fn lot_of(sku: Sku, number: u8) -> Option<NamedLot> {
    let number = if number % 8 == 7 { 0 } else { 1 + number % 2 };
    (sku == Sku::L).then(|| lot(number))
}

impl Scene<'_> {
    pub(crate) fn lot_command(&mut self, what: &What) -> Option<Command> {
        let sku = Sku::L.to_string();
        match what {
            What::RecallLot(number) => Some(Command::RecallItem(RecallItem {
                sku,
                lot: Some(lot(*number).code),
                reason: "splinters".to_owned(),
            })),
            What::LiftRecall(number) => Some(Command::LiftRecall(LiftRecall {
                sku,
                lot: Some(lot(*number).code),
            })),
            _ => None,
        }
    }

    /// Units of another lot than was allotted, that a picker takes instead, where there is one.
    pub(crate) fn scanned(
        &self,
        order: &Order,
        work: &Fulfilment,
        line: LineNo,
        quantity: i64,
    ) -> Vec<ScannedLot> {
        let item = order.placed.lines.iter().find(|one| one.no == line);
        let place = item.and_then(|one| one.item).zip(work.location);
        let Some((item, location)) = place.filter(|_| quantity > 0) else {
            return Vec::new();
        };
        let allotted = |lot: &LotLevel| {
            work.lots_of(line)
                .any(|known| known.lot.code == lot.lot.code)
        };
        let mut here = lots_at(self.snapshot, item, location);
        let other = here.find(|lot| lot.free() >= quantity && !allotted(lot));
        let scan = other.map(|lot| ScannedLot {
            code: lot.lot.code.to_string(),
            quantity,
        });
        scan.into_iter().collect()
    }
}

/// The lot of which units are short: the last of the line that has so many.
pub(crate) fn short_lot(work: &Fulfilment, line: LineNo, short: i64) -> Option<String> {
    let lots = work.lots_of(line).filter(|lot| lot.unpicked >= short);
    lots.last()
        .filter(|_| short > 0)
        .map(|lot| lot.lot.code.to_string())
}

/// The lot that units of a line come back of: the first that they can be of.
pub(crate) fn returned_lot(order: &Order, line: LineNo) -> Option<String> {
    let lots = shipped_lots(order, line);
    lots.first().map(|(lot, _)| lot.code.to_string())
}

/// The lots of an item that have units at a location.
pub(crate) fn lots_at(
    snapshot: &Snapshot,
    item: ItemId,
    location: LocationId,
) -> impl Iterator<Item = &LotLevel> {
    let lots = snapshot.lots.iter();
    let here = lots.filter(move |((known, at, _), _)| (*known, *at) == (item, location));
    here.map(|(_, lot)| lot)
}

/// Units of lots at a location that nobody claims, and that a channel may not have; of any, those that some channel may not
/// have. Judged by the years that lots end in, without the rule that the product judges by.
pub(crate) fn unfit(
    snapshot: &Snapshot,
    item: ItemId,
    location: LocationId,
    channel: Option<ChannelId>,
) -> i64 {
    let asks = channel.is_none_or(|channel| {
        let known = snapshot.network.channel(channel);
        known.is_some_and(|known| known.sells.min_life_days > 0)
    });
    let is_unfit = |lot: &&LotLevel| {
        let recalled = snapshot
            .network
            .recalls
            .iter()
            .any(|recall| recall.item == item && recall.lot.as_ref() == Some(&lot.lot.code));
        let years = lot.lot.expires_on.map_or(i16::MAX, Date::year) - TODAY_YEAR;
        recalled || years < 0 || asks && years < 10
    };
    let lots = lots_at(snapshot, item, location).filter(is_unfit);
    lots.map(|lot| lot.on_hand - lot.allocated).sum()
}
