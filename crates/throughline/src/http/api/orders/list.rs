//! Listing orders.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use throughline_core::facts::ClaimKey;
use throughline_core::id::{CustomerId, OrderId};
use throughline_core::money::Currency;
use throughline_core::network::Network;
use throughline_core::order::{
    FulfilmentStatus, HoldKind, Order, OrderStatus, PaymentStatus, ReturnsStatus, statuses, totals,
};
use throughline_store::views::orders::{Filter, Sort, StoredOrder};
use throughline_store::{Connection, StoreError, views};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::kinds::{
    FulfilmentStatusShape, HoldKindShape, OrderStatusShape, PaymentStatusShape, ReturnsStatusShape,
};
use super::view::{Contacts, CustomerView};
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::api::shapes::{Instant, Moment};
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OrderFilter {
    /// The order as a whole.
    #[param(value_type = Option<OrderStatusShape>, inline)]
    status: Option<OrderStatus>,
    /// Its money.
    #[param(value_type = Option<PaymentStatusShape>, inline)]
    payment_status: Option<PaymentStatus>,
    /// Its fulfilments.
    #[param(value_type = Option<FulfilmentStatusShape>, inline)]
    fulfilment_status: Option<FulfilmentStatus>,
    /// A kind of hold that is active: `sourcing` is the queue of what locations turned down too often.
    #[param(value_type = Option<HoldKindShape>, inline)]
    hold: Option<HoldKind>,
    /// Code of the channel.
    channel: Option<String>,
    /// Id, email address or external reference of the customer.
    customer: Option<String>,
    /// A SKU that it names. Orders that another process has placed appear here within a second.
    sku: Option<String>,
    /// Words that its number, references, tracking numbers, names or addresses begin with. Orders that another process has
    /// placed appear here within a second.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Placed at this time or later. A date stands for its first moment in UTC.
    #[param(value_type = Option<String>, format = DateTime)]
    placed_after: Option<Moment>,
    /// Placed before this time. A date stands for its first moment in UTC.
    #[param(value_type = Option<String>, format = DateTime)]
    placed_before: Option<Moment>,
    /// Its number.
    number: Option<u64>,
    /// Its name at a channel.
    external_ref: Option<String>,
    /// `-placed_at` (latest first) unless given, or `placed_at`.
    #[param(value_type = Option<SortShape>, inline)]
    sort: Option<SortName>,
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
enum SortName {
    #[serde(rename = "placed_at")]
    Oldest,
    #[serde(rename = "-placed_at")]
    Newest,
}

/// The order of a list.
#[derive(Debug, ToSchema)]
pub enum SortShape {
    /// Earliest placed first.
    #[schema(rename = "placed_at")]
    Oldest,
    /// Latest placed first.
    #[schema(rename = "-placed_at")]
    Newest,
}

/// Most characters of `q`.
const WORDS_MAX: usize = 200;

/// An order as a row of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderRow)]
pub struct OrderRow<'a> {
    /// Identity.
    #[schema(value_type = Uuid)]
    id: OrderId,
    /// The number people use.
    number: u64,
    /// Rises with every journal entry.
    version: u64,
    /// The order as a whole.
    #[schema(value_type = OrderStatusShape)]
    status: OrderStatus,
    /// Its money.
    #[schema(value_type = PaymentStatusShape)]
    payment_status: PaymentStatus,
    /// Its fulfilments.
    #[schema(value_type = FulfilmentStatusShape)]
    fulfilment_status: FulfilmentStatus,
    /// Its returns.
    #[schema(value_type = ReturnsStatusShape)]
    return_status: ReturnsStatus,
    /// Code of the channel.
    channel: &'a str,
    /// The order's name at the channel.
    external_ref: Option<&'a str>,
    /// ISO 4217 code.
    #[schema(value_type = String)]
    currency: Currency,
    /// What it costs, in minor units.
    total_minor: i64,
    /// What is still owed.
    balance_minor: i64,
    /// Lines, kit components not counted.
    line_count: usize,
    /// Who ordered.
    customer: Option<CustomerView<'a>>,
    /// The customer's purchase order number.
    po_number: Option<&'a str>,
    /// Smaller numbers are served first.
    priority: i32,
    /// Labels.
    tags: &'a [String],
    /// When it was placed.
    #[schema(value_type = String, format = DateTime)]
    placed_at: Instant,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

/// Lists orders, latest placed first.
#[utoipa::path(
    get, path = "/v1/orders", operation_id = "list_orders", tag = "orders", params(OrderFilter),
    responses((status = 200, description = "A page of orders", body = Page<OrderRow>))
)]
pub async fn list_orders(
    State(api): State<Shared>,
    Params(mut filter): Params<OrderFilter>,
) -> Result<Rendered, Problem> {
    // A search form that was left empty asks for nothing.
    filter.q = filter.q.filter(|words| !words.trim().is_empty());
    if filter
        .q
        .as_ref()
        .is_some_and(|words| words.chars().count() > WORDS_MAX)
    {
        return Err(Problem::parameter(
            "q",
            format!("must have at most {WORDS_MAX} characters"),
        ));
    }
    if filter.sku.is_some() || filter.q.is_some() {
        api.executor.project().await;
    }
    let network = api.current_network().await?;
    let names = std::sync::Arc::clone(&network);
    let (page, contacts) = api
        .read(move |connection| page(connection, &filter, &names))
        .await?;
    Ok(Rendered::ok(&Page::of(&page, |stored| {
        OrderRow::new(stored, &network, &contacts)
    })))
}

type Found = (views::Page<StoredOrder>, Contacts);

fn page(
    connection: &mut Connection,
    asked: &OrderFilter,
    network: &Network,
) -> Result<Found, StoreError> {
    let Some(filter) = filter(connection, asked, network)? else {
        return Ok((
            views::Page {
                data: Vec::new(),
                has_more: false,
                next_cursor: None,
            },
            Contacts::default(),
        ));
    };
    let sort = match asked.sort {
        Some(SortName::Oldest) => Sort::OldestFirst,
        Some(SortName::Newest) | None => Sort::NewestFirst,
    };
    let page = views::orders::list(
        connection,
        &filter,
        sort,
        asked.cursor.as_deref(),
        asked.limit.rows(),
    )?;
    let person = |stored: &StoredOrder| stored.order.placed.person.map(|no| no.of(stored.order.id));
    let people: Vec<Uuid> = page.data.iter().filter_map(person).collect();
    let contacts = views::contacts::load(connection, &people)?;
    Ok((page, contacts))
}

/// What to look for; `None` when a name is given that nobody has, which no order can fit.
fn filter(
    connection: &mut Connection,
    asked: &OrderFilter,
    network: &Network,
) -> Result<Option<Filter>, StoreError> {
    let mut filter = Filter {
        status: asked.status,
        payment_status: asked.payment_status,
        fulfilment_status: asked.fulfilment_status,
        hold: asked.hold,
        words: asked.q.clone(),
        placed_after: asked.placed_after.map(|at| at.0),
        placed_before: asked.placed_before.map(|at| at.0),
        number: asked.number,
        external_ref: asked.external_ref.clone(),
        ..Filter::default()
    };
    if let Some(code) = &asked.channel {
        let Some(channel) = network.channel_by_code(code) else {
            return Ok(None);
        };
        filter.channel = Some(channel.id);
    }
    if let Some(name) = &asked.customer {
        let Some(customer) = customer(connection, name)? else {
            return Ok(None);
        };
        filter.customer = Some(customer);
    }
    if let Some(sku) = &asked.sku {
        let Some(item) = views::items::by_sku(connection, &[sku])?.pop() else {
            return Ok(None);
        };
        filter.item = Some(item.id);
    }
    Ok(Some(filter))
}

fn customer(connection: &mut Connection, name: &str) -> Result<Option<CustomerId>, StoreError> {
    if let Ok(id) = name.parse() {
        return Ok(Some(id));
    }
    let key = match name.contains('@') {
        true => ClaimKey::email(&name.trim().to_lowercase()),
        false => ClaimKey::customer_ref(name),
    };
    Ok(views::customers::find(connection, &key)?.map(|stored| stored.customer.id))
}

impl<'a> OrderRow<'a> {
    fn new(stored: &'a StoredOrder, network: &'a Network, contacts: &'a Contacts) -> Self {
        let order: &Order = &stored.order;
        let (placed, status, money) = (order.placed.as_ref(), statuses(order), totals(order));
        Self {
            id: order.id,
            number: order.number,
            version: order.version,
            status: status.order,
            payment_status: status.payment,
            fulfilment_status: status.fulfilment,
            return_status: status.returns,
            channel: network
                .channel(placed.channel)
                .map_or("", |channel| &channel.code),
            external_ref: placed.external_ref.as_deref(),
            currency: placed.currency,
            total_minor: money.total_minor,
            balance_minor: money.balance_minor,
            line_count: placed
                .lines
                .iter()
                .filter(|line| line.kit.is_none())
                .count(),
            customer: CustomerView::new(order, contacts),
            po_number: placed.po_number.as_deref(),
            priority: order.progress.priority,
            tags: &order.progress.tags,
            placed_at: Instant(placed.placed_at),
            updated_at: Instant(stored.updated_at),
        }
    }
}
