//! Where the customers of the data live: it names their country, and a rule gives them a town there.

use throughline_core::party::Address;

/// A town: country, name, a postal code of it, degrees north and east.
struct Town(&'static str, &'static str, &'static str, f64, f64);

/// Large towns of the United Kingdom, where most customers live.
const BRITISH: &[Town] = &[
    Town("GB", "London", "EC1A 1BB", 51.52, -0.10),
    Town("GB", "Birmingham", "B1 1BB", 52.48, -1.90),
    Town("GB", "Leeds", "LS1 1UR", 53.80, -1.55),
    Town("GB", "Glasgow", "G1 1XW", 55.86, -4.25),
    Town("GB", "Sheffield", "S1 2HH", 53.38, -1.47),
    Town("GB", "Manchester", "M1 1AE", 53.48, -2.24),
    Town("GB", "Edinburgh", "EH1 1YZ", 55.95, -3.19),
    Town("GB", "Liverpool", "L1 8JQ", 53.41, -2.98),
    Town("GB", "Bristol", "BS1 4ST", 51.45, -2.59),
    Town("GB", "Cardiff", "CF10 1EP", 51.48, -3.18),
    Town("GB", "Belfast", "BT1 5GS", 54.60, -5.93),
    Town("GB", "Leicester", "LE1 5YA", 52.64, -1.13),
    Town("GB", "Nottingham", "NG1 5FS", 52.95, -1.15),
    Town("GB", "Newcastle upon Tyne", "NE1 7RU", 54.97, -1.61),
    Town("GB", "Southampton", "SO14 7DU", 50.90, -1.40),
    Town("GB", "Plymouth", "PL1 1AE", 50.37, -4.14),
    Town("GB", "Norwich", "NR2 1TF", 52.63, 1.30),
    Town("GB", "Aberdeen", "AB10 1AB", 57.15, -2.10),
];

/// One town of every other country in the data.
const ABROAD: &[Town] = &[
    Town("AT", "Wien", "1010", 48.21, 16.37),
    Town("AU", "Sydney", "2000", -33.87, 151.21),
    Town("BH", "Manama", "317", 26.23, 50.59),
    Town("CH", "Zürich", "8001", 47.37, 8.54),
    Town("CY", "Lefkosia", "1010", 35.17, 33.36),
    Town("DE", "Berlin", "10115", 52.52, 13.40),
    Town("ES", "Madrid", "28001", 40.42, -3.70),
    Town("FI", "Helsinki", "00100", 60.17, 24.94),
    Town("FR", "Paris", "75001", 48.86, 2.35),
    Town("GG", "St Peter Port", "GY1 1WF", 49.46, -2.54),
    Town("IE", "Dublin", "D01 F5P2", 53.35, -6.26),
    Town("LT", "Vilnius", "01103", 54.69, 25.28),
    Town("NL", "Amsterdam", "1012 JS", 52.37, 4.90),
    Town("PT", "Lisboa", "1100-148", 38.72, -9.14),
    Town("SE", "Stockholm", "111 20", 59.33, 18.07),
];

/// The address of a customer in a country: a town that is the same each time. `None` for countries that are not in
/// the data.
pub(super) fn address(country: &str, recipient: &str, choice: u64) -> Option<Address> {
    let town = match country {
        "GB" => &BRITISH[usize::try_from(choice).unwrap_or_default() % BRITISH.len()],
        country => ABROAD.iter().find(|town| town.0 == country)?,
    };
    Some(Address {
        name: recipient.to_owned(),
        line1: "Street not in the data".to_owned(),
        city: town.1.to_owned(),
        postal_code: town.2.to_owned(),
        country: town.0.to_owned(),
        latitude: Some(town.3),
        longitude: Some(town.4),
        ..Address::default()
    })
}
