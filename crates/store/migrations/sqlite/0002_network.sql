-- Each version of each member of the network is a row of its own, so that a change of one writes one row. The network of a
-- version is, for each member, the last row up to it.
CREATE TABLE network_member (
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, number, version)
) STRICT;
INSERT INTO network_member (kind, number, version, body, at)
SELECT 'location', l.key, n.version,
       CASE WHEN json_extract(l.value, '$.daily_capacity_orders') IS NULL THEN l.value
            ELSE json_set(json_remove(l.value, '$.daily_capacity_orders'), '$.capacity',
                          json_object('unit', 'orders', 'per_day', json_extract(l.value, '$.daily_capacity_orders'))) END,
       n.at
FROM network n, json_each(n.body, '$.locations') l;
INSERT INTO network_member (kind, number, version, body, at)
SELECT 'channel', c.key, n.version, c.value, n.at FROM network n, json_each(n.body, '$.channels') c;
-- The table network is not written any more.

-- What locations have to do on their local days, where that is counted.
CREATE TABLE location_day (
    bucket INTEGER NOT NULL,
    location INTEGER NOT NULL,
    day TEXT NOT NULL,
    orders INTEGER NOT NULL CHECK (orders >= 0),
    lines INTEGER NOT NULL CHECK (lines >= 0),
    units INTEGER NOT NULL CHECK (units >= 0),
    PRIMARY KEY (bucket, location, day)
) STRICT, WITHOUT ROWID;
