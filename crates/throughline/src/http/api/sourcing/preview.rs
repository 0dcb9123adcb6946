//! What sourcing would do. Nothing is written.

use axum::extract::State;
use jiff::civil::Date;
use serde::Serialize;
use throughline_core::Refusal;
use throughline_core::network::Network;
use throughline_core::order::Allotment;
use throughline_core::order::source::{Allowed, Inquiry, Preview};
use utoipa::ToSchema;

use super::body::InquiryBody;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::orders::sourcing::GroupView;
use crate::http::api::orders::substitution::{SubstitutionView, substitutions};
use crate::http::api::orders::weighing::RouteView;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::inquire::Desk;
use crate::wiring::{clock, ids};

/// What sourcing would do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingPreview)]
pub struct PreviewView<'a> {
    /// The policy that decided.
    policy: &'a str,
    /// The version of the network that it was decided on.
    network: i64,
    /// Who would serve what.
    fulfilments: Vec<PlannedView<'a>>,
    /// Units that would be made to order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    made: Vec<MadeView<'a>>,
    /// Units that nobody would serve.
    missing: Vec<UnitsView<'a>>,
    /// Why, for each group of lines that travel together. The ids are those of lines that do not exist.
    groups: Vec<GroupView<'a>>,
    /// What would come instead of what nobody serves, where the policy answers so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    substitutions: Vec<SubstitutionView<'a>>,
}

/// What one location would serve.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlannedFulfilment)]
pub struct PlannedView<'a> {
    /// Code of the location.
    location: Option<&'a str>,
    /// The local day on which it would work it.
    #[schema(value_type = Option<String>, format = Date)]
    work_on: Option<Date>,
    /// How it would reach the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    route: Option<RouteView<'a>>,
    /// What.
    lines: Vec<UnitsView<'a>>,
}

/// So many units of a SKU.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SkuUnits)]
pub struct UnitsView<'a> {
    /// The SKU.
    sku: &'a str,
    /// Units.
    quantity: i64,
}

/// Units that would be made to order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreviewMade)]
struct MadeView<'a> {
    /// The SKU.
    sku: &'a str,
    /// Units.
    quantity: i64,
    /// Code of the location that would make them.
    location: Option<&'a str>,
    /// The local day on which they would be finished.
    #[schema(value_type = String, format = Date)]
    finished_on: Date,
}

/// Decides where lines would be served from, and why, without committing to anything.
#[utoipa::path(
    post, path = "/v1/sourcing/preview", operation_id = "preview_sourcing", tag = "sourcing", request_body = InquiryBody,
    responses((status = 200, description = "What would be done", body = PreviewView))
)]
pub async fn preview_sourcing(
    State(api): State<Shared>,
    write: Write<InquiryBody>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let body = write.body;
    let mut address = body.ship_to.address()?;
    api.executor.locate(&mut address).await;
    if body.lines.is_empty() {
        return Err(Refusal::invalid("/lines", "must name at least one line").into());
    }
    let inquiry = Inquiry {
        channel: body.channel,
        lines: body.lines.into_iter().map(Into::into).collect(),
        destination: address.destination(),
        policy: body.policy,
    };
    let (id, now, seen) = (ids::order(), clock::now(), network.clone());
    let preview = api
        .read(move |connection| {
            let mut desk = Desk::new(seen.clone(), now, id);
            desk.preview(connection, &inquiry, Allowed::default())
        })
        .await??;
    Ok(Rendered::ok(&PreviewView::new(&preview, &network)))
}

impl<'a> PreviewView<'a> {
    fn new(preview: &'a Preview, network: &'a Network) -> Self {
        let units = |(line, quantity): &(throughline_core::id::LineNo, i64)| UnitsView {
            sku: sku(preview, *line),
            quantity: *quantity,
        };
        let planned = |allotment: &'a Allotment| PlannedView {
            location: allotment
                .location
                .and_then(|id| network.location(id))
                .map(|location| location.code.as_str()),
            work_on: allotment.work_day.map(|day| day.date),
            route: allotment
                .route
                .as_ref()
                .map(|route| RouteView::new(route, network)),
            lines: allotment
                .lines
                .iter()
                .map(|line| UnitsView {
                    sku: sku(preview, line.line),
                    quantity: line.quantity,
                })
                .collect(),
        };
        Self {
            policy: &preview.policy,
            network: network.version,
            fulfilments: preview.allotments.iter().map(planned).collect(),
            made: preview
                .productions
                .iter()
                .map(|made| MadeView {
                    sku: sku(preview, made.line),
                    quantity: made.quantity,
                    location: network
                        .location(made.location)
                        .map(|location| location.code.as_str()),
                    finished_on: made.day,
                })
                .collect(),
            missing: preview.missing.iter().map(units).collect(),
            groups: preview
                .groups
                .iter()
                .map(|group| GroupView::new(&preview.order, group, network))
                .collect(),
            substitutions: substitutions(&preview.order, &preview.substitutions),
        }
    }
}

fn sku(preview: &Preview, line: throughline_core::id::LineNo) -> &str {
    let known = preview.order.placed.line(line);
    known.map_or("", |line| line.sku.as_str())
}
