//! Loading facts: everything a batch needs, in a constant number of statements.
//!
//! On PostgreSQL `LATERAL ... OFFSET 0` looks every key up in the table's index, whatever the planner believes of the
//! table's size: of a table that it takes to be empty it would rather walk all rows, and go on doing so as it grows.

mod accounts;
mod agreements;
mod allocations;
mod bookings;
mod claims;
mod counts;
mod days;
mod items;
mod lots;
mod network;
mod orders;
mod reservations;
mod serials;
pub(crate) mod stock;
mod supply;
mod tallies;
mod waited;

use throughline_core::Facts;
use throughline_core::facts::{ClaimKey, Need};
use throughline_core::id::{
    AgreementId, CountTaskId, CustomerId, ItemId, OrderId, ReservationId, SupplyId,
};
use throughline_core::inventory::{LotCode, SerialNumber};
use throughline_core::network::LocationId;
use throughline_core::order::LocationDay;
use throughline_core::order::screening::TallyKey;
use throughline_core::time::Millis;

use crate::engine::{Columns, Connection, Row, Statement};
use crate::error::StoreError;

pub(crate) use accounts::{ACCOUNTS, read as read_account};
pub(crate) use claims::{CLAIMS, keys as claim_keys};
pub(crate) use items::ITEMS;
pub(crate) use lots::day;
pub(crate) use network::{load_network, load_network_at, reload_network};
pub(crate) use orders::read_order;
pub(crate) use serials::entry as serial_entry;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[
    &claims::CLAIMS,
    &items::ITEMS,
    &orders::ORDERS,
    &reservations::RESERVATIONS,
    &stock::LEVELS,
    &stock::WAITING,
    &stock::RESERVED,
    &stock::FENCES,
    &stock::EXCLUSIONS,
    &supply::SUPPLIES,
    &supply::INCOMING,
    &waited::WAITED,
    &lots::LOTS,
    &lots::KNOWN_LOTS,
    &counts::TASKS,
    &serials::SERIALS,
    &tallies::TALLIES,
    &accounts::ACCOUNTS,
    &accounts::ORDER_COUNTS,
    &agreements::AGREEMENTS,
    &allocations::OPEN_ORDERS,
    &allocations::CLAIMING,
    &allocations::UNPROJECTED,
    &network::NETWORK,
    &network::NETWORK_AT,
    &network::NETWORK_VERSION,
    &days::LOADS,
    &bookings::BOOKED,
];

use stock::Depth;

/// Needs by kind.
#[derive(Debug, Default)]
struct Wanted<'a> {
    claims: Vec<ClaimKey>,
    skus: Vec<&'a str>,
    items: Vec<ItemId>,
    orders: Vec<OrderId>,
    reservations: Vec<ReservationId>,
    stock: Vec<(ItemId, Depth)>,
    supplies: Vec<SupplyId>,
    incoming: Vec<ItemId>,
    waited: Vec<ItemId>,
    lots: Vec<ItemId>,
    known_lots: Vec<(ItemId, LotCode)>,
    serials: Vec<(ItemId, SerialNumber)>,
    count_tasks: Vec<CountTaskId>,
    allocations: Vec<(ItemId, LocationId)>,
    loads: Vec<LocationDay>,
    booked: Vec<ItemId>,
    tallies: Vec<TallyKey>,
    accounts: Vec<CustomerId>,
    agreements: Vec<AgreementId>,
}

impl<'a> Wanted<'a> {
    fn sort(needs: &'a [Need]) -> Self {
        let mut wanted = Self::default();
        for need in needs {
            match need {
                Need::Sku(sku) => {
                    wanted.skus.push(sku);
                    wanted.claims.push(ClaimKey::sku(sku));
                }
                Need::Item(item) => wanted.items.push(*item),
                Need::Stock(item) => wanted.stock.push((*item, Depth::Hint)),
                Need::FreshStock(item) => {
                    wanted.stock.push((*item, Depth::Fresh));
                    wanted.items.push(*item);
                }
                Need::Queue(item) => {
                    wanted.stock.push((*item, Depth::Queue));
                    wanted.items.push(*item);
                }
                Need::Order(order) => wanted.orders.push(*order),
                Need::Reservation(reservation) => wanted.reservations.push(*reservation),
                Need::Supply(supply) => wanted.supplies.push(*supply),
                Need::Incoming(item) => wanted.incoming.push(*item),
                Need::Waited(item) => wanted.waited.push(*item),
                Need::Lots(item) => wanted.lots.push(*item),
                Need::Lot(item, code) => wanted.known_lots.push((*item, code.clone())),
                Need::Serial(item, serial) => wanted.serials.push((*item, serial.clone())),
                Need::CountTask(task) => wanted.count_tasks.push(*task),
                Need::Claim(key) => wanted.claims.push(key.clone()),
                Need::Load(location, date) => wanted.loads.push((*location, *date)),
                Need::Booked(item) => wanted.booked.push(*item),
                Need::Tally(key) => wanted.tallies.push(key.clone()),
                Need::Account(customer) => wanted.accounts.push(*customer),
                Need::Agreement(id) => wanted.agreements.push(*id),
                Need::Allocations(item, location) => wanted.allocations.push((*item, *location)),
            }
        }
        wanted.stock.sort_unstable();
        wanted.stock.reverse();
        wanted.stock.dedup_by_key(|(item, _)| *item);
        wanted
    }
}

/// Loads what is needed into the facts: two round trips on PostgreSQL, whatever the number of needs (and one more
/// for every thousand open orders of an item whose claims on a location are looked up).
pub(crate) fn load(
    connection: &mut Connection,
    needs: &[Need],
    facts: &mut Facts,
    now: Millis,
) -> Result<(), StoreError> {
    let wanted = Wanted::sort(needs);
    let partitions = connection.partitions();
    let claims = claims::keys(&wanted.claims, partitions);
    let items = items::keys(&wanted.items, partitions);
    let orders = orders::keys(&wanted.orders, partitions);
    let reservations = reservations::keys(&wanted.reservations, partitions);
    let levels = stock::keys(&wanted.stock, partitions);
    let queues = stock::queue_keys(&wanted.stock, partitions);
    let loads = days::keys(&wanted.loads, partitions);
    let booked = bookings::keys(&wanted.booked, partitions, now);
    let reserved = stock::reserved_keys(&wanted.stock, partitions, now);
    let supplies = supply::keys(&wanted.supplies, partitions);
    let incoming = supply::incoming_keys(&wanted.incoming, partitions);
    let waited = waited::keys(&wanted.waited, partitions);
    let lots = lots::keys(&wanted.lots, partitions);
    let known_lots = lots::known_keys(&wanted.known_lots, partitions);
    let serials = serials::keys(&wanted.serials, partitions);
    let count_tasks = counts::keys(&wanted.count_tasks, partitions);
    let tallies = tallies::keys(&wanted.tallies, partitions);
    let accounts = accounts::keys(&wanted.accounts, partitions);
    let agreements = agreements::keys(&wanted.agreements, partitions);
    let counted = accounts::keys(accounts::counted(&wanted.accounts, facts), partitions);
    let [
        claim_rows,
        item_rows,
        order_rows,
        reservation_rows,
        level_rows,
        waiting_rows,
        reserved_rows,
        fence_rows,
        exclusion_rows,
        load_rows,
        booked_rows,
        supply_rows,
        incoming_rows,
        waited_rows,
        lot_rows,
        known_lot_rows,
        serial_rows,
        count_task_rows,
        tally_rows,
        account_rows,
        count_rows,
        agreement_rows,
    ] = connection.read([
        (&claims::CLAIMS, &claims),
        (&items::ITEMS, &items),
        (&orders::ORDERS, &orders),
        (&reservations::RESERVATIONS, &reservations),
        (&stock::LEVELS, &levels),
        (&stock::WAITING, &queues),
        (&stock::RESERVED, &reserved),
        (&stock::FENCES, &levels),
        (&stock::EXCLUSIONS, &levels),
        (&days::LOADS, &loads),
        (&bookings::BOOKED, &booked),
        (&supply::SUPPLIES, &supplies),
        (&supply::INCOMING, &incoming),
        (&waited::WAITED, &waited),
        (&lots::LOTS, &lots),
        (&lots::KNOWN_LOTS, &known_lots),
        (&serials::SERIALS, &serials),
        (&counts::TASKS, &count_tasks),
        (&tallies::TALLIES, &tallies),
        (&accounts::ACCOUNTS, &accounts),
        (&accounts::ORDER_COUNTS, &counted),
        (&agreements::AGREEMENTS, &agreements),
    ])?;
    agreements::take(&wanted.agreements, &agreement_rows, facts)?;
    days::take(&wanted.loads, &load_rows, facts)?;
    bookings::take(&wanted.booked, &booked_rows, facts)?;
    tallies::take(&wanted.tallies, &tally_rows, facts)?;
    accounts::take(&wanted.accounts, &account_rows, &count_rows, facts)?;
    claims::take(&wanted.claims, &claim_rows, facts)?;
    items::take(&wanted.items, &item_rows, facts)?;
    orders::take(&wanted.orders, &order_rows, facts)?;
    reservations::take(&wanted.reservations, &reservation_rows, facts)?;
    stock::take(
        &wanted.stock,
        [
            &level_rows,
            &waiting_rows,
            &reserved_rows,
            &fence_rows,
            &exclusion_rows,
        ],
        now,
        facts,
    )?;
    supply::take(&wanted.supplies, &supply_rows, facts)?;
    supply::take_incoming(&wanted.incoming, &incoming_rows, facts)?;
    waited::take(&wanted.waited, &waited_rows, facts)?;
    lots::take(&wanted.lots, &lot_rows, facts)?;
    lots::take_known(&wanted.known_lots, &known_lot_rows, facts)?;
    counts::take(&wanted.count_tasks, &count_task_rows, facts)?;
    serials::take(&wanted.serials, &serial_rows, facts)?;
    load_items_of_skus(connection, &wanted.skus, facts)?;
    allocations::load(connection, &wanted.allocations, facts)
}

/// A SKU leads to its item through its claim.
fn load_items_of_skus(
    connection: &mut Connection,
    skus: &[&str],
    facts: &mut Facts,
) -> Result<(), StoreError> {
    if skus.is_empty() {
        return Ok(());
    }
    let mut found = Vec::with_capacity(skus.len());
    for sku in skus {
        let item = claims::item_of(facts, sku);
        facts.skus.insert((*sku).to_owned(), item);
        found.extend(item.filter(|item| !facts.items.contains_key(item)));
    }
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return Ok(());
    }
    let keys = items::keys(&found, connection.partitions());
    let [rows] = connection.read([(&items::ITEMS, &keys)])?;
    items::take(&found, &rows, facts)
}

pub(crate) use stock::read_exclusion as exclusion;

/// The position of a key, echoed as the first column, so that rows find their way back.
fn key_of<'a, T>(wanted: &'a [T], row: Row<'_>) -> Result<(usize, &'a T), StoreError> {
    let position: usize = row.number(0)?;
    wanted
        .get(position)
        .map(|key| (position, key))
        .ok_or_else(|| StoreError::corrupt("an echoed position", position))
}

fn position(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

/// Keys of one id each: position, bucket, id.
pub(crate) fn id_keys(ids: impl Iterator<Item = uuid::Uuid>, partitions: u16) -> Columns {
    let mut keys = Columns::default();
    for (at, id) in ids.enumerate() {
        keys.row()
            .int(position(at))
            .int(throughline_core::id::bucket_of(id, partitions))
            .uuid(id);
    }
    keys
}
