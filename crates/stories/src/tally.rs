//! A tally of what was asked for and what came of it.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use throughline_core::{Command, Refusal};

use crate::step::What;

/// What came of the steps, by verb.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    verbs: BTreeMap<&'static str, Counts>,
    commands: BTreeMap<&'static str, Counts>,
}

/// What came of one verb.
#[derive(Debug, Clone, Default)]
struct Counts {
    accepted: u64,
    refused: BTreeMap<&'static str, u64>,
    nothing: u64,
}

impl Tally {
    pub(crate) fn count<T>(&mut self, what: &What, result: &Result<T, Refusal>) {
        let counts = self.verbs.entry(verb(what)).or_default();
        match result {
            Ok(_) => counts.accepted += 1,
            Err(refusal) => *counts.refused.entry(refusal.code()).or_default() += 1,
        }
    }

    pub(crate) fn count_command<T>(&mut self, command: &Command, result: &Result<T, Refusal>) {
        let counts = self.commands.entry(name(command)).or_default();
        match result {
            Ok(_) => counts.accepted += 1,
            Err(refusal) => *counts.refused.entry(refusal.code()).or_default() += 1,
        }
    }

    /// The commands that were accepted not even once.
    #[must_use]
    pub fn never_accepted(&self) -> Vec<&'static str> {
        let accepted = |name: &str| self.commands.get(name).map_or(0, |counts| counts.accepted);
        NAMES
            .iter()
            .copied()
            .filter(|name| accepted(name) == 0)
            .collect()
    }

    pub(crate) fn count_nothing(&mut self, what: &What) {
        self.verbs.entry(verb(what)).or_default().nothing += 1;
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        for (verb, counts) in &other.verbs {
            let sum = self.verbs.entry(verb).or_default();
            sum.accepted += counts.accepted;
            sum.nothing += counts.nothing;
            for (code, count) in &counts.refused {
                *sum.refused.entry(code).or_default() += count;
            }
        }
        for (name, counts) in &other.commands {
            let sum = self.commands.entry(name).or_default();
            sum.accepted += counts.accepted;
            for (code, count) in &counts.refused {
                *sum.refused.entry(code).or_default() += count;
            }
        }
    }

    /// How often a verb was accepted.
    #[must_use]
    pub fn accepted(&self, verb: &str) -> u64 {
        self.verbs.get(verb).map_or(0, |counts| counts.accepted)
    }

    /// How often anything was refused with a code.
    #[must_use]
    pub fn refused(&self, code: &str) -> u64 {
        self.verbs
            .values()
            .filter_map(|counts| counts.refused.get(code))
            .sum()
    }

    /// How many requests were made.
    #[must_use]
    pub fn requests(&self) -> u64 {
        let requests = |counts: &Counts| counts.accepted + counts.refused.values().sum::<u64>();
        self.verbs.values().map(requests).sum()
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        table(f, "verb", &self.verbs)?;
        writeln!(f)?;
        table(f, "command", &self.commands)
    }
}

fn table(f: &mut Formatter<'_>, what: &str, rows: &BTreeMap<&'static str, Counts>) -> fmt::Result {
    writeln!(f, "{what:<18} {:>9} {:>8}  refusals", "accepted", "share")?;
    for (name, counts) in rows {
        let refused: u64 = counts.refused.values().sum();
        let share = 100 * counts.accepted / (counts.accepted + refused).max(1);
        let codes: Vec<String> = counts
            .refused
            .iter()
            .map(|(code, count)| format!("{code} {count}"))
            .collect();
        let accepted = counts.accepted;
        writeln!(
            f,
            "{name:<18} {accepted:>9} {share:>7}%  {}",
            codes.join(", ")
        )?;
    }
    Ok(())
}

/// The word of a verb.
pub(crate) fn verb(what: &What) -> &'static str {
    match what {
        What::Place(_) => "place",
        What::History(_) => "history",
        What::Draft(_) => "draft",
        What::Redraft(..) => "redraft",
        What::PlaceDraft(_) => "place-draft",
        What::Amend(..) => "amend",
        What::Cancel(..) => "cancel",
        What::Hold(..) => "hold",
        What::Release(_) => "release",
        What::Source(_) => "source",
        What::SourcePlanned(..) => "source-planned",
        What::ReleaseNow(_) => "release-now",
        What::TimeIsUp(_) => "time-is-up",
        What::Renew(_) => "renew",
        What::Choose(..) => "choose",
        What::Link(..) => "link",
        What::SourceAgain(_) => "source-again",
        What::Priority(..) => "priority",
        What::Note(_) => "note",
        What::Tag(..) => "tag",
        What::Pay(..) => "pay",
        What::Return(..) => "return",
        What::TakeBack(..) => "take-back",
        What::Advance(_) => "advance",
        What::Accept(_) => "accept",
        What::Reject(..) => "reject",
        What::Exclude(..) => "exclude",
        What::Move(..) => "move",
        What::Part(..) => "part",
        What::Merge(_) => "merge",
        What::Start(_) => "start",
        What::PickUnits(..) => "pick",
        What::Pack(..) => "pack",
        What::Ship(..) => "ship",
        What::Outcome(..) => "outcome",
        What::Ready(_) => "ready",
        What::Collect(_) => "collect",
        What::Receive(..) => "receive",
        What::Adjust(..) => "adjust",
        What::Count(..) => "count",
        What::Transfer(..) => "transfer",
        What::Expect(..) => "expect",
        What::Send(..) => "send",
        What::Arrive(..) => "arrive",
        What::Postpone(..) => "postpone",
        What::CallOff(_) => "call-off",
        What::RecallLot(_) => "recall-lot",
        What::LiftRecall(_) => "lift-recall",
        What::Safety(..) => "safety",
        What::Reserve(..) => "reserve",
        What::End(_) => "end",
        What::Expire(_) => "expire",
        What::Serve(_) => "serve",
        What::Customer(_) => "customer",
        What::Wait(_) => "wait",
        What::Oversell(..) => "oversell",
        What::Rebuild(_) => "rebuild",
        What::Location(..) => "location",
        What::Setting(_) => "setting",
        What::Scored(..) => "scored",
        What::Approve(..) => "approve",
        What::Review(_) => "review",
        What::Task(..) => "task",
        What::Counted(..) => "counted",
        What::Agree(..) => "agree",
        What::Mistake(_) => "mistake",
        What::Again(_) => "again",
        What::Otherwise(_) => "otherwise",
        What::Together(..) => "together",
        What::Node(_) => "node",
    }
}

/// The names of all commands.
const NAMES: &[&str] = &[
    "PutItem",
    "PutLocation",
    "PutLocationGroup",
    "PutChannel",
    "PutCustomer",
    "ReceiveStock",
    "AdjustStock",
    "CountStock",
    "TransferStock",
    "SetSafetyStock",
    "ExcludeItem",
    "CreateSupply",
    "ShipTransfer",
    "ChangeSupply",
    "ReceiveSupply",
    "CancelSupply",
    "RecallItem",
    "LiftRecall",
    "CreateReservation",
    "EndReservation",
    "ServeWaiting",
    "SaveDraft",
    "PlaceOrder",
    "PlaceDraft",
    "AmendOrder",
    "CancelOrder",
    "HoldOrder",
    "ReleaseHold",
    "AddNote",
    "ChangeTags",
    "SetPriority",
    "SourceOrder",
    "ReleaseScheduled",
    "RenewPromise",
    "IssueChoiceLink",
    "ChooseOption",
    "RecordPayment",
    "RegisterReturn",
    "ReceiveReturn",
    "AcceptFulfilment",
    "RejectFulfilment",
    "MoveFulfilment",
    "SplitFulfilment",
    "MergeFulfilments",
    "PickFulfilment",
    "PackFulfilment",
    "ShipFulfilment",
    "RecordOutcome",
    "MarkReady",
    "CollectFulfilment",
    "PutPolicy",
    "PutService",
    "PutClosure",
    "EndClosure",
    "PutScreeningRules",
    "RecordScore",
    "DecideApproval",
    "ReviewHolds",
    "CreateCountTask",
    "RecordCount",
    "DecideCount",
];

/// The name of a command.
fn name(command: &Command) -> &'static str {
    match command {
        Command::PutItem(_) => "PutItem",
        Command::PutListPrices(_) => "PutListPrices",
        Command::PutLocation(_) => "PutLocation",
        Command::PutCalendar(_) => "PutCalendar",
        Command::PutPolicy(_) => "PutPolicy",
        Command::PutScreeningRules(_) => "PutScreeningRules",
        Command::CreateAgreement(_) => "CreateAgreement",
        Command::CloseAgreement(_) => "CloseAgreement",
        Command::PutAccount(_) => "PutAccount",
        Command::RecallItem(_) => "RecallItem",
        Command::LiftRecall(_) => "LiftRecall",
        Command::DecideApproval(_) => "DecideApproval",
        Command::ReviewHolds(_) => "ReviewHolds",
        Command::RecordScore(_) => "RecordScore",
        Command::ReleaseScheduled(_) => "ReleaseScheduled",
        Command::PutService(_) => "PutService",
        Command::PutClosure(_) => "PutClosure",
        Command::EndClosure(_) => "EndClosure",
        Command::PutLocationGroup(_) => "PutLocationGroup",
        Command::PutChannel(_) => "PutChannel",
        Command::PutCustomer(_) => "PutCustomer",
        Command::ReceiveStock(_) => "ReceiveStock",
        Command::AdjustStock(_) => "AdjustStock",
        Command::CountStock(_) => "CountStock",
        Command::CreateCountTask(_) => "CreateCountTask",
        Command::RecordCount(_) => "RecordCount",
        Command::DecideCount(_) => "DecideCount",
        Command::TransferStock(_) => "TransferStock",
        Command::SetSafetyStock(_) => "SetSafetyStock",
        Command::SetRingFence(_) => "SetRingFence",
        Command::ExcludeItem(_) => "ExcludeItem",
        Command::CreateSupply(_) => "CreateSupply",
        Command::ShipTransfer(_) => "ShipTransfer",
        Command::ChangeSupply(_) => "ChangeSupply",
        Command::ReceiveSupply(_) => "ReceiveSupply",
        Command::CancelSupply(_) => "CancelSupply",
        Command::CreateReservation(_) => "CreateReservation",
        Command::EndReservation(_) => "EndReservation",
        Command::ServeWaiting(_) => "ServeWaiting",
        Command::SaveDraft(_) => "SaveDraft",
        Command::PlaceOrder(_) => "PlaceOrder",
        Command::PlaceDraft(_) => "PlaceDraft",
        Command::AmendOrder(_) => "AmendOrder",
        Command::CancelOrder(_) => "CancelOrder",
        Command::HoldOrder(_) => "HoldOrder",
        Command::ReleaseHold(_) => "ReleaseHold",
        Command::AddNote(_) => "AddNote",
        Command::ChangeTags(_) => "ChangeTags",
        Command::SetPriority(_) => "SetPriority",
        Command::SourceOrder(_) => "SourceOrder",
        Command::RenewPromise(_) => "RenewPromise",
        Command::IssueChoiceLink(_) => "IssueChoiceLink",
        Command::ChooseOption(_) => "ChooseOption",
        Command::RecordPayment(_) => "RecordPayment",
        Command::RegisterReturn(_) => "RegisterReturn",
        Command::ReceiveReturn(_) => "ReceiveReturn",
        Command::AcceptFulfilment(_) => "AcceptFulfilment",
        Command::RejectFulfilment(_) => "RejectFulfilment",
        Command::MoveFulfilment(_) => "MoveFulfilment",
        Command::SplitFulfilment(_) => "SplitFulfilment",
        Command::MergeFulfilments(_) => "MergeFulfilments",
        Command::PickFulfilment(_) => "PickFulfilment",
        Command::PackFulfilment(_) => "PackFulfilment",
        Command::ShipFulfilment(_) => "ShipFulfilment",
        Command::RecordOutcome(_) => "RecordOutcome",
        Command::MarkReady(_) => "MarkReady",
        Command::CollectFulfilment(_) => "CollectFulfilment",
        Command::BookVisit(_) => "BookVisit",
        Command::RebookVisit(_) => "RebookVisit",
        Command::CompleteVisit(_) => "CompleteVisit",
        Command::MissVisit(_) => "MissVisit",
        Command::AcceptProduction(_) => "AcceptProduction",
        Command::StartProduction(_) => "StartProduction",
        Command::CompleteProduction(_) => "CompleteProduction",
        Command::RejectProduction(_) => "RejectProduction",
    }
}
