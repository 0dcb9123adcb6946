//! Finding where addresses are, offline, before a command is queued: from postal codes that were loaded, else from the
//! middle of the country. Coordinates that came with an address are never asked about.

mod memory;

use std::sync::Arc;

use parking_lot::Mutex;
use throughline_core::Command;
use throughline_core::geo::{Area, Located, LocatedBy, areas, country_centre, normalised, wanted};
use throughline_core::party::Address;
use throughline_store::{Store, StoreError, views};

use memory::{Memory, Place, Recalled};

/// Finds where addresses are; cheap to clone.
#[derive(Clone)]
pub struct Geocoder {
    store: Store,
    memory: Arc<Mutex<Memory>>,
}

/// What has to be read before the addresses of a command are all found.
#[derive(Debug, Default)]
struct Unknown {
    /// Whether somebody should look which countries are loaded.
    is_stale: bool,
    places: Vec<Place>,
}

impl Geocoder {
    /// A geocoder that knows which countries are loaded.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn start(store: &Store) -> Result<Self, StoreError> {
        let countries = store.read(views::geo::countries)?;
        Ok(Self {
            store: store.clone(),
            memory: Arc::new(Mutex::new(Memory::new(&countries))),
        })
    }

    /// The middle of a country, where nothing more exact is known.
    #[must_use]
    pub fn centre(country: &str) -> Option<Located> {
        country_centre(country).map(|point| Located {
            point,
            by: LocatedBy::Country,
        })
    }

    /// Tells the addresses of a command where they are. What the database does not say is taken from the country.
    pub async fn locate(&self, command: &mut Command) {
        let unknown = self.recall(command);
        if unknown.is_nothing() {
            return;
        }
        let geocoder = self.clone();
        let read = tokio::task::spawn_blocking(move || geocoder.look_up(&unknown)).await;
        if read.is_err() {
            tracing::error!("looking up postal codes ended with a panic");
        }
        self.settle(command);
    }

    /// Tells one address where it is, unless its coordinates were given.
    pub async fn locate_address(&self, address: &mut Address) {
        if address.given().is_some() {
            return;
        }
        let unknown = self.recall_all([&mut *address]);
        if unknown.is_nothing() {
            return;
        }
        let geocoder = self.clone();
        let read = tokio::task::spawn_blocking(move || geocoder.look_up(&unknown)).await;
        if read.is_err() {
            tracing::error!("looking up a postal code ended with a panic");
        }
        self.settle_all([address]);
    }

    /// Like [`Geocoder::locate`], for threads that may wait.
    pub fn locate_blocking(&self, command: &mut Command) {
        let unknown = self.recall(command);
        if !unknown.is_nothing() {
            self.look_up(&unknown);
            self.settle(command);
        }
    }

    /// Tells the addresses what is remembered, and says what is not.
    fn recall(&self, command: &mut Command) -> Unknown {
        let wanted = wanted(command);
        if wanted.is_empty() {
            return Unknown::default();
        }
        self.recall_all(wanted)
    }

    fn recall_all<'c>(&self, wanted: impl IntoIterator<Item = &'c mut Address>) -> Unknown {
        let mut unknown = Unknown::default();
        let mut memory = self.memory.lock();
        unknown.is_stale = memory.is_stale();
        for address in wanted {
            match recalled(&mut memory, address) {
                Recalled::Known(located) => address.located = located,
                Recalled::Unknown(place) => unknown.places.push(place),
            }
        }
        unknown
    }

    /// Reads what is not remembered. A database that cannot be read is no reason to refuse an order.
    fn look_up(&self, unknown: &Unknown) {
        if let Err(error) = self.try_look_up(unknown) {
            tracing::warn!(%error, "postal codes cannot be looked up; the middle of the country is taken");
        }
    }

    fn try_look_up(&self, unknown: &Unknown) -> Result<(), StoreError> {
        if unknown.is_stale {
            let countries = self.store.read(views::geo::countries)?;
            self.memory.lock().refresh(&countries);
        }
        if unknown.places.is_empty() {
            return Ok(());
        }
        let places = &unknown.places;
        let areas = places
            .iter()
            .map(|place| areas(&place.country, &place.code));
        let areas: Vec<_> = areas.collect();
        let searches: Vec<(&str, &[Area])> = places
            .iter()
            .zip(&areas)
            .map(|(place, areas)| (place.country.as_str(), areas.as_slice()))
            .collect();
        let found = self
            .store
            .read(|connection| views::geo::locate(connection, &searches))?;
        let mut memory = self.memory.lock();
        for (place, located) in places.iter().zip(found) {
            let located = located.or_else(|| Self::centre(&place.country));
            memory.remember(place.clone(), located);
        }
        Ok(())
    }

    /// Tells the rest of the addresses what was found, or the middle of their country.
    fn settle(&self, command: &mut Command) {
        self.settle_all(wanted(command));
    }

    fn settle_all<'c>(&self, wanted: impl IntoIterator<Item = &'c mut Address>) {
        let mut memory = self.memory.lock();
        for address in wanted {
            address.located = match recalled(&mut memory, address) {
                Recalled::Known(located) => located,
                Recalled::Unknown(place) => Self::centre(&place.country),
            };
        }
    }
}

impl Unknown {
    fn is_nothing(&self) -> bool {
        !self.is_stale && self.places.is_empty()
    }
}

/// What is remembered of an address: where nothing of its country is loaded, its middle.
fn recalled(memory: &mut Memory, address: &Address) -> Recalled {
    let country = address.country.as_str();
    if !memory.has(country) {
        return Recalled::Known(Geocoder::centre(country));
    }
    let code = normalised(country, &address.postal_code);
    if code.is_empty() {
        return Recalled::Known(Geocoder::centre(country));
    }
    memory.recall(Place {
        country: country.to_owned(),
        code,
    })
}

#[cfg(test)]
mod tests;
