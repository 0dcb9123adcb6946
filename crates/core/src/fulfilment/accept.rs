//! The location says yes.

use jiff::civil::Date;

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::order::{Order, Record, RequestStatus, Verb, checks};
use crate::refusal::Refusal;
use crate::text;

/// A location that has to be asked accepts a fulfilment.
#[derive(Debug, Clone)]
pub struct AcceptFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// The location's own name for it.
    pub reference: Option<String>,
    /// The local day on which it leaves.
    pub ships_on: Option<Date>,
}

impl AcceptFulfilment {
    /// Says yes and no more.
    #[must_use]
    pub fn plain(fulfilment: FulfilmentNo) -> Self {
        Self {
            fulfilment,
            reference: None,
            ships_on: None,
        }
    }
}

/// Accepts a fulfilment, which may then be picked; a supplier may name his own number of it, and the day on which it leaves.
///
/// # Errors
/// Refuses an unknown fulfilment, one that nobody asked the location about or that it answered already, a held one, and a day that is past.
pub fn accept_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &AcceptFulfilment,
) -> Result<Answer, Stop> {
    check(attempt.order(order)?, command.fulfilment)?;
    check_answer(attempt, order, command)?;
    attempt.record(
        order,
        Record::FulfilmentAccepted {
            fulfilment: command.fulfilment,
            reference: checks::given(command.reference.as_ref()),
            ships_on: command.ships_on,
        },
    )?;
    Ok(Answer::ok(Resource::Fulfilment(order, command.fulfilment)))
}

fn check_answer(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &AcceptFulfilment,
) -> Result<(), Stop> {
    let reference = command.reference.as_deref();
    text::optional("/reference", reference, text::REFERENCE_MAX)?;
    checks::requested_date("/ships_on", command.ships_on)?;
    let (now, network) = (attempt.now(), std::sync::Arc::clone(attempt.network()));
    let known = attempt.order(id)?.progress.fulfilment(command.fulfilment);
    let location = known.and_then(|known| network.location(known.location?));
    let today = location.map(|location| location.local_time(now).date());
    match command.ships_on.zip(today) {
        Some((day, today)) if day < today => {
            let problem = format!("lies before {today}, which is today at the location");
            Err(Refusal::invalid("/ships_on", problem).into())
        }
        _ => Ok(()),
    }
}

fn check(order: &Order, no: FulfilmentNo) -> Result<(), Refusal> {
    let fulfilment = checks::fulfilment(order, no, Verb::Accept)?;
    checks::refuse_if_scheduled(fulfilment, Verb::Accept)?;
    match fulfilment.request {
        RequestStatus::Submitted => checks::refuse_if_any_held(order, fulfilment, Verb::Accept),
        RequestStatus::Unsubmitted => Err(Refusal::illegal(
            Verb::Accept,
            "the location does not have to accept; pick it right away",
        )),
        RequestStatus::Accepted => Err(Refusal::illegal(
            Verb::Accept,
            "the location accepted it before; pick it",
        )),
        RequestStatus::Rejected => Err(Refusal::illegal(
            Verb::Accept,
            "the location rejected it; source the order again",
        )),
        RequestStatus::CancellationRequested => Err(Refusal::illegal(
            Verb::Accept,
            "the location was asked to stop; wait for its answer",
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_location_that_was_asked_accepts_once() {
        story(
            "
                location L1 3pl
                stock A@L1=5
                order A=3       > order open; F1@L1 open (submitted) A:3 assigned; A@L1 5/3
                pick F1         > illegal_transition: cannot pick now: the location was asked and has not answered; accept it first
                accept F1       > order in_progress; F1@L1 open (accepted) A:3 assigned
                accept F1       > illegal_transition: cannot accept now: the location accepted it before; pick it
                accept F9       > not_found: there is no fulfilment ?
                pick F1         > F1@L1 picked (accepted) A:3 picked
            ",
        );
    }

    #[test]
    fn an_accept_that_is_not_needed_is_refused() {
        story(
            "
                location L1
                stock A@L1=5
                order A=3 B=1:digital > order open; F1@L1 open A:3 assigned; F2 open B:1 assigned; A@L1 5/3
                accept F1             > illegal_transition: cannot accept now: the location does not have to accept; pick it right away
                accept F2             > illegal_transition: cannot accept now: the location does not have to accept; pick it right away
                cancel                > order cancelled; A 3 cancelled; B 1 cancelled; F1@L1 cancelled; F2 cancelled; A@L1 5/0
                accept F1             > illegal_transition: cannot accept now: the fulfilment is cancelled and has no units; use the fulfilment that has them now
            ",
        );
    }

    #[test]
    fn a_hold_on_the_order_or_on_a_line_blocks_accepting() {
        story(
            "
                location L1 supplier
                stock A@L1=5
                stock B@L1=5
                order A=3 B=1        > order open; F1@L1 open (submitted) A:3 assigned B:1 assigned; A@L1 5/3; B@L1 5/1
                hold fraud looks odd > order on_hold; F1@L1 on_hold (submitted) A:3 assigned B:1 assigned; H1 fraud active (looks odd)
                accept F1            > on_hold: cannot accept while the fraud hold H1 is active (looks odd); release it first
                release H1           > order open; F1@L1 open (submitted) A:3 assigned B:1 assigned; H1 fraud released (looks odd)
                hold manual wait : B > order on_hold; F1@L1 on_hold (submitted) A:3 assigned B:1 assigned; H2 manual active B (wait)
                accept F1            > on_hold: cannot accept while the manual hold H2 is active (wait); release it first
                cancel B=1           > B 1 cancelled; F1@L1 open (submitted) A:3 assigned; B@L1 5/0
                accept F1            > F1@L1 open (accepted) A:3 assigned
            ",
        );
    }
}
