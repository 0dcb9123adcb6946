-- Each version of each member of the network is a row of its own, so that a change of one writes one row. The network of a
-- version is, for each member, the last row up to it.
CREATE TABLE network_member (
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (kind, number, version)
);
INSERT INTO network_member (kind, number, version, body, at)
SELECT 'location', l.number - 1, n.version,
       CASE WHEN l.value -> 'daily_capacity_orders' IS NULL THEN l.value::text
            ELSE ((l.value - 'daily_capacity_orders') || jsonb_build_object('capacity',
                  jsonb_build_object('unit', 'orders', 'per_day', l.value -> 'daily_capacity_orders')))::text END,
       n.at
FROM network n, jsonb_array_elements(n.body::jsonb -> 'locations') WITH ORDINALITY AS l (value, number);
INSERT INTO network_member (kind, number, version, body, at)
SELECT 'channel', c.number - 1, n.version, c.value::text, n.at
FROM network n, jsonb_array_elements(n.body::jsonb -> 'channels') WITH ORDINALITY AS c (value, number);
-- The table network is not written any more.

-- What locations have to do on their local days, where that is counted.
CREATE TABLE location_day (
    bucket INTEGER NOT NULL,
    location INTEGER NOT NULL,
    day TEXT NOT NULL,
    orders BIGINT NOT NULL CHECK (orders >= 0),
    lines BIGINT NOT NULL CHECK (lines >= 0),
    units BIGINT NOT NULL CHECK (units >= 0),
    PRIMARY KEY (bucket, location, day)
) WITH (fillfactor = 60);
