//! What a channel may sell, as the API writes and reads it.

use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::network::{Buffer, LocationId, Network, Sells};
use utoipa::ToSchema;

/// What a channel may sell.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = ChannelSells)]
#[serde(deny_unknown_fields)]
pub struct SellsShape {
    /// Codes of the only locations that it sells from; all when empty.
    #[serde(default)]
    #[schema(max_items = 1000)]
    locations: Vec<String>,
    /// What is kept back from it of each item at each location.
    #[serde(default)]
    buffer: BufferShape,
    /// What is kept back from it at these locations instead.
    #[serde(default)]
    #[schema(max_items = 1000)]
    buffers: Vec<BufferAtShape>,
    /// Days that a lot must have left on the day that it leaves; 0 where its last day will do.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 3650)]
    min_life_days: u16,
}

/// Units that are kept back: `nothing`, `{"units": 2}`, or `{"percent": 10}`, rounded up.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = Buffer)]
#[serde(rename_all = "snake_case")]
enum BufferShape {
    /// None.
    #[default]
    Nothing,
    /// So many.
    Units(i64),
    /// So many of a hundred, rounded up.
    Percent(u8),
}

/// What is kept back at one location.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BufferAt)]
#[serde(deny_unknown_fields)]
struct BufferAtShape {
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Units that are kept back.
    buffer: BufferShape,
}

impl SellsShape {
    pub(super) fn new(sells: &Sells, network: &Network) -> Self {
        let code = |id: &LocationId| {
            let known = network.location(*id);
            known
                .map(|location| location.code.clone())
                .unwrap_or_default()
        };
        let buffers = sells.buffers.iter();
        Self {
            locations: sells.locations.iter().map(code).collect(),
            buffer: sells.buffer.into(),
            buffers: buffers
                .map(|(id, buffer)| BufferAtShape {
                    location: code(id),
                    buffer: (*buffer).into(),
                })
                .collect(),
            min_life_days: sells.min_life_days,
        }
    }

    /// The same by the numbers of the locations, which never change.
    ///
    /// # Errors
    /// Refuses codes that no location has.
    pub(super) fn resolve(self, network: &Network) -> Result<Sells, Refusal> {
        let id = |field: String, code: &str| match network.location_by_code(code) {
            Some(location) => Ok(location.id),
            None => Err(Refusal::unknown(field, "location", code)),
        };
        let locations = self.locations.iter().enumerate();
        let locations = locations.map(|(at, code)| id(format!("/sells/locations/{at}"), code));
        let buffers = self.buffers.iter().enumerate().map(|(at, one)| {
            let field = format!("/sells/buffers/{at}/location");
            Ok((id(field, &one.location)?, one.buffer.into()))
        });
        Ok(Sells {
            locations: locations.collect::<Result<_, Refusal>>()?,
            buffer: self.buffer.into(),
            buffers: buffers.collect::<Result<_, Refusal>>()?,
            min_life_days: self.min_life_days,
        })
    }
}

impl From<BufferShape> for Buffer {
    fn from(shape: BufferShape) -> Self {
        match shape {
            BufferShape::Nothing => Self::Nothing,
            BufferShape::Units(units) => Self::Units(units),
            BufferShape::Percent(percent) => Self::Percent(percent),
        }
    }
}

impl From<Buffer> for BufferShape {
    fn from(buffer: Buffer) -> Self {
        match buffer {
            Buffer::Nothing => Self::Nothing,
            Buffer::Units(units) => Self::Units(units),
            Buffer::Percent(percent) => Self::Percent(percent),
        }
    }
}
