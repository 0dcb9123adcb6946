-- Orders that wait for a location or for stock, found without looking at all the others.
CREATE INDEX order_line_unserved ON order_line (bucket, order_id) WHERE open + backordered > 0;

-- Work on many orders in the background: waiting orders sourced together, and past ones decided again. `version` rises with
-- every step and with every lease, so that two processes never do the same step.
CREATE TABLE sourcing_run (
    kind TEXT COLLATE "C" NOT NULL,
    run_id UUID NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    report TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (kind, run_id)
);
CREATE INDEX sourcing_run_running ON sourcing_run (kind, run_id) WHERE state = 'running';
CREATE INDEX sourcing_run_created ON sourcing_run (kind, created_at, run_id);

-- What came of each order, in the order of their turns.
CREATE TABLE sourcing_run_order (
    run_id UUID NOT NULL,
    position BIGINT NOT NULL,
    order_id UUID NOT NULL,
    number BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
);

-- When a channel's waiting orders are next sourced together, by which schedule.
CREATE TABLE sourcing_due (
    channel INTEGER NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    schedule TEXT NOT NULL,
    next_at BIGINT NOT NULL
);
