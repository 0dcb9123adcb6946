-- Incoming supply: one row of what is known of it, which lies in its item's bucket, and its journal.
CREATE TABLE supply (
    bucket INTEGER NOT NULL,
    supply_id UUID NOT NULL,
    item_id UUID NOT NULL,
    location INTEGER NOT NULL,
    version BIGINT NOT NULL,
    status TEXT NOT NULL,
    expected TEXT COLLATE "C" NOT NULL,
    outstanding BIGINT NOT NULL CHECK (outstanding >= 0),
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, supply_id)
) WITH (fillfactor = 80);
CREATE INDEX supply_open ON supply (bucket, item_id, expected, supply_id) WHERE status = 'open';
CREATE INDEX supply_item ON supply (bucket, item_id, expected, supply_id);
CREATE INDEX supply_expected ON supply (expected, supply_id);

CREATE TABLE supply_entry (
    bucket INTEGER NOT NULL,
    supply_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    version SMALLINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, supply_id, seq)
);

ALTER TABLE stock_ledger ADD COLUMN supply_id UUID;

-- Units of a level that only one channel may have; they are reserved there. `was` is what the row held before.
CREATE TABLE ring_fence (
    bucket INTEGER NOT NULL,
    item_id UUID NOT NULL,
    location INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    was BIGINT NOT NULL,
    PRIMARY KEY (bucket, item_id, location, channel)
);

-- What a batch tells the feed of stock, beside the journals of orders.
CREATE TABLE feed_event (
    writer INTEGER NOT NULL,
    batch BIGINT NOT NULL,
    position INTEGER NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (writer, batch, position)
);

-- Plain table for analysts.
CREATE VIEW v_supply AS
SELECT i.sku, p.code AS location, s.supply_id, s.status, s.expected, s.outstanding
FROM supply s
JOIN item i ON i.bucket = s.bucket AND i.item_id = s.item_id
LEFT JOIN location p ON p.location = s.location;
