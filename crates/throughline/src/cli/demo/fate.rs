//! What happens to an order on its way, where the data does not say: by rule, and the same each time.

/// What happens to an order on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fate {
    seed: u64,
}

impl Fate {
    /// The fate of what has this name.
    pub(super) fn of(name: &str) -> Self {
        // FNV-1a, 64 bits (draft-eastlake-fnv).
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
        Self {
            seed: seed ^ (seed >> 32),
        }
    }

    /// A number to choose with.
    pub(super) fn choice(self) -> u64 {
        self.seed
    }

    /// The customer calls the order off before anybody picks.
    pub(super) fn is_called_off(self) -> bool {
        self.seed.is_multiple_of(29)
    }

    /// A location that may say no says no.
    pub(super) fn is_turned_down(self) -> bool {
        self.seed % 7 == 3
    }

    /// A picker finds one unit less than there should be.
    pub(super) fn is_found_short(self) -> bool {
        self.seed % 23 == 5
    }

    /// The parcel is lost.
    pub(super) fn is_lost(self) -> bool {
        self.seed % 61 == 7
    }

    /// The recipient refuses the parcel.
    pub(super) fn is_refused(self) -> bool {
        self.seed % 47 == 11
    }
}
