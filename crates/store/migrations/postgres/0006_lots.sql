-- Lots of items: what is printed on them, and does not change.
CREATE TABLE lot (
    bucket INTEGER NOT NULL,
    item_id UUID NOT NULL,
    lot TEXT COLLATE "C" NOT NULL,
    expires_on TEXT,
    made_on TEXT,
    first_seen_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, item_id, lot)
);

-- Units of a lot at a location; over all lots of an item they sum to its level there.
CREATE TABLE lot_level (
    bucket INTEGER NOT NULL,
    item_id UUID NOT NULL,
    location INTEGER NOT NULL,
    lot TEXT COLLATE "C" NOT NULL,
    expires_on TEXT,
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    allocated BIGINT NOT NULL CHECK (allocated >= 0),
    quarantined BIGINT NOT NULL CHECK (quarantined >= 0),
    damaged BIGINT NOT NULL CHECK (damaged >= 0),
    in_transit BIGINT NOT NULL CHECK (in_transit >= 0),
    PRIMARY KEY (bucket, item_id, location, lot),
    CHECK (allocated <= on_hand)
) WITH (fillfactor = 80);
CREATE INDEX lot_level_used ON lot_level (bucket, item_id, location, lot) WHERE on_hand + quarantined + damaged + in_transit > 0;

-- The lots of units that fulfilment lines claim; they sum to the line's allocation.
CREATE TABLE lot_allocation (
    bucket INTEGER NOT NULL,
    order_id UUID NOT NULL,
    fulfilment INTEGER NOT NULL,
    line INTEGER NOT NULL,
    lot TEXT COLLATE "C" NOT NULL,
    item_id UUID NOT NULL,
    location INTEGER NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (bucket, order_id, fulfilment, line, lot)
);

ALTER TABLE stock_ledger ADD COLUMN lot TEXT COLLATE "C";
CREATE INDEX stock_ledger_lot ON stock_ledger (bucket, item_id, lot, at, writer, batch, position) WHERE lot IS NOT NULL;

-- Plain table for analysts.
CREATE VIEW v_lot AS
SELECT i.sku, l.lot, l.expires_on, p.code AS location, l.on_hand, l.allocated, l.quarantined, l.damaged, l.in_transit
FROM lot_level l
JOIN item i ON i.bucket = l.bucket AND i.item_id = l.item_id
LEFT JOIN location p ON p.location = l.location;
