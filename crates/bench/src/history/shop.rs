//! Opening the shop: its network, its items and its first stock; and orders as they are placed.

use anyhow::Result;
use throughline_core::catalog::PutItem;
use throughline_core::command::{Command, PutMode};
use throughline_core::geo::country_centre;
use throughline_core::id::{CustomerId, ItemId, OrderId};
use throughline_core::order::place::{NewLine, NewOrder, PlaceOrder};
use throughline_core::party::Address;

use super::network::{CHANNEL, Rules, calendar, commands};
use super::orders::{Data, Wanted};
use super::stock::{choice, first};
use super::towns::home;
use super::world::World;

/// Weights of small goods, one a line.
const WEIGHTS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../data/olist/small_product_weights_g.txt"
));

/// A world with a network, items and stock.
pub(super) fn open(data: &Data, rules: Rules) -> Result<World> {
    let mut world = World::new(data.begins());
    world.run(calendar(), &mut |_| ())?;
    let calendar = world.facts.network.calendars[0].id;
    for command in commands(rules, calendar) {
        world.run(command, &mut |_| ())?;
    }
    let weights: Vec<i64> = WEIGHTS
        .lines()
        .filter_map(|line| line.parse().ok())
        .collect();
    for sku in data.units.keys() {
        let position = usize::try_from(choice(sku) % weights.len() as u64).unwrap_or(0);
        let item = item(&mut world, sku, weights[position]);
        world.run(item, &mut |_| ())?;
    }
    for command in first(data) {
        world.run(command, &mut |_| ())?;
    }
    Ok(world)
}

fn item(world: &mut World, sku: &str, weight_g: i64) -> Command {
    Command::PutItem(PutItem {
        id: ItemId::new(world.now, world.bits()),
        sku: sku.to_owned(),
        title: sku.to_owned(),
        gtin: None,
        weight_g: Some(weight_g),
        dimensions: None,
        unit_cost_minor: None,
        components: Vec::new(),
        oversell_limit: 0,
        list_prices: None,
        case_quantity: None,
        selling: Default::default(),
        tracking: Default::default(),
        mode: PutMode::Create,
    })
}

/// The command that places an order.
pub(super) fn place(world: &mut World, wanted: &Wanted) -> (OrderId, Command) {
    let id = OrderId::new(world.now, world.bits());
    let line = |(sku, quantity, price): &(String, i64, i64)| NewLine {
        sku: sku.clone(),
        quantity: *quantity,
        unit_price_minor: *price,
        ..NewLine::default()
    };
    let order = NewOrder {
        channel: CHANNEL.to_owned(),
        currency: "GBP".to_owned(),
        ship_to: Some(address(wanted)),
        lines: wanted.lines.iter().map(line).collect(),
        ..NewOrder::default()
    };
    let command = Command::PlaceOrder(Box::new(PlaceOrder {
        id,
        new_customer: CustomerId::new(world.now, world.bits()),
        order,
        body_hash: [0; 16],
        history: None,
        plans: None,
    }));
    (id, command)
}

/// A town for British customers, the middle of the country for others.
fn address(wanted: &Wanted) -> Address {
    let town = home(choice(&wanted.customer));
    let is_british = wanted.country == "GB";
    let centre = country_centre(&wanted.country);
    let place = centre.map(|point| point.degrees()).filter(|_| !is_british);
    let (latitude, longitude) = place.unwrap_or((town.2, town.3));
    Address {
        name: "The customer".to_owned(),
        line1: "Street not in the data".to_owned(),
        city: town.1.to_owned(),
        postal_code: "-".to_owned(),
        country: wanted.country.clone(),
        latitude: Some(latitude),
        longitude: Some(longitude),
        ..Address::default()
    }
}
