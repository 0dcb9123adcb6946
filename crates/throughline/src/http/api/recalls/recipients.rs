//! Who has received a SKU.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::id::{CustomerId, ItemId, LineNo, OrderId};
use throughline_core::order::Order;
use throughline_store::views;
use throughline_store::views::orders::{Filter, Sort, StoredOrder};
use utoipa::{IntoParams, ToSchema};

use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RecipientsFilter {
    /// Only units of the lot with this code.
    lot: Option<String>,
    /// Most orders that are looked at for the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// An order of which units of the SKU have left.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recipient)]
pub struct RecipientView {
    /// The order.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// Its number.
    number: u64,
    /// Who ordered.
    #[schema(value_type = Option<Uuid>)]
    customer_id: Option<CustomerId>,
    /// Units that have left, whatever became of them.
    left: i64,
    /// Units that arrived, returned ones included.
    delivered: i64,
    /// Units that came back.
    returned: i64,
}

/// Lists who has received a SKU, or a lot of it, recalled or not, latest placed first: the orders of which units have left. A page may
/// have fewer rows than its limit, and more to come.
#[utoipa::path(
    get, path = "/v1/recalls/{sku}/recipients", operation_id = "list_recipients", tag = "items",
    params(("sku" = String, Path, description = "The SKU, percent-encoded"), RecipientsFilter),
    responses((status = 200, description = "A page of orders", body = Page<RecipientView>))
)]
pub async fn list_recipients(
    State(api): State<Shared>,
    Named(Code(sku)): Named<Code>,
    Params(asked): Params<RecipientsFilter>,
) -> Result<Rendered, Problem> {
    api.executor.project().await;
    let name = sku.clone();
    let found = api
        .read(move |connection| views::items::by_sku(connection, &[&name]))
        .await?;
    let item = found.first().map(|item| item.id);
    let item = item.ok_or(Refusal::NotFound {
        what: "item",
        name: sku,
    })?;
    let filter = Filter {
        item: Some(item),
        ..Filter::default()
    };
    let page = api
        .read(move |connection| {
            let lot = asked.lot.as_deref();
            let (after, limit) = (asked.cursor.as_deref(), asked.limit.rows());
            let page = views::orders::list(connection, &filter, Sort::NewestFirst, after, limit)?;
            Ok(views::Page {
                data: page
                    .data
                    .into_iter()
                    .filter_map(|one| recipient(&one, item, lot))
                    .collect(),
                has_more: page.has_more,
                next_cursor: page.next_cursor,
            })
        })
        .await?;
    Ok(Rendered::ok(&Page::of(&page, |one| one)))
}

fn recipient(stored: &StoredOrder, item: ItemId, lot: Option<&str>) -> Option<RecipientView> {
    let order: &Order = &stored.order;
    let (mut left, mut delivered, mut returned) = (0, 0, 0);
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    for (line, progress) in lines.filter(|(line, _)| line.item == Some(item)) {
        returned += match lot {
            Some(lot) => returned_of(order, line.no, lot),
            None => progress.returned,
        };
        for fulfilment in &order.progress.fulfilments {
            let Some(units) = fulfilment.units(line.no) else {
                continue;
            };
            // Parcels do not say which lot is in them: at most so many of the lot have arrived.
            let most = lot.map_or(i64::MAX, |lot| {
                let lots = fulfilment.lots_of(line.no);
                let of_lot = lots.filter(|known| known.lot.code.as_str() == lot);
                of_lot.map(|known| known.picked).sum()
            });
            left += units.left().min(most);
            delivered += units.delivered.min(most);
        }
    }
    (left > 0).then_some(RecipientView {
        order_id: order.id,
        number: order.number,
        customer_id: order.placed.customer,
        left,
        delivered,
        returned,
    })
}

/// Units of a lot that came back of a line.
fn returned_of(order: &Order, line: LineNo, lot: &str) -> i64 {
    let lines = order.progress.returns.iter().flat_map(|one| &one.lines);
    let lots = lines
        .filter(|known| known.line == line)
        .flat_map(|known| &known.lots);
    let of_lot = lots.filter(|(known, _)| known.code.as_str() == lot);
    of_lot.map(|(_, units)| units).sum()
}
