//! A group of locations, as the caller writes it and as the API shows it.

use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::command::PutMode;
use throughline_core::network::{LocationGroup, Network, PutLocationGroup};
use utoipa::ToSchema;

use crate::http::api::names::name;
use crate::http::body::RequestBody;

/// A group to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = LocationGroupData)]
#[serde(deny_unknown_fields)]
pub struct LocationGroupBody {
    /// The merchant's own code. Needed by POST; in PUT it may be left away, or must be the path's.
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Codes of its locations.
    #[serde(default)]
    #[schema(max_items = 65_534)]
    locations: Vec<String>,
}

impl RequestBody for LocationGroupBody {}

impl LocationGroupBody {
    /// The command that writes the group with the code of the path, or the body's own where there is none.
    ///
    /// # Errors
    /// Refuses a missing code, and another code than the path's.
    pub fn command(self, path: Option<String>, mode: PutMode) -> Result<PutLocationGroup, Refusal> {
        Ok(PutLocationGroup {
            code: name("code", path, self.code)?,
            name: self.name,
            locations: self.locations,
            mode,
        })
    }
}

/// A named set of locations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LocationGroup)]
pub struct LocationGroupView<'a> {
    /// The merchant's own code.
    code: &'a str,
    /// What people call it.
    name: &'a str,
    /// Codes of its locations, in the order they were created in.
    #[schema(value_type = Vec<String>)]
    locations: Vec<&'a str>,
}

impl<'a> LocationGroupView<'a> {
    /// Shows a group.
    #[must_use]
    pub fn new(network: &'a Network, group: &'a LocationGroup) -> Self {
        let known = group
            .locations
            .iter()
            .filter_map(|id| network.location(*id));
        Self {
            code: &group.code,
            name: &group.name,
            locations: known.map(|location| location.code.as_str()).collect(),
        }
    }
}
