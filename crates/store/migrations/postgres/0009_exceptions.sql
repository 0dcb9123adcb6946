-- Items that are not offered from a location for some days, to any order. One that has ended stays, with when it ended.
CREATE TABLE exclusion (
    bucket INTEGER NOT NULL,
    item_id UUID NOT NULL,
    location INTEGER NOT NULL,
    until BIGINT NOT NULL,
    since BIGINT NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (bucket, item_id, location)
);
CREATE INDEX exclusion_until ON exclusion (until, item_id, location);
