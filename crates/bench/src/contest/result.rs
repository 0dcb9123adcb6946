//! What the rounds came to.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};

use super::contender::Contender;
use crate::load::outcome::Outcome;
use crate::settings::Settings;

/// The rounds of every contender.
pub(crate) type Results = BTreeMap<Contender, Measured>;

/// The rounds of one contender.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    /// With how many clients it was measured.
    pub(crate) clients: usize,
    /// One outcome a round.
    pub(crate) rounds: Vec<Outcome>,
    server_cost_us: Vec<f64>,
}

impl Measured {
    /// Nothing measured yet.
    pub(crate) fn with_clients(clients: usize) -> Self {
        Self {
            clients,
            rounds: Vec::new(),
            server_cost_us: Vec::new(),
        }
    }

    /// Adds a round. The servers' processor time covers the warm-up too, which is as busy as the
    /// counted part.
    pub(crate) fn add(&mut self, outcome: Outcome, server_cpu: Duration, settings: &Settings) {
        let busy = settings.warm_up + settings.lasting;
        let answers = outcome.rate() * busy.as_secs_f64();
        self.server_cost_us
            .push(server_cpu.as_secs_f64() * 1e6 / answers.max(1.0));
        self.rounds.push(outcome);
    }

    /// The median of the rounds' answers per second.
    pub(crate) fn rate(&self) -> f64 {
        median(self.rounds.iter().map(Outcome::rate).collect())
    }

    /// The servers' processor time per answer, in microseconds.
    pub(crate) fn server_cost_us(&self) -> f64 {
        median(self.server_cost_us.clone())
    }

    /// The load generator's processor time per answer, in microseconds.
    pub(crate) fn client_cost_us(&self) -> f64 {
        median(self.rounds.iter().map(Outcome::client_cost_us).collect())
    }
}

/// A ratio of two things that were measured in the same rounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ratio {
    /// The median of the rounds' ratios.
    pub(crate) median: f64,
    /// The smallest of them.
    pub(crate) least: f64,
    /// The largest of them.
    pub(crate) most: f64,
}

impl Ratio {
    /// The ratio of each pair of rounds.
    pub(crate) fn of(pairs: impl Iterator<Item = (f64, f64)>) -> Result<Self> {
        let mut ratios: Vec<f64> = pairs.map(|(value, base)| value / base).collect();
        ratios.sort_by(f64::total_cmp);
        Ok(Self {
            median: median(ratios.clone()),
            least: *ratios.first().context("a ratio of nothing")?,
            most: *ratios.last().context("a ratio of nothing")?,
        })
    }

    /// How many times as much one contender placed as another.
    pub(crate) fn of_rates(value: &Measured, base: &Measured) -> Result<Self> {
        let rates = value.rounds.iter().zip(&base.rounds);
        Self::of(rates.map(|(value, base)| (value.rate(), base.rate())))
    }
}

/// The middle value; the mean of the two middle ones if their number is even.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        even if even % 2 == 0 => f64::midpoint(values[middle - 1], values[middle]),
        _ => values[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_taken_round_by_round() {
        let pairs = [(10.0, 5.0), (9.0, 3.0), (4.0, 4.0)];
        let ratio = Ratio::of(pairs.into_iter()).expect("a ratio");
        assert_eq!(
            [ratio.median, ratio.least, ratio.most].map(|value| value.to_string()),
            ["2", "1", "3"]
        );
        assert!(Ratio::of(std::iter::empty()).is_err());
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert!((median(vec![4.0, 1.0, 3.0, 2.0]) - 2.5).abs() < 1e-9);
    }
}
