-- Blanket agreements of customers, in their buckets, and what orders have called off them.
CREATE TABLE customer_agreement (
    bucket INTEGER NOT NULL,
    agreement_id UUID NOT NULL,
    version BIGINT NOT NULL,
    seen_version BIGINT NOT NULL,
    customer_id UUID NOT NULL,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, agreement_id)
);
CREATE INDEX customer_agreement_customer ON customer_agreement (bucket, customer_id, agreement_id);
CREATE TABLE agreement_call (
    bucket INTEGER NOT NULL,
    agreement_id UUID NOT NULL,
    order_id UUID NOT NULL,
    called BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    PRIMARY KEY (bucket, agreement_id, order_id)
);
