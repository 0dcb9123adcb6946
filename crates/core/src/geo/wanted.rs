//! The addresses of a command whose coordinates nobody gave.

use smallvec::SmallVec;

use crate::command::Command;
use crate::order::amend::AmendOrder;
use crate::order::place::{NewLine, NewOrder};
use crate::party::Address;

/// The addresses of a command that goods come from or go to, and whose place nobody has told yet.
#[must_use]
pub fn wanted(command: &mut Command) -> SmallVec<[&mut Address; 1]> {
    match command {
        Command::PlaceOrder(place) => of_order(&mut place.order),
        Command::SaveDraft(save) => of_order(&mut save.order),
        Command::AmendOrder(amend) => of_amendment(&mut amend.what),
        Command::PutLocation(put) => {
            let address = &mut put.location.address;
            let is_wanted = is_wanted(address);
            Some(address).filter(|_| is_wanted).into_iter().collect()
        }
        Command::PutItem(_)
        | Command::PutListPrices(_)
        | Command::PutLocationGroup(_)
        | Command::PutCalendar(_)
        | Command::PutService(_)
        | Command::PutClosure(_)
        | Command::EndClosure(_)
        | Command::PutPolicy(_)
        | Command::PutScreeningRules(_)
        | Command::CreateAgreement(_)
        | Command::CloseAgreement(_)
        | Command::PutAccount(_)
        | Command::DecideApproval(_)
        | Command::ReviewHolds(_)
        | Command::RecordScore(_)
        | Command::ReleaseScheduled(_)
        | Command::RecallItem(_)
        | Command::LiftRecall(_)
        | Command::SetRingFence(_)
        | Command::ExcludeItem(_)
        | Command::CreateSupply(_)
        | Command::ChangeSupply(_)
        | Command::ReceiveSupply(_)
        | Command::CancelSupply(_)
        | Command::ShipTransfer(_)
        | Command::PutChannel(_)
        | Command::PutCustomer(_)
        | Command::ReceiveStock(_)
        | Command::AdjustStock(_)
        | Command::CountStock(_)
        | Command::TransferStock(_)
        | Command::CreateCountTask(_)
        | Command::RecordCount(_)
        | Command::DecideCount(_)
        | Command::SetSafetyStock(_)
        | Command::CreateReservation(_)
        | Command::EndReservation(_)
        | Command::ServeWaiting(_)
        | Command::PlaceDraft(_)
        | Command::CancelOrder(_)
        | Command::HoldOrder(_)
        | Command::ReleaseHold(_)
        | Command::AddNote(_)
        | Command::ChangeTags(_)
        | Command::SetPriority(_)
        | Command::SourceOrder(_)
        | Command::RenewPromise(_)
        | Command::IssueChoiceLink(_)
        | Command::ChooseOption(_)
        | Command::MoveFulfilment(_)
        | Command::SplitFulfilment(_)
        | Command::BookVisit(_)
        | Command::RebookVisit(_)
        | Command::CompleteVisit(_)
        | Command::MissVisit(_)
        | Command::AcceptProduction(_)
        | Command::StartProduction(_)
        | Command::CompleteProduction(_)
        | Command::RejectProduction(_)
        | Command::MergeFulfilments(_)
        | Command::RecordPayment(_)
        | Command::RegisterReturn(_)
        | Command::ReceiveReturn(_)
        | Command::AcceptFulfilment(_)
        | Command::RejectFulfilment(_)
        | Command::PickFulfilment(_)
        | Command::PackFulfilment(_)
        | Command::ShipFulfilment(_)
        | Command::RecordOutcome(_)
        | Command::MarkReady(_)
        | Command::CollectFulfilment(_) => SmallVec::new(),
    }
}

fn of_order(order: &mut NewOrder) -> SmallVec<[&mut Address; 1]> {
    let lines = order.lines.iter_mut().filter_map(of_line);
    let all = order.ship_to.iter_mut().chain(lines);
    all.filter(|address| is_wanted(address)).collect()
}

fn of_amendment(amend: &mut AmendOrder) -> SmallVec<[&mut Address; 1]> {
    let added = amend.add_lines.iter_mut().filter_map(of_line);
    let changed = amend.change_lines.iter_mut();
    let changed = changed.filter_map(|change| change.ship_to.as_mut());
    let all = amend.ship_to.iter_mut().chain(added).chain(changed);
    all.filter(|address| is_wanted(address)).collect()
}

fn of_line(line: &mut NewLine) -> Option<&mut Address> {
    line.ship_to.as_mut()
}

/// Without a country there is nowhere to look.
fn is_wanted(address: &Address) -> bool {
    address.given().is_none()
        && address.located.is_none()
        && crate::network::is_country(&address.country)
}
