//! Lots at the shelf: which ones were picked, which one is short, and which may not go on.

use jiff::civil::Date;

use super::pick::PickLine;
use crate::catalog::Item;
use crate::decide::{Attempt, Stop};
use crate::id::{FulfilmentNo, OrderId};
use crate::inventory::{Lot, LotCode, LotRule, Unfit};
use crate::network::LocationId;
use crate::order::{Fulfilment, FulfilmentLot, PickedLot, ReleasedLot, used_of_lot};
use crate::refusal::Refusal;

/// Units of a lot that a picker has in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannedLot {
    /// Its code.
    pub code: String,
    /// Units; at least 1.
    pub quantity: i64,
}

/// What was picked of which lot, and what of which is short.
#[derive(Debug, Default)]
pub(super) struct OfLots {
    pub(super) picked: Vec<PickedLot>,
    pub(super) short: Vec<ReleasedLot>,
}

/// Finds the lots of what was picked: those that were scanned, else those that were allotted. Scanned lots that were
/// not allotted must be free at the location, and fit the order's channel.
///
/// # Errors
/// Refuses lots that are not there, that are claimed, that may not go on, and a short line that does not say of which lot.
pub(super) fn of_lots(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    no: FulfilmentNo,
    lines: &[PickLine],
) -> Result<OfLots, Stop> {
    let order = attempt.order(order)?;
    let channel = order.placed.channel;
    let Some(fulfilment) = order.progress.fulfilment(no).cloned() else {
        return Ok(OfLots::default());
    };
    let items: Vec<_> = lines
        .iter()
        .map(|line| order.placed.line(line.line).and_then(|line| line.item))
        .collect();
    let mut found = OfLots::default();
    for (position, (line, item)) in lines.iter().zip(items).enumerate() {
        let field = format!("/lines/{position}");
        let (Some(item), Some(location)) = (item, fulfilment.location) else {
            continue;
        };
        if fulfilment.lots_of(line.line).next().is_none() {
            refuse_named(line, &field)?;
            continue;
        }
        let shelf = Shelf {
            rule: attempt.lot_rule(item, Some(channel))?,
            item: attempt.item(item)?,
            today: today(attempt, location),
            fulfilment: &fulfilment,
            line,
            field: &field,
        };
        shelf.short(&mut found)?;
        shelf.allotted(&mut found)?;
        shelf.others(attempt, location, &mut found)?;
        shelf.rest(&mut found)?;
    }
    Ok(found)
}

fn refuse_named(line: &PickLine, field: &str) -> Result<(), Refusal> {
    let named = [
        (!line.lots.is_empty(), "lots"),
        (line.short_lot.is_some(), "short_lot"),
    ];
    match named.iter().find(|(is_named, _)| *is_named) {
        Some((_, name)) => Err(Refusal::invalid(
            format!("{field}/{name}"),
            "must be absent: no lots were allotted to the line",
        )),
        None => Ok(()),
    }
}

fn today(attempt: &Attempt<'_>, location: LocationId) -> Date {
    let known = attempt.network().location(location);
    let zone = known.map_or("UTC", |known| known.time_zone.as_str());
    attempt.now().local_date(zone)
}

/// One line in front of the picker.
struct Shelf<'p, 'a> {
    rule: LotRule<'a>,
    item: &'a Item,
    today: Date,
    fulfilment: &'p Fulfilment,
    line: &'p PickLine,
    field: &'p str,
}

impl Shelf<'_, '_> {
    /// Units allotted of a lot that are neither picked nor short by now.
    fn left(&self, found: &OfLots, known: &FulfilmentLot) -> i64 {
        let short = found
            .short
            .iter()
            .filter(|one| (one.units.line, &one.units.lot.code) == (known.line, &known.lot.code));
        let short: i64 = short.map(|one| one.units.unpicked).sum();
        known.unpicked - short - used_of_lot(&found.picked, known)
    }

    /// The lot of which units are not there: the one that is named, or the only one.
    fn short(&self, found: &mut OfLots) -> Result<(), Refusal> {
        if self.line.short == 0 {
            return Ok(());
        }
        let field = format!("{}/short_lot", self.field);
        let mut unpicked = self.fulfilment.lots_of(self.line.line);
        let lot = match &self.line.short_lot {
            Some(code) => unpicked.find(|lot| lot.lot.code.as_str() == code),
            None => {
                let first = unpicked.find(|lot| lot.unpicked > 0);
                if unpicked.any(|lot| lot.unpicked > 0) {
                    return Err(Refusal::invalid(
                        field,
                        "must name the lot that is short: several are allotted to the line",
                    ));
                }
                first
            }
        };
        let Some(lot) = lot.filter(|lot| lot.unpicked >= self.line.short) else {
            return Err(Refusal::invalid(
                field,
                format!(
                    "must be a lot of which the line has {} units to pick",
                    self.line.short
                ),
            ));
        };
        found.short.push(ReleasedLot {
            fulfilment: self.fulfilment.no,
            units: FulfilmentLot {
                unpicked: self.line.short,
                picked: 0,
                ..lot.clone()
            },
        });
        Ok(())
    }

    /// Scanned lots, as far as they were allotted.
    fn allotted(&self, found: &mut OfLots) -> Result<(), Refusal> {
        let scanned: i64 = self.line.lots.iter().map(|lot| lot.quantity).sum();
        let positive = self.line.lots.iter().all(|lot| lot.quantity > 0);
        if !self.line.lots.is_empty() && (scanned != self.line.quantity || !positive) {
            return Err(Refusal::invalid(
                format!("{}/lots", self.field),
                format!(
                    "must name {} units in all, at least one of each lot",
                    self.line.quantity
                ),
            ));
        }
        for scan in &self.line.lots {
            let mut known = self.fulfilment.lots_of(self.line.line);
            let Some(known) = known.find(|known| known.lot.code.as_str() == scan.code) else {
                continue;
            };
            let quantity = (scan.quantity - self.picked_of(found, &known.lot.code))
                .min(self.left(found, known));
            if quantity > 0 {
                found.picked.push(self.picked(&known.lot, quantity, None)?);
            }
        }
        Ok(())
    }

    /// Scanned lots that were not allotted, instead of those that were.
    fn others(
        &self,
        attempt: &Attempt<'_>,
        location: LocationId,
        found: &mut OfLots,
    ) -> Result<(), Stop> {
        for (position, scan) in self.line.lots.iter().enumerate() {
            let field = format!("{}/lots/{position}/code", self.field);
            let code = LotCode::new(&scan.code);
            let mut quantity = scan.quantity - self.picked_of(found, &code);
            if quantity <= 0 {
                continue;
            }
            let lots = attempt.lots(self.item.id)?;
            let known = lots.at(location).find(|level| level.lot.code == code);
            let Some(level) = known.cloned() else {
                attempt.require_fresh(self.item.id)?;
                return Err(
                    Refusal::unknown(field, "lot at this location", scan.code.as_str()).into(),
                );
            };
            let taken = found
                .picked
                .iter()
                .filter(|one| one.instead_of.is_some() && one.lot.code == code);
            let free = level.free() - taken.map(|one| one.quantity).sum::<i64>();
            if free < quantity {
                attempt.require_fresh(self.item.id)?;
                return Err(Refusal::invalid(
                    field,
                    format!("has {free} units here that nobody claims; scan another lot"),
                )
                .into());
            }
            let allotted: Vec<_> = self.fulfilment.lots_of(self.line.line).collect();
            for known in allotted.into_iter().rev() {
                let part = quantity.min(self.left(found, known));
                if part > 0 && known.lot.code != code {
                    quantity -= part;
                    let instead_of = Some(known.lot.clone());
                    found
                        .picked
                        .push(self.picked(&level.lot, part, instead_of)?);
                }
            }
        }
        Ok(())
    }

    /// What was not scanned is of the lots that were allotted.
    fn rest(&self, found: &mut OfLots) -> Result<(), Refusal> {
        let of_line = found.picked.iter().filter(|one| one.line == self.line.line);
        let mut quantity = self.line.quantity - of_line.map(|one| one.quantity).sum::<i64>();
        let allotted: Vec<_> = self.fulfilment.lots_of(self.line.line).collect();
        for known in allotted {
            let part = quantity.min(self.left(found, known));
            if part > 0 {
                quantity -= part;
                found.picked.push(self.picked(&known.lot, part, None)?);
            }
        }
        Ok(())
    }

    fn picked_of(&self, found: &OfLots, code: &LotCode) -> i64 {
        let of_lot = found
            .picked
            .iter()
            .filter(|one| one.line == self.line.line && one.lot.code == *code);
        of_lot.map(|one| one.quantity).sum()
    }

    fn picked(
        &self,
        lot: &Lot,
        quantity: i64,
        instead_of: Option<Lot>,
    ) -> Result<PickedLot, Refusal> {
        match self.rule.fits(lot, self.today) {
            Ok(()) => Ok(PickedLot {
                line: self.line.line,
                lot: lot.clone(),
                quantity,
                instead_of,
            }),
            Err(unfit) => Err(refused(&self.item.sku, lot, unfit)),
        }
    }
}

fn refused(sku: &str, lot: &Lot, unfit: Unfit) -> Refusal {
    let expires = lot
        .expires_on
        .map_or_else(String::new, |day| day.to_string());
    let why = match unfit {
        Unfit::Recalled => "is recalled".to_owned(),
        Unfit::Expired => format!("expired on {expires}"),
        Unfit::ShortLived { min_life_days } => {
            format!("expires on {expires}, and {min_life_days} days must be left")
        }
    };
    Refusal::LotUnfit {
        sku: sku.to_owned(),
        lot: lot.code.to_string(),
        why,
    }
}

/// Refuses to let units go of which the last day is over.
///
/// # Errors
/// [`Refusal::LotUnfit`] that names the lot.
pub(super) fn refuse_expired(
    attempt: &Attempt<'_>,
    order: OrderId,
    no: FulfilmentNo,
) -> Result<(), Stop> {
    let order = attempt.look_at(order)?;
    let known = order.progress.fulfilment(no);
    let place = known.and_then(|fulfilment| Some((fulfilment, fulfilment.location?)));
    let Some((fulfilment, location)) = place.filter(|(one, _)| !one.lots.is_empty()) else {
        return Ok(());
    };
    let today = today(attempt, location);
    let is_over = |lot: &&FulfilmentLot| lot.lot.expires_on.is_some_and(|day| day < today);
    match fulfilment.lots.iter().find(is_over) {
        Some(lot) => {
            let sku = order.placed.line(lot.line).map_or("", |line| &line.sku);
            Err(refused(sku, &lot.lot, Unfit::Expired).into())
        }
        None => Ok(()),
    }
}
