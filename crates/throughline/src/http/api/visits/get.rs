//! Reading a visit.

use axum::extract::State;

use super::verb::visit_of;
use super::view::VisitView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::auth::Caller;
use crate::http::path::{Named, VisitName};
use crate::http::problem::Problem;

/// Reads a visit.
#[utoipa::path(
    get, path = "/v1/visits/{id}", operation_id = "get_visit", tag = "fulfilments",
    params(("id" = Uuid, Path, description = "The visit's id")),
    responses((status = 200, description = "The visit", body = VisitView, headers(("ETag" = String))))
)]
pub async fn get_visit(
    State(api): State<Shared>,
    caller: Caller,
    Named(name): Named<VisitName>,
) -> Result<Rendered, Problem> {
    let (stored, _) = api
        .order(name.0)
        .await
        .map_err(|problem| problem.of_part("visit", name.1.of(name.0)))?;
    let network = api.current_network().await?;
    let order = &stored.order;
    let visit = visit_of(order, name)?;
    caller.at_number(&network, Some(visit.time.location))?;
    let view = VisitView::new(order, visit, &network, &caller);
    Ok(Rendered::ok(&view).with_version(order.version))
}
