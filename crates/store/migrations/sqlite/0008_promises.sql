-- How many first promises were kept (0 days late) or late, by the month of delivery; those in force when the parcel left
-- are in promise_score. The bucket hashes location and service.
CREATE TABLE promise_first_score (
    bucket INTEGER NOT NULL,
    month INTEGER NOT NULL,
    location INTEGER NOT NULL,
    service TEXT NOT NULL,
    channel INTEGER NOT NULL,
    late_days INTEGER NOT NULL CHECK (late_days >= 0),
    promises INTEGER NOT NULL CHECK (promises > 0),
    PRIMARY KEY (bucket, month, location, service, channel, late_days)
) STRICT, WITHOUT ROWID;

-- A run over unshipped orders that a closure touches: how far it is, and what came of it.
CREATE TABLE closure_run (
    closure INTEGER NOT NULL,
    network INTEGER NOT NULL,
    body TEXT NOT NULL,
    is_running INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (closure, network)
) STRICT, WITHOUT ROWID;

CREATE INDEX closure_run_running ON closure_run (is_running, closure, network) WHERE is_running = 1;

-- What became of each order that it touched.
CREATE TABLE closure_touched (
    closure INTEGER NOT NULL,
    network INTEGER NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (closure, network, position)
) STRICT, WITHOUT ROWID;
