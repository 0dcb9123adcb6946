-- Screening: what was seen of late, and what customers owe.

-- Orders of the last day that have a value in common. Only the value's hash is stored; the bucket hashes it too.
-- `seen_version` is the version that the writer decided on.
CREATE TABLE tally (
    bucket INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    value BLOB NOT NULL,
    version INTEGER NOT NULL,
    seen_version INTEGER NOT NULL,
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, kind, value)
) STRICT, WITHOUT ROWID;

-- Tier, credit, and what is owed on orders that were taken on account. In the customer's bucket.
CREATE TABLE customer_account (
    bucket INTEGER NOT NULL,
    customer_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    seen_version INTEGER NOT NULL,
    tier TEXT,
    credit TEXT,
    open_balance_minor INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, customer_id)
) STRICT, WITHOUT ROWID;

-- Runs of one action over many orders. `version` rises with every step, so that two processes never count one twice.
CREATE TABLE bulk_run (
    bulk_id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    cursor TEXT,
    looked_at INTEGER NOT NULL,
    done INTEGER NOT NULL,
    not_done INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_run_running ON bulk_run (bulk_id) WHERE state = 'running';

-- Orders that a run did not reach, or not in full, and why.
CREATE TABLE bulk_left (
    bulk_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (bulk_id, position)
) STRICT, WITHOUT ROWID;
