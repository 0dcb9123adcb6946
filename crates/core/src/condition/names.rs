//! The one table of names that conditions may use. Checks, messages and documents read it.

use std::fmt;

use super::context::{LineContext, OrderContext};
use super::node::Kind;
use super::value::Value;

/// Where a condition stands: some names are known only when an order is screened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Over the order alone: sourcing policies and whatever else asks.
    Order,
    /// Over the order, its customer's past, and what was seen of late: screening rules.
    Screening,
}

/// A name that conditions may use.
pub struct NameOf<T: 'static> {
    /// The name, dots included.
    pub path: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it means, with its unit.
    pub meaning: &'static str,
    /// Where it is known.
    pub scope: Scope,
    pub(super) read: for<'a> fn(&'a T) -> Value<'a>,
}

impl<T> fmt::Debug for NameOf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path)
    }
}

const fn name(
    path: &'static str,
    kind: Kind,
    meaning: &'static str,
    read: for<'a> fn(&'a OrderContext) -> Value<'a>,
) -> NameOf<OrderContext> {
    NameOf {
        path,
        kind,
        meaning,
        scope: Scope::Order,
        read,
    }
}

const fn seen(
    path: &'static str,
    kind: Kind,
    meaning: &'static str,
    read: for<'a> fn(&'a OrderContext) -> Value<'a>,
) -> NameOf<OrderContext> {
    NameOf {
        path,
        kind,
        meaning,
        scope: Scope::Screening,
        read,
    }
}

const fn field(
    path: &'static str,
    kind: Kind,
    meaning: &'static str,
    read: for<'a> fn(&'a LineContext) -> Value<'a>,
) -> NameOf<LineContext> {
    NameOf {
        path,
        kind,
        meaning,
        scope: Scope::Order,
        read,
    }
}

/// The names of an order.
#[rustfmt::skip]
pub static NAMES: [NameOf<OrderContext>; 42] = [
    name("channel", Kind::Text, "code of the channel", |o| Value::text(&o.channel)),
    name("currency", Kind::Text, "ISO 4217 code", |o| Value::text(&o.currency)),
    name("total_minor", Kind::Int, "what the order costs, in minor units", |o| Value::Int(o.total_minor)),
    name("goods_minor", Kind::Int, "price of the goods before discounts and tax, in minor units", |o| Value::Int(o.goods_minor)),
    name("discount_minor", Kind::Int, "discounts on lines and on the order, in minor units", |o| Value::Int(o.discount_minor)),
    name("priority", Kind::Int, "0 to 1000; smaller numbers come first", |o| Value::Int(o.priority)),
    name("tags", Kind::Texts, "labels", |o| Value::Texts(&o.tags)),
    name("metadata", Kind::Map, "free data of integrations, by key", |o| Value::Map(&o.metadata)),
    name("ship_to.country", Kind::Text, "ISO 3166-1 alpha-2 code; empty without an address", |o| Value::text(&o.ship_to.country)),
    name("ship_to.region", Kind::Text, "state, province or county; empty if not given", |o| Value::text(&o.ship_to.region)),
    name("ship_to.area", Kind::Text, "area of the postal code, such as DE/803, else the square of a tenth of a degree, such as DE/481/116, else the country", |o| Value::text(&o.ship_to.area)),
    name("customer.is_known", Kind::Bool, "whether it is known who ordered", |o| Value::Bool(o.customer.is_known)),
    name("customer.tier", Kind::Text, "tier of the customer; empty if there is none", |o| Value::text(&o.customer.tier)),
    name("lines", Kind::Lines, "what was ordered, without the components of kits", |o| Value::Lines(&o.lines)),
    name("units", Kind::Int, "units that move; kits count by their components", |o| Value::Int(o.units)),
    name("weight_g", Kind::Int, "weight of these units in grams, as far as known", |o| Value::Int(o.weight_g)),
    name("payment.status", Kind::Text, "pending, authorized, partially_paid, paid, partially_refunded, refunded, voided or failed", |o| Value::text(&o.payment.status)),
    name("payment.authorized_minor", Kind::Int, "what is set aside or taken, in minor units", |o| Value::Int(o.payment.authorized_minor)),
    name("payment.captured_minor", Kind::Int, "what is taken, in minor units", |o| Value::Int(o.payment.captured_minor)),
    name("placed_at_ms", Kind::Int, "when it was placed, in milliseconds since 1970 (UTC)", |o| Value::Int(o.placed_at_ms)),
    name("local.weekday", Kind::Int, "day of the week when it was placed, 1 (Monday) to 7", |o| Value::Int(o.weekday)),
    name("local.hour", Kind::Int, "hour of the day when it was placed, 0 to 23", |o| Value::Int(o.hour)),
    seen("customer.is_new", Kind::Bool, "whether this is the customer's first order", |o| Value::Bool(o.customer.is_new)),
    seen("customer.orders_count", Kind::Int, "orders of the customer before this one", |o| Value::Int(o.customer.orders_count)),
    seen("customer.open_balance_minor", Kind::Int, "what the customer owes on credit terms, in minor units, this order not counted", |o| Value::Int(o.customer.open_balance_minor)),
    seen("customer.credit_limit_minor", Kind::Int, "what the customer may owe at most, in minor units; 0 without credit", |o| Value::Int(o.customer.credit_limit_minor)),
    seen("velocity.customer.orders_hour", Kind::Int, "orders of the customer within the last hour", |o| Value::Int(o.velocity.customer.orders_hour)),
    seen("velocity.customer.orders_day", Kind::Int, "orders of the customer within the last 24 hours", |o| Value::Int(o.velocity.customer.orders_day)),
    seen("velocity.customer.amount_hour_minor", Kind::Int, "their totals within the last hour, in minor units", |o| Value::Int(o.velocity.customer.amount_hour_minor)),
    seen("velocity.customer.amount_day_minor", Kind::Int, "their totals within the last 24 hours, in minor units", |o| Value::Int(o.velocity.customer.amount_day_minor)),
    seen("velocity.email.orders_hour", Kind::Int, "orders with the email address within the last hour", |o| Value::Int(o.velocity.email.orders_hour)),
    seen("velocity.email.orders_day", Kind::Int, "orders with the email address within the last 24 hours", |o| Value::Int(o.velocity.email.orders_day)),
    seen("velocity.email.amount_hour_minor", Kind::Int, "their totals within the last hour, in minor units", |o| Value::Int(o.velocity.email.amount_hour_minor)),
    seen("velocity.email.amount_day_minor", Kind::Int, "their totals within the last 24 hours, in minor units", |o| Value::Int(o.velocity.email.amount_day_minor)),
    seen("velocity.area.orders_hour", Kind::Int, "orders to the same area within the last hour", |o| Value::Int(o.velocity.area.orders_hour)),
    seen("velocity.area.orders_day", Kind::Int, "orders to the same area within the last 24 hours", |o| Value::Int(o.velocity.area.orders_day)),
    seen("velocity.area.amount_hour_minor", Kind::Int, "their totals within the last hour, in minor units", |o| Value::Int(o.velocity.area.amount_hour_minor)),
    seen("velocity.area.amount_day_minor", Kind::Int, "their totals within the last 24 hours, in minor units", |o| Value::Int(o.velocity.area.amount_day_minor)),
    seen("velocity.card.orders_hour", Kind::Int, "orders with the same card within the last hour", |o| Value::Int(o.velocity.card.orders_hour)),
    seen("velocity.card.orders_day", Kind::Int, "orders with the same card within the last 24 hours", |o| Value::Int(o.velocity.card.orders_day)),
    seen("velocity.card.amount_hour_minor", Kind::Int, "their totals within the last hour, in minor units", |o| Value::Int(o.velocity.card.amount_hour_minor)),
    seen("velocity.card.amount_day_minor", Kind::Int, "their totals within the last 24 hours, in minor units", |o| Value::Int(o.velocity.card.amount_day_minor)),
];

/// The names of a line, as `exists` and its like have it.
#[rustfmt::skip]
pub static LINE_NAMES: [NameOf<LineContext>; 6] = [
    field("sku", Kind::Text, "the SKU as ordered", |l| Value::text(&l.sku)),
    field("quantity", Kind::Int, "units", |l| Value::Int(l.quantity)),
    field("unit_price_minor", Kind::Int, "price of one unit in minor units", |l| Value::Int(l.unit_price_minor)),
    field("discount_minor", Kind::Int, "discount on the whole line, in minor units", |l| Value::Int(l.discount_minor)),
    field("method", Kind::Text, "ship, pickup, digital or service", |l| Value::text(l.method.as_str())),
    field("metadata", Kind::Map, "free data of integrations, by key", |l| Value::Map(&l.metadata)),
];

/// The functions that conditions may call, and what each one tells.
pub const FUNCTIONS: [(&str, &str); 12] = [
    ("size", "size(x): characters of a text, elements of a list"),
    ("contains", "text.contains(part)"),
    ("startsWith", "text.startsWith(part)"),
    ("endsWith", "text.endsWith(part)"),
    ("int", "int(x): a number or a text as a whole number"),
    ("string", "string(x): a number, text or bool as text"),
    (
        "has",
        "has(a.b): whether a key is there; of a listed name, whether it is not empty, 0 or false",
    ),
    (
        "exists",
        "list.exists(x, condition): whether it holds for some element",
    ),
    (
        "exists_one",
        "list.exists_one(x, condition): whether it holds for exactly one element",
    ),
    (
        "all",
        "list.all(x, condition): whether it holds for every element",
    ),
    (
        "filter",
        "list.filter(x, condition): the elements it holds for",
    ),
    (
        "map",
        "list.map(x, value): what each element is turned into",
    ),
];

/// The name of an order with exactly this path, where it is known.
pub(super) fn find(path: &str, scope: Scope) -> Option<&'static NameOf<OrderContext>> {
    known(scope).find(|name| name.path == path)
}

/// The names known in a scope.
pub(super) fn known(scope: Scope) -> impl Iterator<Item = &'static NameOf<OrderContext>> {
    NAMES.iter().filter(move |name| name.scope <= scope)
}
