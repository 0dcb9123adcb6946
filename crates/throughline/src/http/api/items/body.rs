//! An item as the caller writes it.

use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::catalog::{Dimensions, Gtin, PutItem, Selling};
use throughline_core::command::PutMode;
use throughline_core::network::Network;
use utoipa::ToSchema;

use super::making::{MakerShape, makers};
use super::prices::ListPriceShape;
use super::selling::{BackorderShape, PreorderShape, ThresholdsShape};
use super::tracking::TrackingShape;
use super::visiting::{TeamShape, teams};
use crate::http::api::names::name;
use crate::http::body::RequestBody;
use crate::wiring::ids;

/// An item to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ItemData)]
#[serde(deny_unknown_fields)]
pub struct ItemBody {
    /// The stock-keeping unit, compared byte by byte. Needed by POST; in PUT it may be left away, or must be the path's.
    #[schema(min_length = 1, max_length = 100)]
    pub sku: Option<String>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    title: String,
    /// GTIN-8, -12, -13 or -14.
    #[schema(pattern = "^[0-9]{8,14}$")]
    gtin: Option<String>,
    /// Weight of one unit in grams.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    weight_g: Option<i64>,
    /// Outer dimensions of one unit.
    dimensions: Option<DimensionsShape>,
    /// What one unit costs the merchant, in minor units of the merchant's currency.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    unit_cost_minor: Option<i64>,
    /// Components of a kit; a kit holds no stock of its own.
    #[schema(max_items = 50)]
    components: Option<Vec<ComponentBody>>,
    /// Units that may be allocated beyond what is on hand, per location; 0 unless given.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    oversell_limit: Option<i64>,
    /// What it is sold for where nothing else is agreed, each currency and channel once; as before unless given.
    #[schema(max_items = 200)]
    list_prices: Option<Vec<ListPriceShape>>,
    /// Units in a case; customers and channels may demand that whole cases are ordered and served.
    #[schema(minimum = 2, maximum = 10_000)]
    case_quantity: Option<i64>,
    /// What happens to new orders of units that no location has; `open` unless given.
    backorder: Option<BackorderShape>,
    /// Sold before it is there, until its launch.
    preorder: Option<PreorderShape>,
    /// Whether it is given up: what is there is sold, and nothing more is waited for.
    discontinued: Option<bool>,
    /// Whether customers who wait share what comes, in proportion to what each of them waits for; `false` unless given. Not
    /// for kits.
    fair_share: Option<bool>,
    /// SKUs that customers may be offered instead.
    #[schema(max_items = 20)]
    substitutes: Option<Vec<String>>,
    /// From how many units on it counts as low, medium and high in stock.
    thresholds: Option<ThresholdsShape>,
    /// How its units are told apart; not at all unless given.
    tracking: Option<TrackingShape>,
    /// Who makes what no location has, when it is ordered; nobody unless given.
    #[schema(max_items = 20)]
    made_to_order: Option<Vec<MakerShape>>,
    /// Of a service: who does it where the customer is, in which slots of a day; it has no slots unless given.
    #[schema(max_items = 20)]
    visits: Option<Vec<TeamShape>>,
}

/// Outer dimensions of one unit in millimetres.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = Dimensions)]
#[serde(deny_unknown_fields)]
pub struct DimensionsShape {
    /// Longest side.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub length_mm: i64,
    /// Second side.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub width_mm: i64,
    /// Third side.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub height_mm: i64,
}

/// So many units of an item in one unit of a kit.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewComponent)]
#[serde(deny_unknown_fields)]
pub struct ComponentBody {
    /// SKU of a simple item.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Units of it in one kit.
    #[schema(minimum = 1, maximum = 1_000_000)]
    quantity: i64,
}

impl RequestBody for ItemBody {}

impl ItemBody {
    /// The command that writes the item with the name of the path, or the body's own where there is none.
    ///
    /// # Errors
    /// Refuses what is no GTIN, a missing SKU, another SKU than the path's, and makers that are no locations.
    pub fn command(
        self,
        path: Option<String>,
        mode: PutMode,
        network: &Network,
    ) -> Result<PutItem, Refusal> {
        let components = self.components.unwrap_or_default();
        let selling = Selling {
            backorder: self.backorder.map(Into::into).unwrap_or_default(),
            preorder: self.preorder.map(Into::into),
            discontinued: self.discontinued.unwrap_or(false),
            fair_share: self.fair_share.unwrap_or(false),
            substitutes: self.substitutes.unwrap_or_default(),
            thresholds: self.thresholds.map(Into::into),
            makers: makers(self.made_to_order.unwrap_or_default(), network)?,
            visits: teams(self.visits.unwrap_or_default(), network)?,
        };
        Ok(PutItem {
            id: ids::item(),
            sku: name("sku", path, self.sku)?,
            title: self.title,
            gtin: self.gtin.map(gtin).transpose()?,
            weight_g: self.weight_g,
            dimensions: self.dimensions.map(Into::into),
            unit_cost_minor: self.unit_cost_minor,
            components: components
                .into_iter()
                .map(|component| (component.sku, component.quantity))
                .collect(),
            list_prices: self.list_prices.map(ListPriceShape::prices).transpose()?,
            case_quantity: self.case_quantity,
            oversell_limit: self.oversell_limit.unwrap_or(0),
            selling,
            tracking: self.tracking.map(Into::into).unwrap_or_default(),
            mode,
        })
    }
}

fn gtin(text: String) -> Result<Gtin, Refusal> {
    Gtin::try_from(text).map_err(|problem| Refusal::invalid("/gtin", problem.to_string()))
}

impl From<DimensionsShape> for Dimensions {
    fn from(shape: DimensionsShape) -> Self {
        Self {
            length_mm: shape.length_mm,
            width_mm: shape.width_mm,
            height_mm: shape.height_mm,
        }
    }
}

impl From<Dimensions> for DimensionsShape {
    fn from(size: Dimensions) -> Self {
        Self {
            length_mm: size.length_mm,
            width_mm: size.width_mm,
            height_mm: size.height_mm,
        }
    }
}
