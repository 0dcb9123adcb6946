//! What somebody is about to order, as the caller writes it.

use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::order::Method;
use utoipa::ToSchema;

use crate::http::api::rates::body::{RatedItem, ShipToShape};
use crate::http::body::RequestBody;

/// What somebody is about to order.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PromiseRequest)]
#[serde(deny_unknown_fields)]
pub struct PromiseBody {
    /// Code of the channel.
    #[schema(min_length = 1, max_length = 64)]
    pub channel: String,
    /// Where the customer is.
    pub ship_to: ShipToShape,
    /// What.
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<RatedItem>,
    /// How it may reach the customer; shipped and collected unless given.
    pub methods: Option<Vec<PromiseMethod>>,
    /// When the customer needs it.
    #[schema(value_type = Option<String>, format = Date)]
    pub needed_by: Option<Date>,
}

impl RequestBody for PromiseBody {}

/// A way to the customer that can be promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromiseMethod {
    /// A carrier brings it.
    Ship,
    /// The customer collects it at a location that has all of it.
    Pickup,
}

impl From<PromiseMethod> for Method {
    fn from(method: PromiseMethod) -> Self {
        match method {
            PromiseMethod::Ship => Self::Ship,
            PromiseMethod::Pickup => Self::Pickup,
        }
    }
}
