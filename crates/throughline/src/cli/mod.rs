//! The command line: one binary, roles as subcommands.

mod database;
mod demo;
mod doctor;
mod failure;
mod flight;
mod import;
mod interrupt;
mod key;
mod migrate;
mod numbers;
mod openapi;
mod order;
mod progress;
mod serve;
mod telemetry;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

pub use database::open;
pub use failure::Failure;

use crate::config::{ConfigError, Layers, Settings};

/// An order management system: orders from every channel, from capture to delivery and return.
#[derive(Debug, Parser)]
#[command(name = "throughline", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    config: ConfigArgs,
    #[command(subcommand)]
    command: Command,
}

/// Settings that every command understands.
#[derive(Debug, Args)]
struct ConfigArgs {
    /// Configuration file (TOML); ./throughline.toml is read if it is there
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// sqlite:PATH or postgres://USER@HOST/NAME; throughline.db in the data folder unless given
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Folder for the embedded database; the user's data folder unless given
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// What is logged, such as info or warn,throughline=debug
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// text, json or auto: text on a terminal, else JSON
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

/// What is logged unless told otherwise by commands that a person waits for: what they have to say, they print.
const QUIET: &str = "warn";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and do the jobs
    Serve(serve::ServeArgs),
    /// Make orders of a spreadsheet (CSV or XLSX), or load postal codes; running it again changes nothing
    Import(import::Import),
    /// Show an order: where it is, and why
    Order(order::OrderArgs),
    /// Walk real orders through their life in a database of their own, and serve them
    Demo(demo::DemoArgs),
    /// Make, list and revoke API keys
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Create the database, or bring it up to this version
    Migrate,
    /// Print the OpenAPI document, or the JSON Schema of a document
    Openapi {
        /// Print this schema instead
        #[arg(long)]
        schema: Option<openapi::Schema>,
    },
    /// Check configuration and database, and explain what is found
    Doctor,
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    match try_run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn try_run(cli: Cli) -> Result<(), Failure> {
    let layers = layers(&cli)?;
    let settings = Settings::new(&layers)?;
    let is_quiet = layers.get("log").is_none() && !matches!(cli.command, Command::Serve(_));
    telemetry::start(&settings, if is_quiet { QUIET } else { &settings.log });
    match cli.command {
        Command::Serve(_) => serve::serve(&settings),
        Command::Import(args) => import::import(&args, &settings),
        Command::Order(args) => order::show(&args, &settings),
        Command::Demo(args) => demo::demo(&args, cli.config.database.as_deref(), &settings),
        Command::Key(command) => key::run(command, &settings),
        Command::Migrate => migrate::migrate(&settings),
        Command::Openapi { schema } => openapi::print(schema),
        Command::Doctor => doctor::examine(&settings, &layers),
    }
}

/// File, environment and flags, the later ones winning.
fn layers(cli: &Cli) -> Result<Layers, ConfigError> {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| name.into_string().ok().zip(value.into_string().ok()));
    let mut layers = Layers::read(cli.config.config.as_deref(), environment)?;
    layers.add_flag("database", cli.config.database.clone());
    layers.add_flag("data_dir", cli.config.data_dir.clone());
    layers.add_flag("log", cli.config.log.clone());
    layers.add_flag("log_format", cli.config.log_format.clone());
    if let Command::Serve(serve) = &cli.command {
        layers.add_flag("listen", serve.listen.clone());
        layers.add_flag("roles", serve.roles.clone());
        layers.add_flag("max_connections", serve.max_connections.clone());
    }
    if let Command::Demo(demo) = &cli.command {
        layers.add_flag("listen", demo.listen.clone());
    }
    Ok(layers)
}
