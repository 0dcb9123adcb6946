//! The union of a batch's changes as columns of rows, in buffers that are used again.

mod reservations;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use throughline_core::catalog::Item;
use throughline_core::facts::{Claim, ClaimKey};
use throughline_core::id::{ItemId, bucket_of, split};
use throughline_core::inventory::{Crossing, Reference, Reservation, ReservationState};
use throughline_core::network::{Member, Network};
use throughline_core::order::{Order, statuses, totals};
use throughline_core::party::Contact;
use throughline_core::time::Millis;
use uuid::Uuid;

use super::agreements;
use super::batch::{Batch, Revised};
use super::bookings::BookingRows;
use super::counters;
use super::counts::CountRows;
use super::exclusion;
use super::later;
use super::legs::LegRows;
use super::levels;
use super::lines;
use super::lots::LotRows;
use super::queue;
use super::ring_fence;
use super::supply;
use super::{days, lanes};
use crate::claim::{StoredKey, answer_kind};
use crate::engine::Columns;
use crate::error::StoreError;

/// The version of the fold that makes bodies.
pub(crate) const FOLD_VERSION: i16 = 1;

/// Who writes, and which batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    pub writer: i32,
    pub batch: i64,
    pub partitions: u16,
    /// Whether others may commit between the loading of a batch's facts and its commit.
    pub is_shared: bool,
}

/// Rows by statement.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub claims: Columns,
    pub locked_orders: Columns,
    pub new_orders: Columns,
    pub progress: Columns,
    pub changed_orders: Columns,
    pub lines: Columns,
    pub gone_lines: Columns,
    pub allocations: Columns,
    pub gone_allocations: Columns,
    pub journal: Columns,
    pub explanations: Columns,
    pub contacts: Columns,
    pub known_contacts: Columns,
    pub customers: Columns,
    pub new_items: Columns,
    pub changed_items: Columns,
    pub item_versions: Columns,
    pub oversell_limits: Columns,
    pub reservations: Columns,
    pub ended_reservations: Columns,
    pub gone_reservation_lines: Columns,
    pub ended_reservation_lines: Columns,
    pub reservation_lines: Columns,
    pub fences: Columns,
    pub exclusions: Columns,
    pub new_supplies: Columns,
    pub changed_supplies: Columns,
    pub supply_entries: Columns,
    pub gone_waiting: Columns,
    pub waiting: Columns,
    pub members: Columns,
    pub days: Columns,
    pub new_days: Columns,
    pub locations: Columns,
    pub channels: Columns,
    pub setting: Columns,
    pub settings_read: Columns,
    pub tallies: Columns,
    pub accounts: Columns,
    pub agreements: Columns,
    pub calls: Columns,
    pub jobs: Columns,
    pub stirred_items: Columns,
    pub wake_ups: Columns,
    pub waited_seen: Columns,
    pub items_decided_on: Columns,
    pub ledger: Columns,
    pub new_levels: Columns,
    pub levels: Columns,
    pub lots: LotRows,
    pub serials: Columns,
    pub counts: CountRows,
    pub legs: LegRows,
    pub bookings: BookingRows,
    pub parcels: Columns,
    pub promises: Columns,
    pub first_promises: Columns,
    pub feed: Columns,
    pub feed_events: Columns,
    pub writer: Columns,
}

impl Changes {
    pub(super) fn clear(&mut self) {
        let all = [
            &mut self.claims,
            &mut self.locked_orders,
            &mut self.new_orders,
            &mut self.progress,
            &mut self.changed_orders,
            &mut self.lines,
            &mut self.gone_lines,
            &mut self.allocations,
            &mut self.gone_allocations,
            &mut self.journal,
            &mut self.explanations,
            &mut self.contacts,
            &mut self.known_contacts,
            &mut self.customers,
            &mut self.new_items,
            &mut self.changed_items,
            &mut self.item_versions,
            &mut self.oversell_limits,
            &mut self.reservations,
            &mut self.ended_reservations,
            &mut self.gone_reservation_lines,
            &mut self.ended_reservation_lines,
            &mut self.reservation_lines,
            &mut self.fences,
            &mut self.exclusions,
            &mut self.new_supplies,
            &mut self.changed_supplies,
            &mut self.supply_entries,
            &mut self.gone_waiting,
            &mut self.waiting,
            &mut self.members,
            &mut self.days,
            &mut self.new_days,
            &mut self.locations,
            &mut self.channels,
            &mut self.setting,
            &mut self.settings_read,
            &mut self.tallies,
            &mut self.accounts,
            &mut self.agreements,
            &mut self.calls,
            &mut self.jobs,
            &mut self.stirred_items,
            &mut self.wake_ups,
            &mut self.waited_seen,
            &mut self.items_decided_on,
            &mut self.ledger,
            &mut self.new_levels,
            &mut self.levels,
            &mut self.parcels,
            &mut self.promises,
            &mut self.first_promises,
            &mut self.feed,
            &mut self.feed_events,
            &mut self.writer,
        ];
        all.into_iter().for_each(Columns::clear);
        self.lots.clear();
        self.serials.clear();
        self.counts.clear();
        self.legs.clear();
        self.bookings.clear();
    }

    /// Gathers everything that a batch changes.
    pub(super) fn gather(
        &mut self,
        batch: &Batch<'_>,
        claims: &[(StoredKey, &ClaimKey, &Claim)],
        orders: &[Revised<'_>],
        stamp: Stamp,
    ) -> Result<(), StoreError> {
        self.clear();
        self.gather_claims(batch, claims);
        for revised in orders {
            self.gather_order(*revised, stamp)?;
        }
        if stamp.is_shared && !self.progress.is_empty() && !self.changed_orders.is_empty() {
            for revised in orders.iter().filter(|revised| revised.before.is_some()) {
                let id = revised.after.id;
                let row = self.locked_orders.row().int(id.bucket(stamp.partitions));
                row.uuid(id.uuid());
            }
        }
        self.gather_entries(batch, stamp)?;
        self.gather_people(batch, stamp)?;
        self.gather_items(batch, stamp)?;
        self.gather_reservations(batch, stamp)?;
        ring_fence::gather(batch, stamp.partitions, &mut self.fences);
        exclusion::gather(batch, stamp.partitions, &mut self.exclusions);
        supply::gather(self, batch, stamp.partitions)?;
        self.gather_network(batch)?;
        counters::gather_tallies(batch, stamp, &mut self.tallies)?;
        counters::gather_accounts(batch, stamp, &mut self.accounts)?;
        agreements::gather(batch, stamp.partitions, &mut self.agreements)?;
        agreements::gather_calls(batch, stamp.partitions, &mut self.calls);
        later::gather(batch, stamp, &mut self.jobs)?;
        self.gather_ledger(batch, stamp);
        self.lots.gather(batch, stamp.partitions);
        self.counts.gather(batch, stamp.partitions)?;
        super::serials::gather(&mut self.serials, batch, stamp.partitions);
        self.gather_items_decided_on(batch, stamp);
        lanes::gather(
            batch,
            stamp.partitions,
            &mut self.parcels,
            (&mut self.promises, &mut self.first_promises),
        );
        let net = levels::net(batch.decisions.iter().map(|(_, decision)| decision));
        if stamp.is_shared {
            queue::gather_seen(batch, stamp, &mut self.waited_seen);
            let stirred = queue::stirred_items(orders, &net, stamp.partitions);
            queue::gather_wake_ups(
                batch,
                &stirred,
                stamp,
                &mut self.stirred_items,
                &mut self.wake_ups,
            )?;
        }
        days::gather(
            batch.decisions.iter().map(|(_, decision)| decision),
            stamp.partitions,
            &mut self.days,
            &mut self.new_days,
        );
        self.bookings.gather(
            batch.decisions.iter().map(|(_, decision)| decision),
            stamp.partitions,
        );
        levels::gather(
            net,
            stamp.partitions,
            &mut self.levels,
            &mut self.new_levels,
        );
        self.gather_feed(batch, orders, stamp)
    }

    fn gather_claims(&mut self, batch: &Batch<'_>, claims: &[(StoredKey, &ClaimKey, &Claim)]) {
        for (stored, _, claim) in claims {
            let (resource_kind, id, number) = claim.resource.encode();
            let row = self
                .claims
                .row()
                .int(stored.bucket)
                .int(stored.kind)
                .bytes(&stored.value)
                .int(resource_kind);
            let row = row
                .opt_uuid(Some(id).filter(|id| !id.is_nil()))
                .int(number)
                .int(answer_kind(claim.answer.outcome));
            let row = row.count(claim.answer.version);
            row.opt_bytes(
                Some(&claim.body_hash[..]).filter(|hash| hash.iter().any(|byte| *byte != 0)),
            )
            .int(batch.now.0);
        }
    }

    fn gather_order(&mut self, revised: Revised<'_>, stamp: Stamp) -> Result<(), StoreError> {
        let order = revised.after;
        let bucket = order.id.bucket(stamp.partitions);
        match revised.before {
            None => self.insert_order(order, bucket)?,
            Some(before) => self.update_order(before, order, bucket)?,
        }
        lines::gather_lines(revised, bucket, &mut self.lines, &mut self.gone_lines);
        lines::gather_allocations(
            revised,
            bucket,
            &mut self.allocations,
            &mut self.gone_allocations,
        );
        self.lots.gather_order(revised, bucket);
        self.legs.gather(revised, bucket);
        let before = revised.before.map(Arc::as_ref);
        throughline_core::order::source::waiting_changes(before, order, |item, waiting| {
            let rows = if waiting.quantity == 0 {
                &mut self.gone_waiting
            } else {
                &mut self.waiting
            };
            let row = rows
                .row()
                .int(item.bucket(stamp.partitions))
                .uuid(item.uuid())
                .int(waiting.priority)
                .int(waiting.since.0);
            let row = row.uuid(waiting.order.uuid()).int(waiting.line.0);
            if waiting.quantity > 0 {
                row.int(waiting.quantity)
                    .opt_int(waiting.location.map(|location| location.0.into()));
            }
        });
        Ok(())
    }

    fn insert_order(&mut self, order: &Order, bucket: i32) -> Result<(), StoreError> {
        let status = statuses(order);
        let placed = &order.placed;
        let row = self
            .new_orders
            .row()
            .int(bucket)
            .uuid(order.id.uuid())
            .count(order.number)
            .count(order.version);
        let row = row
            .text(status.order.as_str())
            .text(status.payment.as_str());
        let row = row
            .text(status.fulfilment.as_str())
            .text(status.returns.as_str())
            .int(placed.channel.0);
        let row = row
            .opt_uuid(placed.customer.map(|customer| customer.uuid()))
            .opt_text(placed.external_ref.as_deref());
        let row = row
            .display(&placed.currency)
            .int(totals(order).total_minor)
            .int(placed.placed_at.0)
            .int(order.updated_at.0);
        row.int(FOLD_VERSION)
            .json(placed.as_ref())?
            .json(&order.progress)?;
        Ok(())
    }

    fn update_order(
        &mut self,
        before: &Order,
        order: &Order,
        bucket: i32,
    ) -> Result<(), StoreError> {
        let status = statuses(order);
        let same = Arc::ptr_eq(&before.placed, &order.placed) || before.placed == order.placed;
        let rows = if same {
            &mut self.progress
        } else {
            &mut self.changed_orders
        };
        let row = rows
            .row()
            .int(bucket)
            .uuid(order.id.uuid())
            .count(before.version)
            .count(order.version);
        let row = row
            .text(status.order.as_str())
            .text(status.payment.as_str());
        let row = row
            .text(status.fulfilment.as_str())
            .text(status.returns.as_str());
        let row = row
            .int(totals(order).total_minor)
            .int(order.updated_at.0)
            .int(FOLD_VERSION)
            .json(&order.progress)?;
        if !same {
            let placed = &order.placed;
            let row = row
                .json(placed.as_ref())?
                .int(placed.channel.0)
                .opt_uuid(placed.customer.map(|customer| customer.uuid()));
            row.opt_text(placed.external_ref.as_deref())
                .display(&placed.currency)
                .int(placed.placed_at.0);
        }
        Ok(())
    }

    /// The journal, and why locations were or were not chosen.
    fn gather_entries(&mut self, batch: &Batch<'_>, stamp: Stamp) -> Result<(), StoreError> {
        for (_, decision) in batch.decisions {
            for revised in &decision.orders {
                let id = revised.after.id;
                for entry in &revised.entries {
                    let row = self
                        .journal
                        .row()
                        .int(id.bucket(stamp.partitions))
                        .uuid(id.uuid())
                        .count(entry.seq)
                        .int(entry.at.0);
                    let row = row
                        .display(&entry.actor)
                        .text(entry.record.kind())
                        .int(entry.record.version());
                    row.int(stamp.writer).int(stamp.batch).json(&entry.record)?;
                }
            }
        }
        let all = batch
            .decisions
            .iter()
            .flat_map(|(_, decision)| &decision.explanations);
        let latest: FxHashMap<_, _> = all
            .map(|(order, seq, explanation)| ((*order, *seq), explanation))
            .collect();
        let mut latest: Vec<_> = latest.into_iter().collect();
        latest.sort_unstable_by_key(|(key, _)| *key);
        for ((order, seq), explanation) in latest {
            let row = self
                .explanations
                .row()
                .int(order.bucket(stamp.partitions))
                .uuid(order.uuid())
                .count(seq);
            row.json(explanation)?;
        }
        Ok(())
    }

    fn gather_people(&mut self, batch: &Batch<'_>, stamp: Stamp) -> Result<(), StoreError> {
        let contacts = batch
            .decisions
            .iter()
            .flat_map(|(_, decision)| &decision.contacts);
        let latest: FxHashMap<Uuid, &Contact> =
            contacts.map(|(id, contact)| (*id, contact)).collect();
        let mut latest: Vec<_> = latest.into_iter().collect();
        latest.sort_unstable_by_key(|(id, _)| *id);
        for (id, contact) in latest {
            // An order's contact rows are written once; a customer's may change.
            if split(id).1 == 0 {
                self.known_contacts
                    .row()
                    .int(0)
                    .int(bucket_of(id, stamp.partitions))
                    .uuid(id);
            }
            self.contacts
                .row()
                .int(bucket_of(id, stamp.partitions))
                .uuid(id)
                .json(contact)?;
        }
        let customers = batch
            .decisions
            .iter()
            .flat_map(|(_, decision)| &decision.customers);
        let latest: FxHashMap<_, _> = customers.map(|customer| (customer.id, customer)).collect();
        let mut latest: Vec<_> = latest.into_values().collect();
        latest.sort_unstable_by_key(|customer| customer.id);
        for customer in latest {
            let row = self
                .customers
                .row()
                .int(customer.id.bucket(stamp.partitions))
                .uuid(customer.id.uuid());
            row.opt_text(customer.external_ref.as_deref())
                .int(batch.now.0);
        }
        Ok(())
    }

    /// Every version is kept; the current row is written once.
    fn gather_items(&mut self, batch: &Batch<'_>, stamp: Stamp) -> Result<(), StoreError> {
        let mut current: FxHashMap<ItemId, (i64, &Item)> = FxHashMap::default();
        for item in batch
            .decisions
            .iter()
            .flat_map(|(_, decision)| &decision.items)
        {
            let row = self
                .item_versions
                .row()
                .int(item.id.bucket(stamp.partitions))
                .uuid(item.id.uuid())
                .int(item.version);
            row.json(item.as_ref())?.int(batch.now.0);
            current.entry(item.id).or_insert((item.version - 1, item)).1 = item;
        }
        let mut current: Vec<_> = current.into_values().collect();
        current.sort_unstable_by_key(|(_, item)| item.id);
        for (was, item) in current {
            self.gather_item(batch, was, item, item.id.bucket(stamp.partitions))?;
        }
        Ok(())
    }

    fn gather_item(
        &mut self,
        batch: &Batch<'_>,
        was: i64,
        item: &Item,
        bucket: i32,
    ) -> Result<(), StoreError> {
        if was == 0 {
            let row = self
                .new_items
                .row()
                .int(bucket)
                .uuid(item.id.uuid())
                .int(item.version)
                .text(&item.sku);
            row.text(&item.title)
                .int(item.oversell_limit)
                .json(item)?
                .int(batch.now.0);
        } else {
            let row = self
                .changed_items
                .row()
                .int(bucket)
                .uuid(item.id.uuid())
                .int(was)
                .int(item.version);
            row.text(&item.title)
                .int(item.oversell_limit)
                .json(item)?
                .int(batch.now.0);
            self.oversell_limits
                .row()
                .int(bucket)
                .uuid(item.id.uuid())
                .int(item.oversell_limit);
        }
        Ok(())
    }

    /// The versions that others must not have replaced; those that the batch replaces itself are guarded there.
    fn gather_items_decided_on(&mut self, batch: &Batch<'_>, stamp: Stamp) {
        let replaced: FxHashSet<ItemId> = batch
            .decisions
            .iter()
            .flat_map(|(_, decision)| &decision.items)
            .map(|item| item.id)
            .collect();
        for (item, version) in batch.items.iter().filter(|(id, _)| !replaced.contains(id)) {
            self.items_decided_on
                .row()
                .int(item.bucket(stamp.partitions))
                .uuid(item.uuid())
                .int(*version);
        }
    }

    /// Every version is kept; the projections show the last one. Other batches keep the version from changing.
    fn gather_network(&mut self, batch: &Batch<'_>) -> Result<(), StoreError> {
        let mut last: Option<&Network> = None;
        let decisions = batch.decisions.iter().map(|(_, decision)| decision);
        for (decision, network) in
            decisions.filter_map(|decision| Some((decision, decision.network.as_deref()?)))
        {
            for member in &decision.members {
                self.gather_member(member, network.version, batch.now)?;
            }
            last = Some(network);
        }
        let Some(network) = last else {
            self.settings_read.row().text("network");
            return Ok(());
        };
        self.setting
            .row()
            .text("network")
            .int(batch.network_version)
            .int(network.version);
        Ok(())
    }

    fn gather_member(
        &mut self,
        member: &Member,
        version: i64,
        now: Millis,
    ) -> Result<(), StoreError> {
        let row = self.members.row().word(&member.kind())?;
        row.int(member.number())
            .int(version)
            .json(member)?
            .int(now.0);
        match member {
            Member::Location(location) => {
                let row = self.locations.row().int(location.id.0);
                let row = row.text(&location.code).text(&location.name);
                row.word(&location.kind)?
                    .word(&location.status)?
                    .int(location.priority)
                    .text(&location.address.country)
                    .text(&location.time_zone);
            }
            Member::Channel(channel) => {
                let row = self.channels.row().int(channel.id.0);
                row.text(&channel.code)
                    .text(&channel.name)
                    .display(&channel.currency);
            }
            Member::LocationGroup(_)
            | Member::Calendar(_)
            | Member::Service(_)
            | Member::Closure(_)
            | Member::Policy(_)
            | Member::Screening(..)
            | Member::Recalls(_) => {}
        }
        Ok(())
    }

    fn gather_ledger(&mut self, batch: &Batch<'_>, stamp: Stamp) {
        let moves = batch
            .decisions
            .iter()
            .flat_map(|(actor, decision)| decision.moves.iter().map(move |moved| (actor, moved)));
        for (position, (actor, moved)) in moves.enumerate() {
            let (mut order, mut reservation, mut supply) = (None, None, None);
            let (mut document, mut said) = (None, None);
            match &moved.reference {
                Reference::Order(id) => order = Some(id.uuid()),
                Reference::Reservation(id) => reservation = Some(id.uuid()),
                Reference::Supply {
                    id,
                    reference,
                    note,
                } => {
                    supply = Some(id.uuid());
                    (document, said) = (reference.as_deref(), note.as_deref());
                }
                Reference::Document { reference, note } => {
                    (document, said) = (Some(reference.as_str()), note.as_deref());
                }
            }
            let row = self
                .ledger
                .row()
                .int(moved.item.bucket(stamp.partitions))
                .int(stamp.writer)
                .int(stamp.batch);
            let row = row
                .count(position as u64)
                .uuid(moved.item.uuid())
                .int(moved.location.0)
                .int(batch.now.0)
                .display(actor);
            let row = row
                .text(moved.reason.as_str())
                .opt_uuid(order)
                .opt_uuid(reservation)
                .opt_text(document)
                .opt_text(said);
            let change = &moved.change;
            let row = row
                .int(change.on_hand)
                .int(change.allocated)
                .int(change.reserved)
                .int(change.safety);
            row.int(change.quarantined)
                .int(change.damaged)
                .int(change.in_transit)
                .opt_uuid(supply)
                .opt_text(moved.lot.as_ref().map(|lot| lot.code.as_str()));
        }
    }

    /// What the batch tells of stock; one mark in the feed says how many events there are.
    fn gather_feed_events(
        &mut self,
        batch: &Batch<'_>,
        stamp: Stamp,
    ) -> Result<Option<(Uuid, u64, u64)>, StoreError> {
        let decisions = batch.decisions.iter();
        let crossings = decisions.flat_map(|(_, decision)| &decision.crossings);
        let mut count = 0;
        for crossing in crossings {
            let row = self.feed_events.row().int(stamp.writer).int(stamp.batch);
            let row = row.count(count).int(batch.now.0).text(Crossing::KIND);
            row.json(crossing)?;
            count += 1;
        }
        Ok((count > 0).then_some((Uuid::nil(), 1, count)))
    }

    fn gather_feed(
        &mut self,
        batch: &Batch<'_>,
        orders: &[Revised<'_>],
        stamp: Stamp,
    ) -> Result<(), StoreError> {
        let alone = batch
            .decisions
            .iter()
            .filter(|(_, decision)| decision.orders.is_empty());
        let customers = alone.flat_map(|(_, decision)| &decision.customers);
        let customers = customers.map(|customer| (customer.id.uuid(), 1, 0));
        let spans: Vec<(Uuid, u64, u64)> = orders
            .iter()
            .map(|revised| {
                (
                    revised.after.id.uuid(),
                    revised.before.map_or(0, |order| order.version) + 1,
                    revised.after.version,
                )
            })
            .chain(customers)
            .chain(self.gather_feed_events(batch, stamp)?)
            .collect();
        if spans.is_empty() {
            return Ok(());
        }
        self.feed
            .row()
            .int(stamp.writer)
            .int(stamp.batch)
            .int(batch.now.0)
            .json(&spans)?;
        Ok(())
    }
}

/// The state as the sweeper's index knows it.
pub(crate) fn reservation_state(state: ReservationState) -> &'static str {
    match state {
        ReservationState::Active => "active",
        ReservationState::Used(_) => "used",
        ReservationState::Released => "released",
        ReservationState::Expired => "expired",
        ReservationState::StockShort => "stock_short",
    }
}
