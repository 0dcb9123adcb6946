//! Loading where postal codes are: a batch at a time, only what differs from what is there.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use throughline_core::geo::Point;
use throughline_core::time::Millis;

use crate::engine::{Columns, Connection, Rows, Statement, Step};
use crate::error::StoreError;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[&PRESENT, &UPSERT, &COUNTRY];
/// Tries while somebody else writes the same rows.
const TRIES: usize = 20;

const PRESENT: Statement = Statement::new(
    "postal_areas_present",
    "SELECT ?1, lat_e4, lon_e4 FROM postal_area WHERE country = ?2 AND code = ?3",
    "SELECT k.position, a.lat_e4, a.lon_e4
     FROM unnest($1::bigint[], $2::text[], $3::text[]) AS k (position, country, code)
     CROSS JOIN LATERAL (SELECT lat_e4, lon_e4 FROM postal_area a WHERE a.country = k.country AND a.code = k.code OFFSET 0) a
     ORDER BY k.position",
);

const UPSERT: Statement = Statement::new(
    "put_postal_areas",
    "INSERT INTO postal_area (country, code, lat_e4, lon_e4) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (country, code) DO UPDATE SET lat_e4 = excluded.lat_e4, lon_e4 = excluded.lon_e4",
    "INSERT INTO postal_area (country, code, lat_e4, lon_e4)
     SELECT * FROM unnest($1::text[], $2::text[], $3::integer[], $4::integer[])
     ON CONFLICT (country, code) DO UPDATE SET lat_e4 = excluded.lat_e4, lon_e4 = excluded.lon_e4",
);

const COUNTRY: Statement = Statement::new(
    "put_postal_countries",
    "INSERT INTO postal_country (country, areas, version, loaded_at) VALUES (?1, ?2, 1, ?3)
     ON CONFLICT (country) DO UPDATE SET areas = areas + excluded.areas, version = version + 1, loaded_at = excluded.loaded_at",
    "INSERT INTO postal_country (country, areas, version, loaded_at)
     SELECT k.country, k.areas, 1, k.at FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS k (country, areas, at)
     ON CONFLICT (country) DO UPDATE SET areas = postal_country.areas + excluded.areas,
         version = postal_country.version + 1, loaded_at = excluded.loaded_at",
);

/// Where a postal code is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalArea {
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// The code as it is compared (`throughline_core::geo::normalised`).
    pub code: String,
    /// The middle of the area.
    pub point: Point,
}

/// What became of the codes of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PostalLoaded {
    /// They were not there.
    pub new: u64,
    /// They were elsewhere before.
    pub moved: u64,
    /// They were there already.
    pub same: u64,
}

/// Loads postal codes.
#[derive(Debug)]
pub struct PostalLoader {
    connection: Connection,
}

impl PostalLoader {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// Loads a batch in one transaction; a code may be named once. Loading it again changes nothing.
    ///
    /// # Errors
    /// When the database cannot be written, or somebody else writes for too long.
    pub fn load(&mut self, areas: &[PostalArea], now: Millis) -> Result<PostalLoaded, StoreError> {
        let mut last = StoreError::Misuse("no try was made");
        for _ in 0..TRIES {
            self.connection.begin(true)?;
            let loaded = self
                .try_load(areas, now)
                .and_then(|loaded| self.connection.commit().map(|()| loaded));
            match loaded {
                Ok(loaded) => return Ok(loaded),
                Err(error @ StoreError::Retry(_)) => last = error,
                Err(error) => {
                    self.connection.rollback();
                    return Err(error);
                }
            }
            self.connection.rollback();
        }
        Err(last)
    }

    fn try_load(&mut self, areas: &[PostalArea], now: Millis) -> Result<PostalLoaded, StoreError> {
        let [present] = self.connection.read([(&PRESENT, &keys(areas))])?;
        let present = points(&present)?;
        let mut loaded = PostalLoaded::default();
        let mut rows = Columns::default();
        let mut countries: BTreeMap<&str, i64> = BTreeMap::new();
        for (position, area) in areas.iter().enumerate() {
            let is_new = match present.get(&position) {
                Some(point) if *point == area.point => {
                    loaded.same += 1;
                    continue;
                }
                Some(_) => false,
                None => true,
            };
            loaded.new += u64::from(is_new);
            loaded.moved += u64::from(!is_new);
            *countries.entry(&area.country).or_default() += i64::from(is_new);
            let row = rows.row().text(&area.country).text(&area.code);
            row.int(area.point.lat_e4).int(area.point.lon_e4);
        }
        self.write(&rows, &countries, now)?;
        Ok(loaded)
    }

    fn write(
        &mut self,
        rows: &Columns,
        countries: &BTreeMap<&str, i64>,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut counts = Columns::default();
        for (country, new) in countries {
            counts.row().text(country).int(*new).int(now.0);
        }
        let steps = [Step::Write(&UPSERT, rows), Step::Write(&COUNTRY, &counts)];
        match self.connection.run(&steps) {
            (_, Some(error)) => Err(error),
            (_, None) => Ok(()),
        }
    }
}

fn keys(areas: &[PostalArea]) -> Columns {
    let mut keys = Columns::default();
    for (position, area) in areas.iter().enumerate() {
        let row = keys.row().count(position as u64);
        row.text(&area.country).text(&area.code);
    }
    keys
}

fn points(rows: &Rows) -> Result<FxHashMap<usize, Point>, StoreError> {
    let read = rows.iter().map(|row| {
        let point = Point {
            lat_e4: row.number(1)?,
            lon_e4: row.number(2)?,
        };
        Ok((row.number(0)?, point))
    });
    read.collect()
}
