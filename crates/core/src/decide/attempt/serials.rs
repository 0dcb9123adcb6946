//! Serial numbers within an attempt.

use super::Attempt;
use crate::catalog::SerialTracking;
use crate::decide::Stop;
use crate::facts::Need;
use crate::id::{ItemId, OrderId};
use crate::inventory::{SerialEntry, SerialEvent, SerialNumber, SerialState, parse_serials};
use crate::network::LocationId;
use crate::order::{SerialChange, serial_changes};
use crate::refusal::Refusal;
use crate::time::Millis;

impl Attempt<'_> {
    /// The last entry of a unit's life, if anybody has seen it.
    ///
    /// # Errors
    /// Stops when it was not looked up yet.
    pub(crate) fn serial(
        &self,
        item: ItemId,
        serial: &SerialNumber,
    ) -> Result<Option<&SerialEntry>, Stop> {
        let new = self.decision.serials.iter().rev();
        let mut new = new.filter(|entry| entry.item == item && entry.serial == *serial);
        if let Some(entry) = new.next() {
            return Ok(Some(entry));
        }
        let key = (item, serial.clone());
        match self.facts.serials.get(&key) {
            Some(known) => Ok(known.as_ref()),
            None => Err(Stop::Missing(vec![Need::Serial(key.0, key.1)])),
        }
    }

    /// Makes sure that all of them were looked up, and names all at once.
    ///
    /// # Errors
    /// Stops when some were not.
    pub(crate) fn look_up_serials(
        &self,
        item: ItemId,
        serials: &[SerialNumber],
    ) -> Result<(), Stop> {
        let missing = serials
            .iter()
            .filter(|serial| self.serial(item, serial).is_err());
        let missing: Vec<Need> = missing
            .map(|serial| Need::Serial(item, serial.clone()))
            .collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(Stop::Missing(missing)),
        }
    }

    /// Writes the next entry of a unit's life.
    ///
    /// # Errors
    /// Stops when its last one was not looked up yet.
    pub(crate) fn put_serial(
        &mut self,
        item: ItemId,
        serial: SerialNumber,
        (event, state): (SerialEvent, SerialState),
        reference: Option<String>,
    ) -> Result<(), Stop> {
        self.put_serial_at((item, serial), (event, state), reference, self.ctx.now)
    }

    fn put_serial_at(
        &mut self,
        (item, serial): (ItemId, SerialNumber),
        (event, state): (SerialEvent, SerialState),
        reference: Option<String>,
        at: Millis,
    ) -> Result<(), Stop> {
        let seq = self.serial(item, &serial)?.map_or(1, |last| last.seq + 1);
        self.decision.serials.push(SerialEntry {
            item,
            serial,
            seq,
            at,
            event,
            state,
            reference,
        });
        Ok(())
    }

    /// Writes down what an entry of an order, that is about to be written, does to units with serial numbers.
    pub(super) fn record_serials(
        &mut self,
        id: OrderId,
        record: &crate::order::Record,
        at: Millis,
    ) -> Result<(), Stop> {
        let position = self.work_on(id)?;
        let changes = serial_changes(&self.work[position].now, record);
        let missing: Vec<Need> = changes
            .iter()
            .filter(|change| self.serial(change.item, &change.serial).is_err())
            .map(|change| Need::Serial(change.item, change.serial.clone()))
            .collect();
        if !missing.is_empty() {
            return Err(Stop::Missing(missing));
        }
        for SerialChange {
            item,
            serial,
            event,
            state,
        } in changes
        {
            self.put_serial_at((item, serial), (event, state), None, at)?;
        }
        Ok(())
    }

    /// The units that come in with a delivery: all of them by their numbers, where these are captured then. None of them
    /// may be here or with a customer already.
    ///
    /// # Errors
    /// Refuses numbers where none are captured, a number of them that is not that of the units, and units that cannot
    /// come in.
    pub(crate) fn receive_serials(
        &mut self,
        item: ItemId,
        (location, quantity): (LocationId, i64),
        named: &[String],
        reference: Option<&str>,
    ) -> Result<(), Stop> {
        let known = self.item(item)?;
        if known.tracking.serials != Some(SerialTracking::AtReceipt) {
            return refuse_named("/serials", named, &known.sku);
        }
        let serials = parse_serials("/serials", named)?;
        expect_all("/serials", serials.len(), quantity)?;
        let event = (SerialEvent::Received, SerialState::InStock { location });
        let is_new = |state| matches!(state, None | Some(SerialState::Gone { .. }));
        let why = "is here, or with a customer, already";
        self.put_serials(item, serials, event, (is_new, why), reference)
    }

    /// Units that are moved by name from one location to another; the others are seen again when they are picked.
    ///
    /// # Errors
    /// Refuses numbers where there are none, more of them than units, and units that are not in stock.
    pub(crate) fn move_serials(
        &mut self,
        item: ItemId,
        (location, quantity): (LocationId, i64),
        named: &[String],
        reference: Option<&str>,
    ) -> Result<(), Stop> {
        let event = (SerialEvent::Moved, SerialState::InStock { location });
        self.put_known_serials(item, (named, quantity), event, reference)
    }

    /// Units that are not there any more, by name as far as they are known.
    ///
    /// # Errors
    /// Refuses numbers where there are none, more of them than units, and units that are not in stock.
    pub(crate) fn lose_serials(
        &mut self,
        item: ItemId,
        (location, quantity): (LocationId, i64),
        named: &[String],
        reference: Option<&str>,
    ) -> Result<(), Stop> {
        let event = (SerialEvent::NotFound, SerialState::Gone { location });
        self.put_known_serials(item, (named, quantity), event, reference)
    }

    fn put_known_serials(
        &mut self,
        item: ItemId,
        (named, quantity): (&[String], i64),
        event: (SerialEvent, SerialState),
        reference: Option<&str>,
    ) -> Result<(), Stop> {
        let known = self.item(item)?;
        if known.tracking.serials.is_none() {
            return refuse_named("/serials", named, &known.sku);
        }
        let serials = parse_serials("/serials", named)?;
        let units = quantity.unsigned_abs();
        if serials.len() as u64 > units {
            let problem = format!("must not name more units than move: {units}");
            return Err(Refusal::invalid("/serials", problem).into());
        }
        let is_there = |state| matches!(state, Some(SerialState::InStock { .. }));
        self.put_serials(
            item,
            serials,
            event,
            (is_there, "is not in stock"),
            reference,
        )
    }

    fn put_serials(
        &mut self,
        item: ItemId,
        serials: Vec<SerialNumber>,
        (event, state): (SerialEvent, SerialState),
        (fits, why): (fn(Option<SerialState>) -> bool, &str),
        reference: Option<&str>,
    ) -> Result<(), Stop> {
        self.look_up_serials(item, &serials)?;
        for (position, serial) in serials.into_iter().enumerate() {
            let known = self.serial(item, &serial)?.map(|entry| entry.state);
            if !fits(known) {
                return Err(Refusal::SerialUnavailable {
                    field: format!("/serials/{position}"),
                    sku: self.item(item)?.sku.clone(),
                    serial: serial.to_string(),
                    why: why.to_owned(),
                }
                .into());
            }
            let reference = reference.map(str::to_owned);
            self.put_serial(item, serial, (event, state), reference)?;
        }
        Ok(())
    }
}

/// Refuses numbers where none are expected.
pub(crate) fn refuse_named(field: &str, named: &[String], sku: &str) -> Result<(), Stop> {
    if named.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(
        field,
        format!("must be absent: no serial numbers of SKU {sku:?} are captured here"),
    )
    .into())
}

/// Refuses numbers of some of the units only.
pub(crate) fn expect_all(field: &str, named: usize, units: i64) -> Result<(), Refusal> {
    if i64::try_from(named) == Ok(units) {
        return Ok(());
    }
    Err(Refusal::invalid(
        field,
        format!("must name a serial number for each unit: {units}, not {named}"),
    ))
}
