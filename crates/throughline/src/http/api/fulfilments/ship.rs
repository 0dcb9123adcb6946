//! Shipping.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::fulfilment::{ShipFulfilment, ShippedPackage};
use throughline_core::id::OrderId;
use utoipa::ToSchema;

use super::lines::PackageNameBody;
use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::api::shapes::Instant;
use crate::http::body::RequestBody;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// How it leaves.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ShipFulfilment)]
#[serde(deny_unknown_fields)]
pub struct ShipBody {
    /// Who carries it.
    #[schema(min_length = 1, max_length = 64)]
    carrier: String,
    /// The carrier's service.
    #[schema(max_length = 255)]
    service: Option<String>,
    /// The carrier's number.
    #[schema(max_length = 255)]
    tracking_number: Option<String>,
    /// The packages that leave; all when absent. The rest stays behind in a fulfilment of its own.
    #[schema(max_items = 1000)]
    packages: Option<Vec<PackageNameBody>>,
    /// The serial numbers of the units that leave; needed where some of a line stay behind that are picked.
    #[schema(max_items = 1000)]
    serials: Option<Vec<String>>,
    /// When it left, if that was earlier than now.
    #[schema(value_type = Option<String>, format = DateTime)]
    shipped_at: Option<Instant>,
}

impl RequestBody for ShipBody {}

/// Ships packed units: on hand falls.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/ship", operation_id = "ship_fulfilment", tag = "fulfilments",
    request_body = ShipBody,
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn ship_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<ShipBody>,
) -> Result<Response, Problem> {
    let what = write.body.command(name)?;
    api.fulfilment_verb(&write.asked, name, what, Command::ShipFulfilment)
        .await
}

impl ShipBody {
    fn command(self, name: FulfilmentName) -> Result<ShipFulfilment, Refusal> {
        Ok(ShipFulfilment {
            fulfilment: name.no(),
            carrier: self.carrier,
            service: self.service,
            tracking_number: self.tracking_number,
            packages: self
                .packages
                .map(|bodies| packages(name.0, bodies))
                .transpose()?,
            serials: self.serials.unwrap_or_default(),
            shipped_at: self.shipped_at.map(|at| at.0),
        })
    }
}

fn packages(order: OrderId, bodies: Vec<PackageNameBody>) -> Result<Vec<ShippedPackage>, Refusal> {
    let shipped = |(position, body): (usize, PackageNameBody)| {
        let (package, tracking_number) = body.resolve(order, position)?;
        Ok(ShippedPackage {
            package,
            tracking_number,
        })
    };
    bodies.into_iter().enumerate().map(shipped).collect()
}
