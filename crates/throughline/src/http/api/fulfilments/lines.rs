//! Lines and packages of a fulfilment, as callers name them.

use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::id::{OrderId, PackageNo};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::api::units::part;

/// A package that is named by its id alone, or with something about it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PackageName)]
#[serde(untagged)]
pub enum PackageNameBody {
    /// Its id.
    Id(Uuid),
    /// Its id and its own tracking number.
    Tracked(TrackedPackage),
}

/// A package with its own tracking number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackedPackage {
    /// The package's id.
    pub id: Uuid,
    /// Its own tracking number.
    #[schema(max_length = 255)]
    pub tracking_number: Option<String>,
}

impl PackageNameBody {
    /// The package of the order, and its tracking number if one was given.
    ///
    /// # Errors
    /// Refuses an id that is no part of this order.
    pub fn resolve(
        self,
        order: OrderId,
        position: usize,
    ) -> Result<(PackageNo, Option<String>), Refusal> {
        let (id, tracking) = match self {
            Self::Id(id) => (id, None),
            Self::Tracked(package) => (package.id, package.tracking_number),
        };
        Ok((package(order, position, id)?, tracking))
    }
}

/// The package of the order that a position in `packages` names.
///
/// # Errors
/// Refuses an id that is no part of this order.
pub fn package(order: OrderId, position: usize, id: Uuid) -> Result<PackageNo, Refusal> {
    part(order, format!("/packages/{position}"), "package", id).map(PackageNo)
}
