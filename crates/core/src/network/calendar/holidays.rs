//! Public holidays by country and subdivision, from a table that the program carries (`data/holidays`).

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use jiff::civil::Date;

/// The table: country, subdivision, name and dates, separated by tabs.
const TABLE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../data/holidays/public_holidays_2016_2028.tsv"
));

static HOLIDAYS: LazyLock<Vec<Region>> = LazyLock::new(|| read(TABLE));

/// The holidays of one country or subdivision.
struct Region {
    country: &'static str,
    /// Empty: the whole country.
    subdivision: &'static str,
    /// By date; a date with two holidays stands once for each.
    days: Vec<(Date, &'static str)>,
}

/// The years that the table covers. On a day outside of them nothing is known, and nothing is guessed.
#[must_use]
pub fn covered_years() -> RangeInclusive<i16> {
    2016..=2028
}

/// The last year of which holidays are known.
#[must_use]
pub fn last_covered_year() -> i16 {
    *covered_years().end()
}

/// Whether the holidays of this date's year are known.
#[must_use]
pub fn covers(date: Date) -> bool {
    covered_years().contains(&date.year())
}

/// The countries whose holidays are known, in order.
pub fn countries() -> impl Iterator<Item = &'static str> {
    let whole = HOLIDAYS
        .iter()
        .filter(|region| region.subdivision.is_empty());
    whole.map(|region| region.country)
}

/// The subdivisions of a country whose holidays are known apart from the country's, in order.
pub fn subdivisions(country: &str) -> impl Iterator<Item = &'static str> {
    let regions = HOLIDAYS
        .iter()
        .filter(move |region| region.country == country && !region.subdivision.is_empty());
    regions.map(|region| region.subdivision)
}

/// What a date is called where it is a public holiday of the whole country (no subdivision) or of the subdivision.
/// None on every other day, for a region that is not in the table, and outside of [`covered_years`].
#[must_use]
pub fn holiday(country: &str, subdivision: Option<&str>, date: Date) -> Option<&'static str> {
    let wanted = (country, subdivision.unwrap_or_default());
    let region = HOLIDAYS
        .binary_search_by(|region| (region.country, region.subdivision).cmp(&wanted))
        .ok()?;
    let days = &HOLIDAYS[region].days;
    let at = days.binary_search_by_key(&date, |(day, _)| *day).ok()?;
    Some(days[at].1)
}

/// Reads the table. What cannot be read is left out; a test counts what is there.
fn read(table: &'static str) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for line in table.lines().skip(1) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (country, subdivision, name, dates) = (cell(), cell(), cell(), cell());
        let days = dates.split(' ').filter_map(|date| date.parse().ok());
        let days = days.map(|date| (date, name));
        match regions.last_mut() {
            Some(last) if (last.country, last.subdivision) == (country, subdivision) => {
                last.days.extend(days);
            }
            _ => regions.push(Region {
                country,
                subdivision,
                days: days.collect(),
            }),
        }
    }
    regions.sort_unstable_by_key(|region| (region.country, region.subdivision));
    regions
        .iter_mut()
        .for_each(|region| region.days.sort_unstable());
    regions
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_whole_table_is_read() {
        let days = HOLIDAYS.iter().map(|region| region.days.len());
        assert_eq!(days.sum::<usize>(), 3_506);
        assert_eq!(
            countries().collect::<Vec<_>>().join(" "),
            "AU BE BR CA CN DE ES FR GB IE IN IT JP MX NL PL SE US"
        );
        assert_eq!(subdivisions("DE").collect::<Vec<_>>().join(" "), "BE BY NW");
        assert_eq!(subdivisions("US").count(), 0);
    }

    #[test]
    fn every_year_that_is_said_to_be_covered_has_holidays_everywhere() {
        for region in HOLIDAYS.iter() {
            for year in covered_years() {
                let known = region.days.iter().filter(|(day, _)| day.year() == year);
                assert!(known.count() > 2, "{} {year}", region.country);
            }
            let outside = region.days.iter().filter(|(day, _)| !covers(*day));
            assert_eq!(outside.count(), 0, "{}", region.country);
        }
    }

    #[test]
    fn a_holiday_is_found_where_it_is_one_and_nowhere_else() {
        let epiphany = date(2026, 1, 6);
        assert_eq!(holiday("DE", Some("BY"), epiphany), Some("Epiphany"));
        assert_eq!(holiday("DE", None, epiphany), None);
        assert_eq!(holiday("DE", Some("NW"), epiphany), None);
        let boxing_day = date(2026, 12, 28);
        assert_eq!(
            holiday("GB", Some("ENG"), boxing_day),
            Some("Boxing Day (observed)")
        );
        assert_eq!(
            holiday("US", None, date(2026, 11, 26)),
            Some("Thanksgiving Day")
        );
        assert_eq!(holiday("US", Some("CA"), date(2026, 11, 26)), None);
        assert_eq!(holiday("XX", None, epiphany), None);
    }

    #[test]
    fn beyond_the_last_covered_year_nothing_is_known() {
        assert_eq!(last_covered_year(), 2028);
        assert!(holiday("US", None, date(2028, 7, 4)).is_some());
        assert_eq!(holiday("US", None, date(2029, 7, 4)), None);
        assert!(!covers(date(2029, 1, 1)) && !covers(date(2015, 12, 31)));
        assert!(covers(date(2016, 1, 1)) && covers(date(2028, 12, 31)));
    }
}
