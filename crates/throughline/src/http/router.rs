//! The table of contents: every endpoint, and the OpenAPI document that is made of them.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware;
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::api::{
    Shared, agreements, availability, calendars, carrier_closures, carrier_services, channels,
    count_tasks, customers, drafts, events, fulfilments, geo, items, keys, legs, location_groups,
    locations, orders, production_orders, promises, rates, recalls, reports, reservations, returns,
    screening_rules, sourcing, sourcing_policies, stock, supply, transfers, visits,
};
use super::problem::Problem;
use super::{docs, gate, health, public, schemas};
use crate::metrics;

/// Every endpoint.
pub(super) fn endpoints() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(
            orders::place::place_order,
            orders::list::list_orders
        ))
        .routes(routes!(orders::batch::place_batch))
        .routes(routes!(orders::bulk_actions::begin_bulk_action))
        .routes(routes!(orders::bulk_actions::get_bulk_action))
        .routes(routes!(orders::get::get_order))
        .routes(routes!(orders::journal::get_journal))
        .routes(routes!(orders::sourcing::get_sourcing))
        .routes(routes!(orders::amend::amend_order))
        .routes(routes!(orders::cancel::cancel_order))
        .routes(routes!(orders::holds::hold_order))
        .routes(routes!(orders::holds::release_hold))
        .routes(routes!(orders::choices::choose_option))
        .routes(routes!(orders::choices::issue_choice_link))
        .routes(routes!(orders::approvals::approve_hold))
        .routes(routes!(orders::approvals::disapprove_hold))
        .routes(routes!(orders::notes::add_note))
        .routes(routes!(orders::tags::change_tags))
        .routes(routes!(orders::priority::set_priority))
        .routes(routes!(orders::source::source_order))
        .routes(routes!(orders::release::release_order))
        .routes(routes!(orders::payments::record_payment))
        .routes(routes!(orders::returns::register_return))
        .routes(routes!(drafts::save::save_draft))
        .routes(routes!(drafts::change::change_draft))
        .routes(routes!(drafts::place::place_draft))
        .routes(routes!(fulfilments::get::get_fulfilment))
        .routes(routes!(legs::list::list_legs))
        .routes(routes!(visits::book::book_visit))
        .routes(routes!(visits::list::list_visits))
        .routes(routes!(visits::get::get_visit))
        .routes(routes!(visits::rebook::rebook_visit))
        .routes(routes!(visits::complete::complete_visit))
        .routes(routes!(visits::miss::miss_visit))
        .routes(routes!(visits::slots::list_free_slots))
        .routes(routes!(production_orders::list::list_production_orders))
        .routes(routes!(production_orders::get::get_production_order))
        .routes(routes!(production_orders::accept::accept_production_order))
        .routes(routes!(production_orders::start::start_production_order))
        .routes(routes!(
            production_orders::complete::complete_production_order
        ))
        .routes(routes!(production_orders::reject::reject_production_order))
        .routes(routes!(fulfilments::accept::accept_fulfilment))
        .routes(routes!(fulfilments::reject::reject_fulfilment))
        .routes(routes!(fulfilments::move_to::move_fulfilment))
        .routes(routes!(fulfilments::split::split_fulfilment))
        .routes(routes!(fulfilments::merge::merge_fulfilments))
        .routes(routes!(fulfilments::pick::pick_fulfilment))
        .routes(routes!(fulfilments::pack::pack_fulfilment))
        .routes(routes!(fulfilments::ship::ship_fulfilment))
        .routes(routes!(fulfilments::deliver::deliver_fulfilment))
        .routes(routes!(fulfilments::ready::mark_ready))
        .routes(routes!(fulfilments::pickup::collect_fulfilment))
        .routes(routes!(returns::get::get_return))
        .routes(routes!(returns::receive::receive_return))
        .routes(routes!(items::create::create_item, items::list::list_items))
        .routes(routes!(items::get::get_item, items::put::put_item))
        .routes(routes!(items::prices::put_list_prices))
        .routes(routes!(items::lots::list::list_lots))
        .routes(routes!(items::lots::get::get_lot))
        .routes(routes!(items::lots::movements::list_lot_movements))
        .routes(routes!(items::serials::list::list_units))
        .routes(routes!(items::serials::get::get_unit))
        .routes(routes!(items::serials::history::list_unit_history))
        .routes(routes!(items::serials::find::find_units))
        .routes(routes!(
            locations::create::create_location,
            locations::list::list_locations
        ))
        .routes(routes!(
            locations::get::get_location,
            locations::put::put_location
        ))
        .routes(routes!(locations::days::list_location_days))
        .routes(routes!(promises::ask::ask_promises))
        .routes(routes!(sourcing::preview::preview_sourcing))
        .routes(routes!(
            sourcing::runs::begin::begin_sourcing_run,
            sourcing::runs::list::list_sourcing_runs
        ))
        .routes(routes!(sourcing::runs::get::get_sourcing_run))
        .routes(routes!(sourcing::runs::orders::list_sourcing_run_orders))
        .routes(routes!(sourcing::replays::begin::begin_replay))
        .routes(routes!(sourcing::replays::list::list_replays))
        .routes(routes!(sourcing::replays::get::get_replay))
        .routes(routes!(sourcing::replays::orders::list_replay_orders))
        .routes(routes!(sourcing_policies::list::list_sourcing_policies))
        .routes(routes!(
            sourcing_policies::get::get_sourcing_policy,
            sourcing_policies::put::put_sourcing_policy
        ))
        .routes(routes!(
            sourcing_policies::versions::list_sourcing_policy_versions
        ))
        .routes(routes!(
            location_groups::create::create_location_group,
            location_groups::list::list_location_groups
        ))
        .routes(routes!(
            location_groups::get::get_location_group,
            location_groups::put::put_location_group
        ))
        .routes(routes!(
            channels::create::create_channel,
            channels::list::list_channels
        ))
        .routes(routes!(
            channels::get::get_channel,
            channels::put::put_channel
        ))
        .routes(routes!(
            calendars::create::create_calendar,
            calendars::list::list_calendars
        ))
        .routes(routes!(
            calendars::get::get_calendar,
            calendars::put::put_calendar
        ))
        .routes(routes!(
            carrier_services::create::create_carrier_service,
            carrier_services::list::list_carrier_services
        ))
        .routes(routes!(
            carrier_services::get::get_carrier_service,
            carrier_services::put::put_carrier_service
        ))
        .routes(routes!(
            carrier_closures::create::create_carrier_closure,
            carrier_closures::list::list_carrier_closures
        ))
        .routes(routes!(
            carrier_closures::get::get_carrier_closure,
            carrier_closures::put::put_carrier_closure
        ))
        .routes(routes!(carrier_closures::end::end_carrier_closure))
        .routes(routes!(carrier_closures::report::get_closure_report))
        .routes(routes!(rates::quote::quote_rates))
        .routes(routes!(
            recalls::create::recall_item,
            recalls::list::list_recalls
        ))
        .routes(routes!(recalls::lift::lift_recall))
        .routes(routes!(recalls::recipients::list_recipients))
        .routes(routes!(screening_rules::list::list_screening_rules))
        .routes(routes!(
            screening_rules::get::get_screening_rules,
            screening_rules::put::put_screening_rules
        ))
        .routes(routes!(
            customers::put::put_customer,
            customers::list::list_customers
        ))
        .routes(routes!(customers::get::get_customer))
        .routes(routes!(
            agreements::create::create_agreement,
            agreements::list::list_agreements
        ))
        .routes(routes!(agreements::get::get_agreement))
        .routes(routes!(agreements::calls::list_call_offs))
        .routes(routes!(agreements::close::close_agreement))
        .routes(routes!(availability::get::get_availability))
        .routes(routes!(
            customers::account::get_account,
            customers::account::put_account
        ))
        .routes(routes!(stock::list::list_stock))
        .routes(routes!(stock::ledger::list_ledger))
        .routes(routes!(stock::receive::receive_stock))
        .routes(routes!(stock::adjust::adjust_stock))
        .routes(routes!(stock::count::count_stock))
        .routes(routes!(stock::transfer::transfer_stock))
        .routes(routes!(stock::safety::set_safety_stock))
        .routes(routes!(stock::ring_fence::set_ring_fence))
        .routes(routes!(
            stock::exclude::exclude_item,
            stock::exclusions::list_exclusions
        ))
        .routes(routes!(
            count_tasks::create::create_count_task,
            count_tasks::list::list_count_tasks
        ))
        .routes(routes!(count_tasks::get::get_count_task))
        .routes(routes!(count_tasks::count::record_count))
        .routes(routes!(count_tasks::decide::approve_count))
        .routes(routes!(count_tasks::decide::reject_count))
        .routes(routes!(count_tasks::decide::cancel_count))
        .routes(routes!(count_tasks::rounds::list_count_rounds))
        .routes(routes!(
            supply::create::create_supply,
            supply::list::list_supply
        ))
        .routes(routes!(
            supply::get::get_supply,
            supply::change::change_supply
        ))
        .routes(routes!(supply::receive::receive_supply))
        .routes(routes!(supply::cancel::cancel_supply))
        .routes(routes!(transfers::ship::ship_transfer))
        .routes(routes!(reservations::create::create_reservation))
        .routes(routes!(
            reservations::get::get_reservation,
            reservations::end::end_reservation
        ))
        .routes(routes!(keys::create::create_key, keys::list::list_keys))
        .routes(routes!(keys::revoke::revoke_key))
        .routes(routes!(events::stream_events))
        .routes(routes!(geo::get_geo))
        .routes(routes!(reports::promises::report_promises))
        .routes(routes!(
            public::choice::show_choice,
            public::choice::make_choice
        ))
        .routes(routes!(public::score::receive_score))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(get_metrics))
        .routes(routes!(get_openapi))
        .routes(routes!(docs::get_docs))
        .routes(routes!(schemas::get_sourcing_policy_schema))
}

/// The router with everything around it.
pub fn router(api: Shared) -> Router {
    let (router, _) = endpoints().split_for_parts();
    router
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .layer(middleware::from_fn_with_state(api.clone(), gate::gate))
        .with_state(api)
}

async fn unknown_path(request: Request) -> Problem {
    let path: String = request.uri().path().chars().take(100).collect();
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        format!("there is nothing at {path}; /docs lists every path"),
    )
}

async fn unknown_method(request: Request) -> Problem {
    let detail = format!(
        "{} does not know the method {}; see the Allow header",
        request.uri().path(),
        request.method()
    );
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

/// What is measured, for Prometheus. Needs no key.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "server", security(()),
    responses((status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text"))
)]
pub(super) async fn get_metrics(State(api): State<Shared>) -> impl IntoResponse {
    (
        [(CONTENT_TYPE, HeaderValue::from_static(metrics::MEDIA_TYPE))],
        api.metrics.encode(),
    )
}

/// The OpenAPI document of this server. Needs no key.
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "server", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = Object))
)]
pub(super) async fn get_openapi(State(api): State<Shared>) -> impl IntoResponse {
    (
        [(CONTENT_TYPE, HeaderValue::from_static("application/json"))],
        api.openapi.clone(),
    )
}
