//! A shipment to be rated.

use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::carrier::Units;
use throughline_core::catalog::Dimensions;
use throughline_core::network::is_country;
use throughline_core::party::{Address, Destination};
use utoipa::ToSchema;

use crate::http::api::items::body::DimensionsShape;
use crate::http::body::RequestBody;

/// Most items of a shipment.
const ITEMS_MAX: usize = 1_000;
/// Most units of one item.
const QUANTITY_MAX: i64 = 1_000_000_000;

/// A shipment to be rated: items, or one parcel by its weight.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RateRequest)]
#[serde(deny_unknown_fields)]
pub struct RatesBody {
    /// Code of the location that it leaves.
    #[schema(min_length = 1, max_length = 64)]
    pub from: String,
    /// Where it goes.
    pub ship_to: ShipToShape,
    /// The first day on which it may be picked up, in the location's dates; today unless given.
    #[schema(value_type = Option<String>, format = Date)]
    pub ready_on: Option<Date>,
    /// What is in it, by SKU.
    #[schema(max_items = 1000)]
    pub items: Option<Vec<RatedItem>>,
    /// Weight of the one parcel, where no items are given.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub weight_g: Option<i64>,
    /// Its outer dimensions.
    pub dimensions: Option<DimensionsShape>,
}

/// Where a shipment goes, as far as rates need it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RateDestination)]
#[serde(deny_unknown_fields)]
pub struct ShipToShape {
    /// ISO 3166-1 alpha-2 country code.
    #[schema(example = "DE", max_length = 64)]
    country: String,
    /// Postal code.
    #[schema(max_length = 32)]
    postal_code: Option<String>,
    /// Degrees north, if known.
    #[schema(minimum = -90, maximum = 90)]
    latitude: Option<f64>,
    /// Degrees east, if known.
    #[schema(minimum = -180, maximum = 180)]
    longitude: Option<f64>,
}

/// So many units of an item.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatedItem {
    /// The SKU; of a kit its components travel.
    #[schema(min_length = 1, max_length = 100)]
    pub sku: String,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: i64,
}

/// What is to be rated.
#[derive(Debug)]
pub enum Contents {
    /// Items, to be looked up.
    Items(Vec<RatedItem>),
    /// A parcel whose weight is told.
    Parcel(Units),
}

impl RequestBody for RatesBody {}

impl ShipToShape {
    /// The destination that it is.
    ///
    /// # Errors
    /// Refuses what is no country, and impossible coordinates.
    pub fn destination(self) -> Result<Destination, Refusal> {
        self.address().map(|address| address.destination())
    }

    /// The address that it is, as far as it goes.
    ///
    /// # Errors
    /// Refuses what is no country, and impossible coordinates.
    pub fn address(self) -> Result<Address, Refusal> {
        if !is_country(&self.country) {
            let problem = "must be an ISO 3166-1 alpha-2 country code such as DE";
            return Err(Refusal::invalid("/ship_to/country", problem));
        }
        let address = Address {
            country: self.country,
            postal_code: self.postal_code.unwrap_or_default(),
            latitude: self.latitude,
            longitude: self.longitude,
            ..Address::default()
        };
        address.check("/ship_to")?;
        Ok(address)
    }
}

/// What is in the shipment.
///
/// # Errors
/// Refuses a shipment without items and weight, one with both, and impossible quantities, weights and dimensions.
pub fn contents(
    items: Option<Vec<RatedItem>>,
    weight_g: Option<i64>,
    dimensions: Option<DimensionsShape>,
) -> Result<Contents, Refusal> {
    match (items, weight_g) {
        (Some(_), Some(_)) => Err(Refusal::invalid(
            "/weight_g",
            "must be absent where items are given; they bring their own weight",
        )),
        (None, None) => Err(Refusal::invalid(
            "/items",
            "must be given, or weight_g in their place",
        )),
        (Some(items), None) => {
            check_items(&items, dimensions.is_some())?;
            Ok(Contents::Items(items))
        }
        (None, Some(weight_g)) => parcel(weight_g, dimensions).map(Contents::Parcel),
    }
}

fn check_items(items: &[RatedItem], has_dimensions: bool) -> Result<(), Refusal> {
    if has_dimensions {
        let problem = "must be absent where items are given; they bring their own";
        return Err(Refusal::invalid("/dimensions", problem));
    }
    if items.is_empty() || items.len() > ITEMS_MAX {
        let problem = format!("must hold 1 to {ITEMS_MAX} items");
        return Err(Refusal::invalid("/items", problem));
    }
    let is_wrong = |item: &RatedItem| !(1..=QUANTITY_MAX).contains(&item.quantity);
    match items.iter().position(is_wrong) {
        Some(at) => Err(Refusal::invalid(
            format!("/items/{at}/quantity"),
            format!("must be 1 to {QUANTITY_MAX}"),
        )),
        None => Ok(()),
    }
}

fn parcel(weight_g: i64, dimensions: Option<DimensionsShape>) -> Result<Units, Refusal> {
    let possible = 0..=QUANTITY_MAX;
    if !possible.contains(&weight_g) {
        let problem = format!("must be 0 to {QUANTITY_MAX}");
        return Err(Refusal::invalid("/weight_g", problem));
    }
    let sides = dimensions.map(|size| [size.length_mm, size.width_mm, size.height_mm]);
    if sides.is_some_and(|sides| sides.iter().any(|side| !possible.contains(side))) {
        let problem = format!("must have sides of 0 to {QUANTITY_MAX} mm");
        return Err(Refusal::invalid("/dimensions", problem));
    }
    Ok(Units {
        weight_g: Some(weight_g),
        dimensions: dimensions.map(|size| Dimensions {
            length_mm: size.length_mm,
            width_mm: size.width_mm,
            height_mm: size.height_mm,
        }),
        quantity: 1,
    })
}
