//! A visit gets another time.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::visit::{RebookVisit, Wanted};
use utoipa::ToSchema;

use super::view::VisitView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{Named, VisitName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// The time that is wanted; the first possible slot where nothing is said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = RebookVisit, example = json!({"date": "2026-12-09", "slot": "morning"}))]
#[serde(deny_unknown_fields)]
pub struct RebookBody {
    /// Code of the location whose people are to come.
    #[schema(min_length = 1, max_length = 64)]
    location: Option<String>,
    /// The local day.
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<Date>,
    /// The name of the slot.
    #[schema(min_length = 1, max_length = 64)]
    slot: Option<String>,
}

may_be_absent!(RebookBody);

/// Moves a visit to another slot that is free after the goods are there.
#[utoipa::path(
    post, path = "/v1/visits/{id}/rebook", operation_id = "rebook_visit", tag = "fulfilments",
    request_body = inline(Option<RebookBody>),
    params(("id" = Uuid, Path, description = "The visit's id")),
    responses((status = 200, description = "The visit", body = VisitView))
)]
pub async fn rebook_visit(
    State(api): State<Shared>,
    Named(name): Named<VisitName>,
    write: Write<RebookBody>,
) -> Result<Response, Problem> {
    let what = RebookVisit {
        visit: name.1,
        wanted: Wanted {
            location: write.body.location,
            date: write.body.date,
            slot: write.body.slot,
        },
    };
    api.visit_verb(&write.asked, name, what, Command::RebookVisit)
        .await
}
