//! Listing what a location has to make, by day.

use axum::extract::State;
use throughline_core::id::ProductionNo;
use throughline_core::order::LegKind;

use super::view::ProductionView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::legs::due::DueFilter;
use crate::http::api::list::Page;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::http::query::Params;

/// Lists the production orders that a location has still to finish, by the day on which they are due. Those that have ended
/// are found among the legs (`GET /v1/legs?kind=production`) and in their orders.
#[utoipa::path(
    get, path = "/v1/production-orders", operation_id = "list_production_orders", tag = "fulfilments", params(DueFilter),
    responses((status = 200, description = "A page of production orders", body = Page<ProductionView>))
)]
pub async fn list_production_orders(
    State(api): State<Shared>,
    caller: Caller,
    Params(asked): Params<DueFilter>,
) -> Result<Rendered, Problem> {
    let due = api.due_legs(&caller, LegKind::Production, asked).await?;
    Ok(due.shown(|network, order, part| {
        let part = order.progress.production(ProductionNo(part))?;
        Some(ProductionView::new(order, part, network, &caller))
    }))
}
