//! What conditions can see of an order. No personal values are among it.

use serde_json::{Map, Value as Json};

use crate::order::Method;

/// What conditions can see of an order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrderContext {
    /// Code of the channel.
    pub channel: String,
    /// ISO 4217 code.
    pub currency: String,
    /// What the order costs, in minor units.
    pub total_minor: i64,
    /// Price of the goods before discounts and tax.
    pub goods_minor: i64,
    /// Discounts on lines, and charges below zero, as a positive amount.
    pub discount_minor: i64,
    /// Smaller numbers come first.
    pub priority: i64,
    /// Labels.
    pub tags: Vec<String>,
    /// Free data of integrations.
    pub metadata: Map<String, Json>,
    /// Where it goes.
    pub ship_to: ShipToContext,
    /// Who ordered.
    pub customer: CustomerContext,
    /// What was ordered, without the components of kits.
    pub lines: Vec<LineContext>,
    /// Units that move: kits count by their components.
    pub units: i64,
    /// Weight of these units in grams, as far as it is known.
    pub weight_g: i64,
    /// Whether money is there.
    pub payment: PaymentContext,
    /// Milliseconds since 1970 when it was placed.
    pub placed_at_ms: i64,
    /// Day of the week when it was placed, 1 (Monday) to 7.
    pub weekday: i64,
    /// Hour of the day when it was placed, 0 to 23.
    pub hour: i64,
    /// What was seen of late; known when an order is screened.
    pub velocity: VelocityContext,
}

/// Where an order goes, as far as sourcing knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShipToContext {
    /// ISO 3166-1 alpha-2 code; empty if there is no address.
    pub country: String,
    /// State, province or county; empty if none was given.
    pub region: String,
    /// The area of the postal code, such as `DE/803`, else a square of a tenth of a degree (about 11 km); the country alone where
    /// no coordinates are known.
    pub area: String,
}

/// Who ordered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerContext {
    /// Whether it is known who ordered.
    pub is_known: bool,
    /// The tier of the customer; empty if there is none.
    pub tier: String,
    /// Whether this is the customer's first order.
    pub is_new: bool,
    /// Orders placed before this one.
    pub orders_count: i64,
    /// What is owed on orders of credit terms, in minor units, this order not counted.
    pub open_balance_minor: i64,
    /// What may be owed at most; 0 without credit.
    pub credit_limit_minor: i64,
}

/// One line of the order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LineContext {
    /// The SKU as ordered.
    pub sku: String,
    /// Units.
    pub quantity: i64,
    /// Price of one unit in minor units, rounded.
    pub unit_price_minor: i64,
    /// Discount on the whole line.
    pub discount_minor: i64,
    /// How it reaches the customer.
    pub method: Method,
    /// Free data of integrations.
    pub metadata: Map<String, Json>,
}

/// Whether money is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentContext {
    /// The payment status of the order, such as `authorized`.
    pub status: String,
    /// What is set aside or taken, in minor units.
    pub authorized_minor: i64,
    /// What is taken, in minor units.
    pub captured_minor: i64,
}

/// What was seen of late of what the order comes with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VelocityContext {
    /// Of the customer.
    pub customer: VelocityCount,
    /// Of the email address.
    pub email: VelocityCount,
    /// Of the area it goes to.
    pub area: VelocityCount,
    /// Of the means of payment.
    pub card: VelocityCount,
}

/// Orders and money within the last hour and day, this order not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VelocityCount {
    /// Orders within the last hour.
    pub orders_hour: i64,
    /// Orders within the last 24 hours.
    pub orders_day: i64,
    /// Their totals within the last hour, in minor units.
    pub amount_hour_minor: i64,
    /// Their totals within the last 24 hours, in minor units.
    pub amount_day_minor: i64,
}
