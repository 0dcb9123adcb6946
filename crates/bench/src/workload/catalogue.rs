//! 10,000 SKUs, each kept at 8 of 20 locations, so that about seven in ten orders of three lines
//! can be served from one location; and one more SKU that everybody wants, kept at one location.

/// How many ordinary SKUs there are.
pub(crate) const SKUS: u16 = 10_000;
/// How many locations there are.
pub(crate) const LOCATIONS: u8 = 20;
/// How many units each location receives of each SKU it keeps: more than any run sells.
pub(crate) const RECEIVED: u32 = 10_000_000;
/// The SKU that everybody wants. It sorts behind all others, so that transactions which update
/// stock in the order of its key lock the contended row last, which is the kindest to them.
pub(crate) const HOT: u16 = SKUS;
/// The only location that keeps the SKU that everybody wants.
pub(crate) const HOT_LOCATION: u8 = 0;

const LOCATIONS_PER_SKU: usize = 8;

/// Which locations keep which SKU.
pub(crate) struct Catalogue {
    kept_at: Vec<u32>,
}

impl Catalogue {
    /// The one catalogue there is; the same in every run.
    pub(crate) fn new() -> Self {
        let mut random = fastrand::Rng::with_seed(20);
        let mut kept_at: Vec<u32> = (0..SKUS).map(|_| some_locations(&mut random)).collect();
        kept_at.push(1 << HOT_LOCATION);
        Self { kept_at }
    }

    /// All SKUs, the one that everybody wants included.
    pub(crate) fn skus(&self) -> impl Iterator<Item = u16> + use<> {
        0..=HOT
    }

    /// The locations that keep this SKU, one bit each.
    pub(crate) fn kept_at(&self, sku: u16) -> u32 {
        self.kept_at[usize::from(sku)]
    }

    /// Every (SKU, location) that keeps stock.
    pub(crate) fn stock(&self) -> Vec<(u16, u8)> {
        let locations = |sku| (0..LOCATIONS).map(move |location| (sku, location));
        self.skus()
            .flat_map(locations)
            .filter(|&(sku, location)| self.kept_at(sku) & (1 << location) != 0)
            .collect()
    }
}

fn some_locations(random: &mut fastrand::Rng) -> u32 {
    random
        .choose_multiple(0..LOCATIONS, LOCATIONS_PER_SKU)
        .into_iter()
        .fold(0, |kept, location| kept | 1 << location)
}

/// The code of a SKU; all have the same length and sort as their numbers do.
pub(crate) fn sku_code(sku: u16) -> String {
    format!("SKU-{sku:05}")
}

/// The code of a location.
pub(crate) fn location_code(location: u8) -> String {
    format!("LOC-{:02}", location + 1)
}
