//! The lot that units are of, as callers name it.

use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::inventory::NamedLot;
use utoipa::ToSchema;

/// The lot that units are of; needed where the item has lots, and to be left out where it has none.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NamedLot)]
#[serde(deny_unknown_fields)]
pub struct LotBody {
    /// Its code, as it is printed on it; compared byte by byte.
    #[schema(min_length = 1, max_length = 64)]
    code: String,
    /// The last day on which it may be used; needed when the lot is new and the item's lots expire.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<Date>,
    /// The day on which it was made.
    #[schema(value_type = Option<String>, format = Date)]
    made_on: Option<Date>,
}

impl From<LotBody> for NamedLot {
    fn from(body: LotBody) -> Self {
        Self {
            code: body.code,
            expires_on: body.expires_on,
            made_on: body.made_on,
        }
    }
}
