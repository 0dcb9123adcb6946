//! Where locations are and customers live.

/// A town: country, name, degrees north and east.
pub(super) struct Town(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) f64,
    pub(super) f64,
);

/// Warehouses: code, town, degrees north and east.
pub(super) const WAREHOUSES: &[Town] = &[
    Town("GB", "Daventry", 52.26, -1.16),
    Town("GB", "Warrington", 53.39, -2.60),
    Town("GB", "Doncaster", 53.52, -1.13),
    Town("GB", "Livingston", 55.88, -3.52),
    Town("GB", "Avonmouth", 51.50, -2.70),
    Town("GB", "Felixstowe", 51.95, 1.32),
];

/// Stores that ship too.
pub(super) const STORES: &[Town] = &[
    Town("GB", "London", 51.52, -0.10),
    Town("GB", "Birmingham", 52.48, -1.90),
    Town("GB", "Leeds", 53.80, -1.55),
    Town("GB", "Glasgow", 55.86, -4.25),
    Town("GB", "Sheffield", 53.38, -1.47),
    Town("GB", "Manchester", 53.48, -2.24),
    Town("GB", "Edinburgh", 55.95, -3.19),
    Town("GB", "Liverpool", 53.41, -2.98),
    Town("GB", "Bristol", 51.45, -2.59),
    Town("GB", "Cardiff", 51.48, -3.18),
    Town("GB", "Nottingham", 52.95, -1.15),
    Town("GB", "Newcastle", 54.97, -1.61),
    Town("GB", "Southampton", 50.90, -1.40),
    Town("GB", "Norwich", 52.63, 1.30),
];

/// Where British customers live besides the towns that have a store.
const MORE: &[Town] = &[
    Town("GB", "Leicester", 52.64, -1.13),
    Town("GB", "Plymouth", 50.37, -4.14),
    Town("GB", "Aberdeen", 57.15, -2.10),
    Town("GB", "Belfast", 54.60, -5.93),
    Town("GB", "Exeter", 50.72, -3.53),
    Town("GB", "York", 53.96, -1.08),
];

/// The town of a British customer; the same each time.
pub(super) fn home(choice: u64) -> &'static Town {
    let count = STORES.len() + MORE.len();
    let position = usize::try_from(choice % count as u64).unwrap_or(0);
    STORES
        .get(position)
        .unwrap_or_else(|| &MORE[position - STORES.len()])
}
