//! What became of everything that a closure touches.

use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::carrier::{ClosureId, ServiceId};
use throughline_core::id::OrderId;
use throughline_core::network::Network;
use throughline_store::closures::{self, Became, ClosureRun, Touched};
use throughline_store::{Connection, StoreError};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::shapes::Instant;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which part of the report.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReportPart {
    /// Entries after this position; from the first one unless given.
    #[serde(default)]
    #[param(minimum = 0)]
    after: u32,
    /// Entries at most.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
}

/// What became of everything unshipped that a closure touches, since it was last changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CarrierClosureReport)]
pub struct ReportView<'a> {
    /// Code of the closure.
    closure: &'a str,
    /// `waiting` until it is begun, `running`, or `done`.
    state: &'static str,
    /// Orders that were looked at.
    looked_at: i64,
    /// Fulfilments that the closure touches.
    touched: i64,
    /// Those that go with another service, or from elsewhere.
    rerouted: i64,
    /// Those that go the same way on other days.
    later: i64,
    /// Those that stay as they were.
    unchanged: i64,
    /// Days that the touched ones arrive later, in all.
    later_days: i64,
    /// What the other ways cost more; less, where it is negative.
    extra: Vec<ExtraView<'a>>,
    /// When it began.
    #[schema(value_type = Option<String>, format = DateTime)]
    began_at: Option<Instant>,
    /// When it last went on.
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Instant>,
    /// What became of each, a page of it.
    data: Vec<TouchedView<'a>>,
    /// Whether there are more entries behind this page by now.
    has_more: bool,
}

/// What other ways cost more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CarrierClosureExtra)]
struct ExtraView<'a> {
    /// ISO 4217 code.
    currency: &'a str,
    /// In minor units.
    amount_minor: i64,
}

/// What became of a fulfilment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CarrierClosureTouched)]
struct TouchedView<'a> {
    /// Its position in the report, from 1.
    position: i64,
    /// The order.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// Its number.
    order_number: u64,
    /// The fulfilment.
    fulfilment_id: Uuid,
    /// What became of it.
    #[schema(value_type = BecameShape)]
    became: Became,
    /// Why it stays as it was.
    why: Option<&'a str>,
    /// Code of the service that was to carry it.
    service_before: Option<&'a str>,
    /// Code of the service that carries it now.
    service: Option<&'a str>,
    /// The day it was promised by.
    #[schema(value_type = Option<String>, format = Date)]
    promised_before: Option<Date>,
    /// The day it is promised by now.
    #[schema(value_type = Option<String>, format = Date)]
    promised: Option<Date>,
    /// Days that it arrives later.
    later_days: i64,
    /// What it costs more, in minor units.
    extra_minor: Option<i64>,
}

/// What became of it.
#[derive(Debug, ToSchema)]
#[schema(as = CarrierClosureBecame, rename_all = "snake_case")]
pub enum BecameShape {
    /// It goes with another service, or from elsewhere.
    Rerouted,
    /// It goes the same way, on other days.
    Later,
    /// Nothing changed.
    Unchanged,
}

/// Tells what became of everything unshipped that a closure touches: it is rated, sourced and promised anew in the background
/// when the closure is made, changed or ended.
#[utoipa::path(
    get, path = "/v1/carrier-closures/{code}/report", operation_id = "get_closure_report", tag = "carriers",
    params(("code" = String, Path, description = "The code, percent-encoded"), ReportPart),
    responses((status = 200, description = "The report, as far as it is", body = ReportView))
)]
pub async fn get_closure_report(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    Params(part): Params<ReportPart>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let closure = network
        .closure_by_code(&code)
        .ok_or_else(|| Problem::not_found("carrier closure", &code))?;
    let id = closure.id;
    let (after, limit) = (i64::from(part.after), part.limit.rows());
    let found = api
        .read(move |connection| read(connection, id, after, limit))
        .await?;
    let (run, rows) = found.map_or((None, Vec::new()), |(run, rows)| (Some(run), rows));
    let view = ReportView::new(&closure.code, run.as_ref(), &rows, limit, &network);
    Ok(Rendered::ok(&view))
}

type Rows = Vec<(i64, Touched)>;

/// The last run, and one row more than asked for.
fn read(
    connection: &mut Connection,
    closure: ClosureId,
    after: i64,
    limit: usize,
) -> Result<Option<(ClosureRun, Rows)>, StoreError> {
    let Some(run) = closures::latest(connection, closure)? else {
        return Ok(None);
    };
    let rows = closures::touched(connection, &run, after, limit + 1)?;
    Ok(Some((run, rows)))
}

impl<'a> ReportView<'a> {
    fn new(
        closure: &'a str,
        run: Option<&'a ClosureRun>,
        rows: &'a [(i64, Touched)],
        limit: usize,
        network: &'a Network,
    ) -> Self {
        let of = |number: fn(&ClosureRun) -> i64| run.map_or(0, number);
        let extra = run.map_or(&[][..], |run| run.progress.extra_minor.as_slice());
        Self {
            closure,
            state: match run {
                None => "waiting",
                Some(run) if run.is_running => "running",
                Some(_) => "done",
            },
            looked_at: of(|run| run.progress.looked_at),
            touched: of(|run| run.progress.touched),
            rerouted: of(|run| run.progress.rerouted),
            later: of(|run| run.progress.later),
            unchanged: of(|run| run.progress.unchanged),
            later_days: of(|run| run.progress.later_days),
            extra: extra
                .iter()
                .map(|(currency, amount_minor)| ExtraView {
                    currency,
                    amount_minor: *amount_minor,
                })
                .collect(),
            began_at: run.map(|run| Instant(run.progress.began_at)),
            updated_at: run.map(|run| Instant(run.progress.updated_at)),
            data: rows
                .iter()
                .take(limit)
                .map(|(position, one)| TouchedView::new(*position, one, network))
                .collect(),
            has_more: rows.len() > limit,
        }
    }
}

impl<'a> TouchedView<'a> {
    fn new(position: i64, one: &'a Touched, network: &'a Network) -> Self {
        let code = |id: Option<ServiceId>| {
            let service = id.and_then(|id| network.service(id));
            service.map(|service| service.code.as_str())
        };
        Self {
            position,
            order_id: one.order,
            order_number: one.number,
            fulfilment_id: one.fulfilment,
            became: one.became,
            why: one.why.as_deref(),
            service_before: code(one.service.0),
            service: code(one.service.1),
            promised_before: one.keeps_on.0,
            promised: one.keeps_on.1,
            later_days: one.later_days,
            extra_minor: one.extra_minor,
        }
    }
}
