//! What deliveries teach, as counts to be raised: how long parcels took on their lanes, and whether promises were kept.
//!
//! Deltas of counts commute: two committers add to one row in any order. A row's bucket hashes what it counts, so that
//! the counts of one lane lie together and those of all lanes do not.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use throughline_core::network::{ChannelId, LocationId};
use throughline_core::promise::{Against, Lane, Month, Scored};

use super::batch::Batch;
use crate::engine::{Columns, Statement};

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] =
    &[&COUNT_PARCELS, &COUNT_PROMISES, &COUNT_FIRST_PROMISES];

pub(super) const COUNT_PARCELS: Statement = Statement::new(
    "count_parcels",
    "INSERT INTO lane_stat (bucket, month, location, service, country, area, days, parcels) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT (bucket, month, location, service, country, area, days) DO UPDATE SET parcels = parcels + excluded.parcels",
    "INSERT INTO lane_stat (bucket, month, location, service, country, area, days, parcels)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::bigint[])
     ON CONFLICT (bucket, month, location, service, country, area, days)
     DO UPDATE SET parcels = lane_stat.parcels + excluded.parcels",
);

pub(super) const COUNT_PROMISES: Statement = Statement::new(
    "count_promises",
    "INSERT INTO promise_score (bucket, month, location, service, channel, late_days, promises) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT (bucket, month, location, service, channel, late_days) DO UPDATE SET promises = promises + excluded.promises",
    "INSERT INTO promise_score (bucket, month, location, service, channel, late_days, promises)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::text[], $5::integer[], $6::smallint[], $7::bigint[])
     ON CONFLICT (bucket, month, location, service, channel, late_days)
     DO UPDATE SET promises = promise_score.promises + excluded.promises",
);

pub(super) const COUNT_FIRST_PROMISES: Statement = Statement::new(
    "count_first_promises",
    "INSERT INTO promise_first_score (bucket, month, location, service, channel, late_days, promises)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT (bucket, month, location, service, channel, late_days) DO UPDATE SET promises = promises + excluded.promises",
    "INSERT INTO promise_first_score (bucket, month, location, service, channel, late_days, promises)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::text[], $5::integer[], $6::smallint[], $7::bigint[])
     ON CONFLICT (bucket, month, location, service, channel, late_days)
     DO UPDATE SET promises = promise_first_score.promises + excluded.promises",
);

/// Gathers the counts of a batch, each row once, in the one order in which all committers take them.
pub(super) fn gather(
    batch: &Batch<'_>,
    partitions: u16,
    parcels: &mut Columns,
    (last, first): (&mut Columns, &mut Columns),
) {
    gather_parcels(batch, partitions, parcels);
    gather_promises(batch, partitions, Against::Last, last);
    gather_promises(batch, partitions, Against::First, first);
}

fn gather_parcels(batch: &Batch<'_>, partitions: u16, rows: &mut Columns) {
    let mut counts: BTreeMap<(i32, Month, &Lane, u8), u64> = BTreeMap::new();
    let decisions = batch.decisions.iter().map(|(_, decision)| decision);
    for observed in decisions.flat_map(|decision| &decision.observations) {
        let lane = &observed.lane;
        let place = [lane.country.as_str(), lane.area.as_str()];
        let bucket = bucket(lane.location, &lane.service, &place, partitions);
        *counts
            .entry((bucket, observed.month, lane, observed.days))
            .or_default() += 1;
    }
    for ((bucket, month, lane, days), count) in counts {
        let row = rows.row().int(bucket).int(month.0).int(lane.location.0);
        let row = row.text(&lane.service).text(&lane.country).text(&lane.area);
        row.int(days).count(count);
    }
}

fn gather_promises(batch: &Batch<'_>, partitions: u16, by: Against, rows: &mut Columns) {
    type Key<'a> = (i32, Month, LocationId, &'a str, ChannelId, u16);
    let mut counts: BTreeMap<Key<'_>, u64> = BTreeMap::new();
    let decisions = batch.decisions.iter().map(|(_, decision)| decision);
    let scores = decisions.flat_map(|decision| &decision.scores);
    for scored in scores.filter(|scored| scored.against == by) {
        let Scored {
            location,
            service,
            channel,
            month,
            late_days,
            against: _,
        } = scored;
        let bucket = bucket(*location, service, &[], partitions);
        *counts
            .entry((bucket, *month, *location, service, *channel, *late_days))
            .or_default() += 1;
    }
    for ((bucket, month, location, service, channel, late_days), count) in counts {
        let row = rows.row().int(bucket).int(month.0).int(location.0);
        row.text(service).int(channel.0).int(late_days).count(count);
    }
}

fn bucket(location: LocationId, service: &str, place: &[&str], partitions: u16) -> i32 {
    let mut hash = Sha256::new()
        .chain_update(location.0.to_be_bytes())
        .chain_update(service.as_bytes());
    for part in place {
        hash.update([0]);
        hash.update(part.as_bytes());
    }
    let hash = hash.finalize();
    i32::from(u16::from_be_bytes([hash[0], hash[1]]) & (partitions.max(1) - 1))
}
