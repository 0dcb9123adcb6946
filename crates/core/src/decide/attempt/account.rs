//! Credit accounts within an attempt.

use super::Attempt;
use crate::decide::Stop;
use crate::facts::Need;
use crate::id::CustomerId;
use crate::party::{Account, owed_on};

impl Attempt<'_> {
    /// The account of a customer as the attempt has made it; an empty one where there is none.
    ///
    /// # Errors
    /// Stops when it was not loaded yet.
    pub fn account(&self, customer: CustomerId) -> Result<Account, Stop> {
        let changed = self.decision.accounts.iter().rev();
        let changed = changed
            .map(|(id, account)| (*id, account))
            .find(|(id, _)| *id == customer);
        match changed
            .map(|(_, account)| account)
            .or_else(|| self.facts.accounts.get(&customer))
        {
            Some(account) => Ok(account.clone()),
            None => Err(Stop::Missing(vec![Need::Account(customer)])),
        }
    }

    /// Writes the next version of an account; an attempt makes one version, however often it changes it.
    pub fn put_account(&mut self, customer: CustomerId, account: Account) {
        let stored = self
            .facts
            .accounts
            .get(&customer)
            .map_or(0, |known| known.version);
        let account = Account {
            version: stored + 1,
            ..account
        };
        self.decision.accounts.retain(|(id, _)| *id != customer);
        self.decision.accounts.push((customer, account));
    }

    /// By how much the changed orders change what their customers owe.
    pub(crate) fn changed_debts(&self) -> Vec<(CustomerId, i64)> {
        let mut debts: Vec<(CustomerId, i64)> = Vec::new();
        for (before, now) in self.changed_orders() {
            let Some(customer) = now.placed.customer else {
                continue;
            };
            let change = owed_on(now) - before.map_or(0, owed_on);
            if change != 0 {
                debts.push((customer, change));
            }
        }
        debts
    }
}
