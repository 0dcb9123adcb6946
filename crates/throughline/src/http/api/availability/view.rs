//! What can be promised, as the API shows it.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::Serialize;
use throughline_core::Facts;
use throughline_core::catalog::{Item, StockWord};
use throughline_core::id::ItemId;
use throughline_core::inventory::{Asked, Availability, Curve, Known, RingFence, availability};
use throughline_core::network::{Channel, LocationId, Network};
use throughline_core::order::source::distance_km;
use throughline_core::party::Destination;
use throughline_core::time::Millis;
use utoipa::ToSchema;

use super::asked::Question;
use crate::http::api::shapes::Instant;

/// What it is told from.
pub(super) struct Scene<'a> {
    pub(super) network: &'a Network,
    pub(super) items: &'a FxHashMap<String, Arc<Item>>,
    pub(super) facts: &'a Facts,
    pub(super) channel: Option<&'a Channel>,
    pub(super) question: &'a Question,
    pub(super) now: Millis,
}

/// What can be promised of the SKUs that were asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Availability)]
pub struct AvailabilityView<'a> {
    /// When it was so.
    #[schema(value_type = String, format = DateTime)]
    as_of: Instant,
    /// For which channel.
    channel: Option<&'a str>,
    /// Each SKU that is known, in the order they were asked for.
    data: Vec<SkuView<'a>>,
    /// SKUs that are not known.
    unknown_skus: Vec<&'a str>,
}

/// What can be promised of one SKU.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SkuAvailability)]
struct SkuView<'a> {
    /// The SKU.
    sku: &'a str,
    /// Whether it is a kit, which is available as far as its components are.
    is_kit: bool,
    /// Units that can be promised from what is there.
    available: i64,
    /// That in a word, by the item's thresholds.
    #[schema(value_type = LevelShape)]
    level: &'static str,
    /// Units that can be promised from each day on; a day that is not named is like the one before it.
    atp: Vec<StepView>,
    /// Units that can be promised for the day that was asked for.
    on_date: Option<StepView>,
    /// Units that orders wait for; they are not promised again.
    waited_for: i64,
    /// Units that will come and count.
    incoming: i64,
    /// Units that should have come by now; they do not count until they have a new day.
    overdue: i64,
    /// Units that only one channel may have; `available` counts them for that channel alone.
    ring_fences: Vec<RingFenceView<'a>>,
    /// By location: those that the channel sells from, near ones first if a country was given.
    locations: Vec<PlaceView<'a>>,
}

/// Units from a day on.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = AtpStep)]
struct StepView {
    /// The day.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Units.
    units: i64,
}

/// What one location can promise alone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LocationAvailability)]
struct PlaceView<'a> {
    /// Its code.
    location: &'a str,
    /// Units that it can promise from what is there.
    available: i64,
    /// Units that it can promise from each day on.
    atp: Vec<StepView>,
}

/// Units that only one channel may have.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RingFence)]
struct RingFenceView<'a> {
    /// Code of the location.
    location: &'a str,
    /// Code of the channel.
    channel: &'a str,
    /// Units that are left.
    quantity: i64,
}

/// How much there is, in a word.
#[derive(Debug, ToSchema)]
#[schema(as = StockWord, rename_all = "snake_case")]
pub enum LevelShape {
    /// Less than the low threshold, or nothing.
    Out,
    /// The low threshold or more.
    Low,
    /// The medium threshold or more.
    Medium,
    /// The high threshold or more; where an item has no thresholds, anything at all.
    High,
}

impl<'a> AvailabilityView<'a> {
    /// Tells what can be promised.
    pub(super) fn new(scene: &'a Scene<'a>) -> Self {
        let skus = scene.question.skus.iter();
        let known = skus.clone().filter_map(|sku| scene.items.get(sku));
        let unknown = skus.filter(|sku| !scene.items.contains_key(*sku));
        Self {
            as_of: Instant(scene.now),
            channel: scene.channel.map(|channel| channel.code.as_str()),
            data: known.map(|item| SkuView::new(scene, item)).collect(),
            unknown_skus: unknown.map(String::as_str).collect(),
        }
    }
}

impl<'a> SkuView<'a> {
    fn new(scene: &'a Scene<'a>, item: &'a Item) -> Self {
        let all = match item.is_kit() {
            true => of_kit(scene, item),
            false => of_item(scene, item.id),
        };
        let today = scene.now.local_date("UTC");
        let available = all.atp.network.on(today);
        Self {
            sku: &item.sku,
            is_kit: item.is_kit(),
            available,
            level: StockWord::of(available, item.selling.thresholds).as_str(),
            atp: steps(&all.atp.network),
            on_date: scene.question.date.map(|date| StepView {
                date,
                units: all.atp.network.on(date),
            }),
            waited_for: all.waited,
            incoming: all.incoming,
            overdue: all.overdue,
            ring_fences: ring_fences(scene, item.id),
            locations: places(scene, &all, today),
        }
    }
}

fn steps(curve: &Curve) -> Vec<StepView> {
    let steps = curve.0.iter();
    let steps = steps.map(|step| StepView {
        date: step.date,
        units: step.units,
    });
    steps.collect()
}

fn places<'a>(scene: &'a Scene<'a>, all: &Availability, today: Date) -> Vec<PlaceView<'a>> {
    let mut places: Vec<(LocationId, &Curve)> = Vec::with_capacity(all.atp.locations.len());
    places.extend(all.atp.locations.iter().map(|(id, curve)| (*id, curve)));
    if let Some(country) = &scene.question.ship_to {
        let destination = Destination {
            country: country.clone(),
            ..Destination::default()
        };
        places.sort_by_key(|(id, _)| {
            let location = scene.network.location(*id);
            location.map(|location| distance_km(&destination, location))
        });
    }
    let place = |(id, curve): (LocationId, &Curve)| PlaceView {
        location: scene.network.location(id).map_or("", |known| &known.code),
        available: curve.on(today),
        atp: steps(curve),
    };
    places.into_iter().map(place).collect()
}

fn ring_fences<'a>(scene: &Scene<'a>, item: ItemId) -> Vec<RingFenceView<'a>> {
    let stock = scene.facts.stock.get(&item);
    let fences = stock
        .map(|stock| stock.fences.as_slice())
        .unwrap_or_default();
    let view = |fence: &RingFence| RingFenceView {
        location: scene
            .network
            .location(fence.location)
            .map_or("", |known| &known.code),
        channel: scene
            .network
            .channel(fence.channel)
            .map_or("", |known| &known.code),
        quantity: fence.quantity,
    };
    fences.iter().map(view).collect()
}

fn of_item(scene: &Scene<'_>, item: ItemId) -> Availability {
    let asked = Asked {
        network: scene.network,
        channel: scene.channel,
        now: scene.now,
        min_confidence_percent: scene.question.min_confidence_percent,
    };
    let facts = scene.facts;
    let (Some(stock), Some(incoming), Some(waited)) = (
        facts.stock.get(&item),
        facts.incoming.get(&item),
        facts.waited.get(&item),
    ) else {
        return Availability::default();
    };
    let (levels, fences) = (&stock.levels, &stock.fences);
    let exclusions = &stock.exclusions;
    availability(
        asked,
        Known {
            levels,
            incoming,
            waited,
            fences,
            exclusions,
            lots: facts
                .items
                .get(&item)
                .map(AsRef::as_ref)
                .zip(facts.lots.get(&item)),
        },
    )
}

fn of_kit(scene: &Scene<'_>, kit: &Item) -> Availability {
    let parts = kit.components.iter();
    let parts = parts.map(|part| of_item(scene, part.item).in_multiples_of(part.quantity));
    parts.reduce(Availability::and).unwrap_or_default()
}
