-- Screening: what was seen of late, and what customers owe.

-- Orders of the last day that have a value in common. Only the value's hash is stored; the bucket hashes it too.
-- `seen_version` is the version that the writer decided on.
CREATE TABLE tally (
    bucket INTEGER NOT NULL,
    kind SMALLINT NOT NULL,
    value BYTEA NOT NULL,
    version BIGINT NOT NULL,
    seen_version BIGINT NOT NULL,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, kind, value)
) WITH (fillfactor = 60);

-- Tier, credit, and what is owed on orders that were taken on account. In the customer's bucket.
CREATE TABLE customer_account (
    bucket INTEGER NOT NULL,
    customer_id UUID NOT NULL,
    version BIGINT NOT NULL,
    seen_version BIGINT NOT NULL,
    tier TEXT,
    credit TEXT,
    open_balance_minor BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, customer_id)
) WITH (fillfactor = 80);

-- Runs of one action over many orders. `version` rises with every step, so that two processes never count one twice.
CREATE TABLE bulk_run (
    bulk_id UUID NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    cursor TEXT,
    looked_at BIGINT NOT NULL,
    done BIGINT NOT NULL,
    not_done BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX bulk_run_running ON bulk_run (bulk_id) WHERE state = 'running';

-- Orders that a run did not reach, or not in full, and why.
CREATE TABLE bulk_left (
    bulk_id UUID NOT NULL,
    position BIGINT NOT NULL,
    order_id UUID NOT NULL,
    number BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (bulk_id, position)
);
