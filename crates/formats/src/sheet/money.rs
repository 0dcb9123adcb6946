//! Exact sums of money, one for each currency.

use std::collections::BTreeMap;

use super::amount::Amount;
use super::rules::minor_digits;

/// Exact sums of money, one for each currency. A currency without money is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Money(BTreeMap<String, Amount>);

impl Money {
    /// Adds an amount.
    pub fn add(&mut self, currency: &str, amount: Amount) {
        if amount.is_zero() {
            return;
        }
        let Some(sum) = self.0.get_mut(currency) else {
            self.0.insert(currency.to_owned(), amount);
            return;
        };
        *sum += amount;
        if sum.is_zero() {
            self.0.remove(currency);
        }
    }

    /// Adds other sums.
    pub fn add_all(&mut self, other: &Self) {
        other
            .0
            .iter()
            .for_each(|(currency, amount)| self.add(currency, *amount));
    }

    /// These sums less others.
    #[must_use]
    pub fn less(&self, other: &Self) -> Self {
        let mut sums = self.clone();
        other
            .0
            .iter()
            .for_each(|(currency, amount)| sums.add(currency, -*amount));
        sums
    }

    /// The sum in one currency.
    #[must_use]
    pub fn of(&self, currency: &str) -> Amount {
        self.0.get(currency).copied().unwrap_or_default()
    }

    /// The currencies, each with its sum.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Amount)> {
        self.0
            .iter()
            .map(|(currency, amount)| (currency.as_str(), *amount))
    }

    /// As text, such as `GBP 5,761,931.382`; one for each currency.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.iter()
            .map(|(currency, amount)| {
                format!(
                    "{currency} {}",
                    amount.to_text(minor_digits(currency).unwrap_or(2))
                )
            })
            .collect()
    }
}
