-- The legs of orders: requests to suppliers, transfers to stores. They follow from the orders' fulfilments.
CREATE TABLE order_leg (
    bucket INTEGER NOT NULL,
    order_id BLOB NOT NULL,
    fulfilment INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    location INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (bucket, order_id, fulfilment, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_leg_state ON order_leg (kind, state, since, order_id, fulfilment);
