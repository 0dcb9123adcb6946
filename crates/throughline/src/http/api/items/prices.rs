//! List prices: set for many items at once, as a price list has them.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::catalog::{ListPrice, ListPriceRow, PutListPrices};
use throughline_core::command::Command;
use throughline_core::money::Currency;
use utoipa::ToSchema;

use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What an item is sold for where nothing else is agreed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ListPrice)]
#[serde(deny_unknown_fields)]
pub struct ListPriceShape {
    /// ISO 4217 code.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    currency: String,
    /// Code of the channel it holds in; everywhere unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    channel: Option<String>,
    /// Price of `price_quantity` units, in minor units.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    unit_price_minor: i64,
    /// How many units the price is for; 1 unless given.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    price_quantity: i64,
}

fn one() -> i64 {
    1
}

/// List prices of items, each currency and channel of an item once. All of them are set, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ListPrices)]
#[serde(deny_unknown_fields)]
pub struct ListPricesBody {
    /// The prices.
    #[schema(min_items = 1, max_items = 1_000)]
    prices: Vec<ListPriceRowBody>,
}

/// A list price of an item.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ListPriceRow)]
#[serde(deny_unknown_fields)]
pub struct ListPriceRowBody {
    /// The item's SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// ISO 4217 code.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    currency: String,
    /// Code of the channel it holds in; everywhere unless given.
    #[schema(max_length = 64)]
    channel: Option<String>,
    /// Price of `price_quantity` units, in minor units; without it the price is taken away.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    unit_price_minor: Option<i64>,
    /// How many units the price is for; 1 unless given.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    price_quantity: Option<i64>,
}

/// How many prices were set or taken away.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListPricesSet {
    /// Prices that were named.
    prices: usize,
}

impl RequestBody for ListPricesBody {}

/// Sets list prices of many items in one commit: each takes the place of the one with the same SKU, currency and channel, and
/// all others stay. The price check of screening compares orders with them where its rules say so.
#[utoipa::path(
    put, path = "/v1/list-prices", operation_id = "put_list_prices", tag = "items", request_body = ListPricesBody,
    responses((status = 200, description = "All of them were set", body = ListPricesSet))
)]
pub async fn put_list_prices(
    State(api): State<Shared>,
    write: Write<ListPricesBody>,
) -> Result<Rendered, Problem> {
    let rows: Result<Vec<ListPriceRow>, Refusal> = write
        .body
        .prices
        .into_iter()
        .enumerate()
        .map(|(position, row)| row.row(position))
        .collect();
    let rows = rows?;
    let prices = rows.len();
    let command = Command::PutListPrices(PutListPrices { rows });
    api.execute(write.asked.request(command)).await?;
    Ok(Rendered::ok(&ListPricesSet { prices }))
}

impl ListPriceRowBody {
    fn row(self, position: usize) -> Result<ListPriceRow, Refusal> {
        let quantity = self.price_quantity.unwrap_or(1);
        Ok(ListPriceRow {
            currency: currency(format!("/prices/{position}/currency"), &self.currency)?,
            sku: self.sku,
            channel: self.channel,
            price: self.unit_price_minor.map(|minor| (minor, quantity)),
        })
    }
}

fn currency(field: String, code: &str) -> Result<Currency, Refusal> {
    let problem = "must be an ISO 4217 code such as EUR";
    code.parse().map_err(|_| Refusal::invalid(field, problem))
}

impl ListPriceShape {
    /// The list prices that an item is to have.
    ///
    /// # Errors
    /// Refuses what is no currency.
    pub fn prices(shapes: Vec<Self>) -> Result<Vec<ListPrice>, Refusal> {
        let price = |(position, shape): (usize, Self)| {
            let field = format!("/list_prices/{position}/currency");
            Ok(ListPrice {
                currency: currency(field, &shape.currency)?,
                channel: shape.channel,
                unit_price_minor: shape.unit_price_minor,
                price_quantity: shape.price_quantity,
            })
        };
        shapes.into_iter().enumerate().map(price).collect()
    }

    /// Shows a list price.
    #[must_use]
    pub fn new(price: &ListPrice) -> Self {
        Self {
            currency: price.currency.to_string(),
            channel: price.channel.clone(),
            unit_price_minor: price.unit_price_minor,
            price_quantity: price.price_quantity,
        }
    }
}
