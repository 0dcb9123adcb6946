//! What a channel may sell: from which locations, and how much is kept back from it there.

use serde::{Deserialize, Serialize};

use super::{LocationId, Network};
use crate::catalog::LIFE_DAYS_MAX;
use crate::refusal::Refusal;

/// Most locations that a channel names.
const NAMED_MAX: usize = 1_000;

/// What a channel may sell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sells {
    /// Only from these locations, ascending; from all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<LocationId>,
    /// What is kept back from it of each item at each location.
    #[serde(default)]
    pub buffer: Buffer,
    /// What is kept back from it at these locations instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buffers: Vec<(LocationId, Buffer)>,
    /// Days that a lot must have left on the day that it leaves; 0 where the last day will do.
    #[serde(default, skip_serializing_if = "no_days")]
    pub min_life_days: u16,
}

fn no_days(days: &u16) -> bool {
    *days == 0
}

/// Units of an item at a location that are kept back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Buffer {
    /// None.
    #[default]
    Nothing,
    /// So many.
    Units(i64),
    /// So many of a hundred, rounded up.
    Percent(u8),
}

impl Buffer {
    /// Units that are kept back of these.
    #[must_use]
    pub fn of(self, units: i64) -> i64 {
        let units = units.max(0);
        match self {
            Self::Nothing => 0,
            Self::Units(kept) => kept.min(units),
            Self::Percent(percent) => {
                let hundredths = i128::from(units) * i128::from(percent);
                i64::try_from((hundredths + 99) / 100).unwrap_or(units)
            }
        }
    }

    fn check(self, field: &str) -> Result<(), Refusal> {
        let problem = match self {
            Self::Units(units) if !(0..=crate::inventory::UNITS_MAX).contains(&units) => {
                "must not be negative, nor more than 1000000000000 units"
            }
            Self::Percent(percent) if percent > 100 => "must lie between 0 and 100 percent",
            Self::Nothing | Self::Units(_) | Self::Percent(_) => return Ok(()),
        };
        Err(Refusal::invalid(field, problem))
    }
}

impl Sells {
    /// Whether the channel sells from a location.
    #[must_use]
    pub fn includes(&self, location: LocationId) -> bool {
        self.locations.is_empty() || self.locations.binary_search(&location).is_ok()
    }

    /// Units of a location that the channel may have.
    #[must_use]
    pub fn share(&self, location: LocationId, units: i64) -> i64 {
        if !self.includes(location) {
            return 0;
        }
        let own = self.buffers.iter().find(|(known, _)| *known == location);
        units - own.map_or(self.buffer, |(_, buffer)| *buffer).of(units)
    }

    /// The same, with locations in their order and named once.
    #[must_use]
    pub(super) fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        sorted.locations.sort_unstable();
        sorted.locations.dedup();
        sorted
    }

    /// Refuses unknown locations, and buffers of what cannot be.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] and [`Refusal::Unknown`], which name the field.
    pub(super) fn check(&self, network: &Network) -> Result<(), Refusal> {
        let buffers = self.buffers.iter();
        for (position, (location, buffer)) in buffers.clone().enumerate() {
            known(
                network,
                &format!("/sells/buffers/{position}/location"),
                *location,
            )?;
            buffer.check(&format!("/sells/buffers/{position}/buffer"))?;
        }
        for (position, location) in self.locations.iter().enumerate() {
            known(network, &format!("/sells/locations/{position}"), *location)?;
        }
        if self.locations.len().max(buffers.len()) > NAMED_MAX {
            return Err(Refusal::TooMany {
                what: "locations of a channel",
                limit: NAMED_MAX as u64,
            });
        }
        if self.min_life_days > LIFE_DAYS_MAX {
            return Err(Refusal::invalid(
                "/sells/min_life_days",
                format!("must lie between 0 and {LIFE_DAYS_MAX}"),
            ));
        }
        self.buffer.check("/sells/buffer")
    }
}

fn known(network: &Network, field: &str, location: LocationId) -> Result<(), Refusal> {
    match network.location(location) {
        Some(_) => Ok(()),
        None => Err(Refusal::unknown(field, "location", location.0.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_sells_what_is_not_kept_back_from_it() {
        let sells = Sells {
            locations: [3, 1, 3].map(LocationId).to_vec(),
            buffer: Buffer::Units(2),
            buffers: vec![(LocationId(3), Buffer::Nothing)],
            min_life_days: 0,
        }
        .sorted();
        let shares = [0, 1, 3].map(|number| sells.share(LocationId(number), 5));
        assert_eq!(shares, [0, 3, 5]);
        assert_eq!(Sells::default().share(LocationId(7), 5), 5);
    }

    #[test]
    fn a_buffer_keeps_units_or_a_part_back() {
        for (buffer, units, kept) in [
            (Buffer::Nothing, 9, 0),
            (Buffer::Units(2), 9, 2),
            (Buffer::Units(20), 9, 9),
            (Buffer::Units(2), -3, 0),
            (Buffer::Percent(10), 9, 1),
            (Buffer::Percent(10), 10, 1),
            (Buffer::Percent(10), 11, 2),
            (Buffer::Percent(100), 7, 7),
            (Buffer::Percent(0), 7, 0),
        ] {
            assert_eq!(buffer.of(units), kept, "{buffer:?} of {units}");
        }
    }
}
