//! List prices: what an item is sold for where nothing else is agreed. Prices of orders are compared with them.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::Item;
use crate::decide::{Attempt, Stop};
use crate::decision::Answer;
use crate::id::ItemId;
use crate::money::{AMOUNT_MAX, Currency};
use crate::network::Network;
use crate::refusal::Refusal;

/// Most list prices of an item.
const PRICES_MAX: usize = 200;
/// Most prices that are set at once.
const ROWS_MAX: usize = 1_000;
/// Most units that a price is for.
const UNITS_MAX: i64 = 1_000_000_000;

/// What an item is sold for in a currency, everywhere or in one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPrice {
    /// The currency.
    pub currency: Currency,
    /// Code of the channel; everywhere if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Price of `price_quantity` units, in minor units of the currency.
    pub unit_price_minor: i64,
    /// How many units the price is for.
    #[serde(default = "one")]
    pub price_quantity: i64,
}

fn one() -> i64 {
    1
}

/// Sets or takes away list prices of items, all of them or none; prices of other currencies and channels stay.
#[derive(Debug, Clone)]
pub struct PutListPrices {
    /// The prices, each of one item.
    pub rows: Vec<ListPriceRow>,
}

/// A price of an item.
#[derive(Debug, Clone)]
pub struct ListPriceRow {
    /// The item's SKU.
    pub sku: String,
    /// The currency.
    pub currency: Currency,
    /// Code of the channel; everywhere if absent.
    pub channel: Option<String>,
    /// The price of so many units; absent where there is to be none.
    pub price: Option<(i64, i64)>,
}

impl Item {
    /// What a unit is sold for in a channel: its own price before the one that holds everywhere.
    #[must_use]
    pub fn list_price(&self, channel: &str, currency: Currency) -> Option<&ListPrice> {
        let of = |channel: Option<&str>| {
            let mut prices = self.list_prices.iter();
            prices.find(|price| price.currency == currency && price.channel.as_deref() == channel)
        };
        of(Some(channel)).or_else(|| of(None))
    }
}

/// Sets list prices of items.
///
/// # Errors
/// Refuses no rows and too many, unknown SKUs and channels, impossible prices, a currency that the channel does not sell
/// in, a price that is named twice, and more prices of an item than are kept.
pub fn put_list_prices(attempt: &mut Attempt<'_>, command: &PutListPrices) -> Result<Answer, Stop> {
    if command.rows.is_empty() || command.rows.len() > ROWS_MAX {
        let problem = format!("must name 1 to {ROWS_MAX} prices");
        return Err(Refusal::invalid("/prices", problem).into());
    }
    let mut changed: Vec<Item> = Vec::new();
    let mut places: FxHashMap<ItemId, usize> = FxHashMap::default();
    let mut named: Vec<(ItemId, Currency, Option<&str>)> = Vec::new();
    for (position, row) in command.rows.iter().enumerate() {
        let field = |name: &str| format!("/prices/{position}/{name}");
        let item = attempt.known_item(&field("sku"), &row.sku)?;
        let key = (item.id, row.currency, row.channel.as_deref());
        named.push(key);
        let at = *places.entry(item.id).or_insert_with(|| {
            changed.push(Item::clone(item));
            changed.len() - 1
        });
        let prices = &mut changed[at].list_prices;
        prices.retain(|known| {
            (known.currency, known.channel.as_deref()) != (row.currency, row.channel.as_deref())
        });
        let Some((unit_price_minor, price_quantity)) = row.price else {
            continue;
        };
        let price = ListPrice {
            currency: row.currency,
            channel: row.channel.clone(),
            unit_price_minor,
            price_quantity,
        };
        check_price(attempt.network(), &price, field)?;
        prices.push(price);
        prices.sort_by_key(|price| (price.currency.to_string(), price.channel.clone()));
        if prices.len() > PRICES_MAX {
            return Err(too_many(field("sku")).into());
        }
    }
    refuse_twice(named)?;
    for item in changed {
        let known = attempt.item(item.id)?;
        if known.list_prices != item.list_prices {
            let version = known.version + 1;
            attempt.put_item(Arc::new(Item { version, ..item }));
        }
    }
    Ok(Answer::default())
}

/// Refuses prices that cannot be, and one that is named twice; `field` is the pointer of the list.
pub(super) fn check(network: &Network, prices: &[ListPrice]) -> Result<(), Refusal> {
    if prices.len() > PRICES_MAX {
        return Err(too_many("/list_prices".to_owned()));
    }
    for (position, price) in prices.iter().enumerate() {
        check_price(network, price, |name| {
            format!("/list_prices/{position}/{name}")
        })?;
        let before = &prices[..position];
        let key = |price: &ListPrice| (price.currency, price.channel.clone());
        if before.iter().any(|known| key(known) == key(price)) {
            let field = format!("/list_prices/{position}");
            return Err(Refusal::invalid(field, TWICE));
        }
    }
    Ok(())
}

const TWICE: &str = "names a currency and channel a second time";

fn refuse_twice(named: Vec<(ItemId, Currency, Option<&str>)>) -> Result<(), Refusal> {
    let mut seen = rustc_hash::FxHashSet::default();
    match named.into_iter().position(|key| !seen.insert(key)) {
        Some(position) => {
            let problem = "names a SKU, currency and channel a second time";
            Err(Refusal::invalid(format!("/prices/{position}"), problem))
        }
        None => Ok(()),
    }
}

fn too_many(field: String) -> Refusal {
    let problem = format!("has more than {PRICES_MAX} list prices; take some away first");
    Refusal::invalid(field, problem)
}

fn check_price(
    network: &Network,
    price: &ListPrice,
    field: impl Fn(&str) -> String,
) -> Result<(), Refusal> {
    if !(0..=AMOUNT_MAX).contains(&price.unit_price_minor) {
        let problem = "must not be negative, nor beyond 2^53 - 1";
        return Err(Refusal::invalid(field("unit_price_minor"), problem));
    }
    if !(1..=UNITS_MAX).contains(&price.price_quantity) {
        let problem = format!("must lie between 1 and {UNITS_MAX}");
        return Err(Refusal::invalid(field("price_quantity"), problem));
    }
    let Some(code) = &price.channel else {
        return Ok(());
    };
    match network.channel_by_code(code) {
        None => Err(Refusal::unknown(field("channel"), "channel", code.as_str())),
        Some(channel) if channel.currency != price.currency => {
            let problem = format!(
                "must be {}, which is what the channel {code:?} sells in",
                channel.currency
            );
            Err(Refusal::invalid(field("currency"), problem))
        }
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn list_prices_are_set_by_currency_and_channel_and_taken_away() {
        story(
            r#"
                item A
                put-channel shop
                put-channel us currency=USD
                prices A=EUR:1000 A=EUR@shop:900/10 > nothing changes
                prices A=USD@shop:900   > invalid_field: /prices/0/currency must be EUR, which is what the channel "shop" sells in
                prices A=USD@none:900   > unknown_reference: /prices/0/channel names the unknown channel "none"; create it first or correct the name
                prices ?B=EUR:900       > unknown_reference: /prices/0/sku names the unknown SKU "?B"; create it first or correct the name
                prices A=EUR:1 A=EUR:2  > invalid_field: /prices/1 names a SKU, currency and channel a second time
                prices A=EUR:-1         > invalid_field: /prices/0/unit_price_minor must not be negative, nor beyond 2^53 - 1
                prices A=EUR:1/0        > invalid_field: /prices/0/price_quantity must lie between 1 and 1000000000
                prices                  > invalid_field: /prices must name 1 to 1000 prices
                prices A=EUR:none > nothing changes
            "#,
        );
    }

    #[test]
    fn prices_of_orders_are_held_outside_a_band_around_the_list() {
        story(
            r#"
                location L1
                item A cost=100
                item B cost=100
                stock A@L1=99
                stock B@L1=99
                rules {"code":"R","channels":["backorder"],"price":{"against":"list","least_percent":80,"most_percent":120}}
                prices A=EUR:1000 B=EUR:95/10 > nothing changes
                order A=2(800)     > order open; F1@L1 open A:2 assigned; A@L1 99/2
                order A=2(799)     > order on_hold; A 2 open; H1 price active (SKU "A" is sold for 1598, below 80 % of its list price 2000)
                order A=1(1201)    > order on_hold; A 1 open; H1 price active (SKU "A" is sold for 1201, above 120 % of its list price 1000)
                order B=3(23/3)    > order open; F1@L1 open B:3 assigned; B@L1 99/3
                order B=3(22/3)    > order on_hold; B 3 open; H1 price active (SKU "B" is sold for 22, below 80 % of its list price 29)
                prices A=EUR@backorder:100 > nothing changes
                order A=1(100)     > order open; F1@L1 open A:1 assigned; A@L1 99/3
                prices A=EUR@backorder:none A=EUR:none > nothing changes
                order A=1(1)       > order open; F1@L1 open A:1 assigned; A@L1 99/4
            "#,
        );
    }
}
