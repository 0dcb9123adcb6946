//! Lots within an attempt.

use jiff::civil::Date;

use super::Attempt;
use crate::decide::Stop;
use crate::facts::Need;
use crate::id::{ItemId, OrderId};
use crate::inventory::{
    ItemLots, KnownLot, LOTS_MAX, Level, Lot, LotCode, LotRule, NamedLot, StockMove,
};
use crate::network::{Channel, ChannelId, LocationId};
use crate::order::{LineLot, Record};
use crate::refusal::Refusal;

impl<'a> Attempt<'a> {
    /// The lots of an item that have units, as the attempt has made them.
    ///
    /// # Errors
    /// Stops when they were not loaded yet.
    pub fn lots(&self, item: ItemId) -> Result<&ItemLots, Stop> {
        let known = self.lots.get(&item).or_else(|| self.facts.lots.get(&item));
        known.ok_or_else(|| Stop::Missing(vec![Need::Lots(item)]))
    }

    /// What is asked of the lots of an item, by a channel or by nobody in particular.
    ///
    /// # Errors
    /// Stops when the item was not loaded yet.
    pub fn lot_rule(&self, item: ItemId, channel: Option<ChannelId>) -> Result<LotRule<'a>, Stop> {
        let network = self.network();
        let channel = channel.and_then(|channel| network.channel(channel));
        let channel: Option<&Channel> = channel.map(|channel| channel.as_ref());
        Ok(LotRule::new(self.item(item)?, network, channel, self.now()))
    }

    /// The levels of an item without the free units of lots that the channel may not have.
    ///
    /// # Errors
    /// Stops when facts are missing.
    pub fn sellable_levels(
        &self,
        item: ItemId,
        channel: Option<ChannelId>,
    ) -> Result<Vec<Level>, Stop> {
        let mut levels = self.levels(item)?;
        if self.item(item)?.has_lots() {
            let rule = self.lot_rule(item, channel)?;
            rule.leave_unfit(self.lots(item)?, &mut levels);
        }
        Ok(levels)
    }

    /// The lot that units of an item are of, if its units belong to lots. A lot that is new is written down.
    ///
    /// # Errors
    /// Refuses a lot where there are none, none where there are, and days that are not those of the lot.
    pub(crate) fn lot_of(
        &mut self,
        item: ItemId,
        field: &str,
        named: Option<&NamedLot>,
    ) -> Result<Option<Lot>, Stop> {
        match self.expected_lot(item, field, named)? {
            Some(named) => self.known_or_new(item, field, named).map(Some),
            None => Ok(None),
        }
    }

    /// The same, for a lot that must be known already.
    ///
    /// # Errors
    /// Refuses as [`Attempt::lot_of`] does, and a lot that nobody has seen.
    pub(crate) fn seen_lot_of(
        &self,
        item: ItemId,
        field: &str,
        named: Option<&NamedLot>,
    ) -> Result<Option<Lot>, Stop> {
        let Some(named) = self.expected_lot(item, field, named)? else {
            return Ok(None);
        };
        match self.known_lot(item, &LotCode::new(&named.code))? {
            Some(known) => {
                same_days(field, named, &known)?;
                Ok(Some(known.lot))
            }
            None => Err(unknown(field, &named.code).into()),
        }
    }

    fn expected_lot<'n>(
        &self,
        item: ItemId,
        field: &str,
        named: Option<&'n NamedLot>,
    ) -> Result<Option<&'n NamedLot>, Stop> {
        let known = self.item(item)?;
        match named {
            Some(_) if !known.has_lots() => Err(Refusal::invalid(
                field,
                format!(
                    "must be absent: SKU {:?} has no lots; leave it out, or set the item's tracking",
                    known.sku
                ),
            )
            .into()),
            None if known.has_lots() => Err(lot_needed(field, &known.sku).into()),
            Some(named) => {
                named.check(field)?;
                Ok(Some(named))
            }
            None => Ok(None),
        }
    }

    /// A lot by its code.
    ///
    /// # Errors
    /// Stops when it was not looked up yet.
    pub(crate) fn known_lot(&self, item: ItemId, code: &LotCode) -> Result<Option<KnownLot>, Stop> {
        let mut new = self.decision.lots.iter();
        if let Some(known) = new.find(|known| known.item == item && known.lot.code == *code) {
            return Ok(Some(known.clone()));
        }
        let key = (item, code.clone());
        match self.facts.known_lots.get(&key) {
            Some(known) => Ok(known.clone()),
            None => Err(Stop::Missing(vec![Need::Lot(key.0, key.1)])),
        }
    }

    fn known_or_new(&mut self, item: ItemId, field: &str, named: &NamedLot) -> Result<Lot, Stop> {
        let code = LotCode::new(&named.code);
        if let Some(known) = self.known_lot(item, &code)? {
            same_days(field, named, &known)?;
            return Ok(known.lot);
        }
        let tracking = self.item(item)?.tracking.lots.unwrap_or_default();
        if tracking.expires && named.expires_on.is_none() {
            return Err(Refusal::invalid(
                format!("{field}/expires_on"),
                "must be given with a new lot of an item whose lots expire",
            )
            .into());
        }
        if !tracking.expires && named.expires_on.is_some() {
            return Err(Refusal::invalid(
                format!("{field}/expires_on"),
                "must be absent: the lots of the item do not expire",
            )
            .into());
        }
        if self.lots(item)?.levels().len() >= LOTS_MAX {
            return Err(Refusal::TooMany {
                what: "lots of one item that have units",
                limit: LOTS_MAX as u64,
            }
            .into());
        }
        let lot = Lot {
            code,
            expires_on: named.expires_on,
        };
        self.decision.lots.push(KnownLot {
            item,
            lot: lot.clone(),
            made_on: named.made_on,
            first_seen_at: self.ctx.now,
        });
        Ok(lot)
    }

    /// Moves units of a lot, under the guard that the database has too; refuses a movement that names none where the
    /// item has lots.
    pub(super) fn move_lot(&mut self, moved: &StockMove) -> Result<(), Stop> {
        let Some(lot) = &moved.lot else {
            return self.refuse_without_lot(moved);
        };
        let before = self.lots(moved.item)?.level(moved.location, lot);
        let mut level = before.clone();
        level.apply(&moved.change);
        if !level.is_sound() {
            self.require_fresh(moved.item)?;
            let short_by = (level.allocated - level.on_hand)
                .max(-level.counts().into_iter().min().unwrap_or(0));
            return Err(Refusal::InsufficientLot {
                sku: self.item(moved.item)?.sku.clone(),
                lot: lot.code.to_string(),
                short_by,
            }
            .into());
        }
        if !self.lots.contains_key(&moved.item) {
            let known = self.lots(moved.item)?.clone();
            self.lots.insert(moved.item, known);
        }
        if let Some(lots) = self.lots.get_mut(&moved.item) {
            lots.apply(moved);
        }
        Ok(())
    }

    fn refuse_without_lot(&self, moved: &StockMove) -> Result<(), Stop> {
        let change = &moved.change;
        let named = [
            change.on_hand,
            change.allocated,
            change.quarantined,
            change.damaged,
            change.in_transit,
        ];
        if named.iter().all(|units| *units == 0) {
            return Ok(());
        }
        let item = self.item(moved.item)?;
        if item.has_lots() {
            return Err(lot_needed("/lot", &item.sku).into());
        }
        Ok(())
    }

    /// Chooses the lots of allotted units: those that expire first of those that the channel may have.
    pub(super) fn choose_lots(&mut self, id: OrderId, record: &mut Record) -> Result<(), Stop> {
        let Record::LinesSourced { allotments, .. } = record else {
            return Ok(());
        };
        let order = self.order(id)?;
        let channel = order.placed.channel;
        let placed = std::sync::Arc::clone(&order.placed);
        let mut taken: Vec<(ItemId, LocationId, LotCode, i64)> = Vec::new();
        for allotment in allotments.iter_mut() {
            let Some(location) = allotment.location else {
                continue;
            };
            for units in &allotment.lines {
                let line = placed.line(units.line);
                let line = line.filter(|line| line.method.uses_stock());
                let Some(item) = line.and_then(|line| line.item) else {
                    continue;
                };
                if !self.item(item)?.has_lots() {
                    continue;
                }
                let rule = self.lot_rule(item, Some(channel))?;
                let mut left = units.quantity;
                for (lot, free) in rule.free_at(self.lots(item)?, location) {
                    let place = (item, location, lot.code.clone());
                    let used = taken
                        .iter()
                        .filter(|(a, b, c, _)| (*a, *b, c) == (place.0, place.1, &place.2));
                    let quantity = left.min(free - used.map(|(.., used)| used).sum::<i64>());
                    if quantity > 0 {
                        left -= quantity;
                        taken.push((place.0, place.1, place.2, quantity));
                        let line = units.line;
                        allotment.lots.push(LineLot {
                            line,
                            lot,
                            quantity,
                        });
                    }
                }
                if left > 0 {
                    self.require_fresh(item)?;
                    let sku = self.item(item)?.sku.clone();
                    return Err(Refusal::InsufficientStock {
                        sku,
                        short_by: left,
                    }
                    .into());
                }
            }
        }
        Ok(())
    }
}

fn lot_needed(field: &str, sku: &str) -> Refusal {
    Refusal::invalid(
        field,
        format!("must name the lot: the units of SKU {sku:?} belong to lots"),
    )
}

pub(crate) fn unknown(field: &str, code: &str) -> Refusal {
    Refusal::unknown(format!("{field}/code"), "lot", code)
}

/// What is printed on a lot does not change.
fn same_days(field: &str, named: &NamedLot, known: &KnownLot) -> Result<(), Refusal> {
    let differs = |given: Option<Date>, known: Option<Date>| given.is_some() && given != known;
    let days = |day: Option<Date>| day.map_or_else(|| "none".to_owned(), |day| day.to_string());
    let fields = [
        ("expires_on", named.expires_on, known.lot.expires_on),
        ("made_on", named.made_on, known.made_on),
    ];
    for (name, given, known) in fields {
        if differs(given, known) {
            return Err(Refusal::invalid(
                format!("{field}/{name}"),
                format!(
                    "is not that of the lot, which is {}; correct it, or choose another code",
                    days(known)
                ),
            ));
        }
    }
    Ok(())
}
