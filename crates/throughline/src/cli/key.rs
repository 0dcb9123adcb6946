//! `throughline key`: making, listing and revoking API keys, before or beside a running server.

use std::io::Write;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use throughline_core::Refusal;
use throughline_core::id::KeyId;
use throughline_core::time::Millis;
use throughline_store::{ApiKey, Store, keys};

use super::{Failure, database};
use crate::config::Settings;
use crate::http::api::keys::create::{KeyBody, make};
use crate::http::api::shapes::Instant;
use crate::http::auth::Role;
use crate::wiring::clock;

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key and print it, alone, on standard output
    Create(CreateArgs),
    /// List keys: id, prefix, role, name, locations, and whether they still work
    List,
    /// Revoke a key; running servers refuse it within a second
    Revoke {
        /// The key's id, as list prints it
        id: String,
    },
}

/// Arguments of `key create`.
#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// owner, operations, customer_service, warehouse, store, buyer, analyst or partner
    #[arg(long)]
    role: String,
    /// What to call it; the timelines of orders say it. "owner key" for an owner's, and so on, unless given
    #[arg(long)]
    name: Option<String>,
    /// When it ends: a date or time such as 2027-01-31, or a duration such as 90d or 12h
    #[arg(long, value_name = "WHEN")]
    expires: Option<String>,
    /// Codes of its locations, separated by commas (warehouse, store and partner need them)
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    locations: Option<Vec<String>>,
}

pub(super) fn run(command: KeyCommand, settings: &Settings) -> Result<(), Failure> {
    match command {
        KeyCommand::Create(args) => create(args, settings),
        KeyCommand::List => list(settings),
        KeyCommand::Revoke { id } => revoke(&id, settings),
    }
}

fn create(args: CreateArgs, settings: &Settings) -> Result<(), Failure> {
    let role: Role = args
        .role
        .parse()
        .map_err(|problem| Failure::Usage(format!("--role: {problem}")))?;
    let expires_at = args
        .expires
        .as_deref()
        .map(|text| end(text, clock::now()))
        .transpose()?;
    let body = KeyBody {
        name: args
            .name
            .unwrap_or_else(|| format!("{} key", role.as_str().replace('_', " "))),
        role,
        locations: args.locations,
        expires_at: expires_at.map(Instant),
    };
    let (key, text) = make(body).map_err(in_words_of_the_command_line)?;
    let store = database::open(settings)?;
    insert(&store, &key)?;
    print(&format!("{text}\n"))
}

/// Makes a key for an owner and gives its text.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn make_owner(store: &Store, name: &str) -> Result<String, Failure> {
    let body = KeyBody {
        name: name.to_owned(),
        role: Role::Owner,
        locations: None,
        expires_at: None,
    };
    let (key, text) = make(body)?;
    insert(store, &key)?;
    Ok(text)
}

fn insert(store: &Store, key: &ApiKey) -> Result<(), Failure> {
    let inserted = store.insert_api_key(key);
    inserted.map_err(|error| database::named(store, error))
}

fn list(settings: &Settings) -> Result<(), Failure> {
    let (store, now) = (database::open(settings)?, clock::now());
    let mut after = None;
    loop {
        let found = store.read(|connection| keys::list(connection, after))?;
        let Some(last) = found.last() else {
            return Ok(());
        };
        after = Some(last.id);
        let lines: String = found.iter().map(|key| line(key, now)).collect();
        print(&lines)?;
    }
}

fn line(key: &ApiKey, now: Millis) -> String {
    let state = match (key.revoked_at, key.expires_at) {
        (Some(_), _) => "revoked",
        (None, Some(end)) if end <= now => "expired",
        _ => "active",
    };
    let locations = if key.locations.is_empty() {
        "all locations".to_owned()
    } else {
        key.locations.join(",")
    };
    format!(
        "{}\ttl_{}…\t{}\t{}\t{locations}\t{state}\n",
        key.id, key.prefix, key.role, key.name
    )
}

fn revoke(id: &str, settings: &Settings) -> Result<(), Failure> {
    let id: KeyId = id.parse().map_err(|_| {
        Failure::Usage(format!(
            "{id:?} is no key's id; throughline key list prints them"
        ))
    })?;
    let now = clock::now();
    let store = database::open(settings)?;
    let revoked = store.revoke_api_key(id, now);
    if !revoked.map_err(|error| database::named(&store, error))? {
        return Err(Refusal::NotFound {
            what: "key",
            name: id.to_string(),
        }
        .into());
    }
    Ok(())
}

/// A refusal names the field of the API's body; here it is an argument.
fn in_words_of_the_command_line(refusal: Refusal) -> Failure {
    match refusal.field() {
        Some(field) => {
            let said = refusal.to_string();
            let argument = format!("--{}", field.trim_start_matches('/').replace('_', "-"));
            Failure::Usage(said.replacen(field, &argument, 1))
        }
        None => refusal.into(),
    }
}

/// A date, a time, or a number of days or hours from now.
fn end(text: &str, now: Millis) -> Result<Millis, Failure> {
    let duration = |unit: char, hours: i64| {
        let number: i64 = text.strip_suffix(unit)?.parse().ok()?;
        SignedDuration::try_from_hours(number.checked_mul(hours)?)
    };
    if let Some(duration) = duration('d', 24).or_else(|| duration('h', 1)) {
        return Ok(now.plus_ms(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)));
    }
    let time = text.parse::<Timestamp>().ok();
    let date = || {
        text.parse::<Date>()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|start| start.timestamp())
    };
    let end = time.or_else(date).ok_or_else(|| {
        Failure::Usage(format!(
            "--expires: {text:?} is no date such as 2027-01-31 and no duration such as 90d"
        ))
    })?;
    Ok(Millis(end.as_millisecond()))
}

fn print(text: &str) -> Result<(), Failure> {
    let written = std::io::stdout().write_all(text.as_bytes());
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_at_a_date_or_after_a_while() {
        let now = Millis(1_000);
        for (text, millis) in [
            ("2d", 2 * 86_400_000 + 1_000),
            ("12h", 12 * 3_600_000 + 1_000),
            ("2027-01-31", 1_801_353_600_000),
            ("2027-01-31T00:00:00+01:00", 1_801_350_000_000),
        ] {
            assert_eq!(end(text, now).unwrap(), Millis(millis), "{text}");
        }
        for bad in ["", "soon", "d", "99999999999999999999d", "2027-02-30"] {
            assert!(end(bad, now).is_err(), "{bad}");
        }
    }
}
