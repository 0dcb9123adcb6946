//! A story: steps, one a line.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use crate::Step;

/// A list of steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story(pub Vec<Step>);

impl Display for Story {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}

impl FromStr for Story {
    type Err = String;

    /// Reads one step a line; empty lines and what follows ` > ` are left out.
    fn from_str(text: &str) -> Result<Self, String> {
        let steps = text
            .lines()
            .map(|line| line.split(" > ").next().unwrap_or_default().trim());
        steps
            .filter(|line| !line.is_empty())
            .map(str::parse)
            .collect::<Result<Vec<Step>, String>>()
            .map(Self)
    }
}
