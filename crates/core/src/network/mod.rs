//! The network: locations and channels, one immutable version at a time.

mod channel;
mod country;
mod location;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use channel::{Channel, ChannelId, Intake, PutChannel, Shortage, put_channel};
pub use country::{has_postal_codes, is_country};
pub use location::{Kind, Location, LocationId, LocationStatus, PutLocation, put_location};

/// All locations and channels, as of one version. The write transaction share-locks the version,
/// so no node decides on settings that were replaced.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Rises by one with every change; 0 in a fresh database.
    pub version: i64,
    /// Locations; the position is the location's number.
    pub locations: Vec<Arc<Location>>,
    /// Channels; the position is the channel's number.
    pub channels: Vec<Arc<Channel>>,
}

impl Network {
    /// The location with this number.
    #[must_use]
    pub fn location(&self, id: LocationId) -> Option<&Arc<Location>> {
        self.locations.get(usize::from(id.0))
    }

    /// The location with this code.
    #[must_use]
    pub fn location_by_code(&self, code: &str) -> Option<&Arc<Location>> {
        self.locations.iter().find(|location| location.code == code)
    }

    /// The channel with this number.
    #[must_use]
    pub fn channel(&self, id: ChannelId) -> Option<&Arc<Channel>> {
        self.channels.get(usize::from(id.0))
    }

    /// The channel with this code.
    #[must_use]
    pub fn channel_by_code(&self, code: &str) -> Option<&Arc<Channel>> {
        self.channels.iter().find(|channel| channel.code == code)
    }
}
