-- The tables of the hand-written transaction: what an order needs and no more.
create table orders (
    id uuid primary key,
    channel text not null,
    external_ref text not null,
    status text not null,
    currency text not null,
    customer_email text not null,
    customer_name text not null,
    ship_to jsonb not null,
    total_minor bigint not null,
    placed_at timestamptz not null,
    unique (channel, external_ref)
);
create table order_lines (
    order_id uuid not null references orders,
    line_no smallint not null,
    sku text not null,
    location text not null,
    quantity integer not null,
    unit_price_minor bigint not null,
    primary key (order_id, line_no)
);
create table payments (
    id uuid primary key,
    order_id uuid not null references orders,
    status text not null,
    method text not null,
    amount_minor bigint not null
);
create table journal (
    order_id uuid not null references orders,
    seq integer not null,
    at timestamptz not null,
    kind text not null,
    body jsonb not null,
    primary key (order_id, seq)
);
create table stock (
    sku text not null,
    location text not null,
    on_hand integer not null,
    allocated integer not null default 0,
    primary key (sku, location),
    check (allocated >= 0 and allocated <= on_hand)
) with (fillfactor = 70);
