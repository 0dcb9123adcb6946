-- Incoming supply: one row of what is known of it, which lies in its item's bucket, and its journal.
CREATE TABLE supply (
    bucket INTEGER NOT NULL,
    supply_id BLOB NOT NULL,
    item_id BLOB NOT NULL,
    location INTEGER NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    expected TEXT NOT NULL,
    outstanding INTEGER NOT NULL CHECK (outstanding >= 0),
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, supply_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX supply_open ON supply (bucket, item_id, expected, supply_id) WHERE status = 'open';
CREATE INDEX supply_item ON supply (bucket, item_id, expected, supply_id);
CREATE INDEX supply_expected ON supply (expected, supply_id);

CREATE TABLE supply_entry (
    bucket INTEGER NOT NULL,
    supply_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, supply_id, seq)
) STRICT, WITHOUT ROWID;

ALTER TABLE stock_ledger ADD COLUMN supply_id BLOB;

-- Units of a level that only one channel may have; they are reserved there. `was` is what the row held before.
CREATE TABLE ring_fence (
    bucket INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    location INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    was INTEGER NOT NULL,
    PRIMARY KEY (bucket, item_id, location, channel)
) STRICT, WITHOUT ROWID;

-- What a batch tells the feed of stock, beside the journals of orders.
CREATE TABLE feed_event (
    writer INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (writer, batch, position)
) STRICT, WITHOUT ROWID;

-- Plain table for analysts.
CREATE VIEW v_supply AS
SELECT i.sku, p.code AS location, s.supply_id, s.status, s.expected, s.outstanding
FROM supply s
JOIN item i ON i.bucket = s.bucket AND i.item_id = s.item_id
LEFT JOIN location p ON p.location = s.location;
