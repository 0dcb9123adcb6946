//! What a location has to do on its days, and how much it can.

use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::network::{Capacity, Load, Location};
use throughline_store::views;
use utoipa::{IntoParams, ToSchema};

use super::shapes::CapacityUnitShape;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::wiring::clock;

/// Days shown unless the caller says how many.
const DAYS: u16 = 14;
/// Most days shown.
const DAYS_MAX: u16 = 366;

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DaysFilter {
    /// The first local day; today unless given.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// How many days; 14 unless given.
    #[param(minimum = 1, maximum = 366)]
    days: Option<u16>,
}

/// The days of a location.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LocationDays)]
pub struct DaysView {
    /// The days in their order.
    data: Vec<DayView>,
}

/// What a location has to do on one day. Only fulfilments that count against a capacity are counted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LocationDay)]
pub struct DayView {
    /// The local day.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Fulfilments.
    orders: i64,
    /// Their lines.
    lines: i64,
    /// Their units.
    units: i64,
    /// What the limit counts; absent where there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CapacityUnitShape>)]
    unit: Option<throughline_core::network::CapacityUnit>,
    /// Most of it on this day.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<i64>,
    /// What is left of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    free: Option<i64>,
}

/// Shows what a location has to do on its days, and how much it can.
#[utoipa::path(
    get, path = "/v1/locations/{code}/days", operation_id = "list_location_days", tag = "locations",
    params(("code" = String, Path, description = "The code, percent-encoded"), DaysFilter),
    responses((status = 200, description = "The days", body = DaysView))
)]
pub async fn list_location_days(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    Params(filter): Params<DaysFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let location = network
        .location_by_code(&code)
        .ok_or_else(|| Problem::not_found("location", &code))?;
    let days = dates(location, &filter);
    let (id, wanted) = (location.id, days.clone());
    let loads = api
        .read(move |connection| views::days::loads(connection, id, &wanted))
        .await?;
    let capacity = location.capacity.as_ref();
    let data = days.into_iter().zip(loads);
    Ok(Rendered::ok(&DaysView {
        data: data.map(|(date, load)| day(date, load, capacity)).collect(),
    }))
}

fn dates(location: &Location, filter: &DaysFilter) -> Vec<Date> {
    let today = location.local_time(clock::now()).date();
    let count = filter.days.unwrap_or(DAYS).clamp(1, DAYS_MAX);
    let dates = filter
        .from
        .unwrap_or(today)
        .series(jiff::Span::new().days(1));
    dates.take(usize::from(count)).collect()
}

fn day(date: Date, load: Load, capacity: Option<&Capacity>) -> DayView {
    let limit = capacity.map(|capacity| capacity.limit_on(date));
    let used = capacity.map(|capacity| load.of(capacity.unit));
    DayView {
        date,
        orders: load.orders,
        lines: load.lines,
        units: load.units,
        unit: capacity.map(|capacity| capacity.unit),
        limit,
        free: limit.zip(used).map(|(limit, used)| (limit - used).max(0)),
    }
}
