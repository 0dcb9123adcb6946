//! Requests with what they will have done once they are acknowledged.

use serde_json::Value;

use crate::client::{Asked, Method};

/// A request that changes something.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// How.
    pub(crate) method: Method,
    /// What it is about, such as `/v1/orders`.
    pub(crate) path: String,
    /// Its idempotency key.
    pub(crate) key: String,
    /// Its body, byte for byte the same at every try.
    pub(crate) body: String,
    /// The status of its success.
    pub(crate) success: u16,
    /// What it changes.
    pub(crate) effect: Effect,
    /// How often it was sent.
    pub(crate) tries: u32,
    /// Rows of a batch that were answered before the connection was cut.
    pub(crate) early: Vec<Value>,
}

impl Request {
    /// The request on its way to a URL.
    pub(crate) fn at<'a>(&'a self, url: &'a str) -> Asked<'a> {
        Asked {
            method: self.method,
            url,
            key: Some(&self.key),
            body: &self.body,
        }
    }
}

/// What a request changes, for the clients' own book. Orders and reservations are positions in it.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    /// An order is placed.
    Place(NewOrder),
    /// Many are.
    Batch(Vec<Effect>),
    /// Something about an order changes, and the order is answered.
    Order(usize, Change),
    /// Units of a fulfilment are picked, and others are found to be missing.
    Pick(usize, Vec<PickedLine>),
    /// Units of a fulfilment are packed, or become ready, or arrive.
    Fulfilment(usize),
    /// A fulfilment leaves with this tracking number, or is collected.
    Leave(usize, Option<String>),
    /// A return is announced.
    Return(usize),
    /// Units of a return arrive, back on the shelf of a location or not.
    Arrive(usize, Option<Level>),
    /// Stock moves.
    Stock(Vec<(Level, i64)>),
    /// Stock is held for a cart.
    Reserve,
    /// A cart is given up.
    Release(usize),
}

/// A SKU at a location.
pub(crate) type Level = (String, String);

/// Units of one line that were picked, and that were not there.
#[derive(Debug, Clone)]
pub(crate) struct PickedLine {
    /// The SKU.
    pub(crate) sku: String,
    /// Units that were found.
    pub(crate) found: i64,
    /// Units that were not.
    pub(crate) short: i64,
}

/// An order as it was asked for.
#[derive(Debug, Clone)]
pub(crate) struct NewOrder {
    /// Its name at the channel.
    pub(crate) reference: Option<String>,
    /// Its mark, which no other order has.
    pub(crate) marker: String,
    /// References of its payments, with what they capture.
    pub(crate) payments: Vec<(String, i64)>,
    /// Lines.
    pub(crate) lines: i64,
    /// The cart it takes over.
    pub(crate) reservation: Option<usize>,
}

/// What changes about an order.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// A note is written.
    Note(String),
    /// Money is taken from a tender.
    Capture(i64),
    /// Money is taken with a new tender.
    Pay(String, i64),
    /// Money is given back.
    Refund(i64),
    /// So many units are cancelled.
    CancelUnits(i64),
    /// Everything that has not left is cancelled.
    CancelRest,
    /// A hold is set.
    Hold,
    /// A hold is released.
    ReleaseHold,
    /// A line is added.
    AddLine,
}

/// A request that was acknowledged.
#[derive(Debug, Clone)]
pub(crate) struct Acknowledged {
    /// The request.
    pub(crate) request: Request,
    /// What the answer was about.
    pub(crate) identity: String,
}

/// What an answer is about: its id, or the SKU and location of a stock level; of a batch, the ids of all its rows.
pub(crate) fn identity(answer: &Value) -> String {
    let text = |name: &str| answer[name].as_str().unwrap_or("?");
    match (answer.as_array(), answer["id"].as_str()) {
        (Some(rows), _) => rows.iter().map(identity).collect::<Vec<_>>().join(" "),
        (None, Some(id)) => id.to_owned(),
        (None, None) => format!("{} at {}", text("sku"), text("location")),
    }
}
