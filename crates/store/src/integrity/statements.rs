//! The statements of the checks. Tables are read in steps along their primary keys; sums come by bucket, and have as
//! many rows as there are levels.

use crate::engine::Statement;

/// All of them.
pub(crate) const STATEMENTS: &[&Statement] = &[
    &ORDERS,
    &LINES,
    &ALLOCATIONS,
    &CLAIMS,
    &LEVELS,
    &LEDGER_SUMS,
    &ALLOCATION_SUMS,
    &LOT_LEVELS,
    &LOT_LEDGER_SUMS,
    &LOT_CLAIM_SUMS,
    &SERIALS,
    &COUNT_TASKS,
    &RESERVED_SUMS,
    &FENCE_SUMS,
    &RESERVATIONS,
    &WAITING,
    &LEGS,
    &SUPPLIES,
    &ACCOUNTS,
    &AGREEMENTS,
    &SOURCING_RUNS,
    &CLOSURE_RUNS,
    &BULK_RUNS,
    &CHECK_FILE,
];

/// At most twenty lines; PostgreSQL has no such check, and is not asked.
pub(super) const CHECK_FILE: Statement = Statement::new(
    "check_file",
    "PRAGMA integrity_check(20)",
    "SELECT count(*) FROM database WHERE one = 1",
);

pub(super) const SOURCING_RUNS: Statement = Statement::new(
    "check_sourcing_runs",
    "SELECT kind, run_id, state, report FROM sourcing_run WHERE (kind, run_id) > (?1, ?2) ORDER BY kind, run_id LIMIT 100",
    "SELECT kind, run_id, state, report FROM sourcing_run WHERE (kind, run_id) > ($1, $2) ORDER BY kind, run_id LIMIT 100",
);

pub(super) const CLOSURE_RUNS: Statement = Statement::new(
    "check_closure_runs",
    "SELECT closure, network, body, is_running, version FROM closure_run WHERE (closure, network) > (?1, ?2)
     ORDER BY closure, network LIMIT 100",
    "SELECT closure, network, body, is_running, version FROM closure_run WHERE (closure, network) > ($1, $2)
     ORDER BY closure, network LIMIT 100",
);

pub(super) const BULK_RUNS: Statement = Statement::new(
    "check_bulk_runs",
    "SELECT bulk_id, state, not_done FROM bulk_run WHERE bulk_id > ?1 ORDER BY bulk_id LIMIT 100",
    "SELECT bulk_id, state, not_done FROM bulk_run WHERE bulk_id > $1 ORDER BY bulk_id LIMIT 100",
);

pub(super) const ORDERS: Statement = Statement::new(
    "check_orders",
    "SELECT bucket, order_id, number, version, placed, progress, updated_at, status, payment_status, fulfilment_status, returns_status, channel,
            customer_id, external_ref, currency, total_minor, placed_at
     FROM orders WHERE (bucket, order_id) > (?1, ?2) ORDER BY bucket, order_id LIMIT 500",
    "SELECT bucket, order_id, number, version, placed, progress, updated_at, status, payment_status, fulfilment_status, returns_status, channel,
            customer_id, external_ref, currency, total_minor, placed_at
     FROM orders WHERE (bucket, order_id) > ($1, $2) ORDER BY bucket, order_id LIMIT 500",
);

pub(super) const LINES: Statement = Statement::new(
    "check_lines",
    "SELECT ?1, line, item_id, sku, method, ordered, open, backordered, allocated, picked, packed, shipped, delivered, refused, lost,
            returned_to_sender, cancelled, returned
     FROM order_line WHERE bucket = ?2 AND order_id = ?3 ORDER BY line",
    "SELECT k.position, l.line, l.item_id, l.sku, l.method, l.ordered, l.open, l.backordered, l.allocated, l.picked, l.packed, l.shipped,
            l.delivered, l.refused, l.lost, l.returned_to_sender, l.cancelled, l.returned
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, order_id)
     CROSS JOIN LATERAL (SELECT line, item_id, sku, method, ordered, open, backordered, allocated, picked, packed, shipped, delivered, refused,
             lost, returned_to_sender, cancelled, returned
         FROM order_line l WHERE l.bucket = k.bucket AND l.order_id = k.order_id OFFSET 0) l ORDER BY k.position, l.line",
);

pub(super) const ALLOCATIONS: Statement = Statement::new(
    "check_allocations",
    "SELECT ?1, fulfilment, line, item_id, location, quantity
     FROM allocation WHERE bucket = ?2 AND order_id = ?3 ORDER BY fulfilment, line",
    "SELECT k.position, a.fulfilment, a.line, a.item_id, a.location, a.quantity
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, order_id)
     CROSS JOIN LATERAL (SELECT fulfilment, line, item_id, location, quantity
         FROM allocation a WHERE a.bucket = k.bucket AND a.order_id = k.order_id OFFSET 0) a ORDER BY k.position, a.fulfilment, a.line",
);

pub(super) const CLAIMS: Statement = Statement::new(
    "check_claims",
    "SELECT bucket, kind, value, resource_kind, resource_id, resource_number, answer_kind, version, body_hash
     FROM claim WHERE (bucket, kind, value) > (?1, ?2, ?3) ORDER BY bucket, kind, value LIMIT 1000",
    "SELECT bucket, kind, value, resource_kind, resource_id, resource_number, answer_kind, version, body_hash
     FROM claim WHERE (bucket, kind, value) > ($1, $2, $3) ORDER BY bucket, kind, value LIMIT 1000",
);

pub(super) const LEVELS: Statement = Statement::new(
    "check_levels",
    "SELECT bucket, location, item_id, on_hand, allocated, reserved, safety, oversell_limit, quarantined, damaged, in_transit
     FROM stock_level WHERE (bucket, location, item_id) > (?1, ?2, ?3) ORDER BY bucket, location, item_id LIMIT 1000",
    "SELECT bucket, location, item_id, on_hand, allocated, reserved, safety, oversell_limit, quarantined, damaged, in_transit
     FROM stock_level WHERE (bucket, location, item_id) > ($1, $2, $3) ORDER BY bucket, location, item_id LIMIT 1000",
);

pub(super) const LEDGER_SUMS: Statement = Statement::new(
    "check_ledger_sums",
    "SELECT item_id, location, sum(on_hand), sum(allocated), sum(reserved), sum(safety), sum(quarantined), sum(damaged), sum(in_transit)
     FROM stock_ledger WHERE bucket = ?1 GROUP BY item_id, location ORDER BY item_id, location",
    "SELECT item_id, location, sum(on_hand)::bigint, sum(allocated)::bigint, sum(reserved)::bigint, sum(safety)::bigint,
            sum(quarantined)::bigint, sum(damaged)::bigint, sum(in_transit)::bigint
     FROM stock_ledger WHERE bucket = $1 GROUP BY item_id, location ORDER BY item_id, location",
);

pub(super) const ALLOCATION_SUMS: Statement = Statement::new(
    "check_allocation_sums",
    "SELECT item_id, location, sum(quantity) FROM allocation WHERE bucket = ?1 GROUP BY item_id, location ORDER BY item_id, location",
    "SELECT item_id, location, sum(quantity)::bigint
     FROM allocation WHERE bucket = $1 GROUP BY item_id, location ORDER BY item_id, location",
);

pub(super) const LOT_LEVELS: Statement = Statement::new(
    "check_lot_levels",
    "SELECT item_id, location, lot, sum(on_hand), sum(allocated), sum(quarantined), sum(damaged), sum(in_transit)
     FROM lot_level WHERE bucket = ?1 GROUP BY item_id, location, lot ORDER BY item_id, location, lot",
    "SELECT item_id, location, lot, sum(on_hand)::bigint, sum(allocated)::bigint, sum(quarantined)::bigint, sum(damaged)::bigint,
            sum(in_transit)::bigint
     FROM lot_level WHERE bucket = $1 GROUP BY item_id, location, lot ORDER BY item_id, location, lot",
);

pub(super) const LOT_LEDGER_SUMS: Statement = Statement::new(
    "check_lot_ledger_sums",
    "SELECT item_id, location, lot, sum(on_hand), sum(allocated), sum(quarantined), sum(damaged), sum(in_transit)
     FROM stock_ledger WHERE bucket = ?1 AND lot IS NOT NULL GROUP BY item_id, location, lot ORDER BY item_id, location, lot",
    "SELECT item_id, location, lot, sum(on_hand)::bigint, sum(allocated)::bigint, sum(quarantined)::bigint, sum(damaged)::bigint,
            sum(in_transit)::bigint
     FROM stock_ledger WHERE bucket = $1 AND lot IS NOT NULL GROUP BY item_id, location, lot ORDER BY item_id, location, lot",
);

pub(super) const LOT_CLAIM_SUMS: Statement = Statement::new(
    "check_lot_claim_sums",
    "SELECT item_id, location, lot, sum(quantity)
     FROM lot_allocation WHERE bucket = ?1 GROUP BY item_id, location, lot ORDER BY item_id, location, lot",
    "SELECT item_id, location, lot, sum(quantity)::bigint
     FROM lot_allocation WHERE bucket = $1 GROUP BY item_id, location, lot ORDER BY item_id, location, lot",
);

/// The last entry of every unit, and how many there are.
pub(super) const SERIALS: Statement = Statement::new(
    "check_serials",
    "SELECT s.item_id, s.serial_number, s.seq, n.entries, s.state, s.order_id, s.line
     FROM (SELECT item_id, serial_number, max(seq) AS last, count(*) AS entries FROM serial_entry WHERE bucket = ?1 GROUP BY item_id, serial_number) n
     JOIN serial_entry s ON s.bucket = ?1 AND s.item_id = n.item_id AND s.serial_number = n.serial_number AND s.seq = n.last
     ORDER BY s.item_id, s.serial_number",
    "SELECT s.item_id, s.serial_number, s.seq, n.entries, s.state, s.order_id, s.line
     FROM (SELECT item_id, serial_number, max(seq) AS last, count(*) AS entries FROM serial_entry WHERE bucket = $1 GROUP BY item_id, serial_number) n
     JOIN serial_entry s ON s.bucket = $1 AND s.item_id = n.item_id AND s.serial_number = n.serial_number AND s.seq = n.last
     ORDER BY s.item_id, s.serial_number",
);

pub(super) const COUNT_TASKS: Statement = Statement::new(
    "check_count_tasks",
    "SELECT count_task_id, item_id, version, state, body FROM count_task
     WHERE bucket = ?1 AND count_task_id > ?2 ORDER BY count_task_id LIMIT ?3",
    "SELECT count_task_id, item_id, version, state, body FROM count_task
     WHERE bucket = $1 AND count_task_id > $2 ORDER BY count_task_id LIMIT $3",
);

pub(super) const RESERVED_SUMS: Statement = Statement::new(
    "check_reserved_sums",
    "SELECT item_id, location, sum(quantity)
     FROM reservation_line WHERE bucket = ?1 GROUP BY item_id, location ORDER BY item_id, location",
    "SELECT item_id, location, sum(quantity)::bigint
     FROM reservation_line WHERE bucket = $1 GROUP BY item_id, location ORDER BY item_id, location",
);

pub(super) const FENCE_SUMS: Statement = Statement::new(
    "check_fence_sums",
    "SELECT item_id, location, sum(quantity)
     FROM ring_fence WHERE bucket = ?1 GROUP BY item_id, location ORDER BY item_id, location",
    "SELECT item_id, location, sum(quantity)::bigint
     FROM ring_fence WHERE bucket = $1 GROUP BY item_id, location ORDER BY item_id, location",
);

pub(super) const RESERVATIONS: Statement = Statement::new(
    "check_reservations",
    "SELECT bucket, reservation_id, state, body FROM reservation
     WHERE (bucket, reservation_id) > (?1, ?2) ORDER BY bucket, reservation_id LIMIT 1000",
    "SELECT bucket, reservation_id, state, body FROM reservation
     WHERE (bucket, reservation_id) > ($1, $2) ORDER BY bucket, reservation_id LIMIT 1000",
);

pub(super) const WAITING: Statement = Statement::new(
    "check_waiting",
    "SELECT bucket, item_id, priority, since, order_id, line, quantity, location FROM waiting
     WHERE (bucket, item_id, priority, since, order_id, line) > (?1, ?2, ?3, ?4, ?5, ?6)
     ORDER BY bucket, item_id, priority, since, order_id, line LIMIT 1000",
    "SELECT bucket, item_id, priority, since, order_id, line, quantity, location FROM waiting
     WHERE (bucket, item_id, priority, since, order_id, line) > ($1, $2, $3, $4, $5, $6)
     ORDER BY bucket, item_id, priority, since, order_id, line LIMIT 1000",
);

pub(super) const LEGS: Statement = Statement::new(
    "check_legs",
    "SELECT bucket, order_id, fulfilment, kind, state, location, since, due FROM order_leg
     WHERE (bucket, order_id, fulfilment, kind) > (?1, ?2, ?3, ?4) ORDER BY bucket, order_id, fulfilment, kind LIMIT 1000",
    "SELECT bucket, order_id, fulfilment, kind, state, location, since, due FROM order_leg
     WHERE (bucket, order_id, fulfilment, kind) > ($1, $2, $3, $4) ORDER BY bucket, order_id, fulfilment, kind LIMIT 1000",
);

pub(super) const SUPPLIES: Statement = Statement::new(
    "check_supplies",
    "SELECT bucket, supply_id, item_id, location, version, status, expected, outstanding, body FROM supply
     WHERE (bucket, supply_id) > (?1, ?2) ORDER BY bucket, supply_id LIMIT 500",
    "SELECT bucket, supply_id, item_id, location, version, status, expected, outstanding, body FROM supply
     WHERE (bucket, supply_id) > ($1, $2) ORDER BY bucket, supply_id LIMIT 500",
);

pub(super) const ACCOUNTS: Statement = Statement::new(
    "check_accounts",
    "SELECT customer_id, version, tier, credit, open_balance_minor, terms, bucket FROM customer_account
     WHERE (bucket, customer_id) > (?1, ?2) ORDER BY bucket, customer_id LIMIT 1000",
    "SELECT customer_id, version, tier, credit, open_balance_minor, terms, bucket FROM customer_account
     WHERE (bucket, customer_id) > ($1, $2) ORDER BY bucket, customer_id LIMIT 1000",
);

pub(super) const AGREEMENTS: Statement = Statement::new(
    "check_agreements",
    "SELECT bucket, agreement_id, body FROM customer_agreement
     WHERE (bucket, agreement_id) > (?1, ?2) ORDER BY bucket, agreement_id LIMIT 500",
    "SELECT bucket, agreement_id, body FROM customer_agreement
     WHERE (bucket, agreement_id) > ($1, $2) ORDER BY bucket, agreement_id LIMIT 500",
);
