//! An item as the API shows it.

use serde::Serialize;
use throughline_core::catalog::Item;
use throughline_core::id::ItemId;
use throughline_core::network::Network;
use utoipa::ToSchema;

use super::body::DimensionsShape;
use super::making::MakerShape;
use super::prices::ListPriceShape;
use super::selling::{BackorderShape, PreorderShape, ThresholdsShape};
use super::tracking::TrackingShape;
use super::visiting::TeamShape;

/// The master data of one SKU.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Item)]
pub struct ItemView<'a> {
    /// Identity.
    #[schema(value_type = Uuid)]
    id: ItemId,
    /// Rises with every change.
    version: i64,
    /// The stock-keeping unit.
    sku: &'a str,
    /// What people call it.
    title: &'a str,
    /// GTIN-8, -12, -13 or -14.
    gtin: Option<&'a str>,
    /// Weight of one unit in grams.
    weight_g: Option<i64>,
    /// Outer dimensions of one unit.
    dimensions: Option<DimensionsShape>,
    /// What one unit costs the merchant.
    unit_cost_minor: Option<i64>,
    /// Whether it is a bundle that explodes into components.
    is_kit: bool,
    /// Components of a kit.
    components: Vec<ComponentView<'a>>,
    /// Units that may be allocated beyond what is on hand, per location.
    oversell_limit: i64,
    /// What it is sold for where nothing else is agreed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    list_prices: Vec<ListPriceShape>,
    /// Units in a case, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    case_quantity: Option<i64>,
    /// What happens to new orders of units that no location has.
    backorder: BackorderShape,
    /// Sold before it is there, until its launch.
    preorder: Option<PreorderShape>,
    /// Whether it is given up.
    discontinued: bool,
    /// Whether customers who wait share what comes, in proportion to what each of them waits for.
    fair_share: bool,
    /// SKUs that customers may be offered instead.
    substitutes: &'a [String],
    /// From how many units on it counts as low, medium and high in stock.
    thresholds: Option<ThresholdsShape>,
    /// How its units are told apart, where they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tracking: Option<TrackingShape>,
    /// Who makes what no location has, when it is ordered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    made_to_order: Vec<MakerShape>,
    /// Of a service: who does it where the customer is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    visits: Vec<TeamShape>,
}

/// So many units of an item in one unit of a kit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Component)]
struct ComponentView<'a> {
    /// SKU of the component.
    sku: &'a str,
    /// Units of it in one kit.
    quantity: i64,
}

impl<'a> ItemView<'a> {
    /// Shows an item.
    #[must_use]
    pub fn new(item: &'a Item, network: &Network) -> Self {
        let makers = item.selling.makers.iter();
        let teams = item.selling.visits.iter();
        let component = |component: &'a throughline_core::catalog::Component| ComponentView {
            sku: &component.sku,
            quantity: component.quantity,
        };
        Self {
            id: item.id,
            version: item.version,
            sku: &item.sku,
            title: &item.title,
            gtin: item.gtin.as_ref().map(|gtin| gtin.as_str()),
            weight_g: item.weight_g,
            dimensions: item.dimensions.map(Into::into),
            unit_cost_minor: item.unit_cost_minor,
            is_kit: item.is_kit(),
            components: item.components.iter().map(component).collect(),
            list_prices: item.list_prices.iter().map(ListPriceShape::new).collect(),
            case_quantity: item.case_quantity,
            oversell_limit: item.oversell_limit,
            backorder: item.selling.backorder.into(),
            preorder: item.selling.preorder.map(Into::into),
            discontinued: item.selling.discontinued,
            fair_share: item.selling.fair_share,
            substitutes: &item.selling.substitutes,
            thresholds: item.selling.thresholds.map(Into::into),
            tracking: TrackingShape::of(item.tracking),
            visits: teams.map(|one| TeamShape::of(one, network)).collect(),
            made_to_order: makers.map(|one| MakerShape::of(one, network)).collect(),
        }
    }
}
