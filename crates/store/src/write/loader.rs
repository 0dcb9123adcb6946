//! Loading beside the writer: what a batch needs that is decided while the one before it is being committed.

use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::time::Millis;

use crate::engine::Connection;
use crate::error::StoreError;
use crate::load;

/// A reading connection for facts. What it loads may be changed before the batch that needs it is written, by the batch
/// that is being committed and by other processes: [`super::Writer::changed_by_others`] tells of these.
#[derive(Debug)]
pub struct Loader(Connection);

impl Loader {
    pub(crate) fn new(connection: Connection) -> Self {
        Self(connection)
    }

    /// Loads what is needed into the facts, of one moment. What does not exist is `None` there.
    ///
    /// # Errors
    /// [`StoreError::Retry`] when the database cannot be read now.
    pub fn load(
        &mut self,
        needs: &[Need],
        facts: &mut Facts,
        now: Millis,
    ) -> Result<(), StoreError> {
        // What a panic may have left open.
        self.0.rollback();
        self.0.begin(false)?;
        let loaded = load::load(&mut self.0, needs, facts, now);
        self.0.rollback();
        loaded
    }
}
