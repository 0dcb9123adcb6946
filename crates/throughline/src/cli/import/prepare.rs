//! Channels and items that the orders need, made where the mapping says so.

use throughline_core::catalog::PutItem;
use throughline_core::command::{Command, PutMode};
use throughline_core::network::{Channel, ChannelId, Intake, Network, PutChannel, Shortage};
use throughline_core::refusal::Refusal;
use throughline_formats::sheet::Mapping;

use super::plan::Plan;
use crate::cli::Failure;
use crate::cli::flight::Flight;
use crate::cli::interrupt::Interrupt;
use crate::cli::progress::Progress;
use crate::execute::{Done, Executor};
use crate::wiring::ids;

/// What was made before the first order.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prepared {
    pub(super) channels_made: u64,
    pub(super) skus_made: u64,
    pub(super) skus_known: u64,
}

/// Makes the channels and items that are not there.
///
/// # Errors
/// When the mapping's one channel is unknown and may not be made, and when something broke.
pub(super) fn prepare(
    executor: &Executor,
    interrupt: &Interrupt,
    mapping: &Mapping,
    plan: &Plan,
) -> Result<Prepared, Failure> {
    check_channel(&executor.network(), mapping)?;
    let mut prepared = Prepared::default();
    if mapping.policy.create_channel {
        make_channels(executor, mapping, plan, &mut prepared)?;
    }
    if mapping.policy.create_skus {
        make_items(executor, interrupt, plan, &mut prepared)?;
    }
    Ok(prepared)
}

/// Where every order goes to one channel that is not there, not one of them could be placed.
fn check_channel(network: &Network, mapping: &Mapping) -> Result<(), Failure> {
    let (Some(code), None, false) = (
        &mapping.channel.code,
        &mapping.columns.channel,
        mapping.policy.create_channel,
    ) else {
        return Ok(());
    };
    if network.channel_by_code(code).is_some() {
        return Ok(());
    }
    Err(Failure::Input(format!(
        "there is no channel {code:?}: create it, correct channel.code in the mapping, or set create_channel = true under [policy]"
    )))
}

fn make_channels(
    executor: &Executor,
    mapping: &Mapping,
    plan: &Plan,
    prepared: &mut Prepared,
) -> Result<(), Failure> {
    let network = executor.network();
    let unknown = plan
        .channels
        .iter()
        .filter(|(code, _)| network.channel_by_code(code).is_none());
    let mut flight = Flight::new(executor);
    for (code, currency) in unknown {
        // A currency that is none is refused with each order, which names its line.
        let Ok(currency) = currency.parse() else {
            continue;
        };
        let own = mapping.channel.code.as_ref() == Some(code);
        let name = mapping.channel.name.as_ref().filter(|_| own);
        let channel = Channel {
            id: ChannelId::default(),
            code: code.clone(),
            name: name.unwrap_or(code).clone(),
            currency,
            shortage: Shortage::Backorder,
            intake: Intake::Strict,
            source_on_placement: true,
            remorse_minutes: 0,
            sourcing_schedule: None,
            sells: throughline_core::network::Sells::default(),
            slips: None,
            escalate_after: throughline_core::network::ESCALATE_AFTER,
            whole_cases: false,
            till: None,
        };
        let mode = PutMode::Create;
        flight.send(Command::PutChannel(PutChannel { channel, mode }), None, ())?;
        if let Some(((), answer)) = flight.land()? {
            prepared.channels_made += u64::from(answer.is_ok());
        }
    }
    Ok(())
}

fn make_items(
    executor: &Executor,
    interrupt: &Interrupt,
    plan: &Plan,
    prepared: &mut Prepared,
) -> Result<(), Failure> {
    let mut progress = Progress::start("making SKUs", "SKUs", plan.skus.len() as u64);
    let mut flight = Flight::new(executor).until(interrupt);
    for (sku, title) in &plan.skus {
        if flight.is_full() {
            land(&mut flight, prepared, &mut progress)?;
        }
        let title = title.as_ref().unwrap_or(sku);
        flight.send(Command::PutItem(item(sku, title)), None, ())?;
    }
    while land(&mut flight, prepared, &mut progress)? {}
    progress.finish();
    Ok(())
}

fn land(
    flight: &mut Flight<'_, ()>,
    prepared: &mut Prepared,
    progress: &mut Progress,
) -> Result<bool, Failure> {
    let Some(((), answer)) = flight.land()? else {
        return Ok(false);
    };
    note(prepared, &answer);
    progress.advance(1);
    Ok(true)
}

/// A SKU that cannot be made, because it is too long, say, is refused again with each of its orders, which have lines to name.
fn note(prepared: &mut Prepared, answer: &Result<Done, Refusal>) {
    match answer {
        Ok(_) => prepared.skus_made += 1,
        Err(Refusal::Exists { .. }) => prepared.skus_known += 1,
        Err(_) => {}
    }
}

/// An item of which nothing is known but its title. One that is there already stays as it is.
pub(in crate::cli) fn item(sku: &str, title: &str) -> PutItem {
    PutItem {
        id: ids::item(),
        sku: sku.to_owned(),
        title: title.to_owned(),
        gtin: None,
        weight_g: None,
        dimensions: None,
        unit_cost_minor: None,
        components: Vec::new(),
        oversell_limit: 0,
        list_prices: None,
        case_quantity: None,
        selling: Default::default(),
        tracking: Default::default(),
        mode: PutMode::Create,
    }
}
