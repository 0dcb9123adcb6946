//! The steps of the demonstration.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use throughline_core::command::Command;
use throughline_core::id::OrderId;
use throughline_core::order::Order;
use throughline_core::order::place::NewOrder;
use throughline_core::payment::{NewPayment, PaymentState};
use throughline_formats::sheet::{Rows, SheetOrder};
use throughline_store::{Store, check_invariants, views};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::database::{self, Fresh};
use super::fate::Fate;
use super::sheet::{self, Data};
use super::stock::Wanted;
use super::tally::{Seen, Sums};
use super::walk::Walker;
use super::{network, report, towns};
use crate::app::{App, Parts};
use crate::cli::flight::Flight;
use crate::cli::progress::Progress;
use crate::cli::{Failure, import, key, serve};
use crate::config::Settings;
use crate::execute::Executor;
use crate::wiring::clock::Stopwatch;

/// Orders that are read in one snapshot.
const ORDERS_READ: usize = 200;

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub(in crate::cli) struct DemoArgs {
    /// Address and port to serve on; 127.0.0.1:7474, or a free port where that is taken, unless given
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(in crate::cli) listen: Option<String>,
    /// End after the table, and serve nothing
    #[arg(long)]
    pub(in crate::cli) exit: bool,
}

/// Loads the real orders that ship with the program, walks them through their life, and serves them.
///
/// # Errors
/// When the database is not new or cannot be made, the port is taken, or something broke.
pub(in crate::cli) fn demo(
    args: &DemoArgs,
    database: Option<&str>,
    settings: &Settings,
) -> Result<(), Failure> {
    let runtime = serve::runtime()?;
    let listener = match args.exit {
        true => None,
        false => Some(runtime.block_on(listen(args, settings.listen))?),
    };
    let Fresh { store, url, lock } = database::make(database, settings)?;
    let parts = Parts {
        listener,
        worker: true,
        max_connections: settings.max_connections,
    };
    let entered = runtime.enter();
    let app = App::start(&store, parts)?;
    drop(entered);
    let shown = show(app.executor(), &store);
    let ended = shown.and_then(|number| match app.address() {
        Some(address) => serve_until_stopped(&runtime, &store, address, &url, number),
        None => Ok(()),
    });
    runtime.block_on(app.stop());
    runtime.shutdown_timeout(Duration::from_millis(200));
    drop(lock);
    ended
}

/// A port that was not asked for and is taken is replaced by a free one.
async fn listen(args: &DemoArgs, wanted: SocketAddr) -> Result<TcpListener, Failure> {
    match serve::listen(wanted).await {
        Err(Failure::Listen { .. }) if args.listen.is_none() => {
            serve::listen((Ipv4Addr::LOCALHOST, 0).into()).await
        }
        listener => listener,
    }
}

fn serve_until_stopped(
    runtime: &Runtime,
    store: &Store,
    address: SocketAddr,
    url: &str,
    number: u64,
) -> Result<(), Failure> {
    let key = key::make_owner(store, "demonstration")?;
    print(&report::served(
        address,
        &quoted(url),
        &key,
        number,
        &program(),
    ))?;
    runtime.block_on(serve::wait_for_signal())
}

/// How this program is called from the current folder.
fn program() -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let Ok(program) = std::env::current_exe() else {
        return "throughline".to_owned();
    };
    let shown = program.strip_prefix(&here).unwrap_or(&program);
    quoted(&shown.display().to_string())
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/.:_-@".contains(letter);
    if word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Places the orders, walks them, and prints what happened. Gives the number of an order worth a look.
fn show(executor: &Executor, store: &Store) -> Result<u64, Failure> {
    let data = sheet::read()?;
    let wanted = Wanted::by(&data.orders);
    let mut seen = Seen::default();
    for command in network::commands(&data.channel, &data.channel_name) {
        let mut flight = Flight::new(executor);
        flight.send(command, None, ())?;
        if let Some(((), Err(refusal))) = flight.land()? {
            seen.refused.push(refusal.to_string());
        }
    }
    let items = wanted
        .titles
        .iter()
        .map(|(sku, title)| Command::PutItem(import::item(sku, title)));
    send_all(executor, "making SKUs", items, &mut seen.refused)?;
    send_all(
        executor,
        "taking stock in",
        wanted.first_delivery(),
        &mut seen.refused,
    )?;
    let walkers = place(executor, &data, &mut seen)?;
    let walkers = walk(executor, walkers, "fulfilling orders", &mut seen)?;
    send_all(
        executor,
        "taking stock in",
        wanted.second_delivery(),
        &mut seen.refused,
    )?;
    let walkers = reload(store, walkers)?;
    let walkers = walk(executor, walkers, "serving who waited", &mut seen)?;
    let walkers = reload(store, walkers)?;
    let mut sums = Sums::default();
    walkers.iter().for_each(|walker| sums.add(&walker.order));
    let short = walkers.iter().filter(|walker| walker.was_found_short());
    seen.found_short = short.count() as u64;
    let violations = store.read(check_invariants)?;
    let violations: Vec<String> = violations.iter().map(ToString::to_string).collect();
    print(&report::happened(data.rows, &seen, &sums, &violations))?;
    if !violations.is_empty() {
        return Err(Failure::NotInOrder(
            "an invariant does not hold; please report it with the lines above".to_owned(),
        ));
    }
    Ok(worth_a_look(&walkers))
}

/// An order with much of a life: several fulfilments, returns, a long journal, and few enough lines to read.
fn worth_a_look(walkers: &[Walker<'_>]) -> u64 {
    const LINES_MAX: usize = 6;
    const ENTRIES_MAX: u64 = 24;
    let readable = walkers.iter().filter(|walker| {
        walker.order.placed.lines.len() <= LINES_MAX && walker.order.version <= ENTRIES_MAX
    });
    let lively = |walker: &&Walker<'_>| {
        let progress = &walker.order.progress;
        (
            progress.returns.len() + progress.fulfilments.len(),
            walker.order.version,
        )
    };
    readable
        .max_by_key(lively)
        .map_or(0, |walker| walker.order.number)
}

fn send_all(
    executor: &Executor,
    what: &'static str,
    commands: impl Iterator<Item = Command>,
    refused: &mut Vec<String>,
) -> Result<(), Failure> {
    let commands: Vec<Command> = commands.collect();
    let mut progress = Progress::start(what, "commands", commands.len() as u64);
    let mut flight = Flight::new(executor);
    let mut commands = commands.into_iter();
    loop {
        while !flight.is_full()
            && let Some(command) = commands.next()
        {
            flight.send(command, None, ())?;
        }
        match flight.land()? {
            None => break,
            Some(((), answer)) => refused.extend(answer.err().map(|refusal| refusal.to_string())),
        }
        progress.advance(1);
    }
    progress.finish();
    Ok(())
}

fn place<'d>(
    executor: &Executor,
    data: &'d Data,
    seen: &mut Seen,
) -> Result<Vec<Walker<'d>>, Failure> {
    let stopwatch = Stopwatch::start();
    let mut progress = Progress::start("placing orders", "orders", data.orders.len() as u64);
    let mut flight = Flight::new(executor);
    let mut orders = data.orders.iter();
    let mut walkers = Vec::with_capacity(data.orders.len());
    loop {
        while !flight.is_full()
            && let Some(sheet) = orders.next()
        {
            let fate = Fate::of(&sheet.reference);
            flight.send(
                import::place(sheet, new_order(sheet), Rows::Live),
                None,
                (sheet, fate),
            )?;
        }
        let Some(((sheet, fate), answer)) = flight.land()? else {
            break;
        };
        progress.advance(1);
        match answer.map(|done| done.order) {
            Ok(Some(order)) => {
                seen.note_placed(&order);
                let cancelled = data
                    .cancellations
                    .get(&sheet.reference)
                    .map_or(&[][..], Vec::as_slice);
                walkers.push(Walker::new(order, fate, cancelled));
            }
            Ok(None) => {}
            Err(refusal) => seen.refused.push(refusal.to_string()),
        }
    }
    progress.finish();
    seen.placing_ms = stopwatch.elapsed().as_millis();
    Ok(walkers)
}

/// The order as the data describes it, with a town for its customer and a card that was authorised for its total.
fn new_order(sheet: &SheetOrder) -> NewOrder {
    let number = sheet
        .customer
        .as_ref()
        .and_then(|customer| customer.reference.as_deref());
    let recipient = number.map_or_else(
        || "Customer without a number".to_owned(),
        |number| format!("Customer {number}"),
    );
    let choice = Fate::of(number.unwrap_or(&sheet.reference)).choice();
    let country = sheet
        .ship_to
        .as_ref()
        .and_then(|address| address.country)
        .unwrap_or_default();
    let total = import::total_minor(sheet);
    let payment = NewPayment {
        state: PaymentState::Authorized,
        amount_minor: total,
        method: "card".to_owned(),
        reference: None,
        fingerprint: None,
    };
    NewOrder {
        ship_to: towns::address(country, &recipient, choice),
        payments: if total > 0 { vec![payment] } else { Vec::new() },
        ..import::new_order(sheet)
    }
}

/// Does with each order what is to be done, until nothing is.
fn walk<'d>(
    executor: &Executor,
    walkers: Vec<Walker<'d>>,
    what: &'static str,
    seen: &mut Seen,
) -> Result<Vec<Walker<'d>>, Failure> {
    let stopwatch = Stopwatch::start();
    let mut progress = Progress::start(what, "orders", walkers.len() as u64);
    let mut ended = Vec::with_capacity(walkers.len());
    let mut waiting = walkers.into_iter();
    let mut flight = Flight::new(executor);
    loop {
        while !flight.is_full()
            && let Some(walker) = waiting.next()
        {
            step(walker, &mut flight, &mut ended, &mut progress)?;
        }
        let Some((mut walker, answer)) = flight.land()? else {
            break;
        };
        match answer {
            Ok(done) => {
                seen.commands += 1;
                if let Some(order) = done.order {
                    walker.order = order;
                }
                step(walker, &mut flight, &mut ended, &mut progress)?;
            }
            Err(refusal) => {
                seen.refused
                    .push(format!("order {}: {refusal}", walker.order.number));
                progress.advance(1);
                ended.push(walker);
            }
        }
    }
    progress.finish();
    seen.walking_ms += stopwatch.elapsed().as_millis();
    Ok(ended)
}

fn step<'d>(
    mut walker: Walker<'d>,
    flight: &mut Flight<'_, Walker<'d>>,
    ended: &mut Vec<Walker<'d>>,
    progress: &mut Progress,
) -> Result<(), Failure> {
    if let Some(command) = walker.next() {
        return flight.send(command, None, walker);
    }
    progress.advance(1);
    ended.push(walker);
    Ok(())
}

/// Reads the orders again: deliveries and jobs have changed them.
fn reload<'d>(store: &Store, mut walkers: Vec<Walker<'d>>) -> Result<Vec<Walker<'d>>, Failure> {
    for some in walkers.chunks_mut(ORDERS_READ) {
        let ids: Vec<OrderId> = some.iter().map(|walker| walker.order.id).collect();
        let stored = store.read(|connection| views::orders::load(connection, &ids))?;
        let mut stored: std::collections::HashMap<OrderId, Order> = stored
            .into_iter()
            .map(|one| (one.order.id, one.order))
            .collect();
        for walker in some {
            if let Some(order) = stored.remove(&walker.order.id) {
                walker.order = Arc::new(order);
            }
        }
    }
    Ok(walkers)
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}
