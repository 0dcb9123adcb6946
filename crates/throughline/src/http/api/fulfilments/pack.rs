//! Packing.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::fulfilment::{NewPackage, PackFulfilment};
use throughline_core::id::OrderId;
use utoipa::ToSchema;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::api::units::{LineUnitsBody, lines};
use crate::http::body::may_be_absent;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What is packed: `lines` go into one package; `packages` says more. Everything that is picked goes into
/// one package when both are absent.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = PackFulfilment)]
#[serde(deny_unknown_fields)]
pub struct PackBody {
    /// What goes into one package.
    #[schema(max_items = 5000)]
    lines: Option<Vec<LineUnitsBody>>,
    /// The packages.
    #[schema(max_items = 1000)]
    packages: Option<Vec<PackageBody>>,
}

/// A package being packed.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewPackage)]
#[serde(deny_unknown_fields)]
struct PackageBody {
    /// What is in it.
    #[schema(min_items = 1, max_items = 5000)]
    lines: Vec<LineUnitsBody>,
    /// Weight in grams.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    weight_g: Option<i64>,
}

may_be_absent!(PackBody);

/// Packs picked units into packages.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/pack", operation_id = "pack_fulfilment", tag = "fulfilments",
    request_body = inline(Option<PackBody>),
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn pack_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<PackBody>,
) -> Result<Response, Problem> {
    let what = PackFulfilment {
        fulfilment: name.no(),
        packages: write.body.packages(name.0)?,
    };
    api.fulfilment_verb(&write.asked, name, what, Command::PackFulfilment)
        .await
}

impl PackBody {
    fn packages(self, order: OrderId) -> Result<Vec<NewPackage>, Refusal> {
        match (self.lines, self.packages) {
            (None, None) => Ok(Vec::new()),
            (Some(bodies), None) if bodies.is_empty() => Err(Refusal::invalid(
                "/lines",
                "must not be empty; leave it away to pack everything",
            )),
            (Some(bodies), None) => Ok(vec![NewPackage {
                lines: lines(order, "/lines", bodies)?,
                weight_g: None,
            }]),
            (None, Some(bodies)) if bodies.is_empty() => Err(Refusal::invalid(
                "/packages",
                "must not be empty; leave it away to pack everything",
            )),
            (None, Some(bodies)) => bodies
                .into_iter()
                .enumerate()
                .map(|(position, body)| body.package(order, position))
                .collect(),
            (Some(_), Some(_)) => Err(Refusal::invalid(
                "/packages",
                "cannot be given together with lines",
            )),
        }
    }
}

impl PackageBody {
    fn package(self, order: OrderId, position: usize) -> Result<NewPackage, Refusal> {
        let lines = lines(order, &format!("/packages/{position}/lines"), self.lines)?;
        Ok(NewPackage {
            lines,
            weight_g: self.weight_g,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_core::time::Millis;

    #[test]
    fn lines_go_into_one_package_and_packages_say_more() {
        let order = OrderId::new(Millis(1), 7);
        let id = order.child(1);
        let packages = |text: String| {
            serde_json::from_str::<PackBody>(&text)
                .unwrap()
                .packages(order)
        };
        assert!(packages("{}".to_owned()).unwrap().is_empty());
        assert_eq!(
            packages(format!(r#"{{"lines":[{{"id":"{id}","quantity":2}}]}}"#)).unwrap()[0].lines[0]
                .quantity,
            2
        );
        let two = format!(
            r#"{{"packages":[{{"lines":[{{"id":"{id}","quantity":1}}],"weight_g":5}},{{"lines":[]}}]}}"#
        );
        assert_eq!(packages(two).unwrap().len(), 2);
        for bad in [
            r#"{"lines":[]}"#,
            r#"{"packages":[]}"#,
            r#"{"lines":[],"packages":[]}"#,
        ] {
            assert!(packages(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
