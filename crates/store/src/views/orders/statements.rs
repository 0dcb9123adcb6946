//! The statements of a walk: one for each index and direction.

use crate::engine::Statement;

/// All of them.
pub(in crate::views) const STATEMENTS: &[&Statement] = &[
    &BY_PLACED_DESC,
    &BY_PLACED_ASC,
    &BY_STATUS_DESC,
    &BY_STATUS_ASC,
    &BY_CHANNEL_DESC,
    &BY_CHANNEL_ASC,
    &BY_CUSTOMER_DESC,
    &BY_CUSTOMER_ASC,
    &BY_ITEM_DESC,
    &BY_ITEM_ASC,
    &super::ORDERS,
    &super::candidates::NARROW,
    &super::candidates::CHANNELS,
];

pub(super) const BY_PLACED_DESC: Statement = Statement::new(
    "orders_by_placed_desc",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE (placed_at, order_id) < (?1, ?2) AND placed_at >= ?3
     ORDER BY placed_at DESC, order_id DESC LIMIT ?4",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE (placed_at, order_id) < ($1, $2) AND placed_at >= $3
     ORDER BY placed_at DESC, order_id DESC LIMIT $4",
);

pub(super) const BY_PLACED_ASC: Statement = Statement::new(
    "orders_by_placed_asc",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE (placed_at, order_id) > (?1, ?2) AND placed_at < ?3
     ORDER BY placed_at, order_id LIMIT ?4",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE (placed_at, order_id) > ($1, $2) AND placed_at < $3
     ORDER BY placed_at, order_id LIMIT $4",
);

pub(super) const BY_STATUS_DESC: Statement = Statement::new(
    "orders_by_status_desc",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE status = ?5 AND (placed_at, order_id) < (?1, ?2) AND placed_at >= ?3
     ORDER BY placed_at DESC, order_id DESC LIMIT ?4",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE status = $5 AND (placed_at, order_id) < ($1, $2) AND placed_at >= $3
     ORDER BY placed_at DESC, order_id DESC LIMIT $4",
);

pub(super) const BY_STATUS_ASC: Statement = Statement::new(
    "orders_by_status_asc",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE status = ?5 AND (placed_at, order_id) > (?1, ?2) AND placed_at < ?3
     ORDER BY placed_at, order_id LIMIT ?4",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE status = $5 AND (placed_at, order_id) > ($1, $2) AND placed_at < $3
     ORDER BY placed_at, order_id LIMIT $4",
);

pub(super) const BY_CHANNEL_DESC: Statement = Statement::new(
    "orders_by_channel_desc",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE channel = ?5 AND (placed_at, order_id) < (?1, ?2) AND placed_at >= ?3
     ORDER BY placed_at DESC, order_id DESC LIMIT ?4",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE channel = $5 AND (placed_at, order_id) < ($1, $2) AND placed_at >= $3
     ORDER BY placed_at DESC, order_id DESC LIMIT $4",
);

pub(super) const BY_CHANNEL_ASC: Statement = Statement::new(
    "orders_by_channel_asc",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE channel = ?5 AND (placed_at, order_id) > (?1, ?2) AND placed_at < ?3
     ORDER BY placed_at, order_id LIMIT ?4",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE channel = $5 AND (placed_at, order_id) > ($1, $2) AND placed_at < $3
     ORDER BY placed_at, order_id LIMIT $4",
);

pub(super) const BY_CUSTOMER_DESC: Statement = Statement::new(
    "orders_by_customer_desc",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE customer_id = ?5 AND (placed_at, order_id) < (?1, ?2) AND placed_at >= ?3
     ORDER BY placed_at DESC, order_id DESC LIMIT ?4",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE customer_id = $5 AND (placed_at, order_id) < ($1, $2) AND placed_at >= $3
     ORDER BY placed_at DESC, order_id DESC LIMIT $4",
);

pub(super) const BY_CUSTOMER_ASC: Statement = Statement::new(
    "orders_by_customer_asc",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE customer_id = ?5 AND (placed_at, order_id) > (?1, ?2) AND placed_at < ?3
     ORDER BY placed_at, order_id LIMIT ?4",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
     FROM orders WHERE customer_id = $5 AND (placed_at, order_id) > ($1, $2) AND placed_at < $3
     ORDER BY placed_at, order_id LIMIT $4",
);

pub(super) const BY_ITEM_DESC: Statement = Statement::new(
    "orders_by_item_desc",
    "SELECT placed_at, order_id FROM item_order
     WHERE bucket = ?5 AND volume = ?6 AND item_id = ?7 AND is_open = ?8
       AND (placed_at, order_id) < (?1, ?2) AND placed_at >= ?3
     ORDER BY placed_at DESC, order_id DESC LIMIT ?4",
    "SELECT placed_at, order_id FROM item_order
     WHERE bucket = $5 AND volume = $6 AND item_id = $7 AND is_open = $8
       AND (placed_at, order_id) < ($1, $2) AND placed_at >= $3
     ORDER BY placed_at DESC, order_id DESC LIMIT $4",
);

pub(super) const BY_ITEM_ASC: Statement = Statement::new(
    "orders_by_item_asc",
    "SELECT placed_at, order_id FROM item_order
     WHERE bucket = ?5 AND volume = ?6 AND item_id = ?7 AND is_open = ?8
       AND (placed_at, order_id) > (?1, ?2) AND placed_at < ?3
     ORDER BY placed_at, order_id LIMIT ?4",
    "SELECT placed_at, order_id FROM item_order
     WHERE bucket = $5 AND volume = $6 AND item_id = $7 AND is_open = $8
       AND (placed_at, order_id) > ($1, $2) AND placed_at < $3
     ORDER BY placed_at, order_id LIMIT $4",
);
