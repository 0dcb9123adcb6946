//! The table of contents: which function decides which command.

use super::{Attempt, Stop};
use crate::command::{Command, OnOrder, OnSupply, Request};
use crate::decision::{Answer, Resource};
use crate::inventory::Supply;
use crate::order::{amend, cancel, choice, hold, note, place, schedule, screening, source};
use crate::refusal::Refusal;
use crate::sourcing::policy;
use crate::visit;
use crate::{
    carrier, catalog, fulfilment, inventory, network, party, payment, production, promise, returns,
};

pub(super) fn dispatch(attempt: &mut Attempt<'_>, request: &Request) -> Result<Answer, Stop> {
    match &request.command {
        Command::PutItem(c) => catalog::put_item(attempt, c),
        Command::PutListPrices(c) => catalog::put_list_prices(attempt, c),
        Command::RecallItem(c) => catalog::recall_item(attempt, c),
        Command::LiftRecall(c) => catalog::lift_recall(attempt, c),
        Command::PutLocation(c) => network::put_location(attempt, c),
        Command::PutPolicy(c) => policy::put_policy(attempt, c),
        Command::PutLocationGroup(c) => network::put_location_group(attempt, c),
        Command::PutChannel(c) => network::put_channel(attempt, c),
        Command::PutCalendar(c) => network::put_calendar(attempt, c),
        Command::PutService(c) => carrier::put_service(attempt, c),
        Command::PutClosure(c) => carrier::put_closure(attempt, c),
        Command::EndClosure(c) => carrier::end_closure(attempt, c),
        Command::PutScreeningRules(c) => screening::put_screening_rules(attempt, c),
        Command::PutAccount(c) => party::put_account(attempt, c),
        Command::CreateAgreement(c) => party::create_agreement(attempt, c),
        Command::CloseAgreement(c) => party::close_agreement(attempt, c),
        Command::PutCustomer(c) => party::put_customer(attempt, c),
        Command::ReceiveStock(c) => inventory::receive_stock(attempt, c),
        Command::AdjustStock(c) => inventory::adjust_stock(attempt, c),
        Command::CountStock(c) => inventory::count_stock(attempt, c),
        Command::CreateCountTask(c) => inventory::create_count_task(attempt, c),
        Command::RecordCount(c) => inventory::record_count(attempt, c),
        Command::DecideCount(c) => inventory::decide_count(attempt, c),
        Command::TransferStock(c) => inventory::transfer_stock(attempt, c),
        Command::SetSafetyStock(c) => inventory::set_safety_stock(attempt, c),
        Command::SetRingFence(c) => inventory::set_ring_fence(attempt, c),
        Command::CreateSupply(c) => inventory::create_supply(attempt, c),
        Command::ShipTransfer(c) => inventory::ship_transfer(attempt, c),
        Command::ChangeSupply(c) => on_supply(attempt, c, inventory::change_supply),
        Command::ReceiveSupply(c) => on_supply(attempt, c, inventory::receive_supply),
        Command::CancelSupply(c) => on_supply(attempt, c, inventory::cancel_supply),
        Command::ExcludeItem(c) => inventory::exclude_item(attempt, c),
        Command::CreateReservation(c) => inventory::create_reservation(attempt, c),
        Command::EndReservation(c) => inventory::end_reservation(attempt, c),
        Command::ServeWaiting(c) => inventory::serve_waiting(attempt, c),
        Command::SaveDraft(c) => place::save_draft(attempt, c),
        Command::PlaceOrder(c) => place::place_order(attempt, c),
        command => on_order(attempt, command),
    }
}

fn on_order(attempt: &mut Attempt<'_>, command: &Command) -> Result<Answer, Stop> {
    match command {
        Command::PlaceDraft(c) => checked(attempt, c, place::place_draft),
        Command::AmendOrder(c) => checked(attempt, c, |attempt, order, what| {
            amend::amend_order(attempt, order, what)
        }),
        Command::CancelOrder(c) => checked(attempt, c, cancel::cancel_order),
        Command::HoldOrder(c) => checked(attempt, c, hold::hold_order),
        Command::ReleaseHold(c) => checked(attempt, c, hold::release_hold),
        Command::DecideApproval(c) => checked(attempt, c, screening::decide_approval),
        Command::ReviewHolds(c) => checked(attempt, c, screening::review_holds),
        Command::RecordScore(c) => checked(attempt, c, screening::record_score),
        Command::AddNote(c) => checked(attempt, c, note::add_note),
        Command::ChangeTags(c) => checked(attempt, c, note::change_tags),
        Command::SetPriority(c) => checked(attempt, c, note::set_priority),
        Command::SourceOrder(c) => checked(attempt, c, source::source_order),
        Command::ReleaseScheduled(c) => checked(attempt, c, schedule::release_scheduled),
        Command::IssueChoiceLink(c) => checked(attempt, c, choice::issue_choice_link),
        Command::ChooseOption(c) => checked(attempt, c, choice::choose_option),
        Command::RenewPromise(c) => checked(attempt, c, promise::renew_promise),
        Command::RecordPayment(c) => checked(attempt, c, payment::record_payment),
        Command::RegisterReturn(c) => checked(attempt, c, returns::register_return),
        Command::ReceiveReturn(c) => checked(attempt, c, returns::receive_return),
        Command::AcceptFulfilment(c) => checked(attempt, c, fulfilment::accept_fulfilment),
        Command::RejectFulfilment(c) => checked(attempt, c, fulfilment::reject_fulfilment),
        Command::PickFulfilment(c) => checked(attempt, c, fulfilment::pick_fulfilment),
        Command::PackFulfilment(c) => checked(attempt, c, fulfilment::pack_fulfilment),
        Command::ShipFulfilment(c) => checked(attempt, c, fulfilment::ship_fulfilment),
        Command::RecordOutcome(c) => checked(attempt, c, fulfilment::record_outcome),
        Command::MarkReady(c) => checked(attempt, c, fulfilment::mark_ready),
        Command::CollectFulfilment(c) => checked(attempt, c, fulfilment::collect_fulfilment),
        Command::MoveFulfilment(c) => checked(attempt, c, fulfilment::move_fulfilment),
        Command::SplitFulfilment(c) => checked(attempt, c, fulfilment::split_fulfilment),
        Command::BookVisit(c) => checked(attempt, c, visit::book_visit),
        Command::RebookVisit(c) => checked(attempt, c, visit::rebook_visit),
        Command::CompleteVisit(c) => checked(attempt, c, visit::complete_visit),
        Command::MissVisit(c) => checked(attempt, c, visit::miss_visit),
        Command::AcceptProduction(c) => checked(attempt, c, production::accept_production),
        Command::StartProduction(c) => checked(attempt, c, production::start_production),
        Command::CompleteProduction(c) => checked(attempt, c, production::complete_production),
        Command::RejectProduction(c) => checked(attempt, c, production::reject_production),
        Command::MergeFulfilments(c) => checked(attempt, c, fulfilment::merge_fulfilments),
        _ => Ok(Answer::default()),
    }
}

/// Loads the supply and checks the caller's version before the verb is decided.
fn on_supply<T>(
    attempt: &mut Attempt<'_>,
    on: &OnSupply<T>,
    verb: impl FnOnce(&mut Attempt<'_>, &Supply, &T) -> Result<(), Stop>,
) -> Result<Answer, Stop> {
    let supply = attempt.supply(on.supply)?;
    match on.expected_version {
        Some(given) if given != supply.version => Err(Refusal::StaleVersion {
            what: "supply",
            id: on.supply.to_string(),
            given,
            current: supply.version,
        }
        .into()),
        _ => {
            verb(attempt, &supply, &on.what)?;
            Ok(Answer::ok(Resource::Supply(on.supply)))
        }
    }
}

/// Loads the order and checks the caller's version before the verb is decided.
fn checked<T>(
    attempt: &mut Attempt<'_>,
    on: &OnOrder<T>,
    verb: impl FnOnce(&mut Attempt<'_>, crate::id::OrderId, &T) -> Result<Answer, Stop>,
) -> Result<Answer, Stop> {
    let current = attempt.order(on.order)?.version;
    match on.expected_version {
        Some(given) if given != current => Err(Refusal::StaleVersion {
            what: "order",
            id: on.order.to_string(),
            given,
            current,
        }
        .into()),
        _ => verb(attempt, on.order, &on.what),
    }
}
