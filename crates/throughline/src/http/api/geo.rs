//! Looking up where a postal code is.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use throughline_core::geo::{Located, LocatedBy, areas, normalised};
use throughline_core::network::is_country;
use throughline_store::views;
use utoipa::{IntoParams, ToSchema};

use crate::geocode::Geocoder;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::problem::Problem;
use crate::http::query::Params;

/// Longest postal code that is asked for, in bytes.
const CODE_MAX: usize = 32;

/// Which postal code.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GeoQuery {
    /// ISO 3166-1 alpha-2 country code.
    #[param(pattern = "^[A-Z]{2}$", example = "DE")]
    country: String,
    /// The postal code; without one the country is told.
    #[param(max_length = 32)]
    postal_code: Option<String>,
}

/// What is known of a postal code.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PostalCodePlace)]
pub struct GeoView {
    /// The country.
    country: String,
    /// The postal code as it is compared; absent where none can be made of what was given.
    postal_code: Option<String>,
    /// Where an order with this address is measured from.
    located: PlaceView,
    /// Postal codes of this country that are loaded. `throughline import geo` loads more.
    postal_codes_loaded: u64,
}

/// A point, and how exactly it is known.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Place)]
pub struct PlaceView {
    /// Degrees north.
    latitude: f64,
    /// Degrees east.
    longitude: f64,
    /// Where the coordinates came from.
    #[schema(value_type = LocatedByShape)]
    by: LocatedBy,
}

/// Where coordinates came from, the most exact first.
#[derive(Debug, ToSchema)]
#[schema(as = LocatedBy, rename_all = "snake_case")]
pub enum LocatedByShape {
    /// They came with the address.
    Given,
    /// The middle of the address's postal code.
    PostalCode,
    /// The middle of the postal codes that begin like the address's.
    Area,
    /// The middle of the country.
    Country,
}

impl PlaceView {
    /// Shows a place.
    #[must_use]
    pub fn new(located: Located) -> Self {
        let (latitude, longitude) = located.point.degrees();
        Self {
            latitude,
            longitude,
            by: located.by,
        }
    }
}

/// Reads where a postal code is: its own middle, else that of the codes that begin alike, else the country's.
#[utoipa::path(
    get, path = "/v1/geo", operation_id = "get_geo", tag = "geo", params(GeoQuery),
    responses((status = 200, description = "What is known", body = GeoView))
)]
pub async fn get_geo(
    State(api): State<Shared>,
    Params(query): Params<GeoQuery>,
) -> Result<Rendered, Problem> {
    let country = query.country;
    if !is_country(&country) {
        let problem = "must be an ISO 3166-1 alpha-2 country code such as DE";
        return Err(Problem::parameter("country", problem));
    }
    let text = query.postal_code.unwrap_or_default();
    if text.len() > CODE_MAX {
        let problem = format!("must be at most {CODE_MAX} bytes long");
        return Err(Problem::parameter("postal_code", problem));
    }
    let code = normalised(&country, &text);
    let (areas, of) = (areas(&country, &code), country.clone());
    let (found, loaded) = api
        .read(move |connection| {
            let found = views::geo::locate(connection, &[(of.as_str(), areas.as_slice())])?;
            Ok((
                found.into_iter().flatten().next(),
                views::geo::countries(connection)?,
            ))
        })
        .await?;
    let located = found
        .or_else(|| Geocoder::centre(&country))
        .ok_or_else(|| Problem::not_found("country", &country))?;
    let loaded = loaded.iter().find(|loaded| loaded.country == country);
    Ok(Rendered::ok(&GeoView {
        postal_code: Some(code).filter(|code| !code.is_empty()),
        located: PlaceView::new(located),
        postal_codes_loaded: loaded.map_or(0, |loaded| loaded.areas),
        country,
    }))
}
