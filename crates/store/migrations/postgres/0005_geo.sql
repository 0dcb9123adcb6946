-- Where postal codes are, and what deliveries have taught.

-- Where postal codes are, by country and code, in ten-thousandths of a degree; and what is loaded of each country.
-- The version rises with every change, so that whoever remembers codes knows when to forget them.

CREATE TABLE postal_area (
    country TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    lat_e4 INTEGER NOT NULL CHECK (lat_e4 BETWEEN -900000 AND 900000),
    lon_e4 INTEGER NOT NULL CHECK (lon_e4 BETWEEN -1800000 AND 1800000),
    PRIMARY KEY (country, code)
);

CREATE TABLE postal_country (
    country TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    areas BIGINT NOT NULL CHECK (areas >= 0),
    version BIGINT NOT NULL,
    loaded_at BIGINT NOT NULL
);

-- How many parcels took how many working days, by the month they were delivered in. The bucket hashes the lane. Counts
-- only ever rise, so that committers add to them in any order.
CREATE TABLE lane_stat (
    bucket INTEGER NOT NULL,
    month INTEGER NOT NULL,
    location INTEGER NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    country TEXT COLLATE "C" NOT NULL,
    area TEXT COLLATE "C" NOT NULL,
    days SMALLINT NOT NULL CHECK (days >= 0),
    parcels BIGINT NOT NULL CHECK (parcels > 0),
    PRIMARY KEY (bucket, month, location, service, country, area, days)
) WITH (fillfactor = 80);

-- How many promises were kept (0 days late) or late, by the month of delivery. The bucket hashes location and service.
CREATE TABLE promise_score (
    bucket INTEGER NOT NULL,
    month INTEGER NOT NULL,
    location INTEGER NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    channel INTEGER NOT NULL,
    late_days SMALLINT NOT NULL CHECK (late_days >= 0),
    promises BIGINT NOT NULL CHECK (promises > 0),
    PRIMARY KEY (bucket, month, location, service, channel, late_days)
) WITH (fillfactor = 80);
