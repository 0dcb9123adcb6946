//! An endless stream of requests in which no order comes twice.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use uuid::Uuid;

use super::request::Template;

/// Hands out rendered requests, each with a new reference and a new idempotency key.
pub(crate) struct OrderStream {
    templates: Arc<Vec<Template>>,
    next: Cell<u64>,
    random: RefCell<fastrand::Rng>,
}

impl OrderStream {
    /// A stream whose references differ from those of every other stream.
    pub(crate) fn new(templates: &Arc<Vec<Template>>) -> Self {
        Self::with_references(templates, fastrand::u64(..) & !0xffff_ffff)
    }

    /// A stream with known references: `first` and those that follow.
    pub(crate) fn with_references(templates: &Arc<Vec<Template>>, first: u64) -> Self {
        Self {
            templates: Arc::clone(templates),
            next: Cell::new(first),
            random: RefCell::new(fastrand::Rng::new()),
        }
    }

    /// Puts the next request in place of what `buffer` holds.
    pub(crate) fn next_into(&self, buffer: &mut Vec<u8>) {
        buffer.clear();
        self.append_next(buffer);
    }

    /// Appends the next request to `buffer`.
    pub(crate) fn append_next(&self, buffer: &mut Vec<u8>) {
        let number = self.next.get();
        self.next.set(number + 1);
        let index = usize::try_from(number & 0xffff_ffff).unwrap_or(0) % self.templates.len();
        let key = new_key(&mut self.random.borrow_mut());
        self.templates[index].fill(buffer, number, key);
    }
}

/// A time-ordered key (UUIDv7), as a well-behaved client makes them.
pub(crate) fn new_key(random: &mut fastrand::Rng) -> Uuid {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let milliseconds = since.map_or(0, |time| time.as_millis());
    let mut bytes = [0; 10];
    random.fill(&mut bytes);
    let milliseconds = u64::try_from(milliseconds).unwrap_or(u64::MAX);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid()
}
