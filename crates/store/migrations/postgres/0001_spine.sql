-- The spine. `bucket` leads the primary key of everything that belongs to an order or an item; times are
-- milliseconds since 1970 in UTC; money is minor units; ids are UUIDs; bodies are JSON text.

CREATE TABLE database (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    partitions INTEGER NOT NULL,
    merchant_id UUID NOT NULL,
    created_at BIGINT NOT NULL
);

-- Orders. Pages keep room, so that a change of progress stays on its page.
CREATE TABLE orders (
    bucket INTEGER NOT NULL,
    order_id UUID NOT NULL,
    number BIGINT NOT NULL,
    version BIGINT NOT NULL,
    status TEXT NOT NULL,
    payment_status TEXT NOT NULL,
    fulfilment_status TEXT NOT NULL,
    returns_status TEXT NOT NULL,
    channel INTEGER NOT NULL,
    customer_id UUID,
    external_ref TEXT,
    currency TEXT NOT NULL,
    total_minor BIGINT NOT NULL,
    placed_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    fold_version SMALLINT NOT NULL,
    placed TEXT NOT NULL,
    progress TEXT NOT NULL,
    PRIMARY KEY (bucket, order_id)
) WITH (fillfactor = 80);
CREATE INDEX orders_placed ON orders (placed_at, order_id);
CREATE INDEX orders_status ON orders (status, placed_at, order_id);
CREATE INDEX orders_channel ON orders (channel, placed_at, order_id);
CREATE INDEX orders_customer ON orders (customer_id, placed_at, order_id) WHERE customer_id IS NOT NULL;

CREATE TABLE order_line (
    bucket INTEGER NOT NULL,
    order_id UUID NOT NULL,
    line INTEGER NOT NULL,
    item_id UUID,
    sku TEXT COLLATE "C" NOT NULL,
    method TEXT NOT NULL,
    ordered BIGINT NOT NULL,
    open BIGINT NOT NULL,
    backordered BIGINT NOT NULL,
    allocated BIGINT NOT NULL,
    picked BIGINT NOT NULL,
    packed BIGINT NOT NULL,
    shipped BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    lost BIGINT NOT NULL,
    returned_to_sender BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    PRIMARY KEY (bucket, order_id, line)
) WITH (fillfactor = 80);

-- One row for each fulfilment line that claims stock.
CREATE TABLE allocation (
    bucket INTEGER NOT NULL,
    order_id UUID NOT NULL,
    fulfilment INTEGER NOT NULL,
    line INTEGER NOT NULL,
    item_id UUID NOT NULL,
    location INTEGER NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (bucket, order_id, fulfilment, line)
);

CREATE TABLE journal (
    bucket INTEGER NOT NULL,
    order_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    version SMALLINT NOT NULL,
    writer INTEGER NOT NULL,
    batch BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, order_id, seq)
);

CREATE TABLE sourcing_explanation (
    bucket INTEGER NOT NULL,
    order_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, order_id, seq)
);

-- The only place with personal values. An order's contacts are children of its id; a customer's has the customer's id.
CREATE TABLE contact (
    bucket INTEGER NOT NULL,
    contact_id UUID NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, contact_id)
);

CREATE TABLE customer (
    bucket INTEGER NOT NULL,
    customer_id UUID NOT NULL,
    external_ref TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, customer_id)
);

-- Who has a unique value. The bucket hashes the value.
CREATE TABLE claim (
    bucket INTEGER NOT NULL,
    kind SMALLINT NOT NULL,
    value BYTEA NOT NULL,
    resource_kind SMALLINT NOT NULL,
    resource_id UUID,
    resource_number INTEGER NOT NULL,
    answer_kind SMALLINT NOT NULL,
    version BIGINT NOT NULL,
    body_hash BYTEA,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, kind, value)
);

CREATE TABLE item (
    bucket INTEGER NOT NULL,
    item_id UUID NOT NULL,
    version BIGINT NOT NULL,
    sku TEXT COLLATE "C" NOT NULL,
    title TEXT NOT NULL,
    oversell_limit BIGINT NOT NULL CHECK (oversell_limit >= 0),
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, item_id)
);
CREATE INDEX item_sku ON item (sku, item_id);

CREATE TABLE item_version (
    bucket INTEGER NOT NULL,
    item_id UUID NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (bucket, item_id, version)
);

-- The version of each kind of settings that is in force; write transactions share-lock it.
CREATE TABLE setting (
    kind TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE network (
    version BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    at BIGINT NOT NULL
);

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
);
CREATE TABLE channel (
    channel INTEGER NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL
);

-- Stock clusters by location, because most orders are served by few of them.
CREATE TABLE stock_level (
    bucket INTEGER NOT NULL,
    location INTEGER NOT NULL,
    item_id UUID NOT NULL,
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    allocated BIGINT NOT NULL CHECK (allocated >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    safety BIGINT NOT NULL CHECK (safety >= 0),
    oversell_limit BIGINT NOT NULL CHECK (oversell_limit >= 0),
    quarantined BIGINT NOT NULL CHECK (quarantined >= 0),
    damaged BIGINT NOT NULL CHECK (damaged >= 0),
    in_transit BIGINT NOT NULL CHECK (in_transit >= 0),
    PRIMARY KEY (bucket, location, item_id),
    CHECK (allocated + reserved <= on_hand + oversell_limit)
) WITH (fillfactor = 60);
CREATE INDEX stock_level_item ON stock_level (bucket, item_id, location);

-- Differences; the sum over a level is the level.
CREATE TABLE stock_ledger (
    bucket INTEGER NOT NULL,
    writer INTEGER NOT NULL,
    batch BIGINT NOT NULL,
    position INTEGER NOT NULL,
    item_id UUID NOT NULL,
    location INTEGER NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    order_id UUID,
    reservation_id UUID,
    reference TEXT,
    note TEXT,
    on_hand BIGINT NOT NULL,
    allocated BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    safety BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    damaged BIGINT NOT NULL,
    in_transit BIGINT NOT NULL,
    PRIMARY KEY (bucket, writer, batch, position)
);
CREATE INDEX stock_ledger_at ON stock_ledger (at, bucket, writer, batch, position);

-- Units that wait for stock, in the order they are served.
CREATE TABLE waiting (
    bucket INTEGER NOT NULL,
    item_id UUID NOT NULL,
    priority INTEGER NOT NULL,
    since BIGINT NOT NULL,
    order_id UUID NOT NULL,
    line INTEGER NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    location INTEGER,
    PRIMARY KEY (bucket, item_id, priority, since, order_id, line)
);

CREATE TABLE reservation (
    bucket INTEGER NOT NULL,
    reservation_id UUID NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bucket, reservation_id)
);
CREATE INDEX reservation_expiry ON reservation (expires_at, reservation_id) WHERE state = 'active';

-- What active reservations claim.
CREATE TABLE reservation_line (
    bucket INTEGER NOT NULL,
    item_id UUID NOT NULL,
    expires_at BIGINT NOT NULL,
    reservation_id UUID NOT NULL,
    location INTEGER NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (bucket, item_id, expires_at, reservation_id, location)
);

-- Work to be done after a commit. `lease_fence` rises with every attempt, so that a late worker is told apart.
CREATE TABLE job (
    bucket INTEGER NOT NULL,
    run_at BIGINT NOT NULL,
    job_id UUID NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    lease_owner TEXT,
    lease_fence BIGINT NOT NULL,
    leased_until BIGINT,
    PRIMARY KEY (bucket, job_id)
);
CREATE INDEX job_due ON job (bucket, run_at, job_id);

CREATE TABLE bucket_lease (
    bucket INTEGER NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    fence BIGINT NOT NULL,
    until BIGINT NOT NULL
);

-- Committers. A number is leased and fenced; its batches are serial. `projected` is the last batch whose
-- projections are written.
CREATE TABLE writer (
    writer INTEGER NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    fence BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    projected BIGINT NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE feed (
    writer INTEGER NOT NULL,
    batch BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (writer, batch)
);

CREATE TABLE number_range (
    kind TEXT NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);

CREATE TABLE api_key (
    key_id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    scopes TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_key_prefix ON api_key (prefix);

-- Projections: kept within a second of the commit by the writers, rebuilt from the feed after a crash.
-- Their rows lie in volumes, so that what is new shares few pages; here is what a volume may hold.
CREATE TABLE index_volume (
    volume INTEGER NOT NULL PRIMARY KEY,
    placed_from BIGINT NOT NULL,
    placed_to BIGINT NOT NULL,
    moved_from BIGINT NOT NULL,
    moved_to BIGINT NOT NULL
);

CREATE TABLE item_order (
    bucket INTEGER NOT NULL,
    volume INTEGER NOT NULL,
    item_id UUID NOT NULL,
    is_open INTEGER NOT NULL,
    placed_at BIGINT NOT NULL,
    order_id UUID NOT NULL,
    PRIMARY KEY (bucket, volume, item_id, is_open, placed_at, order_id)
);

CREATE TABLE ledger_item (
    bucket INTEGER NOT NULL,
    volume INTEGER NOT NULL,
    item_id UUID NOT NULL,
    at BIGINT NOT NULL,
    writer INTEGER NOT NULL,
    batch BIGINT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (bucket, volume, item_id, at, writer, batch, position)
);

CREATE TABLE search_token (
    volume INTEGER NOT NULL,
    token TEXT COLLATE "C" NOT NULL,
    order_id UUID NOT NULL,
    PRIMARY KEY (volume, token, order_id)
);

-- Words of personal values; they hang on the contact row, so that erasing it erases them.
CREATE TABLE contact_token (
    volume INTEGER NOT NULL,
    token TEXT COLLATE "C" NOT NULL,
    contact_id UUID NOT NULL,
    PRIMARY KEY (volume, token, contact_id)
);

INSERT INTO setting (kind, version) VALUES ('network', 0);
INSERT INTO number_range (kind, next) VALUES ('order', 1001);

-- Plain tables for analysts.
CREATE VIEW v_orders AS
SELECT o.number, o.order_id, o.version, o.status, o.payment_status, o.fulfilment_status, o.returns_status,
       c.code AS channel, o.customer_id, o.external_ref, o.currency, o.total_minor,
       to_timestamp(o.placed_at / 1000.0) AS placed_at,
       to_timestamp(o.updated_at / 1000.0) AS updated_at
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
SELECT to_timestamp(g.at / 1000.0) AS at, i.sku, p.code AS location, g.reason, g.actor,
       g.order_id, g.reservation_id, g.reference, g.note, g.on_hand, g.allocated, g.reserved, g.safety,
       g.quarantined, g.damaged, g.in_transit
FROM stock_ledger g
JOIN item i ON i.bucket = g.bucket AND i.item_id = g.item_id
LEFT JOIN location p ON p.location = g.location;
