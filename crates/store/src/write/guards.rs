//! Guards: what each statement of a commit must have done, and what it means if it has not.

use throughline_core::facts::{Claim, ClaimKey};
use throughline_core::id::{ItemId, OrderId, ReservationId, SupplyId};
use throughline_core::party::Contact;
use uuid::Uuid;

use super::statements;
use crate::claim::StoredKey;
use crate::engine::{Cell, Columns, Connection, Outcome, Rows, Statement, Step};
use crate::error::{FailedGuards, StoreError};

/// The claims of a batch in the order of their rows.
pub(super) type Claims<'a> = [(StoredKey, &'a ClaimKey, &'a Claim)];

/// What a statement must have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// Nothing.
    None,
    /// Taken every claim.
    Claims,
    /// Found every order at its version.
    Orders,
    /// Found every item at its version.
    Items,
    /// Found every reservation active.
    Reservations,
    /// Found every line of the reservations that end as it was.
    ReservationLines,
    /// Found all supply at its version.
    Supplies,
    /// Found every level as it was needed.
    Levels,
    /// Found room on every day of a location.
    Days,
    /// Found every tally or account at its version.
    Counters,
    /// Found the settings at their version.
    Setting,
    /// Found the writer with our fence, at our last batch.
    Writer,
    /// Read contact rows that are about to change.
    Contacts,
    /// Read no item that has another version by now than the one that was decided on.
    Versions,
}

/// One statement of a commit with its rows and its check.
#[derive(Debug)]
pub(super) struct Planned<'a> {
    step: Step<'a>,
    columns: &'a Columns,
    check: Check,
}

impl<'a> Planned<'a> {
    pub(super) fn write(statement: &'static Statement, columns: &'a Columns, check: Check) -> Self {
        Self {
            step: Step::Write(statement, columns),
            columns,
            check,
        }
    }

    pub(super) fn read(statement: &'static Statement, columns: &'a Columns, check: Check) -> Self {
        Self {
            step: Step::Read(statement, columns),
            columns,
            check,
        }
    }
}

/// What was not as it had to be.
#[derive(Debug, Default)]
pub(super) struct Failed {
    pub guards: FailedGuards,
    /// Rows of levels, not yet judged: they may only be new.
    pub levels: Vec<usize>,
    /// Contact rows as they were.
    pub contacts: Vec<(Uuid, Contact)>,
}

/// Runs the plan and collects failed guards. An error of the database counts only if no guard failed before it: after
/// a guard has failed, later statements may stumble over the same fact. Levels that did not take may only be new, and
/// are tried again: not in a transaction that an error has ended.
pub(super) fn run(
    connection: &mut Connection,
    plan: &[Planned<'_>],
    claims: &Claims<'_>,
    network_version: i64,
    failed: &mut Failed,
) -> Result<(), StoreError> {
    let steps: Vec<Step<'_>> = plan
        .iter()
        .filter(|planned| !planned.columns.is_empty())
        .map(|planned| planned.step)
        .collect();
    let (outcomes, error) = connection.run(&steps);
    let ran = plan
        .iter()
        .filter(|planned| !planned.columns.is_empty())
        .zip(outcomes);
    for (planned, outcome) in ran {
        failed.check(planned, outcome, claims, network_version)?;
    }
    match error {
        Some(error) if failed.guards.is_empty() => Err(error),
        _ => Ok(()),
    }
}

/// Looks whether settings and items are those that were decided on, where nothing is written that could guard them.
pub(super) fn prove(
    connection: &mut Connection,
    network_version: i64,
    items: &[(ItemId, i64)],
    partitions: u16,
) -> Result<(), StoreError> {
    let (mut settings, mut versions) = (Columns::default(), Columns::default());
    settings.row().text("network");
    for (item, version) in items {
        let row = versions.row().int(item.bucket(partitions));
        row.uuid(item.uuid()).int(*version);
    }
    let plan = [
        Planned::read(&statements::SETTING, &settings, Check::Setting),
        Planned::read(&statements::CHANGED_ITEMS, &versions, Check::Versions),
    ];
    let mut failed = Failed::default();
    run(connection, &plan, &[], network_version, &mut failed)?;
    failed.into_result().map(drop)
}

impl Failed {
    fn check(
        &mut self,
        planned: &Planned<'_>,
        outcome: Outcome,
        claims: &Claims<'_>,
        network_version: i64,
    ) -> Result<(), StoreError> {
        if let Outcome::Rows(rows) = &outcome {
            return self.see(planned.check, rows, network_version);
        }
        for row in outcome.untaken() {
            self.note(planned, row, claims);
        }
        Ok(())
    }

    fn see(&mut self, check: Check, rows: &Rows, network_version: i64) -> Result<(), StoreError> {
        if check == Check::Setting {
            let version = rows.first().map(|row| row.int(0)).transpose()?;
            self.guards.settings |= version != Some(network_version);
        }
        if check == Check::Contacts {
            for row in rows.iter() {
                self.contacts.push((row.uuid(1)?, row.json(2)?));
            }
        }
        if check == Check::Versions {
            for row in rows.iter() {
                self.guards.items.push(ItemId::from_uuid(row.uuid(0)?));
            }
        }
        Ok(())
    }

    fn note(&mut self, planned: &Planned<'_>, row: usize, claims: &Claims<'_>) {
        let id = || id(planned.columns, row, 1);
        match planned.check {
            Check::None | Check::Contacts | Check::Versions => {}
            Check::Claims => self
                .guards
                .claims
                .extend(claims.get(row).map(|(_, key, _)| (*key).clone())),
            Check::Orders => self.guards.orders.push(OrderId::from_uuid(id())),
            Check::Items => self.guards.items.push(ItemId::from_uuid(id())),
            Check::Reservations => self
                .guards
                .reservations
                .push(ReservationId::from_uuid(id())),
            Check::ReservationLines => {
                let id = ReservationId::from_uuid(self::id(planned.columns, row, 3));
                if !self.guards.reservations.contains(&id) {
                    self.guards.reservations.push(id);
                }
            }
            Check::Supplies => self.guards.supplies.push(SupplyId::from_uuid(id())),
            Check::Levels => self.levels.push(row),
            Check::Days => self.guards.days = true,
            Check::Counters => self.guards.counters = true,
            Check::Setting => self.guards.settings = true,
            Check::Writer => self.guards.writer_fenced = true,
        }
    }

    /// Reports the rows of levels that have failed by their items.
    pub(super) fn report_levels(&mut self, levels: &Columns) {
        for row in std::mem::take(&mut self.levels) {
            let item = ItemId::from_uuid(id(levels, row, 2));
            if !self.guards.items.contains(&item) {
                self.guards.items.push(item);
            }
        }
    }

    /// The contact rows as they were, if every guard held.
    pub(super) fn into_result(self) -> Result<Vec<(Uuid, Contact)>, StoreError> {
        if self.guards.is_empty() {
            Ok(self.contacts)
        } else {
            Err(StoreError::GuardFailed(Box::new(self.guards)))
        }
    }
}

fn id(columns: &Columns, row: usize, parameter: usize) -> Uuid {
    match columns.key(row, &[parameter]).first() {
        Some(Cell::Uuid(id)) => *id,
        _ => Uuid::nil(),
    }
}

/// A limit that would be below what is oversold by now stumbles over the CHECK of a level: it was decided on a level
/// that is no longer so.
pub(super) fn stumbled(error: StoreError, limits: &Columns) -> StoreError {
    match error {
        StoreError::Statement { statement, .. }
            if statement == statements::UPDATE_OVERSELL_LIMITS.name =>
        {
            let rows = 0..limits.len();
            StoreError::GuardFailed(Box::new(FailedGuards {
                items: rows
                    .map(|row| ItemId::from_uuid(id(limits, row, 1)))
                    .collect(),
                ..FailedGuards::default()
            }))
        }
        error => error,
    }
}

/// Levels that did not take: made if they are new, and tried once more.
#[derive(Debug, Default)]
pub(super) struct LevelsAgain {
    ensures: Columns,
    pub levels: Columns,
}

/// Takes the rows that did not take.
pub(super) fn levels_again(levels: &Columns, rows: &[usize]) -> LevelsAgain {
    let mut again = LevelsAgain::default();
    for row in rows {
        again.ensures.copy_row(levels, *row, 3);
        again.levels.copy_row(levels, *row, 13);
    }
    again
}

impl LevelsAgain {
    pub(super) fn plan(&self) -> [Planned<'_>; 2] {
        [
            Planned::write(&statements::ENSURE_LEVELS, &self.ensures, Check::None),
            Planned::write(&statements::UPDATE_LEVELS, &self.levels, Check::Levels),
        ]
    }
}
