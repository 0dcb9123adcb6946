-- The spine. `bucket` leads the primary key of everything that belongs to an order or an item; times are
-- milliseconds since 1970 in UTC; money is minor units; ids are 16 bytes; bodies are JSON text.

CREATE TABLE database (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    partitions INTEGER NOT NULL,
    merchant_id BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Orders. Wide rows are kept in the order they were placed in, so that new ones share pages.
CREATE TABLE orders (
    bucket INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    payment_status TEXT NOT NULL,
    fulfilment_status TEXT NOT NULL,
    returns_status TEXT NOT NULL,
    channel INTEGER NOT NULL,
    customer_id BLOB,
    external_ref TEXT,
    currency TEXT NOT NULL,
    total_minor INTEGER NOT NULL,
    placed_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    fold_version INTEGER NOT NULL,
    placed TEXT NOT NULL,
    progress TEXT NOT NULL,
    PRIMARY KEY (bucket, order_id)
) STRICT;
CREATE INDEX orders_placed ON orders (placed_at, order_id);
CREATE INDEX orders_status ON orders (status, placed_at, order_id);
CREATE INDEX orders_channel ON orders (channel, placed_at, order_id);
CREATE INDEX orders_customer ON orders (customer_id, placed_at, order_id) WHERE customer_id IS NOT NULL;

CREATE TABLE order_line (
    bucket INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    line INTEGER NOT NULL,
    item_id BLOB,
    sku TEXT NOT NULL,
    method TEXT NOT NULL,
    ordered INTEGER NOT NULL,
    open INTEGER NOT NULL,
    backordered INTEGER NOT NULL,
    allocated INTEGER NOT NULL,
    picked INTEGER NOT NULL,
    packed INTEGER NOT NULL,
    shipped INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    returned_to_sender INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    PRIMARY KEY (bucket, order_id, line)
) STRICT, WITHOUT ROWID;

-- One row for each fulfilment line that claims stock.
CREATE TABLE allocation (
    bucket INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    fulfilment INTEGER NOT NULL,
    line INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    location INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (bucket, order_id, fulfilment, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    bucket INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    writer INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, order_id, seq)
) STRICT;

CREATE TABLE sourcing_explanation (
    bucket INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, order_id, seq)
) STRICT, WITHOUT ROWID;

-- The only place with personal values. An order's contacts are children of its id; a customer's has the customer's id.
CREATE TABLE contact (
    bucket INTEGER NOT NULL,
    contact_id BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer (
    bucket INTEGER NOT NULL,
    customer_id BLOB NOT NULL,
    external_ref TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, customer_id)
) STRICT, WITHOUT ROWID;

-- Who has a unique value. The bucket hashes the value.
CREATE TABLE claim (
    bucket INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    value BLOB NOT NULL,
    resource_kind INTEGER NOT NULL,
    resource_id BLOB,
    resource_number INTEGER NOT NULL,
    answer_kind INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body_hash BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
    bucket INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    sku TEXT NOT NULL,
    title TEXT NOT NULL,
    oversell_limit INTEGER NOT NULL CHECK (oversell_limit >= 0),
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_sku ON item (sku, item_id);

CREATE TABLE item_version (
    bucket INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (bucket, item_id, version)
) STRICT, WITHOUT ROWID;

-- The version of each kind of settings that is in force; write transactions share-lock it.
CREATE TABLE setting (
    kind TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE network (
    version INTEGER NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

-- For analysts, rewritten with each version of the network.
CREATE TABLE location (
    location INTEGER NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    priority INTEGER NOT NULL,
    country TEXT NOT NULL,
    time_zone TEXT NOT NULL
) STRICT;
CREATE TABLE channel (
    channel INTEGER NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL
) STRICT;

-- Stock clusters by location, because most orders are served by few of them.
CREATE TABLE stock_level (
    bucket INTEGER NOT NULL,
    location INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
    allocated INTEGER NOT NULL CHECK (allocated >= 0),
    reserved INTEGER NOT NULL CHECK (reserved >= 0),
    safety INTEGER NOT NULL CHECK (safety >= 0),
    oversell_limit INTEGER NOT NULL CHECK (oversell_limit >= 0),
    quarantined INTEGER NOT NULL CHECK (quarantined >= 0),
    damaged INTEGER NOT NULL CHECK (damaged >= 0),
    in_transit INTEGER NOT NULL CHECK (in_transit >= 0),
    PRIMARY KEY (bucket, location, item_id),
    CHECK (allocated + reserved <= on_hand + oversell_limit)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_level_item ON stock_level (bucket, item_id, location);

-- Differences; the sum over a level is the level.
CREATE TABLE stock_ledger (
    bucket INTEGER NOT NULL,
    writer INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    location INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    order_id BLOB,
    reservation_id BLOB,
    reference TEXT,
    note TEXT,
    on_hand INTEGER NOT NULL,
    allocated INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    safety INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    damaged INTEGER NOT NULL,
    in_transit INTEGER NOT NULL,
    PRIMARY KEY (bucket, writer, batch, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_ledger_at ON stock_ledger (at, bucket, writer, batch, position);

-- Units that wait for stock, in the order they are served.
CREATE TABLE waiting (
    bucket INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    priority INTEGER NOT NULL,
    since INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    line INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    location INTEGER,
    PRIMARY KEY (bucket, item_id, priority, since, order_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE reservation (
    bucket INTEGER NOT NULL,
    reservation_id BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, reservation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_expiry ON reservation (expires_at, reservation_id) WHERE state = 'active';

-- What active reservations claim.
CREATE TABLE reservation_line (
    bucket INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    reservation_id BLOB NOT NULL,
    location INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (bucket, item_id, expires_at, reservation_id, location)
) STRICT, WITHOUT ROWID;

-- Work to be done after a commit. `lease_fence` rises with every attempt, so that a late worker is told apart.
CREATE TABLE job (
    bucket INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    job_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    lease_owner TEXT,
    lease_fence INTEGER NOT NULL,
    leased_until INTEGER,
    PRIMARY KEY (bucket, job_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_due ON job (bucket, run_at, job_id);

CREATE TABLE bucket_lease (
    bucket INTEGER NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;

-- Committers. A number is leased and fenced; its batches are serial. `projected` is the last batch whose
-- projections are written.
CREATE TABLE writer (
    writer INTEGER NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    projected INTEGER NOT NULL
) STRICT;

CREATE TABLE feed (
    writer INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (writer, batch)
) STRICT, WITHOUT ROWID;

CREATE TABLE number_range (
    kind TEXT NOT NULL PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
    key_id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    scopes TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_prefix ON api_key (prefix);

-- Projections: kept within a second of the commit by the writers, rebuilt from the feed after a crash.
-- Their rows lie in volumes, so that what is new shares few pages; here is what a volume may hold.
CREATE TABLE index_volume (
    volume INTEGER NOT NULL PRIMARY KEY,
    placed_from INTEGER NOT NULL,
    placed_to INTEGER NOT NULL,
    moved_from INTEGER NOT NULL,
    moved_to INTEGER NOT NULL
) STRICT;

CREATE TABLE item_order (
    bucket INTEGER NOT NULL,
    volume INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    is_open INTEGER NOT NULL,
    placed_at INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    PRIMARY KEY (bucket, volume, item_id, is_open, placed_at, order_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_item (
    bucket INTEGER NOT NULL,
    volume INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    writer INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (bucket, volume, item_id, at, writer, batch, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_token (
    volume INTEGER NOT NULL,
    token TEXT NOT NULL,
    order_id BLOB NOT NULL,
    PRIMARY KEY (volume, token, order_id)
) STRICT, WITHOUT ROWID;

-- Words of personal values; they hang on the contact row, so that erasing it erases them.
CREATE TABLE contact_token (
    volume INTEGER NOT NULL,
    token TEXT NOT NULL,
    contact_id BLOB NOT NULL,
    PRIMARY KEY (volume, token, contact_id)
) STRICT, WITHOUT ROWID;

INSERT INTO setting (kind, version) VALUES ('network', 0);
INSERT INTO number_range (kind, next) VALUES ('order', 1001);

-- Plain tables for analysts.
CREATE VIEW v_orders AS
SELECT o.number, o.order_id, o.version, o.status, o.payment_status, o.fulfilment_status, o.returns_status,
       c.code AS channel, o.customer_id, o.external_ref, o.currency, o.total_minor,
       strftime('%Y-%m-%d %H:%M:%S', o.placed_at / 1000.0, 'unixepoch') AS placed_at,
       strftime('%Y-%m-%d %H:%M:%S', o.updated_at / 1000.0, 'unixepoch') AS updated_at
FROM orders o LEFT JOIN channel c ON c.channel = o.channel;

CREATE VIEW v_order_lines AS
SELECT o.number, l.order_id, l.line, l.item_id, l.sku, l.method, l.ordered, l.open, l.backordered, l.allocated,
       l.picked, l.packed, l.shipped, l.delivered, l.refused, l.lost, l.returned_to_sender, l.cancelled, l.returned
FROM order_line l JOIN orders o ON o.bucket = l.bucket AND o.order_id = l.order_id;

CREATE VIEW v_stock AS
SELECT i.sku, i.title, p.code AS location, s.on_hand, s.allocated, s.reserved, s.safety,
       s.on_hand - s.allocated - s.reserved - s.safety AS available,
       s.oversell_limit, s.quarantined, s.damaged, s.in_transit
FROM stock_level s
JOIN item i ON i.bucket = s.bucket AND i.item_id = s.item_id
LEFT JOIN location p ON p.location = s.location;

CREATE VIEW v_ledger AS
SELECT strftime('%Y-%m-%d %H:%M:%S', g.at / 1000.0, 'unixepoch') AS at, i.sku, p.code AS location, g.reason, g.actor,
       g.order_id, g.reservation_id, g.reference, g.note, g.on_hand, g.allocated, g.reserved, g.safety,
       g.quarantined, g.damaged, g.in_transit
FROM stock_ledger g
JOIN item i ON i.bucket = g.bucket AND i.item_id = g.item_id
LEFT JOIN location p ON p.location = g.location;
