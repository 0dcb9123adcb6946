//! Connections for readers, lent one snapshot at a time.

use parking_lot::{Condvar, Mutex};

use super::url::Place;
use crate::engine::Connection;
use crate::error::{Retry, StoreError};

/// Connections at most; further readers wait for one to come back.
const CONNECTIONS: usize = 16;

/// A bounded set of connections.
#[derive(Debug)]
pub(super) struct Readers {
    place: Place,
    partitions: u16,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct Pool {
    idle: Vec<Connection>,
    lent: usize,
}

impl Readers {
    pub(super) fn new(place: Place, partitions: u16) -> Self {
        Self {
            place,
            partitions,
            pool: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    pub(super) fn read<T>(
        &self,
        mut read: impl FnMut(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut lent = self.lend()?;
        let mut result = snapshot(lent.connection()?, &mut read);
        if matches!(result, Err(StoreError::Retry(Retry::LostConnection))) {
            lent.connection = Some(self.place.open_reader(self.partitions)?);
            result = snapshot(lent.connection()?, &mut read);
        }
        result
    }

    fn lend(&self) -> Result<Lent<'_>, StoreError> {
        let mut pool = self.pool.lock();
        while pool.lent >= CONNECTIONS {
            self.returned.wait(&mut pool);
        }
        pool.lent += 1;
        let idle = pool.idle.pop();
        drop(pool);
        let mut lent = Lent {
            readers: self,
            connection: idle,
        };
        if lent.connection.is_none() {
            lent.connection = Some(self.place.open_reader(self.partitions)?);
        }
        Ok(lent)
    }
}

/// A connection that goes back when its reader is done, also after a panic.
struct Lent<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Lent<'_> {
    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection
            .as_mut()
            .ok_or(StoreError::Misuse("a reader has no connection"))
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool.lock();
        pool.lent -= 1;
        // A reader that panicked may have left its snapshot open.
        pool.idle
            .extend(self.connection.take().filter(|_| !std::thread::panicking()));
        drop(pool);
        self.readers.returned.notify_one();
    }
}

fn snapshot<T>(
    connection: &mut Connection,
    read: &mut impl FnMut(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.begin(false)?;
    let result = read(connection);
    match result {
        Ok(value) => connection.commit().map(|()| value),
        Err(error) => {
            connection.rollback();
            Err(error)
        }
    }
}
