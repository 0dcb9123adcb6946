-- Blanket agreements of customers, in their buckets, and what orders have called off them.
CREATE TABLE customer_agreement (
    bucket INTEGER NOT NULL,
    agreement_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    seen_version INTEGER NOT NULL,
    customer_id BLOB NOT NULL,
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (bucket, agreement_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_agreement_customer ON customer_agreement (bucket, customer_id, agreement_id);
CREATE TABLE agreement_call (
    bucket INTEGER NOT NULL,
    agreement_id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    called INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    PRIMARY KEY (bucket, agreement_id, order_id)
) STRICT, WITHOUT ROWID;
