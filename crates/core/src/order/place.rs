//! Placing an order: checked, priced, sourced, and held where something is wrong, in one commit.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{Charge, Method};
use crate::id::{CustomerId, OrderId, ReservationId};
use crate::party::{Address, Person};
use crate::payment::NewPayment;
use crate::time::Millis;

/// An order as the caller describes it.
#[derive(Debug, Clone, Default)]
pub struct NewOrder {
    /// Code of the channel.
    pub channel: String,
    /// The order's name at the channel; unique there.
    pub external_ref: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// Who orders.
    pub customer: Option<Person>,
    /// The merchant's own number of the customer.
    pub customer_ref: Option<String>,
    /// Where it goes.
    pub ship_to: Option<Address>,
    /// Who pays.
    pub bill_to: Option<Address>,
    /// What.
    pub lines: Vec<NewLine>,
    /// Charges of the whole order.
    pub charges: Vec<Charge>,
    /// The customer's purchase order number.
    pub po_number: Option<String>,
    /// The reservation that becomes the order's allocations.
    pub reservation: Option<ReservationId>,
    /// Payments that come with it.
    pub payments: Vec<NewPayment>,
    /// When it was placed, if that was earlier than now.
    pub placed_at: Option<Millis>,
    /// Labels.
    pub tags: Vec<String>,
    /// The customer's words.
    pub note: Option<String>,
    /// 0 to 1,000; smaller numbers come first; 100 unless given.
    pub priority: Option<i32>,
    /// Free data of integrations.
    pub metadata: Map<String, Value>,
}

/// A line as the caller describes it.
#[derive(Debug, Clone, Default)]
pub struct NewLine {
    /// The SKU.
    pub sku: String,
    /// Units.
    pub quantity: i64,
    /// Price of `price_quantity` units.
    pub unit_price_minor: i64,
    /// How many units the price is for; 1 unless given.
    pub price_quantity: Option<i64>,
    /// Discount on the whole line.
    pub discount_minor: i64,
    /// Tax on the whole line.
    pub tax_minor: i64,
    /// Title; the item's unless given.
    pub title: Option<String>,
    /// How it reaches the customer.
    pub method: Method,
    /// Code of the location it is bound to.
    pub location: Option<String>,
    /// Its own address.
    pub ship_to: Option<Address>,
    /// When the customer wants it.
    pub requested_date: Option<Date>,
    /// Free data of integrations.
    pub metadata: Map<String, Value>,
}

/// Places an order.
#[derive(Debug, Clone)]
pub struct PlaceOrder {
    /// The new order's id.
    pub id: OrderId,
    /// The customer's id, if the customer is new.
    pub new_customer: CustomerId,
    /// The order.
    pub order: NewOrder,
    /// First 16 bytes of the SHA-256 of what was sent, to tell the same order from another one with its reference.
    pub body_hash: [u8; 16],
    /// The order was fulfilled before it came here: delivered at this time, stock untouched.
    pub history: Option<Millis>,
}

/// Saves a draft, or saves it again.
#[derive(Debug, Clone)]
pub struct SaveDraft {
    /// The draft's id.
    pub id: OrderId,
    /// Whether the draft must exist already.
    pub exists: bool,
    /// The customer's id, if the customer is new.
    pub new_customer: CustomerId,
    /// The order.
    pub order: NewOrder,
}

/// Places a draft as it is.
#[derive(Debug, Clone, Copy)]
pub struct PlaceDraft;
