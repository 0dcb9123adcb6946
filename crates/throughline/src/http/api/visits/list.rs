//! Listing the visits of a location, by day.

use axum::extract::State;
use throughline_core::id::VisitNo;
use throughline_core::order::LegKind;

use super::view::VisitView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::legs::due::DueFilter;
use crate::http::api::list::Page;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::http::query::Params;

/// Lists the visits that a location has still to make, by day. Those that have ended are found among the legs
/// (`GET /v1/legs?kind=visit`) and in their orders.
#[utoipa::path(
    get, path = "/v1/visits", operation_id = "list_visits", tag = "fulfilments", params(DueFilter),
    responses((status = 200, description = "A page of visits", body = Page<VisitView>))
)]
pub async fn list_visits(
    State(api): State<Shared>,
    caller: Caller,
    Params(asked): Params<DueFilter>,
) -> Result<Rendered, Problem> {
    let due = api.due_legs(&caller, LegKind::Visit, asked).await?;
    Ok(due.shown(|network, order, part| {
        let part = order.progress.visit(VisitNo(part))?;
        Some(VisitView::new(order, part, network, &caller))
    }))
}
