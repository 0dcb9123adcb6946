//! What a geocoder remembers: which countries are loaded, and the postal codes that were asked for lately.

use std::time::Duration;

use rustc_hash::FxHashMap;
use throughline_core::geo::Located;
use throughline_store::views::geo::PostalCountry;

use crate::wiring::clock::Stopwatch;

/// How long it is believed which countries are loaded: what another program loads is seen after so long.
const BELIEVED: Duration = Duration::from_secs(5);
/// Postal codes of one generation; two are kept, about 10 MB in all.
const GENERATION_MAX: usize = 40_000;

/// A postal code of a country, as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) country: String,
    pub(super) code: String,
}

/// What is remembered of an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Recalled {
    /// Where it is; `None` where nobody can know.
    Known(Option<Located>),
    /// It has to be looked up.
    Unknown(Place),
}

/// Codes that were asked for lately. When the young generation is full the old one is forgotten.
#[derive(Debug)]
pub(super) struct Memory {
    countries: FxHashMap<String, i64>,
    looked: Stopwatch,
    young: FxHashMap<Place, Option<Located>>,
    old: FxHashMap<Place, Option<Located>>,
}

impl Memory {
    pub(super) fn new(countries: &[PostalCountry]) -> Self {
        Self {
            countries: versions(countries),
            looked: Stopwatch::start(),
            young: FxHashMap::default(),
            old: FxHashMap::default(),
        }
    }

    /// Whether it is time to look which countries are loaded. Of all who ask, one is told so.
    pub(super) fn is_stale(&mut self) -> bool {
        let is_stale = self.looked.elapsed() > BELIEVED;
        if is_stale {
            self.looked = Stopwatch::start();
        }
        is_stale
    }

    /// Takes in which countries are loaded; where one has changed, all codes are forgotten.
    pub(super) fn refresh(&mut self, countries: &[PostalCountry]) {
        let versions = versions(countries);
        if versions != self.countries {
            self.countries = versions;
            self.young.clear();
            self.old.clear();
        }
    }

    /// Whether anything of a country is loaded.
    pub(super) fn has(&self, country: &str) -> bool {
        self.countries.contains_key(country)
    }

    pub(super) fn recall(&mut self, place: Place) -> Recalled {
        if let Some(located) = self.young.get(&place) {
            return Recalled::Known(*located);
        }
        match self.old.remove(&place) {
            Some(located) => {
                self.remember(place, located);
                Recalled::Known(located)
            }
            None => Recalled::Unknown(place),
        }
    }

    pub(super) fn remember(&mut self, place: Place, located: Option<Located>) {
        if self.young.len() >= GENERATION_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(place, located);
    }
}

fn versions(countries: &[PostalCountry]) -> FxHashMap<String, i64> {
    countries
        .iter()
        .map(|loaded| (loaded.country.clone(), loaded.version))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(code: usize) -> Place {
        Place {
            country: "US".to_owned(),
            code: format!("{code:05}"),
        }
    }

    fn loaded(version: i64) -> Vec<PostalCountry> {
        vec![PostalCountry {
            country: "US".to_owned(),
            areas: 1,
            version,
            loaded_at: throughline_core::time::Millis(0),
        }]
    }

    #[test]
    fn memory_is_bounded_and_keeps_what_is_asked_for_again() {
        let mut memory = Memory::new(&loaded(1));
        memory.remember(place(0), None);
        for code in 1..GENERATION_MAX * 3 {
            memory.remember(place(code), None);
            assert_eq!(memory.recall(place(0)), Recalled::Known(None), "{code}");
        }
        assert!(memory.young.len() + memory.old.len() <= 2 * GENERATION_MAX);
        assert_eq!(memory.recall(place(1)), Recalled::Unknown(place(1)));
    }

    #[test]
    fn codes_are_forgotten_when_a_country_was_loaded_anew() {
        let mut memory = Memory::new(&loaded(1));
        memory.remember(place(1), None);
        memory.refresh(&loaded(1));
        assert_eq!(memory.recall(place(1)), Recalled::Known(None));
        memory.refresh(&loaded(2));
        assert_eq!(memory.recall(place(1)), Recalled::Unknown(place(1)));
    }
}
