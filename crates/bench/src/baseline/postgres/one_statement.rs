//! (b) One data-modifying statement, which is one round trip and its own transaction.

use anyhow::Result;
use tokio_postgres::types::ToSql;

use super::hand::{Placing, Session};

/// What a session prepares. The stock is taken last, so that a row that everybody wants is locked
/// only until the commit that follows at once; where not all of it can be taken, the division
/// fails and everything with it. The lines are plain values and not arrays, because PostgreSQL
/// would plan a statement over arrays anew at every call.
pub(crate) const STATEMENTS: &[&str] = &["with
    wanted (line_no, sku, location, quantity, unit_price_minor) as (
        values (1, $9::text, $10::text, $11::int, $12::bigint),
            (2, $13, $14, $15, $16),
            (3, $17, $18, $19, $20)
    ), placed as (
        insert into orders (id, channel, external_ref, status, currency, customer_email,
            customer_name, ship_to, total_minor, placed_at)
        values ($1, 'web', $2, 'open', 'EUR', $3, $4, $5::text::jsonb, $6, now())
        returning id
    ), lines as (
        insert into order_lines (order_id, line_no, sku, location, quantity, unit_price_minor)
        select p.id, w.line_no, w.sku, w.location, w.quantity, w.unit_price_minor
        from placed p, wanted w
        returning 1
    ), paid as (
        insert into payments (id, order_id, status, method, amount_minor)
        select $7, p.id, 'authorized', 'card', $6 from placed p
        returning 1
    ), noted as (
        insert into journal (order_id, seq, at, kind, body)
        select p.id, 1, now(), 'order_placed', $8::text::jsonb from placed p
        returning 1
    ), written (rows) as (
        select (select count(*) from lines) + (select count(*) from paid)
            + (select count(*) from noted)
    ), taken as (
        update stock s set allocated = s.allocated + w.quantity
        from wanted w, written
        where written.rows = 5 and s.sku = w.sku and s.location = w.location
            and s.allocated + w.quantity <= s.on_hand
        returning 1
    )
    select 1 / (count(*) = 3)::int from taken"];

/// Places one order.
pub(crate) async fn place(session: &mut Session, placing: &Placing<'_>) -> Result<()> {
    let total = placing.order.total_minor();
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![
        &placing.id,
        &placing.external_ref,
        &placing.customer_email,
        &placing.customer_name,
        &placing.ship_to,
        &total,
        &placing.payment_id,
        &placing.journal_body,
    ];
    placing.push_lines(&mut values);
    session
        .client
        .query_one(&session.statements[0], &values)
        .await?;
    Ok(())
}
