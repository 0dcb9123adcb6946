-- What is booked of the capacity of items that are made to order, and of services: units or visits of an item at a location,
-- by local day and slot of it; slot 0 is the whole day.
CREATE TABLE slot_booking (
    bucket INTEGER NOT NULL,
    item_id UUID NOT NULL,
    location INTEGER NOT NULL,
    day TEXT NOT NULL,
    slot INTEGER NOT NULL,
    units BIGINT NOT NULL CHECK (units >= 0),
    PRIMARY KEY (bucket, item_id, location, day, slot)
) WITH (fillfactor = 60);
-- The day on which a production order or a visit is due; absent for legs of other kinds.
ALTER TABLE order_leg ADD COLUMN due TEXT;
CREATE INDEX order_leg_due ON order_leg (kind, location, due, order_id, fulfilment) WHERE due IS NOT NULL;
