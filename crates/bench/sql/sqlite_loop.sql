-- The rows of a placed order in a shape as lean as the product's: keys in the order in which work
-- clusters, partial indexes, narrow rows. Ids are 16 bytes, times are milliseconds.
create table orders (
    bucket integer not null,
    id blob not null,
    version integer not null,
    number integer not null,
    channel integer not null,
    external_ref text not null,
    customer blob not null,
    status integer not null,
    payment_status integer not null,
    fulfilment_status integer not null,
    total_minor integer not null,
    currency text not null,
    placed_at integer not null,
    placed text not null,
    progress text not null,
    primary key (bucket, id)
) without rowid, strict;
create index orders_by_number on orders (number);
create index orders_by_placed_at on orders (placed_at, id);
create index orders_by_customer on orders (customer, placed_at);
create table order_lines (
    bucket integer not null,
    order_id blob not null,
    line integer not null,
    item blob not null,
    location integer not null,
    ordered integer not null,
    backordered integer not null,
    state integer not null,
    primary key (bucket, order_id, line)
) without rowid, strict;
create index lines_waiting on order_lines (item, order_id) where backordered > 0;
create table contacts (
    bucket integer not null,
    id blob not null,
    body text not null,
    primary key (bucket, id)
) without rowid, strict;
create table journal (
    bucket integer not null,
    order_id blob not null,
    seq integer not null,
    at integer not null,
    kind integer not null,
    body text not null,
    primary key (bucket, order_id, seq)
) without rowid, strict;
create table payments (
    bucket integer not null,
    order_id blob not null,
    id blob not null,
    state integer not null,
    amount_minor integer not null,
    primary key (bucket, order_id, id)
) without rowid, strict;
create table allocations (
    bucket integer not null,
    id blob not null,
    owner blob not null,
    item blob not null,
    location integer not null,
    quantity integer not null,
    primary key (bucket, id)
) without rowid, strict;
create table stock_ledger (
    id integer primary key,
    item blob not null,
    location integer not null,
    quantity integer not null,
    reason integer not null,
    reference blob not null
) strict;
create table claims (
    kind integer not null,
    hash blob not null,
    resource blob not null,
    primary key (kind, hash)
) without rowid, strict;
create table stock (
    location integer not null,
    item integer not null,
    on_hand integer not null,
    allocated integer not null,
    primary key (location, item),
    check (allocated >= 0 and allocated <= on_hand)
) without rowid, strict;
