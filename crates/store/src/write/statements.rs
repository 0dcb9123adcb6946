//! The statements of a commit.

use crate::engine::Statement;

/// All of them.
pub(crate) const STATEMENTS: &[&Statement] = &[
    &INSERT_CLAIMS,
    &LOCK_ORDERS,
    &INSERT_ORDERS,
    &UPDATE_PROGRESS,
    &UPDATE_ORDERS,
    &UPSERT_LINES,
    &DELETE_LINES,
    &UPSERT_ALLOCATIONS,
    &DELETE_ALLOCATIONS,
    &INSERT_JOURNAL,
    &INSERT_EXPLANATIONS,
    &KNOWN_CONTACTS,
    &UPSERT_CONTACTS,
    &UPSERT_CUSTOMERS,
    &INSERT_ITEMS,
    &UPDATE_ITEMS,
    &INSERT_ITEM_VERSIONS,
    &UPDATE_OVERSELL_LIMITS,
    &CHANGED_ITEMS,
    &LOCK_ITEMS,
    &OTHERS_WAIT,
    &UPSERT_RESERVATIONS,
    &END_RESERVATIONS,
    &DELETE_RESERVATION_LINES,
    &TAKE_RESERVATION_LINES,
    &INSERT_RESERVATION_LINES,
    &UPSERT_FENCES,
    &UPSERT_EXCLUSIONS,
    &INSERT_SUPPLIES,
    &UPDATE_SUPPLIES,
    &INSERT_SUPPLY_ENTRIES,
    &DELETE_WAITING,
    &INSERT_WAITING,
    &INSERT_MEMBERS,
    &ENSURE_DAYS,
    &UPDATE_DAYS,
    &UPSERT_TALLIES,
    &UPSERT_ACCOUNTS,
    &UPSERT_LOCATIONS,
    &UPSERT_CHANNELS,
    &UPDATE_SETTING,
    &LOCK_SETTING,
    &SETTING,
    &INSERT_JOBS,
    &INSERT_WAKE_UPS,
    &INSERT_LEDGER,
    &ENSURE_LEVELS,
    &UPDATE_LEVELS,
    &INSERT_FEED,
    &INSERT_FEED_EVENTS,
    &UPDATE_WRITER,
];

pub(super) const INSERT_CLAIMS: Statement = Statement::guarded(
    "insert_claims",
    &[1, 2],
    "INSERT INTO claim (bucket, kind, value, resource_kind, resource_id, resource_number, answer_kind, version, body_hash, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
    "INSERT INTO claim (bucket, kind, value, resource_kind, resource_id, resource_number, answer_kind, version, body_hash, created_at)
     SELECT * FROM unnest($1::integer[], $2::smallint[], $3::bytea[], $4::smallint[], $5::uuid[], $6::integer[], $7::smallint[],
                          $8::bigint[], $9::bytea[], $10::bigint[])
     ON CONFLICT DO NOTHING RETURNING kind, value",
);

/// Orders that two statements change are locked in one order before, or committers would wait in a circle.
pub(super) const LOCK_ORDERS: Statement = Statement::new(
    "lock_orders",
    "SELECT order_id FROM orders WHERE bucket = ?1 AND order_id = ?2",
    "SELECT o.order_id FROM unnest($1::integer[], $2::uuid[]) AS k (bucket, order_id)
     JOIN orders o ON o.bucket = k.bucket AND o.order_id = k.order_id
     ORDER BY o.bucket, o.order_id FOR UPDATE OF o",
);

pub(super) const INSERT_ORDERS: Statement = Statement::guarded(
    "insert_orders",
    &[1],
    "INSERT INTO orders (bucket, order_id, number, version, status, payment_status, fulfilment_status, returns_status, channel,
                         customer_id, external_ref, currency, total_minor, placed_at, updated_at, fold_version, placed, progress)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) ON CONFLICT DO NOTHING",
    "INSERT INTO orders (bucket, order_id, number, version, status, payment_status, fulfilment_status, returns_status, channel,
                         customer_id, external_ref, currency, total_minor, placed_at, updated_at, fold_version, placed, progress)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
                          $9::integer[], $10::uuid[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[],
                          $16::smallint[], $17::text[], $18::text[])
     ON CONFLICT DO NOTHING RETURNING order_id",
);

/// For orders whose `placed` is as it was.
pub(super) const UPDATE_PROGRESS: Statement = Statement::guarded(
    "update_progress",
    &[1],
    "UPDATE orders SET version = ?4, status = ?5, payment_status = ?6, fulfilment_status = ?7, returns_status = ?8, total_minor = ?9,
                       updated_at = ?10, fold_version = ?11, progress = ?12
     WHERE bucket = ?1 AND order_id = ?2 AND version = ?3",
    "UPDATE orders o SET version = k.version, status = k.status, payment_status = k.payment_status,
                         fulfilment_status = k.fulfilment_status, returns_status = k.returns_status, total_minor = k.total_minor,
                         updated_at = k.updated_at, fold_version = k.fold_version, progress = k.progress
     FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
                 $10::bigint[], $11::smallint[], $12::text[])
          AS k (bucket, order_id, was, version, status, payment_status, fulfilment_status, returns_status, total_minor, updated_at,
                fold_version, progress)
     WHERE o.bucket = k.bucket AND o.order_id = k.order_id AND o.version = k.was RETURNING o.order_id",
);

pub(super) const UPDATE_ORDERS: Statement = Statement::guarded(
    "update_orders",
    &[1],
    "UPDATE orders SET version = ?4, status = ?5, payment_status = ?6, fulfilment_status = ?7, returns_status = ?8, total_minor = ?9,
                       updated_at = ?10, fold_version = ?11, progress = ?12, placed = ?13, channel = ?14, customer_id = ?15,
                       external_ref = ?16, currency = ?17, placed_at = ?18
     WHERE bucket = ?1 AND order_id = ?2 AND version = ?3",
    "UPDATE orders o SET version = k.version, status = k.status, payment_status = k.payment_status,
                         fulfilment_status = k.fulfilment_status, returns_status = k.returns_status, total_minor = k.total_minor,
                         updated_at = k.updated_at, fold_version = k.fold_version, progress = k.progress, placed = k.placed,
                         channel = k.channel, customer_id = k.customer_id, external_ref = k.external_ref, currency = k.currency,
                         placed_at = k.placed_at
     FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
                 $10::bigint[], $11::smallint[], $12::text[], $13::text[], $14::integer[], $15::uuid[], $16::text[], $17::text[],
                 $18::bigint[])
          AS k (bucket, order_id, was, version, status, payment_status, fulfilment_status, returns_status, total_minor, updated_at,
                fold_version, progress, placed, channel, customer_id, external_ref, currency, placed_at)
     WHERE o.bucket = k.bucket AND o.order_id = k.order_id AND o.version = k.was RETURNING o.order_id",
);

pub(super) const UPSERT_LINES: Statement = Statement::new(
    "upsert_lines",
    "INSERT INTO order_line (bucket, order_id, line, item_id, sku, method, ordered, open, backordered, allocated, picked, packed,
                             shipped, delivered, refused, lost, returned_to_sender, cancelled, returned)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
     ON CONFLICT (bucket, order_id, line) DO UPDATE SET
         item_id = excluded.item_id, sku = excluded.sku, method = excluded.method, ordered = excluded.ordered, open = excluded.open,
         backordered = excluded.backordered, allocated = excluded.allocated, picked = excluded.picked, packed = excluded.packed,
         shipped = excluded.shipped, delivered = excluded.delivered, refused = excluded.refused, lost = excluded.lost,
         returned_to_sender = excluded.returned_to_sender, cancelled = excluded.cancelled, returned = excluded.returned",
    "INSERT INTO order_line (bucket, order_id, line, item_id, sku, method, ordered, open, backordered, allocated, picked, packed,
                             shipped, delivered, refused, lost, returned_to_sender, cancelled, returned)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
                          $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
                          $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[])
     ON CONFLICT (bucket, order_id, line) DO UPDATE SET
         item_id = excluded.item_id, sku = excluded.sku, method = excluded.method, ordered = excluded.ordered, open = excluded.open,
         backordered = excluded.backordered, allocated = excluded.allocated, picked = excluded.picked, packed = excluded.packed,
         shipped = excluded.shipped, delivered = excluded.delivered, refused = excluded.refused, lost = excluded.lost,
         returned_to_sender = excluded.returned_to_sender, cancelled = excluded.cancelled, returned = excluded.returned",
);

pub(super) const DELETE_LINES: Statement = Statement::new(
    "delete_lines",
    "DELETE FROM order_line WHERE bucket = ?1 AND order_id = ?2 AND line = ?3",
    "DELETE FROM order_line l USING unnest($1::integer[], $2::uuid[], $3::integer[]) AS k (bucket, order_id, line)
     WHERE l.bucket = k.bucket AND l.order_id = k.order_id AND l.line = k.line",
);

pub(super) const UPSERT_ALLOCATIONS: Statement = Statement::new(
    "upsert_allocations",
    "INSERT INTO allocation (bucket, order_id, fulfilment, line, item_id, location, quantity) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT (bucket, order_id, fulfilment, line) DO UPDATE SET
         item_id = excluded.item_id, location = excluded.location, quantity = excluded.quantity",
    "INSERT INTO allocation (bucket, order_id, fulfilment, line, item_id, location, quantity)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::integer[], $5::uuid[], $6::integer[], $7::bigint[])
     ON CONFLICT (bucket, order_id, fulfilment, line) DO UPDATE SET
         item_id = excluded.item_id, location = excluded.location, quantity = excluded.quantity",
);

pub(super) const DELETE_ALLOCATIONS: Statement = Statement::new(
    "delete_allocations",
    "DELETE FROM allocation WHERE bucket = ?1 AND order_id = ?2 AND fulfilment = ?3 AND line = ?4",
    "DELETE FROM allocation a
     USING unnest($1::integer[], $2::uuid[], $3::integer[], $4::integer[]) AS k (bucket, order_id, fulfilment, line)
     WHERE a.bucket = k.bucket AND a.order_id = k.order_id AND a.fulfilment = k.fulfilment AND a.line = k.line",
);

pub(super) const INSERT_JOURNAL: Statement = Statement::new(
    "insert_journal",
    "INSERT INTO journal (bucket, order_id, seq, at, actor, kind, version, writer, batch, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    "INSERT INTO journal (bucket, order_id, seq, at, actor, kind, version, writer, batch, body)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::smallint[], $8::integer[],
                          $9::bigint[], $10::text[])",
);

pub(super) const INSERT_EXPLANATIONS: Statement = Statement::new(
    "insert_explanations",
    "INSERT INTO sourcing_explanation (bucket, order_id, seq, body) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (bucket, order_id, seq) DO UPDATE SET body = excluded.body",
    "INSERT INTO sourcing_explanation (bucket, order_id, seq, body)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::text[])
     ON CONFLICT (bucket, order_id, seq) DO UPDATE SET body = excluded.body",
);

/// Contact rows as they are before they change, so that the words they were found by can be forgotten.
pub(super) const KNOWN_CONTACTS: Statement = Statement::new(
    "known_contacts",
    "SELECT ?1, contact_id, body FROM contact WHERE bucket = ?2 AND contact_id = ?3",
    "SELECT k.position, c.contact_id, c.body
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, contact_id)
     CROSS JOIN LATERAL (SELECT contact_id, body
         FROM contact c WHERE c.bucket = k.bucket AND c.contact_id = k.contact_id OFFSET 0) c
     ORDER BY k.position",
);

pub(super) const UPSERT_CONTACTS: Statement = Statement::new(
    "upsert_contacts",
    "INSERT INTO contact (bucket, contact_id, body) VALUES (?1, ?2, ?3)
     ON CONFLICT (bucket, contact_id) DO UPDATE SET body = excluded.body",
    "INSERT INTO contact (bucket, contact_id, body) SELECT * FROM unnest($1::integer[], $2::uuid[], $3::text[])
     ON CONFLICT (bucket, contact_id) DO UPDATE SET body = excluded.body",
);

pub(super) const UPSERT_CUSTOMERS: Statement = Statement::new(
    "upsert_customers",
    "INSERT INTO customer (bucket, customer_id, external_ref, created_at) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (bucket, customer_id) DO UPDATE SET external_ref = coalesce(excluded.external_ref, external_ref)",
    "INSERT INTO customer AS c (bucket, customer_id, external_ref, created_at)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[])
     ON CONFLICT (bucket, customer_id) DO UPDATE SET external_ref = coalesce(excluded.external_ref, c.external_ref)",
);

pub(super) const INSERT_ITEMS: Statement = Statement::guarded(
    "insert_items",
    &[1],
    "INSERT INTO item (bucket, item_id, version, sku, title, oversell_limit, body, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT DO NOTHING",
    "INSERT INTO item (bucket, item_id, version, sku, title, oversell_limit, body, updated_at)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::bigint[])
     ON CONFLICT DO NOTHING RETURNING item_id",
);

pub(super) const UPDATE_ITEMS: Statement = Statement::guarded(
    "update_items",
    &[1],
    "UPDATE item SET version = ?4, title = ?5, oversell_limit = ?6, body = ?7, updated_at = ?8
     WHERE bucket = ?1 AND item_id = ?2 AND version = ?3",
    "UPDATE item i SET version = k.version, title = k.title, oversell_limit = k.oversell_limit, body = k.body, updated_at = k.updated_at
     FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::bigint[])
          AS k (bucket, item_id, was, version, title, oversell_limit, body, updated_at)
     WHERE i.bucket = k.bucket AND i.item_id = k.item_id AND i.version = k.was RETURNING i.item_id",
);

/// Items that have another version by now.
pub(super) const CHANGED_ITEMS: Statement = Statement::new(
    "changed_items",
    "SELECT item_id FROM item WHERE bucket = ?1 AND item_id = ?2 AND version <> ?3",
    "SELECT i.item_id FROM unnest($1::integer[], $2::uuid[], $3::bigint[]) AS k (bucket, item_id, version)
     CROSS JOIN LATERAL (SELECT item_id
         FROM item i WHERE i.bucket = k.bucket AND i.item_id = k.item_id AND i.version <> k.version OFFSET 0) i
     ORDER BY i.item_id",
);

/// Whoever lets an order wait for an item, or frees units of it, does so after the other.
pub(super) const LOCK_ITEMS: Statement = Statement::new(
    "lock_items",
    "SELECT item_id FROM item WHERE bucket = ?1 AND item_id = ?2",
    "SELECT i.item_id FROM unnest($1::integer[], $2::uuid[]) AS k (bucket, item_id)
     JOIN item i ON i.bucket = k.bucket AND i.item_id = k.item_id
     ORDER BY i.bucket, i.item_id FOR UPDATE OF i",
);

/// Items of which other units are waited for by now than those that were seen.
pub(super) const OTHERS_WAIT: Statement = Statement::new(
    "others_wait",
    "SELECT item_id FROM item WHERE bucket = ?1 AND item_id = ?2
     AND ?3 <> (SELECT coalesce(sum(quantity), 0) FROM waiting WHERE bucket = ?1 AND item_id = ?2)",
    "SELECT k.item_id FROM unnest($1::integer[], $2::uuid[], $3::bigint[]) AS k (bucket, item_id, units)
     WHERE k.units <> (SELECT coalesce(sum(w.quantity), 0)::bigint FROM waiting w WHERE w.bucket = k.bucket AND w.item_id = k.item_id)
     ORDER BY k.item_id",
);

pub(super) const INSERT_ITEM_VERSIONS: Statement = Statement::new(
    "insert_item_versions",
    "INSERT INTO item_version (bucket, item_id, version, body, at) VALUES (?1, ?2, ?3, ?4, ?5)",
    "INSERT INTO item_version (bucket, item_id, version, body, at)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::text[], $5::bigint[])",
);

pub(super) const UPDATE_OVERSELL_LIMITS: Statement = Statement::new(
    "update_oversell_limits",
    "UPDATE stock_level INDEXED BY stock_level_item SET oversell_limit = ?3 WHERE bucket = ?1 AND item_id = ?2 AND oversell_limit <> ?3",
    "UPDATE stock_level s SET oversell_limit = k.oversell_limit
     FROM unnest($1::integer[], $2::uuid[], $3::bigint[]) AS k (bucket, item_id, oversell_limit)
     WHERE s.bucket = k.bucket AND s.item_id = k.item_id AND s.oversell_limit <> k.oversell_limit",
);

/// New reservations, and active ones that changed.
pub(super) const UPSERT_RESERVATIONS: Statement = Statement::guarded(
    "upsert_reservations",
    &[1],
    "INSERT INTO reservation (bucket, reservation_id, expires_at, state, body) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (bucket, reservation_id) DO UPDATE SET expires_at = excluded.expires_at, state = excluded.state, body = excluded.body
     WHERE state = 'active'",
    "INSERT INTO reservation AS r (bucket, reservation_id, expires_at, state, body)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::text[], $5::text[])
     ON CONFLICT (bucket, reservation_id) DO UPDATE SET expires_at = excluded.expires_at, state = excluded.state, body = excluded.body
     WHERE r.state = 'active' RETURNING r.reservation_id",
);

/// Reservations that were active and end.
pub(super) const END_RESERVATIONS: Statement = Statement::guarded(
    "end_reservations",
    &[1],
    "UPDATE reservation SET expires_at = ?3, state = ?4, body = ?5 WHERE bucket = ?1 AND reservation_id = ?2 AND state = 'active'",
    "UPDATE reservation r SET expires_at = k.expires_at, state = k.state, body = k.body
     FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::text[], $5::text[]) AS k (bucket, reservation_id, expires_at, state, body)
     WHERE r.bucket = k.bucket AND r.reservation_id = k.reservation_id AND r.state = 'active' RETURNING r.reservation_id",
);

pub(super) const DELETE_RESERVATION_LINES: Statement = Statement::new(
    "delete_reservation_lines",
    "DELETE FROM reservation_line WHERE bucket = ?1 AND item_id = ?2 AND expires_at = ?3 AND reservation_id = ?4",
    "DELETE FROM reservation_line l
     USING unnest($1::integer[], $2::uuid[], $3::bigint[], $4::uuid[]) AS k (bucket, item_id, expires_at, reservation_id)
     WHERE l.bucket = k.bucket AND l.item_id = k.item_id AND l.expires_at = k.expires_at AND l.reservation_id = k.reservation_id",
);

/// The lines of a reservation that ends must claim what the decision let go: a count may have made them smaller meanwhile.
pub(super) const TAKE_RESERVATION_LINES: Statement = Statement::guarded(
    "take_reservation_lines",
    &[1, 3, 4],
    "DELETE FROM reservation_line
     WHERE bucket = ?1 AND item_id = ?2 AND expires_at = ?3 AND reservation_id = ?4 AND location = ?5 AND quantity = ?6",
    "DELETE FROM reservation_line l
     USING unnest($1::integer[], $2::uuid[], $3::bigint[], $4::uuid[], $5::integer[], $6::bigint[])
           AS k (bucket, item_id, expires_at, reservation_id, location, quantity)
     WHERE l.bucket = k.bucket AND l.item_id = k.item_id AND l.expires_at = k.expires_at AND l.reservation_id = k.reservation_id
       AND l.location = k.location AND l.quantity = k.quantity RETURNING l.item_id, l.reservation_id, l.location",
);

pub(super) const INSERT_RESERVATION_LINES: Statement = Statement::new(
    "insert_reservation_lines",
    "INSERT INTO reservation_line (bucket, item_id, expires_at, reservation_id, location, quantity) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    "INSERT INTO reservation_line (bucket, item_id, expires_at, reservation_id, location, quantity)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::uuid[], $5::integer[], $6::bigint[])",
);

/// A fence must hold what the decision saw.
pub(super) const UPSERT_FENCES: Statement = Statement::guarded(
    "upsert_fences",
    &[1, 2, 3],
    "INSERT INTO ring_fence (bucket, item_id, location, channel, quantity, was) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (bucket, item_id, location, channel) DO UPDATE SET quantity = excluded.quantity, was = excluded.was
     WHERE quantity = excluded.was",
    "INSERT INTO ring_fence AS f (bucket, item_id, location, channel, quantity, was)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::integer[], $5::bigint[], $6::bigint[])
     ON CONFLICT (bucket, item_id, location, channel) DO UPDATE SET quantity = excluded.quantity, was = excluded.was
     WHERE f.quantity = excluded.was RETURNING f.item_id, f.location, f.channel",
);

/// Who excludes last is right.
pub(super) const UPSERT_EXCLUSIONS: Statement = Statement::new(
    "upsert_exclusions",
    "INSERT INTO exclusion (bucket, item_id, location, until, since, cause) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (bucket, item_id, location) DO UPDATE SET until = excluded.until, since = excluded.since, cause = excluded.cause",
    "INSERT INTO exclusion (bucket, item_id, location, until, since, cause)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::bigint[], $5::bigint[], $6::text[])
     ON CONFLICT (bucket, item_id, location) DO UPDATE SET until = excluded.until, since = excluded.since, cause = excluded.cause",
);

pub(super) const INSERT_SUPPLIES: Statement = Statement::guarded(
    "insert_supplies",
    &[1],
    "INSERT INTO supply (bucket, supply_id, item_id, location, version, status, expected, outstanding, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
    "INSERT INTO supply (bucket, supply_id, item_id, location, version, status, expected, outstanding, body)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::uuid[], $4::integer[], $5::bigint[], $6::text[], $7::text[], $8::bigint[],
                          $9::text[])
     ON CONFLICT DO NOTHING RETURNING supply_id",
);

pub(super) const UPDATE_SUPPLIES: Statement = Statement::guarded(
    "update_supplies",
    &[1],
    "UPDATE supply SET version = ?4, status = ?5, expected = ?6, outstanding = ?7, body = ?8
     WHERE bucket = ?1 AND supply_id = ?2 AND version = ?3",
    "UPDATE supply s SET version = k.version, status = k.status, expected = k.expected, outstanding = k.outstanding, body = k.body
     FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[])
          AS k (bucket, supply_id, was, version, status, expected, outstanding, body)
     WHERE s.bucket = k.bucket AND s.supply_id = k.supply_id AND s.version = k.was RETURNING s.supply_id",
);

pub(super) const INSERT_SUPPLY_ENTRIES: Statement = Statement::new(
    "insert_supply_entries",
    "INSERT INTO supply_entry (bucket, supply_id, seq, at, actor, kind, version, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    "INSERT INTO supply_entry (bucket, supply_id, seq, at, actor, kind, version, body)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::smallint[], $8::text[])",
);

pub(super) const DELETE_WAITING: Statement = Statement::new(
    "delete_waiting",
    "DELETE FROM waiting WHERE bucket = ?1 AND item_id = ?2 AND priority = ?3 AND since = ?4 AND order_id = ?5 AND line = ?6",
    "DELETE FROM waiting w
     USING unnest($1::integer[], $2::uuid[], $3::integer[], $4::bigint[], $5::uuid[], $6::integer[])
           AS k (bucket, item_id, priority, since, order_id, line)
     WHERE w.bucket = k.bucket AND w.item_id = k.item_id AND w.priority = k.priority AND w.since = k.since
       AND w.order_id = k.order_id AND w.line = k.line",
);

pub(super) const INSERT_WAITING: Statement = Statement::new(
    "insert_waiting",
    "INSERT INTO waiting (bucket, item_id, priority, since, order_id, line, quantity, location) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    "INSERT INTO waiting (bucket, item_id, priority, since, order_id, line, quantity, location)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::bigint[], $5::uuid[], $6::integer[], $7::bigint[], $8::integer[])",
);

pub(super) const INSERT_MEMBERS: Statement = Statement::new(
    "insert_network_members",
    "INSERT INTO network_member (kind, number, version, body, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    "INSERT INTO network_member (kind, number, version, body, at)
     SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::text[], $5::bigint[]) ON CONFLICT DO NOTHING",
);

pub(super) const UPSERT_LOCATIONS: Statement = Statement::new(
    "upsert_locations",
    "INSERT INTO location (location, code, name, kind, status, priority, country, time_zone) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT (location) DO UPDATE SET code = excluded.code, name = excluded.name, kind = excluded.kind, status = excluded.status,
         priority = excluded.priority, country = excluded.country, time_zone = excluded.time_zone",
    "INSERT INTO location (location, code, name, kind, status, priority, country, time_zone)
     SELECT * FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::text[])
     ON CONFLICT (location) DO UPDATE SET code = excluded.code, name = excluded.name, kind = excluded.kind, status = excluded.status,
         priority = excluded.priority, country = excluded.country, time_zone = excluded.time_zone",
);

pub(super) const UPSERT_CHANNELS: Statement = Statement::new(
    "upsert_channels",
    "INSERT INTO channel (channel, code, name, currency) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (channel) DO UPDATE SET code = excluded.code, name = excluded.name, currency = excluded.currency",
    "INSERT INTO channel (channel, code, name, currency)
     SELECT * FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[])
     ON CONFLICT (channel) DO UPDATE SET code = excluded.code, name = excluded.name, currency = excluded.currency",
);

pub(super) const UPDATE_SETTING: Statement = Statement::guarded(
    "update_setting",
    &[0],
    "UPDATE setting SET version = ?3 WHERE kind = ?1 AND version = ?2",
    "UPDATE setting s SET version = k.version
     FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS k (kind, was, version)
     WHERE s.kind = k.kind AND s.version = k.was RETURNING s.kind",
);

/// Keeps the settings as they are until the commit.
pub(super) const LOCK_SETTING: Statement = Statement::new(
    "lock_setting",
    "SELECT version FROM setting WHERE kind = ?1",
    "SELECT version FROM setting WHERE kind = ANY($1::text[]) FOR SHARE",
);

/// The version of the settings that is in force.
pub(super) const SETTING: Statement = Statement::new(
    "setting",
    "SELECT version FROM setting WHERE kind = ?1",
    "SELECT version FROM setting WHERE kind = ANY($1::text[])",
);

/// New tallies, and those that are still at the version that was decided on.
pub(super) const UPSERT_TALLIES: Statement = Statement::guarded(
    "upsert_tallies",
    &[1, 2],
    "INSERT INTO tally (bucket, kind, value, version, seen_version, body, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT (bucket, kind, value) DO UPDATE
     SET version = excluded.version, seen_version = excluded.seen_version, body = excluded.body, updated_at = excluded.updated_at
     WHERE tally.version = excluded.seen_version",
    "INSERT INTO tally AS t (bucket, kind, value, version, seen_version, body, updated_at)
     SELECT * FROM unnest($1::integer[], $2::smallint[], $3::bytea[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[])
     ON CONFLICT (bucket, kind, value) DO UPDATE
     SET version = excluded.version, seen_version = excluded.seen_version, body = excluded.body, updated_at = excluded.updated_at
     WHERE t.version = excluded.seen_version RETURNING t.kind, t.value",
);

/// New accounts, and those that are still at the version that was decided on.
pub(super) const UPSERT_ACCOUNTS: Statement = Statement::guarded(
    "upsert_accounts",
    &[1],
    "INSERT INTO customer_account (bucket, customer_id, version, seen_version, tier, credit, open_balance_minor, updated_at, terms)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
     ON CONFLICT (bucket, customer_id) DO UPDATE
     SET version = excluded.version, seen_version = excluded.seen_version, tier = excluded.tier, credit = excluded.credit,
         open_balance_minor = excluded.open_balance_minor, updated_at = excluded.updated_at, terms = excluded.terms
     WHERE customer_account.version = excluded.seen_version",
    "INSERT INTO customer_account AS a (bucket, customer_id, version, seen_version, tier, credit, open_balance_minor, updated_at, terms)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[])
     ON CONFLICT (bucket, customer_id) DO UPDATE
     SET version = excluded.version, seen_version = excluded.seen_version, tier = excluded.tier, credit = excluded.credit,
         open_balance_minor = excluded.open_balance_minor, updated_at = excluded.updated_at, terms = excluded.terms
     WHERE a.version = excluded.seen_version RETURNING a.customer_id",
);

pub(super) const INSERT_JOBS: Statement = Statement::new(
    "insert_jobs",
    "INSERT INTO job (bucket, run_at, job_id, kind, body, attempts, lease_fence) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)",
    "INSERT INTO job (bucket, run_at, job_id, kind, body, attempts, lease_fence)
     SELECT k.bucket, k.run_at, k.job_id, k.kind, k.body, 0, 0
     FROM unnest($1::integer[], $2::bigint[], $3::uuid[], $4::text[], $5::text[]) AS k (bucket, run_at, job_id, kind, body)",
);

/// Jobs for items that somebody waits for while units of them are free.
pub(super) const INSERT_WAKE_UPS: Statement = Statement::new(
    "insert_wake_ups",
    "INSERT INTO job (bucket, run_at, job_id, kind, body, attempts, lease_fence)
     SELECT ?1, ?2, ?3, ?4, ?5, 0, 0
     WHERE EXISTS (SELECT 1 FROM waiting WHERE bucket = ?1 AND item_id = ?6)
       AND EXISTS (SELECT 1 FROM stock_level INDEXED BY stock_level_item WHERE bucket = ?1 AND item_id = ?6
                   AND on_hand + oversell_limit > allocated + reserved + safety)",
    "INSERT INTO job (bucket, run_at, job_id, kind, body, attempts, lease_fence)
     SELECT k.bucket, k.run_at, k.job_id, k.kind, k.body, 0, 0
     FROM unnest($1::integer[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::uuid[])
          AS k (bucket, run_at, job_id, kind, body, item_id)
     WHERE EXISTS (SELECT 1 FROM waiting w WHERE w.bucket = k.bucket AND w.item_id = k.item_id)
       AND EXISTS (SELECT 1 FROM stock_level s WHERE s.bucket = k.bucket AND s.item_id = k.item_id
                   AND s.on_hand + s.oversell_limit > s.allocated + s.reserved + s.safety)",
);

pub(super) const INSERT_LEDGER: Statement = Statement::new(
    "insert_ledger",
    "INSERT INTO stock_ledger (bucket, writer, batch, position, item_id, location, at, actor, reason, order_id, reservation_id, reference,
                               note, on_hand, allocated, reserved, safety, quarantined, damaged, in_transit, supply_id, lot)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
    "INSERT INTO stock_ledger (bucket, writer, batch, position, item_id, location, at, actor, reason, order_id, reservation_id, reference,
                               note, on_hand, allocated, reserved, safety, quarantined, damaged, in_transit, supply_id, lot)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::integer[], $5::uuid[], $6::integer[], $7::bigint[], $8::text[],
                          $9::text[], $10::uuid[], $11::uuid[], $12::text[], $13::text[], $14::bigint[], $15::bigint[], $16::bigint[],
                          $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::uuid[], $22::text[])",
);

/// Levels that goods come to for the first time. The item's row gives the limit, so it must be there, and stay as it is.
pub(super) const ENSURE_LEVELS: Statement = Statement::new(
    "ensure_levels",
    "INSERT INTO stock_level (bucket, location, item_id, on_hand, allocated, reserved, safety, oversell_limit, quarantined, damaged,
                              in_transit)
     SELECT ?1, ?2, ?3, 0, 0, 0, 0, i.oversell_limit, 0, 0, 0 FROM item i WHERE i.bucket = ?1 AND i.item_id = ?3
     ON CONFLICT DO NOTHING",
    "INSERT INTO stock_level (bucket, location, item_id, on_hand, allocated, reserved, safety, oversell_limit, quarantined, damaged,
                              in_transit)
     SELECT k.bucket, k.location, k.item_id, 0, 0, 0, 0, i.oversell_limit, 0, 0, 0
     FROM unnest($1::integer[], $2::integer[], $3::uuid[]) AS k (bucket, location, item_id)
     JOIN item i ON i.bucket = k.bucket AND i.item_id = k.item_id FOR SHARE OF i
     ON CONFLICT DO NOTHING",
);

/// Differences under guard. Parameters 11 to 13 are what the decisions need the level to have been before the
/// batch: units that may be claimed, units that may be claimed if safety did not count, and the on hand a count saw.
pub(super) const UPDATE_LEVELS: Statement = Statement::guarded(
    "update_levels",
    &[1, 2],
    "UPDATE stock_level SET on_hand = on_hand + ?4, allocated = allocated + ?5, reserved = reserved + ?6, safety = safety + ?7,
                            quarantined = quarantined + ?8, damaged = damaged + ?9, in_transit = in_transit + ?10
     WHERE bucket = ?1 AND location = ?2 AND item_id = ?3
       AND on_hand + oversell_limit - allocated - reserved - safety >= ?11
       AND on_hand + oversell_limit - allocated - reserved >= ?12
       AND (?13 IS NULL OR on_hand = ?13)
       AND on_hand + ?4 >= 0 AND allocated + ?5 >= 0 AND reserved + ?6 >= 0 AND safety + ?7 >= 0
       AND quarantined + ?8 >= 0 AND damaged + ?9 >= 0 AND in_transit + ?10 >= 0",
    "UPDATE stock_level s SET on_hand = s.on_hand + d.on_hand, allocated = s.allocated + d.allocated, reserved = s.reserved + d.reserved,
                              safety = s.safety + d.safety, quarantined = s.quarantined + d.quarantined,
                              damaged = s.damaged + d.damaged, in_transit = s.in_transit + d.in_transit
     FROM unnest($1::integer[], $2::integer[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
                 $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
          AS d (bucket, location, item_id, on_hand, allocated, reserved, safety, quarantined, damaged, in_transit, claimable, free, saw)
     WHERE s.bucket = d.bucket AND s.location = d.location AND s.item_id = d.item_id
       AND s.on_hand + s.oversell_limit - s.allocated - s.reserved - s.safety >= d.claimable
       AND s.on_hand + s.oversell_limit - s.allocated - s.reserved >= d.free
       AND (d.saw IS NULL OR s.on_hand = d.saw)
       AND s.on_hand + d.on_hand >= 0 AND s.allocated + d.allocated >= 0 AND s.reserved + d.reserved >= 0
       AND s.safety + d.safety >= 0 AND s.quarantined + d.quarantined >= 0 AND s.damaged + d.damaged >= 0
       AND s.in_transit + d.in_transit >= 0
     RETURNING s.location, s.item_id",
);

/// Days that locations may have nothing to do on yet.
pub(super) const ENSURE_DAYS: Statement = Statement::new(
    "ensure_location_days",
    "INSERT INTO location_day (bucket, location, day, orders, lines, units) VALUES (?1, ?2, ?3, 0, 0, 0) ON CONFLICT DO NOTHING",
    "INSERT INTO location_day (bucket, location, day, orders, lines, units)
     SELECT k.bucket, k.location, k.day, 0, 0, 0 FROM unnest($1::integer[], $2::integer[], $3::text[]) AS k (bucket, location, day)
     ON CONFLICT DO NOTHING",
);

/// Differences under guard. Parameters 7 to 9 are the most that the day may hold of each unit, unless it was empty.
pub(super) const UPDATE_DAYS: Statement = Statement::guarded(
    "update_location_days",
    &[1, 2],
    "UPDATE location_day SET orders = orders + ?4, lines = lines + ?5, units = units + ?6
     WHERE bucket = ?1 AND location = ?2 AND day = ?3
       AND (orders = 0 OR orders + ?4 <= ?7) AND (lines = 0 OR lines + ?5 <= ?8) AND (units = 0 OR units + ?6 <= ?9)",
    "UPDATE location_day d SET orders = d.orders + k.orders, lines = d.lines + k.lines, units = d.units + k.units
     FROM unnest($1::integer[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
          AS k (bucket, location, day, orders, lines, units, most_orders, most_lines, most_units)
     WHERE d.bucket = k.bucket AND d.location = k.location AND d.day = k.day
       AND (d.orders = 0 OR d.orders + k.orders <= k.most_orders) AND (d.lines = 0 OR d.lines + k.lines <= k.most_lines)
       AND (d.units = 0 OR d.units + k.units <= k.most_units)
     RETURNING d.location, d.day",
);

pub(super) const INSERT_FEED: Statement = Statement::new(
    "insert_feed",
    "INSERT INTO feed (writer, batch, at, body) VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO feed (writer, batch, at, body) SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::text[])",
);

pub(super) const INSERT_FEED_EVENTS: Statement = Statement::new(
    "insert_feed_events",
    "INSERT INTO feed_event (writer, batch, position, at, kind, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    "INSERT INTO feed_event (writer, batch, position, at, kind, body)
     SELECT * FROM unnest($1::integer[], $2::bigint[], $3::integer[], $4::bigint[], $5::text[], $6::text[])",
);

pub(super) const UPDATE_WRITER: Statement = Statement::guarded(
    "update_writer",
    &[0],
    "UPDATE writer SET batch = ?4, leased_until = ?5 WHERE writer = ?1 AND fence = ?2 AND batch = ?3",
    "UPDATE writer w SET batch = k.batch, leased_until = k.leased_until
     FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS k (writer, fence, was, batch, leased_until)
     WHERE w.writer = k.writer AND w.fence = k.fence AND w.batch = k.was RETURNING w.writer",
);
