//! Which lots may go to whom: none that is recalled or has expired, and none with less life left than the channel asks
//! for, on the day on which it would leave its location.

use jiff::civil::Date;

use super::{ItemLots, Level, Lot};
use crate::catalog::Item;
use crate::network::{Channel, Location, LocationId, Network};
use crate::time::Millis;

/// Why a lot may not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is recalled.
    Recalled,
    /// Its last day is over.
    Expired,
    /// It has less life left than is asked for.
    ShortLived {
        /// Days that are asked for.
        min_life_days: u16,
    },
}

/// What is asked of the lots of an item.
#[derive(Debug, Clone, Copy)]
pub struct LotRule<'a> {
    item: &'a Item,
    network: &'a Network,
    min_life_days: u16,
    now: Millis,
}

impl<'a> LotRule<'a> {
    /// What a channel asks for; of nobody in particular only that the lot may be used at all.
    #[must_use]
    pub fn new(
        item: &'a Item,
        network: &'a Network,
        channel: Option<&Channel>,
        now: Millis,
    ) -> Self {
        let own = item.tracking.lots.and_then(|lots| lots.min_life_days);
        let asked = channel.map_or(0, |channel| channel.sells.min_life_days);
        Self {
            item,
            network,
            min_life_days: own.unwrap_or(asked),
            now,
        }
    }

    /// Whether a lot may leave on a day.
    ///
    /// # Errors
    /// Tells why it may not.
    pub fn fits(&self, lot: &Lot, day: Date) -> Result<(), Unfit> {
        if self
            .network
            .recall_of_lot(self.item.id, &lot.code)
            .is_some()
        {
            return Err(Unfit::Recalled);
        }
        let Some(expires) = lot.expires_on else {
            return Ok(());
        };
        let min_life_days = self.min_life_days;
        let needed = day.checked_add(jiff::Span::new().days(i64::from(min_life_days)));
        if expires < day {
            Err(Unfit::Expired)
        } else if needed.is_ok_and(|needed| expires >= needed) {
            Ok(())
        } else {
            Err(Unfit::ShortLived { min_life_days })
        }
    }

    /// The day on which units that are ordered now leave a location at the earliest.
    #[must_use]
    pub fn day_at(&self, location: LocationId) -> Date {
        let leaves = |location: &Location| {
            let first = location.days_from(self.network, self.now).next()?;
            location.leaves_on(self.network, first)
        };
        let known = self.network.location(location);
        let day = known.and_then(|location| leaves(location));
        day.unwrap_or_else(|| {
            let zone = known.map_or("UTC", |location| &location.time_zone);
            self.now.local_date(zone)
        })
    }

    /// Lots at a location that fit, with the units of each that nobody claims; first expired first.
    #[must_use]
    pub fn free_at(&self, lots: &ItemLots, location: LocationId) -> Vec<(Lot, i64)> {
        let day = self.day_at(location);
        let here = lots.at(location).filter(|level| level.free() > 0);
        let fit = here.filter(|level| self.fits(&level.lot, day).is_ok());
        fit.map(|level| (level.lot.clone(), level.free())).collect()
    }

    /// Takes the units off the levels that nobody claims and nobody of the rule may have.
    pub fn leave_unfit(&self, lots: &ItemLots, levels: &mut [Level]) {
        for level in levels {
            let day = self.day_at(level.location);
            let here = lots.at(level.location);
            let unfit = here.filter(|lot| self.fits(&lot.lot, day).is_err());
            level.on_hand -= unfit.map(|lot| lot.free().max(0)).sum::<i64>();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn what_expires_first_goes_first() {
        story(
            r#"
                location L1
                item A expiring
                stock A@L1=2 lot=Z expires=2026-02-01
                stock A@L1=2 lot=Y expires=2026-03-01
                stock A@L1=2 lot=X expires=2026-01-20
                order A=3 > order open; F1@L1 open A:3 assigned [X 2, Z 1]; A@L1 6/3; A@L1 X 2/2; A@L1 Z 2/1
                ledger    > A@L1 X allocated allocated +2 (O1); A@L1 Z allocated allocated +1 (O1)
                order A=2 > order open; F1@L1 open A:2 assigned [Z 1, Y 1]; A@L1 6/5; A@L1 Y 2/1; A@L1 Z 2/2
                cancel    > order cancelled; A 2 cancelled; F1@L1 cancelled; A@L1 6/3; A@L1 Y 2/0; A@L1 Z 2/1
                on O1
                pick F1   > order in_progress; F1@L1 picked A:3 picked [X 0+2, Z 0+1]
                pack F1   > F1@L1 packed A:3 packed [X 0+2, Z 0+1]; F1 P1 A=3
                ship F1   > order shipped; F1@L1 shipped A:3 shipped [X 0+2, Z 0+1]; F1 left with post; A@L1 3/0; A@L1 Z 1/0
                ledger    > A@L1 X shipped on hand -2 allocated -2 (O1); A@L1 Z shipped on hand -1 allocated -1 (O1)
            "#,
        );
    }

    #[test]
    fn what_has_too_little_life_left_is_not_sold_to_the_channel() {
        story(
            r#"
                location L1
                item A expiring
                put-channel web life=30
                stock A@L1=2 lot=X expires=2026-01-20
                stock A@L1=3 lot=Y expires=2026-02-04
                availability A                        > 2026-01-05 5: L1 5
                availability A channel=web            > 2026-01-05 3: L1 3
                order A=4 channel=web                 > order open; A 1 backordered; F1@L1 open A:3 assigned [Y 3]; A@L1 5/3; A@L1 Y 3/3
                order A=3                             > order open; A 1 backordered; F1@L1 open A:2 assigned [X 2]; A@L1 5/5; A@L1 X 2/2
                wait 28800m
                stock A@L1=2 lot=Q expires=2026-01-25 > F2@L1 open A:1 assigned [Q 1]; A@L1 7/6; A@L1 Q 2/1
                stock A@L1=1 lot=W expires=2026-04-01 > O1: F2@L1 open A:1 assigned [W 1]; A@L1 8/7; A@L1 W 1/1
                availability A                        > 2026-01-25 1: L1 1
                put-channel web life=9999             > invalid_field: /sells/min_life_days must lie between 0 and 3650
            "#,
        );
    }

    #[test]
    fn a_lot_is_named_where_the_item_has_lots_and_only_there() {
        story(
            r#"
                location L1
                location L2
                item A expiring
                item B lots
                stock A@L1=2                                          > invalid_field: /lot must name the lot: the units of SKU "A" belong to lots
                stock A@L1=2 lot=X                                    > invalid_field: /lot/expires_on must be given with a new lot of an item whose lots expire
                stock A@L1=2 lot=X expires=2026-02-01 made=2026-02-02 > invalid_field: /lot/expires_on must not be before made_on
                stock A@L1=2 lot=X expires=2026-02-01 made=2026-01-02
                stock A@L1=2 lot=X expires=2026-02-02                 > invalid_field: /lot/expires_on is not that of the lot, which is 2026-02-01; correct it, or choose another code
                stock A@L1=2 lot=X
                stock B@L1=2 lot=X expires=2026-02-01                 > invalid_field: /lot/expires_on must be absent: the lots of the item do not expire
                stock B@L1=2 lot=none                                 > invalid_field: /lot/code must not be empty
                stock B@L1=2 lot=X
                stock C@L1=2 lot=X                                    > invalid_field: /lot must be absent: SKU "C" has no lots; leave it out, or set the item's tracking
                adjust A@L1=-1                                        > invalid_field: /lot must name the lot: the units of SKU "A" belong to lots
                adjust A@L1=-1 lot=Y                                  > unknown_reference: /lot/code names the unknown lot "Y"; take the lot in first, or correct the code
                adjust A@L1=-5 lot=X                                  > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                adjust A@L1=-1 lot=X                                  > A@L1 3/0; A@L1 X 3/0
                count A@L1=7 lot=X                                    > A@L1 7/0; A@L1 X 7/0
                count A@L1=1 lot=Y expires=2026-05-05                 > A@L1 8/0; A@L1 Y 1/0
                transfer A@L1=2 to=L2 lot=X                           > A@L1 6/0; A@L1 X 5/0; A@L2 2/0; A@L2 X 2/0
                transfer A@L1=6 to=L2 lot=X                           > insufficient_stock: lot "X" of SKU "A" is short by 1 at the location; lower the quantity, or name another lot
                send A@L1=2 to=L2 on=2026-01-08 lot=X                 > S1 open A@L2 0 of 2 by 2026-01-08 100%; A@L1 4/0; A@L1 X 3/0; A@L2 2/0 in transit 2; A@L2 X 2/0 apart 2
                arrive S1=1                                           > S1 open A@L2 1 of 2 by 2026-01-08 100%; A@L2 3/0 in transit 1; A@L2 X 3/0 apart 1
                arrive S1=1 lot=Y                                     > invalid_field: /lot/code must be that of the transfer, "X", or left out
                arrive S1=1 lot=X                                     > S1 received A@L2 2 of 2 by 2026-01-08 100%; A@L2 4/0; A@L2 X 4/0
                expect A@L1=5 on=2026-01-20                           > S2 open A@L1 0 of 5 by 2026-01-20 100%
                arrive S2=2                                           > invalid_field: /lot must name the lot: the units of SKU "A" belong to lots
                arrive S2=2 lot=V expires=2026-06-06                  > S2 open A@L1 2 of 5 by 2026-01-20 100%; A@L1 6/0; A@L1 V 2/0
                item A change                                         > invalid_field: /tracking cannot change while there is stock: count it to 0 everywhere, change it, and take the stock in again by its lots or serial numbers
                item A change expiring life=5
                item D lots oversell=1                                > invalid_field: /oversell_limit must be 0 for an item with lots or serial numbers: there is no unit to name beyond what is on hand
                item E lots kit B=1                                   > invalid_field: /tracking must be absent for a kit; track its components
            "#,
        );
    }

    #[test]
    fn a_picker_may_take_another_lot_that_is_free_and_fits() {
        story(
            r#"
                location L1
                item A expiring
                stock A@L1=2 lot=X expires=2026-01-20
                stock A@L1=3 lot=Y expires=2026-03-01
                stock A@L1=1 lot=O expires=2026-01-01
                order A=3        > order open; F1@L1 open A:3 assigned [X 2, Y 1]; A@L1 6/3; A@L1 X 2/2; A@L1 Y 3/1
                order A=1        > order open; F1@L1 open A:1 assigned [Y 1]; A@L1 6/4; A@L1 Y 3/2
                on O1
                pick F1 A=1[Q:1] > unknown_reference: /lines/0/lots/0/code names the unknown lot at this location "Q"; scan the code again, or count the shelf
                pick F1 A=1[O:1] > lot_unfit: lot "O" of SKU "A" expired on 2026-01-01; pick another lot, or take the units back and source the order again
                pick F1 A=2[Y:1] > invalid_field: /lines/0/lots must name 2 units in all, at least one of each lot
                pick F1 A=2[Y:2] > order in_progress; F1@L1 picking A:1 assigned+2 picked [X 1, Y 0+2]; A@L1 X 2/1; A@L1 Y 3/3
                ledger           > A@L1 X lot_exchanged allocated -1 (O1); A@L1 Y lot_exchanged allocated +1 (O1)
                pick F1 A=0~1    > A 1 backordered; F1@L1 picked A:2 picked [Y 0+2]; A@L1 5/3 excluded until 2026-01-08 (not_found); A@L1 X 1/0
                pack F1          > F1@L1 packed A:2 packed [Y 0+2]; F1 P1 A=2
                wait 80640m
                ship F1          > lot_unfit: lot "Y" of SKU "A" expired on 2026-03-01; pick another lot, or take the units back and source the order again
            "#,
        );
    }

    #[test]
    fn a_short_pick_says_of_which_lot() {
        story(
            r#"
                location L1
                location L2
                item A lots
                stock A@L1=2 lot=X
                stock A@L1=3 lot=Y
                stock A@L2=3 lot=X
                order A=4         > order open; F1@L1 open A:4 assigned [X 2, Y 2]; A@L1 5/4; A@L1 X 2/2; A@L1 Y 3/2
                pick F1 A=1~2     > invalid_field: /lines/0/short_lot must name the lot that is short: several are allotted to the line
                pick F1 A=1~2[~Q] > invalid_field: /lines/0/short_lot must be a lot of which the line has 2 units to pick
                pick F1 A=1~2[~Y] > order in_progress; F1@L1 picking A:1 assigned+1 picked [X 1+1]; F2@L2 open A:2 assigned [X 2]; A@L1 3/2 excluded until 2026-01-08 (not_found); A@L1 Y 1/0; A@L2 3/2; A@L2 X 3/2
                ledger            > A@L1 Y short_picked on hand -2 allocated -2 (O1); A@L2 X allocated allocated +2 (O1)
            "#,
        );
    }

    #[test]
    fn a_count_takes_the_units_of_its_lot() {
        story(
            r#"
                location L1
                item A lots
                stock A@L1=2 lot=X
                stock A@L1=3 lot=Y
                order A=3          > order open; F1@L1 open A:3 assigned [X 2, Y 1]; A@L1 5/3; A@L1 X 2/2; A@L1 Y 3/1
                pick F1 A=2        > order in_progress; F1@L1 picking A:1 assigned+2 picked [X 0+2, Y 1]
                order A=1          > order open; F1@L1 open A:1 assigned [Y 1]; A@L1 5/4; A@L1 Y 3/2
                count A@L1=0 lot=Y > O1: A 1 backordered; O1: F1@L1 picked A:2 picked [X 0+2]; A 1 backordered; F1@L1 cancelled; A@L1 2/2
                count A@L1=1 lot=X > O1: A 2 backordered; O1: F1@L1 picked A:1 picked [X 0+1]; A@L1 1/1; A@L1 X 1/1
                stock A@L1=3 lot=Z > O1: F2@L1 open A:2 assigned [Z 2]; F2@L1 open A:1 assigned [Z 1]; A@L1 4/4; A@L1 Z 3/3
            "#,
        );
    }

    #[test]
    fn goods_come_back_into_their_lot() {
        story(
            r#"
                location L1
                item A lots
                stock A@L1=2 lot=X
                stock A@L1=3 lot=Y
                order A=4                                 > order open; F1@L1 open A:4 assigned [X 2, Y 2]; A@L1 5/4; A@L1 X 2/2; A@L1 Y 3/2
                pick F1                                   > order in_progress; F1@L1 picked A:4 picked [X 0+2, Y 0+2]
                pack F1 A=1 | A=3                         > F1@L1 packed A:4 packed [X 0+2, Y 0+2]; F1 P1 A=1; F1 P2 A=3
                ship F1 P1                                > F1@L1 shipped A:1 shipped [X 0+1]; F1 left with post; F2@L1 packed A:3 packed [X 0+1, Y 0+2]; F2 P2 A=3; A@L1 4/3; A@L1 X 1/1
                ship F2                                   > order shipped; F2@L1 shipped A:3 shipped [X 0+1, Y 0+2]; F2 left with post; A@L1 1/0; A@L1 Y 1/0
                deliver F1                                > F1@L1 delivered A:1 delivered [X 0+1]; F1 P1 A=1 delivered
                deliver F2                                > order delivered; F2@L1 delivered A:3 delivered [X 0+1, Y 0+2]; F2 P2 A=3 delivered
                return A=4                                > R1 requested RL1:A=4
                receive R1 @L1 A=1:restock                > invalid_field: /lines/0/lot must name the lot: units of several lots have left with the line
                receive R1 @L1 A=1:restock:Q              > unknown_reference: /lines/0/lot names the unknown lot of this shipment "Q"; look at the fulfilments' lots for their codes
                receive R1 @L1 A=3:restock:X              > invalid_field: /lines/0/lot names a lot of which 2 units can come back
                receive R1 @L1 A=2:restock:X              > A 2 returned; R1 requested RL1:A=4 2 restock; A@L1 3/0; A@L1 X 2/0
                receive R1 @L1 A=1:quarantine A=1:missing > A 3 returned; R1 received RL1:A=4 2 restock 1 quarantine 1 missing; A@L1 3/0 quarantined 1; A@L1 Y 1/0 apart 1
            "#,
        );
    }

    #[test]
    fn a_reservation_names_no_lot_and_is_used_of_those_that_are_good() {
        story(
            r#"
                location L1
                item A expiring
                put-channel web life=30
                stock A@L1=2 lot=X expires=2026-01-20
                stock A@L1=1 lot=Y expires=2026-03-01
                stock A@L1=5 lot=O expires=2026-01-01
                reserve A=4                   > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                reserve A=3                   > V2 active A@L1=3; A@L1 8/0 reserved 3
                order A=3 with=V2 channel=web > order open; A 2 backordered; F1@L1 open A:1 assigned [Y 1]; V2 used by O1 A@L1=3; A@L1 8/1; A@L1 Y 1/1
            "#,
        );
    }
}
